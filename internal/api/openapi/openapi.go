// Package openapi holds requests and answers against openapi.yaml, so that the document and the server cannot drift.
// It is for tests only: around a handler, or around a client that speaks to a running desk.
package openapi

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/relevo/relevo/internal/api"
)

// Load parses and validates the document, with its examples.
var Load = sync.OnceValues(func() (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromData([]byte(api.Document))
	if err != nil {
		return nil, fmt.Errorf("load openapi.yaml: %w", err)
	}
	err = doc.Validate(context.Background(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaPatternValidation())
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml is not valid: %w", err)
	}
	return doc, nil
})

// Check wraps a handler: every answer must be one that the document allows for the route, and every request that was
// answered with success must be one that it describes. The bodies of other routes pass unchecked.
func Check(tb testing.TB, h http.Handler) http.Handler {
	tb.Helper()
	c := newChecker(tb)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		operation := c.operation(r)
		if operation == nil {
			h.ServeHTTP(w, r)
			return
		}
		asked := c.keep(&r.Body)
		recorded := httptest.NewRecorder()
		h.ServeHTTP(recorded, r)
		for name, values := range recorded.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(recorded.Code)
		if recorded.Body.Len() > 0 {
			if _, err := w.Write(recorded.Body.Bytes()); err != nil {
				tb.Errorf("%s: pass the answer on: %v", operation.name, err)
			}
		}
		c.exchange(operation, r, asked.Bytes(), recorded.Code, recorded.Header(), recorded.Body.Bytes())
	})
}

// Transport is Check for a client: it wraps the transport by which a test speaks to a desk.
func Transport(tb testing.TB, next http.RoundTripper) http.RoundTripper {
	tb.Helper()
	return transport{newChecker(tb), next}
}

type transport struct {
	*checker
	next http.RoundTripper
}

// RoundTrip sends the request and checks it with its answer.
func (tr transport) RoundTrip(r *http.Request) (*http.Response, error) {
	operation := tr.operation(r)
	if operation == nil {
		return tr.next.RoundTrip(r)
	}
	asked := tr.keep(&r.Body)
	res, err := tr.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	tr.exchange(operation, r, asked.Bytes(), res.StatusCode, res.Header, body)
	return res, nil
}

// checker finds and checks operations.
type checker struct {
	tb   testing.TB
	mux  *http.ServeMux
	find map[string]*operation // by pattern
	mu   sync.Mutex            // the library validates one exchange at a time
}

type operation struct {
	name  string // "POST /v1/..."
	route *routers.Route
}

func newChecker(tb testing.TB) *checker {
	tb.Helper()
	doc, err := Load()
	if err != nil {
		tb.Fatal(err)
	}
	c := &checker{tb: tb, mux: http.NewServeMux(), find: map[string]*operation{}}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			if op.Responses.Status(http.StatusSwitchingProtocols) != nil {
				continue // a WebSocket is no exchange of one request and one answer
			}
			name := method + " " + path
			c.find[name] = &operation{name, &routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: op}}
			c.mux.HandleFunc(name, func(http.ResponseWriter, *http.Request) {})
		}
	}
	return c
}

// operation gives the one that the request asks for; nil if the document has none.
func (c *checker) operation(r *http.Request) *operation {
	_, pattern := c.mux.Handler(r)
	if r.Method == http.MethodHead {
		return nil
	}
	return c.find[pattern]
}

// keep reads a body and leaves another like it in its place.
func (c *checker) keep(body *io.ReadCloser) *bytes.Buffer {
	kept := &bytes.Buffer{}
	if *body == nil {
		return kept
	}
	raw, err := io.ReadAll(*body)
	if err != nil {
		c.tb.Errorf("read the request's body: %v", err)
	}
	kept.Write(raw)
	*body = io.NopCloser(bytes.NewReader(raw))
	return kept
}

// exchange checks a request with its answer.
func (c *checker) exchange(o *operation, r *http.Request, asked []byte, status int, header http.Header, answered []byte) {
	c.tb.Helper()
	options := &openapi3filter.Options{
		IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true,
	}
	copied := r.Clone(context.Background())
	copied.Body = io.NopCloser(bytes.NewReader(asked))
	request := &openapi3filter.RequestValidationInput{
		Request: copied, PathParams: pathParams(o.route.Path, r.URL.Path), Route: o.route, Options: options,
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if status < http.StatusBadRequest {
		if err := openapi3filter.ValidateRequest(context.Background(), request); err != nil {
			c.tb.Errorf("%s was answered with %d, but openapi.yaml does not allow the request: %v", o.name, status, err)
		}
	}
	plain, err := inflate(header, answered)
	if err != nil {
		c.tb.Errorf("%s: inflate the answer: %v", o.name, err)
		return
	}
	response := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: status, Header: header, Options: options, Body: io.NopCloser(bytes.NewReader(plain)),
	}
	if err := openapi3filter.ValidateResponse(context.Background(), response); err != nil {
		c.tb.Errorf("%s: openapi.yaml does not allow the answer %d: %v", o.name, status, err)
	}
	if documented := o.route.Operation.Responses.Status(status); documented != nil && len(documented.Value.Content) == 0 && len(plain) > 0 {
		c.tb.Errorf("%s: openapi.yaml knows no body of the answer %d", o.name, status)
	}
}

// pathParams reads the values of {name} in a path.
func pathParams(pattern, path string) map[string]string {
	params := map[string]string{}
	values := strings.Split(path, "/")
	for i, part := range strings.Split(pattern, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok && i < len(values) {
			params[strings.TrimSuffix(name, "}")] = values[i]
		}
	}
	return params
}

func inflate(header http.Header, body []byte) ([]byte, error) {
	if header.Get("Content-Encoding") != "gzip" {
		return body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
