package whatsapp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/relevo/relevo/internal/channel/whatsapp"
	"github.com/relevo/relevo/internal/desk"
)

// secrets are what the desk keeps under names.
type secrets map[string][]string

func (s secrets) SetSecret(context.Context, desk.AccountID, string, ...string) error {
	return desk.Errorf(desk.Internal, "WhatsApp's secrets are the operator's")
}

func (s secrets) Secret(_ context.Context, _ desk.AccountID, name string) ([]string, error) {
	values, ok := s[name]
	if !ok {
		return nil, &desk.Error{Code: desk.NotFound, Message: "no such secret"}
	}
	return values, nil
}

// queue keeps what it is given, or fails.
type queue struct {
	mu   sync.Mutex
	jobs []desk.Job
	fail func(desk.Job) error
}

func (q *queue) Enqueue(_ context.Context, job desk.Job) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.fail != nil {
		if err := q.fail(job); err != nil {
			return err
		}
	}
	q.jobs = append(q.jobs, job)
	return nil
}

// door is a webhook with everything around it.
type door struct {
	*whatsapp.Webhook
	queue *queue
	desk  *taker
	log   *bytes.Buffer
}

// taker is a desk that works what it may at once, which is nothing before a test says so.
type taker struct {
	may   func(desk.ChannelEvent) error
	takes []desk.ChannelEvent
	down  error
	mu    sync.Mutex
	holds []desk.ChannelEvent
}

func (d *taker) take(_ context.Context, e desk.ChannelEvent) error {
	if d.may == nil {
		return desk.ErrQueued
	}
	err := d.may(e)
	if err == nil {
		d.takes = append(d.takes, e)
	}
	return err
}

func (d *taker) hold(_ context.Context, e desk.ChannelEvent) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.holds = append(d.holds, e)
	return d.down
}

func open(t *testing.T) door {
	t.Helper()
	settings := &desk.Settings{Inboxes: map[desk.InboxID]desk.Inbox{
		inboxID:   {ID: inboxID, Channel: desk.WhatsApp, PhoneNumberID: number},
		"web":     {ID: "web", Channel: desk.WebChat},
		"gone":    {ID: "gone", Channel: desk.WhatsApp, Deleted: true},
		"no-keys": {ID: "no-keys", Channel: desk.WhatsApp},
	}}
	d := door{queue: &queue{}, desk: &taker{}, log: &bytes.Buffer{}}
	d.Webhook = whatsapp.NewWebhook(whatsapp.Ports{
		Settings: func(_ context.Context, id desk.AccountID) (*desk.Settings, error) {
			switch id {
			case account:
				return settings, nil
			case "down":
				return nil, errors.New("the table is down")
			}
			return nil, &desk.Error{Code: desk.NotFound, Message: "no such account"}
		},
		Secrets: secrets{"whatsapp/wa1/app-secret": {"new", "old"}, "whatsapp/wa1/verify-token": {"verify-new", "verify-old"}},
		Queue:   d.queue, Take: d.desk.take, Hold: d.desk.hold, Log: slog.New(slog.NewTextHandler(d.log, nil)),
	})
	return d
}

// ask does one request.
func (d door) ask(t *testing.T, method, path string, body []byte, signature string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, bytes.NewReader(body))
	if signature != "" {
		r.Header.Set("X-Hub-Signature-256", signature)
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

// refusal checks the shape of a refusal.
func refusal(t *testing.T, w *httptest.ResponseRecorder, status int, code desk.Code) {
	t.Helper()
	var body struct {
		Error struct {
			Code      desk.Code `json:"code"`
			Message   string    `json:"message"`
			RequestID string    `json:"request_id"`
		} `json:"error"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%d %q: %v", w.Code, w.Body, err)
	}
	if w.Code != status || body.Error.Code != code || body.Error.Message == "" || body.Error.RequestID == "" || w.Header().Get("X-Request-Id") != body.Error.RequestID {
		t.Errorf("got %d %s, want %d %s", w.Code, w.Body, status, code)
	}
}

func TestChallenge(t *testing.T) {
	path := func(token string) string {
		return "/webhooks/whatsapp/acme/wa1?hub.mode=subscribe&hub.challenge=%3Cb%3E1158201444&hub.verify_token=" + token
	}
	for name, token := range map[string]string{"OK": "verify-new", "OKRotation": "verify-old"} {
		t.Run(name, func(t *testing.T) {
			w := open(t).ask(t, http.MethodGet, path(token), nil, "")
			if w.Code != http.StatusOK || w.Body.String() != "<b>1158201444" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
				t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
			}
		})
	}
	for name, c := range map[string]struct {
		path   string
		status int
		code   desk.Code
	}{
		"ErrForbidden":       {path("guess"), 403, desk.Forbidden},
		"ErrForbiddenEmpty":  {path(""), 403, desk.Forbidden},
		"ErrForbiddenMode":   {"/webhooks/whatsapp/acme/wa1?hub.verify_token=verify-new", 403, desk.Forbidden},
		"ErrForbiddenNoKeys": {"/webhooks/whatsapp/acme/no-keys?hub.mode=subscribe&hub.verify_token=", 403, desk.Forbidden},
		"ErrNotFound":        {"/webhooks/whatsapp/acme/nobody", 404, desk.NotFound},
		"ErrNotFoundWeb":     {"/webhooks/whatsapp/acme/web", 404, desk.NotFound},
		"ErrNotFoundDeleted": {"/webhooks/whatsapp/acme/gone", 404, desk.NotFound},
		"ErrNotFoundAccount": {"/webhooks/whatsapp/other/wa1", 404, desk.NotFound},
		"ErrUnavailable":     {"/webhooks/whatsapp/down/wa1", 503, desk.Unavailable},
	} {
		t.Run(name, func(t *testing.T) { refusal(t, open(t).ask(t, http.MethodGet, c.path, nil, ""), c.status, c.code) })
	}
}

func TestReceive(t *testing.T) {
	const path = "/webhooks/whatsapp/acme/wa1"
	body, err := os.ReadFile("testdata/webhooks/batch.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string]string{"OK": "new", "OKRotation": "old"} {
		t.Run(name, func(t *testing.T) {
			d := open(t)
			if w := d.ask(t, http.MethodPost, path, body, sign(body, secret)); w.Code != http.StatusOK {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			if len(d.queue.jobs) != 4 {
				t.Errorf("%d jobs", len(d.queue.jobs))
			}
		})
	}
	t.Run("OKOrderWithinGroup", func(t *testing.T) {
		d := open(t)
		var want []string
		parts := []string{}
		for i := range 200 {
			id := desk.NewID(desk.MessageID("").Time())
			parts = append(parts, `{"from":"57300`+string(rune('0'+i%10))+`","id":"`+id+`","type":"text","timestamp":"1767261600","text":{"body":"x"}}`)
			if i%10 == 3 {
				want = append(want, id)
			}
		}
		batch := []byte(`{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"` + number +
			`"},"messages":[` + strings.Join(parts, ",") + `]}}]}]}`)
		if w := d.ask(t, http.MethodPost, path, batch, sign(batch, "new")); w.Code != http.StatusOK || len(d.queue.jobs) != 200 {
			t.Fatalf("%d, %d jobs", w.Code, len(d.queue.jobs))
		}
		var got []string
		for _, job := range d.queue.jobs {
			var e desk.ChannelEvent
			if err := json.Unmarshal(job.Body, &e); err != nil {
				t.Fatal(err)
			}
			if e.From.Address == "573003" {
				got = append(got, e.ExternalID)
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Error("a customer's messages are out of order")
		}
	})
	t.Run("OKSkippedIsLoggedWithoutText", func(t *testing.T) {
		d := open(t)
		foreign, err := os.ReadFile("testdata/webhooks/foreign_number.json")
		if err != nil {
			t.Fatal(err)
		}
		w := d.ask(t, http.MethodPost, path, foreign, sign(foreign, "new"))
		if w.Code != http.StatusOK || len(d.queue.jobs) != 0 || !strings.Contains(d.log.String(), "foreign=1") || strings.Contains(d.log.String(), "para otro") {
			t.Errorf("%d, %d jobs, log %s", w.Code, len(d.queue.jobs), d.log)
		}
	})
	t.Run("ErrUnauthenticated", func(t *testing.T) {
		for _, signature := range []string{"", sign(body, "guess"), sign(body, ""), sign(append(body, ' '), "new")} {
			d := open(t)
			refusal(t, d.ask(t, http.MethodPost, path, body, signature), 401, desk.Unauthenticated)
			if len(d.queue.jobs) != 0 {
				t.Error("an unsigned event was kept")
			}
		}
	})
	t.Run("ErrUnauthenticatedNoSecret", func(t *testing.T) {
		d := open(t)
		refusal(t, d.ask(t, http.MethodPost, "/webhooks/whatsapp/acme/no-keys", body, sign(body, "")), 401, desk.Unauthenticated)
		if !strings.Contains(d.log.String(), "lacks a secret") {
			t.Error("nobody is told")
		}
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		bad := []byte(`{"object":`)
		refusal(t, open(t).ask(t, http.MethodPost, path, bad, sign(bad, "new")), 400, desk.Invalid)
	})
	t.Run("ErrTooLarge", func(t *testing.T) {
		large := make([]byte, whatsapp.MaxBody+1)
		refusal(t, open(t).ask(t, http.MethodPost, path, large, sign(large, "new")), 413, desk.Invalid)
	})
	t.Run("ErrNotFound", func(t *testing.T) {
		for _, path := range []string{"/webhooks/whatsapp/acme/web", "/webhooks/whatsapp/acme/gone", "/webhooks/whatsapp/other/wa1"} {
			refusal(t, open(t).ask(t, http.MethodPost, path, body, sign(body, "new")), 404, desk.NotFound)
		}
	})
	t.Run("ErrUnavailable", func(t *testing.T) {
		d := open(t)
		d.queue.fail = func(job desk.Job) error {
			if strings.HasSuffix(job.Group, "573001112233") {
				return desk.Errorf(desk.Invalid, "no such queue")
			}
			return nil
		}
		refusal(t, d.ask(t, http.MethodPost, path, body, sign(body, "new")), 503, desk.Unavailable)
		if len(d.queue.jobs) != 1 {
			t.Errorf("%d jobs: one customer's trouble is another's", len(d.queue.jobs))
		}
	})
}

// What can be worked at once costs no job; from the first event of a customer that cannot, his go on the queue.
func TestTake(t *testing.T) {
	const path = "/webhooks/whatsapp/acme/wa1"
	body, err := os.ReadFile("testdata/webhooks/batch.json")
	if err != nil {
		t.Fatal(err)
	}
	post := func(t *testing.T, may func(desk.ChannelEvent) error) (door, int) {
		t.Helper()
		d := open(t)
		d.desk.may = may
		return d, d.ask(t, http.MethodPost, path, body, sign(body, "new")).Code
	}
	t.Run("OK", func(t *testing.T) {
		d, status := post(t, func(desk.ChannelEvent) error { return nil })
		if status != http.StatusOK || len(d.desk.takes) != 4 || len(d.queue.jobs) != 0 || len(d.desk.holds) != 0 {
			t.Errorf("%d, %d taken, %d jobs, %d holds", status, len(d.desk.takes), len(d.queue.jobs), len(d.desk.holds))
		}
	})
	t.Run("OKOrder", func(t *testing.T) {
		asked := map[string]int{}
		d, status := post(t, func(e desk.ChannelEvent) error {
			asked[e.From.Address]++
			return desk.Errorf(desk.Unavailable, "the table is away")
		})
		if status != http.StatusOK || len(d.queue.jobs) != 4 || len(d.desk.holds) == 0 {
			t.Errorf("%d, %d jobs, %d holds", status, len(d.queue.jobs), len(d.desk.holds))
		}
		for sender, times := range asked {
			if times != 1 {
				t.Errorf("%s was tried %d times: a later event may overtake the first", sender, times)
			}
		}
	})
	t.Run("OKHeldOnce", func(t *testing.T) {
		d := open(t)
		d.desk.may = func(desk.ChannelEvent) error { return desk.Errorf(desk.Unavailable, "the table is away") }
		texts := []string{}
		for i := range 5 {
			texts = append(texts, fmt.Sprintf(`{"id":"m%d","from":"573001112233","timestamp":"1700000000","type":"text","text":{"body":"hola"}}`, i))
		}
		body := []byte(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp",` +
			`"metadata":{"phone_number_id":"300400500600"},"messages":[` + strings.Join(texts, ",") + `]}}]}]}`)
		status := d.ask(t, http.MethodPost, path, body, sign(body, "new")).Code
		if status != http.StatusOK || len(d.queue.jobs) != 5 || len(d.desk.holds) != 1 {
			t.Errorf("%d, %d jobs, %d holds: one sender is held once for a whole webhook", status, len(d.queue.jobs), len(d.desk.holds))
		}
	})
	t.Run("ErrUnavailable", func(t *testing.T) {
		d := open(t)
		d.desk.down = desk.Errorf(desk.Unavailable, "the table is away")
		w := d.ask(t, http.MethodPost, path, body, sign(body, "new"))
		refusal(t, w, 503, desk.Unavailable)
		for _, job := range d.queue.jobs {
			if strings.Contains(string(job.Body), `"Kind":"message"`) {
				t.Error("a message is on the queue, and later ones do not follow it there")
			}
		}
	})
}
