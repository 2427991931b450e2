package desk

import (
	"context"
	"strconv"
	"time"
)

// Rename says how far the tickets of a contact who has a new name were given it.
type Rename struct {
	Contact ContactID
	After   Cursor // of the list of his tickets
}

// renamePage is how many of his tickets are renamed before the next timer goes on: a contact may have any number.
const renamePage = 25

// relayContact files what a contact is found by, and gives his tickets a new name of his.
func (d *Desk) relayContact(ctx context.Context, account AccountID, f ContactFact) error {
	if err := d.Store.Account(account).IndexContact(ctx, f.Was, f.Now); err != nil {
		return err
	}
	if f.Was == nil || f.Was.Name == f.Now.Name || f.Now.MergedInto != "" {
		return nil
	}
	return d.renameTickets(ctx, account, Rename{Contact: f.Now.ID})
}

// renameTickets gives some tickets of a contact the name that he has now, and sets the timer of the next ones. A repeat
// finds less to do. Of one who was merged the tickets are the heir's, and bear his name.
func (d *Desk) renameTickets(ctx context.Context, account AccountID, at Rename) error {
	books := d.Store.Account(account)
	contact, err := books.Contact(ctx, at.Contact)
	if err != nil || contact.ID != at.Contact {
		return settled(err)
	}
	tickets, next, err := books.TicketsOf(ctx, contact.ID, PageRequest{Limit: renamePage, After: at.After, Fresh: true})
	if err != nil {
		return err
	}
	for _, t := range tickets {
		if err := d.renameTicket(ctx, books, t, contact); err != nil {
			return err
		}
	}
	if next == "" {
		return nil
	}
	at.After = next
	timer, err := newTimer(SLABreachTimer, "rename", TimerBody{Account: account, Rename: &at, Due: d.now().Add(time.Second)})
	if err != nil {
		return err
	}
	// The same for every repeat, of relay or of the timer before, whenever that is: it starts no second chain.
	timer.ID = "rename-" + derivedID(string(account), string(contact.ID), strconv.Itoa(contact.Version), string(next))
	return d.Timers.At(ctx, timer)
}

// renameTicket saves the ticket with its requester's name; who changed it last stays as it was, for nobody did anything.
func (d *Desk) renameTicket(ctx context.Context, books Books, t Ticket, contact Contact) error {
	return retry(func() error {
		if t.Requester != contact.ID || t.RequesterName == contact.Name {
			return nil
		}
		t.RequesterName = contact.Name
		err := books.SaveTicket(ctx, TicketSave{Ticket: t})
		if isStale(err) {
			fresh, read := books.Ticket(ctx, t.Number)
			if read != nil {
				return settled(read)
			}
			t = fresh
		}
		if Is(err, NotFound) {
			return nil
		}
		return err
	})
}

// SearchContacts finds contacts by the words of their names, by e-mail address and by phone number, each from its beginning,
// whatever the case and the accents: at most [MaxFound].
func (d *Desk) SearchContacts(ctx context.Context, who Who, text string, limit int) ([]Contact, error) {
	if err := within("q", text, 1, 200); err != nil {
		return nil, err
	}
	return d.Store.Account(who.Account).SearchContacts(ctx, text, min(limit, MaxFound))
}
