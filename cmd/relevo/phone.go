package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// phone stands where Meta would: a customer's WhatsApp phone with its page, and the part of the Graph API that the desk
// uses. What it knows is in memory, like a phone that is reset with the desk.
//
// Its own API, for the page and for scripts (loopback only, JSON):
//
//	POST /phone/send      what the customer does; the desk gets it as a signed webhook. Fields: from (digits) or, for a
//	                      sender without a phone number, user_id; name; type: text (default), image, video, audio,
//	                      document, sticker, location, contacts, reaction, button, unsupported, edit, revoke; text (also
//	                      the caption, the reaction's emoji, the new text of an edit); target (id of the message that a
//	                      reaction, an edit or a revoke is about); reply_to; latitude, longitude; media {name, type,
//	                      data: base64}; inbox (default whatsapp); id (default new; the same again is the same message);
//	                      at (RFC 3339, default now: a webhook may come days late). Answers {"id", "status": the
//	                      webhook's HTTP status}.
//	GET  /phone/messages  {"revision", "mode", "items": both directions, oldest first; outbound ones as the desk sent
//	                      them to the Graph API, with "status" and "key"}. ?peer= gives one customer's.
//	POST /phone/status    {"id", "status": sent|delivered|read|failed, "code"?}: reports on a message of the desk's.
//	POST /phone/mode      {"send": ok|429|500|400|lost|timeout, "times": how often (default 1; 0: until changed),
//	                      "retry_after"?: seconds, "statuses": auto|manual}. lost takes the message and hangs up without
//	                      an answer; timeout takes it and never answers. auto reports sent and delivered by itself.
type phone struct {
	settings func(context.Context, desk.AccountID) (*desk.Settings, error)
	secrets  desk.Secrets
	log      *slog.Logger
	address  string // of the desk, for webhooks
	client   *http.Client

	mu       sync.Mutex
	revision int
	messages []phoneMessage
	media    map[string]phoneFile
	mediaIDs []string // the oldest first
	mode     phoneMode
	reports  chan report
}

// phoneMessage is one message on the phone.
type phoneMessage struct {
	ID      string    `json:"id"`
	Out     bool      `json:"out"`  // the desk wrote it
	Peer    string    `json:"peer"` // the customer: his number, or the user id of one without a number
	Name    string    `json:"name,omitempty"`
	Inbox   string    `json:"inbox"`
	Type    string    `json:"type"`
	Text    string    `json:"text,omitempty"`
	Link    string    `json:"link,omitempty"` // of a file of the desk's
	ReplyTo string    `json:"reply_to,omitempty"`
	Key     string    `json:"key,omitempty"`    // biz_opaque_callback_data
	Status  string    `json:"status,omitempty"` // reported last; of the customer's own: "refused" if the desk did not take it
	At      time.Time `json:"at"`
}

// phoneFile is a file that the customer sent.
type phoneFile struct {
	mediaType string
	body      []byte
}

// phoneMode is how the stand-in behaves.
type phoneMode struct {
	Send       string `json:"send"`
	Times      int    `json:"times,omitempty"` // sends that still get it; 0: all
	RetryAfter int    `json:"retry_after,omitempty"`
	Statuses   string `json:"statuses"`
}

// The ways in which a send can go.
const (
	sendOK      = "ok"
	sendLost    = "lost"
	sendTimeout = "timeout"
)

// What the phone remembers at most.
const (
	phoneMessages = 2_000
	phoneFiles    = 20
	phoneReports  = 4_096
)

func newPhone(d *desk.Desk, secrets desk.Secrets, address string) *phone {
	return &phone{settings: d.Settings, secrets: secrets, log: d.Log, address: address, client: &http.Client{Timeout: 30 * time.Second}, media: map[string]phoneFile{},
		mode: phoneMode{Send: sendOK, Statuses: "auto"}, reports: make(chan report, phoneReports)}
}

// mount puts the phone's doors behind guard.
func (p *phone) mount(mux *http.ServeMux, guard func(http.Handler) http.Handler) {
	for pattern, handler := range map[string]http.HandlerFunc{
		"POST /phone/send":    p.send,
		"GET /phone/messages": p.list,
		"POST /phone/status":  p.status,
		"POST /phone/mode":    p.setMode,
		"POST " + graphPath + "/{version}/{number}/messages": p.graphSend,
		"GET " + graphPath + "/{version}/{media}":            p.graphMedia,
		"GET " + graphPath + "/files/{media}":                p.graphFile,
	} {
		mux.Handle(pattern, guard(handler))
	}
}

// run reports, one after the other, until ctx ends.
func (p *phone) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case r := <-p.reports:
			if err := p.report(ctx, r); err != nil && ctx.Err() == nil {
				p.log.WarnContext(ctx, "the phone could not report", "message", r.id, "status", r.status, "error", err)
			}
		}
	}
}

// list: GET /phone/messages?peer=
func (p *phone) list(w http.ResponseWriter, r *http.Request) {
	peer := r.URL.Query().Get("peer")
	p.mu.Lock()
	defer p.mu.Unlock()
	items := []phoneMessage{}
	for _, m := range p.messages {
		if peer == "" || m.Peer == peer {
			items = append(items, m)
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"revision": p.revision, "mode": p.mode, "items": items})
}

// setMode: POST /phone/mode
func (p *phone) setMode(w http.ResponseWriter, r *http.Request) {
	want := struct {
		Send       string `json:"send"`
		Times      *int   `json:"times"`
		RetryAfter int    `json:"retry_after"`
		Statuses   string `json:"statuses"`
	}{}
	if err := readJSON(w, r, &want); err != nil {
		refuse(w, err, http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case want.Send != "" && !slices.Contains([]string{sendOK, "429", "500", "400", sendLost, sendTimeout}, want.Send):
		refuse(w, desk.InvalidField("send", "want ok, 429, 500, 400, lost or timeout"), http.StatusBadRequest)
		return
	case want.Statuses != "" && want.Statuses != "auto" && want.Statuses != "manual":
		refuse(w, desk.InvalidField("statuses", "want auto or manual"), http.StatusBadRequest)
		return
	}
	if want.Send != "" {
		p.mode.Send, p.mode.Times, p.mode.RetryAfter = want.Send, 1, want.RetryAfter
		if want.Times != nil {
			p.mode.Times = *want.Times
		}
	}
	if want.Statuses != "" {
		p.mode.Statuses = want.Statuses
	}
	p.revision++
	writeJSON(w, http.StatusOK, p.mode)
}

// behaviour gives how the next send goes, and counts it.
func (p *phone) behaviour() (send string, retryAfter int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	send, retryAfter = p.mode.Send, p.mode.RetryAfter
	if send != sendOK && p.mode.Times > 0 {
		if p.mode.Times--; p.mode.Times == 0 {
			p.mode.Send = sendOK
		}
		p.revision++
	}
	return send, retryAfter
}

// keep shows a message on the phone; one that is there already stays.
func (p *phone) keep(m phoneMessage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if slices.ContainsFunc(p.messages, func(old phoneMessage) bool { return old.ID == m.ID }) {
		return
	}
	p.messages = append(p.messages, m)
	if over := len(p.messages) - phoneMessages; over > 0 {
		p.messages = slices.Delete(p.messages, 0, over)
	}
	p.revision++
}

// change changes a message that is shown, and gives it; ok is false if there is none.
func (p *phone) change(id string, change func(*phoneMessage)) (m phoneMessage, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.messages {
		if p.messages[i].ID == id {
			change(&p.messages[i])
			p.revision++
			return p.messages[i], true
		}
	}
	return phoneMessage{}, false
}

// keepFile stores a file until it is fetched, and gives its media id.
func (p *phone) keepFile(f phoneFile) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := "media-" + rand.Text()
	p.media[id] = f
	p.mediaIDs = append(p.mediaIDs, id)
	if len(p.mediaIDs) > phoneFiles {
		delete(p.media, p.mediaIDs[0])
		p.mediaIDs = p.mediaIDs[1:]
	}
	return id
}

func (p *phone) file(id string) (phoneFile, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, ok := p.media[id]
	return f, ok
}

// newWamid makes a message id as WhatsApp's look.
func newWamid() string { return "wamid." + rand.Text() }
