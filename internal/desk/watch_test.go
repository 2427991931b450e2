package desk_test

import (
	"slices"
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

// ticketNews gives what was announced of a ticket, and forgets it.
func (w *world) ticketNews(n int64) []desk.TicketNews {
	w.mu.Lock()
	defer w.mu.Unlock()
	var news []desk.TicketNews
	w.told = slices.DeleteFunc(w.told, func(a desk.Announcement) bool {
		if a.Kind != desk.AnnounceTicket || a.Ticket.Number != n {
			return false
		}
		news = append(news, *a.Ticket)
		return true
	})
	return news
}

// What is shown of a ticket corrects itself: each change is told to those who look at it (B86).
func TestTicketsAreAnnounced(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	ticket := w.ticket("otto", desk.TicketPatch{Responsible: ptr(desk.AgentID("ines"))})
	same := func(want ...desk.TicketNews) {
		t.Helper()
		if got := w.ticketNews(ticket.Number); !slices.Equal(got, want) {
			t.Errorf("told %v, want %v", got, want)
		}
	}
	t.Run("Made", func(*testing.T) { same(desk.TicketNews{Number: ticket.Number, Version: 1}) })
	t.Run("Changed", func(*testing.T) {
		w.patches(ticket.Number, desk.TicketPatch{Subject: ptr("Botas")})
		same(desk.TicketNews{Number: ticket.Number, Version: 2})
	})
	t.Run("Action and what it set off B111", func(*testing.T) {
		a := w.act("otto", ticket.Number, "hm", false)
		same(desk.TicketNews{Number: ticket.Number, Version: 3}, desk.TicketNews{Number: ticket.Number, Action: a.ID})
	})
	t.Run("Deleted", func(t *testing.T) {
		check(t, w.DeleteTicket(t.Context(), w.who("ana"), ticket.Number))
		w.settle()
		same(desk.TicketNews{Number: ticket.Number, Version: 4})
	})
}
