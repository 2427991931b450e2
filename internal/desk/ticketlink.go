package desk

import (
	"context"
	"slices"
	"strconv"
	"time"
)

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// linkNew makes a ticket in the change and links the conversation to it (B62). The number is reserved by the first try
// of the act and kept by the next ones.
func (d *Desk) linkNew(ctx context.Context, who Who, change *Change, s *Settings, ask NewTicket, reserved *int64, now time.Time) ([]Event, error) {
	if change.Now.Ticket != 0 {
		return nil, conflictOf("ticket", "ticket %d is linked already", change.Now.Ticket)
	}
	name := change.Now.ContactName
	if ask.Requester == "" {
		ask.Requester = change.Now.Contact
	}
	if ask.Requester != change.Now.Contact {
		contact, err := d.requester(ctx, d.Store.Account(who.Account), "new_ticket.requester", ask.Requester)
		if err != nil {
			return nil, err
		}
		ask.Requester, name = contact.ID, contact.Name
	}
	ask.inbox = change.Now.Inbox
	ticket, actions, err := d.newTicket(ctx, who, s, ask, reserved, now)
	if err != nil {
		return nil, err
	}
	ticket.RequesterName = name
	ticket.Conversations = []ConversationID{change.Now.ID}
	change.Ticket, change.Actions, change.Now.Ticket, change.Now.ProposedTicket = &ticket, actions, ticket.Number, 0
	return []Event{event(ConversationLinked, "ticket", number(ticket.Number), "new", "true")}, nil
}

// linkExisting links the conversation to a ticket that exists (B79).
func (d *Desk) linkExisting(ctx context.Context, who Who, change *Change, n int64, trigger Trigger, now time.Time) ([]Event, error) {
	if change.Now.Ticket != 0 {
		return nil, conflictOf("ticket", "ticket %d is linked already", change.Now.Ticket)
	}
	change.Now.Ticket, change.Now.ProposedTicket = n, 0
	if err := d.loadLinked(ctx, who, change); Is(err, NotFound) {
		return nil, InvalidField("ticket", "no such ticket")
	} else if err != nil {
		return nil, err
	}
	t := change.Ticket
	was := *t
	if !slices.Contains(t.Conversations, change.Now.ID) {
		if len(t.Conversations) == MaxTicketConversations {
			return nil, conflictOf("ticket", "ticket %d has %d conversations already", n, MaxTicketConversations)
		}
		t.Conversations = append(slices.Clone(t.Conversations), change.Now.ID)
	}
	t.UpdatedAt, t.UpdatedBy = now, who.Actor
	change.History = append(change.History, d.changed(was, *t, who.Actor, trigger)...)
	return []Event{event(ConversationLinked, "ticket", number(n))}, nil
}

func (d *Desk) loadLinked(ctx context.Context, who Who, change *Change) error {
	t, err := d.Store.Account(who.Account).Ticket(ctx, change.Now.Ticket)
	if err == nil && t.MergedInto != 0 { // the heir was not merged when it became the heir, and may be by now
		change.Now.Ticket = t.MergedInto
		return d.loadLinked(ctx, who, change)
	}
	if err == nil {
		change.Ticket = &t
	}
	return err
}

// loadOrUnlink is loadLinked; a ticket that was deleted meanwhile is linked no more.
func (d *Desk) loadOrUnlink(ctx context.Context, who Who, change *Change) ([]Event, error) {
	err := d.loadLinked(ctx, who, change)
	if !Is(err, NotFound) {
		return nil, err
	}
	n := change.Now.Ticket
	change.Now.Ticket = 0
	return []Event{event(ConversationUnlinked, "ticket", number(n))}, nil
}

// LinkTicket links a conversation to an existing ticket.
func (d *Desk) LinkTicket(ctx context.Context, who Who, id ConversationID, n int64) (*Conversation, error) {
	return d.actWith(ctx, who, id, func(change *Change, _ *Settings, now time.Time) ([]Event, error) {
		if change.Now.Ticket == n {
			return nil, nil
		}
		return d.linkExisting(ctx, who, change, n, TriggerConversation, now)
	})
}

// LinkNewTicket makes a ticket for a conversation, by default with its contact as requester. It is made first, under
// its ClientID, and then linked: a repeat finds it and goes on.
func (d *Desk) LinkNewTicket(ctx context.Context, who Who, id ConversationID, ask NewTicket) (*Conversation, error) {
	view, err := d.Conversation(ctx, who, id, true)
	if err != nil {
		return nil, err
	}
	if ask.Requester == "" {
		ask.Requester = view.Conversation.Contact
	}
	if n := view.Conversation.Ticket; n != 0 {
		if _, made, err := d.madeBy(ctx, who, n, ask.ClientID); made || err != nil {
			return view.Conversation, err
		}
		return nil, conflictOf("ticket", "ticket %d is linked already", n)
	}
	ask.inbox = view.Conversation.Inbox
	t, err := d.CreateTicket(ctx, who, ask)
	if err != nil {
		return nil, err
	}
	return d.LinkTicket(ctx, who, id, t.Number)
}

// UnlinkTicket takes the link back; the ticket stays.
func (d *Desk) UnlinkTicket(ctx context.Context, who Who, id ConversationID) (*Conversation, error) {
	return d.actWith(ctx, who, id, func(change *Change, _ *Settings, now time.Time) ([]Event, error) {
		c := change.Now
		if c.Ticket == 0 {
			return nil, nil
		}
		if err := c.alive("unlinking"); err != nil {
			return nil, err
		}
		if events, err := d.loadOrUnlink(ctx, who, change); err != nil || c.Ticket == 0 {
			return events, err
		}
		n, before := c.Ticket, *change.Ticket
		change.Ticket.Conversations = slices.DeleteFunc(slices.Clone(change.Ticket.Conversations),
			func(x ConversationID) bool { return x == c.ID })
		change.Ticket.UpdatedAt, change.Ticket.UpdatedBy, c.Ticket = now, who.Actor, 0
		change.History = d.changed(before, *change.Ticket, who.Actor, TriggerConversation)
		return []Event{event(ConversationUnlinked, "ticket", number(n))}, nil
	})
}
