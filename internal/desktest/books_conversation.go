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
		Priority: desk.High, Labels: []desk.LabelID{"vip", "late"}, Ticket: 12, FirstReplyDue: s.at(6), Breached: true,
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
		_, err := s.other().Receiving(s.Context(), c.Contact, "web")
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
		s.fails(s.other().SaveThread(s.Context(), c.ID, empty, empty), desk.NotFound)
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

var listTests = map[string]func(*shelf){
	"Conversations/Queues":     testQueues,
	"Conversations/Lists":      testLists,
	"Conversations/Merge":      testMerge,
	"Conversations/Activity":   testActivity,
	"Conversations/Shards":     testShards,
	"Conversations/ErrInvalid": testBadCursors,
	"File/Converges":           testFile,
	"ConversationsOf/Pages": func(s *shelf) {
		var want []desk.ConversationID
		for range 5 {
			want = append(want, s.begin(func(c *desk.Conversation) { c.Contact, c.Status = "rosa", desk.Resolved }).ID)
		}
		slices.Reverse(want)
		s.same(s.conversationsOf("rosa"), want)
		foreign, _, err := s.other().ConversationsOf(s.Context(), "rosa", desk.PageRequest{Limit: 5})
		s.ok(err)
		s.same(len(foreign), 0)
	},
}

func testQueues(s *shelf) {
	since := func(second int, auto bool) func(*desk.Conversation) {
		return func(c *desk.Conversation) { c.WaitsSince, c.Auto = s.at(second), auto }
	}
	c3 := s.begin(since(3, true))
	c1 := s.begin(since(1, false))
	c2 := s.begin(since(2, true))
	mine := s.begin(func(c *desk.Conversation) { c.WaitsFor = "ana" })
	sales := desk.ListQuery{Status: desk.Open, Unassigned: []desk.DepartmentID{"sales"}}
	for _, size := range []int{1, 2, 3, 10} {
		s.lists(size, sales, c1.ID, c2.ID, c3.ID)
	}
	auto := sales
	auto.OnlyAuto = true
	s.lists(1, auto, c2.ID, c3.ID)
	s.lists(1, desk.ListQuery{Status: desk.Open, WaitsFor: "ana"}, mine.ID)
	s.ok(s.change(c2.ID, func(c *desk.Conversation) { c.Department, c.WaitsSince = "support", s.at(9) }))
	s.ok(s.change(c1.ID, func(c *desk.Conversation) { c.WaitsFor = "ana" }))
	s.lists(2, sales, c3.ID)
	both := desk.ListQuery{Status: desk.Open, Unassigned: []desk.DepartmentID{"support", "sales"}}
	for _, size := range []int{1, 2} {
		s.lists(size, both, c3.ID, c2.ID)
	}
	s.lists(2, desk.ListQuery{Status: desk.Open, WaitsFor: "ana"}, c1.ID, mine.ID)
	s.ok(s.change(c3.ID, func(c *desk.Conversation) { c.Status = desk.Snoozed }))
	s.lists(2, both, c2.ID)
}

func testLists(s *shelf) {
	assigned := func(second int) func(*desk.Conversation) {
		return func(c *desk.Conversation) {
			c.Status, c.Assignee, c.HandedAt, c.Labels = desk.Snoozed, "ana", s.at(second), []desk.LabelID{"vip"}
		}
	}
	c1, c2, c3 := s.begin(assigned(30)), s.begin(assigned(10)), s.begin(assigned(20))
	for _, size := range []int{1, 2, 3, 4} {
		s.lists(size, desk.ListQuery{Status: desk.Snoozed, Owner: "ana"}, c1.ID, c3.ID, c2.ID) // newest handed first
		for _, query := range []desk.ListQuery{
			{Status: desk.Snoozed}, {Status: desk.Snoozed, Label: "vip"}, {Status: desk.Snoozed, Inbox: "web"},
			{Status: desk.Snoozed, Departments: []desk.DepartmentID{"sales"}},
		} {
			if query.Label == "" && query.Inbox == "" && query.Departments == nil {
				s.activitySet(size, query, c1.ID, c2.ID, c3.ID)
				continue
			}
			s.lists(size, query, c3.ID, c2.ID, c1.ID)
			query.Status = desk.Open
			s.lists(size, query)
		}
	}
	query := desk.ListQuery{Status: desk.Snoozed, Owner: "ana", Page: desk.PageRequest{Limit: 5}}
	foreign, _, err := s.other().Conversations(s.Context(), query)
	s.ok(err)
	s.same(len(foreign), 0)
}

// activitySet waits until the list holds these in any order: its order is exact within five minutes only.
func (s *shelf) activitySet(size int, query desk.ListQuery, want ...desk.ConversationID) {
	s.Helper()
	slices.Sort(want)
	s.soon("the list by activity", func() bool {
		got := s.listed(size, query)
		slices.Sort(got)
		return slices.Equal(got, want)
	})
}

func testMerge(s *shelf) {
	var want []desk.ConversationID
	departments := []desk.DepartmentID{"sales", "support", "product"}
	for i := range 10 {
		c := s.begin(func(c *desk.Conversation) {
			c.Department = departments[i%3]
			c.CreatedAt, c.WaitsSince = s.at(i/2), s.at(i/2) // pairs of the same instant, in different departments
		})
		want = append(want, c.ID)
	}
	for size := 1; size <= 11; size++ {
		s.lists(size, desk.ListQuery{Status: desk.Open, Unassigned: departments}, want...)
	}
	newest := desk.ListQuery{Status: desk.Open, Departments: departments}
	s.soon("all to be filed", func() bool { return len(s.listed(100, newest)) == len(want) })
	whole := s.listed(100, newest)
	for size := 1; size <= 11; size++ {
		s.same(s.listed(size, newest), whole)
	}
	slices.Sort(whole)
	s.same(whole, want)
}

func testActivity(s *shelf) {
	old, quiet := s.begin(nil), s.begin(nil)
	at := s.start.Add(time.Hour)
	thread := desk.Thread{Last: desk.PlaceAt(at)}
	s.ok(s.books.SaveThread(s.Context(), old.ID, old.Thread, thread))
	s.lists(1, desk.ListQuery{Status: desk.Open}, old.ID, quiet.ID)
	s.ok(s.books.SaveThread(s.Context(), quiet.ID, quiet.Thread, desk.Thread{Last: desk.PlaceAt(at.Add(10 * time.Minute))}))
	s.ok(s.books.File(s.Context(), old.ID))
	s.lists(1, desk.ListQuery{Status: desk.Open}, quiet.ID, old.ID)
	thread.Version = 1 // a little later than the other, within one page: the exact order
	s.ok(s.books.SaveThread(s.Context(), old.ID, thread, desk.Thread{Last: desk.PlaceAt(at.Add(10*time.Minute + time.Second))}))
	s.lists(5, desk.ListQuery{Status: desk.Open}, old.ID, quiet.ID)
}

func testShards(s *shelf) {
	account := someAccount
	account.ID = s.books.ID()
	s.set(account)
	var want []desk.ConversationID
	for range 9 {
		want = append(want, s.begin(nil).ID)
	}
	for _, size := range []int{1, 4, 9} {
		s.activitySet(size, desk.ListQuery{Status: desk.Open}, want...)
	}
}

func testBadCursors(s *shelf) {
	s.begin(nil)
	s.begin(nil)
	query := desk.ListQuery{Status: desk.Open, Inbox: "web", Page: desk.PageRequest{Limit: 1}}
	var next desk.Cursor
	s.soon("a first page with more to come", func() bool {
		_, cursor, err := s.books.Conversations(s.Context(), query)
		s.ok(err)
		next = cursor
		return next != ""
	})
	for _, bad := range []desk.Cursor{"x", "MQ", "!!!!", next[:len(next)/2], "A" + next, desk.Cursor(make([]byte, 5000))} {
		query.Page.After = bad
		_, _, err := s.books.Conversations(s.Context(), query)
		s.fails(err, desk.Invalid)
	}
	query = desk.ListQuery{Status: desk.Open, Owner: "ana", Page: desk.PageRequest{Limit: 1, After: next}}
	_, _, err := s.books.Conversations(s.Context(), query)
	s.fails(err, desk.Invalid)
	for _, limit := range []int{0, 101} {
		_, _, err = s.books.Conversations(s.Context(), desk.ListQuery{Status: desk.Open, Page: desk.PageRequest{Limit: limit}})
		s.fails(err, desk.Invalid)
	}
}

// testFile files a conversation whenever its state changes, late, twice and at once, and expects the lists of its state.
func testFile(s *shelf) {
	c := s.begin(func(c *desk.Conversation) { c.Labels = []desk.LabelID{"vip", "late"} })
	states := []func(*desk.Conversation){
		func(c *desk.Conversation) { c.Assignee, c.HandedAt = "ana", s.at(5) },
		func(c *desk.Conversation) { c.Department, c.Labels = "support", []desk.LabelID{"late", "new"} },
		func(c *desk.Conversation) { c.Status = desk.Snoozed },
		func(c *desk.Conversation) { c.Assignee, c.Labels = "", nil },
		func(c *desk.Conversation) {
			c.Status, c.Assignee, c.Labels = desk.Resolved, "otto", []desk.LabelID{"vip"}
		},
	}
	for i, state := range states {
		was, err := s.books.Conversation(s.Context(), c.ID)
		s.ok(err)
		now := copied(was)
		state(now)
		for _, err := range atOnce(4, func(n int) error {
			if n == 0 {
				if err := s.books.Save(s.Context(), desk.Change{Was: was, Now: now, Force: true}); err != nil {
					return err
				}
			}
			return s.books.File(s.Context(), c.ID)
		}) {
			s.ok(err)
		}
		if i%2 == 0 {
			s.ok(s.books.File(s.Context(), c.ID))
		}
		s.filed(c.ID)
	}
	s.fails(s.other().File(s.Context(), c.ID), desk.NotFound)
}

// filed waits until the conversation stands in the lists of its state, and in no other.
func (s *shelf) filed(id desk.ConversationID) {
	s.Helper()
	c, err := s.books.Conversation(s.Context(), id)
	s.ok(err)
	for _, status := range desk.Statuses {
		for query, in := range map[*desk.ListQuery]bool{
			{}:              true,
			{Owner: "ana"}:  c.Assignee == "ana",
			{Owner: "otto"}: c.Assignee == "otto",
			{Inbox: "web"}:  true,
			{Departments: []desk.DepartmentID{"sales"}}:   c.Department == "sales",
			{Departments: []desk.DepartmentID{"support"}}: c.Department == "support",
			{Label: "vip"}:  slices.Contains(c.Labels, "vip"),
			{Label: "late"}: slices.Contains(c.Labels, "late"),
			{Label: "new"}:  slices.Contains(c.Labels, "new"),
		} {
			query.Status = status
			var want []desk.ConversationID
			if in && c.Status == status {
				want = append(want, id)
			}
			s.lists(10, *query, want...)
		}
	}
}
