package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// bogota is an instant of March 2026 by Bogota's clock.
func bogota(day, hour, minute int) time.Time {
	return time.Date(2026, 3, day, hour+5, minute, 0, 0, time.UTC)
}

func near(a, b time.Time) bool { return a.Sub(b).Abs() < time.Second }

// ticketed is a world with a contract for the service "repair": an answer in one working hour, done in three.
func ticketed(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	settings := desk.DefaultTicketSettings()
	settings.Services = []desk.Choice{{ID: "repair", Name: "Repair"}, {ID: "sale", Name: "Sale"}}
	check(t, w.SaveSetting(t.Context(), w.who("ana"), settings))
	w.contract(func(k *desk.Contract) {
		k.Services, k.WarnAt = []desk.ChoiceID{"repair"}, 80
		k.Promises[1].Resolution = time.Hour
		k.Escalations = []desk.Escalation{
			{Target: desk.Resolution, Act: desk.EscalateReassign, Agent: "luis"}, {Target: desk.Resolution, Act: desk.EscalatePriority},
			{AtWarning: true, Target: desk.Resolution, Act: desk.EscalateNotify, Agents: []desk.AgentID{"otto"}},
		}
	})
	return w
}

func (w *world) opensTicket(service desk.ChoiceID) desk.Ticket {
	w.t.Helper()
	contact := w.visitor("shop").Contact
	check(w.t, w.books.SaveContact(w.t.Context(), nil, desk.Contact{ID: contact, Name: "Rosa", CreatedAt: w.clock()}))
	made, err := w.CreateTicket(w.t.Context(), w.who("ines"), desk.NewTicket{
		ClientID: "t", Subject: "Broken", Requester: contact, Set: desk.TicketPatch{Service: &service},
	})
	check(w.t, err)
	w.settle()
	return made
}

func (w *world) ticketAt(n int64) desk.Ticket {
	w.t.Helper()
	t, err := w.books.Ticket(w.t.Context(), n)
	check(w.t, err)
	return t
}

func (w *world) patches(n int64, patch desk.TicketPatch) desk.Ticket {
	w.t.Helper()
	patch.Version = w.ticketAt(n).Version
	t, err := w.UpdateTicket(w.t.Context(), w.who("ana"), n, patch)
	check(w.t, err)
	w.settle()
	return t
}

// fireTicket does what the timers of a ticket do until now.
func (w *world) fireTicket(n int64) {
	w.t.Helper()
	for range 3 {
		check(w.t, w.SLABreach(w.t.Context(), desk.TimerBody{Account: account, Ticket: n, Due: w.clock()}))
		w.settle()
	}
}

// B98: the forecast follows the contract of the ticket's service: outside hours and while pending nothing goes by, and
// another priority, service or a hand moves it.
func TestTicketDue_B98(t *testing.T) {
	w := ticketed(t)
	w.at(6, 16, 0)
	n := w.opensTicket("repair").Number
	wants := func(what string, by desk.DueBy, at time.Time) {
		t.Helper()
		if due := w.ticketAt(n).Due; due.By != by || !near(due.At, at) {
			t.Fatalf("%s: due %v by %q, want %v by %q", what, due.At, due.By, at, by)
		}
	}
	wants("one hour on Friday, two on Monday", desk.DueByContract, bogota(9, 11, 0))
	pending, open, urgent, sale, repair := desk.TicketPending, desk.TicketInProgress, desk.ChoiceID("urgent"), desk.ChoiceID("sale"), desk.ChoiceID("repair")
	w.at(9, 9, 0)
	w.patches(n, desk.TicketPatch{Status: &pending})
	wants("pending", "", time.Time{})
	w.at(9, 14, 0)
	w.patches(n, desk.TicketPatch{Status: &open})
	wants("opened with two hours left", desk.DueByContract, bogota(9, 16, 0))
	w.at(9, 14, 30)
	w.patches(n, desk.TicketPatch{Service: &sale})
	wants("no contract", "", time.Time{})
	w.patches(n, desk.TicketPatch{Service: &repair})
	wants("the same again", desk.DueByContract, bogota(9, 16, 0))
	w.patches(n, desk.TicketPatch{Priority: &urgent})
	wants("urgent: its hour was over half an hour ago", desk.DueByContract, bogota(9, 14, 0))
	hand := bogota(20, 9, 0)
	w.patches(n, desk.TicketPatch{Due: &hand})
	w.patches(n, desk.TicketPatch{Status: &pending})
	wants("by hand", desk.DueByHand, hand)

	history, _, err := w.TicketHistory(t.Context(), w.who("vera"), n, desk.PageRequest{Limit: 100})
	check(t, err)
	moved := slices.DeleteFunc(history, func(h desk.TicketChange) bool { return h.Trigger != desk.TriggerContract })
	if len(moved) != 5 || moved[0].By.Kind != desk.BySystem || moved[0].Fields[0].Field != "due" {
		t.Fatalf("the contract moved it five times, the history says %+v", moved)
	}
}

// A ticket's breach is marked, escalated and told once; a late or second timer adds nothing.
func TestSLABreach_Ticket(t *testing.T) {
	w := ticketed(t)
	w.joins("otto", "support")
	w.at(2, 9, 0)
	n := w.opensTicket("repair").Number
	_, err := w.AddAction(t.Context(), w.who("ines"), n, desk.NewAction{ClientID: "a", ActionText: desk.ActionText{Text: "On it"}, Public: true})
	check(t, err)
	w.settle()
	w.at(2, 11, 25)
	w.fireTicket(n)
	if w.notified("otto", desk.NotifyWarning) != 1 || w.notified("ines", desk.NotifyWarning) != 1 || w.notified("ines", desk.NotifyBreach) != 0 {
		t.Fatal("at 80 % of three hours the responsible and otto are warned; the first response came")
	}
	w.at(2, 13, 5)
	w.fireTicket(n)
	w.fireTicket(n)
	got := w.ticketAt(n)
	if got.Responsible != "luis" || got.Priority != "low" || w.notified("luis", desk.NotifyBreach) != 1 || w.notified("luis", desk.NotifyResponsible) != 1 {
		t.Fatalf("responsible %q, priority %q, luis told %d times", got.Responsible, got.Priority, w.notified("luis", desk.NotifyBreach))
	}
	if w.notified("ines", desk.NotifyBreach) != 1 {
		t.Fatal("ines, from whom the escalation took it, was to answer, and is told, too")
	}
	if w.notified("otto", desk.NotifyBreach) != 1 {
		t.Fatal("the operator of the responsible's department is told of the breach, too")
	}
	if !near(got.Due.At, bogota(2, 13, 0)) {
		t.Fatalf("due %v", got.Due)
	}
	history, _, err := w.TicketHistory(t.Context(), w.who("vera"), n, desk.PageRequest{Limit: 100})
	check(t, err)
	var told []string
	for _, h := range history {
		for _, f := range h.Fields {
			if strings.HasPrefix(f.Field, "sla.") {
				told = append(told, f.Field+" "+f.To)
			}
		}
	}
	if !slices.Equal(told, []string{"sla.resolution breached", "sla.resolution warned"}) {
		t.Fatalf("the history tells %v", told)
	}
	who := w.who("vera")
	clocks := who.TicketClocks(got)
	if len(clocks) != 2 || clocks[0].Breached || clocks[0].Ended.IsZero() || !clocks[1].Breached {
		t.Fatalf("clocks %+v", clocks)
	}
}

// What was deleted has nothing to tell any more.
func TestSLABreach_DeletedTicket(t *testing.T) {
	w := ticketed(t)
	w.at(2, 9, 0)
	n := w.opensTicket("repair").Number
	check(t, w.DeleteTicket(t.Context(), w.who("ana"), n))
	w.settle()
	w.at(2, 14, 0)
	w.fireTicket(n)
	if w.notified("ines", desk.NotifyBreach) != 0 {
		t.Fatal("the responsible is told of a ticket that is gone")
	}
}
