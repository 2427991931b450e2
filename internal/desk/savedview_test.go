package desk_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

func TestSavedViews(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	all := desk.ViewFilter{View: desk.AllView}
	save := func(who desk.AgentID, client string, v desk.SavedView) desk.SavedView {
		t.Helper()
		v, err := w.CreateView(ctx, w.who(who), client, v)
		check(t, err)
		return v
	}
	names := func(who desk.AgentID) (names []string) {
		t.Helper()
		views, err := w.SavedViews(ctx, w.who(who))
		check(t, err)
		for _, v := range views {
			names = append(names, v.Name)
		}
		return names
	}
	mine := save("ines", "a", desk.SavedView{Name: "mine", Filter: all})
	ours := save("ines", "b", desk.SavedView{Name: "ours", Shared: true, Filter: all})
	t.Run("OK", func(t *testing.T) {
		if again := save("ines", "a", desk.SavedView{Name: "again", Filter: all}); again != mine {
			t.Errorf("a repeat made %+v", again)
		}
		if len(names("ines")) != 2 {
			t.Errorf("Inés has %v", names("ines"))
		}
		for _, other := range []desk.AgentID{"luis", "vera", "ana"} {
			if got := names(other); len(got) != 1 || got[0] != "ours" {
				t.Errorf("%s has %v", other, got)
			}
		}
		got, err := w.SaveView(ctx, w.who("ana"), ours.ID, desk.SavedView{Name: "everybody's", Shared: true, Filter: all})
		check(t, err)
		if got.Author != "ines" || got.Name != "everybody's" {
			t.Errorf("changed by the administrator: %+v", got)
		}
	})
	t.Run("ErrForbidden", func(t *testing.T) {
		_, err := w.CreateView(ctx, w.who("vera"), "v", desk.SavedView{Name: "v", Filter: all})
		wantCode(t, err, desk.Forbidden)
		_, err = w.SaveView(ctx, w.who("otto"), ours.ID, desk.SavedView{Name: "v", Filter: all})
		wantCode(t, err, desk.Forbidden)
		wantCode(t, w.DeleteView(ctx, w.who("luis"), ours.ID), desk.Forbidden)
	})
	t.Run("ErrNotFound", func(t *testing.T) {
		wantCode(t, w.DeleteView(ctx, w.who("ana"), mine.ID), desk.NotFound) // not even for the administrator
		wantCode(t, w.DeleteView(ctx, w.who("ines"), "gone"), desk.NotFound)
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		for field, v := range map[string]desk.SavedView{
			"name":              {Filter: all},
			"filter.view":       {Name: "v"},
			"filter.status":     {Name: "v", Filter: desk.ViewFilter{View: desk.AllView, Status: "closed"}},
			"filter.department": {Name: "v", Filter: desk.ViewFilter{View: desk.AllView, Department: "gone"}},
			"filter.inbox":      {Name: "v", Filter: desk.ViewFilter{View: desk.AllView, Inbox: "gone"}},
			"filter.label":      {Name: "v", Filter: desk.ViewFilter{View: desk.AllView, Label: "gone"}},
			"filter.priority":   {Name: "v", Filter: desk.ViewFilter{View: desk.AllView, Priority: "huge"}},
			"filter.sort":       {Name: "v", Filter: desk.ViewFilter{View: desk.AllView, Sort: "size"}},
		} {
			_, err := w.CreateView(ctx, w.who("ines"), field, v)
			wantCode(t, err, desk.Invalid)
			if got := fieldOf(err); got != field {
				t.Errorf("blames %q, want %q", got, field)
			}
		}
	})
	t.Run("ErrConflict/TooMany", func(t *testing.T) {
		for i := range desk.MaxSavedViews {
			save("luis", strconv.Itoa(i), desk.SavedView{Name: strconv.Itoa(i), Filter: all})
		}
		_, err := w.CreateView(ctx, w.who("luis"), "more", desk.SavedView{Name: "more", Filter: all})
		wantCode(t, err, desk.Conflict)
		save("luis", "shared", desk.SavedView{Name: "shared", Shared: true, Filter: all})
	})
	check(t, w.DeleteView(ctx, w.who("ines"), mine.ID))
	if strings.Contains(strings.Join(names("ines"), " "), "mine") {
		t.Error("a deleted view is there")
	}
}

// TestTicketViews: saved views of tickets (B85).
func TestTicketViews(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	of := func(v desk.TicketView) desk.SavedView {
		return desk.SavedView{Name: "tickets", Filter: desk.ViewFilter{View: desk.TicketsView, Tickets: v}}
	}
	t.Run("OK", func(t *testing.T) {
		want := desk.TicketView{
			Status: desk.DoneTickets, Requester: "rosa", Responsible: desk.Myself, Priority: "high", Service: desk.NoChoice, Category: "shoes",
			Type: desk.InternalTicket, Tag: "red", Text: "sho", Sort: desk.OldestTickets, By: "status", Board: true, Columns: "number,due",
		}
		_, err := w.CreateView(t.Context(), w.who("ines"), "a", of(want))
		check(t, err)
		views, err := w.SavedViews(t.Context(), w.who("ines"))
		check(t, err)
		if len(views) != 1 || views[0].Filter.Tickets != want {
			t.Errorf("kept as %+v", views)
		}
	})
	for field, v := range map[string]desk.TicketView{
		"status": {Status: "lost"}, "type": {Type: "x"}, "sort": {Sort: "mood"}, "by": {By: "mood"}, "responsible": {Responsible: "nobody"},
		"priority": {Priority: "x"}, "service": {Service: "x"}, "category": {Category: "x"}, "tag": {Tag: strings.Repeat("x", 51)},
	} {
		t.Run("ErrInvalid "+field, func(t *testing.T) {
			_, err := w.CreateView(t.Context(), w.who("ines"), field, of(v))
			wantField(t, err, desk.Invalid, "filter.tickets."+field)
		})
	}
	t.Run("ErrInvalid, of both", func(t *testing.T) {
		both := of(desk.TicketView{})
		both.Filter.Status = desk.Open
		_, err := w.CreateView(t.Context(), w.who("ines"), "both", both)
		wantField(t, err, desk.Invalid, "filter.view")
		_, err = w.CreateView(t.Context(), w.who("ines"), "none", desk.SavedView{Name: "x", Filter: desk.ViewFilter{View: desk.AllView, Tickets: desk.TicketView{Tag: "red"}}})
		wantField(t, err, desk.Invalid, "filter.tickets")
	})
}
