package desk_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

func (w *world) count(id desk.ConversationID, event desk.EventType) int {
	w.t.Helper()
	lines := w.texts(id, desk.ActivityKind)
	return len(slices.DeleteFunc(lines, func(line string) bool { return line != string(event) }))
}

// B98: one working hour from Friday 16:30 passes on Monday 9:30, and is told once.
func TestSLABreach_OverTheWeekend(t *testing.T) {
	w := newWorld(t)
	w.contract(nil)
	w.at(6, 16, 30)
	c := w.begins("shop")
	want := time.Date(2026, 3, 9, 14, 30, 0, 0, time.UTC) // 9:30 in Bogota
	if due := w.due(c); due.Before(want) || due.After(want.Add(time.Second)) {
		t.Fatalf("due at %s, want %s", due, want)
	}
	w.at(9, 9, 29)
	w.fire(c.ID)
	if w.breached(c.ID) || w.count(c.ID, desk.ConversationBreached) != 0 {
		t.Fatal("breached before it is due")
	}
	w.at(9, 9, 31)
	w.fire(c.ID)
	w.fire(c.ID)
	if !w.breached(c.ID) || w.count(c.ID, desk.ConversationBreached) != 1 || w.notified("ines", desk.NotifyBreach) != 1 {
		t.Fatalf("breached %v, told %v, ines %d times", w.breached(c.ID), w.texts(c.ID, desk.ActivityKind), w.notified("ines", desk.NotifyBreach))
	}
}

// The clocks stand while a conversation is pending or snoozed, and end with it; what an answer ended stays met.
func TestClocks_Stand(t *testing.T) {
	w := newWorld(t)
	w.contract(nil)
	w.at(2, 10, 0)
	c := w.begins("shop")
	_, err := w.MarkPending(t.Context(), w.who("ana"), c.ID)
	check(t, err)
	w.at(2, 16, 0)
	if got := w.clocks(c.ID)[desk.Resolution]; !got.Paused || got.Remaining < 3*time.Hour-time.Second || !got.Due.IsZero() {
		t.Fatalf("pending: %+v", got)
	}
	_, err = w.OpenConversation(t.Context(), w.who("ana"), c.ID)
	check(t, err)
	w.at(2, 16, 30)
	_, _, err = w.Reply(t.Context(), w.who("ana"), c.ID, desk.Body{ClientID: "1", Text: "Hola"})
	check(t, err)
	w.settle()
	first := w.clocks(c.ID)[desk.FirstResponse]
	if first.Ended.IsZero() || first.Breached {
		t.Fatalf("answered in time: %+v", first)
	}
	if _, waits := w.clocks(c.ID)[desk.NextResponse]; waits {
		t.Fatal("nobody waits for a next response")
	}
	_, err = w.Snooze(t.Context(), w.who("ana"), c.ID, desk.Snooze{At: w.clock().Add(100 * time.Hour)})
	check(t, err)
	w.at(3, 16, 0)
	_, _, err = w.Close(t.Context(), w.who("ana"), c.ID, desk.Closing{})
	check(t, err)
	ended := w.clocks(c.ID)[desk.Resolution]
	if ended.Ended.IsZero() || ended.Breached || ended.Remaining != 0 && ended.Paused {
		t.Fatalf("closed after half an hour of three: %+v", ended)
	}
}

// The next response counts from the customer's first message without an answer.
func TestClocks_NextResponse(t *testing.T) {
	w := newWorld(t)
	w.contract(nil)
	w.at(2, 10, 0)
	v := w.visitor("shop")
	id := w.writes(v, "Hola").Conversation
	_, _, err := w.Reply(t.Context(), w.who("ana"), id, desk.Body{ClientID: "1", Text: "Dígame"})
	check(t, err)
	w.settle()
	w.at(2, 15, 30)
	w.writes(v, "¿Talla 40?")
	w.at(2, 16, 0)
	w.writes(v, "¿Hola?")
	next := w.clocks(id)[desk.NextResponse]
	if want := time.Date(2026, 3, 3, 14, 30, 0, 0, time.UTC); next.Due.Sub(want).Abs() > time.Second { // 1.5 h today, half an hour tomorrow
		t.Fatalf("due at %s, want %s", next.Due, want)
	}
	w.at(3, 9, 31)
	w.fire(id)
	if !w.clocks(id)[desk.NextResponse].Breached || w.count(id, desk.ConversationBreached) != 2 { // the resolution passed too
		t.Fatalf("told %v", w.texts(id, desk.ActivityKind))
	}
	_, _, err = w.Reply(t.Context(), w.who("ana"), id, desk.Body{ClientID: "2", Text: "Sí"})
	check(t, err)
	w.settle()
	w.at(3, 10, 0)
	w.writes(v, "Gracias")
	if next := w.clocks(id)[desk.NextResponse]; next.Breached || next.Remaining < 2*time.Hour-time.Second {
		t.Fatalf("a new wait: %+v", next)
	}
}

// Another priority moves the due instants, and takes back what has not passed by it.
func TestClocks_Priority(t *testing.T) {
	w := newWorld(t)
	w.contract(nil)
	w.at(2, 10, 0)
	c := w.begins("shop")
	_, err := w.Prioritize(t.Context(), w.who("ana"), c.ID, desk.Urgent)
	check(t, err)
	w.settle()
	w.at(2, 10, 31)
	w.fire(c.ID)
	if !w.breached(c.ID) || w.count(c.ID, desk.ConversationBreached) != 1 {
		t.Fatal("half an hour of an urgent one passed")
	}
	_, err = w.Prioritize(t.Context(), w.who("ana"), c.ID, desk.Low)
	check(t, err)
	w.settle()
	if w.breached(c.ID) {
		t.Fatal("a low one has an hour")
	}
	w.at(2, 11, 1)
	w.fire(c.ID)
	if w.count(c.ID, desk.ConversationBreached) != 2 {
		t.Fatal("that passed too")
	}
}

// A reopened conversation goes on with its clock, or gets a new one, as its contract says.
func TestClocks_Reopened(t *testing.T) {
	for name, c := range map[string]struct {
		restart bool
		left    time.Duration
	}{"GoesOn": {false, time.Hour}, "Anew": {true, 3 * time.Hour}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.contract(func(k *desk.Contract) { k.Restart = c.restart })
			w.at(2, 9, 0)
			begun := w.begins("shop")
			w.at(2, 11, 0)
			_, _, err := w.Close(t.Context(), w.who("ana"), begun.ID, desk.Closing{})
			check(t, err)
			w.at(4, 11, 0)
			_, err = w.Reopen(t.Context(), w.who("ana"), begun.ID)
			check(t, err)
			if got := w.clocks(begun.ID)[desk.Resolution].Remaining; (got - c.left).Abs() > time.Second {
				t.Fatalf("%s left, want %s", got, c.left)
			}
		})
	}
}

// A contract warns, and escalates at the breach: another priority, another agent, and those who are told too.
func TestSLABreach_Escalates(t *testing.T) {
	w := newWorld(t)
	w.contract(func(k *desk.Contract) {
		k.Promises = k.Promises[:1]
		k.Promises[0].Resolution = 0
		k.WarnAt = 75
		k.Escalations = []desk.Escalation{
			{AtWarning: true, Act: desk.EscalateNotify, Agents: []desk.AgentID{"otto"}},
			{Target: desk.FirstResponse, Act: desk.EscalatePriority},
			{Target: desk.FirstResponse, Act: desk.EscalateReassign, Agent: "otto"},
			{Target: desk.NextResponse, Act: desk.EscalateReassign, Department: "support"},
		}
	})
	w.at(2, 10, 0)
	c := w.begins("shop")
	w.at(2, 10, 46)
	w.fire(c.ID)
	if w.count(c.ID, desk.ConversationWarned) != 1 || w.notified("otto", desk.NotifyWarning) != 1 || w.notified("ines", desk.NotifyWarning) != 1 {
		t.Fatalf("lines %v", w.texts(c.ID, desk.ActivityKind))
	}
	w.at(2, 11, 1)
	w.fire(c.ID)
	got := w.conversation(c.ID)
	if got.Priority != desk.Low || got.WaitsFor != "otto" || got.Department != "product" {
		t.Fatalf("priority %q, with %q in %s", got.Priority, got.WaitsFor, got.Department)
	}
	if w.notified("otto", desk.NotifyTransferred) != 1 || w.notified("otto", desk.NotifyBreach) != 1 {
		t.Fatal("otto is told that he got it, and why")
	}
}

// The most specific contract holds: a customer before a service before an inbox before all; without any, the inbox's own
// target.
func TestContract_MostSpecific(t *testing.T) {
	w := newWorld(t)
	first := func(k *desk.Contract, minutes int) {
		k.ID = desk.ContractID(strconv.Itoa(minutes))
		k.Name = "K" + string(k.ID)
		k.Promises = []desk.Promise{{FirstResponse: time.Duration(minutes) * time.Minute}}
	}
	w.at(2, 10, 0)
	promised := func(v desk.Visitor) int {
		return int(w.clocks(w.writes(v, "Hola").Conversation)[desk.FirstResponse].Promised / time.Minute)
	}
	if got := promised(w.visitor("web")); got != 15 {
		t.Fatalf("the inbox's own target is 15 minutes, got %d", got)
	}
	w.contract(func(k *desk.Contract) { first(k, 1) })
	w.contract(func(k *desk.Contract) { first(k, 2); k.Inboxes = []desk.InboxID{"shop"} })
	if all, shop := promised(w.visitor("web")), promised(w.visitor("shop")); all != 1 || shop != 2 {
		t.Fatalf("got %d for all and %d in the shop", all, shop)
	}
	v := w.visitor("shop")
	w.writes(v, "Hola")
	w.contract(func(k *desk.Contract) { first(k, 3); k.Contacts = []desk.ContactID{v.Contact} })
	receiving, err := w.books.Receiving(t.Context(), true, v.Contact, v.Inbox)
	check(t, err)
	if got := w.clocks(receiving)[desk.FirstResponse].Promised; got != 2*time.Minute {
		t.Fatalf("what runs goes on by its contract, got %s", got)
	}
	_, _, err = w.Close(t.Context(), w.who("ana"), receiving, desk.Closing{})
	check(t, err)
	w.settle()
	if got := promised(v); got != 3 {
		t.Fatalf("a customer weighs more than an inbox, got %d", got)
	}
}

func TestContract_Validate(t *testing.T) {
	w := newWorld(t)
	good := w.contract(nil)
	for field, spoil := range map[string]func(k *desk.Contract){
		"name":                          func(k *desk.Contract) { k.Name = "" },
		"promises":                      func(k *desk.Contract) { k.Promises = nil },
		"promises.0":                    func(k *desk.Contract) { k.Promises = []desk.Promise{{}} },
		"promises.0.resolution_seconds": func(k *desk.Contract) { k.Promises = []desk.Promise{{Resolution: time.Second}} },
		"promises.1.priority":           func(k *desk.Contract) { k.Promises = append(k.Promises[:1:1], k.Promises[0]) },
		"promises.0.priority":           func(k *desk.Contract) { k.Promises = []desk.Promise{{Priority: "mega", Resolution: time.Hour}} },
		"warn_at":                       func(k *desk.Contract) { k.WarnAt = 100 },
		"hours":                         func(k *desk.Contract) { k.Hours = "none" },
		"inboxes.0":                     func(k *desk.Contract) { k.Inboxes = []desk.InboxID{"none"} },
		"services.0":                    func(k *desk.Contract) { k.Services = []desk.ChoiceID{"none"} },
		"contacts.0":                    func(k *desk.Contract) { k.Contacts = []desk.ContactID{"none"} },
		"escalations.0.act":             func(k *desk.Contract) { k.Escalations = []desk.Escalation{{Act: "shout"}} },
		"escalations.0.on": func(k *desk.Contract) {
			k.Escalations = []desk.Escalation{{AtWarning: true, Act: desk.EscalatePriority}}
		},
		"escalations.0.target": func(k *desk.Contract) { k.Escalations = []desk.Escalation{{Target: "x", Act: desk.EscalatePriority}} },
		"escalations.0.agent":  func(k *desk.Contract) { k.Escalations = []desk.Escalation{{Act: desk.EscalateReassign, Agent: "vera"}} },
		"escalations.0.agents": func(k *desk.Contract) {
			k.Escalations = []desk.Escalation{{Act: desk.EscalateNotify, Agents: []desk.AgentID{"x"}}}
		},
		"escalations.0.department": func(k *desk.Contract) {
			k.Escalations = []desk.Escalation{{Act: desk.EscalateReassign, Department: "x"}}
		},
	} {
		t.Run(strings.ReplaceAll(field, ".", "_"), func(t *testing.T) {
			k := good
			spoil(&k)
			var refused *desk.Error
			err := w.SaveSetting(t.Context(), w.who("ana"), k)
			if !errors.As(err, &refused) || refused.Code != desk.Invalid || refused.Field != field {
				t.Errorf("got %v, want invalid %s", err, field)
			}
		})
	}
	t.Run("ErrHoursInUse", func(t *testing.T) {
		wantCode(t, w.DeleteSetting(t.Context(), w.who("ana"), desk.HoursSetting, "office"), desk.Conflict)
	})
	t.Run("ErrForbidden", func(t *testing.T) {
		wantCode(t, w.SaveSetting(t.Context(), w.who("otto"), good), desk.Forbidden)
	})
	t.Run("ErrUnknownCountry", func(t *testing.T) {
		h := *office("America/Bogota")
		h.Country = "CO"
		wantCode(t, w.SaveSetting(t.Context(), w.who("ana"), h), desk.Invalid)
	})
	t.Run("PublicHolidays", func(t *testing.T) {
		h := *office("Europe/Madrid")
		h.Country = "ES"
		check(t, w.SaveSetting(t.Context(), w.who("ana"), h))
		settings, err := w.books.Settings(t.Context())
		check(t, err)
		public := settings.Hours[h.ID].Public
		if !slices.Contains(public, 20261225) || !slices.Contains(public, 20311225) || !slices.IsSorted(public) {
			t.Errorf("got %v", public)
		}
	})
}

// An answer that came after the due instant and before its timer was late all the same: told, and nothing is hurried.
func TestSLABreach_AnsweredBeforeItsTimer(t *testing.T) {
	w := newWorld(t)
	w.contract(func(k *desk.Contract) {
		k.Escalations = []desk.Escalation{{Act: desk.EscalatePriority}}
	})
	w.at(2, 10, 0)
	c := w.begins("shop")
	w.at(2, 11, 1)
	_, _, err := w.Reply(t.Context(), w.who("ana"), c.ID, desk.Body{ClientID: "1", Text: "Hola"})
	check(t, err)
	w.settle()
	w.fire(c.ID)
	if w.count(c.ID, desk.ConversationBreached) != 1 || w.conversation(c.ID).Priority == desk.Urgent {
		t.Fatalf("told %v, priority %q", w.texts(c.ID, desk.ActivityKind), w.conversation(c.ID).Priority)
	}
}
