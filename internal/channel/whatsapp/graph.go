package whatsapp

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

const (
	graphVersion = "/v23.0/"
	maxAnswer    = 1 << 20          // of the Graph API, in bytes; its answers are small
	attempts     = 3                // of one call
	sendTime     = 30 * time.Second // for a send with its repeats
	firstWait    = 250 * time.Millisecond
	longestWait  = 5 * time.Second  // a longer one is left to the queue
	limitedWait  = 30 * time.Second // when Meta does not say how long
)

// Client sends to and fetches from WhatsApp; it implements [desk.Provider]. It is safe for concurrent use.
type Client struct {
	base    *url.URL
	secrets desk.Secrets
	http    *http.Client
}

// NewClient makes a client of the Graph API at the base address, such as https://graph.facebook.com. Access tokens are
// the secrets "whatsapp/<inbox>/access-token". A nil client is http.DefaultTransport's. Code: invalid (base).
func NewClient(base string, secrets desk.Secrets, client *http.Client) (*Client, error) {
	parsed, err := url.Parse(strings.TrimSuffix(base, "/"))
	if err != nil || parsed.Host == "" || parsed.Scheme != "https" && parsed.Scheme != "http" {
		return nil, desk.InvalidField("base", "%q is no address such as https://graph.facebook.com", base)
	}
	own := http.Client{}
	if client != nil {
		own = *client
	}
	c := &Client{base: parsed, secrets: secrets, http: &own}
	own.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if via[0].Method != http.MethodGet || len(via) > 3 || !c.trusted(r.URL) {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return c, nil
}

// trusted reports whether an address may see the access token: the Graph API's own host, and over https the hosts
// from which Meta serves media.
func (c *Client) trusted(u *url.URL) bool {
	if u.Scheme == c.base.Scheme && u.Host == c.base.Host {
		return true
	}
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && u.User == nil && (u.Port() == "" || u.Port() == "443") &&
		slices.ContainsFunc([]string{"fbsbx.com", "whatsapp.net", "facebook.com"}, func(domain string) bool {
			return host == domain || strings.HasSuffix(host, "."+domain)
		})
}

// call does one request, again when Meta is busy and time allows, with every access token in turn while one is not
// accepted. body is JSON, nil for a GET. The caller closes the answer, whose status is 2xx.
func (c *Client) call(ctx context.Context, account desk.AccountID, inbox desk.InboxID, method, address string, body []byte) (*http.Response, error) {
	tokens, err := c.secrets.Secret(ctx, account, secretName(inbox, "access-token"))
	if desk.Is(err, desk.NotFound) || err == nil && len(tokens) == 0 {
		return nil, &desk.Error{Code: desk.Invalid, Message: "the WhatsApp inbox has no access token", Cause: err}
	}
	if err != nil {
		return nil, desk.Wrap(desk.Unavailable, err, "read the inbox's access token")
	}
	for attempt := 1; ; attempt++ {
		answer, err := c.once(ctx, method, address, tokens[0], body)
		switch {
		case err == nil:
			return answer, nil
		case errors.Is(err, errToken) && len(tokens) > 1:
			tokens = tokens[1:]
			attempt--
			continue
		case attempt == attempts || !worthAgain(err):
			return nil, err
		}
		if !pause(ctx, wait(err, attempt)) {
			return nil, err
		}
	}
}

// once does one request.
func (c *Client) once(ctx context.Context, method, address, token string, body []byte) (*http.Response, error) {
	// Once a connection was found, the request may have been written, whatever happens next. Go's transport looks for
	// a second one only if it wrote nothing to the first.
	var connected atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { connected.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	request, err := http.NewRequestWithContext(traced, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, desk.Wrap(desk.Invalid, err, "make a request to WhatsApp")
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := c.http.Do(request)
	if err != nil {
		err = unwrapURL(err)
		if connected.Load() && method != http.MethodGet {
			return nil, uncertain(err)
		}
		return nil, &desk.Error{Code: desk.Unavailable, Message: "WhatsApp cannot be reached", Cause: err}
	}
	if answer.StatusCode >= 200 && answer.StatusCode < 300 {
		return answer, nil
	}
	refusal := refused(answer, method)
	return nil, errors.Join(refusal, answer.Body.Close())
}

// unwrapURL drops the address from a transport's error: a media's address is a secret for its five minutes.
func unwrapURL(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// uncertain marks a send whose answer was lost.
func uncertain(cause error) error {
	return &desk.Error{Code: desk.Unavailable, Message: "WhatsApp's answer was lost", Cause: errors.Join(desk.ErrUncertain, cause)}
}

// What the desk treats alike and this room does not: an access token that Meta does not accept, and an object that does
// not exist (error 100 with subcode 33), for which the Graph API has no status of its own.
var (
	errToken    = errors.New("the access token was not accepted")
	errNoObject = errors.New("no such object")
)

// Graph error codes, see Meta's "Cloud API error codes". Limits are of the app, the account, the throughput, the
// quality and the pair of sender and recipient; the busy ones are temporary faults of Meta's.
var (
	limitCodes = []scalar{"4", "80007", "130429", "131048", "131056"}
	busyCodes  = []scalar{"1", "2", "131000", "131016"}
	tokenCodes = []scalar{"0", "190"}
)

// refused makes the error of an answer that is no 2xx.
func refused(answer *http.Response, method string) error {
	var said struct {
		Error metaFail `json:"error"`
	}
	raw, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err == nil {
		err = json.Unmarshal(raw, &said)
	}
	if err != nil {
		said.Error = metaFail{} // the status must do
	}
	code, status := said.Error.Code, answer.StatusCode
	switch {
	case status == http.StatusTooManyRequests || slices.Contains(limitCodes, code):
		return &desk.Error{Code: desk.Limited, Message: "WhatsApp takes no more messages for now", RetryAfter: retryAfter(answer.Header)}
	case status == http.StatusGatewayTimeout && method != http.MethodGet:
		return uncertain(errors.New("a gateway of WhatsApp's timed out"))
	case status >= http.StatusInternalServerError || slices.Contains(busyCodes, code):
		return &desk.Error{Code: desk.Unavailable, Message: "WhatsApp has a fault: " + said.Error.reason(status)}
	case status == http.StatusUnauthorized || slices.Contains(tokenCodes, code):
		return &desk.Error{Code: desk.Invalid, Message: "WhatsApp does not accept the inbox's access token: " + said.Error.reason(status), Cause: errToken}
	case status == http.StatusNotFound || status == http.StatusGone || code == "100" && said.Error.Subcode == "33":
		return &desk.Error{Code: desk.Invalid, Message: "WhatsApp does not know this: " + said.Error.reason(status), Cause: errNoObject}
	default:
		return &desk.Error{Code: desk.Invalid, Message: "WhatsApp refused it: " + said.Error.reason(status)}
	}
}

// advice says to an agent what Meta's words do not.
var advice = map[scalar]string{
	"131047": "more than 24 hours have passed since the customer last wrote; use a template",
	"131026": "the recipient cannot receive it: no WhatsApp, or an old version",
	"131049": "WhatsApp chose not to deliver it, to keep its users engaged; try later",
	"132001": "the template does not exist in this language, or was not approved",
	"132000": "the number of parameters does not match the template",
	"131053": "the file could not be loaded, or its type is not supported",
}

// reason gives the words for the agent, with Meta's code.
func (f metaFail) reason(status int) string {
	if told, ok := advice[f.Code]; ok {
		return told + " (" + string(f.Code) + ")"
	}
	if words := f.words(); words != "" {
		return words
	}
	return "status " + strconv.Itoa(status)
}

// retryAfter reads the header Retry-After, in seconds.
func retryAfter(header http.Header) time.Duration {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds < 0 || seconds > 24*60*60 {
		return limitedWait
	}
	return time.Duration(seconds) * time.Second
}

// worthAgain reports whether the same call may succeed a little later, and surely did nothing yet.
func worthAgain(err error) bool {
	return (desk.Is(err, desk.Limited) || desk.Is(err, desk.Unavailable)) && !errors.Is(err, desk.ErrUncertain)
}

// wait is how long to wait after the attempt: what Meta asks for, else doubling with half of it by chance.
func wait(err error, attempt int) time.Duration {
	if known, ok := errors.AsType[*desk.Error](err); ok && known.Code == desk.Limited {
		return known.RetryAfter
	}
	var b [8]byte
	rand.Read(b[:])
	half := firstWait << (attempt - 1) / 2
	return half + time.Duration(binary.BigEndian.Uint64(b[:])%uint64(half))
}

// pause waits; false if it would take too long for this call.
func pause(ctx context.Context, wait time.Duration) bool {
	deadline, limited := ctx.Deadline()
	if wait > longestWait || limited && time.Until(deadline) <= wait {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
