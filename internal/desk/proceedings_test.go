package desk_test

import (
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/local"
)

func (w *world) act(who desk.AgentID, n int64, text string, public bool) desk.TicketAction {
	w.t.Helper()
	a, err := w.AddAction(w.t.Context(), w.who(who), n, desk.NewAction{ClientID: desk.NewID(w.clock()), ActionText: desk.ActionText{Text: text}, Public: public})
	check(w.t, err)
	w.settle()
	return a
}

func (w *world) effects(n int64, id string) string {
	w.t.Helper()
	a, err := w.books.Action(w.t.Context(), n, id)
	check(w.t, err)
	return strings.Join(a.Effects, "; ")
}

// mails gives the texts of what was mailed to an address.
func (w *world) mails(to string) []local.StoredMail {
	w.t.Helper()
	all, err := w.mailer.Mails(w.t.Context())
	check(w.t, err)
	var found []local.StoredMail
	for _, m := range all {
		if m.To == to {
			found = append(found, m)
		}
	}
	return found
}

func TestActions(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	internal := w.ticket("otto", desk.TicketPatch{Type: ptr(desk.InternalTicket), CC: &[]string{"boss@example.com"}})
	t.Run("B89 a public action on an internal ticket", func(t *testing.T) {
		_, err := w.AddAction(t.Context(), w.who("otto"), internal.Number, desk.NewAction{ClientID: "p", ActionText: desk.ActionText{Text: "hola"}, Public: true})
		wantField(t, err, desk.Conflict, "public")
		w.act("otto", internal.Number, "hm", false)
		if len(w.mails("boss@example.com")) != 0 {
			t.Fatal("an internal action left the desk")
		}
	})
	t.Run("B90 public again, and it takes both", func(t *testing.T) {
		now, err := w.books.Ticket(t.Context(), internal.Number)
		check(t, err)
		_, err = w.UpdateTicket(t.Context(), w.who("otto"), internal.Number, desk.TicketPatch{Type: ptr(desk.PublicTicket), Version: now.Version})
		check(t, err)
		w.act("otto", internal.Number, "hola", true)
	})
	t.Run("B108 the responsible is notified of every action, not of his own", func(t *testing.T) {
		ticket := w.ticket("otto", desk.TicketPatch{})
		own := w.act("otto", ticket.Number, "mine", false)
		a := w.act("ines", ticket.Number, "Called the carrier.\nNobody there.", false)
		notes, _, err := w.books.Notifications(t.Context(), "otto", desk.PageRequest{Limit: 10})
		check(t, err)
		var found int
		for _, n := range notes {
			if n.ID == own.ID {
				t.Error("notified of his own")
			}
			if n.ID == a.ID && n.Ticket == ticket.Number && n.Kind == desk.NotifyAction && n.Text == "Called the carrier." {
				found++
			}
		}
		if found != 1 || w.effects(ticket.Number, a.ID) != "notified otto" {
			t.Fatalf("notes %+v, effects %q", notes, w.effects(ticket.Number, a.ID))
		}
	})
	t.Run("B112 edited by its author or an operator, B109 the earlier text in the history", func(t *testing.T) {
		ticket := w.ticket("otto", desk.TicketPatch{})
		a := w.act("ines", ticket.Number, "Caled.", false)
		_, err := w.EditAction(t.Context(), w.who("luis"), ticket.Number, a.ID, desk.ActionPatch{ActionText: desk.ActionText{Text: "x"}})
		wantCode(t, err, desk.Forbidden)
		_, err = w.EditAction(t.Context(), w.who("vera"), ticket.Number, a.ID, desk.ActionPatch{ActionText: desk.ActionText{Text: "x"}})
		wantCode(t, err, desk.Forbidden)
		_, err = w.EditAction(t.Context(), w.who("ines"), ticket.Number, "nothing", desk.ActionPatch{ActionText: desk.ActionText{Text: "x"}})
		wantCode(t, err, desk.NotFound)
		for _, edit := range []struct {
			who     desk.AgentID
			text    string
			version int
		}{{"ines", "Called.", 0}, {"ines", "Called.", 1}, {"otto", "Called twice.", 1}} {
			a, err = w.EditAction(t.Context(), w.who(edit.who), ticket.Number, a.ID, desk.ActionPatch{ActionText: desk.ActionText{Text: edit.text}, Version: edit.version})
			check(t, err)
		}
		before := w.stored(ticket.Number)
		_, err = w.EditAction(t.Context(), w.who("otto"), ticket.Number, a.ID, desk.ActionPatch{ActionText: desk.ActionText{Text: "x"}, Version: 1})
		wantField(t, err, desk.Conflict, "version")
		if got, err := w.books.Action(t.Context(), ticket.Number, a.ID); err != nil || got.Text != "Called twice." || got.Version != 2 || a.Version != 2 ||
			w.stored(ticket.Number).Version != before.Version {
			t.Fatalf("a refused edit changed %+v, %v", got, err)
		}
		history, _, err := w.TicketHistory(t.Context(), w.who("vera"), ticket.Number, desk.PageRequest{Limit: 10})
		check(t, err)
		if len(history) != 2 || history[0].By.ID != "otto" || history[0].Fields[0] != (desk.FieldChange{Field: "text", From: "Called.", To: "Called twice."}) ||
			history[1].Fields[0].From != "Caled." || history[1].Trigger != desk.TriggerAction || history[1].Action != a.ID {
			t.Fatalf("history %+v", history)
		}
	})
	t.Run("B112 rich text is cleaned, and its plain text derived", func(t *testing.T) {
		ticket := w.ticket("otto", desk.TicketPatch{CC: &[]string{"rich@example.com"}})
		said := desk.ActionText{HTML: `<p onclick="x">It is <strong>urgent</strong></p><script>x</script>`}
		a, err := w.AddAction(t.Context(), w.who("otto"), ticket.Number, desk.NewAction{ClientID: "rich", ActionText: said, Public: true})
		check(t, err)
		w.settle()
		if a.Text != "It is urgent" || a.HTML != "<p>It is <strong>urgent</strong></p>" {
			t.Fatalf("%q, %q", a.Text, a.HTML)
		}
		if mails := w.mails("rich@example.com"); len(mails) != 1 || !strings.Contains(mails[0].HTML, a.HTML) || !strings.Contains(mails[0].Text, a.Text) {
			t.Fatalf("mails %+v", mails)
		}
		a, err = w.EditAction(t.Context(), w.who("otto"), ticket.Number, a.ID, desk.ActionPatch{ActionText: desk.ActionText{Text: "It is urgent"}})
		check(t, err)
		if history, _, err := w.TicketHistory(t.Context(), w.who("vera"), ticket.Number, desk.PageRequest{Limit: 10}); err != nil || a.HTML != "" || len(history) != 0 {
			t.Fatalf("its look is no text: %q, %+v, %v", a.HTML, history, err)
		}
		_, err = w.EditAction(t.Context(), w.who("otto"), ticket.Number, a.ID, desk.ActionPatch{ActionText: desk.ActionText{HTML: "<p> </p>"}, Version: 1})
		wantField(t, err, desk.Invalid, "text")
	})
	t.Run("B109 public and internal apart", func(t *testing.T) {
		ticket := w.ticket("otto", desk.TicketPatch{})
		w.act("otto", ticket.Number, "for all", true)
		w.act("otto", ticket.Number, "for us", false)
		for filter, want := range map[desk.ActionFilter]string{desk.PublicActions: "for all", desk.InternalActions: "for us", desk.AllActions: "for allfor us"} {
			actions, next, err := w.Actions(t.Context(), w.who("vera"), ticket.Number, filter, desk.PageRequest{Limit: 50})
			check(t, err)
			var got string
			for _, a := range actions {
				got += a.Text
			}
			if got != want || next != "" {
				t.Errorf("%q shows %q", filter, got)
			}
		}
	})
	t.Run("B109, B30 the history of a conversation is public, and internal for its notes", func(t *testing.T) {
		c := w.begins("web")
		_, ticket, err := w.Close(t.Context(), w.who("ines"), c.ID, desk.Closing{NewTicket: &desk.NewTicket{ClientID: "noted", Subject: "Botas"}})
		check(t, err)
		w.settle()
		w.act("otto", ticket.Number, "for all", true)
		for filter, want := range map[desk.ActionFilter]int{desk.PublicActions: 2, desk.InternalActions: 1, desk.AllActions: 2} {
			actions, _, err := w.Actions(t.Context(), w.who("vera"), ticket.Number, filter, desk.PageRequest{Limit: 50})
			check(t, err)
			if len(actions) != want || actions[0].Kind != desk.HistoryAction || !actions[0].Public {
				t.Errorf("%q shows %+v", filter, actions)
			}
		}
	})
	t.Run("B109 every field with who, from and to", func(t *testing.T) {
		ticket := w.ticket("otto", desk.TicketPatch{Priority: ptr(desk.ChoiceID("low"))})
		_, err := w.UpdateTicket(t.Context(), w.who("ines"), ticket.Number, desk.TicketPatch{
			Version: ticket.Version, Priority: ptr(desk.ChoiceID("vip")), Status: ptr(desk.TicketPending), Tags: &[]string{"a", "b"}, Subject: ptr("Botas"),
			Responsible: ptr(desk.AgentID("luis")),
		})
		check(t, err)
		history, _, err := w.TicketHistory(t.Context(), w.who("vera"), ticket.Number, desk.PageRequest{Limit: 10})
		check(t, err)
		want := []desk.FieldChange{{"subject", "Zapatos", "Botas"}, {"status", "new", "pending"}, {"priority", "low", "vip"}, {"responsible", "otto", "luis"}, {"tags", "", "a, b"}}
		if len(history) != 1 || history[0].By.ID != "ines" || history[0].Trigger != desk.TriggerEdit || len(history[0].Fields) != len(want) {
			t.Fatalf("history %+v", history)
		}
		for i, f := range want {
			if history[0].Fields[i] != f {
				t.Errorf("field %d: %+v, want %+v", i, history[0].Fields[i], f)
			}
		}
		w.settle()
		notes, _, err := w.books.Notifications(t.Context(), "luis", desk.PageRequest{Limit: 10})
		check(t, err)
		if len(notes) == 0 || notes[0].Kind != desk.NotifyResponsible || notes[0].Ticket != ticket.Number {
			t.Errorf("B99: the new responsible was told %+v", notes)
		}
	})
}

// TestPublicActionsReachTheRequester: B88, B100, and that nothing internal leaves.
func TestPublicActionsReachTheRequester(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	t.Run("by e-mail, and Cc, once", func(t *testing.T) {
		ticket := w.ticket("otto", desk.TicketPatch{CC: &[]string{"boss@example.com"}})
		w.keepFacts()
		a := w.act("otto", ticket.Number, "Sale hoy.", true)
		w.act("otto", ticket.Number, "secreto", false)
		for _, f := range w.facts() { // every fact again, as a crash would
			check(t, w.Relay(t.Context(), f))
		}
		w.settle()
		for _, to := range []string{"rosa@example.com", "boss@example.com"} {
			mails := w.mails(to)
			if len(mails) != 1 || !strings.Contains(mails[0].Text, "Sale hoy.") || !strings.Contains(mails[0].Subject, "Zapatos") {
				t.Errorf("%s got %+v", to, mails)
			}
		}
		if got := w.effects(ticket.Number, a.ID); got != "mail boss@example.com; mail rosa@example.com" {
			t.Errorf("B111: effects %q", got)
		}
	})
	t.Run("in the conversation, also a closed one", func(t *testing.T) {
		c := w.begins("shop")
		_, ticket, err := w.Close(t.Context(), w.who("otto"), c.ID, desk.Closing{NewTicket: &desk.NewTicket{ClientID: "t", Subject: "Pedido"}})
		check(t, err)
		a := w.act("otto", ticket.Number, "Llega mañana.", true)
		w.act("otto", ticket.Number, "secreto", false)
		texts := strings.Join(w.texts(c.ID, desk.MessageText), "|")
		if !strings.Contains(texts, "Llega mañana.") || strings.Contains(texts, "secreto") {
			t.Errorf("the customer reads %s", texts)
		}
		if got := w.effects(ticket.Number, a.ID); got != "reply "+string(c.ID) {
			t.Errorf("effects %q", got)
		}
	})
	t.Run("no mail to an address that wants none", func(t *testing.T) {
		ticket := w.ticket("otto", desk.TicketPatch{CC: &[]string{"gone@example.com"}})
		check(t, w.books.MarkAddress(t.Context(), desk.AddressMark{Address: "gone@example.com", At: w.clock()}))
		a := w.act("otto", ticket.Number, "hola", true)
		if got := w.effects(ticket.Number, a.ID); got != "mail rosa@example.com; no_mail gone@example.com" || len(w.mails("gone@example.com")) != 0 {
			t.Errorf("effects %q", got)
		}
	})
}
