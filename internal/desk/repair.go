package desk

import "time"

// WantedTimers are the timers that must be set for a conversation as it stands: the end of its snooze, and its target of
// a first response. A timer is set by the relay of what made it necessary; where that was lost, an operator sets it
// anew by these.
func (c *Conversation) WantedTimers(account AccountID) ([]Timer, error) {
	due := map[TimerName]time.Time{}
	if c.Status == Snoozed {
		due[WakeupTimer] = c.SnoozedUntil
	}
	if c.awaitsBreach() {
		due[SLABreachTimer] = c.FirstReplyDue
	}
	var timers []Timer
	for _, name := range []TimerName{WakeupTimer, SLABreachTimer} {
		if due[name].IsZero() {
			continue
		}
		t, err := newTimer(name, account, c.ID, due[name])
		if err != nil {
			return nil, err
		}
		timers = append(timers, t)
	}
	return timers, nil
}

// awaitsBreach tells whether the target of a first response may yet be missed, or was and nobody was told.
func (c *Conversation) awaitsBreach() bool {
	return !c.FirstReplyDue.IsZero() && !c.Breached && c.Thread.FirstReplyAt.IsZero() && c.Status != Resolved
}
