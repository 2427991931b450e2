package desk_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/local"
)

// portal opens the portal of an inbox.
func (w *world) portal(id desk.InboxID, p desk.Portal) {
	w.t.Helper()
	settings, err := w.books.Settings(w.t.Context())
	check(w.t, err)
	inbox := settings.Inboxes[id]
	inbox.Portal = p
	check(w.t, w.SaveSetting(w.t.Context(), w.who("ana"), inbox))
}

// allMails gives every mail that went out, oldest first.
func (w *world) allMails() []local.StoredMail {
	w.t.Helper()
	all, err := w.mailer.Mails(w.t.Context())
	check(w.t, err)
	slices.Reverse(all)
	return all
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// mailedCode asks for a code and reads it in the mail.
func (w *world) mailedCode(v desk.Visitor, email string) string {
	w.t.Helper()
	check(w.t, w.AskCode(w.t.Context(), v, email, "", ""))
	w.settle()
	mails := w.allMails()
	last := mails[len(mails)-1]
	if !strings.EqualFold(last.To, email) {
		w.t.Fatalf("the last mail went to %s", last.To)
	}
	return sixDigits.FindString(last.Text)
}

// known is a visitor who identified himself by a code.
func (w *world) known(inbox, email string) desk.Visitor {
	w.t.Helper()
	v := w.visitor(inbox)
	s, err := w.Identify(w.t.Context(), v, email, w.mailedCode(v, email), "")
	check(w.t, err)
	return s.Visitor
}

// other gives the n-th code that it is not.
func other(code string, n int) string {
	if wrong := fmt.Sprintf("%06d", n); wrong != code {
		return wrong
	}
	return "999999"
}

var bothWays = desk.Portal{Enabled: true, Open: true}

func TestIdentifyByCode(t *testing.T) {
	w := newWorld(t)
	anonymous := w.visitor("shop")
	t.Run("ErrForbidden without a portal", func(t *testing.T) {
		wantCode(t, w.AskCode(t.Context(), anonymous, "rosa@example.com", "", ""), desk.Forbidden)
		_, err := w.Identify(t.Context(), anonymous, "rosa@example.com", "123456", "")
		wantCode(t, err, desk.Forbidden)
	})
	w.portal("shop", bothWays)
	t.Run("OK", func(t *testing.T) {
		w.writes(anonymous, "Hola")
		_, err := w.UpdateVisitorContact(t.Context(), anonymous, func(c *desk.Contact) { c.Name = "Rosa" })
		check(t, err)
		s, err := w.Identify(t.Context(), anonymous, "Rosa@Example.com", w.mailedCode(anonymous, "rosa@example.com"), "")
		check(t, err)
		if s.Secret == "" || !s.Visitor.Identified || s.Visitor.Contact == anonymous.Contact {
			t.Errorf("got %+v", s)
		}
		c, err := w.books.Contact(t.Context(), s.Visitor.Contact)
		check(t, err)
		if c.Name != "Rosa" || c.Email != "Rosa@example.com" {
			t.Errorf("contact %+v", c)
		}
		again, err := w.StartSession(t.Context(), desk.Arrival{Inbox: "shop", Secret: s.Secret})
		check(t, err)
		if again.Visitor.Contact != c.ID || !again.Visitor.Identified {
			t.Errorf("with the secret: %+v", again.Visitor)
		}
		if elsewhere := w.known("shop", "rosa@example.com"); elsewhere.Contact != c.ID {
			t.Error("another contact for the same address")
		}
	})
	w.recordedContacts(t)
	refused := func(t *testing.T, v desk.Visitor, email, code string) {
		t.Helper()
		_, err := w.Identify(t.Context(), v, email, code, "")
		wantField(t, err, desk.Forbidden, "code")
	}
	t.Run("ErrForbidden used, foreign or never mailed", func(t *testing.T) {
		v := w.visitor("shop")
		refused(t, v, "carla@example.com", "123456")
		code := w.mailedCode(v, "carla@example.com")
		refused(t, w.visitor("shop"), "carla@example.com", code)
		refused(t, v, "rosa@example.com", code)
		_, err := w.Identify(t.Context(), v, "carla@example.com", code, "")
		check(t, err)
		refused(t, v, "carla@example.com", code)
	})
	t.Run("ErrForbidden after five guesses", func(t *testing.T) {
		v := w.visitor("shop")
		code := w.mailedCode(v, "five@example.com")
		wrong := "000000"
		if code == wrong {
			wrong = "000001"
		}
		for range 5 {
			refused(t, v, "five@example.com", wrong)
		}
		refused(t, v, "five@example.com", code)
	})
	t.Run("ErrForbidden too old, or replaced", func(t *testing.T) {
		v := w.visitor("shop")
		first := w.mailedCode(v, "old@example.com")
		second := w.mailedCode(v, "old@example.com")
		if first != second {
			refused(t, v, "old@example.com", first)
		}
		w.pass(11 * time.Minute)
		refused(t, v, "old@example.com", second)
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		wantField(t, w.AskCode(t.Context(), anonymous, "rosa", "", ""), desk.Invalid, "email")
		for _, code := range []string{"", "12345", "1234567", "12345a", "١٢٣"} {
			_, err := w.Identify(t.Context(), anonymous, "rosa@example.com", code, "")
			wantField(t, err, desk.Invalid, "code")
		}
	})
	t.Run("ErrLimited for a sender, and for an address, whoever asks", func(t *testing.T) {
		ask := func(from string) error {
			return w.AskCode(t.Context(), w.visitor("shop"), "many@example.com", "", from)
		}
		for from := range 4 {
			for range desk.CodesPerHour {
				check(t, ask(fmt.Sprint(from)))
			}
			wantCode(t, ask(fmt.Sprint(from)), desk.Limited)
		}
		wantCode(t, ask("another"), desk.Limited)
		w.pass(time.Hour)
		check(t, ask("another"))
		w.settle()
	})
	t.Run("ErrLimited guesses for a sender, and of an address, whoever guesses", func(t *testing.T) {
		w.pass(24 * time.Hour)
		ask := func() (desk.Visitor, string) {
			w.pass(15 * time.Minute)
			v := w.visitor("shop")
			return v, w.mailedCode(v, "guessed@example.com")
		}
		for range desk.GuessesADay / 5 {
			v, code := ask()
			for n := range 5 {
				_, err := w.Identify(t.Context(), v, "guessed@example.com", other(code, n), "thief")
				wantCode(t, err, desk.Forbidden)
			}
		}
		v, code := ask()
		_, err := w.Identify(t.Context(), v, "guessed@example.com", code, "thief")
		wantCode(t, err, desk.Limited)
		_, err = w.Identify(t.Context(), v, "guessed@example.com", code, "owner")
		check(t, err)
	})
	t.Run("ErrLimited guesses of an address, whoever guesses", func(t *testing.T) {
		all := desk.Quota{Of: "guesses of all@example.com", Most: 500, Within: 24 * time.Hour}
		for range all.Most {
			check(t, w.books.Count(t.Context(), all, w.clock()))
		}
		v := w.visitor("shop")
		_, err := w.Identify(t.Context(), v, "all@example.com", w.mailedCode(v, "all@example.com"), "another")
		wantCode(t, err, desk.Limited)
		w.pass(24 * time.Hour)
		w.known("shop", "all@example.com")
	})
	t.Run("OK no mail to who wants none, and the same answer", func(t *testing.T) {
		check(t, w.books.MarkAddress(t.Context(), desk.AddressMark{Address: "gone@example.com", Complaint: true, At: w.clock()}))
		before := len(w.allMails())
		check(t, w.AskCode(t.Context(), w.visitor("shop"), "gone@example.com", "", ""))
		w.settle()
		if len(w.allMails()) != before {
			t.Error("a mail went out")
		}
	})
	t.Run("OK in the visitor's language", func(t *testing.T) {
		for tag, want := range map[string]string{"pt-PT": "digite este código", "en-GB": "enter this code", "fr": "escribe este código"} {
			check(t, w.AskCode(t.Context(), w.visitor("shop"), tag+"@example.com", tag, ""))
			w.settle()
			mails := w.allMails()
			if last := mails[len(mails)-1]; !strings.Contains(last.Text, want) || sixDigits.MatchString(last.Subject) {
				t.Errorf("%s: %q, %q", tag, last.Subject, last.Text)
			}
		}
	})
}

// TestPortal: B84, B88, B108.
func TestPortal(t *testing.T) {
	w := newWorld(t)
	w.portal("shop", bothWays)
	rosa, otto := w.known("shop", "rosa@example.com"), w.who("otto")
	ask := desk.Inquiry{ClientID: "1", Subject: "Molino", Text: "Llegó roto"}
	page := desk.PageRequest{Limit: 50, Fresh: true}
	opened, err := w.OpenTicket(t.Context(), rosa, ask)
	check(t, err)
	n := opened.Number
	read := func(t *testing.T, v desk.Visitor) ([]string, error) {
		t.Helper()
		w.settle()
		got, err := w.VisitorTicket(t.Context(), v, n, page)
		texts := make([]string, len(got.Actions))
		for i, a := range got.Actions {
			texts[i] = a.Text
		}
		return texts, err
	}
	t.Run("OK opened once, and the desk's", func(t *testing.T) {
		again, err := w.OpenTicket(t.Context(), rosa, ask)
		check(t, err)
		ticket, err := w.books.Ticket(t.Context(), n)
		check(t, err)
		if again.Number != n || ticket.Requester != rosa.Contact || ticket.Type != desk.PublicTicket || ticket.Inbox != "shop" || ticket.Responsible != "" {
			t.Errorf("got %+v", ticket)
		}
	})
	t.Run("OK public actions only", func(t *testing.T) {
		w.act("otto", n, "Revisar con bodega", false)
		w.act("otto", n, "Le enviamos otro", true)
		got, err := read(t, rosa)
		check(t, err)
		if want := []string{"Llegó roto", "Le enviamos otro"}; !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	})
	t.Run("OK the responsible hears of an answer, and Cc", func(t *testing.T) {
		now, err := w.books.Ticket(t.Context(), n)
		check(t, err)
		responsible := desk.AgentID("ines")
		_, err = w.UpdateTicket(t.Context(), otto, n, desk.TicketPatch{Responsible: &responsible, CC: &[]string{"boss@example.com"}, Version: now.Version})
		check(t, err)
		w.settle()
		before := len(w.allMails())
		for range 2 {
			_, err = w.AnswerTicket(t.Context(), rosa, n, desk.NewAction{ClientID: "a", ActionText: desk.ActionText{Text: "Gracias, espero"}})
			check(t, err)
		}
		got, err := read(t, rosa)
		check(t, err)
		if len(got) != 3 || got[2] != "Gracias, espero" {
			t.Errorf("got %q", got)
		}
		told, _, err := w.Notifications(t.Context(), w.who("ines"), desk.PageRequest{Limit: 5})
		check(t, err)
		if told[0].Kind != desk.NotifyAction || told[0].Ticket != n || told[0].Text != "Gracias, espero" {
			t.Errorf("told %+v", told[0])
		}
		var to []string
		for _, m := range w.allMails()[before:] {
			to = append(to, m.To)
		}
		if !slices.Equal(to, []string{"boss@example.com"}) {
			t.Errorf("mailed to %q", to)
		}
	})
	set := func(t *testing.T, patch desk.TicketPatch) {
		t.Helper()
		now, err := w.books.Ticket(t.Context(), n)
		check(t, err)
		patch.Version = now.Version
		_, err = w.UpdateTicket(t.Context(), otto, n, patch)
		check(t, err)
	}
	t.Run("OK an answer reopens what is resolved", func(t *testing.T) {
		set(t, desk.TicketPatch{Status: new(desk.TicketResolved)})
		_, err := w.AnswerTicket(t.Context(), rosa, n, desk.NewAction{ClientID: "again", ActionText: desk.ActionText{Text: "Sigue roto"}})
		check(t, err)
		ticket, err := w.books.Ticket(t.Context(), n)
		check(t, err)
		history, _, err := w.TicketHistory(t.Context(), otto, n, desk.PageRequest{Limit: 1})
		check(t, err)
		if ticket.Status != desk.TicketInProgress || history[0].By.Kind != desk.ByCustomer || history[0].Action == "" {
			t.Errorf("status %s, history %+v", ticket.Status, history[0])
		}
	})
	t.Run("ErrConflict what is closed takes none", func(t *testing.T) {
		set(t, desk.TicketPatch{Status: new(desk.TicketClosed)})
		_, err := w.AnswerTicket(t.Context(), rosa, n, desk.NewAction{ClientID: "late", ActionText: desk.ActionText{Text: "¿Hola?"}})
		wantField(t, err, desk.Conflict, "status")
		set(t, desk.TicketPatch{Status: new(desk.TicketInProgress)})
	})
	t.Run("ErrForbidden anonymous, or not allowed", func(t *testing.T) {
		_, _, err := w.VisitorTickets(t.Context(), w.visitor("shop"), page)
		wantField(t, err, desk.Forbidden, "identity")
		_, err = w.OpenTicket(t.Context(), w.visitor("shop"), ask)
		wantField(t, err, desk.Forbidden, "identity")
		w.portal("shop", desk.Portal{Enabled: true})
		_, err = w.OpenTicket(t.Context(), rosa, desk.Inquiry{ClientID: "2", Subject: "x", Text: "y"})
		wantCode(t, err, desk.Forbidden)
		w.portal("shop", desk.Portal{})
		_, err = read(t, rosa)
		wantCode(t, err, desk.Forbidden)
		w.portal("shop", bothWays)
	})
	t.Run("ErrNotFound nobody else's, and nothing happens", func(t *testing.T) {
		carla := w.known("shop", "carla@example.com")
		before, err := w.books.Ticket(t.Context(), n)
		check(t, err)
		for _, number := range []int64{n, 99} {
			_, err := w.VisitorTicket(t.Context(), carla, number, page)
			wantCode(t, err, desk.NotFound)
			_, err = w.AnswerTicket(t.Context(), carla, number, desk.NewAction{ClientID: "x", ActionText: desk.ActionText{Text: "¿Y esto?"}})
			wantCode(t, err, desk.NotFound)
		}
		own, _, err := w.VisitorTickets(t.Context(), carla, page)
		check(t, err)
		after, err := w.books.Ticket(t.Context(), n)
		check(t, err)
		if len(own) != 0 || after.Version != before.Version {
			t.Errorf("she sees %+v, version %d -> %d", own, before.Version, after.Version)
		}
	})
	t.Run("ErrNotFound once it is internal, and back", func(t *testing.T) {
		set(t, desk.TicketPatch{Type: new(desk.InternalTicket)})
		_, err := read(t, rosa)
		wantCode(t, err, desk.NotFound)
		_, err = w.AnswerTicket(t.Context(), rosa, n, desk.NewAction{ClientID: "y", ActionText: desk.ActionText{Text: "¿Hola?"}})
		wantCode(t, err, desk.NotFound)
		own, _, err := w.VisitorTickets(t.Context(), rosa, page)
		check(t, err)
		if len(own) != 0 {
			t.Errorf("listed: %+v", own)
		}
		set(t, desk.TicketPatch{Type: new(desk.PublicTicket)})
		_, err = read(t, rosa)
		check(t, err)
	})
	t.Run("OK merged into another of hers", func(t *testing.T) {
		second, err := w.OpenTicket(t.Context(), rosa, desk.Inquiry{ClientID: "3", Subject: "Otra vez", Text: "Lo mismo"})
		check(t, err)
		_, err = w.MergeTickets(t.Context(), otto, second.Number, n)
		check(t, err)
		w.settle()
		got, err := w.VisitorTicket(t.Context(), rosa, second.Number, page)
		check(t, err)
		own, _, err := w.VisitorTickets(t.Context(), rosa, page)
		check(t, err)
		if got.Ticket.Number != n || len(own) != 1 || own[0].Number != n {
			t.Errorf("opens %d, lists %+v", got.Ticket.Number, own)
		}
	})
}

// TestPortalTimes: what only the desk does is not seen in the time of a customer's ticket.
func TestPortalTimes(t *testing.T) {
	w := newWorld(t)
	w.portal("shop", bothWays)
	rosa := w.known("shop", "rosa@example.com")
	opened, err := w.OpenTicket(t.Context(), rosa, desk.Inquiry{ClientID: "1", Subject: "Molino", Text: "Llegó roto"})
	check(t, err)
	told := func() time.Time {
		t.Helper()
		own, _, err := w.VisitorTickets(t.Context(), rosa, desk.PageRequest{Limit: 1})
		check(t, err)
		return own[0].ToldAt()
	}
	first := told()
	w.pass(time.Hour)
	w.act("otto", opened.Number, "Entre nosotros", false)
	if told() != first {
		t.Error("an internal action shows")
	}
	w.act("otto", opened.Number, "Para Rosa", true)
	if !told().After(first) {
		t.Error("a public action does not show")
	}
}

// TestTicketForm: B84, B102.
func TestTicketForm(t *testing.T) {
	w := newWorld(t)
	w.portal("shop", bothWays)
	rosa := w.known("shop", "rosa@example.com")
	settings := desk.DefaultTicketSettings()
	settings.Services = []desk.Choice{{ID: "repair", Name: "Repair"}, {ID: "old", Name: "Old", Archived: true}}
	_, err := w.SaveTicketSettings(t.Context(), w.who("ana"), settings)
	check(t, err)
	form, err := w.TicketForm(t.Context(), rosa)
	check(t, err)
	if !form.Open || !form.Subject || len(form.Services) != 1 || form.Services[0].ID != "repair" {
		t.Errorf("got %+v", form)
	}
	_, err = w.OpenTicket(t.Context(), rosa, desk.Inquiry{ClientID: "1", Subject: "Molino", Text: "Roto", Service: "old"})
	wantField(t, err, desk.Invalid, "service")
	_, err = w.OpenTicket(t.Context(), rosa, desk.Inquiry{ClientID: "1", Text: "Roto"})
	wantField(t, err, desk.Invalid, "subject")
	settings.Disabled = []desk.TicketField{desk.SubjectField, desk.ServiceField, desk.DescriptionField, desk.StatusField}
	_, err = w.SaveTicketSettings(t.Context(), w.who("ana"), settings)
	check(t, err)
	form, err = w.TicketForm(t.Context(), rosa)
	check(t, err)
	if form.Subject || len(form.Services) != 0 {
		t.Errorf("got %+v", form)
	}
	opened, err := w.OpenTicket(t.Context(), rosa, desk.Inquiry{ClientID: "2", Text: "Roto"})
	check(t, err)
	got, err := w.VisitorTicket(t.Context(), rosa, opened.Number, desk.PageRequest{Limit: 5})
	check(t, err)
	if len(got.Actions) != 1 || got.Actions[0].Text != "Roto" || got.Ticket.Status != "" {
		t.Errorf("got %+v", got)
	}
}
