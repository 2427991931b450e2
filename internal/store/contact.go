package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/relevo/relevo/internal/desk"
)

// contactVersion counts the changes of a contact.
const contactVersion = "v"

// contactForm: n name · e e-mail · ph phone · la language · pg page · ids identities · m merged into · t created · v version
func contactForm(f *form, v *desk.Contact) {
	number(f, contactVersion, &v.Version)
	text(f, "n", &v.Name)
	text(f, "e", &v.Email)
	text(f, "ph", &v.Phone)
	text(f, "la", &v.Language)
	text(f, "pg", &v.Page)
	list(f, "ids", &v.Identities, identityForm)
	text(f, "m", &v.MergedInto)
	instant(f, "t", &v.CreatedAt)
}

// identityForm: i inbox, a address, c contact. Within its contact an identity does not repeat him.
func identityForm(f *form, v *desk.Identity) {
	text(f, "i", &v.Inbox)
	text(f, "a", &v.Address)
}

// identityRowForm is the look-up of an identity; c contact.
func identityRowForm(f *form, v *desk.Identity) {
	identityForm(f, v)
	text(f, identityContact, &v.Contact)
}

const identityContact = "c"

func decodeContact(item Item) (desk.Contact, error) {
	c, err := decode(item, contactForm)
	c.ID = desk.ContactID(last(keyOf(item).PK))
	for i := range c.Identities {
		c.Identities[i].Contact = c.ID
	}
	return c, err
}

// maxAliases bounds a chain of merged contacts that is followed; a longer one is a loop.
const maxAliases = 50

// Contact reads one, consistently, following merges to the one that it became.
func (b *Books) Contact(ctx context.Context, id desk.ContactID) (desk.Contact, error) {
	for range maxAliases {
		item, err := get(ctx, b.table, b.contactKey(id), "contact")
		if err != nil {
			return desk.Contact{}, err
		}
		c, err := decodeContact(item)
		if err != nil || c.MergedInto == "" {
			return c, err
		}
		id = c.MergedInto
	}
	return desk.Contact{}, desk.Errorf(desk.Internal, "a contact is merged into itself")
}

// Identity finds the contact behind an address, at half the price of a consistent read: it names the same contact for
// good, or one that was merged into another, which [Books.Contact] finds by it.
func (b *Books) Identity(ctx context.Context, inbox desk.InboxID, address string) (desk.Identity, error) {
	item, err := late(ctx, b.table, b.identityKey(inbox, address), "identity")
	if err != nil {
		return desk.Identity{}, err
	}
	return decode(item, identityRowForm)
}

// SaveContact creates or replaces a contact, with the look-ups of his identities.
func (b *Books) SaveContact(ctx context.Context, was *desk.Contact, now desk.Contact) error {
	var p plan
	var had []desk.Identity
	if was == nil {
		now.Version = 1
		p.add(b.putContact(now, 0), "the contact exists")
	} else {
		had = was.Identities
		now.Version = was.Version + 1
		p.must(b.putContact(now, was.Version), "contact", fmt.Sprintf("the contact moved on from version %d", was.Version))
	}
	for _, identity := range now.Identities {
		if !holds(had, identity) {
			op := b.putIdentity(identity, now.ID, Condition{Attr: identityContact, Test: Absent})
			p.add(op, "another contact has this identity")
		}
	}
	for _, identity := range had {
		if !holds(now.Identities, identity) {
			mine := Condition{Attr: identityContact, Test: Equals, To: str(string(now.ID))}
			p.may(Op{Kind: Delete, Key: b.identityKey(identity.Inbox, identity.Address), If: []Condition{mine}})
		}
	}
	return p.write(ctx, b.table, "saving a contact")
}

// holds tells whether the address is among the identities, whosoever they are.
func holds(all []desk.Identity, one desk.Identity) bool {
	return slices.ContainsFunc(all, func(i desk.Identity) bool { return i.Inbox == one.Inbox && i.Address == one.Address })
}

// putContact replaces the whole item; an alias is in no list.
func (b *Books) putContact(c desk.Contact, version int) Op {
	item := encode(c, contactForm)
	if c.MergedInto == "" {
		pk, sk := ByStatus.Keys()
		item[pk], item[sk] = str(b.pk("CONTACTS")), str(sortText(c.CreatedAt, string(c.ID)))
	}
	return Op{Kind: Put, Key: b.contactKey(c.ID), Item: item, If: []Condition{unlessSince(contactVersion, version)}}
}

func (b *Books) putIdentity(identity desk.Identity, contact desk.ContactID, demand Condition) Op {
	identity.Contact = contact
	return Op{
		Kind: Put, Key: b.identityKey(identity.Inbox, identity.Address),
		Item: encode(identity, identityRowForm), If: []Condition{demand},
	}
}

// MergeContacts saves the heir, whom the other's identities now lead to, and leaves of the other an alias.
func (b *Books) MergeContacts(ctx context.Context, heirWas, heir, other desk.Contact) error {
	heir.Version = heirWas.Version + 1
	alias := desk.Contact{ID: other.ID, MergedInto: heir.ID, CreatedAt: other.CreatedAt, Version: other.Version + 1}
	var p plan
	p.must(b.putContact(heir, heirWas.Version), "contact", fmt.Sprintf("the heir moved on from version %d", heirWas.Version))
	p.must(b.putContact(alias, other.Version), "contact", fmt.Sprintf("the other moved on from version %d", other.Version))
	theirs := Condition{Attr: identityContact, Test: Equals, To: str(string(other.ID))}
	for _, identity := range heir.Identities {
		if !holds(heirWas.Identities, identity) {
			p.unless(b.putIdentity(identity, heir.ID, theirs), "an identity of the other is not his any more")
		}
	}
	return p.write(ctx, b.table, "merging contacts")
}

// Contacts lists contacts, newest first; aliases are not among them.
func (b *Books) Contacts(ctx context.Context, page desk.PageRequest) ([]desk.Contact, desk.Cursor, error) {
	l := listing{
		kind: contactsList, backward: true, lanes: []lane{{index: ByStatus, pk: b.pk("CONTACTS")}},
		target: func(id string) Key { return b.contactKey(desk.ContactID(id)) },
	}
	items, next, err := l.page(ctx, b.table, page)
	if err != nil {
		return nil, "", err
	}
	contacts := make([]desk.Contact, 0, len(items))
	for _, item := range items {
		c, err := decodeContact(item)
		if err != nil {
			return nil, "", err
		}
		if c.MergedInto == "" {
			contacts = append(contacts, c)
		}
	}
	return contacts, next, nil
}
