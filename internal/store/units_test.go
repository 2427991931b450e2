package store_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// TestUnits counts what the desk's acts cost, holds them against docs' targets, and expects the very same figures however
// many conversations lie in the table.
func TestUnits(t *testing.T) {
	sizes := []int{0, 1_000, 100_000}
	if testing.Short() {
		sizes = sizes[:2]
	}
	table := openTable(t)
	u := newUnits(t, table)
	var first map[string]store.Cost
	loaded := 0
	for _, size := range sizes {
		began := time.Now()
		u.bulk(table, size-loaded)
		loaded = max(loaded, size)
		t.Logf("%d conversations in the table (loaded in %.1f s)", loaded, time.Since(began).Seconds())
		clear(u.counted)
		u.acts()
		if first == nil {
			first = maps.Clone(u.counted)
			u.print()
		}
		for act, cost := range u.counted {
			if was := first[act]; off(cost.Write, was.Write) || off(cost.Read, was.Read) {
				t.Errorf("%s costs %v with %d conversations, %v with none", act, cost, loaded, was)
			}
		}
	}
}

// newUnits counts in a table that may hold anything.
func newUnits(t *testing.T, table store.Table) *units {
	t.Helper()
	u := &units{
		T: t, counted: map[string]store.Cost{}, start: time.Now().UTC().Truncate(time.Millisecond),
		account: desk.AccountID(desk.NewID(time.Now())), inbox: desk.InboxID(desk.NewID(time.Now())),
		sales: desk.DepartmentID(desk.NewID(time.Now())), support: desk.DepartmentID(desk.NewID(time.Now())),
		ana: desk.AgentID(desk.NewID(time.Now())), otto: desk.AgentID(desk.NewID(time.Now())), ines: desk.AgentID(desk.NewID(time.Now())),
	}
	still := func() time.Time { return u.start } // what is cached stays so, however slow the table is
	u.books = store.New(table, still).Account(u.account)
	u.ok(u.books.SaveSetting(t.Context(), desk.Account{ID: u.account, Name: "Demo", TimeZone: "UTC", Language: "en"}, desk.Audit{ID: "1"}))
	for _, agent := range []desk.AgentID{u.ana, u.otto} {
		u.ok(u.books.SetCapacity(t.Context(), agent, 1_000_000))
	}
	return u
}

// off reports whether two figures differ by more than one percent.
func off(a, b float64) bool { return math.Abs(a-b) > 0.01*math.Max(a, b) }

// targets are the most units that an act may cost, and the most calls; calls made at once count each.
var targets = []struct {
	act         string
	write, read float64
	calls       int
}{
	{"inbound message", 3, 4, 5}, // three before the answer, two by the relay
	{"inbound message that re-orders the list", 5, 4, 5},
	{"duplicate of it", 1, 1, 2},
	{"delivery state", 1, 0, 1},
	{"reply, web chat", 3, 2, 4},
	{"reply, WhatsApp", 6, 4, 8},
	{"open with 50 messages", 0, 4, 1},
	{"list of 25, all", 0, 14, 2},
	{"list of 25, mine", 0, 14, 2},
	{"list of 25, queue of a department", 0, 14, 3}, // two round trips: its two lanes are read at once
	{"transfer to an agent", 14, 4, 5},
	{"transfer to a department", 14, 4, 5},
	{"close with a new ticket", 32, 6, 10},
	{"close with a new ticket and a survey", 32, 6, 10},
	{"create a ticket", 18, 4, 6},
	{"open a ticket with 50 actions", 0, 4, 2},
	{"words of a ticket and its description", 32, 0, 32},
	{"search by a prefix", 0, 12, 2},
	{"create a contact", 2, 0, 1},
	{"words of a contact", 8, 0, 8}, // one for each
	{"words of an anonymous visitor", 0, 0, 0},
	{"search of contacts by a prefix", 0, 12, 2},
	{"board of 5 columns of 20", 0, 55, 10}, // two round trips: its columns are read at once
	{"list of 25, open tickets", 0, 14, 4},  // likewise its three lanes
	{"list of 25, tickets by due forecast", 0, 14, 2},
	{"list of 25, tickets of a status", 0, 14, 2},
	{"list of 25, tickets of a responsible", 0, 14, 2},
	{"list of 25, tickets of a requester", 0, 14, 2},
	{"one-time code, mailed", 5, 0, 5},
	{"one-time code, entered", 4, 1, 5}, // guesses are counted for the sender and in all
}

func (u *units) print() {
	u.Helper()
	var out strings.Builder
	fmt.Fprintf(&out, "\n%-40s %7s %5s %7s %5s %6s %3s\n", "act", "write", "<=", "read", "<=", "calls", "<=")
	for _, target := range targets {
		cost, counted := u.counted[target.act]
		if !counted {
			u.Errorf("%s was not counted", target.act)
		}
		fmt.Fprintf(&out, "%-40s %7.1f %5.0f %7.1f %5.0f %6d %3d\n",
			target.act, cost.Write, target.write, cost.Read, target.read, cost.Calls, target.calls)
		if cost.Write > target.write || cost.Read > target.read || cost.Calls > target.calls {
			u.Errorf("%s costs %.1f write and %.1f read units in %d calls, want at most %+v", target.act, cost.Write, cost.Read, cost.Calls, target)
		}
	}
	u.Log(out.String())
}

// units counts acts in one account whose ids are all 24 characters long.
type units struct {
	*testing.T
	books          desk.Books
	counted        map[string]store.Cost
	start          time.Time
	account        desk.AccountID
	inbox          desk.InboxID
	sales, support desk.DepartmentID
	ana, otto      desk.AgentID
	ines           desk.AgentID // has nothing else to do but to be listed
	made           int
}

func (u *units) ok(err error) {
	u.Helper()
	if err != nil {
		u.Fatal(err)
	}
}

// count charges what fn does to an act.
func (u *units) count(act string, fn func(ctx context.Context)) {
	ctx, meter := store.WithMeter(u.Context())
	fn(ctx)
	u.counted[act] = meter.Cost()
}

func (u *units) id() string {
	u.made++
	return desk.NewID(u.start.Add(time.Duration(u.made) * time.Millisecond))
}

// conversation is as large as an ordinary one gets: all its people known, unread messages, a full preview.
func (u *units) conversation() *desk.Conversation {
	at := u.start.Add(time.Duration(u.made) * time.Millisecond)
	m := make([]desk.MessageID, 10)
	for i := range m {
		m[i] = desk.MessageID(u.id())
	}
	return &desk.Conversation{
		ID: desk.ConversationID(u.id()), Number: 123456, Contact: desk.ContactID(u.id()), ContactName: "Rosa Fernandez Ruiz",
		ContactEmail: "rosa.fernandez@example.test", Address: u.id(), Inbox: u.inbox, Channel: desk.WhatsApp, CreatedAt: at, Department: u.sales,
		Status: desk.Open, StatusAt: at, Assignee: u.ana, HandedAt: at, Auto: true, EmailStep: desk.EmailDone, EmailAt: m[0],
		Clocks: desk.Clocks{
			Contract: desk.ContractID(u.id()), Since: at, Worked: 90 * time.Minute, NextFor: at, NextWorked: 90 * time.Minute,
			Told: 64,
		},
		Thread: desk.Thread{
			Last: m[9], Preview: strings.Repeat("p", 80), PreviewKind: desk.MessageText, PreviewBy: desk.ByCustomer, FirstCustomer: m[0],
			LastCustomer: m[9], LastReply: m[1], Unread: m, ReadTo: m[1], CustomerRead: m[1], CustomerAt: at, AwaitingSince: at, FirstReplyAt: at,
			Version: 20,
		},
	}
}

// begun is a conversation that is saved and filed.
func (u *units) begun(set func(*desk.Conversation)) *desk.Conversation {
	u.Helper()
	c := u.conversation()
	if set != nil {
		set(c)
	}
	u.ok(u.books.Save(u.Context(), desk.Change{Now: c, Force: true}))
	u.ok(u.books.File(u.Context(), c.ID))
	return c
}

// message is one of 300 bytes.
func (u *units) message(c *desk.Conversation) desk.Message {
	id := u.id()
	return desk.Message{
		ID: desk.MessageID(id), Conversation: c.ID, Inbox: u.inbox, Kind: desk.MessageText, Content: desk.TextContent, Text: strings.Repeat("x", 300),
		Author:     desk.Actor{Kind: desk.ByCustomer, ID: string(c.Contact), Name: c.ContactName},
		ExternalID: "wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA", ProviderAt: u.start,
	}
}

func (u *units) acts() {
	u.messages()
	u.reads()
	transfer := func(act string, set func(c *desk.Conversation)) {
		c := u.begun(nil)
		u.count(act, func(ctx context.Context) {
			was, err := u.books.Conversation(ctx, c.ID)
			u.ok(err)
			now := *was
			set(&now)
			now.Department = u.support
			told := u.line(c, desk.ConversationTransferred)
			u.ok(u.books.Save(ctx, desk.Change{Was: was, Now: &now, Lines: []desk.Message{told}}))
			u.ok(u.books.File(ctx, c.ID))
			u.ok(u.books.Notify(ctx, desk.Notification{ID: string(told.ID), Agent: u.otto, Kind: desk.NotifyTransferred, Conversation: c.ID}))
		})
	}
	transfer("transfer to an agent", func(c *desk.Conversation) { c.Assignee, c.HandedAt = u.otto, u.start })
	u.tickets()
	transfer("transfer to a department", func(c *desk.Conversation) { c.Assignee, c.HandedAt, c.WaitsSince = "", time.Time{}, u.start })

	u.tickets()
	u.closes("close with a new ticket", desk.Survey{})
	u.closes("close with a new ticket and a survey", desk.Survey{AskedAt: u.start})
}

func (u *units) line(c *desk.Conversation, event desk.EventType) desk.Message {
	return desk.Message{
		ID: desk.MessageID(u.id()), Conversation: c.ID, Inbox: u.inbox, Kind: desk.ActivityKind, Event: event,
		Author: desk.Actor{Kind: desk.ByUser, ID: string(u.ana), Name: "Ana Maria Torres"},
		Data:   map[string]string{"agent": string(u.otto), "department": string(u.support), "reason": strings.Repeat("r", 200), "from": string(u.ana)},
	}
}

func (u *units) closes(act string, survey desk.Survey) {
	c := u.begun(func(c *desk.Conversation) { c.Channel = desk.WebChat })
	u.count(act, func(ctx context.Context) {
		was, err := u.books.Conversation(ctx, c.ID)
		u.ok(err)
		n, err := u.books.NextNumber(ctx, "ticket")
		u.ok(err)
		by := desk.Actor{Kind: desk.ByUser, ID: string(u.ana), Name: "Ana Maria Torres"}
		now := *was
		now.Status, now.StatusAt, now.Ticket, now.ClosedAt, now.ClosedBy = desk.Resolved, u.start, n, u.start, by
		now.Note, now.Survey = desk.ClosingNote{Category: "sale"}, survey
		ticket := desk.Ticket{
			Number: n, Type: desk.PublicTicket, Requester: c.Contact, RequesterName: c.ContactName, Subject: "Shoes do not fit", Status: desk.TicketNew, Responsible: u.ana, CreatedBy: by,
			CreatedAt: u.start, UpdatedAt: u.start, Conversations: []desk.ConversationID{c.ID}, ClientID: u.id(),
		}
		history := desk.TicketAction{ID: u.id(), Ticket: n, Kind: desk.HistoryAction, Author: by, Conversation: c.ID}
		u.ok(u.books.Save(ctx, desk.Change{
			Was: was, Now: &now, Ticket: &ticket, Actions: []desk.TicketAction{history},
			Lines: []desk.Message{u.line(c, desk.ConversationLinked), u.line(c, desk.ConversationClosed)},
		}))
		u.ok(u.books.File(ctx, c.ID))
		u.ok(u.books.File(ctx, c.ID)) // relay files after each line
		u.ok(u.books.RecordClose(ctx, desk.ClosingRecord{Conversation: c.ID, ClosedAt: u.start, ClosedBy: by, Ticket: n}))
		u.ok(u.books.FileTicket(ctx, n))
	})
}

// absorb saves the thread as the relay does.
func (u *units) absorb(ctx context.Context, c *desk.Conversation, last time.Time) {
	u.Helper()
	got, err := u.books.Conversation(ctx, c.ID)
	u.ok(err)
	now := got.Thread
	now.Last = desk.MessageID(desk.NewID(last))
	u.ok(u.books.SaveThread(ctx, c.ID, got.Thread, now))
}

func (u *units) messages() {
	c := u.begun(nil)
	span := u.start.Add(time.Hour).Truncate(5 * time.Minute)
	u.absorb(u.Context(), c, span)
	m := u.message(c)
	m.ExternalID += u.id()
	inbound := func(act string, m desk.Message, at time.Time) {
		u.count(act, func(ctx context.Context) {
			_, err := u.books.Receiving(ctx, false, c.Contact, c.Inbox)
			u.ok(err)
			_, _, err = u.books.StoreMessage(ctx, m)
			u.ok(err)
			u.absorb(ctx, c, at)
		})
	}
	inbound("inbound message", m, span.Add(time.Minute))
	second := u.message(c)
	second.ExternalID += u.id()
	inbound("inbound message that re-orders the list", second, span.Add(6*time.Minute))
	u.count("duplicate of it", func(ctx context.Context) {
		m.ID = desk.MessageID(u.id())
		_, fresh, err := u.books.StoreMessage(ctx, m)
		u.ok(err)
		if fresh {
			u.Error("a duplicate is fresh")
		}
	})
	reply := func(act string, sends bool) {
		m := u.message(c)
		m.Author = desk.Actor{Kind: desk.ByUser, ID: string(u.ana), Name: "Ana Maria Torres"}
		m.ExternalID = "client-" + u.id()
		u.count(act, func(ctx context.Context) {
			_, _, err := u.books.StoreMessage(ctx, m)
			u.ok(err)
			u.absorb(ctx, c, span.Add(7*time.Minute))
			if sends {
				u.ok(u.books.ChangeMessage(ctx, c.ID, m.ID, desk.MessageChange{Claim: u.start}))
				u.ok(u.books.ChangeMessage(ctx, c.ID, m.ID, desk.MessageChange{Receipt: &desk.Receipt{Provider: "wamid." + u.id(), At: u.start}}))
			}
		})
		u.count("delivery state", func(ctx context.Context) {
			u.ok(u.books.ChangeMessage(ctx, c.ID, m.ID, desk.MessageChange{Delivery: &desk.Delivery{State: desk.Read, At: u.start}}))
		})
	}
	reply("reply, web chat", false)
	reply("reply, WhatsApp", true)
}

func (u *units) reads() {
	c := u.begun(nil)
	for range 60 {
		m := u.message(c)
		m.ExternalID += u.id()
		_, _, err := u.books.StoreMessage(u.Context(), m)
		u.ok(err)
	}
	u.count("open with 50 messages", func(ctx context.Context) {
		_, messages, more, err := u.books.Thread(ctx, c.ID, desk.ThreadQuery{Limit: 50})
		u.ok(err)
		if len(messages) != 50 || !more {
			u.Errorf("%d messages, more: %v", len(messages), more)
		}
	})
	for range 30 {
		u.begun(func(c *desk.Conversation) { c.Assignee = u.ines })
		u.begun(func(c *desk.Conversation) { c.Assignee, c.WaitsSince = "", u.start })
	}
	page := desk.PageRequest{Limit: 25}
	for act, query := range map[string]desk.ListQuery{
		"list of 25, all":                   {Status: desk.Open, Page: page},
		"list of 25, mine":                  {Status: desk.Open, Owner: u.ines, Page: page},
		"list of 25, queue of a department": {Status: desk.Open, Unassigned: []desk.DepartmentID{u.sales}, Page: page},
	} {
		_, err := u.books.Settings(u.Context())
		u.ok(err)
		u.count(act, func(ctx context.Context) {
			list, next, err := u.books.Conversations(ctx, query)
			u.ok(err)
			if len(list) != 25 || next == "" {
				u.Errorf("%s has %d rows", act, len(list))
			}
		})
	}
}

// bulk puts conversations into the table as Save and File would leave them, many at once.
func (u *units) bulk(table store.Table, n int) {
	u.Helper()
	template := u.begun(nil)
	pk := string(u.account) + "#CONV#"
	item, ok, err := table.Get(u.Context(), store.Key{PK: pk + string(template.ID), SK: "~"}, true)
	if err != nil || !ok {
		u.Fatal(ok, err)
	}
	var ops []store.Op
	for i := range n {
		copied := maps.Clone(item)
		ops = append(ops, store.Op{Kind: store.Put, Key: store.Key{PK: pk + u.id(), SK: "~"}, Item: copied})
		if len(ops) == store.MaxWriteOps || i == n-1 {
			u.ok(table.Write(u.Context(), ops...))
			ops = ops[:0]
		}
	}
}
