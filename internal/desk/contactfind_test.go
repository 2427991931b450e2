package desk_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

// whoIsFound gives the names of the contacts that are found.
func (w *world) whoIsFound(text string) []string {
	w.t.Helper()
	w.settle()
	found, err := w.SearchContacts(w.t.Context(), w.who("vera"), text, 20)
	check(w.t, err)
	names := []string{}
	for _, c := range found {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	return names
}

// TestSearchContacts: people find whom they mean among any number, by what they know of him (B92).
func TestSearchContacts(t *testing.T) {
	w := newWorld(t)
	rosa := w.contact("Rosa Peña", "rosa@example.com")
	other := w.contact("Pedro Peña", "")
	same := func(t *testing.T, text string, want ...string) {
		t.Helper()
		if got := w.whoIsFound(text); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	t.Run("OK", func(t *testing.T) {
		same(t, "pena", "Pedro Peña", "Rosa Peña")
		same(t, "ROSA@ex", "Rosa Peña")
		same(t, "anna")
	})
	t.Run("OK renamed", func(t *testing.T) {
		_, err := w.UpdateContact(t.Context(), w.who("otto"), rosa, func(c *desk.Contact) { c.Name, c.Phone = "Anna Soler", "+34 600 11" })
		check(t, err)
		same(t, "pena", "Pedro Peña")
		same(t, "anna", "Anna Soler")
		same(t, "3460011", "Anna Soler")
	})
	t.Run("OK merged", func(t *testing.T) {
		_, err := w.MergeContacts(t.Context(), w.who("otto"), rosa, other)
		check(t, err)
		same(t, "pedro")
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		_, err := w.SearchContacts(t.Context(), w.who("vera"), "", 20)
		wantField(t, err, desk.Invalid, "q")
	})
}

// TestRenamedRequester: B78. A contact's new name stands in all his tickets, by which they are found, however many.
func TestRenamedRequester(t *testing.T) {
	w := newWorld(t)
	rosa := w.contact("Rosa Peña", "rosa@example.com")
	const many = 60
	for i := range many {
		_, err := w.CreateTicket(t.Context(), w.who("otto"), desk.NewTicket{ClientID: fmt.Sprint(i), Subject: "Molino", Requester: rosa})
		check(t, err)
	}
	w.keepFacts()
	_, err := w.UpdateContact(t.Context(), w.who("otto"), rosa, func(c *desk.Contact) { c.Name = "Anna Soler" })
	check(t, err)
	set := &timersSet{Timers: w.Timers, ids: map[string]bool{}}
	w.Timers = set
	w.again() // starts no second chain of timers
	if len(set.ids) != 1 {
		t.Fatalf("%d timers are set", len(set.ids))
	}
	for range 2 { // 25 at once, and a timer for each of the next pieces
		w.fires("rename-")
	}
	for n := range many {
		if ticket := w.ticketAt(int64(n + 1)); ticket.RequesterName != "Anna Soler" || ticket.UpdatedBy.ID != "otto" {
			t.Fatalf("ticket %d is %+v", n+1, ticket)
		}
	}
	for text, want := range map[string]int{"rosa": 0, "soler": 20} {
		found, err := w.SearchTickets(t.Context(), w.who("vera"), text, 20)
		check(t, err)
		if len(found) != want {
			t.Errorf("%q finds %d tickets, want %d", text, len(found), want)
		}
	}
}

// TestSearchForgets: B78, B102, B112. What an edit took out of an action, and what is switched off, is not found by.
func TestSearchForgets(t *testing.T) {
	w := newWorld(t)
	made, err := w.CreateTicket(t.Context(), w.who("otto"), desk.NewTicket{ClientID: "1", Subject: "Molino", Description: "Llegó roto", Requester: w.contact("Rosa", "")})
	check(t, err)
	a := w.act("otto", made.Number, "Llamar al transportista mañana", false)
	finds := func(t *testing.T, text string, want int) {
		t.Helper()
		w.settle()
		found, err := w.SearchTickets(t.Context(), w.who("vera"), text, 20)
		check(t, err)
		if len(found) != want {
			t.Errorf("%q finds %d", text, len(found))
		}
	}
	finds(t, "transportista", 1)
	_, err = w.EditAction(t.Context(), w.who("otto"), made.Number, a.ID, desk.ActionPatch{ActionText: desk.ActionText{Text: "Llamar al cliente mañana"}})
	check(t, err)
	t.Run("OK edited", func(t *testing.T) {
		finds(t, "transportista", 0)
		finds(t, "cliente manana", 1)
	})
	t.Run("OK switched off", func(t *testing.T) {
		w.setTickets(func(s *desk.TicketSettings) {
			s.Disabled = []desk.TicketField{desk.SubjectField, desk.DescriptionField}
		})
		for _, text := range []string{"molino", "roto", "molino cliente"} {
			finds(t, text, 0)
		}
		finds(t, "rosa", 1)
		finds(t, "cliente", 1)
	})
	t.Run("OK and on again", func(t *testing.T) {
		w.setTickets(nil)
		finds(t, "molino roto", 1)
	})
}

// timersSet keeps the ids of the timers of names that are set.
type timersSet struct {
	desk.Timers
	mu  sync.Mutex
	ids map[string]bool
}

func (s *timersSet) At(ctx context.Context, timer desk.Timer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.HasPrefix(timer.ID, "rename-") {
		s.ids[timer.ID] = true
	}
	return s.Timers.At(ctx, timer)
}
