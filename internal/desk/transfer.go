package desk

import (
	"context"
	"time"
)

// Transfer names where a conversation goes: a department or an agent, with a reason that no customer ever sees
// (B37-B51).
type Transfer struct {
	Department DepartmentID
	Agent      AgentID
	Reason     string // optional (B46)
}

// Transfer hands a conversation on. To an agent who is not available it waits in his pending list until he accepts,
// and operators and administrators can transfer it on (B50, B51).
func (d *Desk) Transfer(ctx context.Context, who Who, id ConversationID, to Transfer) (*Conversation, error) {
	return d.act(ctx, who, id, func(c *Conversation, s *Settings, now time.Time) ([]Event, error) {
		if err := c.alive("transfer"); err != nil {
			return nil, err
		}
		if err := within("reason", to.Reason, 0, 500); err != nil {
			return nil, err
		}
		if (to.Department == "") == (to.Agent == "") {
			return nil, InvalidField("agent", "name a department or an agent")
		}
		if to.Agent != "" {
			return d.transferToAgent(ctx, who, c, s, to, now)
		}
		return c.transferToDepartment(s, to, now)
	})
}

func (d *Desk) transferToAgent(ctx context.Context, who Who, c *Conversation, s *Settings, to Transfer, now time.Time) ([]Event, error) {
	agent, err := s.attendant("agent", to.Agent)
	if err != nil {
		return nil, err
	}
	if agent.ID == who.Agent {
		return nil, InvalidField("agent", "you cannot transfer to yourself")
	}
	if c.holds(agent.ID) {
		return nil, InvalidField("agent", "the conversation already is with this agent")
	}
	from := c.Assignee
	if err := d.hand(ctx, who, c, agent, now); err != nil {
		return nil, err
	}
	if len(agent.Departments) > 0 && !agent.in(c.Department) {
		c.Department = agent.Departments[0]
	}
	return []Event{event(ConversationTransferred, "from", string(from), "agent", string(agent.ID), "name", agent.Name,
		"waits_for", string(c.WaitsFor), "reason", to.Reason)}, nil
}

func (c *Conversation) transferToDepartment(s *Settings, to Transfer, now time.Time) ([]Event, error) {
	department, err := s.department("department", to.Department)
	if err != nil {
		return nil, err
	}
	if c.Department == to.Department && c.Assignee == "" && c.WaitsFor == "" {
		return nil, InvalidField("department", "the conversation already waits in this department")
	}
	from := c.Assignee
	c.Department = to.Department
	c.queue(now)
	return []Event{event(ConversationTransferred, "from", string(from), "department", string(to.Department),
		"name", department.Name, "reason", to.Reason)}, nil
}
