package desk_test

import (
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// What a conversation needs a timer for: its clocks while they run, its snooze if that has an end (B56-B58, I10).
func TestWantedTimers(t *testing.T) {
	w := newWorld(t)
	c := w.begins("web")
	wants := func(what string, names ...desk.TimerName) {
		t.Helper()
		settings, err := w.Settings(t.Context(), account)
		check(t, err)
		timers, err := w.conversation(c.ID).WantedTimers(account, settings, w.clock())
		check(t, err)
		if len(timers) != len(names) {
			t.Fatalf("%s: %+v, want %v", what, timers, names)
		}
		for i, timer := range timers {
			if timer.Name != names[i] || timer.ID == "" || !timer.At.After(w.clock()) {
				t.Errorf("%s: %+v, want %s", what, timer, names[i])
			}
		}
	}
	wants("unanswered", desk.SLABreachTimer)
	_, err := w.Snooze(t.Context(), w.who("ana"), c.ID, desk.Snooze{At: w.clock().Add(time.Hour)})
	check(t, err)
	wants("snoozed", desk.WakeupTimer)
	_, err = w.Reopen(t.Context(), w.who("ana"), c.ID)
	check(t, err)
	_, err = w.Snooze(t.Context(), w.who("ana"), c.ID, desk.Snooze{Until: desk.UntilNextReply})
	check(t, err)
	wants("snoozed without an end")
}
