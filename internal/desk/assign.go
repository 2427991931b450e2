package desk

import (
	"context"
	"encoding/json"
	"time"
)

// Assign makes an agent the one who attends the conversation. To someone not available it waits in his pending list;
// assigning oneself when full is a conflict (B8).
func (d *Desk) Assign(ctx context.Context, who Who, id ConversationID, to AgentID) (*Conversation, error) {
	return d.act(ctx, who, id, func(c *Conversation, s *Settings, now time.Time) ([]Event, error) {
		if err := c.alive("assign"); err != nil {
			return nil, err
		}
		agent, err := s.attendant("agent", to)
		if err != nil {
			return nil, err
		}
		if c.Assignee == to {
			return nil, nil
		}
		if err := d.hand(ctx, who, c, agent, now); err != nil {
			return nil, err
		}
		return []Event{event(ConversationAssigned, "agent", string(to), "name", agent.Name, "waits_for", string(c.WaitsFor))}, nil
	})
}

// hand gives the conversation to an agent: himself only if not full, another if available, else into his pending list.
func (d *Desk) hand(ctx context.Context, who Who, c *Conversation, to Agent, now time.Time) error {
	if to.ID == who.Agent {
		return d.take(ctx, who, c, now)
	}
	seat, err := d.Store.Account(who.Account).Seat(ctx, to.ID)
	if err != nil {
		return err
	}
	if seat.Available(now) {
		c.give(to.ID, now)
	} else {
		c.waitFor(to.ID, now)
	}
	return nil
}

// take gives the conversation to the caller himself.
func (d *Desk) take(ctx context.Context, who Who, c *Conversation, now time.Time) error {
	seat, err := d.Store.Account(who.Account).Seat(ctx, who.Agent)
	if err != nil {
		return err
	}
	if seat.Load >= seat.Capacity {
		return conflictf("you attend %d of %d conversations", seat.Load, seat.Capacity)
	}
	c.give(who.Agent, now)
	return nil
}

// attendant gives an agent who may attend conversations; a viewer may not.
func (s *Settings) attendant(field string, id AgentID) (Agent, error) {
	a, err := s.agent(field, id)
	if err != nil {
		return Agent{}, err
	}
	if !a.Role.Works() {
		return Agent{}, InvalidField(field, "a viewer attends no conversations")
	}
	return a, nil
}

// Accept takes a conversation out of the caller's pending list into his load.
func (d *Desk) Accept(ctx context.Context, who Who, id ConversationID) (*Conversation, error) {
	return d.act(ctx, who, id, func(c *Conversation, _ *Settings, now time.Time) ([]Event, error) {
		if who.Agent == "" || c.WaitsFor != who.Agent || c.Status != Open {
			return nil, conflictf("the conversation does not wait for you")
		}
		if err := d.take(ctx, who, c, now); err != nil {
			return nil, err
		}
		return []Event{event(ConversationAccepted, "agent", string(who.Agent))}, nil
	})
}

// Unassign puts the conversation back among the unassigned of its department.
func (d *Desk) Unassign(ctx context.Context, who Who, id ConversationID) (*Conversation, error) {
	return d.act(ctx, who, id, func(c *Conversation, _ *Settings, now time.Time) ([]Event, error) {
		if err := c.alive("unassign"); err != nil {
			return nil, err
		}
		from := c.holder()
		if from == "" {
			return nil, nil
		}
		c.queue(now)
		return []Event{event(ConversationUnassigned, "agent", string(from))}, nil
	})
}

// Distribute hands waiting customers of a department to its available agents until there is no one left of either
// (B6). It is started by events: someone waits, becomes available or has room again.
func (d *Desk) Distribute(ctx context.Context, job DistributeJob) error {
	books := d.Store.Account(job.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	members := settings.Members(job.Department)
	passed := map[ConversationID]bool{}
	for {
		seats, err := d.seatsOf(ctx, books, members)
		if err != nil {
			return err
		}
		if _, ok := choose(seats, d.now()); !ok {
			return nil
		}
		next, err := d.nextWaiting(ctx, books, job.Department, passed)
		if err != nil || next == "" {
			return err
		}
		passed[next] = true
		if err := d.assignNext(ctx, job, next, members); err != nil {
			return err
		}
	}
}

// nextWaiting gives the oldest automatically distributed conversation of the queue that was not tried yet.
func (d *Desk) nextWaiting(ctx context.Context, books Books, department DepartmentID, passed map[ConversationID]bool) (ConversationID, error) {
	page := PageRequest{Limit: 25}
	for {
		waiting, next, err := books.Conversations(ctx, ListQuery{Unassigned: []DepartmentID{department}, OnlyAuto: true, Page: page})
		if err != nil {
			return "", err
		}
		for _, c := range waiting {
			if !passed[c.ID] {
				return c.ID, nil
			}
		}
		if next == "" {
			return "", nil
		}
		page.After = next
	}
}

// assignNext decides from what stands now, so that two drains, or a drain and a person, never both assign.
func (d *Desk) assignNext(ctx context.Context, job DistributeJob, id ConversationID, members []Agent) error {
	books := d.Store.Account(job.Account)
	_, err := d.act(ctx, systemWho(job.Account), id, func(c *Conversation, s *Settings, now time.Time) ([]Event, error) {
		wait, ok := c.Waits()
		if !ok || !wait.Auto || wait.Department != job.Department || c.Muted {
			return nil, nil
		}
		seats, err := d.seatsOf(ctx, books, members)
		if err != nil {
			return nil, err
		}
		seat, ok := choose(seats, now)
		if !ok {
			return nil, nil
		}
		c.give(seat.Agent, now)
		return []Event{event(ConversationAssigned, "agent", string(seat.Agent), "name", s.Agents[seat.Agent].Name)}, nil
	})
	return err
}

// seatsOf reads the seats of agents who attend.
func (d *Desk) seatsOf(ctx context.Context, books Books, members []Agent) ([]Seat, error) {
	all, err := books.Seats(ctx)
	if err != nil {
		return nil, err
	}
	attends := map[AgentID]bool{}
	for _, m := range members {
		attends[m.ID] = m.Role.Works()
	}
	var seats []Seat
	for _, s := range all {
		if attends[s.Agent] {
			seats = append(seats, s)
		}
	}
	return seats, nil
}

// wantDistribution asks for the queue of a department to be drained.
func (d *Desk) wantDistribution(ctx context.Context, account AccountID, department DepartmentID) error {
	return d.enqueue(ctx, DistributeQueue, string(account)+"/"+string(department), "", DistributeJob{Account: account, Department: department})
}

// enqueue puts a job on a queue.
func (d *Desk) enqueue(ctx context.Context, queue QueueName, group, dedup string, job any) error {
	body, err := json.Marshal(job)
	if err != nil {
		return Wrap(Internal, err, "encode a job of "+string(queue))
	}
	return d.Queue.Enqueue(ctx, Job{Queue: queue, Group: group, Dedup: dedup, Body: body})
}
