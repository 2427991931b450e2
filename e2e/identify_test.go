package e2e_test

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"testing"

	"github.com/relevo/relevo/e2e"
)

// TestIdentify lets a site vouch for its visitor, in an inbox of its own: he is the same customer from any browser.
func TestIdentify(t *testing.T) {
	t.Parallel()
	ana := signIn(t, host, "ana@demo.test")
	name := "identify-" + rand.Text()
	var inbox struct {
		ID, Key string
		Set     bool `json:"identity_secret_set"`
	}
	ana.post("/v1/settings/inboxes", e2e.Object{"client_id": name, "name": name, "channel": "webchat", "department": "support", "language": "es",
		"ticket_policy": "optional", "side": "start", "campaign": e2e.Object{"enabled": true, "message": "¿Te ayudo?", "page": "/shoes"}}, &inbox)
	var made struct{ Secret string }
	ana.post("/v1/settings/inboxes/"+inbox.ID+"/identity-secret", nil, &made)
	ana.get("/v1/settings/inboxes/"+inbox.ID, &inbox)
	if made.Secret == "" || !inbox.Set {
		t.Fatalf("secret %q, told %v", made.Secret, inbox.Set)
	}
	proof := hmac.New(sha256.New, []byte(made.Secret))
	proof.Write([]byte("42\ncarla@example.com\nCarla Duarte"))
	identity := e2e.Object{"user_id": "42", "email": "carla@example.com", "name": "Carla Duarte", "hash": hex.EncodeToString(proof.Sum(nil))}

	nobody := caller{t: t, Client: &e2e.Client{Base: host.URL(), HTTP: &http.Client{Transport: checked(t, host.URL())}}}
	begin := func() (token string) {
		t.Helper()
		var session struct {
			Token, Secret string
			Inbox         struct {
				Side     string
				Campaign struct{ Message, Page string }
			}
		}
		nobody.post("/widget/v1/sessions", e2e.Object{"inbox": inbox.Key, "identity": identity, "page": "https://shop.example/shoes/7"}, &session)
		if session.Secret != "" || session.Inbox.Side != "start" || session.Inbox.Campaign.Message != "¿Te ayudo?" {
			t.Errorf("B15: session %+v", session)
		}
		return session.Token
	}
	laptop := caller{t: t, Client: &e2e.Client{Base: host.URL(), Token: begin(), HTTP: nobody.HTTP}}
	var hola e2e.Message
	laptop.post("/widget/v1/messages", e2e.Object{"client_id": "h", "text": "Hola"}, &hola)
	phone := caller{t: t, Client: &e2e.Client{Base: host.URL(), Token: begin(), HTTP: nobody.HTTP}}
	var thread e2e.Thread
	phone.get("/widget/v1/messages?fresh=true", &thread)
	if thread.Conversation.ID != hola.Conversation {
		t.Errorf("on the phone he sees conversation %q, want %q", thread.Conversation.ID, hola.Conversation)
	}
	var contact struct{ Name, Email, Page string }
	ana.get("/v1/contacts/"+signIn(t, host, "otto@demo.test").opens(hola.Conversation).Contact.ID, &contact)
	if contact.Name != "Carla Duarte" || contact.Email != "carla@example.com" || contact.Page != "https://shop.example/shoes/7" {
		t.Errorf("contact %+v", contact)
	}
	identity["user_id"] = "43"
	nobody.refused(http.MethodPost, "/widget/v1/sessions", e2e.Object{"inbox": inbox.Key, "identity": identity}, http.StatusForbidden, "forbidden", "identity.hash")
}
