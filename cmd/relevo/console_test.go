package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestConsolePlaces(t *testing.T) {
	g, _ := serve(t, localConfig(t), true)
	if !wasBuilt("console/index.html") {
		t.Run("SaysSoWhereNoneWasBuilt", func(t *testing.T) {
			if answer, body := ask(t, "GET", g.public+"/", nil); answer.StatusCode != http.StatusOK || !strings.Contains(string(body), "Node.js") {
				t.Errorf("%d %s", answer.StatusCode, body)
			}
		})
		return
	}
	for _, place := range []string{"/", "/conversations/mine", "/conversations/department/sales/x", "/tickets/1042", "/settings/profile"} {
		t.Run(place, func(t *testing.T) {
			answer, body := ask(t, "GET", g.public+place, nil)
			if answer.StatusCode != http.StatusOK || !strings.Contains(string(body), `id="app"`) {
				t.Fatalf("%d %s", answer.StatusCode, body)
			}
			if policy := answer.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
				t.Errorf("policy %q", policy)
			}
			if keep := answer.Header.Get("Cache-Control"); keep != keepNever {
				t.Errorf("the page is kept: %q", keep)
			}
		})
	}
	t.Run("ErrNoSuchAsset", func(t *testing.T) {
		if answer, _ := ask(t, "GET", g.public+"/assets/none.js", nil); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%d", answer.StatusCode)
		}
	})
}
