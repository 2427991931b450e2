package desk

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Write stores what a visitor writes in the web chat. When it returns, the message is stored and acknowledged;
// everything else follows from it in [Desk.Relay]. The same ClientID again gives the message of then, fresh false.
func (d *Desk) Write(ctx context.Context, v Visitor, body Body) (m Message, fresh bool, err error) {
	if body.HTML != "" || body.Template != nil || len(body.Mentions) > 0 {
		return Message{}, false, InvalidField("html", "a customer writes plain text")
	}
	if err := body.validate(); err != nil {
		return Message{}, false, err
	}
	body.Attachments, err = d.uploaded(ctx, v.Account, string(v.Contact), body.Attachments)
	if err != nil {
		return Message{}, false, err
	}
	m = Message{
		Kind: MessageText, Author: Actor{Kind: ByCustomer, ID: string(v.Contact)}, Content: TextContent,
		Text: body.Text, Attachments: body.Attachments, ReplyTo: body.ReplyTo, Line: body.Line,
		ExternalID: "visitor/" + string(v.Contact) + "/" + body.ClientID,
	}
	return d.receive(ctx, v.Account, v.Inbox, Sender{Address: string(v.Contact), Page: v.Page}, v.Contact, m)
}

// receive stores a customer's message in the conversation that receives, or in a new one.
func (d *Desk) receive(ctx context.Context, account AccountID, inbox InboxID, from Sender, contact ContactID, m Message) (Message, bool, error) {
	books := d.Store.Account(account)
	m.Inbox = inbox
	// One that was resolved a second ago may still take it: as when it is resolved while the message is stored, relay
	// continues it.
	id, err := books.Receiving(ctx, false, contact, inbox)
	if Is(err, NotFound) {
		return d.receiveFirst(ctx, account, from, contact, m)
	}
	if err != nil {
		return Message{}, false, err
	}
	m.Conversation, m.ID = id, MessageID(d.newID())
	switch err := answers(ctx, books, m); {
	case Is(err, Invalid) && !m.ProviderAt.IsZero(): // on his phone he quotes an earlier conversation: that is not shown
		m.ReplyTo = ""
	case err != nil:
		return Message{}, false, err
	}
	return d.keep(ctx, books, m)
}

// receiveFirst stores a message for which no conversation receives: a repeat of one long closed, the message of a
// merged contact, or the first of a new conversation.
func (d *Desk) receiveFirst(ctx context.Context, account AccountID, from Sender, contact ContactID, m Message) (Message, bool, error) {
	books := d.Store.Account(account)
	conversation, place, err := books.MessageByIdentity(ctx, m.Inbox, m.ExternalID)
	if err == nil {
		m.Conversation, m.ID = conversation, place
		return d.keep(ctx, books, m)
	}
	if !Is(err, NotFound) {
		return Message{}, false, err
	}
	known, err := d.contactFor(ctx, books, m.Inbox, from, contact)
	if err != nil {
		return Message{}, false, err
	}
	m.Conversation, err = d.receiving(ctx, account, known, m.Inbox, from)
	if err != nil {
		return Message{}, false, err
	}
	m.ID = MessageID(d.newID())
	return d.keep(ctx, books, m)
}

// receiving gives the conversation that receives the contact's messages, and begins one if there is none.
func (d *Desk) receiving(ctx context.Context, account AccountID, contact Contact, inbox InboxID, from Sender) (ConversationID, error) {
	books := d.Store.Account(account)
	for range tries {
		id, err := books.Receiving(ctx, true, contact.ID, inbox)
		if !Is(err, NotFound) {
			return id, err
		}
		id, err = d.begin(ctx, account, contact, inbox, from)
		if !Is(err, Conflict) {
			return id, err
		}
	}
	return "", Errorf(Unavailable, "other conversations of this contact begin and end too fast")
}

// begin makes a new conversation: open, or pending while a bot has it (B53, B54).
func (d *Desk) begin(ctx context.Context, account AccountID, contact Contact, inboxID InboxID, from Sender) (ConversationID, error) {
	books := d.Store.Account(account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return "", err
	}
	inbox, err := settings.inbox(inboxID)
	if err != nil {
		return "", err
	}
	n, err := books.NextNumber(ctx, "conversation")
	if err != nil {
		return "", err
	}
	now := d.now()
	c := &Conversation{
		ID: ConversationID(d.newID()), Number: n, Contact: contact.ID, ContactName: contact.Name, ContactEmail: contact.Email,
		Address: from.Address, Inbox: inboxID, Channel: inbox.Channel, CreatedAt: now,
		Department: inbox.Department, Status: Open, StatusAt: now, WaitsSince: now, Auto: inbox.AutoDistribution,
	}
	if inbox.Bot != "" {
		c.Status = Pending
	}
	settings.Clock(nil, c, now)
	return c.ID, d.save(ctx, books, Change{Now: c}, Actor{Kind: ByCustomer, ID: string(contact.ID), Name: contact.Name},
		[]Event{event(ConversationCreated, "inbox", string(inboxID), "number", number(n))})
}

// contactFor finds or makes the contact behind an address.
func (d *Desk) contactFor(ctx context.Context, books Books, inbox InboxID, from Sender, id ContactID) (Contact, error) {
	if id != "" {
		c, err := books.Contact(ctx, id)
		if !Is(err, NotFound) {
			return c, err
		}
	} else {
		id = ContactID(d.newID())
	}
	c := Contact{
		ID: id, Name: strings.TrimSpace(firstLine(from.Name, 100)), Phone: from.Phone, Page: from.Page, CreatedAt: d.now(),
		Identities: []Identity{{Inbox: inbox, Address: from.Address, Contact: id}},
	}
	if from.UserID != "" && from.UserID != from.Address {
		c.Identities = append(c.Identities, Identity{Inbox: inbox, Address: from.UserID, Contact: id})
	}
	err := books.SaveContact(ctx, nil, c)
	if Is(err, Conflict) {
		return d.contactBehind(ctx, books, inbox, from)
	}
	return c, err
}

// contactBehind finds the contact by any of the sender's addresses.
func (d *Desk) contactBehind(ctx context.Context, books Books, inbox InboxID, from Sender) (Contact, error) {
	for _, address := range []string{from.Address, from.UserID} {
		if address == "" {
			continue
		}
		identity, err := books.Identity(ctx, inbox, address)
		if Is(err, NotFound) {
			continue
		}
		if err != nil {
			return Contact{}, err
		}
		return books.Contact(ctx, identity.Contact)
	}
	return Contact{}, &Error{Code: NotFound, Message: "no such contact"}
}

// Ingest turns one channel event from the queue into a message or a state. A repeat adds nothing.
func (d *Desk) Ingest(ctx context.Context, e ChannelEvent) error {
	if e.At.IsZero() { // the provider told none that can be read
		e.At = d.now()
	}
	switch e.Kind {
	case ChannelMessage:
		return d.ingestMessage(ctx, e)
	case ChannelStatus:
		return d.ingestStatus(ctx, e)
	case ChannelEdit:
		return d.changeTarget(ctx, e, MessageChange{Edit: &Edit{Text: e.Message.Text, At: e.At}})
	case ChannelDelete:
		return d.changeTarget(ctx, e, MessageChange{Delete: e.At})
	case ChannelIdentity:
		return d.moveIdentity(ctx, e)
	default:
		return InvalidField("kind", "no such channel event")
	}
}

func (d *Desk) ingestMessage(ctx context.Context, e ChannelEvent) error {
	books := d.Store.Account(e.Account)
	contact, err := d.contactBehind(ctx, books, e.Inbox, e.From)
	if Is(err, NotFound) {
		contact, err = d.contactFor(ctx, books, e.Inbox, e.From, "")
	}
	if err != nil {
		return err
	}
	if err := d.knowBy(ctx, books, contact, e.Inbox, e.From.Address, e.From.UserID); err != nil {
		return err
	}
	m := Message{
		Kind: MessageText, Author: Actor{Kind: ByCustomer, ID: string(contact.ID), Name: contact.Name},
		Content: e.Message.Content, Text: e.Message.Text, Data: e.Message.Data, Attachments: e.Message.Attachments,
		ExternalID: e.ExternalID, ProviderAt: e.At.UTC().Truncate(time.Millisecond),
	}
	if e.Kind == ChannelDelete {
		m.Content, m.DeletedAt = UnsupportedContent, m.ProviderAt
	}
	if e.Message.ReplyTo != "" {
		_, m.ReplyTo, err = books.MessageByIdentity(ctx, e.Inbox, e.Message.ReplyTo)
		if err != nil && !Is(err, NotFound) {
			return err
		}
	}
	_, _, err = d.receive(ctx, e.Account, e.Inbox, e.From, contact.ID, m)
	return err
}

// ingestStatus raises the delivery state of a message of ours, found by the key that we sent along, or by the
// provider's id. A status of a message that is not ours is dropped.
func (d *Desk) ingestStatus(ctx context.Context, e ChannelEvent) error {
	books := d.Store.Account(e.Account)
	conversation, id, ok := splitKey(e.Key)
	if !ok {
		var err error
		conversation, id, err = books.MessageByIdentity(ctx, e.Inbox, e.ExternalID)
		if Is(err, NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	e.Delivery.At = e.At
	return settled(books.ChangeMessage(ctx, conversation, id, MessageChange{Delivery: &e.Delivery}))
}

// settled drops the codes which say that a change has nothing to do any more.
func settled(err error) error {
	if Is(err, Conflict) || Is(err, NotFound) {
		return nil
	}
	return err
}

// key names a message to a provider; statuses bring it back.
func key(c ConversationID, m MessageID) string { return string(c) + "/" + string(m) }

func splitKey(k string) (ConversationID, MessageID, bool) {
	c, m, ok := strings.Cut(k, "/")
	return ConversationID(c), MessageID(m), ok && len(c) == 24 && len(m) == 24
}

// changeTarget applies a customer's edit or deletion to the message that he means.
func (d *Desk) changeTarget(ctx context.Context, e ChannelEvent, change MessageChange) error {
	books := d.Store.Account(e.Account)
	conversation, id, err := books.MessageByIdentity(ctx, e.Inbox, e.Target)
	if Is(err, NotFound) { // it overtook its message, which finds this in its place when it comes
		e.ExternalID = e.Target
		return d.ingestMessage(ctx, e)
	}
	if err != nil {
		return err
	}
	m, err := books.Message(ctx, conversation, id)
	if err != nil {
		return err
	}
	contact, err := d.contactBehind(ctx, books, e.Inbox, e.From)
	if err != nil {
		return settled(err)
	}
	if m.Author.Kind != ByCustomer || m.Author.ID != string(contact.ID) {
		return nil // nobody changes what another wrote
	}
	return settled(books.ChangeMessage(ctx, conversation, id, change))
}

// knowBy makes addresses identities of a contact, unless they are known: of him, or of someone else, whom only people
// merge with him.
func (d *Desk) knowBy(ctx context.Context, books Books, contact Contact, inbox InboxID, addresses ...string) error {
	return retry(func() error {
		now := contact
		now.Identities = slices.Clone(contact.Identities)
		for _, address := range addresses {
			if address != "" && !now.reachedAt(inbox, address) {
				now.Identities = append(now.Identities, Identity{Inbox: inbox, Address: address, Contact: contact.ID})
			}
		}
		if len(now.Identities) == len(contact.Identities) || len(now.Identities) > MaxIdentities {
			return nil
		}
		err := books.SaveContact(ctx, &contact, now)
		if !isStale(err) {
			return settled(err)
		}
		fresh, read := books.Contact(ctx, contact.ID)
		if read != nil {
			return read
		}
		contact = fresh
		return err
	})
}

// moveIdentity gives a contact the new address that his provider reported, and answers him there from now on.
func (d *Desk) moveIdentity(ctx context.Context, e ChannelEvent) error {
	books := d.Store.Account(e.Account)
	contact, err := d.contactBehind(ctx, books, e.Inbox, e.From)
	if err != nil {
		return settled(err) // nobody known
	}
	if err := d.knowBy(ctx, books, contact, e.Inbox, e.NewAddress); err != nil {
		return err
	}
	owner, err := books.Identity(ctx, e.Inbox, e.NewAddress)
	if err != nil || owner.Contact != contact.ID {
		return settled(err) // the new number is known as someone else: people decide whether to merge
	}
	receiving, err := books.Receiving(ctx, true, contact.ID, e.Inbox)
	if err != nil {
		return settled(err)
	}
	return d.update(ctx, e.Account, receiving, func(c *Conversation) bool {
		moved := c.Address != e.NewAddress
		c.Address = e.NewAddress
		return moved
	})
}

// reachedAt reports whether the address is one of the contact's in the inbox.
func (c Contact) reachedAt(inbox InboxID, address string) bool {
	return slices.ContainsFunc(c.Identities, func(i Identity) bool { return i.Inbox == inbox && i.Address == address })
}
