package desk_test

import (
	"slices"
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

// ownNews gives what requesters were told of a ticket, oldest first, and forgets it.
func (w *world) ownNews(n int64) []desk.TicketNews {
	w.settle()
	return slices.DeleteFunc(w.ticketNews(n), func(news desk.TicketNews) bool { return news.Requester == "" })
}

// TestRequestersAreTold: B84, B88. What happens in a customer's ticket that he may know of he is told at once, and no more.
func TestRequestersAreTold(t *testing.T) {
	w := newWorld(t)
	w.portal("shop", bothWays)
	rosa := w.known("shop", "rosa@example.com")
	opened, err := w.OpenTicket(t.Context(), rosa, desk.Inquiry{ClientID: "1", Subject: "Molino", Text: "Llegó roto"})
	check(t, err)
	n := opened.Number
	same := func(t *testing.T, want ...desk.TicketNews) {
		t.Helper()
		if got := w.ownNews(n); !slices.Equal(got, want) {
			t.Errorf("told %+v, want %+v", got, want)
		}
	}
	itself := desk.TicketNews{Number: n, Requester: rosa.Contact}
	action := func(id string) desk.TicketNews {
		return desk.TicketNews{Number: n, Action: id, Requester: rosa.Contact}
	}
	opening := w.ownNews(n)
	if len(opening) != 2 || !slices.Contains(opening, itself) {
		t.Errorf("of the new ticket she was told %+v", opening)
	}
	t.Run("OK a public action, and its edit", func(t *testing.T) {
		a := w.act("otto", n, "Le enviamos otro", true)
		same(t, action(a.ID))
		_, err := w.EditAction(t.Context(), w.who("otto"), n, a.ID, desk.ActionPatch{ActionText: desk.ActionText{Text: "Le enviamos uno nuevo"}})
		check(t, err)
		same(t, action(a.ID))
	})
	t.Run("OK her own answer, in her other windows", func(t *testing.T) {
		a, err := w.AnswerTicket(t.Context(), rosa, n, desk.NewAction{ClientID: "a", ActionText: desk.ActionText{Text: "Gracias"}})
		check(t, err)
		same(t, action(a.ID))
	})
	t.Run("OK status and subject", func(t *testing.T) {
		w.patches(n, desk.TicketPatch{Status: new(desk.TicketPending)})
		same(t, itself)
		w.patches(n, desk.TicketPatch{Subject: new("Molino roto")})
		same(t, itself)
	})
	t.Run("OK nothing of what is the desk's", func(t *testing.T) {
		w.act("otto", n, "Entre nosotros", false)
		w.patches(n, desk.TicketPatch{Priority: new(desk.ChoiceID("high")), Responsible: new(desk.AgentID("ines")), Tags: &[]string{"vip"}})
		same(t)
	})
	t.Run("OK it becomes internal, and public again", func(t *testing.T) {
		w.patches(n, desk.TicketPatch{Type: new(desk.InternalTicket)})
		same(t, itself)
		w.patches(n, desk.TicketPatch{Subject: new("Molino"), Status: new(desk.TicketInProgress)})
		w.act("otto", n, "Interno", false)
		same(t)
		w.patches(n, desk.TicketPatch{Type: new(desk.PublicTicket)})
		same(t, itself)
	})
	t.Run("OK it becomes another's: both are told", func(t *testing.T) {
		carla := w.known("shop", "carla@example.com")
		w.patches(n, desk.TicketPatch{Requester: &carla.Contact})
		same(t, itself, desk.TicketNews{Number: n, Requester: carla.Contact})
	})
	t.Run("OK nobody where no inbox has a portal", func(t *testing.T) {
		w.portal("shop", desk.Portal{})
		w.act("otto", n, "Listo", true)
		same(t)
	})
}
