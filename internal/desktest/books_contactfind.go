package desktest

import (
	"slices"

	"github.com/relevo/relevo/internal/desk"
)

// testSearchContacts: what is found by the beginnings of name, address and number, and no more once it was changed.
func testSearchContacts(s *shelf) {
	known := map[string]desk.Contact{}
	for name, c := range map[string]desk.Contact{
		"nuria": {Name: "Núria Peña Straße", Email: "nuria.p@example.test"}, "rosa": {Name: "Rosa Peña", Phone: "+57 (300) 123-4567"},
		"pedro": {Name: "Pedro Penagos", Email: "Nuria.P@Example.test", Phone: "+57 310"}, "nobody": {},
	} {
		c.ID, c.CreatedAt = desk.ContactID(s.id()), s.at(s.ids)
		s.ok(s.books.SaveContact(s.Context(), nil, c))
		for range 2 {
			s.ok(s.books.IndexContact(s.Context(), nil, c))
		}
		c.Version = 1
		known[name] = c
	}
	search := func(text string, want ...string) {
		s.Helper()
		s.soon("who is found by "+text, func() bool {
			found, err := s.books.SearchContacts(s.Context(), text, 20)
			s.ok(err)
			var names []string
			for name, c := range known {
				if slices.ContainsFunc(found, func(f desk.Contact) bool { return f.ID == c.ID }) {
					names = append(names, name)
				}
			}
			slices.Sort(names)
			return slices.Equal(names, want) && len(found) == len(want)
		})
	}
	search("pena", "nuria", "pedro", "rosa")
	search("PEÑA strasse", "nuria")
	search("ros pen", "rosa")
	search("nuria", "nuria", "pedro")
	search("nuria.p@ex", "nuria", "pedro")
	search("pedro nuria.p@example.test", "pedro")
	search("+57 3", "pedro", "rosa")
	search("573001", "rosa")
	search("573001234568")
	search("ña")
	search("p")
	search("%#@")
	byAddress := func(email string, want ...desk.ContactID) {
		s.Helper()
		found, err := s.books.ContactsByEmail(s.Context(), email)
		s.ok(err)
		var ids []desk.ContactID
		for _, c := range found {
			ids = append(ids, c.ID)
		}
		s.same(slices.Equal(slices.Sorted(slices.Values(ids)), slices.Sorted(slices.Values(want))), true)
	}
	byAddress("NURIA.P@example.test", known["nuria"].ID, known["pedro"].ID)
	byAddress("nuria.p@example.tes")
	was, now := known["nuria"], known["nuria"]
	now.Name, now.Email = "Nuria Soler", "soler@example.test"
	s.ok(s.books.SaveContact(s.Context(), &was, now))
	now.Version = 2
	byAddress("nuria.p@example.test", known["pedro"].ID) // the row is late, and tells nothing false
	search("strasse")
	s.ok(s.books.IndexContact(s.Context(), &was, now))
	search("soler", "nuria")
	search("pena", "pedro", "rosa")
	pedro := s.merge(now, known["pedro"])
	alias := desk.Contact{ID: known["pedro"].ID, MergedInto: pedro.ID}
	s.ok(s.books.IndexContact(s.Context(), new(known["pedro"]), alias))
	search("penagos")
	found, err := s.other().SearchContacts(s.Context(), "rosa", 20)
	s.ok(err)
	s.same(len(found), 0)
}
