package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/config"
)

// localConfig is that of a desk of its own, on ports that are free.
func localConfig(t *testing.T) config.Local {
	t.Helper()
	return config.Local{Addr: "127.0.0.1:0", DownloadsAddr: "127.0.0.1:0", PublicURL: "http://127.0.0.1:0", Data: t.TempDir(),
		Audience: "relevo", MaxAttachment: 1 << 20}
}

// serve opens a gateway and runs it; stop ends it and gives what Run gave.
func serve(t *testing.T, cfg config.Local, seeded bool) (g *gateway, stop func() error) {
	t.Helper()
	g, err := openGateway(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if seeded {
		if _, err := g.seed(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- g.Run(ctx) }()
	stopped := false
	stop = func() error {
		stopped = true
		cancel()
		err := <-ran
		if closed := g.Close(); closed != nil {
			t.Errorf("close: %v", closed)
		}
		return err
	}
	t.Cleanup(func() {
		if stopped {
			return
		}
		if err := stop(); err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return g, stop
}

// answered is an answer without its body.
type answered struct {
	StatusCode int
	Header     http.Header
}

// ask does one request without following redirects.
func ask(t *testing.T, method, address string, body any, headers ...string) (answered, []byte) {
	t.Helper()
	var sent io.Reader
	if text, ok := body.(string); ok {
		sent = strings.NewReader(text)
	} else if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		sent = bytes.NewReader(raw)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, sent)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answered{answer.StatusCode, answer.Header}, raw
}

func TestGatewayStartsAndStops(t *testing.T) {
	cfg := localConfig(t)
	g, stop := serve(t, cfg, true)
	answer, body := ask(t, "GET", g.public+"/healthz", nil)
	if answer.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(`"ok"`)) {
		t.Errorf("healthz: %d %s", answer.StatusCode, body)
	}
	if err := stop(); err != nil {
		t.Fatalf("run: %v", err)
	}
	if c, err := net.Dial("tcp", g.desks.Addr().String()); err == nil {
		t.Error("the port is still open")
		c.Close()
	}
	again, _ := serve(t, cfg, true)
	if token := devToken(t, again, "luis"); token == "" {
		t.Error("the agents of a desk whose port changed cannot sign in")
	}
	answer, body = ask(t, "GET", again.public+"/v1/me", nil, "Authorization", "Bearer "+devToken(t, again, "ines"))
	if answer.StatusCode != http.StatusOK {
		t.Errorf("me: %d %s", answer.StatusCode, body)
	}
}

func TestGatewayDoesNotStart(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	used, _ := serve(t, localConfig(t), false)
	for _, c := range []struct {
		name   string
		change func(*config.Local)
		says   []string
	}{
		{"PortTaken", func(c *config.Local) { c.Addr = taken.Addr().String(); c.PublicURL = "http://" + c.Addr }, []string{config.EnvAddr, "taken"}},
		{"DownloadsPortTaken", func(c *config.Local) { c.DownloadsAddr = taken.Addr().String() }, []string{config.EnvDownloadsAddr, "taken"}},
		{"FolderLocked", func(c *config.Local) { c.Data = used.cfg.Data }, []string{config.EnvData, "another desk"}},
		{"FolderCannotBeMade", func(c *config.Local) { c.Data = "/dev/null/desk" }, []string{config.EnvData}},
		{"NoAddress", func(c *config.Local) { c.Addr = "desk" }, []string{config.EnvAddr}},
		{"NoPublicURL", func(c *config.Local) { c.PublicURL = "desk" }, []string{config.EnvPublicURL}},
		{"OpenToAllWithoutPasswords", func(c *config.Local) { c.Addr = "0.0.0.0:0" }, []string{config.EnvAddr, config.EnvIssuer}},
		{"PublicWithoutPasswords", func(c *config.Local) { c.PublicURL = "https://desk.example" }, []string{config.EnvPublicURL, config.EnvIssuer}},
		{"SMTP", func(c *config.Local) { c.SMTPURL = "mail" }, []string{config.EnvSMTPURL}},
		{"Graph", func(c *config.Local) { c.GraphURL = "meta" }, []string{config.EnvGraphURL}},
		{"Issuer", func(c *config.Local) { c.Issuer = "issuer" }, []string{config.EnvIssuer}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := localConfig(t)
			c.change(&cfg)
			g, err := openGateway(cfg, slog.New(slog.DiscardHandler))
			if err == nil {
				g.Close()
				t.Fatal("it starts")
			}
			for _, word := range c.says {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%v: does not name %s", err, word)
				}
			}
		})
	}
}

func TestWiringIsComplete(t *testing.T) {
	g, _ := serve(t, localConfig(t), false)
	all := g.functions()
	if err := complete(config.Functions, all); err != nil {
		t.Fatal(err)
	}
	t.Run("ErrNotServed", func(t *testing.T) {
		fewer := maps.Clone(all)
		delete(fewer, "transfer")
		wantError(t, complete(config.Functions, fewer), "transfer")
	})
	t.Run("ErrNotInTheTable", func(t *testing.T) {
		more := maps.Clone(all)
		more["reports"] = function{}
		wantError(t, complete(config.Functions, more), "reports")
	})
	t.Run("ErrStartedOtherwise", func(t *testing.T) {
		table := slices.Clone(config.Functions)
		i := slices.IndexFunc(table, func(f config.Function) bool { return f.Name == "wakeup" })
		table[i].Queue = "wakeups"
		wantError(t, complete(table, all), "wakeup")
	})
}

func wantError(t *testing.T, err error, says string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("want an error that names %s, got %v", says, err)
	}
}
