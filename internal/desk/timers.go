package desk

import (
	"context"
	"encoding/json"
	"strconv"
	"time"
)

// setTimer sets a timer for one instant of a conversation.
func (d *Desk) setTimer(ctx context.Context, name TimerName, account AccountID, id ConversationID, due time.Time) error {
	t, err := newTimer(name, string(id), TimerBody{Account: account, Conversation: id, Due: due})
	if err != nil {
		return err
	}
	return d.Timers.At(ctx, t)
}

// newTimer makes the timer of something at the instant when it is due, which is part of the timer's id: so it is set once.
func newTimer(name TimerName, of string, body TimerBody) (Timer, error) {
	encoded, err := json.Marshal(body)
	if err != nil {
		return Timer{}, Wrap(Internal, err, "encode a timer")
	}
	return Timer{Name: name, ID: of + "-" + strconv.FormatInt(body.Due.UnixMilli(), 36), At: body.Due, Body: encoded}, nil
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

// answerable are the one who attends or is to accept; else the department's operators; else all its members.
func answerable(c *Conversation, s *Settings) []AgentID {
	for _, holder := range []AgentID{c.Assignee, c.WaitsFor} {
		if holder != "" {
			return []AgentID{holder}
		}
	}
	if operators := s.operators(c.Department); len(operators) > 0 {
		return operators
	}
	var members []AgentID
	for _, m := range s.Members(c.Department) {
		members = append(members, m.ID)
	}
	return members
}

// operators are those of some departments who work all of them; each perhaps twice.
func (s *Settings) operators(of ...DepartmentID) []AgentID {
	var operators []AgentID
	for _, department := range of {
		for _, m := range s.Members(department) {
			if m.Role.WorksAll() {
				operators = append(operators, m.ID)
			}
		}
	}
	return operators
}
