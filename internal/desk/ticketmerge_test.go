package desk_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

func (w *world) stored(n int64) desk.Ticket {
	w.t.Helper()
	t, err := w.books.Ticket(w.t.Context(), n)
	check(w.t, err)
	return t
}

// TestRelations: B106.
func TestRelations(t *testing.T) {
	w := newWorld(t)
	a, b, c := w.ticket("otto", desk.TicketPatch{}).Number, w.ticket("otto", desk.TicketPatch{}).Number, w.ticket("otto", desk.TicketPatch{}).Number
	relate := func(who desk.AgentID, n int64, kind desk.RelationKind, other int64) error {
		_, err := w.RelateTickets(t.Context(), w.who(who), n, kind, other)
		return err
	}
	t.Run("on both", func(t *testing.T) {
		check(t, relate("ines", a, desk.ParentOf, b))
		check(t, relate("ines", a, desk.ParentOf, b))
		if got := w.stored(b).Relations; len(got) != 1 || got[0] != (desk.Relation{Kind: desk.ChildOf, Ticket: a}) {
			t.Fatalf("the child says %+v", got)
		}
		check(t, relate("ines", b, desk.Blocks, c))
	})
	t.Run("refused", func(t *testing.T) {
		wantField(t, relate("ines", a, desk.RelatedTo, a), desk.Invalid, "ticket")
		wantField(t, relate("ines", a, "twin", b), desk.Invalid, "kind")
		wantField(t, relate("ines", a, desk.RelatedTo, 99), desk.Invalid, "ticket")
		wantCode(t, relate("vera", a, desk.RelatedTo, c), desk.Forbidden)
		wantField(t, relate("ines", c, desk.ParentOf, a), desk.Conflict, "ticket")
		wantField(t, relate("ines", a, desk.BlockedBy, c), desk.Conflict, "ticket")
	})
	t.Run("another kind takes the place, and away again", func(t *testing.T) {
		check(t, relate("ines", a, desk.Duplicates, b))
		if got := w.stored(b).Relations[1]; got.Kind != desk.DuplicatedBy {
			t.Fatalf("got %+v", w.stored(b).Relations)
		}
		_, err := w.UnrelateTickets(t.Context(), w.who("ines"), b, a)
		check(t, err)
		if len(w.stored(a).Relations) != 0 || len(w.stored(b).Relations) != 1 {
			t.Fatalf("left %+v and %+v", w.stored(a).Relations, w.stored(b).Relations)
		}
		history, _, err := w.TicketHistory(t.Context(), w.who("vera"), a, desk.PageRequest{Limit: 9})
		check(t, err)
		if len(history) != 3 || history[2].Fields[0].To != "parent 2" || history[0].Trigger != desk.TriggerRelation {
			t.Fatalf("history %+v", history)
		}
	})
}

// TestDuplicate: B105.
func TestDuplicate(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	made, err := w.CreateTicket(t.Context(), w.who("otto"), desk.NewTicket{ClientID: "d", Subject: "Botas", Requester: w.contact("Rosa", ""), Description: "Rotas",
		Set: desk.TicketPatch{Priority: new(desk.ChoiceID("high")), Tags: &[]string{"red"}, Status: new(desk.TicketClosed)}})
	check(t, err)
	first, err := w.DuplicateTicket(t.Context(), w.who("ines"), made.Number, "copy")
	check(t, err)
	again, err := w.DuplicateTicket(t.Context(), w.who("ines"), made.Number, "copy")
	check(t, err)
	if again.Number != first.Number || first.Subject != "Botas" || first.Priority != "high" || first.Status != desk.TicketNew || first.Requester != made.Requester {
		t.Fatalf("made %+v, and %+v", first, again)
	}
	opened, err := w.Ticket(t.Context(), w.who("vera"), first.Number, desk.PageRequest{Fresh: true})
	check(t, err)
	if len(opened.Actions) != 1 || opened.Actions[0].Text != "Rotas" || len(w.stored(made.Number).Relations) != 1 {
		t.Fatalf("opened %+v", opened)
	}
	_, err = w.DuplicateTicket(t.Context(), w.who("vera"), made.Number, "x")
	wantCode(t, err, desk.Forbidden)
}

// TestMerge: B105: actions, links, addresses and conversations move; the merged one points to its heir and stays readable.
func TestMerge(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	c := w.begins("shop")
	_, from, err := w.Close(t.Context(), w.who("otto"), c.ID, desk.Closing{NewTicket: &desk.NewTicket{ClientID: "f", Subject: "Sandalias",
		Set: desk.TicketPatch{CC: &[]string{"boss@example.com"}, Tags: &[]string{"red"}}}})
	check(t, err)
	heir, other := w.ticket("otto", desk.TicketPatch{CC: &[]string{"tienda@example.com"}}), w.ticket("otto", desk.TicketPatch{})
	_, err = w.RelateTickets(t.Context(), w.who("otto"), from.Number, desk.Blocks, other.Number)
	check(t, err)
	w.act("otto", from.Number, "Sale el lunes", true)
	for i := range 30 {
		w.act("otto", from.Number, "nota "+strings.Repeat("x", i), false)
	}
	mails := len(w.mails("boss@example.com"))
	_, err = w.MergeTickets(t.Context(), w.who("vera"), from.Number, heir.Number)
	wantCode(t, err, desk.Forbidden)
	_, err = w.MergeTickets(t.Context(), w.who("otto"), from.Number, from.Number)
	wantField(t, err, desk.Invalid, "ticket")
	w.keepFacts()
	merged, err := w.MergeTickets(t.Context(), w.who("otto"), from.Number, heir.Number)
	check(t, err)
	w.settle()
	for _, f := range w.facts() {
		check(t, w.Relay(t.Context(), f))
	}
	w.settle()
	t.Run("refused after it", func(t *testing.T) {
		for _, err := range []error{
			func() error {
				_, err := w.MergeTickets(t.Context(), w.who("otto"), heir.Number, from.Number)
				return err
			}(),
			func() error {
				_, err := w.MergeTickets(t.Context(), w.who("otto"), from.Number, other.Number)
				return err
			}(),
			func() error {
				_, err := w.AddAction(t.Context(), w.who("otto"), from.Number, desk.NewAction{ClientID: "x", ActionText: desk.ActionText{Text: "x"}})
				return err
			}(),
			func() error {
				_, err := w.UpdateTicket(t.Context(), w.who("otto"), from.Number, desk.TicketPatch{Subject: new("x"), Version: merged.Version})
				return err
			}(),
		} {
			wantCode(t, err, desk.Conflict)
		}
	})
	t.Run("moved", func(t *testing.T) {
		got := w.stored(heir.Number)
		if strings.Join(got.CC, " ") != "tienda@example.com boss@example.com" || len(got.Tags) != 1 || len(got.Conversations) != 1 || len(got.Relations) != 1 {
			t.Fatalf("heir %+v", got)
		}
		if c := w.conversation(c.ID); c.Ticket != heir.Number {
			t.Fatalf("conversation %+v", c)
		}
		if r := w.stored(other.Number).Relations; len(r) != 1 || r[0] != (desk.Relation{Kind: desk.BlockedBy, Ticket: heir.Number}) {
			t.Fatalf("relations %+v", r)
		}
		actions, _, err := w.Actions(t.Context(), w.who("vera"), heir.Number, desk.AllActions, desk.PageRequest{Limit: 100})
		check(t, err)
		if len(actions) != 32 || actions[0].MovedFrom != from.Number || actions[1].Public {
			t.Fatalf("%d actions, %+v", len(actions), actions[:2])
		}
		if len(w.mails("boss@example.com")) != mails || len(w.mails("tienda@example.com")) != 0 {
			t.Error("a moved action was sent again")
		}
	})
	t.Run("readable, in no list and not found", func(t *testing.T) {
		opened, err := w.Ticket(t.Context(), w.who("vera"), from.Number, desk.PageRequest{Fresh: true})
		check(t, err)
		if opened.Ticket.MergedInto != heir.Number || len(opened.Actions) != 0 {
			t.Fatalf("opened %+v", opened)
		}
		found, err := w.SearchTickets(t.Context(), w.who("vera"), "lunes", 20)
		check(t, err)
		if len(found) != 1 || found[0].Number != heir.Number {
			t.Fatalf("found %+v", found)
		}
	})
}

// TestDelete: B105.
func TestDelete(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	c := w.begins("shop")
	_, ticket, err := w.Close(t.Context(), w.who("otto"), c.ID, desk.Closing{NewTicket: &desk.NewTicket{ClientID: "f", Subject: "Sandalias"}})
	check(t, err)
	other := w.ticket("otto", desk.TicketPatch{})
	_, err = w.RelateTickets(t.Context(), w.who("otto"), ticket.Number, desk.ParentOf, other.Number)
	check(t, err)
	w.act("otto", ticket.Number, "cualquiera", false)
	wantCode(t, w.DeleteTicket(t.Context(), w.who("otto"), ticket.Number), desk.Forbidden)
	check(t, w.DeleteTicket(t.Context(), w.who("ana"), ticket.Number))
	w.settle()
	_, err = w.Ticket(t.Context(), w.who("ana"), ticket.Number, desk.PageRequest{Fresh: true})
	wantCode(t, err, desk.NotFound)
	wantCode(t, w.DeleteTicket(t.Context(), w.who("ana"), ticket.Number), desk.NotFound)
	if c := w.conversation(c.ID); c.Ticket != 0 || len(w.stored(other.Number).Relations) != 0 {
		t.Fatalf("still linked: %+v", c)
	}
	_, err = w.LinkTicket(t.Context(), w.who("otto"), w.begins("shop").ID, ticket.Number)
	wantCode(t, err, desk.Invalid)
	for _, word := range []string{"sandalias", "cualquiera"} {
		found, err := w.SearchTickets(t.Context(), w.who("vera"), word, 20)
		check(t, err)
		if len(found) != 0 {
			t.Errorf("%s finds %+v", word, found)
		}
	}
	of, _, err := w.TicketsOf(t.Context(), w.who("vera"), c.Contact, desk.PageRequest{Limit: 9})
	check(t, err)
	if len(of) != 0 {
		t.Errorf("the contact has %+v", of)
	}
}

// A mail that a public action set off goes out, though its ticket was merged before the job came to it.
func TestMailOfMovedAction(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	from, heir := w.ticket("otto", desk.TicketPatch{}), w.ticket("otto", desk.TicketPatch{})
	a := w.act("otto", from.Number, "Sale el lunes", true)
	_, err := w.MergeTickets(t.Context(), w.who("otto"), from.Number, heir.Number)
	check(t, err)
	w.settle()
	job := desk.TranscriptJob{Account: account, Ticket: from.Number, Action: a.ID, To: "late@example.com"}
	for range 2 {
		check(t, w.SendTranscript(t.Context(), job))
	}
	if got := w.mails("late@example.com"); len(got) != 1 {
		t.Errorf("%d mails", len(got))
	}
	if got := w.effects(heir.Number, a.ID); !strings.Contains(got, "late@example.com") {
		t.Errorf("the action tells %q", got)
	}
}

// While relay brings the actions of an unmerged ticket home, a mail of one waits, and a repeat of the request that made it is
// not taken for another request.
func TestMailAmidUnmerge(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	from, heir := w.ticket("otto", desk.TicketPatch{}), w.ticket("otto", desk.TicketPatch{})
	ask := desk.NewAction{ClientID: "once", ActionText: desk.ActionText{Text: "Sale el lunes"}, Public: true}
	a, err := w.AddAction(t.Context(), w.who("otto"), from.Number, ask)
	check(t, err)
	w.settle()
	w.merges(from.Number, heir.Number)
	w.settle()
	w.unmerges(from.Number)
	job := desk.TranscriptJob{Account: account, Ticket: from.Number, Action: a.ID, To: "late@example.com"}
	wantCode(t, w.SendTranscript(t.Context(), job), desk.Unavailable)
	_, err = w.AddAction(t.Context(), w.who("otto"), from.Number, ask)
	wantCode(t, err, desk.Unavailable)
	w.settle()
	check(t, w.SendTranscript(t.Context(), job))
	if got := w.mails("late@example.com"); len(got) != 1 {
		t.Errorf("%d mails", len(got))
	}
	again, err := w.AddAction(t.Context(), w.who("otto"), from.Number, ask)
	check(t, err)
	if again.ID != a.ID {
		t.Errorf("the repeat made %s, and %s is there", again.ID, a.ID)
	}
}

// A chain of merges ends at the ticket that stands, in whichever order relay hears of them.
func TestMerge_Chain(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	a, b, c := w.ticket("otto", desk.TicketPatch{}), w.ticket("otto", desk.TicketPatch{}), w.ticket("otto", desk.TicketPatch{})
	w.act("otto", a.Number, "de la primera", false)
	w.act("otto", b.Number, "de la segunda", false)
	w.settle()
	w.keepFacts()
	_, err := w.MergeTickets(t.Context(), w.who("otto"), a.Number, b.Number)
	check(t, err)
	_, err = w.MergeTickets(t.Context(), w.who("otto"), b.Number, c.Number)
	check(t, err)
	w.settle()
	for _, f := range slices.Backward(w.facts()) {
		check(t, w.Relay(t.Context(), f))
	}
	w.settle()
	actions, _, err := w.Actions(t.Context(), w.who("vera"), c.Number, desk.AllActions, desk.PageRequest{Limit: 100})
	check(t, err)
	if len(actions) != 2 {
		t.Fatalf("the heir has %+v", actions)
	}
}

// A conversation whose ticket was deleted can be closed with another one, and the link taken back (B105).
func TestDelete_Linked(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	deleted := func(request string) *desk.Conversation {
		c, err := w.LinkNewTicket(t.Context(), w.who("otto"), w.begins("shop").ID, desk.NewTicket{ClientID: request, Subject: "Botas"})
		check(t, err)
		w.settle()
		ticket := w.stored(c.Ticket)
		ticket.Conversations = nil // as if relay had not come to unlink it
		check(t, w.books.SaveTicket(t.Context(), desk.TicketSave{Ticket: ticket}))
		check(t, w.DeleteTicket(t.Context(), w.who("ana"), c.Ticket))
		w.settle()
		return w.conversation(c.ID)
	}
	c := deleted("1")
	if c.Ticket == 0 {
		t.Fatal("unlinked already")
	}
	c, err := w.UnlinkTicket(t.Context(), w.who("otto"), c.ID)
	check(t, err)
	if c.Ticket != 0 {
		t.Fatalf("still linked: %d", c.Ticket)
	}
	closed, ticket, err := w.Close(t.Context(), w.who("otto"), deleted("2").ID, desk.Closing{NewTicket: &desk.NewTicket{ClientID: "m", Subject: "Botas"}})
	check(t, err)
	if closed.Ticket != ticket.Number {
		t.Fatalf("closed with %d, not %d", closed.Ticket, ticket.Number)
	}
}

// Where every conversation has a ticket, one whose ticket was deleted or unlinked closes with a new one (B83, B105).
func TestClose_AutomaticAgain(t *testing.T) {
	w := newWorld(t)
	settings, err := w.Settings(t.Context(), account)
	check(t, err)
	inbox := settings.Inboxes["shop"]
	inbox.TicketPolicy = desk.TicketAutomatic
	check(t, w.SaveSetting(t.Context(), w.who("ana"), inbox))
	for name, loses := range map[string]func(c *desk.Conversation){
		"deleted":  func(c *desk.Conversation) { check(t, w.DeleteTicket(t.Context(), w.who("ana"), c.Ticket)) },
		"unlinked": func(c *desk.Conversation) { _, err := w.UnlinkTicket(t.Context(), w.who("otto"), c.ID); check(t, err) },
	} {
		t.Run(name, func(t *testing.T) {
			c := w.begins("shop")
			w.settle()
			c = w.conversation(c.ID)
			if c.Ticket == 0 {
				t.Fatal("it has no ticket")
			}
			loses(c)
			w.settle()
			closed, ticket, err := w.Close(t.Context(), w.who("otto"), c.ID, desk.Closing{})
			check(t, err)
			w.settle()
			if ticket == nil || closed.Ticket == 0 || closed.Ticket == c.Ticket || ticket.Number != closed.Ticket || ticket.CreatedBy.Kind != desk.BySystem {
				t.Fatalf("closed with %d, before %d: %+v", closed.Ticket, c.Ticket, ticket)
			}
			if got := w.said(closed.Ticket); got != "history!" {
				t.Fatalf("it has %q", got)
			}
		})
	}
}
