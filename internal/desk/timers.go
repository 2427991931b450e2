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
func (d *Desk) Fire(ctx context.Context, t Timer) error {
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
	breached := false
	c, err := d.act(ctx, systemWho(body.Account), body.Conversation, func(c *Conversation, _ *Settings, now time.Time) ([]Event, error) {
		breached = c.FirstReplyDue.Equal(body.Due) && !c.Breached && c.Thread.FirstReplyAt.IsZero() && c.Status != Resolved &&
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

// notifyBreach tells the one who attends, or the operators of the department where nobody does. The notification's id
// is the target's instant, so a timer that fires twice tells once.
func (d *Desk) notifyBreach(ctx context.Context, body TimerBody, c *Conversation) error {
	books := d.Store.Account(body.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	var to []AgentID
	switch {
	case c.Assignee != "":
		to = []AgentID{c.Assignee}
	case c.WaitsFor != "":
		to = []AgentID{c.WaitsFor}
	}
	for _, m := range settings.Members(c.Department) {
		if len(to) == 0 || m.Role.WorksAll() {
			to = append(to, m.ID)
		}
	}
	for _, a := range to {
		err := d.notify(ctx, books, Notification{
			ID: string(PlaceAt(body.Due)[:10]) + string(c.ID)[10:], Agent: a, Kind: NotifyBreach, Conversation: c.ID, Number: c.Number, By: System,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
