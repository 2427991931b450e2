package desk_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// signed lets the site vouch with a secret.
func signed(secret string, i desk.VouchedFor) *desk.VouchedFor {
	proof := hmac.New(sha256.New, []byte(secret))
	proof.Write([]byte(i.UserID + "\n" + i.Email + "\n" + i.Name))
	i.Hash = hex.EncodeToString(proof.Sum(nil))
	return &i
}

var carla = desk.VouchedFor{UserID: "42", Name: "Carla Duarte", Email: "carla@Example.com"}

func TestIdentify(t *testing.T) {
	w := newWorld(t)
	arrive := func(t *testing.T, i *desk.VouchedFor, page string) (desk.Session, desk.Contact) {
		t.Helper()
		s, err := w.StartSession(t.Context(), desk.Arrival{Inbox: "web", Identity: i, Page: page})
		check(t, err)
		c, err := w.books.Contact(t.Context(), s.Visitor.Contact)
		check(t, err)
		return s, c
	}
	refused := func(t *testing.T, i *desk.VouchedFor, code desk.Code, field string) {
		t.Helper()
		_, err := w.StartSession(t.Context(), desk.Arrival{Inbox: "web", Identity: i})
		wantCode(t, err, code)
		if got := fieldOf(err); got != field {
			t.Errorf("blames %q, want %q", got, field)
		}
	}
	refused(t, signed("", carla), desk.Forbidden, "identity.hash") // before there is a secret
	first, err := w.MakeIdentitySecret(t.Context(), w.who("ana"), "web")
	check(t, err)
	t.Run("OK", func(t *testing.T) {
		s, c := arrive(t, signed(first, carla), "https://shop.example/7")
		if s.Secret != "" || c.Name != "Carla Duarte" || c.Email != "carla@example.com" || c.Page != "https://shop.example/7" {
			t.Errorf("secret %q, contact %+v", s.Secret, c)
		}
		if again, _ := arrive(t, signed(first, carla), ""); again.Visitor.Contact != c.ID {
			t.Error("another contact for the same user")
		}
		renamed := carla
		renamed.Name = "Carla Díaz"
		if _, c := arrive(t, signed(first, renamed), ""); c.Name != "Carla Díaz" || c.Page != "https://shop.example/7" {
			t.Errorf("B20: told anew, contact %+v", c)
		}
		m := w.writes(s.Visitor, "Hola")
		if c := w.conversation(m.Conversation); c.ContactName != "Carla Díaz" || c.Contact != s.Visitor.Contact {
			t.Errorf("conversation of %q", c.ContactName)
		}
	})
	t.Run("OK/ApartFromTheAnonymous", func(t *testing.T) {
		anonymous := w.visitor("web")
		w.writes(anonymous, "Hola")
		s, _ := arrive(t, signed(first, desk.VouchedFor{UserID: string(anonymous.Contact)}), "")
		if s.Visitor.Contact == anonymous.Contact {
			t.Error("a user id that looks like a visitor's became that visitor")
		}
	})
	t.Run("OK/Rotation", func(t *testing.T) {
		second, err := w.MakeIdentitySecret(t.Context(), w.who("ana"), "web")
		check(t, err)
		arrive(t, signed(second, carla), "")
		arrive(t, signed(first, carla), "")
		w.pass(24*time.Hour - time.Minute)
		arrive(t, signed(first, carla), "")
		w.pass(2 * time.Minute)
		refused(t, signed(first, carla), desk.Forbidden, "identity.hash")
		arrive(t, signed(second, carla), "")
		third, err := w.MakeIdentitySecret(t.Context(), w.who("ana"), "web")
		check(t, err)
		_, err = w.MakeIdentitySecret(t.Context(), w.who("ana"), "web")
		check(t, err)
		arrive(t, signed(third, carla), "")
		refused(t, signed(second, carla), desk.Forbidden, "identity.hash") // two new ones end one that leaked
		first = third
	})
	t.Run("ErrForbidden", func(t *testing.T) {
		for name, change := range map[string]func(*desk.VouchedFor){
			"hash":       func(i *desk.VouchedFor) { i.Hash = strings.Repeat("0", 64) },
			"upper case": func(i *desk.VouchedFor) { i.Hash = strings.ToUpper(i.Hash) },
			"no hash":    func(i *desk.VouchedFor) { i.Hash = "" },
			"other user": func(i *desk.VouchedFor) { i.UserID = "43" },
			"other mail": func(i *desk.VouchedFor) { i.Email = "" },
			"other name": func(i *desk.VouchedFor) { i.Name += "x" },
		} {
			t.Run(name, func(t *testing.T) {
				i := signed(first, carla)
				change(i)
				refused(t, i, desk.Forbidden, "identity.hash")
			})
		}
		_, err := w.StartSession(t.Context(), desk.Arrival{Inbox: "shop", Identity: signed(first, carla)})
		wantCode(t, err, desk.Forbidden) // another inbox's secret
		_, err = w.MakeIdentitySecret(t.Context(), w.who("otto"), "web")
		wantCode(t, err, desk.Forbidden)
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		refused(t, signed(first, desk.VouchedFor{}), desk.Invalid, "identity.user_id")
		refused(t, signed(first, desk.VouchedFor{UserID: "4\n2"}), desk.Invalid, "identity.user_id")
		refused(t, signed(first, desk.VouchedFor{UserID: "42", Name: "a\nb"}), desk.Invalid, "identity.name")
		refused(t, signed(first, desk.VouchedFor{UserID: "42", Email: "nobody"}), desk.Invalid, "identity.email")
	})
	t.Run("ErrNotFound", func(t *testing.T) {
		for _, inbox := range []desk.InboxID{"phone", "gone"} {
			_, err := w.MakeIdentitySecret(t.Context(), w.who("ana"), inbox)
			wantCode(t, err, desk.NotFound)
		}
	})
}

func TestPageOfTheVisitor(t *testing.T) {
	w := newWorld(t)
	s, err := w.StartSession(t.Context(), desk.Arrival{Inbox: "web", Page: "https://shop.example/a"})
	check(t, err)
	contacts, _, err := w.books.Contacts(t.Context(), desk.PageRequest{Limit: 10})
	check(t, err)
	if len(contacts) > 0 {
		t.Errorf("who only looks leaves %+v", contacts)
	}
	w.writes(s.Visitor, "Hola")
	pageIs := func(want string) {
		t.Helper()
		c, err := w.books.Contact(t.Context(), s.Visitor.Contact)
		check(t, err)
		if c.Page != want {
			t.Errorf("page %q, want %q", c.Page, want)
		}
	}
	pageIs("https://shop.example/a")
	_, err = w.StartSession(t.Context(), desk.Arrival{Inbox: "web", Secret: s.Secret, Page: "https://shop.example/b"})
	check(t, err)
	pageIs("https://shop.example/b")
	_, err = w.StartSession(t.Context(), desk.Arrival{Inbox: "web", Page: strings.Repeat("x", 501)})
	wantCode(t, err, desk.Invalid)
}
