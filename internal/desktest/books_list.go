package desktest

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

var listTests = map[string]func(*shelf){
	"Conversations/Queues":     testQueues,
	"Conversations/Lists":      testLists,
	"Conversations/Merge":      testMerge,
	"Conversations/Activity":   testActivity,
	"Conversations/Shards":     testShards,
	"Conversations/ErrInvalid": testBadCursors,
	"File/Converges":           testFile,
	"Conversations/DropsStaleRows": func(s *shelf) {
		s.ok(s.books.SetCapacity(s.Context(), "ana", 1))
		c := s.begin(func(c *desk.Conversation) { c.Assignee, c.Labels = "ana", []desk.LabelID{"vip"} })
		queries := []desk.ListQuery{
			{Status: desk.Open}, {Status: desk.Open, Owner: "ana"}, {Status: desk.Open, Label: "vip"}, {Status: desk.Open, Inbox: "web"},
			{Status: desk.Open, Departments: []desk.DepartmentID{"sales"}},
		}
		for _, query := range queries {
			s.lists(1, query, c.ID)
		}
		s.ok(s.change(c.ID, func(c *desk.Conversation) { c.Status = desk.Resolved })) // and nobody files it
		for _, query := range queries {
			s.lists(1, query)
		}
	},
	"Conversations/FullOfWhatIsSeen": testSeen,
	"ConversationsOf/Pages": func(s *shelf) {
		var want []desk.ConversationID
		for range 5 {
			want = append(want, s.begin(func(c *desk.Conversation) { c.Contact, c.Status = "rosa", desk.Resolved }).ID)
		}
		slices.Reverse(want)
		s.same(s.conversationsOf("rosa"), want)
		foreign, _, err := s.other().ConversationsOf(s.Context(), "rosa", nil, desk.PageRequest{Limit: 5})
		s.ok(err)
		s.same(len(foreign), 0)
	},
}

// testSeen reads lists most of which may not be seen: pages are full all the same, nothing is left out, and no cursor names
// what is not seen.
func testSeen(s *shelf) {
	seen := map[desk.ConversationID]bool{}
	var want, hidden []desk.ConversationID
	for i := range 40 {
		c := s.begin(func(c *desk.Conversation) {
			c.Contact, c.Status, c.Labels = "rosa", desk.Resolved, []desk.LabelID{"vip"}
		})
		if seen[c.ID] = i < 4 || i%13 == 0; seen[c.ID] { // at times more are hidden than one call reads by ones
			want = append(want, c.ID)
		} else {
			hidden = append(hidden, c.ID)
		}
	}
	slices.Reverse(want)
	sees := func(c *desk.Conversation) bool { return seen[c.ID] }
	read := map[string]func(page desk.PageRequest) ([]*desk.Conversation, desk.Cursor, error){
		"a contact's": func(page desk.PageRequest) ([]*desk.Conversation, desk.Cursor, error) {
			return s.books.ConversationsOf(s.Context(), "rosa", sees, page)
		},
	}
	for name, query := range map[string]desk.ListQuery{
		"label": {Label: "vip"}, "inbox": {Inbox: "web"}, "department": {Departments: []desk.DepartmentID{"sales", "support"}},
	} {
		query.Status, query.Sees = desk.Resolved, sees
		read[name] = func(page desk.PageRequest) ([]*desk.Conversation, desk.Cursor, error) {
			query.Page = page
			return s.books.Conversations(s.Context(), query)
		}
	}
	for name, read := range read {
		for _, size := range []int{1, 2, 3, 100} {
			s.soon(name+" to be read whole", func() bool {
				return slices.Equal(ids(pages(s, size, read)), want)
			})
		}
		first, next, err := read(desk.PageRequest{Limit: 3})
		s.ok(err)
		s.same(len(first), 3)
		for next != "" {
			plain, err := base64.RawURLEncoding.DecodeString(string(next))
			s.ok(err)
			for _, id := range hidden {
				if strings.Contains(string(plain), string(id)) {
					s.Fatalf("%s: the cursor names %s, which is not seen", name, id)
				}
			}
			_, next, err = read(desk.PageRequest{Limit: 1, After: next})
			s.ok(err)
		}
	}
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
