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
func (d *Desk) linkNew(ctx context.Context, who Who, change *Change, ask NewTicket, reserved *int64, now time.Time) ([]Event, error) {
	if change.Now.Ticket != 0 {
		return nil, conflictf("ticket %d is linked already", change.Now.Ticket)
	}
	if ask.Requester == "" {
		ask.Requester = change.Now.Contact
	}
	if ask.Requester != change.Now.Contact {
		contact, err := d.Store.Account(who.Account).Contact(ctx, ask.Requester)
		if Is(err, NotFound) {
			return nil, InvalidField("new_ticket.requester", "no such contact")
		}
		if err != nil {
			return nil, err
		}
		ask.Requester = contact.ID
	}
	ticket, err := d.newTicket(ctx, who, ask, reserved, now)
	if err != nil {
		return nil, err
	}
	ticket.Conversations = []ConversationID{change.Now.ID}
	change.Ticket, change.Now.Ticket = &ticket, ticket.Number
	return []Event{event(ConversationLinked, "ticket", number(ticket.Number), "new", "true")}, nil
}

// newTicket checks a ticket and gives it its number, a reserved one if there is; it is not saved yet.
func (d *Desk) newTicket(ctx context.Context, who Who, ask NewTicket, reserved *int64, now time.Time) (Ticket, error) {
	t := Ticket{
		Requester: ask.Requester, Subject: ask.Subject, Status: TicketNew, Responsible: who.Agent,
		CreatedAt: now, CreatedBy: who.Actor, UpdatedAt: now, ClientID: who.request(ask.ClientID),
	}
	if err := t.Validate(); err != nil {
		return Ticket{}, err
	}
	if *reserved == 0 {
		n, err := d.Store.Account(who.Account).NextNumber(ctx, "ticket")
		if err != nil {
			return Ticket{}, err
		}
		*reserved = n
	}
	t.Number = *reserved
	return t, nil
}

// linkExisting links the conversation to a ticket that exists (B79).
func (d *Desk) linkExisting(ctx context.Context, who Who, change *Change, n int64, now time.Time) ([]Event, error) {
	if change.Now.Ticket != 0 {
		return nil, conflictf("ticket %d is linked already", change.Now.Ticket)
	}
	change.Now.Ticket = n
	if err := d.loadLinked(ctx, who, change); err != nil {
		return nil, err
	}
	t := change.Ticket
	if !slices.Contains(t.Conversations, change.Now.ID) {
		if len(t.Conversations) == MaxTicketConversations {
			return nil, conflictf("ticket %d has %d conversations already", n, MaxTicketConversations)
		}
		t.Conversations = append(slices.Clone(t.Conversations), change.Now.ID)
	}
	t.UpdatedAt = now
	return []Event{event(ConversationLinked, "ticket", number(n))}, nil
}

func (d *Desk) loadLinked(ctx context.Context, who Who, change *Change) error {
	t, err := d.Store.Account(who.Account).Ticket(ctx, change.Now.Ticket)
	if Is(err, NotFound) {
		return InvalidField("ticket", "no such ticket")
	}
	change.Ticket = &t
	return err
}

// LinkTicket links a conversation to an existing ticket.
func (d *Desk) LinkTicket(ctx context.Context, who Who, id ConversationID, n int64) (*Conversation, error) {
	return d.actWith(ctx, who, id, func(change *Change, _ *Settings, now time.Time) ([]Event, error) {
		if change.Now.Ticket == n {
			return nil, nil
		}
		return d.linkExisting(ctx, who, change, n, now)
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
		return nil, conflictf("ticket %d is linked already", n)
	}
	t, err := d.CreateTicket(ctx, who, ask)
	if err != nil {
		return nil, err
	}
	return d.LinkTicket(ctx, who, id, t.Number)
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
		if err := d.loadLinked(ctx, who, change); err != nil {
			return nil, err
		}
		n := c.Ticket
		change.Ticket.Conversations = slices.DeleteFunc(slices.Clone(change.Ticket.Conversations),
			func(x ConversationID) bool { return x == c.ID })
		change.Ticket.UpdatedAt, c.Ticket = now, 0
		return []Event{event(ConversationUnlinked, "ticket", number(n))}, nil
	})
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
	if ask.Requester == "" {
		return Ticket{}, InvalidField("requester", "is required")
	}
	contact, err := books.Contact(ctx, ask.Requester)
	if Is(err, NotFound) {
		return Ticket{}, InvalidField("requester", "no such contact")
	}
	if err != nil {
		return Ticket{}, err
	}
	ask.Requester = contact.ID
	if made, err := books.TicketByClientID(ctx, who.request(ask.ClientID)); !Is(err, NotFound) {
		return made, err
	}
	t, err := d.newTicket(ctx, who, ask, new(int64), d.now())
	if err != nil {
		return Ticket{}, err
	}
	if err := books.SaveTicket(ctx, t, nil); err != nil {
		if made, again := books.TicketByClientID(ctx, who.request(ask.ClientID)); again == nil {
			return made, nil
		}
		return Ticket{}, err
	}
	t.Version = 1
	return t, nil
}

// Ticket reads a ticket with the first hundred of its actions; all four roles may (B2).
func (d *Desk) Ticket(ctx context.Context, who Who, n int64) (Ticket, []TicketAction, error) {
	books := d.Store.Account(who.Account)
	t, err := books.Ticket(ctx, n)
	if err != nil {
		return Ticket{}, nil, err
	}
	actions, _, err := books.Actions(ctx, n, PageRequest{Limit: 100})
	return t, actions, err
}

// Tickets lists tickets of a status, newest first; with a responsible, only his.
func (d *Desk) Tickets(ctx context.Context, who Who, status TicketStatus, responsible AgentID, page PageRequest) ([]Ticket, Cursor, error) {
	if !slices.Contains(TicketStatuses, status) {
		return nil, "", InvalidField("status", "want new, in_progress, pending, resolved or closed")
	}
	return d.Store.Account(who.Account).Tickets(ctx, status, responsible, page)
}

// TicketsOf lists the tickets of a requester, newest first.
func (d *Desk) TicketsOf(ctx context.Context, who Who, contact ContactID, page PageRequest) ([]Ticket, Cursor, error) {
	return d.Store.Account(who.Account).TicketsOf(ctx, contact, page)
}

// TicketPatch changes some fields of a ticket; Version is that of the ticket that the caller saw.
type TicketPatch struct {
	Subject     *string
	Status      *TicketStatus
	Responsible *AgentID
	Version     int
}

// UpdateTicket changes a ticket; conflict if it is not any more as the caller saw it.
func (d *Desk) UpdateTicket(ctx context.Context, who Who, n int64, patch TicketPatch) (Ticket, error) {
	if err := who.mayWork(); err != nil {
		return Ticket{}, err
	}
	books := d.Store.Account(who.Account)
	t, err := books.Ticket(ctx, n)
	if err != nil {
		return Ticket{}, err
	}
	if t.Version != patch.Version {
		return Ticket{}, conflictf("the ticket was changed meanwhile")
	}
	if patch.Subject != nil {
		t.Subject = *patch.Subject
	}
	if patch.Status != nil {
		t.Status = *patch.Status
	}
	if patch.Responsible != nil {
		if err := d.checkResponsible(ctx, books, *patch.Responsible); err != nil {
			return Ticket{}, err
		}
		t.Responsible = *patch.Responsible
	}
	t.UpdatedAt = d.now()
	if err := t.Validate(); err != nil {
		return Ticket{}, err
	}
	if err := books.SaveTicket(ctx, t, nil); err != nil {
		return Ticket{}, err
	}
	t.Version++
	return t, nil
}

func (d *Desk) checkResponsible(ctx context.Context, books Books, id AgentID) error {
	if id == "" {
		return nil
	}
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	_, err = settings.attendant("responsible", id)
	return err
}

// NewAction is a written action.
type NewAction struct {
	ClientID string
	Text     string
	Public   bool
}

// AddAction writes an action into a ticket's proceedings. The same ClientID again is the same action.
func (d *Desk) AddAction(ctx context.Context, who Who, n int64, ask NewAction) (TicketAction, error) {
	if err := who.mayWork(); err != nil {
		return TicketAction{}, err
	}
	if err := within("client_id", ask.ClientID, 1, 100); err != nil {
		return TicketAction{}, err
	}
	if err := within("text", ask.Text, 1, 20000); err != nil {
		return TicketAction{}, err
	}
	books := d.Store.Account(who.Account)
	var action TicketAction
	err := retry(func() error {
		t, err := books.Ticket(ctx, n)
		if err != nil {
			return err
		}
		if made, err := books.ActionByClientID(ctx, n, who.request(ask.ClientID)); !Is(err, NotFound) {
			action = made
			return err
		}
		t.UpdatedAt = d.now()
		action = TicketAction{
			ID: d.newID(), Ticket: n, Kind: WrittenAction, Public: ask.Public, Author: who.Actor, Text: ask.Text, ClientID: who.request(ask.ClientID),
		}
		return books.SaveTicket(ctx, t, []TicketAction{action})
	})
	return action, err
}
