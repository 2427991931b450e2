package desk

import (
	"context"
	"slices"
	"time"
)

// Portal says what an inbox lets customers do with tickets, once the desk knows who they are (B84).
type Portal struct {
	Enabled bool // they see their public tickets and answer them
	Open    bool // and open new ones
}

func (p Portal) validate() error {
	if p.Open && !p.Enabled {
		return InvalidField("portal.open", "customers who do not see tickets open none")
	}
	return nil
}

// customer is an identified visitor at the portal of his inbox.
type customer struct {
	contact  Contact
	inbox    Inbox
	books    Books
	settings *Settings
}

// customer lets an identified visitor in where his inbox has a portal. Who is anonymous is forbidden, and the field says
// what he lacks.
func (d *Desk) customer(ctx context.Context, v Visitor) (customer, error) {
	books := d.Store.Account(v.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return customer{}, err
	}
	inbox, err := settings.portal(v.Inbox)
	if err != nil {
		return customer{}, err
	}
	if !v.Identified {
		return customer{}, &Error{
			Code: Forbidden, Field: "identity", Message: "tickets are shown to whom the desk knows: ask for a code at /widget/v1/identity/code",
		}
	}
	contact, err := d.VisitorContact(ctx, v)
	return customer{contact, inbox, books, settings}, err
}

// portal gives an inbox that has one.
func (s *Settings) portal(id InboxID) (Inbox, error) {
	inbox, err := s.inbox(id)
	if err != nil || inbox.Deleted || !inbox.Portal.Enabled {
		return Inbox{}, &Error{Code: Forbidden, Message: "this inbox shows customers no tickets"}
	}
	return inbox, nil
}

// holds reports whether the ticket exists for the customer: his own, public, and not deleted.
func (t Ticket) holds(requester ContactID) bool {
	return t.Requester == requester && t.Type == PublicTicket && t.DeletedAt.IsZero()
}

// customersTicket reads a ticket that exists for its requester. One that was merged is its heir, if that is his, too.
func (d *Desk) customersTicket(ctx context.Context, books Books, requester ContactID, n int64) (Ticket, error) {
	none := &Error{Code: NotFound, Message: "no such ticket"}
	for range tries {
		t, err := books.Ticket(ctx, n)
		if err != nil {
			return Ticket{}, err
		}
		if !t.holds(requester) {
			return Ticket{}, none
		}
		if t.MergedInto == 0 {
			return t, nil
		}
		n = t.MergedInto
	}
	return Ticket{}, none
}

// ToldAt is when something happened last that the requester may know of.
func (t Ticket) ToldAt() time.Time {
	at := t.CreatedAt
	for _, later := range []time.Time{t.StatusAt, t.PublicAt} {
		if later.After(at) {
			at = later
		}
	}
	return at
}

// TicketForm is what a customer is asked for a ticket of his.
type TicketForm struct {
	Open     bool     // he may open one
	Subject  bool     // a subject is asked for
	Services []Choice // he may choose one of them; none: he is not asked
}

// TicketForm tells what the visitor is asked when he opens a ticket.
func (d *Desk) TicketForm(ctx context.Context, v Visitor) (TicketForm, error) {
	c, err := d.customer(ctx, v)
	if err != nil {
		return TicketForm{}, err
	}
	form := TicketForm{Open: c.inbox.Portal.Open, Subject: !c.settings.Tickets.Off(SubjectField)}
	if !c.settings.Tickets.Off(ServiceField) {
		form.Services = slices.DeleteFunc(slices.Clone(c.settings.Tickets.Services), func(s Choice) bool { return s.Archived })
	}
	return form, nil
}

// VisitorTickets lists the identified visitor's public tickets, newest first. A page may hold fewer than asked for and
// still not be the last.
func (d *Desk) VisitorTickets(ctx context.Context, v Visitor, page PageRequest) ([]Ticket, Cursor, error) {
	c, err := d.customer(ctx, v)
	if err != nil {
		return nil, "", err
	}
	want := page.Limit
	var own []Ticket
	for range filterPages {
		page.Limit = want - len(own)
		tickets, next, err := c.books.TicketsOf(ctx, c.contact.ID, page)
		if err != nil {
			return nil, "", err
		}
		for _, t := range tickets {
			if t.holds(c.contact.ID) && t.MergedInto == 0 {
				own = append(own, c.settings.Tickets.Shown(t))
			}
		}
		if page.After = next; next == "" || len(own) == want {
			break
		}
	}
	return own, page.After, nil
}

// VisitorTicket reads a ticket of the identified visitor with the first page of its public actions.
func (d *Desk) VisitorTicket(ctx context.Context, v Visitor, n int64, page PageRequest) (OpenedTicket, error) {
	c, err := d.customer(ctx, v)
	if err != nil {
		return OpenedTicket{}, err
	}
	t, err := d.customersTicket(ctx, c.books, c.contact.ID, n)
	if err != nil {
		return OpenedTicket{}, err
	}
	actions, next, err := chosenActions(ctx, c.books, c.settings, t.Number, PublicActions, page)
	return OpenedTicket{c.settings.Tickets.Shown(t), actions, next}, err
}
