package main

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestBuiltPages(t *testing.T) {
	built := fstest.MapFS{}
	for _, name := range []string{"console/index.html", "console/index.html.br", "console/icon.svg", "console/assets/main-1a2b.js", "console/assets/main-1a2b.js.gz",
		"console/assets/inter-3c.woff2", "console/.vite/manifest.json", "widget/index.html", "widget/widget.js", "widget/assets/chat-4d.css", "README.md"} {
		built[name] = &fstest.MapFile{Data: []byte(name)}
	}
	pages, err := builtPages(built, deployedConfig{Issuer: "https://issuer.example", ClientID: "c1", Audience: "c1", MaxAttachment: 5})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, page := range pages {
		got = append(got, page.Key+" · "+page.Type+" · "+page.Keep)
	}
	want := []string{
		"assets/inter-3c.woff2 · font/woff2 · " + keepAlways, "assets/main-1a2b.js · text/javascript; charset=utf-8 · " + keepAlways,
		"widget/assets/chat-4d.css · text/css; charset=utf-8 · " + keepAlways,
		"icon.svg · image/svg+xml · " + keepMinutes, "widget.js · text/javascript; charset=utf-8 · " + keepMinutes,
		"config.json · application/json · " + keepNever, "index.html · text/html; charset=utf-8 · " + keepNever,
		"widget/index.html · text/html; charset=utf-8 · " + keepNever,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s", diff)
	}
	if body := string(pages[5].Body); body != `{"issuer":"https://issuer.example","client_id":"c1","audience":"c1","own_issuer":false,"max_attachment":5}` {
		t.Errorf("config.json: %s", body)
	}
	t.Run("ErrUnknownFile", func(t *testing.T) {
		built["console/a.exe"] = &fstest.MapFile{}
		if _, err := builtPages(built, deployedConfig{}); err == nil || !strings.Contains(err.Error(), "a.exe") {
			t.Errorf("got %v", err)
		}
	})
}

// Whatever the bundler makes can be published: nothing else notices a new kind of file before a deployment.
func TestBuiltPagesOfThisTree(t *testing.T) {
	if !wasBuilt("console/index.html") {
		t.Skip("console and widget are not built (make web)")
	}
	built, err := fs.Sub(builtFiles, "web")
	if err != nil {
		t.Fatal(err)
	}
	if pages, err := builtPages(built, deployedConfig{}); err != nil || len(pages) < 3 {
		t.Errorf("%d pages: %v", len(pages), err)
	}
}

func TestOutdated(t *testing.T) {
	last := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	pages, err := builtPages(fstest.MapFS{"console/index.html": {}, "widget/index.html": {}}, deployedConfig{})
	if err != nil {
		t.Fatal(err)
	}
	before := map[string]time.Time{"index.html": last, "assets/before.js": last.Add(-time.Minute), "assets/older.js": last.Add(-time.Hour), "widget/index.html": last.Add(-time.Hour)}
	if got := outdated(before, pages); !slices.Equal(got, []string{"assets/older.js"}) {
		t.Errorf("removes %v", got)
	}
	delete(before, "index.html") // the last publication did not come to its end
	if got := outdated(before, pages); got != nil {
		t.Errorf("removes %v", got)
	}
}

// TestPublishRefused: what is missing is named before anything is put.
func TestPublishRefused(t *testing.T) {
	if wasBuilt("console/index.html") {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			w.Write([]byte("<ErrorResponse><Error><Code>ValidationError</Code></Error></ErrorResponse>"))
		}))
		defer server.Close()
		for name, value := range map[string]string{"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_ENDPOINT_URL": server.URL} {
			t.Setenv(name, value)
		}
		if err := publish(t.Context(), io.Discard, "dev"); err == nil || !strings.Contains(err.Error(), "make emulator-deploy") {
			t.Errorf("nothing is deployed: %v", err)
		}
		return
	}
	if err := publish(t.Context(), io.Discard, "dev"); err == nil || !strings.Contains(err.Error(), "make web build") {
		t.Errorf("nothing was built: %v", err)
	}
}
