package desk_test

import (
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

func TestWantedTimers(t *testing.T) {
	due := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		conversation desk.Conversation
		want         []desk.TimerName
	}{
		"Open":                {desk.Conversation{Status: desk.Open}, nil},
		"SnoozedWithoutAnEnd": {desk.Conversation{Status: desk.Snoozed}, nil},
		"Snoozed":             {desk.Conversation{Status: desk.Snoozed, SnoozedUntil: due}, []desk.TimerName{desk.WakeupTimer}},
		"Woken":               {desk.Conversation{Status: desk.Open, SnoozedUntil: due}, nil},
		"Target":              {desk.Conversation{Status: desk.Pending, FirstReplyDue: due}, []desk.TimerName{desk.SLABreachTimer}},
		"Answered":            {desk.Conversation{Status: desk.Open, FirstReplyDue: due, Thread: desk.Thread{FirstReplyAt: due}}, nil},
		"Breached":            {desk.Conversation{Status: desk.Open, FirstReplyDue: due, Breached: true}, nil},
		"Resolved":            {desk.Conversation{Status: desk.Resolved, FirstReplyDue: due}, nil},
		"Both":                {desk.Conversation{Status: desk.Snoozed, SnoozedUntil: due, FirstReplyDue: due}, []desk.TimerName{desk.WakeupTimer, desk.SLABreachTimer}},
	} {
		t.Run(name, func(t *testing.T) {
			timers, err := c.conversation.WantedTimers("acme")
			if err != nil || len(timers) != len(c.want) {
				t.Fatalf("%+v, %v, want %v", timers, err, c.want)
			}
			for i, timer := range timers {
				if timer.Name != c.want[i] || !timer.At.Equal(due) || timer.ID == "" {
					t.Errorf("%+v, want %s", timer, c.want[i])
				}
			}
		})
	}
}
