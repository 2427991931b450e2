package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// requestTime limits one request, its answer included.
const requestTime = 30 * time.Second

// Client speaks JSON with one desk on behalf of one caller. It is safe for concurrent use.
type Client struct {
	Base  string // the desk's address
	Token string // "" for nobody
	HTTP  *http.Client
}

// Refusal is an answer that is no success, as openapi.yaml's Error.
type Refusal struct {
	Status     int
	Code       string
	Field      string
	Message    string
	RetryAfter time.Duration // 0 if the answer does not say
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("%d %s: %s %s", r.Status, r.Code, r.Field, r.Message)
}

// Answer is an answer as it came.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Send does one request with a body as it is. contentType "" sends none.
func (c *Client) Send(ctx context.Context, method, path, contentType string, body []byte) (*Answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.Base+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, path, err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	request.Header.Set("Accept", "application/json")
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return nil, fmt.Errorf("%s %s: read the answer: %w", method, path, err)
	}
	return &Answer{response.StatusCode, response.Header, raw}, nil
}

// Do sends in as JSON (nil: no body) and reads the answer into out (nil: it is not looked at). An answer that is no
// success is a *[Refusal].
func (c *Client) Do(ctx context.Context, method, path string, in, out any) error {
	var body []byte
	contentType := ""
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("%s %s: encode: %w", method, path, err)
		}
		contentType = "application/json"
	}
	answer, err := c.Send(ctx, method, path, contentType, body)
	if err != nil {
		return err
	}
	if answer.Status >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %w", method, path, answer.refusal())
	}
	if out == nil || len(answer.Body) == 0 {
		return nil
	}
	if err := json.Unmarshal(answer.Body, out); err != nil {
		return fmt.Errorf("%s %s: decode the answer: %w", method, path, err)
	}
	return nil
}

func (a *Answer) refusal() *Refusal {
	var body struct {
		Error struct{ Code, Field, Message string }
	}
	if err := json.Unmarshal(a.Body, &body); err != nil {
		body.Error.Message = "the answer is no JSON"
	}
	seconds, err := strconv.Atoi(a.Header.Get("Retry-After"))
	if err != nil {
		seconds = 0
	}
	return &Refusal{a.Status, body.Error.Code, body.Error.Field, body.Error.Message, time.Duration(seconds) * time.Second}
}

// lastHost numbers the addresses that [OwnTransport] has given.
var lastHost atomic.Uint32

// OwnTransport is a transport that calls a desk on this machine from a loopback address of its own, so that limits for
// each remote address see as many customers as there are. A desk elsewhere is called as usual.
func OwnTransport(desk string) *http.Transport {
	n := lastHost.Add(1)
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if isLoopback(desk) {
		dialer.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 1+byte(n>>16)%100, byte(n>>8), byte(n))}
	}
	return &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 8, IdleConnTimeout: time.Minute}
}

func isLoopback(address string) bool {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	if err != nil {
		return false
	}
	ip := net.ParseIP(request.URL.Hostname())
	return ip != nil && ip.IsLoopback() && ip.To4() != nil
}
