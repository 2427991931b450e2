package desk

import "time"

// WantedTimers are the timers that must be set for a conversation as it stands: the end of its snooze, and the next
// instant of its clocks. A timer is set by the relay of what made it necessary, or by the one before it; where that was
// lost, an operator sets it anew by these.
func (c *Conversation) WantedTimers(account AccountID, settings *Settings, now time.Time) ([]Timer, error) {
	due := map[TimerName]time.Time{}
	if c.Status == Snoozed {
		due[WakeupTimer] = c.SnoozedUntil
	}
	w := c.clockwork(settings)
	due[SLABreachTimer] = w.next(now)
	var timers []Timer
	for _, name := range []TimerName{WakeupTimer, SLABreachTimer} {
		if due[name].IsZero() {
			continue
		}
		t, err := newTimer(name, string(c.ID), TimerBody{Account: account, Conversation: c.ID, Due: due[name]})
		if err != nil {
			return nil, err
		}
		timers = append(timers, t)
	}
	return timers, nil
}

// WantedTimers are likewise those of a ticket: the next instant of its clocks.
func (t Ticket) WantedTimers(account AccountID, settings *Settings, now time.Time) ([]Timer, error) {
	w := t.clockwork(settings)
	next := w.next(now)
	if next.IsZero() {
		return nil, nil
	}
	timer, err := newTimer(SLABreachTimer, string(account)+"-t"+number(t.Number), TimerBody{Account: account, Ticket: t.Number, Due: next})
	return []Timer{timer}, err
}
