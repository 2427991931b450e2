package desk

import (
	"context"
	"slices"
	"time"
)

// SLABreach looks at a conversation's clocks, or a ticket's, when a timer of theirs goes off: what passed unmet, or is about to, is
// marked, told and escalated once. The timer is a hint: fired twice, late, or after the target was met, it does nothing
// but set the next one.
func (d *Desk) SLABreach(ctx context.Context, body TimerBody) error {
	switch {
	case body.Sweep != nil:
		return d.sweep(ctx, body.Account, *body.Sweep)
	case body.Rename != nil:
		return d.renameTickets(ctx, body.Account, *body.Rename)
	case body.Ticket != 0:
		return d.ticketBreach(ctx, body)
	}
	who := systemWho(body.Account)
	c, err := d.act(ctx, who, body.Conversation, func(c *Conversation, s *Settings, now time.Time) ([]Event, error) {
		return d.overdue(ctx, who, c, s, now)
	})
	if Is(err, NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.setClocks(ctx, d.Store.Account(body.Account), c)
}

// overdue marks the clocks of which a warning or a breach is to be told, and escalates.
func (d *Desk) overdue(ctx context.Context, who Who, c *Conversation, s *Settings, now time.Time) ([]Event, error) {
	var events []Event
	w, k := c.clockwork(s), s.contract(c.Clocks.Contract, c.Inbox)
	for _, clock := range w.all(now) {
		told, what, breach := w.tells(clock, now)
		if what == "" {
			continue
		}
		c.Clocks = w.mark(clock, told)
		w.Clocks = c.Clocks
		events = append(events, event(what, "target", string(clock.Target), "due", clock.Due.UTC().Format(time.RFC3339), "contract", k.Name))
		for _, e := range k.Escalations {
			if !e.at(clock.Target, breach) || !clock.Ended.IsZero() { // nothing is left to hurry
				continue
			}
			more, err := d.escalate(ctx, who, c, s, e, now)
			if err != nil {
				return nil, err
			}
			events = append(events, more...)
		}
	}
	return events, nil
}

// at reports whether it is to be done at a breach of a target, or at the warning of one.
func (e Escalation) at(target Target, breach bool) bool {
	return e.AtWarning != breach && (e.Target == "" || e.Target == target)
}

// tells decides whether a clock has something to tell that was not told; "" for nothing. Whoever comes to a breach is not
// warned of it any more. A breach is told also when the answer came after it and before its timer.
func (w *clockwork) tells(c Clock, now time.Time) (told Told, what EventType, breach bool) {
	switch {
	case c.Breached:
		if !w.told(toldBreach, c.place) {
			return toldBreach | toldWarning, ConversationBreached, true
		}
	case !c.Ended.IsZero():
	case !c.WarnAt.IsZero() && !now.Before(c.WarnAt) && !w.told(toldWarning, c.place):
		return toldWarning, ConversationWarned, false
	}
	return 0, "", false
}

// mark gives the account with what was told of a clock, and when it passed.
func (w *clockwork) mark(c Clock, told Told) Clocks {
	next := w.Clocks
	if c.Target == NextResponse && !w.NextFor.Equal(w.waits) {
		next.forget(c.place, toldWarning|toldBreach)
		next.NextFor, next.NextWorked = w.waits, 0
	}
	next.Told |= told << c.place
	if c.Breached {
		next.Passed[c.place] = c.Due
	}
	return next
}

// escalate does what a contract wants at a warning or a breach. What cannot be done, because an agent left or has the
// conversation already, is left: the breach is told in any case. Whom it only tells, [Desk.notifyClock] finds.
func (d *Desk) escalate(ctx context.Context, who Who, c *Conversation, s *Settings, e Escalation, now time.Time) ([]Event, error) {
	switch e.Act {
	case EscalatePriority:
		i := slices.Index(priorities, c.Priority)
		if i < 0 || i == len(priorities)-1 {
			return nil, nil
		}
		from := c.Priority
		c.Priority = priorities[i+1]
		return []Event{event(ConversationPrioritized, "from", string(from), "to", string(c.Priority), "cause", "sla")}, nil
	case EscalateReassign:
		to := Transfer{Department: e.Department, Agent: e.Agent}
		var events []Event
		var err error
		if to.Agent != "" {
			events, err = d.transferToAgent(ctx, who, c, s, to, now)
		} else {
			events, err = c.transferToDepartment(s, to, now)
		}
		if Is(err, Invalid) {
			return nil, nil
		}
		return events, err
	default:
		return nil, nil
	}
}

// setClocks sets a timer for the next instant at which a clock of the conversation has something to tell. The instant is
// part of its id, so that it is set once; it sets the one after it.
func (d *Desk) setClocks(ctx context.Context, books Books, c *Conversation) error {
	settings, err := settingsKnowing(ctx, books, c.Clocks.Contract)
	if err != nil {
		return err
	}
	return d.setNext(ctx, books.ID(), settings, c)
}

func (d *Desk) setNext(ctx context.Context, account AccountID, s *Settings, c *Conversation) error {
	w := c.clockwork(s)
	if next := w.next(d.now()); !next.IsZero() {
		return d.setTimer(ctx, SLABreachTimer, account, c.ID, next)
	}
	return nil
}

// next is the first instant at which a clock has something to tell that was not told; zero: never.
func (w *clockwork) next(now time.Time) time.Time {
	var next time.Time
	for _, c := range w.all(now) {
		for _, tells := range []struct {
			told Told
			at   time.Time
		}{{toldWarning, c.WarnAt}, {toldBreach, c.Due}} {
			if c.Ended.IsZero() && !tells.at.IsZero() && !w.told(tells.told, c.place) && (next.IsZero() || tells.at.Before(next)) {
				next = tells.at
			}
		}
	}
	return next
}

// setWait sets the timer of the next response when a customer's message began to wait for it.
func (d *Desk) setWait(ctx context.Context, books Books, c *Conversation, m Message) error {
	if c.Clocks.Contract == "" || c.Thread.FirstReplyAt.IsZero() || !c.Thread.AwaitingSince.Equal(m.ID.Time()) {
		return nil
	}
	return d.setClocks(ctx, books, c)
}

// notifyClock tells those who are to answer of a warning or a breach, the department's operators of a breach, and whom the
// contract names. The notification has the line's id, so a line that is relayed twice tells once.
func (d *Desk) notifyClock(ctx context.Context, books Books, c *Conversation, line Message, kind NotificationKind) error {
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	to := answerable(c, settings)
	if kind == NotifyBreach {
		to = append(to, settings.operators(c.Department)...)
	}
	to = append(to, settings.contract(c.Clocks.Contract, c.Inbox).notifies(Target(line.Data["target"]), kind)...)
	return d.notifyEach(ctx, books, settings, to, Notification{
		ID: string(line.ID), Kind: kind, Conversation: c.ID, Number: c.Number, By: System,
	})
}

// notifies lists whom a contract wants to be told too.
func (k Contract) notifies(target Target, kind NotificationKind) []AgentID {
	var to []AgentID
	for _, e := range k.Escalations {
		if e.Act == EscalateNotify && e.at(target, kind != NotifyWarning) {
			to = append(to, e.Agents...)
		}
	}
	return to
}

// notifyEach tells several agents the same, each once; not those who left.
func (d *Desk) notifyEach(ctx context.Context, books Books, s *Settings, to []AgentID, n Notification) error {
	slices.Sort(to)
	for _, a := range slices.Compact(to) {
		if _, err := s.agent("agents", a); err != nil {
			continue
		}
		n.Agent = a
		if err := d.notify(ctx, books, n); err != nil {
			return err
		}
	}
	return nil
}
