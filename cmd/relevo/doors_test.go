package main

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// devToken asks POST /dev/token for a token of a seeded agent.
func devToken(t *testing.T, g *gateway, agent string) string {
	t.Helper()
	answer, body := ask(t, "POST", g.public+"/dev/token", map[string]string{"email": agent + "@demo.test"})
	var said struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal(body, &said); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("token of %s: %d %s", agent, answer.StatusCode, body)
	}
	return said.Token
}

func TestDevToken(t *testing.T) {
	g, _ := serve(t, localConfig(t), true)
	email := map[string]string{"email": "otto@demo.test"}
	for _, c := range []struct {
		name    string
		body    any
		headers []string
		status  int
	}{
		{"OK", email, nil, http.StatusOK},
		{"ErrUnknownAgent", map[string]string{"email": "nobody@demo.test"}, nil, http.StatusNotFound},
		{"ErrUnknownField", map[string]string{"mail": "otto@demo.test"}, nil, http.StatusBadRequest},
		{"ErrNoBody", nil, nil, http.StatusBadRequest},
		{"ErrNameThatPointsHere", email, []string{"Host", "evil.example"}, http.StatusForbidden},
		{"ErrForeignPage", email, []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{"ErrForeignOrigin", email, []string{"Origin", "https://evil.example"}, http.StatusForbidden},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer, body := ask(t, "POST", g.public+"/dev/token", c.body, c.headers...)
			if answer.StatusCode != c.status {
				t.Errorf("%d, want %d: %s", answer.StatusCode, c.status, body)
			}
		})
	}
	t.Run("NotWithAnotherIssuer", func(t *testing.T) {
		cfg := localConfig(t)
		cfg.Issuer = "https://issuer.example"
		other, _ := serve(t, cfg, true)
		for _, path := range []string{"/dev/token", "/oidc/token"} {
			if answer, _ := ask(t, "POST", other.public+path, email); answer.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", path, answer.StatusCode)
			}
		}
	})
}

func TestLocalDoorsAreForThisMachine(t *testing.T) {
	cfg := localConfig(t)
	cfg.Issuer, cfg.PublicURL = "https://issuer.example", "https://desk.example"
	g, _ := serve(t, cfg, false)
	for _, path := range []string{"/mailbox", "/phone", "/phone/messages", "/dev/token"} {
		if answer, _ := ask(t, "GET", "http://"+g.desks.Addr().String()+path, nil); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s of a desk that others reach: %d", path, answer.StatusCode)
		}
	}
}

func TestPages(t *testing.T) {
	g, _ := serve(t, localConfig(t), true)
	for _, path := range []string{"/", "/demo", "/mailbox", "/phone", "/pages/js/phone.js", "/pages/base.css"} {
		t.Run(path, func(t *testing.T) {
			answer, body := ask(t, "GET", g.public+path, nil, "Accept", "text/html")
			if answer.StatusCode != http.StatusOK || len(body) == 0 {
				t.Fatalf("%d, %d bytes", answer.StatusCode, len(body))
			}
			policy := answer.Header.Get("Content-Security-Policy")
			for _, part := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'", "base-uri 'none'"} {
				if !strings.Contains(policy, part) {
					t.Errorf("the policy lacks %s: %s", part, policy)
				}
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"} {
				if got := answer.Header.Get(name); got != want {
					t.Errorf("%s: %q", name, got)
				}
			}
			again, _ := ask(t, "GET", g.public+path, nil, "Accept", "text/html", "If-None-Match", answer.Header.Get("ETag"))
			if again.StatusCode != http.StatusNotModified {
				t.Errorf("asked again: %d", again.StatusCode)
			}
		})
	}
	t.Run("AnotherNameOfThisMachine", func(t *testing.T) {
		answer, _ := ask(t, "GET", g.public+"/demo?inbox=shop", nil, "Host", "localhost:1")
		if answer.StatusCode != http.StatusTemporaryRedirect || answer.Header.Get("Location") != g.public+"/demo?inbox=shop" {
			t.Errorf("%d to %s", answer.StatusCode, answer.Header.Get("Location"))
		}
	})
	t.Run("MailboxAsJSON", func(t *testing.T) {
		answer, body := ask(t, "GET", g.public+"/mailbox", nil, "Accept", "application/json")
		if answer.StatusCode != http.StatusOK || strings.TrimSpace(string(body)) != `{"items":[]}` {
			t.Errorf("%d %s", answer.StatusCode, body)
		}
	})
	t.Run("ErrNotThere", func(t *testing.T) {
		for _, path := range []string{"/nothing", "/pages/phone.html", "/pages/../main.go", "/mailbox/none"} {
			if answer, _ := ask(t, "GET", g.public+path, nil); answer.StatusCode != http.StatusNotFound && answer.StatusCode != http.StatusTemporaryRedirect {
				t.Errorf("%s: %d", path, answer.StatusCode)
			}
		}
	})
}

// Nothing inline that the policy would forbid, and nothing that turns a text into markup.
func TestPagesAreOfText(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|<script(>|[^>]*>[^<])|\son[a-z]+=|javascript:`)
	markup := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function`)
	err := fs.WalkDir(pageFiles, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(pageFiles, path)
		if strings.HasSuffix(path, ".html") && inline.Match(raw) {
			t.Errorf("%s holds something inline: %s", path, inline.Find(raw))
		}
		if strings.HasSuffix(path, ".js") && markup.Match(raw) {
			t.Errorf("%s makes markup of text: %s", path, markup.Find(raw))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
