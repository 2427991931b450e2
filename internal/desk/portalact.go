package desk

import "context"

// Inquiry is a ticket that a customer opens.
type Inquiry struct {
	ClientID    string
	Subject     string
	Text        string
	Service     ChoiceID // "": none
	Attachments []Attachment
}

// OpenTicket lets an identified visitor open a public ticket where his inbox allows it (B84); he is its requester. The
// same ClientID again gives the ticket of then.
func (d *Desk) OpenTicket(ctx context.Context, v Visitor, ask Inquiry) (Ticket, error) {
	c, err := d.customer(ctx, v)
	if err != nil {
		return Ticket{}, err
	}
	if !c.inbox.Portal.Open {
		return Ticket{}, &Error{Code: Forbidden, Message: "this inbox lets customers open no tickets"}
	}
	if err := (NewAction{ClientID: ask.ClientID, Attachments: ask.Attachments}).validate(); err != nil {
		return Ticket{}, err
	}
	if err := within("text", ask.Text, 1, maxActionText); err != nil {
		return Ticket{}, err
	}
	who := c.who(v)
	if made, err := c.books.TicketByClientID(ctx, who.request(ask.ClientID)); !Is(err, NotFound) {
		return c.settings.Tickets.Shown(made), err
	}
	attachments, err := d.uploaded(ctx, v.Account, string(v.Contact), ask.Attachments)
	if err != nil {
		return Ticket{}, err
	}
	what := NewTicket{ClientID: ask.ClientID, Subject: ask.Subject, Requester: c.contact.ID, inbox: v.Inbox}
	if ask.Service != "" {
		what.Set.Service = &ask.Service
	}
	t, _, err := d.newTicket(ctx, who, c.settings, what, new(int64), d.now())
	if err != nil {
		return Ticket{}, err
	}
	t.RequesterName = who.Actor.Name
	about := TicketAction{ID: d.newID(), Ticket: t.Number, Kind: DescriptionAction, Public: true, Author: who.Actor, Text: ask.Text, Attachments: attachments}
	if c.settings.Tickets.Off(DescriptionField) {
		about.Kind = WrittenAction
	}
	if err := c.books.SaveTicket(ctx, TicketSave{Ticket: t, Actions: []TicketAction{about}}); err != nil {
		if made, again := c.books.TicketByClientID(ctx, who.request(ask.ClientID)); again == nil {
			return c.settings.Tickets.Shown(made), nil
		}
		return Ticket{}, err
	}
	t.Version = 1
	return c.settings.Tickets.Shown(t), nil
}

// AnswerTicket writes a public action of its requester into a ticket, in plain text (B88). It reopens a ticket that is resolved; one
// that is closed takes no answer any more: conflict of the field status. The same ClientID again is as with [Desk.AddAction].
func (d *Desk) AnswerTicket(ctx context.Context, v Visitor, n int64, ask NewAction) (TicketAction, error) {
	c, err := d.customer(ctx, v)
	if err != nil {
		return TicketAction{}, err
	}
	if err := ask.validate(); err != nil {
		return TicketAction{}, err
	}
	if err := within("text", ask.Text, 1, maxActionText); err != nil {
		return TicketAction{}, err
	}
	who := c.who(v)
	wanted := TicketAction{
		Kind: WrittenAction, Public: true, Author: who.Actor, Text: ask.Text, Attachments: ask.Attachments, ClientID: who.request(ask.ClientID),
	}
	var action TicketAction
	err = retry(func() error {
		was, err := d.customersTicket(ctx, c.books, c.contact.ID, n)
		if err != nil {
			return err
		}
		asked := was
		if was.Number != n {
			if asked, err = c.books.Ticket(ctx, n); err != nil {
				return err
			}
		}
		if action, err = d.madeAction(ctx, c.books, asked, wanted); !Is(err, NotFound) {
			return err
		}
		attachments, err := d.uploaded(ctx, v.Account, string(v.Contact), ask.Attachments)
		if err != nil {
			return err
		}
		t := was
		action = wanted
		action.ID, action.Ticket, action.Attachments = d.newID(), t.Number, attachments
		settings, err := knowing(ctx, c.books, c.settings, t.Clocks.Contract)
		if err != nil {
			return err
		}
		history, err := d.reopen(&t, action, settings)
		if err != nil {
			return err
		}
		t.UpdatedAt, t.UpdatedBy = d.now(), who.Actor
		t.PublicAt = t.UpdatedAt
		return c.books.SaveTicket(ctx, TicketSave{Ticket: t, Actions: []TicketAction{action}, History: history})
	})
	return d.madeMeanwhile(ctx, c.books, n, wanted, action, err)
}

// reopen does to a ticket what its requester's answer does, and gives the history of it.
func (d *Desk) reopen(t *Ticket, answer TicketAction, s *Settings) ([]TicketChange, error) {
	if !t.Status.Done() || s.Tickets.Off(StatusField) {
		return nil, nil
	}
	if t.Status == TicketClosed {
		return nil, &Error{Code: Conflict, Field: "status", Message: "the ticket is closed: open another one"}
	}
	was, now, status := *t, d.now(), TicketInProgress
	if err := t.applyState(TicketPatch{Status: &status}, s, now); err != nil {
		return nil, err
	}
	history := d.changed(was, *t, answer.Author, TriggerAction)
	for i := range history {
		history[i].Action = answer.ID
	}
	reopened := *t
	s.ClockTicket(&was, t, now)
	return append(history, d.changed(reopened, *t, System, TriggerContract)...), nil
}

// who is the customer as the one who acts on his own ticket.
func (c customer) who(v Visitor) Who {
	name := c.contact.Name
	if name == "" {
		name = c.contact.Email
	}
	return Who{Account: v.Account, Actor: Actor{Kind: ByCustomer, ID: string(c.contact.ID), Name: name}}
}
