package config_test

import (
	"testing"

	"github.com/relevo/relevo/internal/config"
)

func TestPageKey(t *testing.T) {
	for path, want := range map[string]string{
		"/": "index.html", "": "index.html", "/conversations": "index.html", "/conversations/mine/abc": "index.html", "/settings/": "index.html",
		"/assets/main.js": "assets/main.js", "/config.json": "config.json", "/widget.js": "widget.js", "/widget/": "widget/index.html",
		"/widget/assets/a.js": "widget/assets/a.js", "/conversation": "conversation",
	} {
		if got := config.PageKey(path); got != want {
			t.Errorf("%q gives %q, want %q", path, got, want)
		}
	}
}
