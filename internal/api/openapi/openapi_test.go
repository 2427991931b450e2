package openapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/api/openapi"
)

// heard is a test that keeps its complaints.
type heard struct {
	testing.TB
	said []string
}

func (h *heard) Helper() {}
func (h *heard) Errorf(format string, args ...any) {
	h.said = append(h.said, fmt.Sprintf(format, args...))
}

func TestDocument(t *testing.T) {
	if _, err := openapi.Load(); err != nil {
		t.Fatal(err)
	}
}

func TestCheck(t *testing.T) {
	tests := map[string]struct {
		body, answer string
		status       int
		want         string // in the complaint; "" for none
	}{
		"OK":                 {`{"presence":"pause"}`, `{"agent":"a","presence":"pause","chosen":"pause","capacity":1,"load":0,"available":false}`, 200, ""},
		"OK/Refused":         {`{"presence":7}`, `{"error":{"code":"invalid","message":"m","field":"presence","request_id":"r"}}`, 400, ""},
		"ErrRequest":         {`{"presence":"asleep"}`, `{"agent":"a","presence":"pause","chosen":"pause","capacity":1,"load":0,"available":false}`, 200, "does not allow the request"},
		"ErrUnknownField":    {`{"presence":"pause"}`, `{"agent":"a","presence":"pause","chosen":"pause","capacity":1,"load":0,"available":false,"mood":1}`, 200, "does not allow the answer"},
		"ErrMissingField":    {`{"presence":"pause"}`, `{"agent":"a"}`, 200, "does not allow the answer"},
		"ErrStatus":          {`{"presence":"pause"}`, `{}`, 418, "does not allow the answer 418"},
		"ErrBodyWhereNoBody": {`{"presence":"pause"}`, `{"error":{}}`, 403, "does not allow the answer"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			quiet := &heard{TB: t}
			h := openapi.Check(quiet, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("X-Request-Id", "r")
				w.WriteHeader(test.status)
				w.Write([]byte(test.answer))
			}))
			r := httptest.NewRequestWithContext(context.Background(), http.MethodPut, "/v1/me/presence", strings.NewReader(test.body))
			r.Header.Set("Content-Type", "application/json")
			h.ServeHTTP(httptest.NewRecorder(), r)
			said := strings.Join(quiet.said, "\n")
			if test.want == "" && said != "" || !strings.Contains(said, test.want) {
				t.Errorf("got %q, want %q", said, test.want)
			}
		})
	}
}
