package desk

import (
	"context"
	"time"
)

// The events of a link that the customer proposes.
const (
	TicketProposed EventType = "conversation.ticket_proposed"
	TicketRejected EventType = "conversation.ticket_rejected"
)

// ProposeTicket lets a visitor link his own conversation to a ticket of his (B80); an agent confirms or rejects. A ticket
// that is not his, or internal, does not exist for him; one that was merged is its heir.
func (d *Desk) ProposeTicket(ctx context.Context, v Visitor, id ConversationID, n int64) (*Conversation, error) {
	books := d.Store.Account(v.Account)
	requester, err := d.visitorContact(ctx, v)
	if err != nil {
		return nil, err
	}
	t, err := d.customersTicket(ctx, books, requester, n)
	if Is(err, NotFound) {
		return nil, &Error{Code: NotFound, Field: "ticket", Message: "no such ticket"}
	}
	if err != nil {
		return nil, err
	}
	n = t.Number
	var c *Conversation
	err = retry(func() error {
		was, err := d.ownConversation(ctx, v, id)
		if err != nil {
			return err
		}
		c = was.clone()
		events, err := c.propose(n)
		if err != nil || len(events) == 0 {
			return err
		}
		by := Actor{Kind: ByCustomer, ID: string(c.Contact), Name: c.ContactName}
		return d.save(ctx, books, Change{Was: was, Now: c}, by, events)
	})
	return c, err
}

func (c *Conversation) propose(n int64) ([]Event, error) {
	switch {
	case c.ProposedTicket == n || c.Ticket == n:
		return nil, nil
	case c.Ticket != 0:
		return nil, conflictOf("ticket", "the conversation is linked to a ticket already")
	}
	if err := c.alive("proposing a ticket"); err != nil {
		return nil, err
	}
	c.ProposedTicket = n
	return []Event{event(TicketProposed, "ticket", number(n))}, nil
}

// ConfirmTicket makes the link that the customer proposed.
func (d *Desk) ConfirmTicket(ctx context.Context, who Who, id ConversationID) (*Conversation, error) {
	return d.actWith(ctx, who, id, func(change *Change, _ *Settings, now time.Time) ([]Event, error) {
		n := change.Now.ProposedTicket
		if n == 0 {
			return nil, conflictOf("proposed_ticket", "no ticket is proposed")
		}
		return d.linkExisting(ctx, who, change, n, TriggerConversation, now)
	})
}

// RejectTicket takes the customer's proposal away.
func (d *Desk) RejectTicket(ctx context.Context, who Who, id ConversationID) (*Conversation, error) {
	return d.act(ctx, who, id, func(c *Conversation, _ *Settings, _ time.Time) ([]Event, error) {
		n := c.ProposedTicket
		if n == 0 {
			return nil, conflictOf("proposed_ticket", "no ticket is proposed")
		}
		c.ProposedTicket = 0
		return []Event{event(TicketRejected, "ticket", number(n))}, nil
	})
}
