package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestAncestors(t *testing.T) {
	for _, c := range []struct {
		name    string
		origins []string
		want    string
	}{
		{"AnySite", nil, "*"},
		{"ListedSites", []string{"https://tienda.example", "http://127.0.0.1:3000"}, "'self' https://tienda.example http://127.0.0.1:3000"},
		{"NothingElseSlipsIn", []string{"https://a;script-src *"}, "'self'"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := ancestors(c.origins); got != c.want {
				t.Errorf("%q, not %q", got, c.want)
			}
		})
	}
}

func TestTakes(t *testing.T) {
	for accepted, want := range map[string]bool{"gzip, br": true, "gzip,br;q=0.5": true, "br;q=0": false, "br; q = 0": false, "gzip": false, "": false, "brotli": false} {
		if got := takes(accepted, "br"); got != want {
			t.Errorf("%q: %t", accepted, got)
		}
	}
}

// TestWidget asks for what `make web` built; where nobody has, a page says so.
func TestWidget(t *testing.T) {
	g, _ := serve(t, localConfig(t), true)
	if !wasBuilt("widget/index.html") {
		if answer, body := ask(t, "GET", g.public+"/demo", nil); answer.StatusCode != http.StatusOK || !strings.Contains(string(body), "Node.js") {
			t.Errorf("without a build: %d %s", answer.StatusCode, body)
		}
		t.Skip("the widget was not built: make web")
	}
	t.Run("Shop", func(t *testing.T) {
		_, body := ask(t, "GET", g.public+"/demo?inbox=shop", nil)
		if want := `<script async src="/widget.js" data-inbox="shop" data-color="#2b5dd7" data-campaign></script>`; !strings.Contains(string(body), want) {
			t.Errorf("no snippet in %s", body)
		}
	})
	t.Run("Loader", func(t *testing.T) {
		answer, body := ask(t, "GET", g.public+"/widget.js", nil, "Accept-Encoding", "gzip, br")
		if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Encoding") != "br" || len(body) > 1024 {
			t.Errorf("%d, %v, %d bytes", answer.StatusCode, answer.Header, len(body))
		}
		if kept := answer.Header.Get("Cache-Control"); kept != keepMinutes {
			t.Errorf("Cache-Control %q", kept)
		}
	})
	t.Run("PageAndAssets", func(t *testing.T) {
		answer, body := ask(t, "GET", g.public+"/widget/?inbox=web", nil)
		policy := answer.Header.Get("Content-Security-Policy")
		if !strings.HasSuffix(policy, "frame-ancestors *") || strings.Contains(policy, "unsafe") || answer.Header.Get("X-Frame-Options") != "" {
			t.Errorf("policy %q", policy)
		}
		_, rest, found := strings.Cut(string(body), "src=") // made small, it goes without quotes
		script, _, _ := strings.Cut(rest, ">")
		if answer, _ := ask(t, "GET", g.public+script, nil); !found || answer.Header.Get("Cache-Control") != keepAlways {
			t.Errorf("%s: %d, %v", script, answer.StatusCode, answer.Header)
		}
	})
	t.Run("OnlyListedSitesFrameIt", func(t *testing.T) {
		settings, err := g.desk.Settings(t.Context(), demo)
		if err != nil {
			t.Fatal(err)
		}
		inbox := settings.Inboxes["shop"]
		inbox.Origins = []string{"https://tienda.example"}
		if err := g.desk.SaveSetting(t.Context(), seeder(), inbox); err != nil {
			t.Fatal(err)
		}
		answer, _ := ask(t, "GET", g.public+"/widget/?inbox=shop", nil)
		if policy := answer.Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, "frame-ancestors 'self' https://tienda.example") {
			t.Errorf("policy %q", policy)
		}
	})
	t.Run("ErrNotFound", func(t *testing.T) {
		for _, path := range []string{"/widget/?inbox=none", "/widget/?inbox=whatsapp", "/widget/assets/none.js", "/demo?inbox=none"} {
			if answer, _ := ask(t, "GET", g.public+path, nil); answer.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", path, answer.StatusCode)
			}
		}
	})
}
