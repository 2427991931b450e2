package cloud_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
)

// fault is what a request meets instead of, or on its way to, the next transport.
type fault func(next http.RoundTripper, r *http.Request) (*http.Response, error)

var errReset = errors.New("connection reset by peer")

// lostBefore never arrives.
func lostBefore(http.RoundTripper, *http.Request) (*http.Response, error) { return nil, errReset }

// lostAfter is carried out, and yet fails.
func lostAfter(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	response, err := next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return nil, err
	}
	return nil, errors.Join(errReset, response.Body.Close())
}

// doneBut is carried out, and answered with a failure.
func doneBut(status int, code string) fault {
	return func(next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if _, err := lostAfter(next, r); !errors.Is(err, errReset) {
			return nil, err
		}
		return answer(status, `{"__type":"com.amazonaws.dynamodb.v20120810#`+code+`","message":"no"}`)(next, r)
	}
}

// hang answers nothing until the caller gives up.
func hang(_ http.RoundTripper, r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// hangAfter is carried out, and the caller waits for the answer until he gives up.
func hangAfter(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	if _, err := lostAfter(next, r); !errors.Is(err, errReset) {
		return nil, err
	}
	return hang(next, r)
}

// pass meets nothing.
func pass(next http.RoundTripper, r *http.Request) (*http.Response, error) { return next.RoundTrip(r) }

func answer(status int, body string) fault {
	return func(_ http.RoundTripper, r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
			Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Body: io.NopCloser(strings.NewReader(body)),
		}, nil
	}
}

// refuse answers with one of DynamoDB's errors.
func refuse(status int, code string) fault {
	return answer(status, `{"__type":"com.amazonaws.dynamodb.v20120810#`+code+`","message":"no"}`)
}

// faults is a transport whose requests meet one fault each, the last of them again and again, unless exempt.
type faults struct {
	next   http.RoundTripper
	exempt func(body string) bool

	mu     sync.Mutex
	meet   []fault
	bodies []string // of all requests
}

func faulty(meet ...fault) *faults { return &faults{next: http.DefaultTransport, meet: meet} }

// RoundTrip implements [http.RoundTripper].
func (f *faults) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return f.pick(string(body))(f.next, r)
}

func (f *faults) pick(body string) fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.bodies = append(f.bodies, body)
	if len(f.meet) == 0 || f.exempt != nil && f.exempt(body) {
		return pass
	}
	picked := f.meet[0]
	if len(f.meet) > 1 {
		f.meet = f.meet[1:]
	}
	return picked
}

// sent gives the bodies of the requests so far.
func (f *faults) sent() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.bodies...)
}
