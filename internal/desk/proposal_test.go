package desk_test

import (
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

// TestProposedTicket: B80.
func TestProposedTicket(t *testing.T) {
	w := newWorld(t)
	v := w.visitor("shop")
	c := w.conversation(w.writes(v, "Hola").Conversation)
	make := func(id string, requester desk.ContactID, kind desk.TicketType) int64 {
		t.Helper()
		made, err := w.CreateTicket(t.Context(), w.who("otto"), desk.NewTicket{ClientID: id, Subject: "Pedido", Requester: requester, Set: desk.TicketPatch{Type: &kind}})
		check(t, err)
		return made.Number
	}
	own := make("own", v.Contact, desk.PublicTicket)
	t.Run("ErrNotFound what is not his, or internal", func(t *testing.T) {
		for _, n := range []int64{make("secret", v.Contact, desk.InternalTicket), make("other", w.contact("Rosa", ""), desk.PublicTicket), 99} {
			_, err := w.ProposeTicket(t.Context(), v, c.ID, n)
			wantCode(t, err, desk.NotFound)
		}
		_, err := w.ProposeTicket(t.Context(), w.visitor("shop"), c.ID, own)
		wantCode(t, err, desk.NotFound)
	})
	t.Run("ErrConflict nothing to confirm", func(t *testing.T) {
		_, err := w.ConfirmTicket(t.Context(), w.who("otto"), c.ID)
		wantCode(t, err, desk.Conflict)
		_, err = w.RejectTicket(t.Context(), w.who("otto"), c.ID)
		wantCode(t, err, desk.Conflict)
	})
	propose := func() {
		t.Helper()
		for range 2 {
			got, err := w.ProposeTicket(t.Context(), v, c.ID, own)
			check(t, err)
			if got.ProposedTicket != own || got.Ticket != 0 {
				t.Fatalf("got %+v", got)
			}
		}
	}
	t.Run("rejected", func(t *testing.T) {
		propose()
		_, err := w.RejectTicket(t.Context(), w.who("vera"), c.ID)
		wantCode(t, err, desk.Forbidden)
		got, err := w.RejectTicket(t.Context(), w.who("otto"), c.ID)
		check(t, err)
		if got.ProposedTicket != 0 || got.Ticket != 0 {
			t.Fatalf("got %+v", got)
		}
	})
	t.Run("confirmed", func(t *testing.T) {
		propose()
		got, err := w.ConfirmTicket(t.Context(), w.who("otto"), c.ID)
		check(t, err)
		ticket, err := w.books.Ticket(t.Context(), own)
		check(t, err)
		if got.ProposedTicket != 0 || got.Ticket != own || len(ticket.Conversations) != 1 {
			t.Fatalf("got %+v, ticket %+v", got, ticket)
		}
		_, err = w.ProposeTicket(t.Context(), v, c.ID, make("second", v.Contact, desk.PublicTicket))
		wantCode(t, err, desk.Conflict)
	})
}

// TestSearchTickets: B77, B78.
func TestSearchTickets(t *testing.T) {
	w := newWorld(t)
	ticket := w.ticket("otto", desk.TicketPatch{Tags: &[]string{"devolución"}})
	w.act("otto", ticket.Number, "Llamé al transportista", false)
	for _, text := range []string{"1", "#1", "zapat", "ROSA", "devolucion", "transp zapa"} {
		found, err := w.SearchTickets(t.Context(), w.who("vera"), text, 20)
		check(t, err)
		if len(found) != 1 || found[0].Number != ticket.Number {
			t.Errorf("%q finds %+v", text, found)
		}
	}
	_, err := w.UpdateTicket(t.Context(), w.who("otto"), ticket.Number, desk.TicketPatch{Subject: new("Botas"), Version: 2})
	check(t, err)
	w.settle()
	for text, want := range map[string]int{"zapatos": 0, "botas": 1, "transportista": 1, "2": 0} {
		found, err := w.SearchTickets(t.Context(), w.who("vera"), text, 20)
		check(t, err)
		if len(found) != want {
			t.Errorf("%q finds %+v", text, found)
		}
	}
	_, err = w.SearchTickets(t.Context(), w.who("vera"), "", 20)
	wantField(t, err, desk.Invalid, "q")
}
