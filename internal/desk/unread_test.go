package desk_test

import (
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

func TestMarkUnread(t *testing.T) {
	w := newWorld(t)
	v := w.visitor("shop")
	w.writes(v, "Hola")
	m := w.writes(v, "¿Hay alguien?")
	id := m.Conversation
	check(t, w.MarkRead(t.Context(), w.who("ines"), id, m.ID))
	for range 2 {
		check(t, w.MarkUnread(t.Context(), w.who("ines"), id))
	}
	if c := w.conversation(id); len(c.Thread.Unread) != 1 || c.Thread.Unread[0] != m.ID || c.Thread.ReadTo != m.ID {
		t.Errorf("marked as unread: %v, told as read up to %s", c.Thread.Unread, c.Thread.ReadTo)
	}
	check(t, w.MarkRead(t.Context(), w.who("ines"), id, m.ID))
	if c := w.conversation(id); len(c.Thread.Unread) != 0 {
		t.Errorf("read again: %v", c.Thread.Unread)
	}
	t.Run("ErrForbidden", func(t *testing.T) { wantCode(t, w.MarkUnread(t.Context(), w.who("vera"), id), desk.Forbidden) })
	t.Run("ErrNotFound", func(t *testing.T) {
		wantCode(t, w.MarkUnread(t.Context(), w.who("luis"), id), desk.NotFound)
		wantCode(t, w.MarkUnread(t.Context(), w.who("otto"), "gone"), desk.NotFound)
	})
}

// TestPreviewIsTheCustomers holds the line in lists against what the desk says by itself (B13, B14), and against a
// deletion (B32).
func TestPreviewIsTheCustomers(t *testing.T) {
	w := newWorld(t)
	m := w.writes(w.visitor("web"), "Hola, busco botas")
	c := w.conversation(m.Conversation)
	if texts := w.texts(c.ID, desk.MessageText); len(texts) != 3 {
		t.Fatalf("messages %q: want the greeting and the question, too", texts)
	}
	if c.Thread.Preview != "Hola, busco botas" || c.Thread.PreviewBy != desk.ByCustomer || c.Thread.Last != m.ID {
		t.Errorf("preview %q of %s", c.Thread.Preview, c.Thread.PreviewBy)
	}
	check(t, w.DeleteMessage(t.Context(), w.who("otto"), c.ID, m.ID))
	w.settle()
	if c := w.conversation(c.ID); c.Thread.Preview != "" {
		t.Errorf("B32: a deleted message shows as %q", c.Thread.Preview)
	}
}
