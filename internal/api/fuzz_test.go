package api_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/relevo/relevo/internal/api/openapi"
)

// FuzzBody: whatever the body, the answer is one that openapi.yaml allows, what it does not describe is refused, and
// nothing is our fault.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{"client_id":"1","text":"Hola"}`, `{"client_id":"1","kind":"note","mentions":["demo-ines"],"text":"@ines"}`, `{}`, `null`, `[]`, ``,
		`{"text":null}`, `{"client_id":"1","attachments":[{"key":"","name":""}],"template":{"name":"","language":"","parameters":[""]}}`, "\xff",
		`{"a":{"a":{"a":1}}}`,
	} {
		f.Add([]byte(seed))
	}
	w := newWorld(f, nil)
	path := w.fill("/v1/conversations/{{conversation}}/messages", "")
	const route = "POST /v1/conversations/{id}/messages"
	handler := w.server.Handler([]string{route})
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+staff("ana"))
		recorded := httptest.NewRecorder()
		openapi.Check(t, handler).ServeHTTP(recorded, r)
		if recorded.Code >= http.StatusInternalServerError {
			t.Errorf("%d %s", recorded.Code, recorded.Body)
		}
	})
}
