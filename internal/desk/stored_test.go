package desk_test

import (
	"sync/atomic"
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

// TestStoredIsToldOnce: what the metric Messages counts is each message in and out and each note, once: no repeat, and nothing
// that the desk says by itself.
func TestStoredIsToldOnce(t *testing.T) {
	w := newWorld(t)
	var told atomic.Int64
	w.Stored = func(desk.Message) { told.Add(1) }
	want := func(what string, n int64) {
		t.Helper()
		w.settle()
		if got := told.Swap(0); got != n {
			t.Errorf("%s: %d told, want %d", what, got, n)
		}
	}
	v := w.visitor("web") // which greets, asks for an address, and writes activity lines
	for range 2 {
		m, _, err := w.Write(t.Context(), v, desk.Body{ClientID: "w1", Text: "Hola"})
		check(t, err)
		if m.Conversation == "" {
			t.Fatal("no conversation")
		}
	}
	want("a message of the widget, repeated", 1)
	m := w.writes(v, "¿Hay alguien?")
	want("another", 1)
	for range 2 {
		_, _, err := w.Reply(t.Context(), w.who("otto"), m.Conversation, desk.Body{ClientID: "r1", Text: "Buenas"})
		check(t, err)
	}
	want("a reply, repeated", 1)
	_, _, err := w.Note(t.Context(), w.who("otto"), m.Conversation, desk.Body{ClientID: "n1", Text: "Ojo"})
	check(t, err)
	want("a note", 1)
	for range 2 {
		w.phones("wamid.1", "573001112233", "Hola")
	}
	want("a message of a phone, repeated", 1)
}
