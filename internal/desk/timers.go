package desk

import (
	"context"
	"encoding/json"
	"strconv"
	"time"
)

// setTimer sets a timer for one instant of a conversation; its id holds that instant, so it is set once.
func (d *Desk) setTimer(ctx context.Context, name TimerName, account AccountID, id ConversationID, due time.Time) error {
	body, err := json.Marshal(TimerBody{Account: account, Conversation: id, Due: due})
	if err != nil {
		return Wrap(Internal, err, "encode a timer")
	}
	return d.Timers.At(ctx, Timer{Name: name, ID: string(id) + "-" + strconv.FormatInt(due.UnixMilli(), 36), At: due, Body: body})
}

// Fire does the work of a timer that went off. A timer is a hint: the state decides.
func (d *Desk) Fire(ctx context.Context, t Timer) error { return again(d.fire(ctx, t)) }

func (d *Desk) fire(ctx context.Context, t Timer) error {
	var body TimerBody
	if err := json.Unmarshal(t.Body, &body); err != nil {
		return Wrap(Invalid, err, "decode the timer "+string(t.Name))
	}
	switch t.Name {
	case WakeupTimer:
		return d.Wakeup(ctx, body)
	case SLABreachTimer:
		return d.SLABreach(ctx, body)
	default:
		return InvalidField("name", "no such timer")
	}
}

// SLABreach marks a conversation whose first-response target passed unanswered, and tells its people, once.
func (d *Desk) SLABreach(ctx context.Context, body TimerBody) error {
	c, err := d.act(ctx, systemWho(body.Account), body.Conversation, func(c *Conversation, _ *Settings, now time.Time) ([]Event, error) {
		breached := c.FirstReplyDue.Equal(body.Due) && !c.Breached && c.Thread.FirstReplyAt.IsZero() && c.Status != Resolved &&
			!now.Before(body.Due)
		if !breached {
			return nil, nil
		}
		c.Breached = true
		return []Event{event(ConversationBreached, "target", "first_response", "due", body.Due.Format(time.RFC3339))}, nil
	})
	if Is(err, NotFound) {
		return nil
	}
	if err != nil || !c.Breached {
		return err
	}
	return d.notifyBreach(ctx, body, c)
}

// answerable are the one who attends or is to accept; else the department's operators; else all its members.
func answerable(c *Conversation, s *Settings) []AgentID {
	for _, holder := range []AgentID{c.Assignee, c.WaitsFor} {
		if holder != "" {
			return []AgentID{holder}
		}
	}
	var operators, members []AgentID
	for _, m := range s.Members(c.Department) {
		members = append(members, m.ID)
		if m.Role.WorksAll() {
			operators = append(operators, m.ID)
		}
	}
	if len(operators) > 0 {
		return operators
	}
	return members
}

// notifyBreach tells those who are to answer. The notification's id
// is the target's instant, so a timer that fires twice tells once.
func (d *Desk) notifyBreach(ctx context.Context, body TimerBody, c *Conversation) error {
	books := d.Store.Account(body.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	for _, a := range answerable(c, settings) {
		err := d.notify(ctx, books, Notification{
			ID: string(PlaceAt(body.Due)[:10]) + string(c.ID)[10:], Agent: a, Kind: NotifyBreach, Conversation: c.ID, Number: c.Number, By: System,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
