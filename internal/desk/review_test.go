package desk_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// What a review found; each was wrong once.

// A console that reads on receipt may be faster than the account of the thread.
func TestReadBeforeTheThreadIsSaved(t *testing.T) {
	w := newWorld(t)
	c := w.begins("shop")
	ahead := desk.PlaceAt(w.clock().Add(time.Millisecond))
	check(t, w.MarkRead(t.Context(), w.who("ines"), c.ID, ahead))
	if got := w.conversation(c.ID).Thread; got.ReadTo != ahead {
		t.Fatalf("read to %s, want %s", got.ReadTo, ahead)
	}
	check(t, w.MarkRead(t.Context(), w.who("ines"), c.ID, desk.PlaceAt(monday.AddDate(1, 0, 0))))
	if got := w.conversation(c.ID).Thread.ReadTo.Time(); got.After(w.clock()) {
		t.Fatalf("read into the future: %s", got)
	}
}

// A message whose place lies before the close, and which the close had not seen, reopens.
func TestMessageOvertakenByAClose(t *testing.T) {
	w := newWorld(t)
	v := w.visitor("shop")
	id := w.writes(v, "Hola").Conversation
	place := desk.MessageID(desk.NewID(w.clock()))
	_, _, err := w.Close(t.Context(), w.who("ana"), id, desk.Closing{})
	check(t, err)
	_, _, err = w.books.StoreMessage(t.Context(), desk.Message{ID: place, Conversation: id, Inbox: "shop", Kind: desk.MessageText,
		Author: desk.Actor{Kind: desk.ByCustomer, ID: string(v.Contact)}, Text: "espere", ExternalID: "late"})
	check(t, err)
	w.settle()
	if got := w.conversation(id); got.Status != desk.Open {
		t.Fatalf("got %s", got.Status)
	}
}

// Deleted or edited text does not live on in lists.
func TestPreviewFollowsChanges(t *testing.T) {
	w := newWorld(t)
	c := w.phones("wamid.1", "5731", "mi clave es 1234")
	w.ingest(desk.ChannelEvent{Kind: desk.ChannelEdit, ExternalID: "e", Target: "wamid.1", From: desk.Sender{Address: "5731"},
		Message: desk.ChannelContent{Content: desk.TextContent, Text: "mi duda"}})
	if got := w.conversation(c.ID).Thread.Preview; got != "mi duda" {
		t.Fatalf("got %q", got)
	}
	w.ingest(desk.ChannelEvent{Kind: desk.ChannelDelete, ExternalID: "d", Target: "wamid.1", From: desk.Sender{Address: "5731"}})
	if got := w.conversation(c.ID).Thread; got.Preview != "" || len(got.Unread) != 0 {
		t.Fatalf("got %q, unread %v", got.Preview, got.Unread)
	}
}

// B98: a breach tells the holder and the department's operators; where there are neither, all its members. A second firing
// tells nobody more.
func TestBreachTellsTheRightOnes(t *testing.T) {
	told := func(w *world) (to []desk.AgentID) {
		for _, a := range []desk.AgentID{"ines", "luis", "otto"} {
			n, _, err := w.Notifications(t.Context(), w.who(a), desk.PageRequest{Limit: 50})
			check(t, err)
			for _, x := range n {
				if x.Kind == desk.NotifyBreach {
					to = append(to, a)
				}
			}
		}
		return to
	}
	breach := func(w *world, c *desk.Conversation) {
		w.pass(16 * time.Minute)
		for range 4 {
			check(t, w.SLABreach(t.Context(), desk.TimerBody{Account: account, Conversation: c.ID, Due: w.due(c)}))
		}
		w.settle()
	}
	t.Run("members", func(t *testing.T) {
		w := newWorld(t)
		w.joins("luis", "sales")
		breach(w, w.begins("web"))
		if got := told(w); !slices.Equal(got, []desk.AgentID{"ines", "luis"}) {
			t.Fatalf("told %v", got)
		}
	})
	t.Run("the holder and the operators", func(t *testing.T) {
		w := newWorld(t)
		w.joins("otto", "sales")
		w.connect("ines")
		c := w.begins("web")
		if c.Assignee != "ines" {
			t.Fatalf("assigned to %q", c.Assignee)
		}
		breach(w, c)
		if got := told(w); !slices.Equal(got, []desk.AgentID{"ines", "otto"}) {
			t.Fatalf("told %v", got)
		}
	})
	t.Run("operators", func(t *testing.T) {
		w := newWorld(t)
		w.joins("otto", "sales")
		breach(w, w.begins("web"))
		if got := told(w); !slices.Equal(got, []desk.AgentID{"otto"}) {
			t.Fatalf("told %v", got)
		}
	})
}

// B14: an address that answers while the conversation sleeps is taken; one in the first message is not asked for.
func TestAddressTaken(t *testing.T) {
	w := newWorld(t)
	v := w.visitor("web")
	id := w.writes(v, "Hola").Conversation
	_, err := w.Snooze(t.Context(), w.who("ana"), id, desk.Snooze{Until: desk.UntilNextReply})
	check(t, err)
	w.writes(v, "yo@example.com")
	if got := w.conversation(id); got.ContactEmail != "yo@example.com" || got.Status != desk.Open {
		t.Fatalf("got %+v", got)
	}
	first := w.writes(w.visitor("web"), "Soy otro@example.com, hola")
	if got := w.conversation(first.Conversation); got.ContactEmail != "otro@example.com" || got.EmailStep != desk.EmailDone {
		t.Fatalf("got %q %q", got.ContactEmail, got.EmailStep)
	}
}

// Who leaves holds nothing any more; a department with people or customers in it stays.
func TestLeaving(t *testing.T) {
	w := newWorld(t)
	w.connect("ines")
	open, asleep := w.begins("web"), w.begins("web")
	_, err := w.Snooze(t.Context(), w.who("ines"), asleep.ID, desk.Snooze{Until: desk.UntilNextReply})
	check(t, err)
	w.settle()
	wantField(t, w.DeleteSetting(t.Context(), w.who("ana"), desk.DepartmentSetting, "support"), desk.Conflict, "agents")
	check(t, w.DeleteSetting(t.Context(), w.who("ana"), desk.AgentSetting, "luis"))
	check(t, w.DeleteSetting(t.Context(), w.who("ana"), desk.AgentSetting, "ines"))
	w.settle()
	_, err = w.Reopen(t.Context(), w.who("ana"), asleep.ID)
	check(t, err)
	for _, c := range []*desk.Conversation{open, asleep} {
		if got := w.conversation(c.ID); got.Assignee != "" || got.WaitsFor != "" || got.Status != desk.Open {
			t.Fatalf("got %+v", got)
		}
	}
	check(t, w.DeleteSetting(t.Context(), w.who("ana"), desk.DepartmentSetting, "support"))
}

// B6: joining a department is a way to become available for its customers.
func TestJoiningDistributes(t *testing.T) {
	w := newWorld(t)
	w.connect("luis")
	c := w.begins("web")
	w.joins("luis", "sales")
	w.settle()
	if got := w.conversation(c.ID); got.Assignee != "luis" {
		t.Fatalf("assignee %q", got.Assignee)
	}
}

// A merge brings the other's tickets along.
func TestMergeMovesTickets(t *testing.T) {
	w := newWorld(t)
	a, b := w.visitor("web"), w.visitor("web")
	w.writes(a, "uno")
	closed := w.closes(w.writes(b, "dos").Conversation)
	_, err := w.MergeContacts(t.Context(), w.who("otto"), a.Contact, b.Contact)
	check(t, err)
	tickets, _, err := w.TicketsOf(t.Context(), w.who("otto"), a.Contact, desk.PageRequest{Limit: 9})
	check(t, err)
	if len(tickets) != 1 || tickets[0].Number != closed.Ticket || tickets[0].Requester != a.Contact {
		t.Fatalf("got %+v", tickets)
	}
}

// A client id names one thing: not a reply and a note, not replies in two conversations; and it is its writer's own.
func TestClientIDs(t *testing.T) {
	w := newWorld(t)
	one, two := w.begins("shop").ID, w.begins("shop").ID
	body := desk.Body{ClientID: "x", Text: "Hola"}
	_, _, err := w.Note(t.Context(), w.who("ines"), one, body)
	check(t, err)
	_, _, err = w.Reply(t.Context(), w.who("ines"), one, body)
	wantCode(t, err, desk.Conflict)
	_, _, err = w.Note(t.Context(), w.who("ines"), two, body)
	wantCode(t, err, desk.Conflict)
	_, _, err = w.Reply(t.Context(), w.who("otto"), two, body)
	check(t, err)
	t.Run("a linked ticket asked for again is the same ticket, even after it was unlinked", func(t *testing.T) {
		ask := desk.NewTicket{ClientID: "t", Subject: "Pedido"}
		first, err := w.LinkNewTicket(t.Context(), w.who("ines"), one, ask)
		check(t, err)
		_, err = w.UnlinkTicket(t.Context(), w.who("ines"), one)
		check(t, err)
		again, err := w.LinkNewTicket(t.Context(), w.who("ines"), one, ask)
		check(t, err)
		if again.Ticket != first.Ticket {
			t.Fatalf("ticket %d after %d", again.Ticket, first.Ticket)
		}
		other, err := w.LinkNewTicket(t.Context(), w.who("otto"), two, ask)
		check(t, err)
		if other.Ticket == first.Ticket {
			t.Fatal("another agent's request is another request")
		}
	})
}

// What is offered can be done.
func TestAllowedIsTrue(t *testing.T) {
	w := newWorld(t)
	id := w.begins("shop").ID
	_, err := w.Transfer(t.Context(), w.who("otto"), id, desk.Transfer{Agent: "ines"})
	check(t, err)
	for act, want := range map[string]bool{"accept": true, "unassign": true} {
		if got := slices.Contains(w.who("ines").Allowed(w.conversation(id)), act); got != want {
			t.Errorf("%s offered: %v", act, got)
		}
	}
	_, err = w.Snooze(t.Context(), w.who("otto"), id, desk.Snooze{Until: desk.UntilNextReply})
	check(t, err)
	if slices.Contains(w.who("ines").Allowed(w.conversation(id)), "accept") {
		t.Error("accept offered for a conversation that sleeps")
	}
}

// A parameter is text, whatever it looks like; blank text is none.
func TestTexts(t *testing.T) {
	w := newWorld(t)
	settings, err := w.Settings(t.Context(), account)
	check(t, err)
	inbox := settings.Inboxes["phone"]
	inbox.Templates = []desk.Template{{Name: "two", Language: "es", Body: "{{1}} y {{2}}"}}
	check(t, w.SaveSetting(t.Context(), w.who("ana"), inbox))
	c := w.phones("wamid.1", "5731", "Hola")
	m, _, err := w.Reply(t.Context(), w.who("ines"), c.ID,
		desk.Body{ClientID: "1", Template: &desk.TemplateUse{Name: "two", Language: "es", Parameters: []string{"{{2}}", "dos"}}})
	check(t, err)
	if m.Text != "{{2}} y dos" {
		t.Fatalf("got %q", m.Text)
	}
	_, _, err = w.Reply(t.Context(), w.who("ines"), c.ID, desk.Body{ClientID: "2", Text: " \n "})
	wantCode(t, err, desk.Invalid)
}

// A socket that was opened by a revoked secret hears nothing more; one whose agent changed departments connects again.
func TestLiveRightsEnd(t *testing.T) {
	w := newWorld(t)
	s, err := w.StartSession(t.Context(), desk.Arrival{Inbox: "shop"})
	check(t, err)
	_, err = w.Connect(t.Context(), desk.Connection{ID: "visitor", Account: account, Visitor: s.Visitor})
	check(t, err)
	other := s.Visitor
	other.Session = "another" // of his second browser
	_, err = w.Connect(t.Context(), desk.Connection{ID: "second", Account: account, Visitor: other})
	check(t, err)
	check(t, w.RevokeSession(t.Context(), s.Visitor, s.Secret))
	heard, err := w.books.Listeners(t.Context(), true, desk.CustomerTopic(s.Visitor.Contact, "shop"))
	check(t, err)
	if len(heard) != 1 || heard[0].ID != "second" {
		t.Fatalf("still heard by %v", heard)
	}
	c, err := w.Connect(t.Context(), desk.Connection{ID: "console", Account: account, Agent: "luis"})
	check(t, err)
	check(t, w.Ping(t.Context(), c))
	w.joins("luis", "sales")
	wantCode(t, w.Ping(t.Context(), c), desk.Unauthenticated)
}

// What overtakes its message waits in its place; nobody changes what another wrote; one is known by all his addresses.
func TestChannelOrder(t *testing.T) {
	w := newWorld(t)
	event := func(kind desk.ChannelEventKind, id, target, from, text string) {
		w.ingest(desk.ChannelEvent{Kind: kind, ExternalID: id, Target: target, From: desk.Sender{Address: from},
			Message: desk.ChannelContent{Content: desk.TextContent, Text: text}})
	}
	t.Run("a deletion before its message", func(t *testing.T) {
		event(desk.ChannelDelete, "d1", "m1", "5701", "")
		c := w.phones("m1", "5701", "secreto")
		if texts := w.texts(c.ID, desk.MessageText); !slices.Equal(texts, []string{""}) {
			t.Fatalf("got %q", texts)
		}
	})
	t.Run("an edit before its message", func(t *testing.T) {
		event(desk.ChannelEdit, "e2", "m2", "5702", "bien")
		c := w.phones("m2", "5702", "mal")
		if texts := w.texts(c.ID, desk.MessageText); !slices.Equal(texts, []string{"bien"}) {
			t.Fatalf("got %q", texts)
		}
	})
	t.Run("another's message stays", func(t *testing.T) {
		c := w.phones("m3", "5703", "mío")
		w.phones("m4", "5704", "otro")
		event(desk.ChannelDelete, "d3", "m3", "5704", "")
		if texts := w.texts(c.ID, desk.MessageText); !slices.Equal(texts, []string{"mío"}) {
			t.Fatalf("got %q", texts)
		}
	})
	t.Run("by user id, by both, by number", func(t *testing.T) {
		var found []desk.ConversationID
		for i, from := range []desk.Sender{{Address: "CO.9"}, {Address: "5709", UserID: "CO.9"}, {Address: "5709"}} {
			id := string(rune('a' + i))
			w.ingest(desk.ChannelEvent{Kind: desk.ChannelMessage, ExternalID: id, From: from,
				Message: desk.ChannelContent{Content: desk.TextContent, Text: id}})
			c, _, err := w.books.MessageByIdentity(t.Context(), "phone", id)
			check(t, err)
			found = append(found, c)
		}
		if len(slices.Compact(found)) != 1 {
			t.Fatalf("one person, conversations %v", found)
		}
	})
}

// A reply answers a message of its own conversation.
func TestReplyTo(t *testing.T) {
	w := newWorld(t)
	one, two := w.begins("shop"), w.begins("shop")
	note, _, err := w.Note(t.Context(), w.who("ines"), one.ID, desk.Body{ClientID: "n", Text: "ojo", ReplyTo: one.Thread.Last})
	check(t, err)
	_, _, err = w.Reply(t.Context(), w.who("ines"), one.ID, desk.Body{ClientID: "r", Text: "sí", ReplyTo: note.ID})
	wantCode(t, err, desk.Invalid)
	_, _, err = w.Write(t.Context(), desk.Visitor{Account: account, Inbox: "shop", Contact: two.Contact}, desk.Body{ClientID: "w", Text: "sí", ReplyTo: one.Thread.Last})
	wantCode(t, err, desk.Invalid)
	for place, want := range map[desk.MessageID]desk.Code{one.Thread.Last: "", two.Thread.Last: desk.Invalid, "nope": desk.Invalid} {
		_, _, err := w.Reply(t.Context(), w.who("ines"), one.ID, desk.Body{ClientID: string(place), Text: "sí", ReplyTo: place})
		wantCode(t, err, want)
	}
}

// Of two deliveries of one transcript job at once, one mails.
func TestTranscriptOnce(t *testing.T) {
	w := newWorld(t)
	id := w.begins("shop").ID
	check(t, w.RequestTranscript(t.Context(), w.who("otto"), id, desk.TranscriptTo{ClientID: "1", Email: "a@example.com"}))
	job := desk.TranscriptJob{Account: account, Conversation: id, To: "a@example.com", ID: "otto/1"}
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			if err := w.SendTranscript(context.Background(), job); err != nil && !desk.Is(err, desk.Unavailable) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	w.pass(time.Minute)
	check(t, w.SendTranscript(t.Context(), job)) // after a crash nobody holds it
	mails, err := w.mailer.Mails(t.Context())
	check(t, err)
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
}
