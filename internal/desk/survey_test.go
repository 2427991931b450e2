package desk_test

import (
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

// surveys makes an inbox ask.
func (w *world) surveys(inbox desk.InboxID) {
	w.t.Helper()
	settings, err := w.books.Settings(w.t.Context())
	check(w.t, err)
	i := settings.Inboxes[inbox]
	i.Survey = true
	check(w.t, w.SaveSetting(w.t.Context(), w.who("ana"), i))
}

// TestSurvey is B71.
func TestSurvey(t *testing.T) {
	w := newWorld(t)
	w.surveys("shop")
	w.surveys("phone")
	closed := func(t *testing.T, closing desk.Closing) (desk.Visitor, *desk.Conversation) {
		t.Helper()
		v := w.visitor("shop")
		m := w.writes(v, "Hola")
		c, _, err := w.Close(t.Context(), w.who("otto"), m.Conversation, closing)
		check(t, err)
		w.settle()
		return v, c
	}
	t.Run("OK", func(t *testing.T) {
		v, c := closed(t, desk.Closing{})
		if !c.Survey.AskedAt.Equal(c.ClosedAt) || c.Survey.Rating != 0 {
			t.Fatalf("asked %+v", c.Survey)
		}
		for range 2 {
			c, err := w.Rate(t.Context(), v, c.ID, 4, "rápido")
			check(t, err)
			if c.Survey.Rating != 4 || c.Survey.Comment != "rápido" {
				t.Errorf("rated %+v", c.Survey)
			}
		}
		w.settle()
		lines := 0
		for _, e := range w.texts(c.ID, desk.ActivityKind) {
			if e == string(desk.ConversationRated) {
				lines++
			}
		}
		if lines != 1 {
			t.Errorf("%d lines tell of the rating", lines)
		}
		_, err := w.Rate(t.Context(), v, c.ID, 5, "rápido")
		wantCode(t, err, desk.Conflict)
		_, err = w.Rate(t.Context(), v, c.ID, 4, "")
		wantCode(t, err, desk.Conflict)
	})
	t.Run("OK/AskedAnewWithTheNextClose", func(t *testing.T) {
		v, c := closed(t, desk.Closing{})
		_, err := w.Rate(t.Context(), v, c.ID, 1, "")
		check(t, err)
		open, err := w.Reopen(t.Context(), w.who("otto"), c.ID)
		check(t, err)
		if open.Survey != (desk.Survey{}) {
			t.Errorf("reopened with %+v", open.Survey)
		}
		_, err = w.Rate(t.Context(), v, c.ID, 1, "")
		wantCode(t, err, desk.Conflict)
		_, _, err = w.Close(t.Context(), w.who("otto"), c.ID, desk.Closing{})
		check(t, err)
		_, err = w.Rate(t.Context(), v, c.ID, 5, "")
		check(t, err)
	})
	t.Run("ErrConflict/NotAsked", func(t *testing.T) {
		v, c := closed(t, desk.Closing{NoSurvey: true})
		_, err := w.Rate(t.Context(), v, c.ID, 4, "")
		wantCode(t, err, desk.Conflict)
	})
	t.Run("ErrNotFound", func(t *testing.T) {
		_, c := closed(t, desk.Closing{})
		_, err := w.Rate(t.Context(), w.visitor("shop"), c.ID, 4, "")
		wantCode(t, err, desk.NotFound)
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		v, c := closed(t, desk.Closing{})
		for _, rating := range []int{0, 6, -1} {
			_, err := w.Rate(t.Context(), v, c.ID, rating, "")
			wantCode(t, err, desk.Invalid)
		}
		_, err := w.Rate(t.Context(), v, c.ID, 3, strings.Repeat("x", 1001))
		wantCode(t, err, desk.Invalid)
	})
}
