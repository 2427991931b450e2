package cloud_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
)

func TestSecretsContract(t *testing.T) {
	client := emulator(t, "ssm")
	now := time.Now()
	secrets := cloud.NewSecrets(client, "/relevo/"+unique(), func() time.Time { return now })
	const name = "whatsapp/in-1/app-secret"
	_, err := secrets.Secret(t.Context(), "demo", name)
	wantCode(t, err, desk.NotFound)
	for _, values := range [][]string{{"old"}, {"new", "old"}, {"new"}} {
		if err := secrets.SetSecret(t.Context(), "demo", name, values...); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Hour) // what was read is too old
		if got, err := secrets.Secret(t.Context(), "demo", name); err != nil || !slices.Equal(got, values) {
			t.Errorf("got %d values, %v, want %d", len(got), err, len(values))
		}
	}
	_, err = secrets.Secret(t.Context(), "other", name)
	wantCode(t, err, desk.NotFound)
	for range 2 { // the second time there is none
		if err := secrets.RemoveSecret(t.Context(), "demo", name); err != nil {
			t.Fatal(err)
		}
	}
	_, err = secrets.Secret(t.Context(), "demo", name)
	wantCode(t, err, desk.NotFound)
}

func TestSecretsKept(t *testing.T) {
	var calls atomic.Int32
	address := serving(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		var asked struct {
			Name           string
			WithDecryption bool
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Name != "/relevo/dev/demo/visitor-key" || !asked.WithDecryption {
			t.Errorf("asked for %+v, %v", asked, err)
		}
		w.Write([]byte(`{"Parameter":{"Value":"new\nold\n"}}`))
	})
	now := time.Now()
	secrets := cloud.NewSecrets(cloud.NewClient(access(address)), "/relevo/dev", func() time.Time { return now })
	read := func(wantCalls int32) {
		t.Helper()
		got, err := secrets.Secret(t.Context(), "demo", "visitor-key")
		if err != nil || !slices.Equal(got, []string{"new", "old"}) || calls.Load() != wantCalls {
			t.Errorf("%d values, %v, after %d calls, want %d", len(got), err, calls.Load(), wantCalls)
		}
	}
	read(1)
	now = now.Add(14 * time.Minute)
	read(1)
	now = now.Add(2 * time.Minute)
	read(2)
}

func TestSecretsOutlastAFailure(t *testing.T) {
	var broken atomic.Bool
	address := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		if broken.Load() {
			w.WriteHeader(http.StatusBadRequest)
			w.Write([]byte(`{"__type":"ThrottlingException"}`))
			return
		}
		w.Write([]byte(`{"Parameter":{"Value":"key"}}`))
	})
	now := time.Now()
	secrets := cloud.NewSecrets(cloud.NewClient(access(address)), "/relevo/dev", func() time.Time { return now })
	for range 2 {
		ctx, cancel := withTimeLeft(t)
		if got, err := secrets.Secret(ctx, "demo", "visitor-key"); err != nil || !slices.Equal(got, []string{"key"}) {
			t.Errorf("%d values, %v", len(got), err)
		}
		cancel()
		broken.Store(true)
		now = now.Add(time.Hour)
	}
	ctx, cancel := withTimeLeft(t)
	defer cancel()
	_, err := secrets.Secret(ctx, "demo", "other")
	wantCode(t, err, desk.Limited)
}

func TestSecretsRefused(t *testing.T) {
	secrets := cloud.NewSecrets(cloud.NewClient(access("http://127.0.0.1:1")), "/relevo/dev", time.Now)
	for _, c := range []struct{ account, name string }{{"", "a"}, {"demo", ""}, {"demo", "a//b"}, {"demo/x", "a"}, {"demo", "a b"},
		{"demo", strings.Repeat("a", 1100)}} {
		_, err := secrets.Secret(t.Context(), desk.AccountID(c.account), c.name)
		wantCode(t, err, desk.Invalid)
	}
	for _, values := range [][]string{nil, {""}, {"a b"}, {strings.Repeat("a", 5000)}} {
		wantCode(t, secrets.SetSecret(t.Context(), "demo", "a", values...), desk.Invalid)
	}
}
