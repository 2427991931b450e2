package live_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/live"
	"github.com/relevo/relevo/internal/local"
	"github.com/relevo/relevo/internal/store"
)

// host is a desk with sockets: agents ana and luis in support, the inbox web that any site may embed, and shop that only
// one may.
type host struct {
	*desk.Desk
	t        *testing.T
	books    desk.Books
	push     *local.Push
	announce desk.Announcer
	endpoint *live.Endpoint
	server   *live.Server
	http     *httptest.Server
	skew     atomic.Int64 // what the desk's clock is ahead
}

const shopOrigin = "https://shop.example"

// newHost opens a desk; change may be nil.
func newHost(t *testing.T, change func(*live.ServerOptions)) *host {
	t.Helper()
	file, err := local.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	h := &host{t: t, push: local.NewPush()}
	now := func() time.Time { return time.Now().Add(time.Duration(h.skew.Load())) }
	books := store.New(file.Table(), now)
	h.announce = live.NewAnnouncer(books, h.push, shapes)
	log := slog.New(slog.DiscardHandler)
	h.Desk = desk.New(desk.Ports{Store: books, Queue: file.Queue(), Timers: file.Timers(), Announce: h.announce, Now: now, Log: log})
	h.books = books.Account("demo")
	for _, setting := range []desk.Setting{
		desk.Account{ID: "demo", Name: "Demo", TimeZone: "America/Bogota", Language: "es", AfterClose: desk.KeepAssignee},
		desk.Department{ID: "support", Name: "Support"},
		desk.Inbox{ID: "web", Key: "web", Name: "Web", Channel: desk.WebChat, Department: "support", Language: "es", TicketPolicy: desk.TicketOptional},
		desk.Inbox{ID: "shop", Key: "shop", Name: "Shop", Channel: desk.WebChat, Department: "support", Language: "es",
			TicketPolicy: desk.TicketOptional, Origins: []string{shopOrigin}},
		agent("ana"), agent("luis"),
	} {
		h.save(setting)
	}
	h.endpoint = live.NewEndpoint(h.Desk, live.EndpointOptions{Origins: []string{"https://console.example"}, Now: now})
	opts := live.ServerOptions{Log: log, Refuse: func(w http.ResponseWriter, _ *http.Request, err error) {
		code := desk.CodeOf(err)
		w.WriteHeader(map[desk.Code]int{desk.Unauthenticated: 401, desk.Forbidden: 403, desk.Invalid: 400, desk.Unavailable: 503}[code])
		json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"code": code}})
	}}
	if change != nil {
		change(&opts)
	}
	h.server = live.NewServer(h.endpoint, h.push.Register, opts)
	mux := http.NewServeMux()
	mux.Handle("GET /live", h.server)
	h.http = httptest.NewServer(mux)
	t.Cleanup(h.close)
	return h
}

// close ends everything, and finds goroutines that stayed.
func (h *host) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := h.server.Shutdown(ctx); err != nil {
		h.t.Error(err)
	}
	h.http.Close()
	h.await("the end of all goroutines of sockets", func() bool {
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		return !strings.Contains(string(stacks), "live.(*Server)") && !strings.Contains(string(stacks), "live.reader")
	})
}

// await looks until it is so.
func (h *host) await(what string, ok func() bool) {
	h.t.Helper()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	patience := time.After(20 * time.Second)
	for !ok() {
		select {
		case <-look.C:
		case <-patience:
			h.t.Fatalf("waited in vain for %s", what)
		}
	}
}

func agent(id desk.AgentID) desk.Agent {
	return desk.Agent{ID: id, Name: strings.ToUpper(string(id)), Email: string(id) + "@demo.test", Issuer: "i", Subject: string(id),
		Role: desk.AgentRole, Departments: []desk.DepartmentID{"support"}, Capacity: 5, Language: "es"}
}

func (h *host) save(setting desk.Setting) {
	h.t.Helper()
	kind, id := setting.Setting()
	audit := desk.Audit{ID: desk.NewID(time.Now()), By: desk.System, Type: desk.EventType(string(kind) + ".saved"), Kind: kind, Of: id}
	if err := h.books.SaveSetting(h.t.Context(), setting, audit); err != nil {
		h.t.Fatal(err)
	}
}

func staff(id desk.AgentID) desk.Connection { return desk.Connection{Account: "demo", Agent: id} }

// visitor starts a session in the inbox.
func (h *host) visitor(inbox string) desk.Visitor {
	h.t.Helper()
	session, err := h.StartSession(h.t.Context(), desk.Arrival{Inbox: inbox})
	if err != nil {
		h.t.Fatal(err)
	}
	return session.Visitor
}

func widget(v desk.Visitor) desk.Connection { return desk.Connection{Account: v.Account, Visitor: v} }

// write stores a customer's message, and relays it and all that was stored with it.
func (h *host) write(v desk.Visitor, text string) desk.Message {
	h.t.Helper()
	m, _, err := h.Write(h.t.Context(), v, desk.Body{ClientID: desk.NewID(time.Now()), Text: text})
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.Relay(h.t.Context(), desk.Fact{Account: v.Account, Message: &desk.MessageFact{Now: m}}); err != nil {
		h.t.Fatal(err)
	}
	return m
}

// ticketFor makes a ticket and relays that it was made.
func (h *host) ticketFor(who desk.AgentID, requester desk.ContactID) desk.Ticket {
	h.t.Helper()
	by, err := h.WhoIs(h.t.Context(), staff(who))
	if err != nil {
		h.t.Fatal(err)
	}
	ticket, err := h.CreateTicket(h.t.Context(), by, desk.NewTicket{ClientID: desk.NewID(time.Now()), Subject: "Shoes", Requester: requester})
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.Relay(h.t.Context(), desk.Fact{Account: "demo", Ticket: &desk.TicketFact{Now: ticket}}); err != nil {
		h.t.Fatal(err)
	}
	return ticket
}

func (h *host) ticket(c desk.Connection) string {
	h.t.Helper()
	ticket, err := h.LiveTicket(h.t.Context(), c)
	if err != nil {
		h.t.Fatal(err)
	}
	return ticket
}

// dial opens a socket, or gives the status of the refusal.
func (h *host) dial(ticket, origin string) (*websocket.Conn, int) {
	h.t.Helper()
	opts := &websocket.DialOptions{HTTPHeader: http.Header{}}
	if origin != "" {
		opts.HTTPHeader.Set("Origin", origin)
	}
	conn, res, err := websocket.Dial(h.t.Context(), h.http.URL+"/live?ticket="+ticket, opts)
	if err != nil && (res == nil || res.StatusCode == http.StatusSwitchingProtocols) {
		h.t.Fatal(err)
	}
	if err != nil {
		return nil, res.StatusCode
	}
	conn.SetReadLimit(1 << 20)
	h.t.Cleanup(func() { conn.CloseNow() })
	return conn, http.StatusSwitchingProtocols
}

// client is an end of a socket that speaks JSON.
type client struct {
	h    *host
	conn *websocket.Conn
}

func (h *host) connect(c desk.Connection) client {
	h.t.Helper()
	conn, status := h.dial(h.ticket(c), "")
	if conn == nil {
		h.t.Fatalf("refused with %d", status)
	}
	return client{h, conn}
}

// said is any frame from the server.
type said struct {
	ID           string
	Type         string
	Conversation desk.ConversationID
	Version      int
	Data         map[string]any
	Error        struct {
		Code           desk.Code
		Message, Field string
	}
}

func (c client) send(frame string) {
	c.h.t.Helper()
	ctx, cancel := context.WithTimeout(c.h.t.Context(), 10*time.Second)
	defer cancel()
	if err := c.conn.Write(ctx, websocket.MessageText, []byte(frame)); err != nil {
		c.h.t.Fatalf("send %.60s: %v", frame, err)
	}
}

func (c client) read() (said, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var f said
	_, raw, err := c.conn.Read(ctx)
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(raw, &f)
}

// next reads up to the next frame of the type.
func (c client) next(kind string) said {
	c.h.t.Helper()
	for {
		f, err := c.read()
		if err != nil {
			c.h.t.Fatalf("waiting for %s: %v", kind, err)
		}
		if f.Type == kind {
			return f
		}
	}
}

// ask sends a frame and gives its answer.
func (c client) ask(frame string) said {
	c.h.t.Helper()
	c.send(frame)
	for {
		f, err := c.read()
		if err != nil {
			c.h.t.Fatalf("waiting for the answer to %.60s: %v", frame, err)
		}
		if f.Type == "ok" || f.Type == "pong" || f.Type == "error" {
			return f
		}
	}
}

// closed reads until the server closes, and gives its code.
func (c client) closed() websocket.StatusCode {
	c.h.t.Helper()
	for {
		if _, err := c.read(); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}

func (h *host) listeners(topic desk.Topic) int {
	h.t.Helper()
	found, err := h.books.Listeners(h.t.Context(), true, topic)
	if err != nil {
		h.t.Fatal(err)
	}
	return len(found)
}
