package cloud_test

import (
	"encoding/json"
	"testing"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
)

func TestUsersContract(t *testing.T) {
	client := emulator(t, "cognito-idp")
	var made struct{ UserPool struct{ ID string } }
	if err := json.Unmarshal(cognito(t, "CreateUserPool", map[string]any{"PoolName": unique(), "UsernameAttributes": []string{"email"}}), &made); err != nil {
		t.Fatal(err)
	}
	users := cloud.NewUsers(client, made.UserPool.ID)
	_, err := users.Find(t.Context(), "rosa@shop.test")
	wantCode(t, err, desk.NotFound)
	rosa, err := users.Invite(t.Context(), "rosa@shop.test", false)
	if err != nil || rosa.Subject == "" || !rosa.Invited {
		t.Fatalf("%+v, %v", rosa, err)
	}
	_, err = users.Invite(t.Context(), "rosa@shop.test", false)
	wantCode(t, err, desk.Conflict)
	if again, err := users.Invite(t.Context(), "rosa@shop.test", true); err != nil || again.Subject != rosa.Subject {
		t.Errorf("invited again %+v, %v; was %+v", again, err, rosa)
	}
	if err := users.SetPassword(t.Context(), "rosa@shop.test", "Correct-horse-battery-staple-1"); err != nil {
		t.Fatal(err)
	}
	if found, err := users.Find(t.Context(), "rosa@shop.test"); err != nil || found.Subject != rosa.Subject || found.Invited {
		t.Errorf("found %+v, %v", found, err)
	}
	luis, err := users.Create(t.Context(), "luis@shop.test", "Correct-horse-battery-staple-1")
	if err != nil || luis.Subject == "" || luis.Subject == rosa.Subject || luis.Invited {
		t.Errorf("%+v, %v", luis, err)
	}
}

// cognito does an action that the product needs none of.
func cognito(t *testing.T, action string, in any) []byte {
	t.Helper()
	return act(t, "cognito-idp", "AWSCognitoIdentityProviderService."+action, in)
}
