package desk

import (
	"context"
	"time"
)

// Closing is what an agent gives at a close: a note, and the ticket if the inbox demands one: an existing one, or a
// new one made in the same step (B59-B64).
type Closing struct {
	Note      ClosingNote
	Ticket    int64
	NewTicket *NewTicket
	NoSurvey  bool // the customer is not asked, though the inbox asks (B71)
}

// Close resolves a conversation. Ticket made or linked, note stored, history appended to the ticket, conversation
// resolved: all of it or nothing.
func (d *Desk) Close(ctx context.Context, who Who, id ConversationID, closing Closing) (*Conversation, *Ticket, error) {
	if closing.Ticket != 0 && closing.NewTicket != nil {
		return nil, nil, InvalidField("ticket", "give an existing ticket or a new one, not both")
	}
	if err := closing.Note.Validate(); err != nil {
		return nil, nil, err
	}
	var ticket *Ticket
	var shown func(Ticket) Ticket
	var reserved int64
	c, err := d.actWith(ctx, who, id, func(change *Change, s *Settings, now time.Time) ([]Event, error) {
		c := change.Now
		if c.Status == Resolved && closing.NewTicket != nil && c.Ticket != 0 {
			t, made, err := d.madeBy(ctx, who, c.Ticket, closing.NewTicket.ClientID)
			if made || err != nil {
				ticket, shown = &t, s.Tickets.Shown
				return nil, err
			}
		}
		if err := c.inState("close"); err != nil {
			return nil, err
		}
		events, err := d.ticketAtClose(ctx, who, change, s, closing, &reserved, now)
		if err != nil {
			return nil, err
		}
		ticket = change.Ticket
		shown = s.Tickets.Shown
		c.close(who.Actor, closing.Note, s.Account.AfterClose, now)
		c.ask(s.Inboxes[c.Inbox], closing)
		return append(events, event(ConversationClosed, "category", closing.Note.Category, "summary", closing.Note.Summary,
			"ticket", number(c.Ticket), "assignee", string(change.Was.holder()), "survey", c.Survey.stamp())), nil
	})
	if err == nil && ticket != nil {
		seen := shown(*ticket)
		ticket = &seen
	}
	return c, ticket, err
}

func (c *Conversation) close(by Actor, note ClosingNote, after AfterClose, now time.Time) {
	c.Status, c.StatusAt, c.SnoozedUntil, c.SeenTo = Resolved, now, time.Time{}, c.Thread.LastCustomer
	c.ClosedAt, c.ClosedBy, c.Note = now, by, note
	c.Assignee = c.holder()
	c.WaitsFor, c.WaitsSince = "", time.Time{}
	if after == Unassign {
		c.Assignee = ""
	}
}

// ticketAtClose settles the ticket of a close and appends the conversation's history to it (B61).
func (d *Desk) ticketAtClose(ctx context.Context, who Who, change *Change, s *Settings, closing Closing, reserved *int64, now time.Time) ([]Event, error) {
	c := change.Now
	inbox, err := s.inbox(c.Inbox)
	if err != nil {
		return nil, err
	}
	another := closing.Ticket != 0 && closing.Ticket != c.Ticket
	var events, links []Event
	if c.Ticket != 0 {
		if events, err = d.loadOrUnlink(ctx, who, change); err != nil {
			return nil, err
		}
	}
	switch {
	case closing.NewTicket != nil:
		links, err = d.linkNew(ctx, who, change, s, *closing.NewTicket, reserved, now)
	case another:
		links, err = d.linkExisting(ctx, who, change, closing.Ticket, TriggerClose, now)
	case c.Ticket != 0:
	case inbox.TicketPolicy == TicketAutomatic: // its own was unlinked or deleted, or relay is late
		links, err = d.linkNew(ctx, systemWho(who.Account), change, s, NewTicket{Subject: automaticSubject(inbox.Language, c.Number)}, reserved, now)
	case inbox.TicketPolicy == TicketRequired:
		err = &Error{Code: Conflict, Field: "ticket", Message: "link or create a ticket first: this inbox demands one"}
	}
	if err != nil {
		return nil, err
	}
	if change.Ticket != nil {
		change.Ticket.UpdatedAt, change.Ticket.UpdatedBy = now, who.Actor
		change.Actions = append(change.Actions, TicketAction{
			ID: d.newID(), Ticket: change.Ticket.Number, Kind: HistoryAction, Public: change.Ticket.Type == PublicTicket, Author: who.Actor,
			Conversation: c.ID, From: PlaceAt(c.CreatedAt), To: MessageID(d.newID()),
		})
	}
	return append(events, links...), nil
}
