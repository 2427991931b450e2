package whatsapp

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// MaxBody limits a webhook's body in bytes; Meta sends at most 3 MB.
const MaxBody = 3 << 20

// enqueuers is how many groups of one webhook are put on the queue at once: Meta gives up on a webhook after some
// seconds, and a thousand updates one after the other would take longer.
const enqueuers = 16

// A webhook of few events, as nearly all are, is worked at once; a long one would keep Meta waiting.
const (
	fewEvents = 4
	atOnce    = 4 * time.Second
)

// Ports are what the webhook needs of the desk and of the world.
type Ports struct {
	Settings func(ctx context.Context, account desk.AccountID) (*desk.Settings, error)
	Secrets  desk.Secrets // "whatsapp/<inbox>/app-secret" and "whatsapp/<inbox>/verify-token"
	Queue    desk.Queue
	// Take works an event at once, as [desk.Desk.Take] does; what it refuses goes on the queue.
	Take func(ctx context.Context, e desk.ChannelEvent) error
	// Hold makes later messages of a sender follow this one on the queue.
	Hold func(ctx context.Context, e desk.ChannelEvent) error
	Log  *slog.Logger
}

// Webhook answers Meta on the two routes of an inbox, GET and POST /webhooks/whatsapp/{account}/{inbox}.
type Webhook struct {
	ports Ports
	mux   *http.ServeMux
}

// NewWebhook makes the handler of the webhook's routes.
func NewWebhook(ports Ports) *Webhook {
	w := &Webhook{ports: ports, mux: http.NewServeMux()}
	w.mux.HandleFunc("GET /webhooks/whatsapp/{account}/{inbox}", w.answering(w.challenge))
	w.mux.HandleFunc("POST /webhooks/whatsapp/{account}/{inbox}", w.answering(w.receive))
	return w
}

// ServeHTTP implements [http.Handler].
func (w *Webhook) ServeHTTP(rw http.ResponseWriter, r *http.Request) { w.mux.ServeHTTP(rw, r) }

// challenge: GET /webhooks/whatsapp/{account}/{inbox}?hub.mode=subscribe&hub.verify_token=&hub.challenge=
// Meta asks once, when the address is entered in the app's settings, and wants the challenge back.
func (w *Webhook) challenge(rw http.ResponseWriter, r *http.Request) error {
	inbox, err := w.inbox(r)
	if err != nil {
		return err
	}
	tokens, err := w.secrets(r, inbox, "verify-token")
	if err != nil {
		return err
	}
	query := r.URL.Query()
	if query.Get("hub.mode") != "subscribe" || !anyEqual(tokens, query.Get("hub.verify_token")) {
		return &desk.Error{Code: desk.Forbidden, Message: "the verify token is wrong"}
	}
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	rw.Header().Set("X-Content-Type-Options", "nosniff")
	_, err = io.WriteString(rw, query.Get("hub.challenge"))
	return desk.Wrap(desk.Unavailable, err, "answer the challenge")
}

// receive: POST /webhooks/whatsapp/{account}/{inbox}. 200 means that every event is stored, or lies safely on the
// queue; any other status makes Meta send the same again, which adds nothing twice.
func (w *Webhook) receive(rw http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, MaxBody))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return desk.Wrap(desk.Invalid, errTooLarge, "the body is larger than 3 MiB")
		}
		return desk.Wrap(desk.Invalid, err, "the body cannot be read")
	}
	inbox, err := w.inbox(r)
	if err != nil {
		return err
	}
	secrets, err := w.secrets(r, inbox, "app-secret")
	if err != nil {
		return err
	}
	if err := Verify(body, r.Header.Get("X-Hub-Signature-256"), secrets); err != nil {
		return err
	}
	account := desk.AccountID(r.PathValue("account"))
	events, err := Parse(account, inbox.ID, inbox.PhoneNumberID, body)
	if skipped, ok := errors.AsType[*Skipped](err); ok {
		w.ports.Log.WarnContext(r.Context(), "parts of a webhook were skipped", "account", account, "inbox", inbox.ID,
			"foreign", skipped.Foreign, "other", skipped.Other, "malformed", skipped.Malformed, "reported", skipped.Reported)
	} else if err != nil {
		return err
	}
	if err := w.enqueue(r.Context(), w.take(r.Context(), events)); err != nil {
		return err
	}
	rw.WriteHeader(http.StatusOK)
	return nil
}

// take works what can be worked at once, and gives what belongs on the queue: all of a customer's from the first that
// could not be.
func (w *Webhook) take(ctx context.Context, events []desk.ChannelEvent) []desk.ChannelEvent {
	if len(events) > fewEvents {
		return events
	}
	ctx, cancel := context.WithTimeout(ctx, atOnce)
	defer cancel()
	var rest []desk.ChannelEvent
	behind := map[string]bool{}
	for _, e := range events {
		sender := group(&e)
		if !behind[sender] {
			err := w.ports.Take(ctx, e)
			if err == nil {
				continue
			}
			if !errors.Is(err, desk.ErrQueued) {
				w.ports.Log.WarnContext(ctx, "an event of a webhook goes on the queue", "kind", e.Kind, "error", err)
			}
			behind[sender] = true
		}
		rest = append(rest, e)
	}
	return rest
}

// inbox finds the WhatsApp inbox of the route; not_found for anything else.
func (w *Webhook) inbox(r *http.Request) (desk.Inbox, error) {
	settings, err := w.ports.Settings(r.Context(), desk.AccountID(r.PathValue("account")))
	if err != nil && !desk.Is(err, desk.NotFound) && !desk.Is(err, desk.Invalid) {
		return desk.Inbox{}, desk.Wrap(desk.Unavailable, err, "read the account's settings")
	}
	if err == nil {
		inbox, ok := settings.Inboxes[desk.InboxID(r.PathValue("inbox"))]
		if ok && !inbox.Deleted && inbox.Channel == desk.WhatsApp {
			return inbox, nil
		}
	}
	return desk.Inbox{}, &desk.Error{Code: desk.NotFound, Message: "no such WhatsApp inbox"}
}

// secrets gives the values of a secret of the inbox; none if it was never set, so that nothing is accepted.
func (w *Webhook) secrets(r *http.Request, inbox desk.Inbox, name string) ([]string, error) {
	values, err := w.ports.Secrets.Secret(r.Context(), desk.AccountID(r.PathValue("account")), secretName(inbox.ID, name))
	if desk.Is(err, desk.NotFound) {
		w.ports.Log.ErrorContext(r.Context(), "a WhatsApp inbox lacks a secret", "inbox", inbox.ID, "secret", name)
		return nil, nil
	}
	return values, desk.Wrap(desk.Unavailable, err, "read the inbox's "+name)
}

// secretName is the name under which a secret of an inbox is kept.
func secretName(inbox desk.InboxID, name string) string {
	return "whatsapp/" + string(inbox) + "/" + name
}

// enqueue puts all events on the queue, those of one sender in their order and after his hold. All senders are tried; the
// first failure is told.
func (w *Webhook) enqueue(ctx context.Context, events []desk.ChannelEvent) error {
	jobs, err := Jobs(events)
	if err != nil {
		return err
	}
	groups := map[string][]waiting{}
	for i, job := range jobs {
		groups[job.Group] = append(groups[job.Group], waiting{job, events[i]})
	}
	work := make(chan string, len(groups))
	for group := range groups {
		work <- group
	}
	close(work)
	failures := make(chan error, len(groups))
	var workers sync.WaitGroup
	for range min(enqueuers, len(groups)) {
		workers.Go(func() {
			for group := range work {
				if err := w.enqueueGroup(ctx, groups[group]); err != nil {
					failures <- err
				}
			}
		})
	}
	workers.Wait()
	close(failures)
	if err, failed := <-failures; failed {
		return &desk.Error{Code: desk.Unavailable, Message: "the events could not be kept", Cause: err}
	}
	return nil
}

// waiting is an event that takes its turn on the queue, and its job.
type waiting struct {
	job   desk.Job
	event desk.ChannelEvent
}

// enqueueGroup puts one sender's events on the queue, in their order, when he is held: once for all his messages, and at each
// new number.
func (w *Webhook) enqueueGroup(ctx context.Context, events []waiting) error {
	type hold struct {
		kind   desk.ChannelEventKind
		number string
	}
	held := map[hold]bool{}
	for _, one := range events {
		this := hold{one.event.Kind, one.event.NewAddress}
		if held[this] {
			continue
		}
		if err := w.ports.Hold(ctx, one.event); err != nil {
			return err
		}
		held[this] = true
	}
	for _, one := range events {
		if err := w.ports.Queue.Enqueue(ctx, one.job); err != nil {
			return err // a later event of the group may not overtake this one
		}
	}
	return nil
}

// anyEqual compares in constant time.
func anyEqual(tokens []string, given string) bool {
	equal := 0
	sum := sha256.Sum256([]byte(given))
	for _, token := range tokens {
		if token != "" {
			want := sha256.Sum256([]byte(token))
			equal |= subtle.ConstantTimeCompare(want[:], sum[:])
		}
	}
	return equal == 1
}

// errTooLarge tells a body that is too large from other invalid ones.
var errTooLarge = errors.New("too large")

// statuses are the HTTP statuses of the codes that the webhook answers with. Whatever else is our fault, and worth a
// repeat by Meta.
var statuses = map[desk.Code]int{
	desk.Invalid: http.StatusBadRequest, desk.Unauthenticated: http.StatusUnauthorized, desk.Forbidden: http.StatusForbidden,
	desk.NotFound: http.StatusNotFound, desk.Internal: http.StatusInternalServerError,
}

// answering turns an error of a route into its answer, and logs what is our fault.
func (w *Webhook) answering(route func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		err := route(rw, r)
		if err == nil {
			return
		}
		id := rw.Header().Get("X-Request-Id") // of a handler around this one
		if id == "" {
			id = desk.NewID(time.Now())
			rw.Header().Set("X-Request-Id", id)
		}
		code, status := desk.CodeOf(err), http.StatusServiceUnavailable
		if known, ok := statuses[code]; ok {
			status = known
		}
		if errors.Is(err, errTooLarge) {
			status = http.StatusRequestEntityTooLarge
		}
		text := "something went wrong here"
		if known, ok := errors.AsType[*desk.Error](err); ok && code != desk.Internal {
			text = known.Message
		}
		if status >= http.StatusInternalServerError {
			w.ports.Log.ErrorContext(r.Context(), "a webhook failed", "request_id", id, "code", code, "error", err)
		}
		type failure struct {
			Code      desk.Code `json:"code"`
			Message   string    `json:"message"`
			RequestID string    `json:"request_id"`
		}
		if status == http.StatusUnauthorized {
			rw.Header().Set("WWW-Authenticate", `X-Hub-Signature-256 realm="relevo"`) // RFC 9110, 15.5.2
		}
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(status)
		if err := json.NewEncoder(rw).Encode(map[string]failure{"error": {code, text, id}}); err != nil {
			w.ports.Log.WarnContext(r.Context(), "an answer was not taken", "request_id", id, "error", err)
		}
	}
}
