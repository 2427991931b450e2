package main

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// Timers that were lost are set anew: here nothing relays what is stored, so none was ever set (B56-B58, I10).
func TestTimersRepair(t *testing.T) {
	cfg := localConfig(t)
	t.Setenv(config.EnvData, cfg.Data)
	g, err := openGateway(cfg, newLog(t.Output(), false))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(g.handler())
	visitor := as[struct{ Token string }](t, "", "POST", server.URL+"/widget/v1/sessions", obj{"inbox": "web"}).Token
	as[obj](t, visitor, "POST", server.URL+"/widget/v1/messages", obj{"client_id": "1", "text": "Hola"})
	server.Close()
	var found *desk.Conversation
	if err := store.EveryConversation(t.Context(), g.file.Table(), func(_ desk.AccountID, c *desk.Conversation) error { found = c; return nil }); err != nil || found == nil {
		t.Fatal(found, err)
	}
	until := time.Now().Add(time.Hour).UTC().Truncate(time.Millisecond)
	if _, err := g.desk.Snooze(t.Context(), seeder(), found.ID, desk.Snooze{At: until}); err != nil {
		t.Fatal(err)
	}
	g.Close()
	repair := func(t *testing.T) string {
		t.Helper()
		code, out, errs := relevo(t, "timers", "repair")
		if code != exitOK {
			t.Fatalf("exit %d: %s", code, errs)
		}
		return out
	}
	t.Run("OK", func(t *testing.T) {
		out := repair(t)
		if !strings.Contains(out, "set wakeup of conversation") || !strings.Contains(out, until.Format(time.RFC3339)) ||
			!strings.Contains(out, "0 timers were there, 1 are set anew") || strings.Contains(out, " 0 contacts filed") {
			t.Error(out)
		}
	})
	t.Run("OK/Again", func(t *testing.T) {
		if out := repair(t); !strings.Contains(out, "1 timers were there, 0 are set anew") {
			t.Error(out)
		}
	})
	t.Run("OK/Running", func(t *testing.T) {
		g, _ := serve(t, cfg, false)
		t.Setenv(config.EnvAddr, strings.TrimPrefix(g.public, "http://"))
		if out := repair(t); !strings.Contains(out, " 0 are set anew") {
			t.Error(out)
		}
	})
}
