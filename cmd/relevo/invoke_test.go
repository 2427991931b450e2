package main

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/local"
)

// relevo runs a command line in its own data folder and gives exit code, output and complaints.
func relevo(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = start(t.Context(), args, &o, &e)
	return code, o.String(), e.String()
}

func TestInvoke(t *testing.T) {
	data := filepath.Join(t.TempDir(), "desk")
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(config.EnvData, data)
	t.Setenv(config.EnvAddr, free.Addr().String())
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	event := func(name string) string { return filepath.Join("..", "..", "events", name+".json") }
	t.Run("ErrNoFolder", func(t *testing.T) {
		code, _, errs := relevo(t, "invoke", "wakeup", event("wakeup.due"))
		if code != exitFailed || !strings.Contains(errs, config.EnvData) {
			t.Errorf("exit %d: %s", code, errs)
		}
		if _, err := os.Stat(data); err == nil {
			t.Error("a folder was made")
		}
	})
	if code, _, errs := relevo(t, "seed"); code != exitOK {
		t.Fatalf("seed: exit %d: %s", code, errs)
	}
	for _, c := range []struct {
		name   string
		args   []string
		status int
		body   string
	}{
		{"WhatsApp", []string{"inbound", event("inbound.whatsapp-text")}, 200, ""},
		{"BadSignature", []string{"inbound", event("inbound.whatsapp-bad-signature")}, 401, "signature"},
		{"Visitor", []string{"-visitor", "web", "inbound", event("inbound.web-message")}, 201, "¿Cuándo llega?"},
		{"OldToken", []string{"inbound", event("inbound.web-message")}, 401, "token"},
		{"Agent", []string{"-agent", "ines@demo.test", "console", event("console.me")}, 200, "Tienda Demo"},
		{"NotFound", []string{"-agent", "ines@demo.test", "transfer", event("transfer.to-an-agent")}, 404, "no such conversation"},
		{"Socket", []string{"live", event("live.connect")}, 401, "ticket"},
		{"Queue", []string{"ingest", event("ingest.whatsapp-text")}, 0, ""},
		{"Stream", []string{"relay", event("relay.seat")}, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := relevo(t, append([]string{"invoke"}, c.args...)...)
			var answer struct {
				StatusCode int              `json:"statusCode"`
				Body       string           `json:"body"`
				Failures   []map[string]any `json:"batchItemFailures"`
			}
			if err := json.Unmarshal([]byte(out), &answer); err != nil || code != exitOK {
				t.Fatalf("exit %d, %v: %s%s", code, err, out, errs)
			}
			if answer.StatusCode != c.status || !strings.Contains(answer.Body, c.body) || len(answer.Failures) > 0 {
				t.Errorf("got %s", out)
			}
		})
	}
	t.Run("Timer", func(t *testing.T) {
		if code, out, errs := relevo(t, "invoke", "wakeup", event("wakeup.due")); code != exitOK || out != "null\n" {
			t.Errorf("exit %d: %s%s", code, out, errs)
		}
	})
	t.Run("Refused", func(t *testing.T) { refusedInvocations(t, data, event) })
}

func refusedInvocations(t *testing.T, data string, event func(string) string) {
	t.Helper()
	noJSON := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(noJSON, []byte("hola"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		exit int
		says string
	}{
		{"ErrUsage", []string{"wakeup"}, exitUsage, "want a function and an event file"},
		{"ErrBothSignIns", []string{"-agent", "a", "-visitor", "b", "console", "x"}, exitUsage, "exclude"},
		{"ErrUnknownFunction", []string{"sleep", event("wakeup.due")}, exitUsage, "transfer, wakeup, widget"},
		{"ErrNoFile", []string{"wakeup", event("wakeup.never")}, exitFailed, "no such file"},
		{"ErrFolder", []string{"wakeup", filepath.Dir(event("x"))}, exitFailed, "is a directory"},
		{"ErrNoJSON", []string{"wakeup", noJSON}, exitFailed, "is no JSON"},
		{"ErrForeignEvent", []string{"wakeup", event("console.me")}, exitFailed, "a request of an HTTP API, and the function wakeup is not started by such"},
		{"ErrOtherTimer", []string{"slabreach", event("wakeup.due")}, exitFailed, `the timer "wakeup"`},
		{"ErrNoAgent", []string{"-agent", "nobody@demo.test", "console", event("console.me")}, exitFailed, "no agent with the address"},
		{"ErrNoInbox", []string{"-visitor", "nowhere", "inbound", event("inbound.web-message")}, exitFailed, "inbox nowhere"},
		{"ErrNotSignable", []string{"-visitor", "web", "wakeup", event("wakeup.due")}, exitFailed, "only the event of an HTTP request"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if code, out, errs := relevo(t, append([]string{"invoke"}, c.args...)...); code != c.exit || !strings.Contains(errs, c.says) || out != "" {
				t.Errorf("exit %d, says %q, prints %q; want exit %d, %q", code, errs, out, c.exit, c.says)
			}
		})
	}
	t.Run("ErrRunningDesk", func(t *testing.T) {
		file, err := local.Open(data)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := file.Close(); err != nil {
				t.Error(err)
			}
		}()
		if code, _, errs := relevo(t, "invoke", "wakeup", event("wakeup.due")); code != exitFailed || !strings.Contains(errs, "in use by another desk") {
			t.Errorf("exit %d: %s", code, errs)
		}
	})
}
