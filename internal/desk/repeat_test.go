package desk_test

import (
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

// A repeated action is the same one, wherever merges took it; with other content its request is refused (B112).
func TestAddAction_Repeated(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	a, b := w.ticket("otto", desk.TicketPatch{}).Number, w.ticket("otto", desk.TicketPatch{}).Number
	add := func(n int64, text string, public bool) (desk.TicketAction, error) {
		action, err := w.AddAction(t.Context(), w.who("otto"), n, desk.NewAction{ClientID: "once", ActionText: desk.ActionText{Text: text}, Public: public})
		w.settle()
		return action, err
	}
	first, err := add(a, "lunes", true)
	check(t, err)
	again := func(t *testing.T) {
		t.Helper()
		repeated, err := add(a, "lunes", true)
		check(t, err)
		if repeated.ID != first.ID {
			t.Fatalf("got %+v, first %+v", repeated, first)
		}
		_, err = add(a, "martes", true)
		wantField(t, err, desk.Conflict, "client_id")
	}
	t.Run("at once", func(t *testing.T) {
		again(t)
		_, err := add(a, "lunes", false)
		wantField(t, err, desk.Conflict, "client_id")
	})
	t.Run("after a merge", func(t *testing.T) {
		w.merges(a, b)
		again(t)
		w.settle()
		again(t)
		if got := w.said(b); got != "lunes" && got != "lunes!" {
			t.Fatalf("the heir has %q", got)
		}
	})
	t.Run("after an unmerge", func(t *testing.T) {
		w.unmerges(a)
		w.settle()
		again(t)
		if got := w.said(a); got != "lunes!" {
			t.Fatalf("it has %q", got)
		}
	})
	t.Run("after an edit", func(t *testing.T) {
		_, err := w.EditAction(t.Context(), w.who("ines"), a, first.ID, desk.ActionPatch{})
		wantCode(t, err, desk.Invalid)
		_, err = w.EditAction(t.Context(), w.who("otto"), a, first.ID, desk.ActionPatch{ActionText: desk.ActionText{Text: "jueves"}})
		check(t, err)
		repeated, err := add(a, "lunes", true)
		check(t, err)
		if repeated.Text != "jueves" {
			t.Fatalf("got %+v", repeated)
		}
	})
}

// A customer's answer that is repeated after his ticket was merged stands there once (B88, B105).
func TestAnswerTicket_Repeated(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	w.portal("shop", bothWays)
	rosa := w.known("shop", "rosa@example.com")
	opens := func(request string) int64 {
		made, err := w.OpenTicket(t.Context(), rosa, desk.Inquiry{ClientID: request, Subject: "Botas", Text: request})
		check(t, err)
		w.settle()
		return made.Number
	}
	a, b := opens("first"), opens("second")
	answers := func(text string) (desk.TicketAction, error) {
		action, err := w.AnswerTicket(t.Context(), rosa, a, desk.NewAction{ClientID: "once", ActionText: desk.ActionText{Text: text}})
		w.settle()
		return action, err
	}
	_, err := answers("Gracias")
	check(t, err)
	w.merges(a, b)
	for range 2 {
		_, err = answers("Gracias")
		check(t, err)
	}
	if got := w.said(b); got != "first! second! Gracias!" {
		t.Fatalf("the heir has %q", got)
	}
	_, err = answers("Otra cosa")
	wantField(t, err, desk.Conflict, "client_id")
}
