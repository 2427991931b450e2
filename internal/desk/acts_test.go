package desk_test

import (
	"slices"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// B37-B51: transfer.
func TestTransfer(t *testing.T) {
	w := newWorld(t)
	w.connect("ines")
	t.Run("B37 B47 B48 to a department, with a reason that only staff read", func(t *testing.T) {
		c := w.begins("web")
		_, err := w.Transfer(t.Context(), w.who("ines"), c.ID, desk.Transfer{Department: "support", Reason: "sabe de facturas"})
		check(t, err)
		w.settle()
		got := w.conversation(c.ID)
		if got.Department != "support" || got.Assignee != "" || w.seat("ines").Load != 0 {
			t.Fatalf("got %+v", got)
		}
		view, err := w.Conversation(t.Context(), w.who("luis"), c.ID, true)
		check(t, err)
		i := slices.IndexFunc(view.Messages, func(m desk.Message) bool { return m.Event == desk.ConversationTransferred })
		if i < 0 || view.Messages[i].Data["reason"] != "sabe de facturas" || view.Messages[i].Data["name"] != "support" {
			t.Fatalf("no line tells of the transfer: %+v", view.Messages)
		}
	})
	t.Run("B49 B50 B51 to someone not available it waits for him, and an operator hands it on", func(t *testing.T) {
		c := w.begins("web")
		_, err := w.Transfer(t.Context(), w.who("ines"), c.ID, desk.Transfer{Agent: "luis"})
		check(t, err)
		w.settle()
		got := w.conversation(c.ID)
		if got.WaitsFor != "luis" || got.Assignee != "" || w.seat("luis").Load != 0 || got.Department != "support" {
			t.Fatalf("got %+v", got)
		}
		list, _, err := w.Conversations(t.Context(), w.who("luis"), desk.List{View: desk.WaitingView, Page: desk.PageRequest{Limit: 9}})
		check(t, err)
		if len(list) != 1 || list[0].ID != c.ID {
			t.Fatalf("luis' pending list: %v", list)
		}
		told, _, err := w.Notifications(t.Context(), w.who("luis"), desk.PageRequest{Limit: 9})
		check(t, err)
		if len(told) != 1 || told[0].Kind != desk.NotifyTransferred {
			t.Fatalf("luis is told %+v", told)
		}
		_, err = w.Transfer(t.Context(), w.who("otto"), c.ID, desk.Transfer{Agent: "ines"})
		check(t, err)
		if got := w.conversation(c.ID); got.Assignee != "ines" || got.WaitsFor != "" {
			t.Fatalf("got %+v", got)
		}
	})
	t.Run("B50 accepting takes it into the load", func(t *testing.T) {
		c := w.begins("web")
		_, err := w.Transfer(t.Context(), w.who("ines"), c.ID, desk.Transfer{Agent: "luis"})
		check(t, err)
		_, err = w.Accept(t.Context(), w.who("luis"), c.ID)
		check(t, err)
		if got := w.conversation(c.ID); got.Assignee != "luis" || w.seat("luis").Load != 1 {
			t.Fatalf("got %+v", got)
		}
		_, err = w.Accept(t.Context(), w.who("luis"), c.ID)
		wantCode(t, err, desk.Conflict)
	})
	t.Run("B39 to an administrator", func(t *testing.T) {
		c := w.begins("web")
		_, err := w.Transfer(t.Context(), w.who("otto"), c.ID, desk.Transfer{Agent: "ana"})
		check(t, err)
	})
	c := w.begins("web")
	for _, bad := range []struct {
		name string
		who  desk.AgentID
		to   desk.Transfer
		code desk.Code
	}{
		{"ErrSelf", "ines", desk.Transfer{Agent: "ines"}, desk.Invalid},
		{"ErrUnknown", "ines", desk.Transfer{Agent: "nobody"}, desk.Invalid},
		{"ErrViewerReceives", "ines", desk.Transfer{Agent: "vera"}, desk.Invalid},
		{"ErrUnknownDepartment", "ines", desk.Transfer{Department: "nowhere"}, desk.Invalid},
		{"ErrBoth", "ines", desk.Transfer{Department: "support", Agent: "luis"}, desk.Invalid},
		{"ErrNeither", "ines", desk.Transfer{}, desk.Invalid},
		{"ErrViewer B1", "vera", desk.Transfer{Department: "support"}, desk.Forbidden},
		{"ErrForeignDepartment", "luis", desk.Transfer{Department: "product"}, desk.NotFound},
	} {
		t.Run(bad.name, func(t *testing.T) {
			_, err := w.Transfer(t.Context(), w.who(bad.who), c.ID, bad.to)
			wantCode(t, err, bad.code)
			if got := w.conversation(c.ID); got.Version != c.Version {
				t.Fatal("a refused act changed the state")
			}
		})
	}
	t.Run("ErrDeletedAgent", func(t *testing.T) {
		check(t, w.DeleteSetting(t.Context(), w.who("ana"), desk.AgentSetting, "luis"))
		_, err := w.Transfer(t.Context(), w.who("ines"), c.ID, desk.Transfer{Agent: "luis"})
		wantCode(t, err, desk.Invalid)
	})
}

// B52, B55: the actions allowed, and only these.
func TestStatusActions(t *testing.T) {
	allowed := map[string][]desk.Status{
		"pending": {desk.Open, desk.Snoozed}, "snooze": {desk.Open, desk.Pending}, "open": {desk.Pending},
		"reopen": {desk.Snoozed, desk.Resolved}, "close": {desk.Open, desk.Pending, desk.Snoozed},
	}
	w := newWorld(t)
	do := func(action string, id desk.ConversationID) error {
		var err error
		switch action {
		case "pending":
			_, err = w.MarkPending(t.Context(), w.who("ana"), id)
		case "snooze":
			_, err = w.Snooze(t.Context(), w.who("ana"), id, desk.Snooze{Until: desk.UntilNextReply})
		case "open":
			_, err = w.OpenConversation(t.Context(), w.who("ana"), id)
		case "reopen":
			_, err = w.Reopen(t.Context(), w.who("ana"), id)
		case "close":
			_, _, err = w.Close(t.Context(), w.who("ana"), id, desk.Closing{})
		}
		return err
	}
	into := map[desk.Status]string{desk.Pending: "pending", desk.Snoozed: "snooze", desk.Resolved: "close"}
	for action, from := range allowed {
		for _, status := range desk.Statuses {
			t.Run(action+" from "+string(status), func(t *testing.T) {
				c := w.begins("shop")
				if status != desk.Open {
					check(t, do(into[status], c.ID))
				}
				offered := slices.Contains(w.who("ana").Allowed(w.conversation(c.ID)), action)
				err := do(action, c.ID)
				if slices.Contains(from, status) {
					check(t, err)
				} else {
					wantCode(t, err, desk.Conflict)
				}
				if offered != slices.Contains(from, status) {
					t.Fatalf("offered: %v", offered)
				}
			})
		}
	}
}

// B56-B58: tomorrow and next week begin at the account's opening time, by its clock; also across changes of clocks.
func TestSnoozeUntil(t *testing.T) {
	for _, c := range []struct {
		zone, now, until, want string
		hours                  desk.OpeningHours
	}{
		{"America/Bogota", "2026-03-02T15:00:00Z", "tomorrow", "2026-03-03T14:00:00Z", desk.OpeningHours{}},
		{"America/Bogota", "2026-03-02T15:00:00Z", "next_week", "2026-03-09T14:00:00Z", desk.OpeningHours{}},
		{"America/Bogota", "2026-03-08T15:00:00Z", "next_week", "2026-03-09T14:00:00Z", desk.OpeningHours{}}, // Sunday
		{"America/Bogota", "2026-03-03T03:00:00Z", "tomorrow", "2026-03-03T14:00:00Z", desk.OpeningHours{}},  // still Monday there
		{"Europe/Madrid", "2026-03-28T12:00:00Z", "tomorrow", "2026-03-29T07:00:00Z", desk.OpeningHours{}},   // clocks go forward
		{"Europe/Madrid", "2026-10-24T12:00:00Z", "tomorrow", "2026-10-25T08:00:00Z", desk.OpeningHours{}},   // and back
		{"America/New_York", "2026-03-06T12:00:00Z", "next_week", "2026-03-09T13:00:00Z", desk.OpeningHours{}},
		{"Pacific/Apia", "2026-03-02T15:00:00Z", "tomorrow", "2026-03-03T20:00:00Z", desk.OpeningHours{}},
		{"Asia/Kathmandu", "2026-03-02T15:00:00Z", "tomorrow", "2026-03-03T03:15:00Z", desk.OpeningHours{}},
		{"America/Bogota", "2026-03-02T15:00:00Z", "tomorrow", "2026-03-03T12:30:00Z", desk.OpeningHours{2: {{From: 450, To: 1000}}}},
	} {
		t.Run(c.zone+" "+c.until+" "+c.now, func(t *testing.T) {
			w := newWorld(t)
			settings, err := w.Settings(t.Context(), account)
			check(t, err)
			a := settings.Account
			a.TimeZone, a.Hours = c.zone, c.hours
			check(t, w.SaveSetting(t.Context(), w.who("ana"), a))
			at, err := time.Parse(time.RFC3339, c.now)
			check(t, err)
			conversation := w.begins("shop")
			w.pass(at.Sub(w.clock()))
			got, err := w.Snooze(t.Context(), w.who("ana"), conversation.ID, desk.Snooze{Until: desk.SnoozeUntil(c.until)})
			check(t, err)
			if s := got.SnoozedUntil.Format(time.RFC3339); s != c.want {
				t.Fatalf("got %s, want %s", s, c.want)
			}
		})
	}
}

// Snoozes end by timer, by the customer's message, and only then.
func TestSnoozeEnds(t *testing.T) {
	w := newWorld(t)
	w.connect("ines")
	c := w.begins("web")
	until := monday.Add(time.Hour)
	_, err := w.Snooze(t.Context(), w.who("ines"), c.ID, desk.Snooze{At: until})
	check(t, err)
	if s := w.seat("ines"); s.Load != 0 {
		t.Fatalf("a snoozed conversation is no load: %d", s.Load)
	}
	body := desk.TimerBody{Account: account, Conversation: c.ID, Due: until}
	t.Run("not early, and not for another instant", func(t *testing.T) {
		check(t, w.Wakeup(t.Context(), body))
		check(t, w.Wakeup(t.Context(), desk.TimerBody{Account: account, Conversation: c.ID, Due: until.Add(-2 * time.Hour)}))
		if got := w.conversation(c.ID); got.Status != desk.Snoozed {
			t.Fatalf("got %s", got.Status)
		}
	})
	t.Run("B57 at its instant, once, into the pending list of one who is away", func(t *testing.T) {
		w.pass(time.Hour)
		check(t, w.Wakeup(t.Context(), body))
		check(t, w.Wakeup(t.Context(), body))
		got := w.conversation(c.ID)
		if got.Status != desk.Open || got.WaitsFor != "ines" {
			t.Fatalf("got %+v", got)
		}
		if n := len(slices.DeleteFunc(w.texts(c.ID, desk.ActivityKind), func(s string) bool { return s != string(desk.ConversationWoken) })); n != 1 {
			t.Fatalf("woken %d times", n)
		}
	})
	t.Run("B56 by the customer's next message, back to the one who has it", func(t *testing.T) {
		w.connect("ines")
		v := w.visitor("web")
		m := w.writes(v, "Hola")
		_, err := w.Snooze(t.Context(), w.who("ines"), m.Conversation, desk.Snooze{Until: desk.UntilNextReply})
		check(t, err)
		w.writes(v, "¿Siguen ahí?")
		if got := w.conversation(m.Conversation); got.Status != desk.Open || got.Assignee != "ines" {
			t.Fatalf("got %+v", got)
		}
	})
	t.Run("ErrPast", func(t *testing.T) {
		_, err := w.Snooze(t.Context(), w.who("ana"), c.ID, desk.Snooze{At: monday.Add(-time.Hour)})
		wantCode(t, err, desk.Invalid)
	})
}

// B11, B55: who opens gets it; an administrator does not.
func TestOpeningAssigns(t *testing.T) {
	for _, c := range []struct{ who, want desk.AgentID }{{"ines", "ines"}, {"otto", "otto"}, {"ana", ""}} {
		t.Run(string(c.who), func(t *testing.T) {
			w := newWorld(t)
			id := w.begins("shop").ID
			_, err := w.MarkPending(t.Context(), w.who("ana"), id)
			check(t, err)
			got, err := w.OpenConversation(t.Context(), w.who(c.who), id)
			check(t, err)
			if got.Assignee != c.want {
				t.Fatalf("assignee %q", got.Assignee)
			}
		})
	}
	t.Run("ErrFull", func(t *testing.T) {
		w := newWorld(t)
		check(t, w.books.SetCapacity(t.Context(), "ines", 1))
		for i := range 2 {
			_, err := w.Assign(t.Context(), w.who("ines"), w.begins("shop").ID, "ines")
			if i == 0 {
				check(t, err)
			} else {
				wantCode(t, err, desk.Conflict)
			}
		}
	})
}

// B59-B64, B70: closing.
func TestClose(t *testing.T) {
	w := newWorld(t)
	w.connect("ines")
	c := w.begins("web")
	t.Run("B59 refused without a ticket", func(t *testing.T) {
		_, _, err := w.Close(t.Context(), w.who("ines"), c.ID, desk.Closing{})
		wantCode(t, err, desk.Conflict)
		if got := w.conversation(c.ID); got.Status != desk.Open || got.Version != w.conversation(c.ID).Version {
			t.Fatalf("got %+v", got)
		}
	})
	t.Run("B92 refused with a ticket that has no subject", func(t *testing.T) {
		_, _, err := w.Close(t.Context(), w.who("ines"), c.ID, desk.Closing{NewTicket: &desk.NewTicket{ClientID: "x"}})
		wantCode(t, err, desk.Invalid)
	})
	closing := desk.Closing{
		Note:      desk.ClosingNote{Category: "envío", Summary: "llegó tarde"},
		NewTicket: &desk.NewTicket{ClientID: "t1", Subject: "Pedido tardío"},
	}
	t.Run("B61 B62 B64 with a new ticket in the same step", func(t *testing.T) {
		got, ticket, err := w.Close(t.Context(), w.who("ines"), c.ID, closing)
		check(t, err)
		w.settle()
		if got.Status != desk.Resolved || got.Note != closing.Note || got.Ticket != ticket.Number || ticket.Requester != c.Contact {
			t.Fatalf("got %+v, ticket %+v", got, ticket)
		}
		if s := w.seat("ines"); s.Load != 0 {
			t.Fatalf("load %d", s.Load)
		}
		opened, err := w.Ticket(t.Context(), w.who("vera"), ticket.Number, desk.PageRequest{Fresh: true})
		check(t, err)
		stored, actions := opened.Ticket, opened.Actions
		if len(stored.Conversations) != 1 || len(actions) != 1 || actions[0].Kind != desk.HistoryAction || actions[0].Conversation != c.ID {
			t.Fatalf("ticket %+v, actions %+v", stored, actions)
		}
		of, _, err := w.TicketsOf(t.Context(), w.who("vera"), c.Contact, desk.PageRequest{Limit: 9})
		check(t, err)
		if len(of) != 1 || of[0].Number != ticket.Number {
			t.Fatalf("the contact's tickets: %+v", of)
		}
	})
	t.Run("the same request again answers as the first did", func(t *testing.T) {
		got, ticket, err := w.Close(t.Context(), w.who("ines"), c.ID, closing)
		check(t, err)
		if ticket == nil || ticket.Number != got.Ticket {
			t.Fatalf("got %+v", ticket)
		}
		list, _, err := w.Tickets(t.Context(), w.who("ines"), desk.TicketList{Status: desk.TicketNew, Page: desk.PageRequest{Limit: 9}})
		check(t, err)
		if len(list) != 1 {
			t.Fatalf("%d tickets", len(list))
		}
	})
	t.Run("B79 with an existing ticket", func(t *testing.T) {
		second := w.begins("web")
		_, ticket, err := w.Close(t.Context(), w.who("ines"), second.ID, desk.Closing{Ticket: 1})
		check(t, err)
		if len(ticket.Conversations) != 2 {
			t.Fatalf("ticket %+v", ticket)
		}
	})
	t.Run("ErrUnknownTicket", func(t *testing.T) {
		_, _, err := w.Close(t.Context(), w.who("ines"), w.begins("web").ID, desk.Closing{Ticket: 99})
		wantCode(t, err, desk.Invalid)
	})
	t.Run("B72 optional", func(t *testing.T) {
		_, ticket, err := w.Close(t.Context(), w.who("ines"), w.begins("shop").ID, desk.Closing{})
		check(t, err)
		if ticket != nil {
			t.Fatalf("got %+v", ticket)
		}
	})
	t.Run("B70 the account may unassign after a close", func(t *testing.T) {
		settings, err := w.Settings(t.Context(), account)
		check(t, err)
		a := settings.Account
		a.AfterClose = desk.Unassign
		check(t, w.SaveSetting(t.Context(), w.who("ana"), a))
		if got := w.closes(w.begins("web").ID); got.Assignee != "" {
			t.Fatalf("assignee %q", got.Assignee)
		}
	})
}

// B35: a muted conversation keeps receiving, and nothing follows from it.
func TestMute(t *testing.T) {
	w := newWorld(t)
	v := w.visitor("shop")
	id := w.writes(v, "Hola").Conversation
	_, err := w.Mute(t.Context(), w.who("ana"), id, true)
	check(t, err)
	_, _, err = w.Close(t.Context(), w.who("ana"), id, desk.Closing{})
	check(t, err)
	m := w.writes(v, "Otra vez")
	if m.Conversation != id {
		t.Fatal("a muted conversation keeps receiving")
	}
	if got := w.conversation(id); got.Status != desk.Resolved || got.Thread.Last != m.ID {
		t.Fatalf("got %+v", got)
	}
	_, err = w.Mute(t.Context(), w.who("ana"), id, false)
	check(t, err)
	if m := w.writes(v, "Y otra"); m.Conversation == id {
		t.Fatal("unmuted and resolved: a new conversation begins")
	}
}

// B29-B32: notes and deletion.
func TestNotes(t *testing.T) {
	w := newWorld(t)
	v := w.visitor("shop")
	id := w.writes(v, "Hola").Conversation
	note, _, err := w.Note(t.Context(), w.who("ines"), id, desk.Body{ClientID: "n", Text: "@luis mira", Mentions: []desk.AgentID{"luis"}})
	check(t, err)
	w.settle()
	told, _, err := w.Notifications(t.Context(), w.who("luis"), desk.PageRequest{Limit: 9})
	check(t, err)
	if len(told) != 1 || told[0].Kind != desk.NotifyMention || told[0].Conversation != id {
		t.Fatalf("luis is told %+v", told)
	}
	_, seen, _, err := w.VisitorMessages(t.Context(), v, id, desk.ThreadQuery{Limit: 50})
	check(t, err)
	if len(seen) != 1 {
		t.Fatalf("the customer sees %+v", seen)
	}
	t.Run("B32 only its author or an operator deletes", func(t *testing.T) {
		w.joins("luis", "sales")
		wantCode(t, w.DeleteMessage(t.Context(), w.who("luis"), id, note.ID), desk.Forbidden)
		check(t, w.DeleteMessage(t.Context(), w.who("ines"), id, note.ID))
		check(t, w.DeleteMessage(t.Context(), w.who("otto"), id, note.ID))
		got, err := w.books.Message(t.Context(), id, note.ID)
		check(t, err)
		if got.Text != "" || got.DeletedAt.IsZero() {
			t.Fatalf("got %+v", got)
		}
	})
	t.Run("ErrUnknownMention", func(t *testing.T) {
		_, _, err := w.Note(t.Context(), w.who("ines"), id, desk.Body{ClientID: "m", Text: "x", Mentions: []desk.AgentID{"nobody"}})
		wantCode(t, err, desk.Invalid)
	})
}

// The first-response target of an inbox: late, twice or after an answer, the timer does nothing.
func TestSLABreach(t *testing.T) {
	w := newWorld(t)
	w.connect("ines")
	answered, unanswered := w.begins("web"), w.begins("web")
	_, _, err := w.Reply(t.Context(), w.who("ines"), answered.ID, desk.Body{ClientID: "1", Text: "Dígame"})
	check(t, err)
	w.settle()
	w.pass(16 * time.Minute)
	for range 2 {
		for _, c := range []*desk.Conversation{answered, unanswered} {
			check(t, w.SLABreach(t.Context(), desk.TimerBody{Account: account, Conversation: c.ID, Due: w.due(c)}))
		}
	}
	w.settle()
	if w.breached(answered.ID) || !w.breached(unanswered.ID) {
		t.Fatal("breached: the answered one, or not the unanswered one")
	}
	told, _, err := w.Notifications(t.Context(), w.who("ines"), desk.PageRequest{Limit: 20})
	check(t, err)
	told = slices.DeleteFunc(told, func(n desk.Notification) bool { return n.Kind != desk.NotifyBreach })
	if len(told) != 1 {
		t.Fatalf("ines is told %+v", told)
	}
}
