package desktest

import (
	"slices"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// full is a conversation with every field set.
func (s *shelf) full() *desk.Conversation {
	return &desk.Conversation{
		ID: desk.ConversationID(s.id()), Number: 7, Contact: desk.ContactID(s.id()), ContactName: "Rosa", ContactEmail: "rosa@example.test",
		Address: "573001", Inbox: "wa", Channel: desk.WhatsApp, CreatedAt: s.at(1), Department: "sales", Status: desk.Resolved, StatusAt: s.at(2),
		Assignee: "ana", WaitsFor: "otto", WaitsSince: s.at(3), HandedAt: s.at(4), Auto: true, SnoozedUntil: s.at(5), Muted: true,
		Priority: desk.High, Labels: []desk.LabelID{"vip", "late"}, Ticket: 12,
		Clocks: desk.Clocks{
			Contract: "gold", Since: s.at(6), Worked: 90 * time.Minute, NextFor: s.at(8), NextWorked: time.Millisecond,
			Passed: [3]time.Time{s.at(9), s.at(10), s.at(11)}, Told: 42,
		},
		EmailStep: desk.EmailAgain, EmailAt: desk.MessageID(s.id()), ClosedAt: s.at(7),
		ClosedBy: desk.Actor{Kind: desk.ByUser, ID: "ana", Name: "Ana"}, Note: desk.ClosingNote{Category: "sale", Summary: "sold"},
		Thread: s.thread(),
	}
}

func (s *shelf) thread() desk.Thread {
	m := make([]desk.MessageID, 8)
	for i := range m {
		m[i] = desk.MessageID(s.id())
	}
	return desk.Thread{
		Last: m[5], Preview: "Hola", PreviewKind: desk.MessageText, PreviewBy: desk.ByCustomer, FirstCustomer: m[0], LastCustomer: m[5],
		LastReply: m[3], Unread: []desk.MessageID{m[4], m[5]}, ReadTo: m[3], CustomerRead: m[2], CustomerAt: s.at(1),
		AwaitingSince: s.at(2), FirstReplyAt: s.at(3),
	}
}

var conversationTests = map[string]func(*shelf){
	"Save/OK": func(s *shelf) {
		c := s.full()
		s.ok(s.books.Save(s.Context(), desk.Change{Now: c}))
		s.same(c.Version, 1)
		got, err := s.books.Conversation(s.Context(), c.ID)
		s.ok(err)
		s.same(got, c)
		plain := &desk.Conversation{ID: c.ID, Number: 7, Contact: c.Contact, Inbox: "wa", CreatedAt: c.CreatedAt, Status: desk.Resolved, Thread: c.Thread}
		s.ok(s.books.Save(s.Context(), desk.Change{Was: got, Now: plain}))
		got, err = s.books.Conversation(s.Context(), c.ID)
		s.ok(err)
		plain.Version = 2
		s.same(got, plain)
	},
	"Save/Lines": func(s *shelf) {
		c := s.begin(nil)
		line := desk.Message{
			ID: desk.MessageID(s.id()), Conversation: c.ID, Inbox: "web", Kind: desk.ActivityKind, Author: desk.System,
			Event: desk.ConversationTransferred, Data: map[string]string{"reason": "knows shoes", "to": "otto"},
		}
		was := copied(c)
		s.ok(s.books.Save(s.Context(), desk.Change{Was: was, Now: c, Lines: []desk.Message{line}}))
		got, err := s.books.Message(s.Context(), c.ID, line.ID)
		s.ok(err)
		s.same(got, line)
	},
	"Save/LeavesThreadAlone": func(s *shelf) {
		c := s.begin(nil)
		was := copied(c)
		thread := s.thread()
		s.ok(s.books.SaveThread(s.Context(), c.ID, c.Thread, thread))
		c.Muted = true
		s.ok(s.books.Save(s.Context(), desk.Change{Was: was, Now: c}))
		got, err := s.books.Conversation(s.Context(), c.ID)
		s.ok(err)
		thread.Version = 1
		s.same(got.Thread, thread)
		s.same(got.Muted, true)
	},
	"Save/ErrConflictVersion": func(s *shelf) {
		c := s.begin(nil)
		late := copied(c)
		s.ok(s.change(c.ID, func(c *desk.Conversation) { c.Muted = true }))
		now := copied(late)
		now.Assignee = "ana"
		line := desk.Message{ID: desk.MessageID(s.id()), Kind: desk.ActivityKind}
		s.fails(s.books.Save(s.Context(), desk.Change{Was: late, Now: now, Lines: []desk.Message{line}, Force: true}), desk.Conflict)
		_, err := s.books.Message(s.Context(), c.ID, line.ID)
		s.fails(err, desk.NotFound)
		s.same(s.load("ana"), 0)
		s.fails(s.books.Save(s.Context(), desk.Change{Now: late}), desk.Conflict)
	},
	"Save/ErrNotFound": func(s *shelf) {
		c := s.begin(nil)
		_, err := s.other().Conversation(s.Context(), c.ID)
		s.fails(err, desk.NotFound)
		s.fails(s.other().Save(s.Context(), desk.Change{Was: c, Now: copied(c)}), desk.NotFound)
	},
	"Save/Receiving": func(s *shelf) {
		c := s.begin(nil)
		s.same(s.receiving(c.Contact), c.ID)
		second := copied(c)
		second.ID = desk.ConversationID(s.id())
		s.fails(s.books.Save(s.Context(), desk.Change{Now: second}), desk.Conflict)
		s.ok(s.change(c.ID, func(c *desk.Conversation) { c.Status = desk.Resolved }))
		s.same(s.receiving(c.Contact), desk.ConversationID(""))
		s.ok(s.books.Save(s.Context(), desk.Change{Now: second}))
		s.same(s.receiving(c.Contact), second.ID)
		s.fails(s.change(c.ID, func(c *desk.Conversation) { c.Status = desk.Open }), desk.Conflict)
		s.ok(s.change(second.ID, func(c *desk.Conversation) { c.Status, c.Muted = desk.Resolved, true }))
		s.same(s.receiving(c.Contact), second.ID)
		_, err := s.other().Receiving(s.Context(), true, c.Contact, "web")
		s.fails(err, desk.NotFound)
	},
	"Save/OneOfManyBegins": func(s *shelf) {
		first := s.begin(func(c *desk.Conversation) { c.Status = desk.Resolved })
		errs := atOnce(8, func(int) error {
			c := copied(first)
			c.ID, c.Status = desk.ConversationID(desk.NewID(s.start)), desk.Open
			return s.books.Save(s.Context(), desk.Change{Now: c})
		})
		s.same(s.count(errs), 1)
	},
	"Save/Load":             testLoad,
	"Save/CapacityNeverLet": testCapacity,
	"Save/OneAssignee":      testOneAssignee,
	"SaveThread/OK": func(s *shelf) {
		c := s.begin(nil)
		thread := s.thread()
		s.ok(s.books.SaveThread(s.Context(), c.ID, c.Thread, thread))
		s.fails(s.books.SaveThread(s.Context(), c.ID, c.Thread, desk.Thread{}), desk.Conflict)
		thread.Version = 1
		empty := desk.Thread{Last: thread.Last}
		s.ok(s.books.SaveThread(s.Context(), c.ID, thread, empty))
		got, err := s.books.Conversation(s.Context(), c.ID)
		s.ok(err)
		empty.Version = 2
		s.same(got.Thread, empty)
		s.same(got.Version, c.Version)
		for _, was := range []desk.Thread{empty, {}} {
			s.fails(s.other().SaveThread(s.Context(), c.ID, was, thread), desk.NotFound)
		}
	},
}

func testLoad(s *shelf) {
	s.ok(s.books.SetCapacity(s.Context(), "ana", 1))
	s.ok(s.books.SetCapacity(s.Context(), "otto", 1))
	c := s.begin(nil)
	give := func(agent desk.AgentID) func(*desk.Conversation) {
		return func(c *desk.Conversation) { c.Assignee = agent }
	}
	s.ok(s.change(c.ID, give("ana")))
	s.same([]int{s.load("ana"), s.load("otto")}, []int{1, 0})
	s.ok(s.change(c.ID, give("otto")))
	s.same([]int{s.load("ana"), s.load("otto")}, []int{0, 1})
	second := s.begin(nil)
	s.fails(s.change(second.ID, give("otto")), desk.Conflict)
	s.same(s.load("otto"), 1)
	now := copied(second)
	now.Assignee = "otto"
	s.ok(s.books.Save(s.Context(), desk.Change{Was: second, Now: now, Force: true}))
	s.same(s.load("otto"), 2)
	s.ok(s.change(c.ID, func(c *desk.Conversation) { c.Status = desk.Snoozed }))
	s.same(s.load("otto"), 1)
	s.ok(s.change(second.ID, func(c *desk.Conversation) { c.Status = desk.Resolved }))
	s.same(s.load("otto"), 0)
}

// testCapacity claims more conversations at once than the agent may have.
func testCapacity(s *shelf) {
	s.ok(s.books.SetCapacity(s.Context(), "ana", 3))
	waiting := make([]*desk.Conversation, 10)
	for i := range waiting {
		waiting[i] = s.begin(nil)
	}
	errs := atOnce(len(waiting), func(i int) error {
		now := copied(waiting[i])
		now.Assignee = "ana"
		return s.books.Save(s.Context(), desk.Change{Was: waiting[i], Now: now})
	})
	s.same(s.count(errs), 3)
	s.same(s.load("ana"), 3)
	s.lists(4, desk.ListQuery{Status: desk.Open, Unassigned: []desk.DepartmentID{"sales"}}, func() (left []desk.ConversationID) {
		for i, c := range waiting {
			if errs[i] != nil {
				left = append(left, c.ID)
			}
		}
		return left
	}()...)
}

// testOneAssignee lets many agents claim one conversation.
func testOneAssignee(s *shelf) {
	c := s.begin(nil)
	agents := make([]desk.AgentID, 8)
	for i := range agents {
		agents[i] = desk.AgentID(s.id())
		s.ok(s.books.SetCapacity(s.Context(), agents[i], 1))
	}
	errs := atOnce(len(agents), func(i int) error {
		now := copied(c)
		now.Assignee = agents[i]
		return s.books.Save(s.Context(), desk.Change{Was: c, Now: now})
	})
	s.same(s.count(errs), 1)
	winner := agents[slices.Index(errs, nil)]
	got, err := s.books.Conversation(s.Context(), c.ID)
	s.ok(err)
	s.same(got.Assignee, winner)
	total := 0
	seats, err := s.books.Seats(s.Context())
	s.ok(err)
	for _, seat := range seats {
		total += seat.Load
	}
	s.same(total, 1)
}
