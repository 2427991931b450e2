package desk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/relevo/relevo/internal/desk"
)

// I4: whatever order and number of states a provider reports, the highest stands.
func TestStatesRiseProperty(t *testing.T) {
	w := newWorld(t)
	c := w.phones("wamid.1", "5731", "Hola")
	states := []desk.DeliveryState{desk.Sent, desk.Failed, desk.Delivered, desk.Read}
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		m := w.replies(c.ID, fmt.Sprint(n), "Dígame")
		highest := m.Delivery.State
		for _, s := range rapid.SliceOfN(rapid.SampledFrom(states), 1, 6).Draw(r, "states") {
			before := w.message(c.ID, m.ID).Delivery.State
			w.ingest(desk.ChannelEvent{Kind: desk.ChannelStatus, ExternalID: m.Provider, Delivery: desk.Delivery{State: s}})
			if after := w.message(c.ID, m.ID).Delivery.State; after.Rank() < before.Rank() {
				r.Fatalf("%s fell to %s", before, after)
			}
			if s.Rank() > highest.Rank() {
				highest = s
			}
		}
		if got := w.message(c.ID, m.ID).Delivery.State; got != highest {
			r.Fatalf("got %s, want %s", got, highest)
		}
	})
}

// A fact that is relayed again, late, in any order, adds nothing and changes nothing.
func TestReplayProperty(t *testing.T) {
	w := newWorld(t)
	w.keepFacts()
	w.connect("ines")
	v := w.visitor("web")
	id := w.writes(v, "Hola").Conversation
	w.writes(v, "yo@example.com")
	w.replies(id, "1", "Dígame")
	_, _, err := w.Note(t.Context(), w.who("ines"), id, desk.Body{ClientID: "n", Text: "@luis", Mentions: []desk.AgentID{"luis"}})
	check(t, err)
	_, err = w.Snooze(t.Context(), w.who("ines"), id, desk.Snooze{At: monday.Add(time.Hour)})
	check(t, err)
	w.writes(v, "¿Hola?")
	_, err = w.Transfer(t.Context(), w.who("ines"), id, desk.Transfer{Agent: "luis", Reason: "suyo"})
	check(t, err)
	w.settle()
	check(t, w.MarkRead(t.Context(), w.who("otto"), id, w.conversation(id).Thread.Last))
	w.closes(id)
	w.settle()
	facts := w.facts()
	before := w.dump(id)
	rapid.Check(t, func(r *rapid.T) {
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(facts)-1), 1, 12).Draw(r, "facts") {
			if err := w.Relay(t.Context(), facts[i]); err != nil {
				r.Fatal(err)
			}
		}
		w.settle()
		if diff := cmp.Diff(before, w.dump(id)); diff != "" {
			r.Fatalf("a replay changed something:\n%s", diff)
		}
	})
}

// dumped is everything that a replay could touch.
type dumped struct {
	Conversation  *desk.Conversation
	Messages      []desk.Message
	Seats         []desk.Seat
	Notifications []desk.Notification
	Tickets       []desk.Ticket
}

func (w *world) dump(id desk.ConversationID) dumped {
	w.t.Helper()
	var d dumped
	var err error
	d.Conversation, d.Messages, _, err = w.books.Thread(w.t.Context(), id, desk.ThreadQuery{Limit: 100, Fresh: true})
	check(w.t, err)
	d.Seats, err = w.books.Seats(w.t.Context())
	check(w.t, err)
	for _, a := range []desk.AgentID{"ines", "luis", "otto"} {
		n, _, err := w.books.Notifications(w.t.Context(), a, desk.PageRequest{Limit: 50})
		check(w.t, err)
		d.Notifications = append(d.Notifications, n...)
	}
	d.Tickets, _, err = w.books.Tickets(w.t.Context(), desk.TicketList{Status: desk.TicketNew, Page: desk.PageRequest{Limit: 50}})
	check(w.t, err)
	return d
}
