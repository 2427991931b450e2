package desk_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

func (w *world) merges(n, into int64) {
	w.t.Helper()
	_, err := w.MergeTickets(w.t.Context(), w.who("otto"), n, into)
	check(w.t, err)
}

func (w *world) unmerges(n int64) desk.Ticket {
	w.t.Helper()
	t, err := w.UnmergeTicket(w.t.Context(), w.who("ines"), n)
	check(w.t, err)
	return t
}

// again relays every kept fact once more, as a stream does whose batch failed: it must change nothing.
func (w *world) again() {
	w.t.Helper()
	w.settle()
	for _, f := range w.facts() {
		check(w.t, w.Relay(w.t.Context(), f))
	}
	w.settle()
}

// backwards relays every kept fact once more, the last one first, as different shards may.
func (w *world) backwards() {
	w.t.Helper()
	w.settle()
	for _, f := range slices.Backward(w.facts()) {
		check(w.t, w.Relay(w.t.Context(), f))
	}
	w.settle()
}

// said gives the texts of a ticket's actions, oldest first; the public ones end in a bang.
func (w *world) said(n int64) string {
	w.t.Helper()
	actions, _, err := w.books.Actions(w.t.Context(), n, desk.PageRequest{Limit: 100, Fresh: true})
	check(w.t, err)
	var texts []string
	for _, a := range actions {
		text := a.Text
		if a.Kind == desk.HistoryAction {
			text = "history"
		}
		if a.Public {
			text += "!"
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, " ")
}

func (w *world) finds(word string) []int64 {
	w.t.Helper()
	found, err := w.SearchTickets(w.t.Context(), w.who("vera"), word, 20)
	check(w.t, err)
	var numbers []int64
	for _, t := range found {
		numbers = append(numbers, t.Number)
	}
	slices.Sort(numbers)
	return numbers
}

// TestUnmerge: B105: what the heir got by a merge and still has goes back, what came to it since stays.
func TestUnmerge(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	c := w.begins("shop")
	_, from, err := w.Close(t.Context(), w.who("otto"), c.ID, desk.Closing{NewTicket: &desk.NewTicket{ClientID: "f", Subject: "Sandalias",
		Set: desk.TicketPatch{CC: &[]string{"boss@example.com", "both@example.com", "dropped@example.com"}, Tags: &[]string{"red"}}}})
	check(t, err)
	heir, other := w.ticket("otto", desk.TicketPatch{CC: &[]string{"both@example.com"}}), w.ticket("otto", desk.TicketPatch{})
	for _, related := range []struct {
		kind desk.RelationKind
		to   int64
	}{{desk.Blocks, other.Number}, {desk.RelatedTo, heir.Number}} {
		_, err = w.RelateTickets(t.Context(), w.who("otto"), from.Number, related.kind, related.to)
		check(t, err)
	}
	w.patches(from.Number, desk.TicketPatch{Status: ptr(desk.TicketPending), Justification: ptr(desk.ChoiceID("carrier"))})
	w.act("ines", from.Number, "lunes unicornio", true)
	w.act("otto", heir.Number, "lunes martes", false)
	was := w.stored(from.Number)
	mails, notes := len(w.mails("boss@example.com")), w.notified("otto", desk.NotifyAction)
	w.keepFacts()
	toldMoved := func() {
		t.Helper()
		for _, n := range []int64{from.Number, heir.Number} {
			if news := w.ticketNews(n); len(news) == 0 || news[len(news)-1] != (desk.TicketNews{Number: n, Action: "moved"}) {
				t.Errorf("who reads ticket %d is not told that actions moved since: %+v", n, news)
			}
		}
	}
	w.merges(from.Number, heir.Number)
	w.settle()
	toldMoved()
	w.act("otto", heir.Number, "since", false)
	w.patches(heir.Number, desk.TicketPatch{CC: &[]string{"both@example.com", "boss@example.com", "late@example.com"}})
	if got := w.said(heir.Number); got != "history lunes unicornio lunes martes since" {
		t.Fatalf("merged, the heir has %q", got)
	}

	w.unmerges(from.Number)
	w.settle()
	toldMoved()
	holds := func(t *testing.T) {
		got := w.stored(from.Number)
		if got.MergedInto != 0 || got.Status != desk.TicketPending || got.Justification != "carrier" || !got.StatusAt.Equal(was.StatusAt) ||
			!slices.Equal(got.CC, was.CC) || !slices.Equal(got.Tags, was.Tags) || !slices.Equal(got.Conversations, was.Conversations) ||
			!slices.Equal(got.Relations, was.Relations) {
			t.Errorf("the ticket is %+v, it was %+v", got, was)
		}
		got = w.stored(heir.Number)
		if strings.Join(got.CC, " ") != "both@example.com late@example.com" || len(got.Tags) != 0 || len(got.Conversations) != 0 ||
			!slices.Equal(got.Relations, []desk.Relation{{Kind: desk.RelatedTo, Ticket: from.Number}}) {
			t.Errorf("the heir is %+v", got)
		}
		if r := w.stored(other.Number).Relations; len(r) != 1 || r[0] != (desk.Relation{Kind: desk.BlockedBy, Ticket: from.Number}) {
			t.Errorf("the third has %+v", r)
		}
		if c := w.conversation(c.ID); c.Ticket != from.Number {
			t.Errorf("the conversation is linked to %d", c.Ticket)
		}
		if own, heirs := w.said(from.Number), w.said(heir.Number); own != "history! lunes unicornio!" || heirs != "lunes martes since" {
			t.Errorf("the ticket has %q, its heir %q", own, heirs)
		}
		listed, _, err := w.Tickets(t.Context(), w.who("vera"), desk.TicketList{Status: desk.TicketPending, Page: desk.PageRequest{Limit: 9}})
		check(t, err)
		if len(listed) != 1 || listed[0].Number != from.Number {
			t.Errorf("listed %+v", listed)
		}
		for word, want := range map[string][]int64{
			"sandalias": {from.Number}, "lunes": {from.Number, heir.Number}, "unicornio": {from.Number},
			"martes": {heir.Number}, "since": {heir.Number},
		} {
			if got := w.finds(word); !slices.Equal(got, want) {
				t.Errorf("%s finds %v, want %v", word, got, want)
			}
		}
		if m, n := len(w.mails("boss@example.com")), w.notified("otto", desk.NotifyAction); m != mails || n != notes {
			t.Errorf("%d mails and %d notifications, before it %d and %d", m, n, mails, notes)
		}
	}
	t.Run("as it was", holds)
	w.again()
	t.Run("though relay hears all of it again", holds)
	t.Run("the histories of both say it", func(t *testing.T) {
		for n, want := range map[int64]desk.FieldChange{
			from.Number: {Field: "merged_into", From: "2"}, heir.Number: {Field: "merged_from", From: "1"},
		} {
			history, _, err := w.TicketHistory(t.Context(), w.who("vera"), n, desk.PageRequest{Limit: 9})
			check(t, err)
			if history[0].Trigger != desk.TriggerUnmerge || history[0].By.ID != "ines" || !slices.Contains(history[0].Fields, want) {
				t.Errorf("ticket %d says %+v", n, history[0])
			}
		}
	})
	t.Run("it takes actions again, and can be merged again", func(t *testing.T) {
		w.act("otto", from.Number, "nota", false)
		w.merges(from.Number, other.Number)
		w.settle()
		if got := w.said(other.Number); got != "history lunes unicornio nota" {
			t.Errorf("the new heir has %q", got)
		}
		w.unmerges(from.Number)
		w.settle()
		if got := w.said(from.Number); got != "history! lunes unicornio! nota" {
			t.Errorf("it has %q", got)
		}
	})
}

// TestUnmerge_Refused: what cannot be taken back is refused with code and field, and nothing changes.
func TestUnmerge_Refused(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	a, b, c := w.ticket("otto", desk.TicketPatch{}).Number, w.ticket("otto", desk.TicketPatch{}).Number, w.ticket("otto", desk.TicketPatch{}).Number
	w.merges(a, b)
	w.merges(b, c)
	w.settle()
	before := []desk.Ticket{w.stored(a), w.stored(b), w.stored(c)}
	for _, refused := range []struct {
		name  string
		who   desk.AgentID
		n     int64
		code  desk.Code
		field string
	}{
		{"ErrForbidden", "vera", b, desk.Forbidden, "role"},
		{"ErrNotFound", "otto", 99, desk.NotFound, ""},
		{"ErrNotMerged", "otto", c, desk.Conflict, "merged_into"},
		{"ErrHeirMerged", "otto", a, desk.Conflict, "merged_into"},
	} {
		t.Run(refused.name, func(t *testing.T) {
			_, err := w.UnmergeTicket(t.Context(), w.who(refused.who), refused.n)
			wantField(t, err, refused.code, refused.field)
		})
	}
	for _, was := range before {
		if now := w.stored(was.Number); now.Version != was.Version {
			t.Errorf("a refusal changed %+v", now)
		}
	}
}

// A chain of merges is taken back link by link, in whichever order relay hears of it.
func TestUnmerge_Chain(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	talk := w.begins("shop")
	linked, err := w.LinkNewTicket(t.Context(), w.who("otto"), talk.ID, desk.NewTicket{ClientID: "f", Subject: "Botas"})
	check(t, err)
	a, b, c := linked.Ticket, w.ticket("otto", desk.TicketPatch{}).Number, w.ticket("otto", desk.TicketPatch{}).Number
	for n, text := range map[int64]string{a: "first", b: "second", c: "third"} {
		w.act("otto", n, text, true)
	}
	w.keepFacts()
	w.merges(a, b)
	w.merges(b, c)
	w.settle()
	if got := len(strings.Fields(w.said(c))); got != 3 {
		t.Fatalf("the last has %q", w.said(c))
	}
	w.unmerges(b)
	w.settle()
	if got := w.said(b); !strings.Contains(got, "first") || strings.Contains(got, "first!") || !strings.Contains(got, "second!") || w.said(c) != "third!" {
		t.Fatalf("the second has %q, the third %q", got, w.said(c))
	}
	if now := w.conversation(talk.ID); now.Ticket != b {
		t.Fatalf("the conversation is linked to %d", now.Ticket)
	}
	w.unmerges(a)
	w.backwards()
	if got := []string{w.said(a), w.said(b), w.said(c)}; !slices.Equal(got, []string{"first!", "second!", "third!"}) {
		t.Fatalf("they have %q", got)
	}
	if now := w.conversation(talk.ID); now.Ticket != a {
		t.Fatalf("the conversation is linked to %d", now.Ticket)
	}
}

// Merges and unmerges that relay has not heard of yet end where they ought to.
func TestUnmerge_RelayLate(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	a, b, c := w.ticket("otto", desk.TicketPatch{}).Number, w.ticket("otto", desk.TicketPatch{}).Number, w.ticket("otto", desk.TicketPatch{}).Number
	_, err := w.RelateTickets(t.Context(), w.who("otto"), a, desk.ParentOf, c)
	check(t, err)
	w.act("otto", a, "first", false)
	w.keepFacts()
	for range 3 {
		w.merges(a, b)
		w.unmerges(a)
	}
	w.merges(a, b)
	w.merges(b, c)
	w.unmerges(b)
	w.unmerges(a)
	w.backwards()
	if got := []string{w.said(a), w.said(b), w.said(c)}; !slices.Equal(got, []string{"first", "", ""}) {
		t.Fatalf("they have %q", got)
	}
	if got := w.stored(c).Relations; !slices.Equal(got, []desk.Relation{{Kind: desk.ChildOf, Ticket: a}}) {
		t.Fatalf("the third has %+v", got)
	}
}

// A merged ticket whose heir was deleted stays readable and can be unmerged; what went with the heir does not come back.
func TestUnmerge_HeirDeleted(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	from, heir := w.ticket("otto", desk.TicketPatch{CC: &[]string{"boss@example.com"}}), w.ticket("otto", desk.TicketPatch{})
	_, err := w.RelateTickets(t.Context(), w.who("otto"), from.Number, desk.Blocks, w.ticket("otto", desk.TicketPatch{}).Number)
	check(t, err)
	w.act("otto", from.Number, "lunes", true)
	w.merges(from.Number, heir.Number)
	w.settle()
	check(t, w.DeleteTicket(t.Context(), w.who("ana"), heir.Number))
	w.settle()
	opened, err := w.Ticket(t.Context(), w.who("vera"), from.Number, desk.PageRequest{Fresh: true})
	check(t, err)
	if opened.Ticket.MergedInto != heir.Number {
		t.Fatalf("opened %+v", opened.Ticket)
	}
	w.unmerges(from.Number)
	w.settle()
	got := w.stored(from.Number)
	if got.MergedInto != 0 || !slices.Equal(got.CC, []string{"boss@example.com"}) || len(got.Relations) != 0 || w.said(from.Number) != "" {
		t.Fatalf("got %+v with %q", got, w.said(from.Number))
	}
	w.act("otto", from.Number, "martes", false)
}

// The clocks of a merged ticket stand, and go on when it is unmerged (B98).
func TestUnmerge_Clocks(t *testing.T) {
	w := ticketed(t)
	w.at(2, 9, 0)
	n := w.opensTicket("repair").Number
	heir := w.ticket("otto", desk.TicketPatch{})
	w.at(2, 10, 0)
	w.merges(n, heir.Number)
	w.settle()
	w.at(3, 9, 0)
	w.fireTicket(n)
	if w.notified("ines", desk.NotifyBreach) != 0 {
		t.Fatal("the breach of a merged ticket is told")
	}
	w.unmerges(n)
	w.settle()
	if due := w.stored(n).Due; due.By != desk.DueByContract || !near(due.At, bogota(3, 11, 0)) {
		t.Fatalf("due %+v, want two hours on", due)
	}
	w.at(3, 11, 5)
	w.fireTicket(n)
	if got := w.notified("luis", desk.NotifyBreach); got != 2 {
		t.Fatalf("luis is told of %d breaches, want that of the first response and that of the resolution", got)
	}
}

// A merge that would put a ticket above itself is refused (B105, B106).
func TestMerge_Circle(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	a, b, c, d := w.ticket("otto", desk.TicketPatch{}).Number, w.ticket("otto", desk.TicketPatch{}).Number, w.ticket("otto", desk.TicketPatch{}).Number, w.ticket("otto", desk.TicketPatch{}).Number
	for _, pair := range [][2]int64{{a, b}, {b, c}, {c, d}} {
		_, err := w.RelateTickets(t.Context(), w.who("otto"), pair[0], desk.ParentOf, pair[1])
		check(t, err)
	}
	_, err := w.MergeTickets(t.Context(), w.who("otto"), a, d)
	wantField(t, err, desk.Conflict, "ticket")
	_, err = w.MergeTickets(t.Context(), w.who("otto"), d, a)
	wantField(t, err, desk.Conflict, "ticket")
	w.merges(a, b)
	w.settle()
	if r := w.stored(b).Relations; len(r) != 1 || r[0] != (desk.Relation{Kind: desk.ParentOf, Ticket: c}) {
		t.Fatalf("the heir has %+v", r)
	}
}
