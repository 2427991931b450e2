package e2e_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// A page that is made small goes without quotes.
var script = regexp.MustCompile(`src="?(/[^" >]*assets/[^" >]+\.js)`)

// TestPages: console and widget are there at the desk's address, with headers that keep them to themselves; a page is
// asked for each time, and what it loads is kept for good.
func TestPages(t *testing.T) {
	t.Parallel()
	page := func(path string) (http.Header, string) {
		status, header, body := download(t, host.URL()+path)
		if status != http.StatusOK {
			t.Fatalf("%s: %d", path, status)
		}
		return header, string(body)
	}
	header, console := page("/")
	loads := script.FindStringSubmatch(console)
	if loads == nil {
		if behindAGateway() {
			t.Fatalf("the deployed desk has no console: %.200s", console)
		}
		t.Skip("console and widget are not built (make web): the plain pages are shown")
	}
	policy := header.Get("Content-Security-Policy")
	if header.Get("Cache-Control") != "no-cache" || !strings.HasPrefix(policy, "default-src 'none'") || !strings.HasSuffix(policy, "frame-ancestors 'none'") &&
		!strings.Contains(policy, "frame-ancestors 'none';") || header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the console's headers: %v", header)
	}
	if _, deep := page("/conversations/mine"); deep != console {
		t.Error("a place within the console gives another page")
	}
	if header, _ := page(loads[1]); !strings.Contains(header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(header.Get("Content-Type"), "text/javascript") {
		t.Errorf("%s: %v", loads[1], header)
	}
	header, widget := page("/widget/?inbox=web")
	if policy := header.Get("Content-Security-Policy"); strings.Contains(policy, "frame-ancestors 'none'") || header.Get("Cache-Control") != "no-cache" {
		t.Errorf("the widget's headers: %v", header)
	}
	if loads := script.FindStringSubmatch(widget); loads == nil || !strings.HasPrefix(loads[1], "/widget/assets/") {
		t.Errorf("the widget loads %v", loads)
	}
	page("/widget.js")
	if status, _, _ := download(t, host.URL()+"/assets/none.js"); status != http.StatusNotFound {
		t.Errorf("a file that is not there: %d", status)
	}
}

// TestWhereToSignIn: a browser finds its way to the sign-in page from the desk alone.
func TestWhereToSignIn(t *testing.T) {
	t.Parallel()
	read := func(address string, into any) {
		status, _, body := download(t, address)
		if err := json.Unmarshal(body, into); status != http.StatusOK || err != nil {
			t.Fatalf("%s: %d %v", address, status, err)
		}
	}
	var settings struct {
		Issuer   string
		ClientID string `json:"client_id"`
	}
	read(host.URL()+"/config.json", &settings)
	var issuer struct {
		Authorize string   `json:"authorization_endpoint"`
		Token     string   `json:"token_endpoint"`
		Keys      string   `json:"jwks_uri"`
		Methods   []string `json:"code_challenge_methods_supported"`
	}
	read(settings.Issuer+"/.well-known/openid-configuration", &issuer)
	var keys struct{ Keys []json.RawMessage }
	read(issuer.Keys, &keys)
	if settings.ClientID == "" || issuer.Authorize == "" || issuer.Token == "" || len(keys.Keys) == 0 || len(issuer.Methods) != 1 || issuer.Methods[0] != "S256" {
		t.Errorf("settings %+v, issuer %+v, %d keys", settings, issuer, len(keys.Keys))
	}
}
