package desktest

import (
	"slices"

	"github.com/relevo/relevo/internal/desk"
)

func (s *shelf) contact(addresses ...string) desk.Contact {
	s.Helper()
	c := desk.Contact{
		ID: desk.ContactID(s.id()), Name: "Rosa", Email: "rosa@example.test", Phone: "+571", Language: "es", Page: "/shoes", CreatedAt: s.at(s.ids),
	}
	for _, a := range addresses {
		c.Identities = append(c.Identities, desk.Identity{Inbox: "web", Address: a, Contact: c.ID})
	}
	s.ok(s.books.SaveContact(s.Context(), nil, c))
	c.Version = 1
	return c
}

// merge does what the desk does to merge two contacts.
func (s *shelf) merge(heir, other desk.Contact) desk.Contact {
	s.Helper()
	merged := heir
	merged.Identities = slices.Concat(heir.Identities, other.Identities)
	for i := range merged.Identities {
		merged.Identities[i].Contact = heir.ID
	}
	s.ok(s.books.MergeContacts(s.Context(), heir, merged, other))
	merged.Version++
	return merged
}

var contactTests = map[string]func(*shelf){
	"Contact/OK": func(s *shelf) {
		c := s.contact("v1", "v2")
		got, err := s.books.Contact(s.Context(), c.ID)
		s.ok(err)
		s.same(got, c)
		identity, err := s.books.Identity(s.Context(), "web", "v2")
		s.ok(err)
		s.same(identity, c.Identities[1])
	},
	"Contact/ErrNotFound": func(s *shelf) {
		c := s.contact("v1")
		_, err := s.other().Contact(s.Context(), c.ID)
		s.fails(err, desk.NotFound)
		_, err = s.other().Identity(s.Context(), "web", "v1")
		s.fails(err, desk.NotFound)
		_, err = s.books.Identity(s.Context(), "shop", "v1")
		s.fails(err, desk.NotFound)
	},
	"SaveContact/OK": func(s *shelf) {
		c := s.contact("v1", "v2")
		now := c
		now.Name = "Rosa Luz"
		now.Identities = []desk.Identity{c.Identities[1], {Inbox: "wa", Address: "57#3%", Contact: c.ID}}
		s.ok(s.books.SaveContact(s.Context(), &c, now))
		got, err := s.books.Contact(s.Context(), c.ID)
		s.ok(err)
		now.Version = 2
		s.same(got, now)
		_, err = s.books.Identity(s.Context(), "web", "v1")
		s.fails(err, desk.NotFound)
		identity, err := s.books.Identity(s.Context(), "wa", "57#3%")
		s.ok(err)
		s.same(identity.Contact, c.ID)
	},
	"SaveContact/ErrConflict": func(s *shelf) {
		c := s.contact("v1")
		s.fails(s.books.SaveContact(s.Context(), nil, c), desk.Conflict)
		late := c
		late.Version = 7
		s.fails(s.books.SaveContact(s.Context(), &late, late), desk.Conflict)
		thief := desk.Contact{ID: desk.ContactID(s.id()), CreatedAt: s.start, Identities: []desk.Identity{{Inbox: "web", Address: "v1"}}}
		s.fails(s.books.SaveContact(s.Context(), nil, thief), desk.Conflict)
		_, err := s.books.Contact(s.Context(), thief.ID)
		s.fails(err, desk.NotFound)
	},
	"SaveContact/OneOfManyAtOnce": func(s *shelf) {
		errs := atOnce(8, func(int) error {
			id := desk.ContactID(desk.NewID(s.start))
			return s.books.SaveContact(s.Context(), nil, desk.Contact{
				ID: id, CreatedAt: s.start, Identities: []desk.Identity{{Inbox: "web", Address: "v1", Contact: id}},
			})
		})
		s.same(s.count(errs), 1)
	},
	"Contacts/Pages": func(s *shelf) {
		var want []desk.ContactID
		for range 7 {
			want = append(want, s.contact().ID)
		}
		slices.Reverse(want)
		for _, size := range []int{1, 3, 6, 7, 8} {
			s.soon("all contacts", func() bool {
				got := pages(s, size, func(page desk.PageRequest) ([]desk.Contact, desk.Cursor, error) {
					return s.books.Contacts(s.Context(), page)
				})
				return slices.EqualFunc(got, want, func(c desk.Contact, id desk.ContactID) bool { return c.ID == id })
			})
		}
	},
	"SearchContacts/OK": testSearchContacts,
	"MergeContacts/Alias": func(s *shelf) {
		a, b, c := s.contact("v1"), s.contact("v2"), s.contact("v3")
		b = s.merge(b, c)
		a = s.merge(a, b)
		for _, id := range []desk.ContactID{a.ID, b.ID, c.ID} {
			got, err := s.books.Contact(s.Context(), id)
			s.ok(err)
			s.same(got, a)
		}
		for _, address := range []string{"v1", "v2", "v3"} {
			identity, err := s.books.Identity(s.Context(), "web", address)
			s.ok(err)
			s.same(identity.Contact, a.ID)
		}
		s.soon("the aliases to leave the list", func() bool {
			list, _, err := s.books.Contacts(s.Context(), desk.PageRequest{Limit: 10})
			s.ok(err)
			return len(list) == 1 && list[0].ID == a.ID
		})
	},
	"MergeContacts/ErrConflict": func(s *shelf) {
		a, b := s.contact("v1"), s.contact("v2")
		now := b
		now.Name = "changed"
		s.ok(s.books.SaveContact(s.Context(), &b, now))
		s.fails(s.books.MergeContacts(s.Context(), a, a, b), desk.Conflict)
		got, err := s.books.Contact(s.Context(), b.ID)
		s.ok(err)
		s.same(got.ID, b.ID)
	},
	"MoveConversation/OK":          testMove,
	"MoveConversation/HeirHasOpen": testMoveToBusyHeir,
}

// move hands a conversation to the heir.
func (s *shelf) move(id desk.ConversationID, heir desk.ContactID) error {
	was, err := s.books.Conversation(s.Context(), id)
	s.ok(err)
	now := copied(was)
	now.Contact = heir
	line := desk.Message{ID: desk.MessageID(s.id()), Kind: desk.ActivityKind, Event: desk.ConversationMerged}
	return s.books.MoveConversation(s.Context(), was, now, line)
}

func (s *shelf) receiving(contact desk.ContactID) desk.ConversationID {
	s.Helper()
	id, err := s.books.Receiving(s.Context(), true, contact, "web")
	if err != nil {
		s.fails(err, desk.NotFound)
	}
	return id
}

func (s *shelf) conversationsOf(contact desk.ContactID) []desk.ConversationID {
	s.Helper()
	return ids(pages(s, 2, func(page desk.PageRequest) ([]*desk.Conversation, desk.Cursor, error) {
		return s.books.ConversationsOf(s.Context(), contact, nil, page)
	}))
}

func testMove(s *shelf) {
	c := s.begin(nil)
	other := c.Contact
	s.ok(s.move(c.ID, "heir"))
	got, err := s.books.Conversation(s.Context(), c.ID)
	s.ok(err)
	s.same(got.Contact, desk.ContactID("heir"))
	s.same(s.receiving("heir"), c.ID)
	s.same(s.receiving(other), desk.ConversationID(""))
	s.same(s.conversationsOf("heir"), []desk.ConversationID{c.ID})
	s.same(len(s.conversationsOf(other)), 0)
	_, messages, _, err := s.books.Thread(s.Context(), c.ID, desk.ThreadQuery{Limit: 5, Fresh: true})
	s.ok(err)
	s.same(len(messages), 1)
}

func testMoveToBusyHeir(s *shelf) {
	own := s.begin(func(c *desk.Conversation) { c.Contact = "heir" })
	moved := s.begin(nil)
	s.ok(s.move(moved.ID, "heir"))
	s.same(s.receiving("heir"), own.ID)
	s.same(s.conversationsOf("heir"), []desk.ConversationID{moved.ID, own.ID})
	resolve := func(c *desk.Conversation) { c.Status = desk.Resolved }
	s.ok(s.change(moved.ID, resolve))
	s.same(s.receiving("heir"), own.ID) // the other's close takes nothing away
	s.ok(s.change(own.ID, resolve))
	s.same(s.receiving("heir"), desk.ConversationID(""))
}
