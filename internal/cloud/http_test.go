package cloud_test

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
)

// requestEvent is an event as API Gateway sends it, with its usual headers; edit changes it.
func requestEvent(t *testing.T, edit func(event map[string]any)) []byte {
	t.Helper()
	event := parse(t, `{
	  "version": "2.0", "routeKey": "POST /v1/conversations/{id}/close", "rawPath": "/v1/conversations/c1/close",
	  "rawQueryString": "view=mine&label=a%20b&label=c",
	  "cookies": ["a=1", "b=2"],
	  "headers": {"accept": "application/json,text/plain", "content-length": "9", "content-type": "application/json", "host": "api.desk.example",
	    "user-agent": "curl/8.5.0", "x-amzn-trace-id": "Root=1-5e9f0c65-1de4d666d4dd26aced652b6c", "x-forwarded-for": "10.0.0.1, 203.0.113.7",
	    "x-forwarded-port": "443", "x-forwarded-proto": "https", "x-request-id": "forged"},
	  "queryStringParameters": {"view": "mine", "label": "a b,c"}, "pathParameters": {"id": "c1"},
	  "requestContext": {"accountId": "123456789012", "apiId": "a1b2c3d4e5", "domainName": "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
	    "domainPrefix": "a1b2c3d4e5", "http": {"method": "POST", "path": "/v1/conversations/c1/close", "protocol": "HTTP/1.1",
	    "sourceIp": "203.0.113.7", "userAgent": "curl/8.5.0"}, "requestId": "LV7fzho-PHcEJPw=", "routeKey": "POST /v1/conversations/{id}/close",
	    "stage": "$default", "time": "02/Mar/2026:15:00:00 +0000", "timeEpoch": 1772463600000},
	  "body": "{\"a\": 1}\n", "isBase64Encoded": false}`)
	if edit != nil {
		edit(event)
	}
	return render(t, event)
}

func parse(t *testing.T, text string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func render(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func wantCode(t *testing.T, err error, code desk.Code) {
	t.Helper()
	if !desk.Is(err, code) {
		t.Fatalf("got %v, want code %s", err, code)
	}
}

// asks gives the request that a handler sees, and its body.
func asks(t *testing.T, event []byte) (*http.Request, string) {
	t.Helper()
	var seen *http.Request
	var body string
	_, err := cloud.HandleHTTP(t.Context(), cloud.Host{HTTP: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		seen, body = r, string(raw)
	})}, event)
	if err != nil {
		t.Fatal(err)
	}
	return seen, body
}

func TestRequest(t *testing.T) {
	t.Run("OK", func(t *testing.T) {
		r, body := asks(t, requestEvent(t, nil))
		got := []string{r.Method, r.URL.Path, r.Host, r.RemoteAddr, r.RequestURI, body, r.Header.Get("Accept"), r.Header.Get("Cookie"),
			strings.Join(r.URL.Query()["label"], "|"), r.Header.Get("X-Request-Id"), cloud.RequestID(r.Context()), r.Header.Get("Host")}
		want := []string{"POST", "/v1/conversations/c1/close", "api.desk.example", "203.0.113.7:0",
			"/v1/conversations/c1/close?view=mine&label=a%20b&label=c", "{\"a\": 1}\n", "application/json,text/plain", "a=1; b=2",
			"a b|c", "LV7fzho-PHcEJPw", "LV7fzho-PHcEJPw", ""}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if r.ContentLength != 9 {
			t.Errorf("content length %d", r.ContentLength)
		}
	})
	t.Run("EmptyBody", func(t *testing.T) {
		r, body := asks(t, requestEvent(t, func(e map[string]any) {
			delete(e, "body")
			delete(e, "cookies")
			delete(e, "queryStringParameters")
			e["rawQueryString"] = ""
		}))
		if body != "" || r.Body != http.NoBody || r.ContentLength != 0 || r.Header.Get("Cookie") != "" || r.URL.RawQuery != "" {
			t.Errorf("got body %q, length %d, cookie %q", body, r.ContentLength, r.Header.Get("Cookie"))
		}
	})
	t.Run("Base64", func(t *testing.T) {
		_, body := asks(t, requestEvent(t, func(e map[string]any) {
			e["body"], e["isBase64Encoded"] = base64.StdEncoding.EncodeToString([]byte("\x00\xff")), true
		}))
		if body != "\x00\xff" {
			t.Errorf("got %q", body)
		}
	})
	t.Run("NoHeaders", func(t *testing.T) {
		r, _ := asks(t, requestEvent(t, func(e map[string]any) { delete(e, "headers") }))
		if r.Host != "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com" {
			t.Errorf("host %q", r.Host)
		}
	})
	t.Run("ErrInvalidBase64", func(t *testing.T) {
		_, err := cloud.HandleHTTP(t.Context(), cloud.Host{HTTP: http.NotFoundHandler()}, requestEvent(t, func(e map[string]any) {
			e["body"], e["isBase64Encoded"] = "%%%", true
		}))
		wantCode(t, err, desk.Invalid)
	})
	t.Run("ErrInvalidShape", func(t *testing.T) {
		for _, event := range []string{``, `null`, `[]`, `{}`, `{"version":"1.0","httpMethod":"GET","path":"/"}`, `{"headers": 5}`} {
			_, err := cloud.HandleHTTP(t.Context(), cloud.Host{HTTP: http.NotFoundHandler()}, []byte(event))
			wantCode(t, err, desk.Invalid)
		}
	})
	t.Run("ErrTooLarge", func(t *testing.T) {
		_, err := cloud.HandleHTTP(t.Context(), cloud.Host{HTTP: http.NotFoundHandler()}, make([]byte, cloud.MaxPayload+1))
		wantCode(t, err, desk.Invalid)
	})
}

func TestRequestPath(t *testing.T) {
	for name, c := range map[string]struct{ stage, raw, path, escaped string }{
		"plain":         {"$default", "/v1/me", "/v1/me", "/v1/me"},
		"encoded":       {"$default", "/v1/contacts/a%20b", "/v1/contacts/a b", "/v1/contacts/a%20b"},
		"encoded slash": {"$default", "/v1/contacts/a%2Fb", "/v1/contacts/a/b", "/v1/contacts/a%2Fb"},
		"decoded":       {"$default", "/v1/contacts/añ b", "/v1/contacts/añ b", "/v1/contacts/a%C3%B1%20b"},
		"bare percent":  {"$default", "/v1/contacts/100%", "/v1/contacts/100%", "/v1/contacts/100%25"},
		"stage":         {"prod", "/prod/v1/me", "/v1/me", "/v1/me"},
		"stage only":    {"prod", "/prod", "/", "/"},
		"stage's like":  {"v", "/v1/me", "/v1/me", "/v1/me"},
		"empty":         {"$default", "", "/", "/"},
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := asks(t, requestEvent(t, func(e map[string]any) {
				e["rawPath"] = c.raw
				if from, ok := e["requestContext"].(map[string]any); ok {
					from["stage"] = c.stage
				}
			}))
			if r.URL.Path != c.path || r.URL.EscapedPath() != c.escaped {
				t.Errorf("got %q, escaped %q; want %q, %q", r.URL.Path, r.URL.EscapedPath(), c.path, c.escaped)
			}
		})
	}
}

type answered struct {
	StatusCode      int               `json:"statusCode"`
	Headers         map[string]string `json:"headers"`
	Cookies         []string          `json:"cookies"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

func answers(t *testing.T, h http.HandlerFunc) answered {
	t.Helper()
	raw, err := cloud.HandleHTTP(t.Context(), cloud.Host{HTTP: h}, requestEvent(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	var a answered
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestResponse(t *testing.T) {
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		want    answered
	}{
		"OK": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.Header()["Vary"] = []string{"Origin", "Accept"}
				w.WriteHeader(http.StatusCreated)
				w.WriteHeader(http.StatusTeapot) // too late, as in net/http
				w.Header().Set("X-Late", "1")
				w.Write([]byte(`{"text":"¡Hola! <b>&"}`))
			},
			answered{StatusCode: 201, Headers: map[string]string{"content-type": "application/json", "vary": "Origin, Accept"}, Body: `{"text":"¡Hola! <b>&"}`},
		},
		"Nothing": {func(http.ResponseWriter, *http.Request) {}, answered{StatusCode: 200}},
		"NoContent": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNoContent)
			if _, err := w.Write([]byte("x")); err == nil {
				panic("a body was taken")
			}
		}, answered{StatusCode: 204}},
		"Sniffed": {
			func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("Hola")) },
			answered{StatusCode: 200, Headers: map[string]string{"content-type": "text/plain; charset=utf-8"}, Body: "Hola"},
		},
		"Cookies": {
			func(w http.ResponseWriter, _ *http.Request) {
				http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
				http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
			},
			answered{StatusCode: 200, Cookies: []string{"a=1", "b=2"}},
		},
		"Binary": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "image/png")
				w.Write([]byte("\x89PNG"))
			},
			answered{StatusCode: 200, Headers: map[string]string{"content-type": "image/png"}, Body: "iVBORw==", IsBase64Encoded: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := answers(t, c.handler)
			if c.want.Headers == nil {
				got.Headers = nil
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("Gzip", func(t *testing.T) {
		got := answers(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			zip := gzip.NewWriter(w)
			zip.Write([]byte("Hola"))
			zip.Close()
		})
		zip, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(got.Body)))
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(zip); string(text) != "Hola" || err != nil || !got.IsBase64Encoded {
			t.Errorf("got %q, %v", text, err)
		}
	})
	t.Run("TooLarge", func(t *testing.T) {
		got := answers(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, cloud.MaxPayload)) })
		if got.StatusCode != http.StatusInternalServerError || !strings.Contains(got.Body, `"request_id":"LV7fzho-PHcEJPw"`) {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("ErrUnavailableAborted", func(t *testing.T) {
		_, err := cloud.HandleHTTP(t.Context(), cloud.Host{HTTP: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })},
			requestEvent(t, nil))
		wantCode(t, err, desk.Unavailable)
	})
}
