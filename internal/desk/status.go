package desk

import (
	"context"
	"slices"
	"time"
)

// SnoozeUntil names an end of a snooze.
type SnoozeUntil string

// The named ends (B56-B58).
const (
	UntilNextReply SnoozeUntil = "next_reply"
	UntilTomorrow  SnoozeUntil = "tomorrow"
	UntilNextWeek  SnoozeUntil = "next_week"
)

// Snooze says until when a conversation sleeps: a named end, or an instant. The customer's next message wakes it in any
// case.
type Snooze struct {
	Until SnoozeUntil
	At    time.Time
}

// actions are the acts on a status and the states from which they are allowed (B55): these and only these.
var actions = map[string][]Status{
	"pending": {Open, Snoozed},
	"snooze":  {Open, Pending},
	"open":    {Pending},
	"reopen":  {Snoozed, Resolved},
	"close":   {Open, Pending, Snoozed},
}

// inState refuses an action that the state does not allow.
func (c *Conversation) inState(action string) error {
	if slices.Contains(actions[action], c.Status) {
		return nil
	}
	return conflictf("a conversation that is %s allows no %s", c.Status, action)
}

// alive refuses acts on a resolved conversation.
func (c *Conversation) alive(act string) error {
	if c.Status == Resolved {
		return conflictf("a resolved conversation allows no %s; reopen it first", act)
	}
	return nil
}

// Allowed lists the acts that the caller may do on the conversation in its state.
func (w Who) Allowed(c *Conversation) []string {
	if w.mayWork() != nil || !w.sees(c) {
		return nil
	}
	acts := []string{"label", "note", "priority", "transcript", "ticket", "mute"}
	if c.Muted {
		acts[len(acts)-1] = "unmute"
	}
	for act, from := range actions {
		if slices.Contains(from, c.Status) {
			acts = append(acts, act)
		}
	}
	if c.Status != Resolved {
		acts = append(acts, "reply", "assign", "transfer")
		if c.Assignee != "" || c.WaitsFor != "" {
			acts = append(acts, "unassign")
		}
	}
	if w.Agent != "" && c.WaitsFor == w.Agent && c.Status == Open {
		acts = append(acts, "accept")
	}
	slices.Sort(acts)
	return acts
}

// Snooze puts a conversation to sleep.
func (d *Desk) Snooze(ctx context.Context, who Who, id ConversationID, until Snooze) (*Conversation, error) {
	return d.act(ctx, who, id, func(c *Conversation, s *Settings, now time.Time) ([]Event, error) {
		return c.snooze(until, s.Account, now)
	})
}

func (c *Conversation) snooze(until Snooze, account Account, now time.Time) ([]Event, error) {
	if err := c.inState("snooze"); err != nil {
		return nil, err
	}
	end, err := until.end(account, now)
	if err != nil {
		return nil, err
	}
	c.Status, c.StatusAt, c.SnoozedUntil, c.SeenTo = Snoozed, now, end, c.Thread.LastCustomer
	told := ""
	if !end.IsZero() {
		told = end.Format(time.RFC3339Nano)
	}
	return []Event{event(ConversationSnoozed, "until", told, "choice", string(until.Until))}, nil
}

// end gives the instant at which the snooze ends; zero for the customer's next message.
func (s Snooze) end(account Account, now time.Time) (time.Time, error) {
	if !s.At.IsZero() && s.Until != "" {
		return time.Time{}, InvalidField("until", "give until or at, not both")
	}
	loc, err := account.Location()
	if err != nil {
		return time.Time{}, err
	}
	local := now.In(loc)
	switch s.Until {
	case UntilNextReply:
		return time.Time{}, nil
	case UntilTomorrow:
		return account.openingOn(local, 1), nil
	case UntilNextWeek:
		return account.openingOn(local, 7-(int(local.Weekday())+6)%7), nil
	case "":
		if s.At.IsZero() {
			return time.Time{}, InvalidField("until", "is required, or at")
		}
		return s.At.UTC().Truncate(time.Millisecond), inFuture("at", s.At, now)
	default:
		return time.Time{}, InvalidField("until", "want next_reply, tomorrow or next_week")
	}
}

// openingOn gives the account's opening on the calendar day that many days after the local one, by that day's clock.
func (a Account) openingOn(local time.Time, days int) time.Time {
	y, m, day := local.Date()
	date := time.Date(y, m, day+days, 12, 0, 0, 0, local.Location())
	minutes := a.Hours.opens(date.Weekday())
	return time.Date(y, m, day+days, minutes/60, minutes%60, 0, 0, local.Location()).UTC()
}

// MarkPending sets a conversation aside.
func (d *Desk) MarkPending(ctx context.Context, who Who, id ConversationID) (*Conversation, error) {
	return d.act(ctx, who, id, func(c *Conversation, _ *Settings, now time.Time) ([]Event, error) {
		if err := c.inState("pending"); err != nil {
			return nil, err
		}
		c.Status, c.StatusAt, c.SnoozedUntil, c.SeenTo = Pending, now, time.Time{}, ""
		return []Event{event(ConversationPending)}, nil
	})
}

// OpenConversation ends pending. An agent or operator who opens becomes the assignee; an administrator does not
// (B11); a bot that is done hands over to the queue (B54).
func (d *Desk) OpenConversation(ctx context.Context, who Who, id ConversationID) (*Conversation, error) {
	return d.open(ctx, who, id, "open", ConversationOpened)
}

// Reopen opens a resolved or snoozed conversation again, by the same rule of assignment.
func (d *Desk) Reopen(ctx context.Context, who Who, id ConversationID) (*Conversation, error) {
	return d.open(ctx, who, id, "reopen", ConversationReopened)
}

func (d *Desk) open(ctx context.Context, who Who, id ConversationID, action string, told EventType) (*Conversation, error) {
	return d.act(ctx, who, id, func(c *Conversation, s *Settings, now time.Time) ([]Event, error) {
		if err := c.inState(action); err != nil {
			return nil, err
		}
		seat, err := d.holderSeat(ctx, who.Account, c, s)
		if err != nil {
			return nil, err
		}
		c.reopen(now)
		c.resume(seat, now)
		if opener := who.opener(); opener != "" && c.Assignee != opener {
			if err := d.take(ctx, who, c, now); err != nil {
				return nil, err
			}
		}
		return []Event{event(told, "assignee", string(c.Assignee), "waits_for", string(c.WaitsFor))}, nil
	})
}

// reopen clears what a close has set.
func (c *Conversation) reopen(now time.Time) {
	if c.Status != Resolved {
		return
	}
	c.ClosedAt, c.ClosedBy, c.Note, c.Survey = time.Time{}, Actor{}, ClosingNote{}, Survey{}
	c.Status, c.WaitsSince = Open, now
}

// opener is the agent to whom opening assigns.
func (w Who) opener() AgentID {
	if w.Role == AgentRole || w.Role == Operator {
		return w.Agent
	}
	return ""
}

// holderSeat reads the seat of the one whose conversation it is, for the rule of resuming. Who left, or attends no
// more, has it no more.
func (d *Desk) holderSeat(ctx context.Context, account AccountID, c *Conversation, s *Settings) (Seat, error) {
	if _, err := s.attendant("agent", c.holder()); err != nil {
		c.Assignee, c.WaitsFor = "", ""
	}
	if c.Assignee == "" {
		return Seat{}, nil
	}
	return d.Store.Account(account).Seat(ctx, c.Assignee)
}

// Wakeup ends a snooze at its instant: work of a timer, which acts only if the conversation still sleeps until then.
func (d *Desk) Wakeup(ctx context.Context, body TimerBody) error {
	_, err := d.act(ctx, systemWho(body.Account), body.Conversation, func(c *Conversation, s *Settings, now time.Time) ([]Event, error) {
		if c.Status != Snoozed || !c.SnoozedUntil.Equal(body.Due) || c.SnoozedUntil.After(now) {
			return nil, nil
		}
		seat, err := d.holderSeat(ctx, body.Account, c, s)
		if err != nil {
			return nil, err
		}
		c.resume(seat, now)
		return []Event{event(ConversationWoken, "by", "timer", "assignee", string(c.Assignee), "waits_for", string(c.WaitsFor))}, nil
	})
	if Is(err, NotFound) {
		return nil
	}
	return err
}

// systemWho is the desk itself, which works every conversation of the account.
func systemWho(account AccountID) Who {
	return Who{Account: account, Actor: System, Role: Operator}
}
