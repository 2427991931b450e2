package desk

import (
	"context"
	"slices"
	"time"
)

// ForCustomer reports whether a customer may see the entry: messages only, never notes or activity.
func (m Message) ForCustomer() bool { return m.Kind == MessageText }

// VisitorMessages reads a page of a visitor's own conversation, oldest first; "" means the current one. The
// conversation is nil while he has none.
func (d *Desk) VisitorMessages(ctx context.Context, v Visitor, id ConversationID, q ThreadQuery) (*Conversation, []Message, bool, error) {
	if err := q.validate(); err != nil {
		return nil, nil, false, err
	}
	books := d.Store.Account(v.Account)
	contact, err := d.visitorContact(ctx, v)
	if err != nil {
		return nil, nil, false, err
	}
	if id == "" {
		if id, err = d.current(ctx, v, contact); err != nil || id == "" {
			return nil, nil, false, err
		}
	}
	c, messages, more, err := d.customersPage(ctx, books, id, q)
	if err != nil {
		return nil, nil, false, err
	}
	if c.Contact != contact || c.Inbox != v.Inbox {
		return nil, nil, false, notSeen()
	}
	if q.After == "" {
		slices.Reverse(messages)
	}
	return c, messages, more, nil
}

// current gives the visitor's receiving conversation, else his latest; "" if he never wrote.
func (d *Desk) current(ctx context.Context, v Visitor, contact ContactID) (ConversationID, error) {
	books := d.Store.Account(v.Account)
	id, err := books.Receiving(ctx, true, contact, v.Inbox)
	if !Is(err, NotFound) {
		return id, err
	}
	own, _, err := d.VisitorConversations(ctx, v, PageRequest{Limit: 25})
	if err != nil || len(own) == 0 {
		return "", err
	}
	return own[0].ID, nil
}

// customersPage reads on until it has a page of what the customer may see, or the thread ends.
func (d *Desk) customersPage(ctx context.Context, books Books, id ConversationID, q ThreadQuery) (*Conversation, []Message, bool, error) {
	var page []Message
	want := q.Limit
	for {
		c, messages, more, err := books.Thread(ctx, id, q)
		if err != nil {
			return nil, nil, false, err
		}
		for _, m := range messages {
			if !m.ForCustomer() {
				continue
			}
			if len(page) == want {
				return c, page, true, nil
			}
			page = append(page, m)
		}
		if !more || len(messages) == 0 {
			return c, page, false, nil
		}
		last := messages[len(messages)-1].ID
		if q.After != "" {
			q.After = last
		} else {
			q.Before = last
		}
	}
}

// VisitorConversations lists a visitor's conversations in his inbox, newest first (B21).
func (d *Desk) VisitorConversations(ctx context.Context, v Visitor, page PageRequest) ([]*Conversation, Cursor, error) {
	contact, err := d.visitorContact(ctx, v)
	if err != nil {
		return nil, "", err
	}
	return d.Store.Account(v.Account).ConversationsOf(ctx, contact, func(c *Conversation) bool { return c.Inbox == v.Inbox }, page)
}

// visitorContact gives the contact that the visitor is now, after merges.
func (d *Desk) visitorContact(ctx context.Context, v Visitor) (ContactID, error) {
	c, err := d.Store.Account(v.Account).Contact(ctx, v.Contact)
	if Is(err, NotFound) {
		return v.Contact, nil
	}
	return c.ID, err
}

// VisitorContact reads what the desk knows of the visitor himself.
func (d *Desk) VisitorContact(ctx context.Context, v Visitor) (Contact, error) {
	c, err := d.Store.Account(v.Account).Contact(ctx, v.Contact)
	if Is(err, NotFound) {
		return Contact{ID: v.Contact}, nil
	}
	return c, err
}

// UpdateVisitorContact saves what the visitor tells of himself: the pre-chat form, his language, the page he is on
// (B16).
func (d *Desk) UpdateVisitorContact(ctx context.Context, v Visitor, change func(*Contact)) (Contact, error) {
	books := d.Store.Account(v.Account)
	trial := Contact{}
	change(&trial)
	if err := trial.Validate(); err != nil {
		return Contact{}, err
	}
	known, err := d.contactFor(ctx, books, v.Inbox, Sender{Address: string(v.Contact)}, v.Contact)
	if err != nil {
		return Contact{}, err
	}
	err = d.changeContact(ctx, v.Account, known.ID, func(c *Contact) error {
		change(c)
		return nil
	})
	if err != nil {
		return Contact{}, err
	}
	return books.Contact(ctx, known.ID)
}

// ownConversation reads a conversation of the visitor; "" means the one that receives.
func (d *Desk) ownConversation(ctx context.Context, v Visitor, id ConversationID) (*Conversation, error) {
	contact, err := d.visitorContact(ctx, v)
	if err != nil {
		return nil, err
	}
	books := d.Store.Account(v.Account)
	if id == "" {
		if id, err = books.Receiving(ctx, true, contact, v.Inbox); err != nil {
			return nil, err
		}
	}
	c, err := books.Conversation(ctx, id)
	if err != nil {
		return nil, err
	}
	if c.Contact != contact || c.Inbox != v.Inbox {
		return nil, notSeen()
	}
	return c, nil
}

// VisitorRead moves the customer's mark.
func (d *Desk) VisitorRead(ctx context.Context, v Visitor, id ConversationID, upTo MessageID) error {
	if err := upTo.validate("up_to"); err != nil {
		return err
	}
	c, err := d.ownConversation(ctx, v, id)
	if err != nil {
		return err
	}
	return d.mark(ctx, v.Account, c.ID, func(c *Conversation) (Thread, error) {
		return c.Thread.customerRead(min(upTo, PlaceAt(d.now().Add(time.Millisecond)))), nil
	})
}

// VisitorTyping tells the desk that the customer writes, or stopped; nothing happens before his first message.
func (d *Desk) VisitorTyping(ctx context.Context, v Visitor, on bool) error {
	c, err := d.ownConversation(ctx, v, "")
	if Is(err, NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	d.announceTyping(ctx, v.Account, c, Typing{By: Actor{Kind: ByCustomer, ID: string(c.Contact), Name: c.ContactName}, On: on})
	return nil
}
