package live_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/live"
)

func TestBothSidesHearEachOther(t *testing.T) {
	h := newHost(t, nil)
	v := h.visitor("web")
	console, page, second := h.connect(staff("ana")), h.connect(widget(v)), h.connect(widget(v))
	m := h.write(v, "Hola")
	if got := console.next("message.created"); got.ID != string(m.ID) || got.Conversation != m.Conversation {
		t.Errorf("the department got %+v", got)
	}
	if got := page.next("message.created"); got.ID != string(m.ID) {
		t.Errorf("the customer's window got %+v", got)
	}
	if got := second.next("message.created"); got.ID != string(m.ID) {
		t.Errorf("the customer's second window got %+v", got)
	}
	t.Run("Watch", func(t *testing.T) {
		if got := console.ask(fmt.Sprintf(`{"type":"watch","id":"w1","conversation":%q}`, m.Conversation)); got.Type != "ok" || got.ID != "w1" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("Typing", func(t *testing.T) {
		page.send(`{"type":"typing","on":true}`)
		if got := console.next("typing"); got.Data["on"] != true {
			t.Errorf("the agent got %+v", got)
		}
		console.send(fmt.Sprintf(`{"type":"typing","conversation":%q,"on":false}`, m.Conversation))
		if got := page.next("typing"); got.Data["on"] != false {
			t.Errorf("the customer got %+v", got)
		}
	})
	t.Run("Read", func(t *testing.T) {
		console.send(fmt.Sprintf(`{"type":"read","conversation":%q,"up_to":%q}`, m.Conversation, m.ID))
		if got := page.next("read"); got.Data["read_to"] != string(m.ID) {
			t.Errorf("the customer got %+v", got)
		}
		page.send(fmt.Sprintf(`{"type":"read","conversation":%q,"up_to":%q}`, m.Conversation, m.ID))
		for got := console.next("read"); got.Data["customer_read"] != string(m.ID); got = console.next("read") {
		}
	})
	t.Run("DoublesBearTheSameID", func(t *testing.T) {
		fact := desk.Fact{Account: "demo", Message: &desk.MessageFact{Now: m}}
		for range 2 {
			if err := h.Relay(t.Context(), fact); err != nil {
				t.Fatal(err)
			}
		}
		if a, b := page.next("message.created"), page.next("message.created"); a.ID != b.ID || a.ID != string(m.ID) {
			t.Errorf("got ids %q and %q", a.ID, b.ID)
		}
	})
	t.Run("Unwatch", func(t *testing.T) {
		if got := console.ask(fmt.Sprintf(`{"type":"unwatch","id":"w2","conversation":%q}`, m.Conversation)); got.Type != "ok" {
			t.Errorf("got %+v", got)
		}
		if n := h.listeners(desk.ConversationTopic(m.Conversation)); n != 0 {
			t.Errorf("%d still watch", n)
		}
	})
	t.Run("WatchTickets", func(t *testing.T) {
		if got := console.ask(`{"type":"watch_tickets","id":"w3"}`); got.Type != "ok" || h.listeners(desk.TicketsTopic) != 1 {
			t.Errorf("got %+v", got)
		}
		ticket := h.ticketFor("ana", v.Contact)
		if got := console.next("ticket.changed"); got.Data["number"] != float64(ticket.Number) || got.Data["version"] != 1.0 {
			t.Errorf("got %+v", got)
		}
		if got := console.ask(`{"type":"unwatch_tickets","id":"w4"}`); got.Type != "ok" || h.listeners(desk.TicketsTopic) != 0 {
			t.Errorf("got %+v", got)
		}
		topic := desk.TicketTopic(ticket.Number)
		if got := console.ask(fmt.Sprintf(`{"type":"watch_ticket","id":"w5","ticket":%d}`, ticket.Number)); got.Type != "ok" || got.Version != ticket.Version || h.listeners(topic) != 1 {
			t.Errorf("got %+v", got)
		}
		if got := console.ask(`{"type":"watch_ticket","id":"w5b","ticket":999}`); got.Error.Code != desk.NotFound || h.listeners(desk.TicketTopic(999)) != 0 {
			t.Errorf("of no ticket: %+v", got)
		}
		if got := console.ask(fmt.Sprintf(`{"type":"unwatch_ticket","id":"w6","ticket":%d}`, ticket.Number)); got.Type != "ok" || h.listeners(topic) != 0 {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("Disconnect", func(t *testing.T) {
		for _, window := range []client{page, second} {
			if err := window.conn.Close(websocket.StatusNormalClosure, ""); err != nil {
				t.Error(err)
			}
		}
		h.await("the window to be forgotten", func() bool { return h.listeners(desk.CustomerTopic(v.Contact, "web")) == 0 })
	})
}

func TestPingKeepsAnAgentPresent(t *testing.T) { // B9
	h := newHost(t, nil)
	console := h.connect(staff("ana"))
	presence := func() desk.Presence {
		t.Helper()
		seat, err := h.books.Seat(t.Context(), "ana")
		if err != nil {
			t.Fatal(err)
		}
		return seat.Presence(time.Now().Add(time.Duration(h.skew.Load())))
	}
	if got := presence(); got != desk.Connected {
		t.Errorf("after the connection she is %s", got)
	}
	for range 10 {
		h.skew.Add(int64(50 * time.Second))
		if got := console.ask(`{"type":"ping","id":"p"}`); got.Type != "pong" || got.ID != "p" {
			t.Fatalf("got %+v", got)
		}
		if got := presence(); got != desk.Connected {
			t.Errorf("though she pings she is %s", got)
		}
	}
	h.skew.Add(int64(50 * time.Second))
	console.send(`{"type":"ping","quiet":true}`)
	if got := console.ask(`{"type":"ping","id":"q"}`); got.Type != "pong" || got.ID != "q" {
		t.Fatalf("a quiet ping is answered: %+v", got)
	}
	h.skew.Add(int64(151 * time.Second))
	if got := presence(); got != desk.Disconnected {
		t.Errorf("150 s after the last ping she is %s", got)
	}
}

func TestWhoMayConnect(t *testing.T) {
	h := newHost(t, func(o *live.ServerOptions) {
		o.AllowOrigin = func(origin string, _ *http.Request) bool { return origin == "https://friend.example" }
	})
	const open = http.StatusSwitchingProtocols
	for name, test := range map[string]struct {
		who    desk.Connection
		origin string
		want   int
	}{
		"OK/NoBrowser":              {staff("ana"), "", open},
		"OK/SameHost":               {staff("ana"), h.http.URL, open},
		"OK/Console":                {staff("ana"), "https://console.example", open},
		"OK/Allowed":                {staff("ana"), "https://friend.example", open},
		"ErrForbidden/AgentOnASite": {staff("ana"), shopOrigin, 403},
		"ErrForbidden/Scheme":       {staff("ana"), "http://console.example", 403},
		"ErrForbidden/NullOrigin":   {staff("ana"), "null", 403},
		"OK/AnySite":                {widget(h.visitor("web")), "https://anywhere.example", open},
		"OK/ItsSite":                {widget(h.visitor("shop")), shopOrigin, open},
		"OK/WidgetOnTheDesk":        {widget(h.visitor("shop")), h.http.URL, open},
		"ErrForbidden/OtherSite":    {widget(h.visitor("shop")), "https://anywhere.example", 403},
	} {
		t.Run(name, func(t *testing.T) {
			topic := desk.AgentTopic(test.who.Agent)
			if test.who.Agent == "" {
				topic = desk.CustomerTopic(test.who.Visitor.Contact, test.who.Visitor.Inbox)
			}
			before := h.listeners(topic)
			conn, status := h.dial(h.ticket(test.who), test.origin)
			if status != test.want {
				t.Errorf("got %d, want %d", status, test.want)
			}
			if after := h.listeners(topic); conn == nil && after != before {
				t.Errorf("refused, and yet it listens")
			}
		})
	}
	t.Run("ErrUnauthenticated", func(t *testing.T) {
		used := h.ticket(staff("ana"))
		if _, status := h.dial(used, ""); status != open {
			t.Fatalf("the fresh ticket: %d", status)
		}
		late := h.ticket(staff("ana"))
		h.skew.Store(int64(61 * time.Second))
		defer h.skew.Store(0)
		for name, ticket := range map[string]string{"Used": used, "Late": late, "Unknown": "x", "None": ""} {
			if _, status := h.dial(ticket, ""); status != 401 {
				t.Errorf("%s: got %d, want 401", name, status)
			}
		}
	})
	t.Run("ErrInvalid/NoUpgradeKeepsTheTicket", func(t *testing.T) {
		ticket := h.ticket(staff("ana"))
		res, err := http.Get(h.http.URL + "/live?ticket=" + ticket)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusBadRequest {
			t.Errorf("got %d, want 400", res.StatusCode)
		}
		if _, status := h.dial(ticket, ""); status != open {
			t.Errorf("the ticket was spent: %d", status)
		}
	})
}

func TestBadFramesAreAnswered(t *testing.T) {
	h := newHost(t, nil)
	v := h.visitor("web")
	m := h.write(v, "Hola")
	other := h.write(h.visitor("web"), "Hola")
	console, page := h.connect(staff("ana")), h.connect(widget(v))
	for name, test := range map[string]struct {
		from  client
		frame string
		code  desk.Code
		field string
	}{
		"Empty":                 {console, ``, desk.Invalid, "frame"},
		"NotJSON":               {console, `hello`, desk.Invalid, "frame"},
		"Array":                 {console, `[]`, desk.Invalid, "frame"},
		"Two":                   {console, `{"type":"ping"}{"type":"ping"}`, desk.Invalid, "frame"},
		"UTF8":                  {console, "{\"type\":\"ping\",\"id\":\"\xff\"}", desk.Invalid, "frame"},
		"NoType":                {console, `{}`, desk.Invalid, "type"},
		"UnknownType":           {console, `{"type":"shout"}`, desk.Invalid, "type"},
		"UnknownField":          {console, `{"type":"ping","extra":1}`, desk.Invalid, "extra"},
		"WrongType":             {console, `{"type":"typing","conversation":"c","on":"yes"}`, desk.Invalid, "on"},
		"LongID":                {console, `{"type":"ping","id":"` + strings.Repeat("x", 65) + `"}`, desk.Invalid, "id"},
		"NoConversation":        {console, `{"type":"watch"}`, desk.Invalid, "conversation"},
		"NoOn":                  {console, `{"type":"typing","conversation":"c"}`, desk.Invalid, "on"},
		"NoUpTo":                {console, `{"type":"read","conversation":"c"}`, desk.Invalid, "up_to"},
		"ForeignField":          {console, `{"type":"ping","on":true}`, desk.Invalid, "on"},
		"QuietWatch":            {console, `{"type":"watch","id":"q","conversation":"c","quiet":true}`, desk.Invalid, "quiet"},
		"UpTo":                  {console, `{"type":"read","conversation":"` + string(m.Conversation) + `","up_to":"x"}`, desk.Invalid, "up_to"},
		"NoSuch":                {console, `{"type":"watch","conversation":"nothing"}`, desk.NotFound, ""},
		"NoTicket":              {console, `{"type":"watch_ticket"}`, desk.Invalid, "ticket"},
		"TicketOfText":          {console, `{"type":"watch_ticket","ticket":"7"}`, desk.Invalid, "ticket"},
		"NoSuchTicket":          {console, `{"type":"watch_ticket","ticket":-7}`, desk.NotFound, ""},
		"OneOfAll":              {console, `{"type":"watch_tickets","ticket":7}`, desk.Invalid, "ticket"},
		"VisitorWatchesTickets": {page, `{"type":"watch_tickets"}`, desk.Invalid, "type"},
		"NoSuchTyping":          {console, `{"type":"typing","conversation":"nothing","on":true}`, desk.NotFound, ""},
		"VisitorWatches":        {page, `{"type":"watch","conversation":"` + string(m.Conversation) + `"}`, desk.Invalid, "type"},
		"VisitorTypesInto":      {page, `{"type":"typing","conversation":"c","on":true}`, desk.Invalid, "conversation"},
		"VisitorReadsOthers": {page, fmt.Sprintf(`{"type":"read","conversation":%q,"up_to":%q}`, other.Conversation, other.ID),
			desk.NotFound, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h.skew.Add(int64(time.Second)) // past the limit of frames
			got := test.from.ask(test.frame)
			if got.Type != "error" || got.Error.Code != test.code || got.Error.Field != test.field || got.Error.Message == "" {
				t.Errorf("got %+v, want %s %s", got, test.code, test.field)
			}
		})
	}
	t.Run("OK/IDInTheAnswer", func(t *testing.T) {
		if got := console.ask(`{"type":"shout","id":"7"}`); got.ID != "7" {
			t.Errorf("got %+v", got)
		}
	})
}

func TestServerCloses(t *testing.T) {
	t.Run("TooLarge", func(t *testing.T) {
		c := newHost(t, nil).connect(staff("ana"))
		c.send(`{"type":"ping","id":"` + strings.Repeat("x", 4<<10) + `"}`)
		if got := c.closed(); got != websocket.StatusMessageTooBig {
			t.Errorf("closed with %d", got)
		}
	})
	t.Run("Binary", func(t *testing.T) {
		c := newHost(t, nil).connect(staff("ana"))
		if err := c.conn.Write(t.Context(), websocket.MessageBinary, []byte(`{"type":"ping"}`)); err != nil {
			t.Fatal(err)
		}
		if got := c.closed(); got != websocket.StatusUnsupportedData {
			t.Errorf("closed with %d", got)
		}
	})
	t.Run("Flood", func(t *testing.T) {
		c := newHost(t, nil).connect(staff("ana"))
		limited := 0
		for range 400 {
			if c.conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"shout"}`)) != nil {
				break // closed meanwhile
			}
		}
		for {
			f, err := c.read()
			if err != nil {
				if got := websocket.CloseStatus(err); got != websocket.StatusPolicyViolation && !errors.Is(err, net.ErrClosed) {
					t.Errorf("closed with %v", err)
				}
				break
			}
			if f.Error.Code == desk.Limited {
				limited++
			}
		}
		if limited == 0 || limited > 200 {
			t.Errorf("refused %d frames before the end", limited)
		}
	})
	t.Run("OK/TypingIsLimitedByPerson", func(t *testing.T) {
		h := newHost(t, nil)
		m := h.write(h.visitor("web"), "Hola")
		two := []client{h.connect(staff("ana")), h.connect(staff("ana"))}
		refused := 0
		for i := range 24 {
			f := two[i%2].ask(`{"type":"typing","id":"t","conversation":"` + string(m.Conversation) + `","on":true}`)
			if f.Type == "error" {
				refused++
				if f.Error.Code != desk.Limited {
					t.Errorf("refused with %+v", f.Error)
				}
			}
		}
		if refused == 0 || refused > 4 {
			t.Errorf("%d of 24 refused", refused)
		}
		if f := two[0].ask(`{"type":"ping"}`); f.Type != "pong" {
			t.Errorf("other frames: %+v", f)
		}
	})
	t.Run("AgentDeleted", func(t *testing.T) {
		h := newHost(t, nil)
		c := h.connect(staff("ana"))
		gone := agent("ana")
		gone.Deleted = true
		h.save(gone)
		c.send(`{"type":"ping"}`)
		if got := c.closed(); got != websocket.StatusPolicyViolation {
			t.Errorf("closed with %d", got)
		}
	})
	t.Run("Age", func(t *testing.T) {
		c := newHost(t, func(o *live.ServerOptions) { o.Age = 20 * time.Millisecond }).connect(staff("ana"))
		if got := c.closed(); got != websocket.StatusGoingAway {
			t.Errorf("closed with %d", got)
		}
	})
	t.Run("Idle", func(t *testing.T) {
		c := newHost(t, func(o *live.ServerOptions) { o.Idle = 20 * time.Millisecond }).connect(staff("ana"))
		if got := c.closed(); got != websocket.StatusPolicyViolation {
			t.Errorf("closed with %d", got)
		}
	})
	t.Run("PingsKeepItOpen", func(t *testing.T) {
		h := newHost(t, func(o *live.ServerOptions) { o.Idle = time.Second })
		c := h.connect(staff("ana"))
		begun := time.Now()
		for time.Since(begun) < 1500*time.Millisecond {
			h.skew.Add(int64(time.Second)) // past the limit of frames
			c.ask(`{"type":"ping"}`)
		}
	})
	t.Run("Shutdown", func(t *testing.T) {
		h := newHost(t, nil)
		a, b := h.connect(staff("ana")), h.connect(widget(h.visitor("web")))
		done := make(chan error, 1)
		go func() { done <- h.server.Shutdown(t.Context()) }()
		for _, c := range []client{a, b} {
			if got := c.closed(); got != websocket.StatusGoingAway {
				t.Errorf("closed with %d", got)
			}
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		if n := h.listeners(desk.AgentTopic("ana")); n != 0 {
			t.Errorf("%d connections are not forgotten", n)
		}
		if _, status := h.dial(h.ticket(staff("ana")), ""); status != 503 {
			t.Errorf("after the shutdown: %d, want 503", status)
		}
	})
}

// rawSocket is a client that upgrades and then neither reads nor writes, as one whose machine sleeps.
func (h *host) rawSocket(ticket string) net.Conn {
	h.t.Helper()
	conn, err := net.Dial("tcp", h.http.Listener.Addr().String())
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "GET /live?ticket=%s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", ticket, conn.RemoteAddr())
	return conn
}

func TestHalfOpenSocketIsForgotten(t *testing.T) {
	h := newHost(t, func(o *live.ServerOptions) { o.Idle = 50 * time.Millisecond })
	conn := h.rawSocket(h.ticket(staff("ana")))
	h.await("the connection", func() bool { return h.listeners(desk.AgentTopic("ana")) == 1 })
	h.await("its end", func() bool { return h.listeners(desk.AgentTopic("ana")) == 0 })
	conn.Close()
}

func TestSlowReaderHarmsNobody(t *testing.T) {
	h := newHost(t, func(o *live.ServerOptions) { o.Write = 100 * time.Millisecond })
	v := h.visitor("web")
	m := h.write(v, "Hola")
	topic := desk.CustomerTopic(v.Contact, "web")
	fast, slow := h.connect(widget(v)), h.rawSocket(h.ticket(widget(v)))
	h.await("both windows", func() bool { return h.listeners(topic) == 2 })
	c, err := h.books.Conversation(t.Context(), m.Conversation)
	if err != nil {
		t.Fatal(err)
	}
	m.Text, m.Author = strings.Repeat("x", 30<<10), desk.Actor{Kind: desk.ByUser, ID: "ana", Name: "Ana"} // his own a lone window does not hear
	sent := 0
	for h.listeners(topic) == 2 { // until the slow one is dropped
		sent++
		begun := time.Now()
		err := h.announce(t.Context(), desk.Announcement{Account: "demo", ID: fmt.Sprint(sent), Kind: desk.AnnounceMessage, Conversation: c, Message: &m})
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took > 2*time.Second {
			t.Fatalf("an announcement waited %v for the slow reader", took)
		}
		if got := fast.next("message.created"); got.ID != fmt.Sprint(sent) {
			t.Fatalf("the fast reader got %s, want %d", got.ID, sent)
		}
		if sent > 5000 {
			t.Fatal("the slow reader is never dropped")
		}
	}
	if n := h.listeners(topic); n != 1 {
		t.Errorf("%d windows are left, want the fast one", n)
	}
	slow.Close()
	if got := fast.ask(`{"type":"ping"}`); got.Type != "pong" {
		t.Errorf("the fast reader got %+v", got)
	}
}

// TestEndpointWithoutMemory: behind API Gateway every frame may come to another process.
func TestEndpointWithoutMemory(t *testing.T) {
	h := newHost(t, nil)
	fresh := func() *live.Endpoint { return live.NewEndpoint(h.Desk, live.EndpointOptions{}) }
	id := desk.ConnectionID("gateway-1=")
	if _, err := fresh().Connect(t.Context(), id, h.ticket(staff("ana")), ""); err != nil {
		t.Fatal(err)
	}
	answer, err := fresh().Receive(t.Context(), id, []byte(`{"type":"ping"}`))
	if err != nil || string(answer) != `{"type":"pong"}` {
		t.Errorf("got %s, %v", answer, err)
	}
	for range 2 {
		if err := fresh().Disconnect(t.Context(), id); err != nil {
			t.Error(err)
		}
	}
	if n := h.listeners(desk.AgentTopic("ana")); n != 0 {
		t.Errorf("%d connections are not forgotten", n)
	}
	if answer, err := fresh().Receive(t.Context(), id, []byte(`{"type":"ping"}`)); !desk.Is(err, desk.NotFound) || answer != nil {
		t.Errorf("got %s, %v; want not_found, so that the host closes", answer, err)
	}
}

// Who types is not told so himself: every frame is paid for.
func TestNobodyHearsHimselfType(t *testing.T) {
	h := newHost(t, nil)
	v := h.visitor("web")
	console, page := h.connect(staff("ana")), h.connect(widget(v))
	m := h.write(v, "Hola")
	console.ask(fmt.Sprintf(`{"type":"watch","id":"w1","conversation":%q}`, m.Conversation))
	console.send(fmt.Sprintf(`{"type":"typing","conversation":%q,"on":true}`, m.Conversation))
	page.next("typing")
	page.send(`{"type":"typing","on":true}`)
	if got := console.next("typing"); fmt.Sprint(got.Data["by"]) == "" || strings.Contains(fmt.Sprint(got.Data["by"]), "ana") {
		t.Errorf("the agent hears herself type: %+v", got)
	}
}
