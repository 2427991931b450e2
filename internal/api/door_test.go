package api_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/desk"
)

func text(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// with sends a GET of an agent with further headers, given as name, value pairs.
func (w *world) with(method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(w.t.Context(), method, path, http.NoBody)
	r.Header.Set("Authorization", "Bearer "+staff("ana"))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return w.send(r)
}

func TestHeaders(t *testing.T) {
	w := newWorld(t, nil)
	t.Run("RequestID", func(t *testing.T) {
		if got := w.with("GET", "/v1/me", "X-Request-Id", "mine-1").Header().Get("X-Request-Id"); got != "mine-1" {
			t.Errorf("got %q", got)
		}
		for _, bad := range []string{"", "a b", "<script>", strings.Repeat("a", 101)} {
			if got := w.with("GET", "/v1/me", "X-Request-Id", bad).Header().Get("X-Request-Id"); len(got) != 24 {
				t.Errorf("%q: got %q", bad, got)
			}
		}
	})
	t.Run("Security", func(t *testing.T) {
		for _, path := range []string{"/v1/me", "/v1/nothing", "/widget/v1/contact"} {
			h := w.with("GET", path).Header()
			if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" || h.Get("Content-Type") != "application/json" {
				t.Errorf("%s: %v", path, h)
			}
		}
	})
	t.Run("Allow", func(t *testing.T) {
		if got := w.with("DELETE", "/v1/contacts").Header().Get("Allow"); !strings.Contains(got, "GET") || !strings.Contains(got, "POST") {
			t.Errorf("got %q", got)
		}
	})
}

func TestCompression(t *testing.T) {
	w := newWorld(t, nil)
	plain := w.with("GET", "/v1/agents")
	if plain.Header().Get("Content-Encoding") != "" || plain.Body.Len() < 1024 {
		t.Fatalf("%d bytes, %q", plain.Body.Len(), plain.Header().Get("Content-Encoding"))
	}
	for accepted, want := range map[string]string{"gzip": "gzip", "br, gzip;q=0.5": "gzip", "gzip;q=0": "", "br": "", "GZIP, br": "gzip"} {
		res := w.with("GET", "/v1/agents", "Accept-Encoding", accepted)
		if got := res.Header().Get("Content-Encoding"); got != want {
			t.Errorf("%q: got %q", accepted, got)
			continue
		}
		if res.Header().Get("Content-Length") != strconv.Itoa(res.Body.Len()) || !strings.Contains(strings.Join(res.Header().Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%q: %v", accepted, res.Header())
		}
		if want == "gzip" {
			z, err := gzip.NewReader(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if inflated, err := io.ReadAll(z); err != nil || string(inflated) != plain.Body.String() {
				t.Errorf("%q: other bytes, %v", accepted, err)
			}
		}
	}
	if got := w.with("GET", "/v1/labels", "Accept-Encoding", "gzip").Header().Get("Content-Encoding"); got != "" {
		t.Errorf("a small answer is compressed: %s", got)
	}
}

func TestCORS(t *testing.T) {
	w := newWorld(t, nil)
	preflight := func(method, path, origin string) http.Header {
		return w.with("OPTIONS", path, "Origin", origin, "Access-Control-Request-Method", method).Header()
	}
	t.Run("Preflight", func(t *testing.T) {
		if h := preflight("POST", "/widget/v1/messages", "https://any.example"); h.Get("Access-Control-Allow-Origin") != "https://any.example" ||
			h.Get("Access-Control-Allow-Methods") != "POST" || !strings.Contains(h.Get("Access-Control-Allow-Headers"), "Authorization") {
			t.Errorf("widget: %v", h)
		}
		if h := preflight("GET", "/v1/me", "https://desk.example"); h.Get("Access-Control-Allow-Origin") != "https://desk.example" {
			t.Errorf("our console: %v", h)
		}
		if h := preflight("GET", "/v1/me", "https://evil.example"); h.Get("Access-Control-Allow-Origin") != "" || h.Get("Access-Control-Allow-Methods") != "" {
			t.Errorf("a stranger: %v", h)
		}
		if res := w.with("OPTIONS", "/v1/nothing", "Origin", "https://desk.example", "Access-Control-Request-Method", "GET"); res.Code != http.StatusNotFound {
			t.Errorf("no route: %d", res.Code)
		}
	})
	session := func(key, origin string) int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.example/widget/v1/sessions", strings.NewReader(`{"inbox":"`+key+`"}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", origin)
		return w.send(r).Code
	}
	t.Run("Sessions", func(t *testing.T) {
		for _, test := range []struct {
			key, origin string
			want        int
		}{
			{"demo-web", "https://any.example", 201}, {"demo-shop", "https://shop.example", 201}, {"demo-shop", "https://desk.example", 201},
			{"demo-shop", "https://api.example", 201}, {"demo-shop", "https://evil.example", 403}, {"demo-shop", "null", 403},
		} {
			if got := session(test.key, test.origin); got != test.want {
				t.Errorf("%s from %s: %d, want %d", test.key, test.origin, got, test.want)
			}
		}
	})
	t.Run("Tokens", func(t *testing.T) {
		begun, err := w.desk.StartSession(t.Context(), desk.Arrival{Inbox: "demo-shop"})
		w.must(err)
		token, _, err := w.server.Visitors.Mint(t.Context(), begun.Visitor)
		w.must(err)
		for origin, want := range map[string]int{"https://shop.example": 200, "https://evil.example": 403} {
			res := w.with("GET", "/widget/v1/contact", "Authorization", "Bearer "+token, "Origin", origin)
			if res.Code != want || res.Header().Get("Access-Control-Allow-Origin") != origin {
				t.Errorf("from %s: %d, %v", origin, res.Code, res.Header())
			}
		}
	})
}

// TestFaultsOfOurs: a panic and an unknown error become 500, logged once with their cause; neither body nor cause is
// told.
func TestFaultsOfOurs(t *testing.T) {
	w := newWorld(t, func(o *api.Options) {
		o.More = map[string]http.Handler{"POST /webhooks/{name}": http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("at the disco") })}
	})
	handler := w.server.Handler([]string{"POST /webhooks/{name}"})
	recorded := httptest.NewRecorder()
	handler.ServeHTTP(recorded, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks/x", strings.NewReader("customer's words")))
	if recorded.Code != http.StatusInternalServerError || faultOf(t, recorded).Error.Code != "internal" || strings.Contains(recorded.Body.String(), "disco") {
		t.Errorf("%d %s", recorded.Code, recorded.Body)
	}
	if log := w.log.String(); strings.Count(log, "level=ERROR") != 1 || !strings.Contains(log, "disco") || strings.Contains(log, "customer's words") ||
		!strings.Contains(log, recorded.Header().Get("X-Request-Id")) {
		t.Errorf("logged %s", log)
	}
}

// TestRefuse: other doors refuse in the same words.
func TestRefuse(t *testing.T) {
	w := newWorld(t, nil)
	tests := map[desk.Code]int{
		desk.Invalid: 400, desk.Unauthenticated: 401, desk.Forbidden: 403, desk.NotFound: 404, desk.Conflict: 409, desk.Limited: 429,
		desk.Unavailable: 503, desk.Internal: 500,
	}
	for code, want := range tests {
		recorded := httptest.NewRecorder()
		w.server.Refuse(recorded, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/live", http.NoBody), desk.Errorf(code, "driver said no"))
		if got := faultOf(t, recorded); recorded.Code != want || got.Error.Code != string(code) {
			t.Errorf("%s: %d %+v", code, recorded.Code, got)
		}
		if ours := code == desk.Internal || code == desk.Unavailable; ours == strings.Contains(recorded.Body.String(), "driver") {
			t.Errorf("%s: %s", code, recorded.Body)
		}
	}
}

// TestHandlerServesItsFunctionOnly: a Lambda has the routes of its row and no others.
func TestHandlerServesItsFunctionOnly(t *testing.T) {
	w := newWorld(t, nil)
	handler := w.server.Handler([]string{"GET /v1/me"})
	for path, want := range map[string]int{"/v1/me": 200, "/v1/agents": 404} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
		r.Header.Set("Authorization", "Bearer "+staff("ana"))
		recorded := httptest.NewRecorder()
		handler.ServeHTTP(recorded, r)
		if recorded.Code != want {
			t.Errorf("%s: %d", path, recorded.Code)
		}
	}
}
