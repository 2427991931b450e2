// Package live is the desk's open line: who hears which announcement, what a live frame looks like in both directions,
// and the WebSocket of the host that keeps its sockets itself. A frame is a hint: it may come late, twice or never, and
// a client that reconnects reads again what it shows. docs/live.md is its manual.
package live

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"sync"

	"github.com/relevo/relevo/internal/desk"
)

const (
	maxFrame = 32 << 10 // bytes; one unit of API Gateway's bill
	parallel = 16       // pushes of one announcement under way at once
)

// Shapes make the JSON of nouns as the HTTP doors show them, so that a client has one form of each. With forCustomer
// they leave out what no customer may see.
type Shapes struct {
	Message      func(m desk.Message, forCustomer bool) any
	Conversation func(account desk.AccountID, c *desk.Conversation, forCustomer bool) any
	Notification func(n desk.Notification) any
	Seat         func(s desk.Seat) any
}

// NewAnnouncer makes the announcer that pushes to live connections. It tells everybody it can, and forgets connections
// that are gone; the error joins what failed on the way. Codes: internal (an announcement without its noun), and those
// of the store and the push.
func NewAnnouncer(store desk.Store, push desk.Push, shapes Shapes) desk.Announcer {
	a := announcer{store: store, push: push, shapes: shapes}
	return a.announce
}

type announcer struct {
	store  desk.Store
	push   desk.Push
	shapes Shapes
}

// frame is what goes to a client.
type frame struct {
	ID           string              `json:"id"`
	Type         string              `json:"type"`
	Conversation desk.ConversationID `json:"conversation,omitempty"`
	Data         any                 `json:"data"`
}

// fetch stands for data too large for a frame: the client reads the message itself, or the conversation if there is
// no message.
type fetch struct {
	Message desk.MessageID `json:"fetch"`
}

func (a announcer) announce(ctx context.Context, what desk.Announcement) error {
	audiences, err := a.audiences(what)
	if err != nil {
		return err
	}
	books := a.store.Account(what.Account)
	failed := make([]error, len(audiences), 2*len(audiences))
	var lookups sync.WaitGroup
	for i := range audiences {
		lookups.Go(func() {
			audiences[i].listeners, failed[i] = books.Listeners(ctx, false, audiences[i].topics...)
		})
	}
	lookups.Wait()
	told := map[desk.ConnectionID]bool{}
	for _, audience := range audiences {
		var to []desk.ConnectionID
		for _, l := range audience.listeners {
			if !told[l.ID] && !audience.spares(l) && (what.By == "" || l.ID != what.By) {
				told[l.ID] = true
				to = append(to, l.ID)
			}
		}
		if audience.deaf {
			continue
		}
		failed = append(failed, a.tell(ctx, books, to, audience.frame(what), what.Message))
	}
	return desk.Wrap(desk.Unavailable, errors.Join(failed...), "announce "+string(what.Kind))
}

// tell pushes one frame, encoded once, to all.
func (a announcer) tell(ctx context.Context, books desk.Books, to []desk.ConnectionID, f frame, message *desk.Message) error {
	if len(to) == 0 {
		return nil
	}
	encoded, err := encode(f, message)
	if err != nil {
		return err
	}
	failed := make([]error, len(to))
	slots := make(chan struct{}, parallel)
	var pushes sync.WaitGroup
	for i, id := range to {
		slots <- struct{}{}
		pushes.Go(func() {
			defer func() { <-slots }()
			failed[i] = a.push.Send(ctx, id, encoded)
			if desk.Is(failed[i], desk.NotFound) {
				failed[i] = books.Lost(ctx, id)
			}
		})
	}
	pushes.Wait()
	return errors.Join(failed...)
}

// encode writes a frame within the limit, without its data if they do not fit.
func encode(f frame, message *desk.Message) ([]byte, error) {
	encoded, err := marshal(f)
	if err != nil || len(encoded) <= maxFrame {
		return encoded, err
	}
	f.Data = fetch{}
	if message != nil {
		f.Data = fetch{Message: message.ID}
	}
	return marshal(f)
}

// marshal is json.Marshal without escaping for HTML, which would only lengthen a frame.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, desk.Wrap(desk.Internal, err, "encode a live frame")
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
