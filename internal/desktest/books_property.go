package desktest

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/relevo/relevo/internal/desk"
)

// testBooksProperty does random acts on some conversations, some of them from a state that is out of date, and expects
// that what follows from the conversations equals a recount: loads, queues, who receives, and after File the lists.
func testBooksProperty(t *testing.T, store desk.Store) {
	t.Helper()
	rapid.Check(t, func(r *rapid.T) {
		p := &property{shelf: newShelf(t, store), r: r, ctx: t.Context()}
		for _, agent := range p.agents() {
			p.must(p.books.SetCapacity(p.ctx, agent, 2))
		}
		for range rapid.IntRange(1, 25).Draw(r, "acts") {
			p.act()
		}
		p.recount()
	})
}

type property struct {
	*shelf
	r     *rapid.T
	ctx   context.Context
	known []*desk.Conversation // as they were saved last
	past  []*desk.Conversation // as they were some time before
}

func (p *property) agents() []desk.AgentID { return []desk.AgentID{"ana", "otto", "ines"} }

func (p *property) departments() []desk.DepartmentID { return []desk.DepartmentID{"sales", "support"} }

func (p *property) must(err error) {
	if err != nil {
		p.r.Fatal(err)
	}
}

func draw[T any](p *property, name string, from ...T) T {
	return rapid.SampledFrom(from).Draw(p.r, name)
}

// act begins a conversation or changes one, and expects success or a conflict that changes nothing.
func (p *property) act() {
	p.ids++
	now := &desk.Conversation{
		ID: desk.ConversationID(p.id()), Contact: draw(p, "contact", desk.ContactID("rosa"), "luz"), Inbox: draw(p, "inbox", desk.InboxID("web"), "wa"),
		CreatedAt: p.at(p.ids), Status: desk.Open, WaitsSince: p.at(p.ids), Department: draw(p, "department", p.departments()...),
		Auto: rapid.Bool().Draw(p.r, "auto"),
	}
	var was *desk.Conversation
	if len(p.known) > 0 && rapid.IntRange(0, 3).Draw(p.r, "new") > 0 {
		was = draw(p, "of", p.known...)
		if len(p.past) > 0 && rapid.IntRange(0, 5).Draw(p.r, "late") == 0 {
			was = draw(p, "past", p.past...)
		}
		now = copied(was)
		p.vary(now)
	}
	change := desk.Change{Was: was, Now: now}
	if rapid.Bool().Draw(p.r, "line") {
		change.Lines = []desk.Message{{ID: desk.MessageID(p.id()), Kind: desk.ActivityKind}}
	}
	switch err := p.books.Save(p.ctx, change); {
	case err == nil && was == nil:
		p.known = append(p.known, now)
	case err == nil:
		i := slices.Index(p.known, was)
		if i < 0 {
			p.r.Fatalf("a change of an old state was saved")
		}
		p.past = append(p.past, was)
		p.known[i] = now
	case !desk.Is(err, desk.Conflict):
		p.r.Fatal(err)
	}
	if len(p.known) > 0 && rapid.Bool().Draw(p.r, "file") {
		p.must(p.books.File(p.ctx, draw(p, "filed", p.known...).ID))
	}
}

func (p *property) vary(c *desk.Conversation) {
	switch draw(p, "act", "status", "give", "queue", "wait", "mute", "label", "department") {
	case "status":
		c.Status = draw(p, "status", desk.Statuses...)
	case "give":
		c.Assignee, c.WaitsFor, c.HandedAt = draw(p, "agent", p.agents()...), "", p.at(p.ids)
	case "queue":
		c.Assignee, c.WaitsFor, c.WaitsSince = "", "", p.at(p.ids)
	case "wait":
		c.Assignee, c.WaitsFor, c.WaitsSince = "", draw(p, "agent", p.agents()...), p.at(p.ids)
	case "mute":
		c.Muted = !c.Muted
	case "label":
		c.Labels = draw(p, "labels", nil, []desk.LabelID{"vip"}, []desk.LabelID{"vip", "late"})
	case "department":
		c.Department = draw(p, "department", p.departments()...)
	}
}

// recount compares everything that follows with the conversations.
func (p *property) recount() {
	loads := map[desk.AgentID]int{}
	receives := map[[2]string]desk.ConversationID{}
	for _, c := range p.known {
		got, err := p.books.Conversation(p.ctx, c.ID)
		p.must(err)
		if got.Version != c.Version || got.Assignee != c.Assignee || got.Status != c.Status {
			p.r.Fatalf("the conversation is %+v, saved was %+v", got, c)
		}
		loads[c.LoadOn()]++
		if key := [2]string{string(c.Contact), string(c.Inbox)}; c.Receives() {
			if other, taken := receives[key]; taken {
				p.r.Fatalf("%s and %s both receive", other, c.ID)
			}
			receives[key] = c.ID
		}
		p.must(p.books.File(p.ctx, c.ID))
	}
	for _, agent := range p.agents() {
		seat, err := p.books.Seat(p.ctx, agent)
		p.must(err)
		if seat.Load != loads[agent] || seat.Load > seat.Capacity {
			p.r.Fatalf("load %d of %d, recount %d", seat.Load, seat.Capacity, loads[agent])
		}
	}
	for _, contact := range []desk.ContactID{"rosa", "luz"} {
		for _, inbox := range []desk.InboxID{"web", "wa"} {
			id, err := p.books.Receiving(p.ctx, true, contact, inbox)
			if want := receives[[2]string{string(contact), string(inbox)}]; id != want || (err != nil && !desk.Is(err, desk.NotFound)) {
				p.r.Fatalf("%q receives (%v), recount %q", id, err, want)
			}
		}
	}
	p.recountQueues()
	p.recountLists()
}

func (p *property) recountQueues() {
	waits := func(belongs func(desk.Wait) bool) (waiting []*desk.Conversation) {
		for _, c := range p.known {
			if wait, ok := c.Waits(); ok && belongs(wait) {
				waiting = append(waiting, c)
			}
		}
		slices.SortFunc(waiting, func(a, b *desk.Conversation) int { return a.WaitsSince.Compare(b.WaitsSince) })
		return waiting
	}
	for _, agent := range p.agents() {
		want := waits(func(w desk.Wait) bool { return w.Agent == agent })
		p.compare(desk.ListQuery{Status: desk.Open, WaitsFor: agent}, ids(want))
	}
	for _, auto := range []bool{false, true} {
		want := waits(func(w desk.Wait) bool { return w.Agent == "" && (w.Auto || !auto) })
		p.compare(desk.ListQuery{Status: desk.Open, Unassigned: p.departments(), OnlyAuto: auto}, ids(want))
	}
}

func (p *property) compare(query desk.ListQuery, want []desk.ConversationID) {
	if got, same := p.becomes(2, query, want); !same {
		p.r.Fatalf("queue %v, recount %v", got, want)
	}
}

func (p *property) recountLists() {
	for _, status := range desk.Statuses {
		for query, belongs := range map[*desk.ListQuery]func(*desk.Conversation) bool{
			{}:                                 func(*desk.Conversation) bool { return true },
			{Owner: "ana"}:                     func(c *desk.Conversation) bool { return c.Assignee == "ana" },
			{Label: "vip"}:                     func(c *desk.Conversation) bool { return slices.Contains(c.Labels, "vip") },
			{Inbox: "wa"}:                      func(c *desk.Conversation) bool { return c.Inbox == "wa" },
			{Departments: p.departments()}:     func(*desk.Conversation) bool { return true },
			{Departments: p.departments()[1:]}: func(c *desk.Conversation) bool { return c.Department == "support" },
		} {
			query.Status = status
			var want []desk.ConversationID
			for _, c := range p.known {
				if c.Status == status && belongs(c) {
					want = append(want, c.ID)
				}
			}
			p.activitySet(2, *query, want...)
		}
	}
}
