package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/live"
	"github.com/relevo/relevo/internal/local"
)

// office is a store of listeners alone: who hears what, each under his own name.
type office struct {
	desk.Store
	desk.Books
	mu     sync.Mutex
	topics map[desk.ConnectionID][]desk.Topic
	down   desk.Topic // the look-up of this topic fails
}

func (o *office) Account(desk.AccountID) desk.Books { return o }

func (o *office) Listeners(_ context.Context, _ bool, topics ...desk.Topic) ([]desk.Listener, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if slices.Contains(topics, o.down) {
		return nil, desk.Errorf(desk.Unavailable, "the table is away")
	}
	var found []desk.Listener
	for id, heard := range o.topics {
		if slices.ContainsFunc(heard, func(t desk.Topic) bool { return slices.Contains(topics, t) }) {
			found = append(found, desk.Listener{ID: id, Line: desk.LineOf(string(id))})
		}
	}
	return found, nil
}

func (o *office) Lost(_ context.Context, id desk.ConnectionID) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.topics, id)
	return nil
}

// newOffice: ana is attending, luis is asked to take over, ines looks at it and at ticket 7, otto and sal work in support and sales,
// vera is another agent, the customer has two windows, and a third that knows her by name; someone else is a customer too.
func newOffice() *office {
	return &office{topics: map[desk.ConnectionID][]desk.Topic{
		"ana":      {desk.AgentTopic("ana")},
		"luis":     {desk.AgentTopic("luis")},
		"ines":     {desk.AgentTopic("ines"), desk.ConversationTopic("c1"), desk.TicketTopic(7)},
		"otto":     {desk.AgentTopic("otto"), desk.DepartmentTopic("support")},
		"sal":      {desk.AgentTopic("sal"), desk.DepartmentTopic("sales")},
		"vera":     {desk.AgentTopic("vera"), desk.ConversationTopic("c2"), desk.TicketTopic(70), desk.TicketsTopic},
		"window-1": {desk.CustomerTopic("maria", "web")},
		"window-2": {desk.CustomerTopic("maria", "web")},
		"portal":   {desk.CustomerTopic("maria", "shop"), desk.RequesterTopic("maria")},
		"stranger": {desk.CustomerTopic("maria", "shop"), desk.CustomerTopic("pedro", "web"), desk.RequesterTopic("pedro")},
	}}
}

// shapes tell the staff's form from the customer's.
var shapes = live.Shapes{
	Message: func(m desk.Message, forCustomer bool) any {
		return map[string]any{"id": m.ID, "text": m.Text, "customer": forCustomer}
	},
	Conversation: func(_ desk.AccountID, c *desk.Conversation, forCustomer bool) any {
		return map[string]any{"id": c.ID, "customer": forCustomer}
	},
	Notification: func(n desk.Notification) any { return map[string]any{"id": n.ID} },
	Seat:         func(s desk.Seat) any { return map[string]any{"agent": s.Agent} },
}

// hear announces and gives what each connection got.
func hear(t *testing.T, o *office, what desk.Announcement) map[string]string {
	t.Helper()
	push := local.NewPush()
	boxes := map[desk.ConnectionID]<-chan []byte{}
	for id := range o.topics {
		box, end := push.Register(id)
		defer end()
		boxes[id] = box
	}
	what.Account, what.ID = "demo", "a1"
	if err := live.NewAnnouncer(o, push, shapes)(t.Context(), what); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for id, box := range boxes {
		if len(box) > 1 {
			t.Errorf("%s got %d frames of one announcement", id, len(box))
		}
		if len(box) > 0 {
			got[string(id)] = string(<-box)
		}
	}
	return got
}

func names(heard map[string]string) []string { return slices.Sorted(maps.Keys(heard)) }

func attended() *desk.Conversation {
	return &desk.Conversation{ID: "c1", Contact: "maria", Inbox: "web", Channel: desk.WebChat, Department: "support",
		Status: desk.Open, Assignee: "ana"}
}

func with(c *desk.Conversation, change func(*desk.Conversation)) *desk.Conversation {
	change(c)
	return c
}

var (
	waiting = func(c *desk.Conversation) { c.Assignee, c.WaitsFor = "", "luis" }
	queued  = func(c *desk.Conversation) { c.Assignee = "" }
	muted   = func(c *desk.Conversation) { c.Muted = true }
	phone   = func(c *desk.Conversation) { c.Channel = desk.WhatsApp }
	solved  = func(c *desk.Conversation) { c.Assignee, c.Status = "", desk.Resolved }
)

func message(kind desk.MessageKind, by desk.ActorKind) *desk.Message {
	return &desk.Message{ID: "m1", Kind: kind, Author: desk.Actor{Kind: by, ID: "x", Name: "X"}, Text: "Hola"}
}

// written is a customer's message that names the window it was written in.
func written(line desk.LineName) *desk.Message {
	m := message(desk.MessageText, desk.ByCustomer)
	m.Line = line
	return m
}

func line(e desk.EventType, data ...string) *desk.Message {
	m := &desk.Message{ID: "m2", Kind: desk.ActivityKind, Event: e, Data: map[string]string{}}
	for i := 0; i+1 < len(data); i += 2 {
		m.Data[data[i]] = data[i+1]
	}
	return m
}

func TestWhoHears(t *testing.T) {
	customer, user := desk.Actor{Kind: desk.ByCustomer}, desk.Actor{Kind: desk.ByUser, ID: "ana", Name: "Ana"}
	const kindMessage, kindChange, kindConversation = desk.AnnounceMessage, desk.AnnounceChange, desk.AnnounceConversation
	for name, test := range map[string]struct {
		what desk.Announcement
		want string
	}{
		"Message/OfTheCustomer": {desk.Announcement{Kind: kindMessage, Conversation: attended(),
			Message: message(desk.MessageText, desk.ByCustomer)}, "ana ines window-1 window-2"},
		"Message/OfAWindow": {desk.Announcement{Kind: kindMessage, Conversation: attended(),
			Message: written(desk.LineOf("window-1"))}, "ana ines window-2"},
		"Message/OfAWindowChanged": {desk.Announcement{Kind: kindChange, Conversation: attended(),
			Message: written(desk.LineOf("window-1"))}, "ana ines window-1 window-2"},
		"Message/OfAWindowThatIsGone": {desk.Announcement{Kind: kindMessage, Conversation: attended(),
			Message: written(desk.LineOf("window-3"))}, "ana ines window-1 window-2"},
		"Message/NobodyElseIsSilenced": {desk.Announcement{Kind: kindMessage, Conversation: attended(),
			Message: written(desk.LineOf("ana"))}, "ana ines window-1 window-2"},
		"Message/Reply": {desk.Announcement{Kind: kindMessage, Conversation: attended(),
			Message: message(desk.MessageText, desk.ByUser)}, "ana ines window-1 window-2"},
		"Message/Greeting": {desk.Announcement{Kind: kindMessage, Conversation: with(attended(), queued),
			Message: message(desk.MessageText, desk.BySystem)}, "ines otto window-1 window-2"},
		"Message/Changed": {desk.Announcement{Kind: kindChange, Conversation: attended(),
			Message: message(desk.MessageText, desk.ByUser)}, "ana ines window-1 window-2"},
		"Message/Note B30": {desk.Announcement{Kind: kindMessage, Conversation: attended(),
			Message: message(desk.NoteKind, desk.ByUser)}, "ana ines"},
		"Message/NoteChanged B30": {desk.Announcement{Kind: kindChange, Conversation: attended(),
			Message: message(desk.NoteKind, desk.ByUser)}, "ana ines"},
		"Message/Activity B47": {desk.Announcement{Kind: kindMessage, Conversation: attended(),
			Message: message(desk.ActivityKind, desk.ByUser)}, "ana ines"},
		"Message/Waiting B50": {desk.Announcement{Kind: kindMessage, Conversation: with(attended(), waiting),
			Message: message(desk.MessageText, desk.ByCustomer)}, "ines luis window-1 window-2"},
		"Message/Unassigned": {desk.Announcement{Kind: kindMessage, Conversation: with(attended(), queued),
			Message: message(desk.MessageText, desk.ByCustomer)}, "ines otto window-1 window-2"},
		"Message/ResolvedIsNobodys": {desk.Announcement{Kind: kindMessage, Conversation: with(attended(), solved),
			Message: message(desk.MessageText, desk.ByCustomer)}, "ines window-1 window-2"},
		"Message/Muted B35": {desk.Announcement{Kind: kindMessage, Conversation: with(attended(), muted),
			Message: message(desk.MessageText, desk.ByCustomer)}, "ines window-1 window-2"},
		"Message/MutedReply B35": {desk.Announcement{Kind: kindMessage, Conversation: with(attended(), muted),
			Message: message(desk.MessageText, desk.ByUser)}, "ana ines window-1 window-2"},
		"Message/WhatsApp": {desk.Announcement{Kind: kindMessage, Conversation: with(attended(), phone),
			Message: message(desk.MessageText, desk.ByCustomer)}, "ana ines"},

		"Conversation/Labelled": {desk.Announcement{Kind: kindConversation, Conversation: attended(),
			Message: line(desk.ConversationLabelled)}, "ana ines"},
		"Conversation/WithoutLine": {desk.Announcement{Kind: kindConversation, Conversation: attended()}, "ana ines"},
		"Conversation/AssignedLeavesTheQueue": {desk.Announcement{Kind: kindConversation, Conversation: attended(),
			Message: line(desk.ConversationAssigned)}, "ana ines otto"},
		"Conversation/Transferred": {desk.Announcement{Kind: kindConversation, Conversation: attended(),
			Message: line(desk.ConversationTransferred, desk.WasAssignee, "luis", desk.WasDepartment, "sales")},
			"ana ines luis otto sal"},
		"Conversation/Closed": {desk.Announcement{Kind: kindConversation, Conversation: with(attended(), solved),
			Message: line(desk.ConversationClosed, desk.WasAssignee, "ana")}, "ana ines otto window-1 window-2"},

		"Typing/Customer": {desk.Announcement{Kind: desk.AnnounceTyping, Conversation: attended(),
			Typing: &desk.Typing{By: customer, On: true}}, "ana ines"},
		"Typing/CustomerMuted B35": {desk.Announcement{Kind: desk.AnnounceTyping, Conversation: with(attended(), muted),
			Typing: &desk.Typing{By: customer, On: true}}, "ines"},
		"Typing/CustomerUnassigned": {desk.Announcement{Kind: desk.AnnounceTyping, Conversation: with(attended(), queued),
			Typing: &desk.Typing{By: customer}}, "ines"},
		"Typing/Agent": {desk.Announcement{Kind: desk.AnnounceTyping, Conversation: attended(),
			Typing: &desk.Typing{By: user, On: true}}, "ines window-1 window-2"},
		"Read":       {desk.Announcement{Kind: desk.AnnounceRead, Conversation: attended()}, "ana ines window-1 window-2"},
		"Transcript": {desk.Announcement{Kind: desk.AnnounceTranscript, Conversation: attended(), Transcript: "sent"}, "window-1 window-2"},
		"Notification": {desk.Announcement{Kind: desk.AnnounceNotification,
			Notification: &desk.Notification{ID: "n", Agent: "vera"}}, "vera"},
		"Ticket": {desk.Announcement{Kind: desk.AnnounceTicket, Ticket: &desk.TicketNews{Number: 7, Version: 2}}, "ines vera"},
		"Ticket/MarkedActionIsNoNewsForLists": {desk.Announcement{Kind: desk.AnnounceTicket,
			Ticket: &desk.TicketNews{Number: 7, Action: "a"}}, "ines"},
		"Ticket/OfItsRequester B88": {desk.Announcement{Kind: desk.AnnounceTicket,
			Ticket: &desk.TicketNews{Number: 7, Action: "a", Requester: "maria"}}, "portal"},
		"Seat": {desk.Announcement{Kind: desk.AnnounceSeat, Seat: &desk.Seat{Agent: "sal"}}, "sal"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(names(hear(t, newOffice(), test.what)), " "); got != test.want {
				t.Errorf("heard by %q, want %q", got, test.want)
			}
		})
	}
}

func TestWhatIsHeard(t *testing.T) {
	t.Run("Message", func(t *testing.T) {
		heard := hear(t, newOffice(), desk.Announcement{Kind: desk.AnnounceMessage, Conversation: attended(),
			Message: message(desk.MessageText, desk.ByUser)})
		want := `{"id":"a1","type":"message.created","conversation":"c1","data":{` +
			`"message":{"customer":%,"id":"m1","text":"Hola"},"conversation":{"customer":%,"id":"c1"}}}`
		for name, forCustomer := range map[string]string{"ana": "false", "window-1": "true"} {
			if got, want := heard[name], strings.ReplaceAll(want, "%", forCustomer); got != want {
				t.Errorf("%s got %s, want %s", name, got, want)
			}
		}
	})
	t.Run("Typing/WithoutTheAgentsID", func(t *testing.T) {
		heard := hear(t, newOffice(), desk.Announcement{Kind: desk.AnnounceTyping, Conversation: attended(),
			Typing: &desk.Typing{By: desk.Actor{Kind: desk.ByUser, ID: "ana", Name: "Ana"}, On: true}})
		want := map[string]string{
			"ines":     `{"id":"a1","type":"typing","conversation":"c1","data":{"by":{"kind":"user","id":"ana","name":"Ana"},"on":true}}`,
			"window-1": `{"id":"a1","type":"typing","conversation":"c1","data":{"by":{"kind":"user","name":"Ana"},"on":true}}`,
		}
		want["window-2"] = want["window-1"]
		if diff := cmp.Diff(want, heard); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("Read", func(t *testing.T) {
		c := attended()
		c.Thread = desk.Thread{ReadTo: "m3", CustomerRead: "m2", Unread: []desk.MessageID{"m4"}}
		heard := hear(t, newOffice(), desk.Announcement{Kind: desk.AnnounceRead, Conversation: c})
		want := map[string]string{
			"ana":      `{"id":"a1","type":"read","conversation":"c1","data":{"read_to":"m3","customer_read":"m2","unread":1}}`,
			"window-1": `{"id":"a1","type":"read","conversation":"c1","data":{"read_to":"m3","customer_read":"m2"}}`,
		}
		for name, want := range want {
			if heard[name] != want {
				t.Errorf("%s got %s, want %s", name, heard[name], want)
			}
		}
	})
	t.Run("Left", func(t *testing.T) {
		heard := hear(t, newOffice(), desk.Announcement{Kind: desk.AnnounceConversation, Conversation: attended(),
			Message: line(desk.ConversationTransferred, desk.WasAssignee, "otto", desk.WasWaitingFor, "luis", "reason", "secret")})
		if want := `{"id":"a1","type":"conversation.left","conversation":"c1","data":{}}`; heard["luis"] != want {
			t.Errorf("who lost it got %s, want %s", heard["luis"], want)
		}
		if !strings.Contains(heard["otto"], `"conversation.updated"`) {
			t.Errorf("who lost it and still sees it got %s, want the update", heard["otto"])
		}
	})
	t.Run("Ticket", func(t *testing.T) {
		heard := hear(t, newOffice(), desk.Announcement{Kind: desk.AnnounceTicket, Ticket: &desk.TicketNews{Number: 7, Version: 2}})
		if want := `{"id":"a1","type":"ticket.changed","data":{"number":7,"version":2}}`; heard["ines"] != want {
			t.Errorf("got %s, want %s", heard["ines"], want)
		}
	})
	t.Run("TooLarge", func(t *testing.T) {
		m := message(desk.MessageText, desk.ByCustomer)
		for size, want := range map[int]string{
			30 << 10: `"text":"ñ`, // whole: no escapes blow it up
			32 << 10: `{"id":"a1","type":"message.created","conversation":"c1","data":{"fetch":"m1"}}`,
		} {
			m.Text = strings.Repeat("ñ", size/2)
			heard := hear(t, newOffice(), desk.Announcement{Kind: desk.AnnounceMessage, Conversation: attended(), Message: m})
			for _, name := range []string{"ana", "window-1"} {
				if got := heard[name]; !strings.Contains(got, want) || len(got) > 32<<10 || !json.Valid([]byte(got)) {
					t.Errorf("%d bytes of text: %s got %d bytes that begin %.80s", size, name, len(got), got)
				}
			}
		}
	})
	t.Run("ErrInternal", func(t *testing.T) {
		for _, what := range []desk.Announcement{
			{Kind: "unheard of", Conversation: attended()}, {Kind: desk.AnnounceMessage, Conversation: attended()},
			{Kind: desk.AnnounceRead}, {Kind: desk.AnnounceSeat}, {Kind: desk.AnnounceTicket}, {Kind: desk.AnnounceNotification, Conversation: attended()},
		} {
			if err := live.NewAnnouncer(newOffice(), local.NewPush(), shapes)(t.Context(), what); !desk.Is(err, desk.Internal) {
				t.Errorf("%s: got %v, want internal", what.Kind, err)
			}
		}
	})
}

// flakyPush fails for some.
type flakyPush struct {
	mu   sync.Mutex
	sent []string
	fail map[desk.ConnectionID]error
}

func (p *flakyPush) Send(_ context.Context, to desk.ConnectionID, _ []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.fail[to]; err != nil {
		return err
	}
	p.sent = append(p.sent, string(to))
	return nil
}

func TestOneFailureHarmsNobodyElse(t *testing.T) {
	what := desk.Announcement{Account: "demo", ID: "a1", Kind: desk.AnnounceMessage, Conversation: attended(),
		Message: message(desk.MessageText, desk.ByCustomer)}
	t.Run("Gone", func(t *testing.T) {
		o := newOffice()
		push := &flakyPush{fail: map[desk.ConnectionID]error{"ana": desk.Errorf(desk.NotFound, "gone")}}
		if err := live.NewAnnouncer(o, push, shapes)(t.Context(), what); err != nil {
			t.Errorf("a connection that is gone is no failure: %v", err)
		}
		slices.Sort(push.sent)
		if got := strings.Join(push.sent, " "); got != "ines window-1 window-2" {
			t.Errorf("sent to %s", got)
		}
		if _, there := o.topics["ana"]; there {
			t.Error("the connection that is gone is still there")
		}
	})
	t.Run("PushFails", func(t *testing.T) {
		o := newOffice()
		cause := errors.New("no route")
		push := &flakyPush{fail: map[desk.ConnectionID]error{"ana": cause, "window-1": cause}}
		if err := live.NewAnnouncer(o, push, shapes)(t.Context(), what); !desk.Is(err, desk.Unavailable) || !errors.Is(err, cause) {
			t.Errorf("got %v, want unavailable", err)
		}
		if len(push.sent) != 2 || len(o.topics) != len(newOffice().topics) {
			t.Errorf("sent to %v, %d connections left", push.sent, len(o.topics))
		}
	})
	t.Run("LookUpFails", func(t *testing.T) {
		o := newOffice()
		o.down = desk.AgentTopic("ana")
		push := &flakyPush{}
		if err := live.NewAnnouncer(o, push, shapes)(t.Context(), what); !desk.Is(err, desk.Unavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
		if len(push.sent) != 2 {
			t.Errorf("sent to %v, want the customer's windows", push.sent)
		}
	})
	t.Run("MoreThanAtOnce", func(t *testing.T) {
		o := newOffice()
		for range 100 {
			o.topics[desk.ConnectionID(desk.NewID(time.Now()))] = []desk.Topic{desk.CustomerTopic("maria", "web")}
		}
		push := &flakyPush{}
		if err := live.NewAnnouncer(o, push, shapes)(t.Context(), what); err != nil || len(push.sent) != 104 {
			t.Errorf("sent to %d, want 104, %v", len(push.sent), err)
		}
	})
}

// Who moves a mark by a frame knows it: his line is not told, his other windows are.
func TestMarksSpareTheirLine(t *testing.T) {
	o := newOffice()
	o.topics["ana-too"] = []desk.Topic{desk.AgentTopic("ana")}
	push := &flakyPush{}
	what := desk.Announcement{Account: "acme", ID: "read/1", Kind: desk.AnnounceRead, By: "ana",
		Conversation: &desk.Conversation{ID: "c1", Contact: "maria", Inbox: "web", Channel: desk.WebChat, Assignee: "ana"}}
	if err := live.NewAnnouncer(o, push, shapes)(t.Context(), what); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(push.sent, "ana") || !slices.Contains(push.sent, "ana-too") || !slices.Contains(push.sent, "window-1") {
		t.Errorf("sent to %v", push.sent)
	}
}
