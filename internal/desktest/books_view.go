package desktest

import (
	"slices"

	"github.com/relevo/relevo/internal/desk"
)

var viewTests = map[string]func(*shelf){
	"SavedViews/OK": func(s *shelf) {
		view := func(name string, author desk.AgentID, shared bool) desk.SavedView {
			v := desk.SavedView{ID: desk.SavedViewID(s.id()), Name: name, Author: author, Shared: shared, Filter: desk.ViewFilter{
				View: desk.AllView, Status: desk.Open, Department: "sales", Inbox: "web", Label: "vip", Priority: "high", Sort: desk.ByWaiting,
			}}
			s.ok(s.books.SaveView(s.Context(), nil, v))
			return v
		}
		mine, ours, his := view("mine", "ana", false), view("ours", "otto", true), view("his", "otto", false)
		s.views("ana", mine, ours)
		s.views("otto", ours, his)
		s.views("ines", ours)
		s.fails(s.books.SaveView(s.Context(), nil, mine), desk.Conflict)
		_, err := s.books.SavedView(s.Context(), "ana", his.ID)
		s.fails(err, desk.NotFound)
		_, err = s.other().SavedView(s.Context(), "ana", mine.ID)
		s.fails(err, desk.NotFound)

		shared := mine
		shared.Shared, shared.Name = true, "all of ours"
		s.ok(s.books.SaveView(s.Context(), &mine, shared))
		s.views("ines", shared, ours)
		s.views("ana", shared, ours)
		back := shared
		back.Shared = false
		s.ok(s.books.SaveView(s.Context(), &shared, back))
		s.views("ines", ours)
		got, err := s.books.SavedView(s.Context(), "ana", mine.ID)
		s.ok(err)
		s.same(got, back)
		for range 2 {
			s.ok(s.books.DeleteView(s.Context(), back))
		}
		s.views("ana", ours)
		s.fails(s.books.SaveView(s.Context(), &back, back), desk.NotFound)
	},
	"Listed/OK": func(s *shelf) {
		s.ok(s.books.SetCapacity(s.Context(), "ana", 5))
		mine := s.begin(func(c *desk.Conversation) { c.Assignee, c.HandedAt = "ana", s.start })
		waits := s.begin(func(c *desk.Conversation) { c.WaitsFor = "ana" })
		queued := s.begin(func(c *desk.Conversation) { c.Department, c.Inbox, c.Labels = "support", "shop", []desk.LabelID{"vip"} })
		queries := []desk.ListQuery{
			{}, {Owner: "ana"}, {WaitsFor: "ana"}, {Unassigned: []desk.DepartmentID{"support", "sales"}}, {Label: "vip"}, {Inbox: "web"},
			{Departments: []desk.DepartmentID{"sales"}}, {Owner: "otto"},
		}
		for i := range queries {
			queries[i].Status = desk.Open
		}
		want := [][]desk.ConversationID{
			{mine.ID, waits.ID, queued.ID}, {mine.ID}, {waits.ID}, {queued.ID}, {queued.ID}, {mine.ID, waits.ID}, {mine.ID, waits.ID}, nil,
		}
		s.soon("the lists to be there", func() bool {
			got, err := s.books.Listed(s.Context(), queries, 10)
			s.ok(err)
			return slices.EqualFunc(got, want, func(got, want []desk.ConversationID) bool {
				slices.Sort(got)
				return slices.Equal(got, want)
			})
		})
		got, err := s.books.Listed(s.Context(), queries[:1], 2)
		s.ok(err)
		if len(got[0]) != 2 {
			s.Errorf("%d of at most 2", len(got[0]))
		}
	},
}

func (s *shelf) views(agent desk.AgentID, want ...desk.SavedView) {
	s.Helper()
	got, err := s.books.SavedViews(s.Context(), agent)
	s.ok(err)
	s.same(got, want)
}
