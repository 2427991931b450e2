package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// TestTicketLists: B85.
func TestTicketLists(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	make := func(who desk.AgentID, set desk.TicketPatch) int64 { t.Helper(); return w.ticket(who, set).Number }
	first := make("otto", desk.TicketPatch{Priority: new(desk.ChoiceID("high")), Service: new(desk.ChoiceID("refunds")), Due: new(monday.Add(48 * time.Hour)), Tags: &[]string{"red"}})
	second := make("otto", desk.TicketPatch{Priority: new(desk.ChoiceID("high")), Status: new(desk.TicketPending), Due: new(monday.Add(24 * time.Hour))})
	third := make("ines", desk.TicketPatch{Status: new(desk.TicketClosed), Category: new(desk.ChoiceID("shoes")), Type: new(desk.InternalTicket)})
	fourth := make("ines", desk.TicketPatch{Responsible: new(desk.AgentID(""))})
	for name, r := range map[string]struct {
		list desk.TicketList
		want []int64
	}{
		"open, newest":             {desk.TicketList{Status: desk.OpenTickets}, []int64{fourth, second, first}},
		"open, oldest":             {desk.TicketList{Status: desk.OpenTickets, Sort: desk.OldestTickets}, []int64{first, second, fourth}},
		"open, by due":             {desk.TicketList{Status: desk.OpenTickets, Sort: desk.DueTickets}, []int64{second, first}},
		"pending, by due":          {desk.TicketList{Status: desk.TicketPending, Sort: desk.DueTickets}, []int64{second}},
		"done":                     {desk.TicketList{Status: desk.DoneTickets}, []int64{third}},
		"of otto":                  {desk.TicketList{Status: desk.OpenTickets, Responsible: "otto"}, []int64{second, first}},
		"of otto, pending":         {desk.TicketList{Status: desk.TicketPending, Responsible: "otto"}, []int64{second}},
		"of nobody":                {desk.TicketList{Status: desk.OpenTickets, Responsible: desk.NoChoice}, []int64{fourth}},
		"of a priority":            {desk.TicketList{Status: desk.OpenTickets, Priority: "high"}, []int64{second, first}},
		"without a priority":       {desk.TicketList{Status: desk.OpenTickets, Priority: desk.NoChoice}, []int64{fourth}},
		"of a service":             {desk.TicketList{Status: desk.OpenTickets, Service: "refunds"}, []int64{first}},
		"of a service and a tag":   {desk.TicketList{Status: desk.OpenTickets, Service: "refunds", Tag: "blue"}, nil},
		"of a tag":                 {desk.TicketList{Status: desk.TicketNew, Tag: "red"}, []int64{first}},
		"of a category and a type": {desk.TicketList{Status: desk.DoneTickets, Category: "shoes", Type: desk.InternalTicket}, []int64{third}},
		"of a requester":           {desk.TicketList{Status: desk.OpenTickets, Requester: w.stored(second).Requester}, []int64{second}},
		"of a requester, by age":   {desk.TicketList{Status: desk.OpenTickets, Requester: w.stored(first).Requester, Sort: desk.OldestTickets}, []int64{first}},
		"of a requester, done":     {desk.TicketList{Status: desk.DoneTickets, Requester: w.stored(first).Requester}, nil},
		"of another type":          {desk.TicketList{Status: desk.DoneTickets, Type: desk.PublicTicket}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for limit := 1; limit <= 5; limit++ {
				var got []int64
				r.list.Page = desk.PageRequest{Limit: limit}
				for more := true; more; more = r.list.Page.After != "" {
					page, next, err := w.Tickets(t.Context(), w.who("vera"), r.list)
					check(t, err)
					for _, ticket := range page {
						got = append(got, ticket.Number)
					}
					r.list.Page.After = next
				}
				if !slices.Equal(got, r.want) {
					t.Errorf("by pages of %d: %v, want %v", limit, got, r.want)
				}
			}
		})
	}
	t.Run("refused", func(t *testing.T) {
		page := desk.PageRequest{Limit: 5}
		_, _, err := w.Tickets(t.Context(), w.who("vera"), desk.TicketList{Status: "lost", Page: page})
		wantField(t, err, desk.Invalid, "status")
		_, _, err = w.Tickets(t.Context(), w.who("vera"), desk.TicketList{Status: desk.DoneTickets, Sort: desk.DueTickets, Page: page})
		wantField(t, err, desk.Invalid, "sort")
		_, err = w.Board(t.Context(), w.who("vera"), "mood", []string{"x"}, desk.TicketList{Page: page})
		wantField(t, err, desk.Invalid, "by")
		_, err = w.Board(t.Context(), w.who("vera"), "status", strings.Split("a,b,c,d,e,f,g,h,i,j,k", ","), desk.TicketList{Page: page})
		wantField(t, err, desk.Invalid, "columns")
		w.setTickets(func(s *desk.TicketSettings) { s.Disabled = []desk.TicketField{desk.PriorityField} })
		_, _, err = w.Tickets(t.Context(), w.who("vera"), desk.TicketList{Status: desk.OpenTickets, Priority: "high", Page: page})
		wantField(t, err, desk.Invalid, "priority")
		w.setTickets(nil)
	})
	t.Run("a board", func(t *testing.T) {
		for by, want := range map[string]string{
			"status new,pending,closed": "new 4 1|pending 2|closed 3", "responsible otto,none,ines": "otto 2 1|none 4|ines",
			"priority high,low,none": "high 2 1|low|none 4", "service refunds,none": "refunds 1|none 4 2",
		} {
			kind, keys, _ := strings.Cut(by, " ")
			columns, err := w.Board(t.Context(), w.who("vera"), kind, strings.Split(keys, ","), desk.TicketList{Status: desk.OpenTickets, Page: desk.PageRequest{Limit: 20}})
			check(t, err)
			var got []string
			for _, c := range columns {
				text := c.Key
				for _, ticket := range c.Tickets {
					text += " " + string(rune('0'+ticket.Number))
				}
				got = append(got, text)
			}
			if strings.Join(got, "|") != want {
				t.Errorf("%s: %v, want %s", by, got, want)
			}
		}
	})
	t.Run("a board of a service", func(t *testing.T) {
		columns, err := w.Board(t.Context(), w.who("vera"), "responsible", []string{"otto", "ines"}, desk.TicketList{Status: desk.OpenTickets, Service: "refunds", Page: desk.PageRequest{Limit: 20}})
		check(t, err)
		if len(columns[0].Tickets) != 1 || columns[0].Tickets[0].Number != first || len(columns[1].Tickets) != 0 {
			t.Errorf("%+v", columns)
		}
	})
	t.Run("moved", func(t *testing.T) {
		_, err := w.UpdateTicket(t.Context(), w.who("otto"), second, desk.TicketPatch{Due: new(monday.Add(96 * time.Hour)), Version: w.stored(second).Version})
		check(t, err)
		_, err = w.UpdateTicket(t.Context(), w.who("otto"), first, desk.TicketPatch{Status: new(desk.TicketResolved), Version: w.stored(first).Version})
		check(t, err)
		w.settle()
		list, _, err := w.Tickets(t.Context(), w.who("vera"), desk.TicketList{Status: desk.OpenTickets, Sort: desk.DueTickets, Page: desk.PageRequest{Limit: 5}})
		check(t, err)
		if len(list) != 1 || list[0].Number != second {
			t.Errorf("due: %+v", list)
		}
	})
}
