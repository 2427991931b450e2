package cloud

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"github.com/relevo/relevo/internal/desk"
)

// HandleHTTP lets h.HTTP serve one request of an API Gateway HTTP API, payload format 2.0 ("Create AWS Lambda proxy
// integrations for HTTP APIs"), and gives the response in the same format. Codes: invalid (no such event), unavailable
// (the handler gave up). What the handler answers, errors included, is no error here.
func HandleHTTP(ctx context.Context, h Host, payload []byte) ([]byte, error) {
	var event events.APIGatewayV2HTTPRequest
	if err := decode(payload, &event); err != nil {
		return nil, err
	}
	r, err := request(ctx, event)
	if err != nil {
		return nil, err
	}
	w := &response{header: http.Header{}}
	if err := serve(h.HTTP, w, r); err != nil {
		return nil, err
	}
	answer, err := encode(w.answer())
	if err != nil || len(answer) <= MaxPayload {
		return answer, err
	}
	id := RequestID(r.Context())
	h.log().ErrorContext(ctx, "answer too large for Lambda", "request_id", id, "method", r.Method, "bytes", len(answer))
	return encode(gatewayAnswer{
		Status: http.StatusInternalServerError, Headers: map[string]string{"content-type": "application/json", "x-request-id": id},
		Body: `{"error":{"code":"internal","message":"something went wrong on our side","request_id":"` + id + `"}}`,
	})
}

// serve lets a handler break off as net/http allows it to.
func serve(h http.Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler: // the very value, as net/http says
			err = desk.Errorf(desk.Unavailable, "the handler broke off")
		default:
			panic(p)
		}
	}()
	h.ServeHTTP(w, r)
	return nil
}

// request makes the request that the client sent. Header values that came several times are one, joined by commas;
// cookies lie apart. The caller's address is the one that API Gateway saw, whatever X-Forwarded-For says, and
// X-Request-Id is API Gateway's.
func request(ctx context.Context, event events.APIGatewayV2HTTPRequest) (*http.Request, error) {
	from := event.RequestContext
	if from.HTTP.Method == "" {
		return nil, desk.InvalidField("requestContext", "the event is no request of an HTTP API, payload format 2.0")
	}
	body := []byte(event.Body)
	if event.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(event.Body); err != nil {
			return nil, desk.Wrap(desk.Invalid, err, "the event's body is no base64")
		}
	}
	target := &url.URL{RawQuery: event.RawQueryString}
	target.Path, target.RawPath = paths(event)
	id := plainID(from.RequestID)
	r := (&http.Request{
		Method: from.HTTP.Method, URL: target, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: header(event.Headers, event.Cookies),
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), RemoteAddr: net.JoinHostPort(from.HTTP.SourceIP, "0"),
		RequestURI: target.RequestURI(),
	}).WithContext(withRequestID(ctx, id))
	if len(body) == 0 {
		r.Body = http.NoBody
	}
	r.Host = r.Header.Get("Host")
	if r.Host == "" {
		r.Host = from.DomainName
	}
	r.Header.Del("Host")
	r.Header.Set("X-Request-Id", id)
	return r, nil
}

// paths gives the path without the stage, decoded and, if that differs, as it was written. API Gateway decodes it
// already, Lambda's function URLs and emulators do not; what cannot be decoded stays as it is.
func paths(event events.APIGatewayV2HTTPRequest) (path, raw string) {
	raw = event.RawPath
	if stage := event.RequestContext.Stage; stage != "" && stage != "$default" {
		if rest, ok := strings.CutPrefix(raw, "/"+stage); ok && (rest == "" || rest[0] == '/') {
			raw = rest
		}
	}
	if !strings.HasPrefix(raw, "/") {
		raw = "/" + raw
	}
	decoded, err := url.PathUnescape(raw)
	if err != nil || decoded == raw {
		return raw, ""
	}
	return decoded, raw
}

func header(values map[string]string, cookies []string) http.Header {
	h := http.Header{}
	for name, value := range values {
		h.Set(name, value)
	}
	if len(cookies) > 0 {
		h.Set("Cookie", strings.Join(cookies, "; "))
	}
	return h
}

// plainID drops the padding of API Gateway's ids, which are base64, and which no log needs.
func plainID(id string) string { return strings.TrimRight(id, "=") }

// gatewayAnswer is a response in payload format 2.0, also understood of a WebSocket's integration.
type gatewayAnswer struct {
	Status   int               `json:"statusCode"`
	Headers  map[string]string `json:"headers,omitempty"`
	Cookies  []string          `json:"cookies,omitempty"`
	Body     string            `json:"body,omitempty"`
	IsBase64 bool              `json:"isBase64Encoded,omitempty"`
}

// response keeps what a handler answers.
type response struct {
	header http.Header
	sent   http.Header // header as it was when the status was written
	status int
	body   bytes.Buffer
}

// Header gives the header as it will be sent, until the status is written.
func (w *response) Header() http.Header { return w.header }

// WriteHeader keeps the first final status, as net/http does.
func (w *response) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status, w.sent = status, w.header.Clone()
	}
}

// Write keeps a piece of the body.
func (w *response) Write(b []byte) (int, error) {
	if w.status == 0 {
		if w.header.Get("Content-Type") == "" && len(b) > 0 {
			w.header.Set("Content-Type", http.DetectContentType(b))
		}
		w.WriteHeader(http.StatusOK)
	}
	if w.status == http.StatusNoContent || w.status == http.StatusNotModified {
		return 0, http.ErrBodyNotAllowed
	}
	return w.body.Write(b)
}

// answer gives the response. Format 2.0 has one value for each header, and a place of its own for cookies; a body that
// is no text (compressed, or not UTF-8) travels in base64.
func (w *response) answer() gatewayAnswer {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	a := gatewayAnswer{Status: w.status, Headers: map[string]string{}, Cookies: w.sent.Values("Set-Cookie")}
	for name, values := range w.sent {
		if name != "Set-Cookie" {
			a.Headers[strings.ToLower(name)] = strings.Join(values, ", ")
		}
	}
	a.Body = w.body.String()
	if w.sent.Get("Content-Encoding") != "" || !utf8.ValidString(a.Body) {
		a.Body, a.IsBase64 = base64.StdEncoding.EncodeToString(w.body.Bytes()), true
	}
	return a
}
