package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

// poison is a job that no repeat helps: its inbox does not exist.
const poison = `{"Account":"demo","Inbox":"gone","Kind":"message","ExternalID":"wamid.1","From":{"Address":"573001112233"},"Message":{"Content":"text","Text":"my own words"}}`

// buried runs a desk on the data folder of the environment until its poison is a dead letter.
func buried(t *testing.T, g *gateway) {
	t.Helper()
	if err := g.queue.Enqueue(t.Context(), desk.Job{Queue: desk.InboundQueue, Group: "g", Body: []byte(poison)}); err != nil {
		t.Fatal(err)
	}
	quiet(t, g)
}

func quiet(t *testing.T, g *gateway) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := g.queue.Idle(ctx); err != nil {
		t.Fatal(err)
	}
}

func TestDeadLetters(t *testing.T) {
	cfg := localConfig(t)
	t.Setenv(config.EnvData, cfg.Data)
	run := func(t *testing.T, args ...string) string {
		t.Helper()
		code, out, errs := relevo(t, append([]string{"dead-letters"}, args...)...)
		if code != exitOK {
			t.Fatalf("exit %d: %s", code, errs)
		}
		return out
	}
	g, stop := serve(t, cfg, true)
	t.Setenv(config.EnvAddr, strings.TrimPrefix(g.public, "http://"))
	buried(t, g)
	t.Run("OK/Running", func(t *testing.T) {
		if out := run(t, "list"); !strings.Contains(out, "1  inbound.fifo") {
			t.Error(out)
		}
		out := run(t, "show", "inbound.fifo")
		if !strings.Contains(out, "inbox=gone") || !strings.Contains(out, "reason") || strings.Contains(out, "my own words") || strings.Contains(out, "57300") {
			t.Error(out)
		}
		if out := run(t, "show", "inbound.fifo", "--body"); !strings.Contains(out, "my own words") {
			t.Error(out)
		}
		if out := run(t, "redrive", "inbound.fifo", "inbound.fifo/1"); !strings.HasPrefix(out, "1 put back") {
			t.Error(out)
		}
		quiet(t, g)
		if out := run(t, "show", "inbound.fifo"); !strings.HasPrefix(out, "inbound.fifo/2\n") {
			t.Errorf("it was not tried again: %s", out)
		}
		code, _, errs := relevo(t, "dead-letters", "redrive", "inbound.fifo", "inbound.fifo/1")
		if code != exitFailed || !strings.Contains(errs, "no dead letter") {
			t.Errorf("exit %d: %s", code, errs)
		}
	})
	t.Run("ErrForbidden/AForeignPage", func(t *testing.T) {
		for _, path := range []string{"/dev/dead-letters", "/dev/operator"} {
			if answer, _ := ask(t, "GET", g.public+path, nil, "Host", "desk.example"); answer.StatusCode != http.StatusForbidden {
				t.Errorf("%s answers %d", path, answer.StatusCode)
			}
		}
		answer, _ := ask(t, "POST", g.public+"/dev/dead-letters/redrive", map[string]string{"queue": "inbound.fifo"}, "Origin", "https://evil.example")
		if answer.StatusCode != http.StatusForbidden {
			t.Errorf("a foreign page redrives: %d", answer.StatusCode)
		}
	})
	t.Run("ErrInUse", func(t *testing.T) {
		t.Setenv(config.EnvAddr, "127.0.0.1:1")
		code, _, errs := relevo(t, "dead-letters", "list")
		if code != exitFailed || !strings.Contains(errs, "stop that one") {
			t.Errorf("exit %d: %s", code, errs)
		}
	})
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	t.Run("OK/Stopped", func(t *testing.T) {
		if out := run(t, "redrive", "-all"); !strings.HasPrefix(out, "1 put back") {
			t.Error(out)
		}
		if out := run(t, "list"); !strings.Contains(out, "There are no dead letters") {
			t.Error(out)
		}
	})
	for name, args := range map[string][]string{"NoQueue": {"show"}, "Nothing": {"redrive"}, "AllAndOne": {"redrive", "-all", "media"}, "TooMany": {"list", "media"}} {
		t.Run("ErrUsage/"+name, func(t *testing.T) {
			if code, _, errs := relevo(t, append([]string{"dead-letters"}, args...)...); code != exitUsage {
				t.Errorf("exit %d: %s", code, errs)
			}
		})
	}
}
