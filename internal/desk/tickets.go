package desk

import (
	"context"
	"time"
)

// NewTicket is what makes a ticket. Set gives its other fields; its Version is not looked at.
type NewTicket struct {
	ClientID    string
	Subject     string
	Requester   ContactID // "": the conversation's contact
	Description string    // becomes the first action, public on a public ticket
	Set         TicketPatch

	inbox InboxID // of the conversation for which it is made, or where its requester opens it
}

// newTicket checks a ticket and gives it its number, a reserved one if there is; it is not saved yet.
func (d *Desk) newTicket(ctx context.Context, who Who, s *Settings, ask NewTicket, reserved *int64, now time.Time) (Ticket, []TicketAction, error) {
	t := Ticket{
		Type: PublicTicket, Requester: ask.Requester, Status: TicketNew, StatusAt: now, Responsible: who.Agent,
		CreatedAt: now, CreatedBy: who.Actor, UpdatedAt: now, UpdatedBy: who.Actor, ClientID: who.request(ask.ClientID), Inbox: ask.inbox,
	}
	if ask.Subject != "" && ask.Set.Subject == nil {
		ask.Set.Subject = &ask.Subject
	}
	if who.Actor.Kind == BySystem && s.Tickets.Off(SubjectField) {
		ask.Set.Subject = nil
	}
	if err := t.apply(ask.Set, who, s, now); err != nil {
		return Ticket{}, nil, err
	}
	if err := within("description", ask.Description, 0, maxActionText); err != nil {
		return Ticket{}, nil, err
	}
	if ask.Description != "" && s.Tickets.Off(DescriptionField) {
		return Ticket{}, nil, InvalidField("description", "is switched off in this account")
	}
	if *reserved == 0 {
		n, err := d.Store.Account(who.Account).NextNumber(ctx, "ticket")
		if err != nil {
			return Ticket{}, nil, err
		}
		*reserved = n
	}
	t.Number = *reserved
	s.ClockTicket(nil, &t, now)
	if ask.Description == "" {
		return t, nil, nil
	}
	return t, []TicketAction{{
		ID: d.newID(), Ticket: t.Number, Kind: DescriptionAction, Public: t.Type == PublicTicket, Author: who.Actor, Text: ask.Description,
	}}, nil
}

// request names a request of the caller: his own client's word for it, which another's client may use too.
func (w Who) request(clientID string) string {
	if clientID == "" {
		return ""
	}
	return w.Actor.ID + "/" + clientID
}

// madeBy gives the ticket, and whether an earlier try of the same request made it.
func (d *Desk) madeBy(ctx context.Context, who Who, n int64, clientID string) (Ticket, bool, error) {
	t, err := d.Store.Account(who.Account).Ticket(ctx, n)
	return t, err == nil && clientID != "" && t.ClientID == who.request(clientID), err
}

// requester reads the contact that a field names as requester, following a merge.
func (d *Desk) requester(ctx context.Context, books Books, field string, id ContactID) (Contact, error) {
	if id == "" {
		return Contact{}, InvalidField(field, "is required")
	}
	contact, err := books.Contact(ctx, id)
	if Is(err, NotFound) {
		return Contact{}, InvalidField(field, "no such contact")
	}
	return contact, err
}

// CreateTicket makes a ticket without a conversation; the requester is mandatory (B92). The same ClientID again gives
// the ticket of then.
func (d *Desk) CreateTicket(ctx context.Context, who Who, ask NewTicket) (Ticket, error) {
	if err := who.mayWork(); err != nil {
		return Ticket{}, err
	}
	if err := within("client_id", ask.ClientID, 1, 100); err != nil {
		return Ticket{}, err
	}
	books := d.Store.Account(who.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return Ticket{}, err
	}
	contact, err := d.requester(ctx, books, "requester", ask.Requester)
	if err != nil {
		return Ticket{}, err
	}
	ask.Requester = contact.ID
	if made, err := books.TicketByClientID(ctx, who.request(ask.ClientID)); !Is(err, NotFound) {
		return settings.Tickets.Shown(made), err
	}
	t, actions, err := d.newTicket(ctx, who, settings, ask, new(int64), d.now())
	if err != nil {
		return Ticket{}, err
	}
	t.RequesterName = contact.Name
	if err := books.SaveTicket(ctx, TicketSave{Ticket: t, Actions: actions}); err != nil {
		if made, again := books.TicketByClientID(ctx, who.request(ask.ClientID)); again == nil {
			return settings.Tickets.Shown(made), nil
		}
		return Ticket{}, err
	}
	t.Version = 1
	return settings.Tickets.Shown(t), nil
}

// OpenedTicket is a ticket with the first page of its proceedings.
type OpenedTicket struct {
	Ticket  Ticket
	Actions []TicketAction // in the order asked for
	Next    Cursor         // of [Desk.Actions]
}

// openedActions is how many actions an opened ticket shows at once.
const openedActions = 50

// Ticket reads a ticket with the first page of its actions, in one round trip; all four roles may (B2). Of the
// page only the order and fresh count.
func (d *Desk) Ticket(ctx context.Context, who Who, n int64, actions PageRequest) (OpenedTicket, error) {
	books := d.Store.Account(who.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return OpenedTicket{}, err
	}
	actions.Limit = openedActions
	t, found, next, err := books.OpenTicket(ctx, n, actions)
	if err != nil {
		return OpenedTicket{}, err
	}
	return OpenedTicket{settings.Tickets.Shown(t), settings.Tickets.shownActions(found), next}, nil
}

// TicketsOf lists the tickets of a requester, newest first.
func (d *Desk) TicketsOf(ctx context.Context, who Who, contact ContactID, page PageRequest) ([]Ticket, Cursor, error) {
	books := d.Store.Account(who.Account)
	page.Fresh = true
	return d.shownTickets(ctx, books, func() ([]Ticket, Cursor, error) { return books.TicketsOf(ctx, contact, page) })
}

// shownTickets reads a list and leaves out of its tickets what is switched off.
func (d *Desk) shownTickets(ctx context.Context, books Books, read func() ([]Ticket, Cursor, error)) ([]Ticket, Cursor, error) {
	settings, err := books.Settings(ctx)
	if err != nil {
		return nil, "", err
	}
	tickets, next, err := read()
	for i, t := range tickets {
		tickets[i] = settings.Tickets.Shown(t)
	}
	return tickets, next, err
}

// UpdateTicket changes a ticket and writes its history; conflict of the field version if it is not any more as the caller
// saw it.
func (d *Desk) UpdateTicket(ctx context.Context, who Who, n int64, patch TicketPatch) (Ticket, error) {
	books, settings, err := d.atWork(ctx, who)
	if err != nil {
		return Ticket{}, err
	}
	was, err := d.standing(ctx, books, n)
	if err != nil {
		return Ticket{}, err
	}
	if settings, err = knowing(ctx, books, settings, was.Clocks.Contract); err != nil {
		return Ticket{}, err
	}
	if was.Version != patch.Version {
		return Ticket{}, conflictOf("version", "the ticket was changed meanwhile")
	}
	t := was
	if err := t.apply(patch, who, settings, d.now()); err != nil {
		return Ticket{}, err
	}
	if patch.Requester != nil && *patch.Requester != was.Requester {
		contact, err := d.requester(ctx, books, "requester", *patch.Requester)
		if err != nil {
			return Ticket{}, err
		}
		t.Requester, t.RequesterName = contact.ID, contact.Name
	}
	history := d.changed(was, t, who.Actor, TriggerEdit)
	if len(history) == 0 {
		return settings.Tickets.Shown(was), nil
	}
	edited := t
	settings.ClockTicket(&was, &t, d.now())
	history = append(history, d.changed(edited, t, System, TriggerContract)...)
	t.UpdatedAt, t.UpdatedBy = d.now(), who.Actor
	if err := books.SaveTicket(ctx, TicketSave{Ticket: t, History: history}); err != nil {
		return Ticket{}, err
	}
	t.Version++
	return settings.Tickets.Shown(t), nil
}
