package live

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// The limit of frames from one connection; who goes on beyond it is closed.
const (
	framesPerSecond = 5
	framesAtOnce    = 30
	maxRefused      = 100 // refused frames without one let through between them
	maxSessions     = 10_000
)

// The limit of one person's words that he types, on all his connections: each goes to everybody who looks on. It is that of
// the HTTP door.
const (
	typedPerSecond = 1
	typedAtOnce    = 20
)

// EndpointOptions set up an endpoint.
type EndpointOptions struct {
	// Origins are those of the consoles, such as https://desk.example: from there agents and visitors may connect, from
	// elsewhere only visitors, and only from the sites of their inbox.
	Origins []string
	Now     func() time.Time // nil: the clock
}

// Endpoint is what a host of sockets calls, be it [Server] or a function behind API Gateway. It is safe concurrently.
// Between calls it remembers connections only to spare look-ups and to count frames.
type Endpoint struct {
	desk *desk.Desk
	opts EndpointOptions

	mu       sync.Mutex
	sessions map[desk.ConnectionID]*session
	typists  map[typist]*bucket
}

// session is what an endpoint remembers of a connection.
type session struct {
	who     desk.Connection
	mu      sync.Mutex
	frames  bucket
	refused int
}

// NewEndpoint makes the endpoint of a desk.
func NewEndpoint(d *desk.Desk, opts EndpointOptions) *Endpoint {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Endpoint{desk: d, opts: opts, sessions: map[desk.ConnectionID]*session{}, typists: map[typist]*bucket{}}
}

// Connect redeems the ticket for the connection, which from now on is found by announcements. origin is that of the page
// behind the socket; "" if the host vouches for it, or if there is none because the client is no browser. Codes:
// unauthenticated (ticket), forbidden (origin), unavailable, internal.
func (e *Endpoint) Connect(ctx context.Context, id desk.ConnectionID, ticket, origin string) (desk.Connection, error) {
	who, err := e.desk.Redeem(ctx, ticket)
	if err != nil {
		return desk.Connection{}, err
	}
	if err := e.admit(ctx, who, origin); err != nil {
		return desk.Connection{}, err
	}
	who.ID = id
	if who, err = e.desk.Connect(ctx, who); err != nil {
		return desk.Connection{}, err
	}
	e.remember(who)
	return who, nil
}

// admit refuses pages that may not speak for the connection.
func (e *Endpoint) admit(ctx context.Context, who desk.Connection, origin string) error {
	if origin == "" || slices.Contains(e.opts.Origins, origin) {
		return nil
	}
	if who.Agent == "" {
		settings, err := e.desk.Settings(ctx, who.Account)
		if err != nil {
			return err
		}
		inbox, ok := settings.Inboxes[who.Visitor.Inbox]
		if ok && (len(inbox.Origins) == 0 || slices.Contains(inbox.Origins, origin)) {
			return nil
		}
	}
	return &desk.Error{Code: desk.Forbidden, Message: "this page may not connect"}
}

// Receive does what a client's frame asks and gives the answer for it, nil for none. What is wrong with the frame, or
// not allowed, is answered and no error. With an error and an answer, the answer is sent and the error logged; with an
// error and no answer (unauthenticated, not_found: the connection is nobody's any more; limited: it does not stop) the
// connection must be closed.
func (e *Endpoint) Receive(ctx context.Context, id desk.ConnectionID, raw []byte) ([]byte, error) {
	s, err := e.session(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.count(e.opts.Now()); err != nil {
		if s.excessive() {
			return nil, err
		}
		return marshal(answer{Type: "error", Error: bodyOf(err)})
	}
	known := agentFrames
	if s.who.Agent == "" {
		known = visitorFrames
	}
	f, err := decode(raw, known)
	version := 0
	if watch := known[f.Type].watch; err == nil && watch != 0 {
		version, err = e.watch(ctx, s.who, f, watch == begins)
	} else if err == nil {
		err = e.act(ctx, s.who, f)
	}
	return reply(f, version, err)
}

func reply(f clientFrame, version int, err error) ([]byte, error) {
	switch {
	case err == nil && f.Quiet:
		return nil, nil
	case err == nil && f.Type == "ping":
		return marshal(answer{Type: "pong", ID: f.ID})
	case err == nil && f.ID == "":
		return nil, nil
	case err == nil:
		return marshal(answer{Type: "ok", ID: f.ID, Version: version})
	case desk.Is(err, desk.Unauthenticated):
		return nil, err
	}
	encoded, failed := marshal(answer{Type: "error", ID: f.ID, Error: bodyOf(err)})
	if failed != nil {
		return nil, failed
	}
	if code := desk.CodeOf(err); code == desk.Internal || code == desk.Unavailable {
		return encoded, err
	}
	return encoded, nil
}

// act does what a frame asks.
func (e *Endpoint) act(ctx context.Context, who desk.Connection, f clientFrame) error {
	if f.Type == "typing" {
		if err := e.mayType(who); err != nil {
			return err
		}
	}
	ctx = desk.OnLine(ctx, who.ID)
	switch {
	case f.Type == "ping":
		return e.desk.Ping(ctx, who)
	case who.Agent == "" && f.Type == "typing":
		return e.desk.VisitorTyping(ctx, who.Visitor, *f.On)
	case who.Agent == "":
		return e.desk.VisitorRead(ctx, who.Visitor, f.Conversation, f.UpTo)
	}
	agent, err := e.desk.WhoIs(ctx, who)
	if err != nil {
		return err
	}
	if f.Type == "typing" {
		return e.desk.Typing(ctx, agent, f.Conversation, *f.On)
	}
	return e.desk.MarkRead(ctx, agent, f.Conversation, f.UpTo)
}

// watch begins or ends to hear a conversation, a ticket or all tickets, and gives the version of a ticket that is heard of.
func (e *Endpoint) watch(ctx context.Context, who desk.Connection, f clientFrame, on bool) (version int, err error) {
	switch {
	case f.Ticket != 0:
		return e.desk.WatchTicket(ctx, who, f.Ticket, on)
	case f.Conversation != "":
		return 0, e.desk.Watch(ctx, who, f.Conversation, on)
	default:
		return 0, e.desk.WatchTickets(ctx, who, on)
	}
}

// Disconnect forgets the connection; harmless to repeat, and for one that nobody knows.
func (e *Endpoint) Disconnect(ctx context.Context, id desk.ConnectionID) error {
	s, err := e.session(ctx, id)
	if desk.Is(err, desk.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	e.mu.Lock()
	delete(e.sessions, id)
	e.mu.Unlock()
	return e.desk.Disconnect(ctx, s.who)
}

// session finds whose the connection is.
func (e *Endpoint) session(ctx context.Context, id desk.ConnectionID) (*session, error) {
	e.mu.Lock()
	s, ok := e.sessions[id]
	e.mu.Unlock()
	if ok {
		return s, nil
	}
	who, err := e.desk.Connection(ctx, id)
	if err != nil {
		return nil, err
	}
	return e.remember(who), nil
}

// remember keeps a connection. Nothing depends on it, so that a function that never hears of a disconnect may forget
// all when it has seen too many.
func (e *Endpoint) remember(who desk.Connection) *session {
	e.mu.Lock()
	defer e.mu.Unlock()
	if s, ok := e.sessions[who.ID]; ok {
		return s
	}
	if len(e.sessions) >= maxSessions {
		clear(e.sessions)
	}
	s := &session{who: who, frames: bucket{tokens: framesAtOnce, at: e.opts.Now()}}
	e.sessions[who.ID] = s
	return s
}

// count takes a token of the connection's bucket, or refuses the frame.
func (s *session) count(now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.frames.take(now, framesPerSecond, framesAtOnce, "too many frames"); err != nil {
		s.refused++
		return err
	}
	s.refused = 0
	return nil
}

// bucket holds tokens, which come back with time.
type bucket struct {
	tokens float64
	at     time.Time
}

// take takes a token, or refuses with the time until there is one.
func (b *bucket) take(now time.Time, perSecond, most float64, refusal string) error {
	b.tokens = min(most, b.tokens+now.Sub(b.at).Seconds()*perSecond)
	b.at = now
	if b.tokens < 1 {
		wait := time.Duration((1 - b.tokens) / perSecond * float64(time.Second))
		return &desk.Error{Code: desk.Limited, Message: refusal, RetryAfter: wait}
	}
	b.tokens--
	return nil
}

// typist is a person, on whichever connection.
type typist struct {
	account desk.AccountID
	agent   desk.AgentID
	contact desk.ContactID
}

// mayType takes a token of the person's bucket.
func (e *Endpoint) mayType(who desk.Connection) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	person, now := typist{who.Account, who.Agent, who.Visitor.Contact}, e.opts.Now()
	of, ok := e.typists[person]
	if !ok {
		if len(e.typists) >= maxSessions {
			clear(e.typists)
		}
		of = &bucket{tokens: typedAtOnce, at: now}
		e.typists[person] = of
	}
	return of.take(now, typedPerSecond, typedAtOnce, "you tell too often that you write")
}

// excessive reports whether the client takes no notice of being refused.
func (s *session) excessive() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused > maxRefused
}
