package desk

import (
	"context"
	"crypto/sha256"
	"slices"
)

// Contacts lists the account's contacts, newest first.
func (d *Desk) Contacts(ctx context.Context, who Who, page PageRequest) ([]Contact, Cursor, error) {
	return d.Store.Account(who.Account).Contacts(ctx, page)
}

// Contact reads one, following a merge.
func (d *Desk) Contact(ctx context.Context, who Who, id ContactID) (Contact, error) {
	return d.Store.Account(who.Account).Contact(ctx, id)
}

// CreateContact makes a contact by hand. The same clientID of the same agent again gives the contact of then.
func (d *Desk) CreateContact(ctx context.Context, who Who, clientID string, c Contact) (Contact, error) {
	if err := who.mayWork(); err != nil {
		return Contact{}, err
	}
	if err := within("client_id", clientID, 1, 100); err != nil {
		return Contact{}, err
	}
	if c.Name == "" && c.Email == "" && c.Phone == "" {
		return Contact{}, InvalidField("name", "give a name, an e-mail address or a phone number")
	}
	if err := c.Validate(); err != nil {
		return Contact{}, err
	}
	c.ID, c.CreatedAt = ContactID(derivedID(string(who.Account), "contact", who.Actor.ID, clientID)), d.now()
	books := d.Store.Account(who.Account)
	err := books.SaveContact(ctx, nil, c)
	if Is(err, Conflict) {
		return books.Contact(ctx, c.ID)
	}
	c.Version = 1
	return c, err
}

// derivedID makes the id that a repeated request makes again.
func derivedID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return idText.EncodeToString(h.Sum(nil)[:15])
}

// UpdateContact changes what people know of a contact.
func (d *Desk) UpdateContact(ctx context.Context, who Who, id ContactID, change func(*Contact)) (Contact, error) {
	if err := who.mayWork(); err != nil {
		return Contact{}, err
	}
	err := d.changeContact(ctx, who.Account, id, func(c *Contact) error {
		change(c)
		return nil
	})
	if err != nil {
		return Contact{}, err
	}
	return d.Store.Account(who.Account).Contact(ctx, id)
}

// changeContact saves a change of a contact, and then its name and address in those of his conversations that still
// receive.
func (d *Desk) changeContact(ctx context.Context, account AccountID, id ContactID, change func(*Contact) error) error {
	now, err := d.saveContact(ctx, account, id, change)
	if err != nil {
		return err
	}
	return d.refreshContact(ctx, account, now)
}

// saveContact saves a change of a contact, and of him alone.
func (d *Desk) saveContact(ctx context.Context, account AccountID, id ContactID, change func(*Contact) error) (now Contact, err error) {
	books := d.Store.Account(account)
	err = retry(func() error {
		was, err := books.Contact(ctx, id)
		if err != nil {
			return err
		}
		now = was
		now.Identities = slices.Clone(was.Identities)
		if err := change(&now); err != nil {
			return err
		}
		if err := now.Validate(); err != nil {
			return err
		}
		return books.SaveContact(ctx, &was, now)
	})
	return now, err
}

// refreshContact copies a contact's name and address to the conversations that receive from him.
func (d *Desk) refreshContact(ctx context.Context, account AccountID, contact Contact) error {
	books := d.Store.Account(account)
	seen := map[InboxID]bool{}
	for _, identity := range contact.Identities {
		if seen[identity.Inbox] {
			continue
		}
		seen[identity.Inbox] = true
		id, err := books.Receiving(ctx, true, contact.ID, identity.Inbox)
		if Is(err, NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		err = d.update(ctx, account, id, func(c *Conversation) bool {
			changed := c.ContactName != contact.Name || c.ContactEmail != contact.Email
			c.ContactName, c.ContactEmail = contact.Name, contact.Email
			return changed
		})
		if err != nil {
			return err
		}
		if err := d.announceConversation(ctx, account, id); err != nil {
			return err
		}
	}
	return nil
}

// announceConversation tells listeners that a conversation changed without an activity line.
func (d *Desk) announceConversation(ctx context.Context, account AccountID, id ConversationID) error {
	c, err := d.Store.Account(account).Conversation(ctx, id)
	if err != nil {
		return err
	}
	d.announce(ctx, Announcement{Account: account, ID: d.newID(), Kind: AnnounceConversation, Conversation: c})
	return nil
}

// MergeContacts makes two contacts one: the heir gets the other's identities, conversations and what he lacks; the
// other stays as an alias of him. The same merge again does nothing.
func (d *Desk) MergeContacts(ctx context.Context, who Who, heirID, otherID ContactID) (Contact, error) {
	if err := who.mayWork(); err != nil {
		return Contact{}, err
	}
	if heirID == otherID {
		return Contact{}, InvalidField("contact", "a contact cannot be merged into itself")
	}
	books := d.Store.Account(who.Account)
	var heir, other Contact
	err := retry(func() error {
		var err error
		if heir, err = books.Contact(ctx, heirID); err != nil {
			return err
		}
		if other, err = books.Contact(ctx, otherID); err != nil {
			if Is(err, NotFound) {
				return InvalidField("contact", "no such contact")
			}
			return err
		}
		if heir.ID == other.ID {
			return nil
		}
		if err := d.moveTickets(ctx, books, who.Actor, other.ID, heir); err != nil {
			return err
		}
		merged := heir
		if merged.Identities, err = joined(heir, other); err != nil {
			return err
		}
		merged.inherit(other)
		return books.MergeContacts(ctx, heir, merged, other)
	})
	if err != nil {
		return Contact{}, err
	}
	if err := d.moveConversations(ctx, who, heir.ID, otherID); err != nil {
		return Contact{}, err
	}
	return books.Contact(ctx, heir.ID)
}

// moveTickets makes the heir the requester of the other's tickets; that comes first, for afterwards the other is only
// an alias.
func (d *Desk) moveTickets(ctx context.Context, books Books, by Actor, other ContactID, heir Contact) error {
	for {
		moving, _, err := books.TicketsOf(ctx, other, PageRequest{Limit: 25, Fresh: true})
		if err != nil || len(moving) == 0 {
			return err
		}
		settings, err := books.Settings(ctx)
		if err != nil {
			return err
		}
		for _, t := range moving {
			was := t
			t.Requester, t.RequesterName, t.UpdatedAt, t.UpdatedBy = heir.ID, heir.Name, d.now(), by
			settings.ClockTicket(&was, &t, d.now())
			if err := books.SaveTicket(ctx, TicketSave{Ticket: t, History: d.changed(was, t, by, TriggerContact)}); err != nil {
				return err
			}
		}
	}
}

func joined(heir, other Contact) ([]Identity, error) {
	all := slices.Clone(heir.Identities)
	for _, i := range other.Identities {
		i.Contact = heir.ID
		all = append(all, i)
	}
	if len(all) > MaxIdentities {
		return nil, conflictf("the two have more than %d identities", MaxIdentities)
	}
	return all, nil
}

// inherit takes over what the heir lacks.
func (c *Contact) inherit(other Contact) {
	for _, pair := range []struct{ to, from *string }{
		{&c.Name, &other.Name}, {&c.Email, &other.Email}, {&c.Phone, &other.Phone}, {&c.Language, &other.Language}, {&c.Page, &other.Page},
	} {
		if *pair.to == "" {
			*pair.to = *pair.from
		}
	}
}

// moveConversations hands all conversations of a merged contact to his heir.
func (d *Desk) moveConversations(ctx context.Context, who Who, heir, other ContactID) error {
	books := d.Store.Account(who.Account)
	contact, err := books.Contact(ctx, heir)
	if err != nil {
		return err
	}
	for {
		moving, _, err := books.ConversationsOf(ctx, other, nil, PageRequest{Limit: 25})
		if err != nil || len(moving) == 0 {
			return err
		}
		for _, c := range moving {
			if err := d.moveConversation(ctx, who, contact, c.ID); err != nil {
				return err
			}
		}
	}
}

func (d *Desk) moveConversation(ctx context.Context, who Who, heir Contact, id ConversationID) error {
	books := d.Store.Account(who.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	return retry(func() error {
		was, err := books.Conversation(ctx, id)
		if err != nil {
			return err
		}
		now := was.clone()
		now.Contact, now.ContactName, now.ContactEmail = heir.ID, heir.Name, heir.Email
		settings.Clock(was, now, d.now())
		e := event(ConversationMerged, "contact", string(was.Contact), "into", string(heir.ID))
		return books.MoveConversation(ctx, was, now, e.line(now, who.Actor, d.newID()))
	})
}

// ConversationsOf lists a contact's conversations that the caller may see, newest first (B22).
func (d *Desk) ConversationsOf(ctx context.Context, who Who, id ContactID, page PageRequest) ([]*Conversation, Cursor, error) {
	books := d.Store.Account(who.Account)
	contact, err := books.Contact(ctx, id)
	if err != nil {
		return nil, "", err
	}
	return books.ConversationsOf(ctx, contact.ID, who.sees, page)
}
