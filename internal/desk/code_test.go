package desk_test

import (
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

// recordedContacts: who shows that an address is his is the contact whom the desk knows by it (B84).
func (w *world) recordedContacts(t *testing.T) {
	t.Run("OK whom the desk's people recorded, with his tickets", func(t *testing.T) {
		marta := w.contact("Marta", "Marta@example.com")
		w.contact("Marta again", "marta@example.com")
		_, err := w.CreateTicket(t.Context(), w.who("otto"), desk.NewTicket{ClientID: "marta", Subject: "Molino", Requester: marta})
		check(t, err)
		w.settle()
		v := w.known("shop", "marta@Example.com")
		own, _, err := w.VisitorTickets(t.Context(), v, desk.PageRequest{Limit: 5})
		check(t, err)
		if v.Contact != marta || len(own) != 1 {
			t.Errorf("she is %s and sees %+v", v.Contact, own)
		}
		if again := w.known("shop", "marta@example.com"); again.Contact != marta {
			t.Error("the second time she is another")
		}
		c, err := w.books.Contact(t.Context(), marta)
		check(t, err)
		if len(c.Identities) != 1 || c.Name != "Marta" || c.Email != "Marta@example.com" {
			t.Errorf("got %+v", c)
		}
	})
	t.Run("OK of several the one who showed it elsewhere", func(t *testing.T) {
		w.contact("Lola", "lola@example.com")
		w.settle()
		c, err := w.books.Contact(t.Context(), w.known("shop", "lola@example.com").Contact)
		check(t, err)
		w.contact("Lola", "lola@example.com")
		w.portal("web", bothWays)
		defer w.portal("web", desk.Portal{})
		w.settle()
		if elsewhere := w.known("web", "lola@example.com"); elsewhere.Contact != c.ID {
			t.Errorf("elsewhere she is %s, not %s", elsewhere.Contact, c.ID)
		}
	})
	t.Run("OK never an anonymous visitor who told the address", func(t *testing.T) {
		thief := w.visitor("shop")
		w.writes(thief, "Hola")
		_, err := w.UpdateVisitorContact(t.Context(), thief, func(c *desk.Contact) { c.Email = "victim@example.com" })
		check(t, err)
		w.settle()
		if v := w.known("shop", "victim@example.com"); v.Contact == thief.Contact {
			t.Error("she became whom another may look over the shoulder")
		}
	})
}
