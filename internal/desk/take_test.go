package desk_test

import (
	"errors"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// A customer's message is stored at once; one that follows another on the queue keeps its place behind it.
func TestTake(t *testing.T) {
	w := newWorld(t)
	said := func(id string) desk.ChannelEvent {
		return desk.ChannelEvent{
			Account: account, Inbox: "phone", Kind: desk.ChannelMessage, ExternalID: id, At: w.clock(), From: desk.Sender{Address: "5731", Name: "Eva"},
			Message: desk.ChannelContent{Content: desk.TextContent, Text: id},
		}
	}
	check(t, w.Take(t.Context(), said("first")))
	check(t, w.Take(t.Context(), said("first")))
	w.settle()
	c, _, err := w.books.MessageByIdentity(t.Context(), "phone", "first")
	check(t, err)
	if texts := w.texts(c, desk.MessageText); len(texts) != 1 {
		t.Fatalf("stored %q", texts)
	}
	check(t, w.Hold(t.Context(), said("second")))
	if err := w.Take(t.Context(), said("third")); !errors.Is(err, desk.ErrQueued) {
		t.Fatalf("got %v: the third overtakes the second", err)
	}
	check(t, w.Ingest(t.Context(), said("second")))
	check(t, w.Ingest(t.Context(), said("third")))
	other := said("other")
	other.From = desk.Sender{Address: "5732", Name: "Leo"}
	check(t, w.Take(t.Context(), other))
	w.pass(20*time.Minute + time.Second)
	check(t, w.Take(t.Context(), said("fourth")))
	w.settle()
	if texts := w.texts(c, desk.MessageText); len(texts) != 4 || texts[1] != "second" || texts[2] != "third" || texts[3] != "fourth" {
		t.Errorf("stored %q", texts)
	}
	edit := said("edit")
	edit.Kind, edit.Target = desk.ChannelEdit, "first"
	if err := w.Take(t.Context(), edit); !errors.Is(err, desk.ErrQueued) {
		t.Errorf("an edit: %v", err)
	}
}

// What deliver notes of a message for itself is announced to nobody.
func TestClaimsAreNotAnnounced(t *testing.T) {
	w := newWorld(t)
	c := w.phones("wamid.1", "5731", "Hola")
	w.told = nil
	m := w.replies(c.ID, "r1", "Buenos días")
	changes := 0
	for _, a := range w.told {
		if a.Kind == desk.AnnounceChange && a.Message.ID == m.ID {
			changes++
			if a.Message.Delivery.State == desk.NoDelivery {
				t.Error("a claim is announced")
			}
		}
	}
	if changes != 1 {
		t.Errorf("%d changes are announced, want that it was sent", changes)
	}
}

// A new number is known before what is written from it: at once, or held until it comes from the queue.
func TestTakeOfANewNumber(t *testing.T) {
	w := newWorld(t)
	event := func(kind desk.ChannelEventKind, id, from string) desk.ChannelEvent {
		return desk.ChannelEvent{
			Account: account, Inbox: "phone", Kind: kind, ExternalID: id, At: w.clock(), From: desk.Sender{Address: from, Name: "Eva"},
			Message: desk.ChannelContent{Content: desk.TextContent, Text: id},
		}
	}
	moves := event(desk.ChannelIdentity, "move", "5731")
	moves.NewAddress = "5799"
	check(t, w.Take(t.Context(), event(desk.ChannelMessage, "old", "5731")))
	w.settle()
	check(t, w.Take(t.Context(), moves))
	check(t, w.Take(t.Context(), event(desk.ChannelMessage, "new", "5799")))
	w.settle()
	was, _, err := w.books.MessageByIdentity(t.Context(), "phone", "old")
	check(t, err)
	if now, _, err := w.books.MessageByIdentity(t.Context(), "phone", "new"); err != nil || now != was {
		t.Errorf("from the new number he wrote in %q, %v, want %q", now, err, was)
	}
	moves.NewAddress = "5800"
	check(t, w.Hold(t.Context(), moves))
	if err := w.Take(t.Context(), event(desk.ChannelMessage, "newer", "5800")); !errors.Is(err, desk.ErrQueued) {
		t.Errorf("got %v: a message overtakes the number that it comes from", err)
	}
}
