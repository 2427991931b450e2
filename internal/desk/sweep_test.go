package desk_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// sweeps waits until the timer of a sweep, which saving a setting set, has gone off.
func (w *world) sweeps() { w.fires("sweep-") }

// fires waits until a timer whose id begins so has gone off.
func (w *world) fires(prefix string) {
	w.t.Helper()
	w.pass(time.Minute)
	timers, fired := w.file.Timers(), make(chan struct{}, 1)
	timers.Now = w.clock
	ctx, stop := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer stop()
	ended := make(chan error)
	go func() {
		ended <- timers.Run(ctx, func(ctx context.Context, timer desk.Timer) error {
			err := w.Fire(ctx, timer)
			if strings.HasPrefix(timer.ID, prefix) {
				fired <- struct{}{}
			}
			return err
		})
	}()
	select {
	case <-fired:
	case <-ctx.Done():
		w.t.Errorf("no timer %s was set", prefix)
	}
	stop()
	check(w.t, <-ended)
	w.settle()
}

// waits reports whether the timers that are wanted wait.
func (w *world) waits(wanted []desk.Timer, err error) bool {
	w.t.Helper()
	check(w.t, err)
	for _, timer := range wanted {
		missed, err := w.file.Timers().Repair(w.t.Context(), timer)
		check(w.t, err)
		if missed {
			return false
		}
	}
	return len(wanted) > 0
}

// B98: another promise, or other hours, move the due instants of what runs, its timers and its forecast with them.
func TestSweep_B98(t *testing.T) {
	w := ticketed(t)
	w.at(2, 10, 0)
	n := w.opensTicket("repair").Number
	settings := func() *desk.Settings {
		s, err := w.Settings(t.Context(), account)
		check(t, err)
		return s
	}
	k := settings().Contracts["gold"]
	k.Promises = []desk.Promise{{FirstResponse: 10 * time.Minute, Resolution: 90 * time.Minute}}
	check(t, w.SaveSetting(t.Context(), w.who("ana"), k))
	w.sweeps()
	if !w.waits(w.ticketAt(n).WantedTimers(account, settings(), w.clock())) {
		t.Error("the ticket has no timer for its nearer promise")
	}
	if due := w.ticketAt(n).Due; !near(due.At, bogota(2, 11, 30)) {
		t.Errorf("forecast %v", due.At)
	}
	history, _, err := w.TicketHistory(t.Context(), w.who("vera"), n, desk.PageRequest{Limit: 9})
	check(t, err)
	if len(history) == 0 || history[0].Trigger != desk.TriggerContract {
		t.Errorf("history %+v", history)
	}
	version := w.ticketAt(n).Version
	check(t, w.SaveSetting(t.Context(), w.who("ana"), k))
	w.sweeps()
	if w.ticketAt(n).Version != version {
		t.Error("a second sweep changed the ticket")
	}
}

// An inbox's own promise that comes when conversations are open already is kept for them, too: by a timer of its own,
// which the saving set.
func TestSweep_Inbox(t *testing.T) {
	w := newWorld(t)
	settings, err := w.Settings(t.Context(), account)
	check(t, err)
	inbox := settings.Inboxes["shop"]
	inbox.FirstResponse = 0
	check(t, w.SaveSetting(t.Context(), w.who("ana"), inbox))
	c := w.begins("shop")
	inbox.FirstResponse = 10 * time.Minute
	check(t, w.SaveSetting(t.Context(), w.who("ana"), inbox))
	settings, err = w.Settings(t.Context(), account)
	check(t, err)
	w.sweeps()
	if !w.waits(w.conversation(c.ID).WantedTimers(account, settings, w.clock())) {
		t.Error("no timer")
	}
}
