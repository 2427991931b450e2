package desk_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

// B1, B2: what the four roles may.
func TestRoles(t *testing.T) {
	w := newWorld(t)
	c := w.begins("web") // of sales
	for _, r := range []struct {
		who  desk.AgentID
		read desk.Code
		work desk.Code
	}{
		{"ana", "", ""}, {"otto", "", ""}, {"ines", "", ""}, {"luis", desk.NotFound, desk.NotFound}, {"vera", "", desk.Forbidden},
	} {
		t.Run(string(r.who), func(t *testing.T) {
			_, err := w.Conversation(t.Context(), w.who(r.who), c.ID, false)
			wantCode(t, err, r.read)
			_, _, err = w.Note(t.Context(), w.who(r.who), c.ID, desk.Body{ClientID: "n", Text: "x"})
			wantCode(t, err, r.work)
			_, _, err = w.Tickets(t.Context(), w.who(r.who), desk.TicketList{Status: desk.TicketNew, Page: desk.PageRequest{Limit: 1}})
			check(t, err)
			want := desk.Forbidden
			if r.who == "ana" {
				want = ""
			}
			wantCode(t, w.SaveSetting(t.Context(), w.who(r.who), desk.Label{ID: "bug", Name: "Bug"}), want)
		})
	}
	t.Run("an agent's lists hold only what he sees", func(t *testing.T) {
		for who, want := range map[desk.AgentID]int{"ana": 1, "vera": 1, "ines": 1, "luis": 0} {
			list, _, err := w.Conversations(t.Context(), w.who(who), desk.List{Page: desk.PageRequest{Limit: 9}})
			check(t, err)
			if len(list) != want {
				t.Errorf("%s sees %d", who, len(list))
			}
		}
		_, _, err := w.Conversations(t.Context(), w.who("luis"), desk.List{Department: "sales", Page: desk.PageRequest{Limit: 9}})
		wantCode(t, err, desk.Invalid)
	})
	t.Run("the last administrator stays", func(t *testing.T) {
		wantField(t, w.DeleteSetting(t.Context(), w.who("ana"), desk.AgentSetting, "ana"), desk.Conflict, "role")
	})
	t.Run("ErrDeleted", func(t *testing.T) {
		check(t, w.DeleteSetting(t.Context(), w.who("ana"), desk.AgentSetting, "vera"))
		_, err := w.Staff(t.Context(), "https://issuer.test", "vera")
		wantCode(t, err, desk.Unauthenticated)
	})
}

// Two contacts become one: identities, conversations, what the heir lacks; the other stays as an alias.
func TestMergeContacts(t *testing.T) {
	w := newWorld(t)
	va, vb := w.visitor("shop"), w.visitor("shop")
	a, b := w.writes(va, "soy yo"), w.writes(vb, "yo también")
	_, err := w.UpdateVisitorContact(t.Context(), vb, func(c *desk.Contact) { c.Email = "b@example.com" })
	check(t, err)
	heir, err := w.MergeContacts(t.Context(), w.who("ines"), va.Contact, vb.Contact)
	check(t, err)
	if heir.Email != "b@example.com" || len(heir.Identities) != 2 {
		t.Fatalf("heir %+v", heir)
	}
	alias, err := w.Contact(t.Context(), w.who("ines"), vb.Contact)
	check(t, err)
	all, _, err := w.ConversationsOf(t.Context(), w.who("ines"), va.Contact, desk.PageRequest{Limit: 9})
	check(t, err)
	if alias.ID != heir.ID || len(all) != 2 {
		t.Fatalf("alias leads to %s, %d conversations", alias.ID, len(all))
	}
	t.Run("both go on writing, into the conversation that receives", func(t *testing.T) {
		x, y := w.writes(va, "uno"), w.writes(vb, "dos")
		if x.Conversation != a.Conversation || y.Conversation != a.Conversation || b.Conversation == a.Conversation {
			t.Fatalf("got %s and %s", x.Conversation, y.Conversation)
		}
		_, seen, _, err := w.VisitorMessages(t.Context(), vb, "", desk.ThreadQuery{Limit: 9})
		check(t, err)
		if len(seen) == 0 {
			t.Fatal("the merged visitor sees nothing")
		}
	})
	t.Run("the same merge again does nothing", func(t *testing.T) {
		again, err := w.MergeContacts(t.Context(), w.who("ines"), va.Contact, vb.Contact)
		check(t, err)
		if again.Version != heir.Version {
			t.Fatalf("version %d after %d", again.Version, heir.Version)
		}
	})
	t.Run("ErrItself", func(t *testing.T) {
		_, err := w.MergeContacts(t.Context(), w.who("ines"), va.Contact, va.Contact)
		wantCode(t, err, desk.Invalid)
	})
	t.Run("ErrUnknown", func(t *testing.T) {
		_, err := w.MergeContacts(t.Context(), w.who("ines"), va.Contact, "nobody")
		wantCode(t, err, desk.Invalid)
	})
}

// B73-B76, B30: the transcript holds the messages and nothing internal.
func TestTranscript(t *testing.T) {
	w := newWorld(t)
	v := w.visitor("shop")
	id := w.writes(v, "Hola <b>ya</b>").Conversation
	_, _, err := w.Note(t.Context(), w.who("ines"), id, desk.Body{ClientID: "n", Text: "cliente difícil"})
	check(t, err)
	w.replies(id, "r", "Dígame")
	_, err = w.Transfer(t.Context(), w.who("ines"), id, desk.Transfer{Department: "support", Reason: "motivo secreto"})
	check(t, err)
	w.settle()
	for range 2 {
		check(t, w.RequestTranscript(t.Context(), w.who("otto"), id, desk.TranscriptTo{ClientID: "1", Email: "jefe@example.com"}))
		w.settle()
	}
	mails, err := w.mailer.Mails(t.Context())
	check(t, err)
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	for _, body := range []string{mails[0].Text, mails[0].HTML} {
		for _, leak := range []string{"difícil", "secreto", "@demo.test", "<b>ya"} {
			if strings.Contains(body, leak) && (leak != "<b>ya" || body == mails[0].HTML) {
				t.Errorf("the transcript holds %q", leak)
			}
		}
		if !strings.Contains(body, "Dígame") || !strings.Contains(body, "Hola") {
			t.Errorf("the transcript lacks a message: %s", body)
		}
	}
	t.Run("B76 the customer's own, once it is resolved", func(t *testing.T) {
		wantCode(t, w.VisitorTranscript(t.Context(), v, id, "c", "yo@example.com"), desk.Conflict)
		_, _, err := w.Close(t.Context(), w.who("otto"), id, desk.Closing{})
		check(t, err)
		check(t, w.VisitorTranscript(t.Context(), v, id, "c", "yo@example.com"))
		w.settle()
		var progress []string
		for _, a := range w.told {
			if a.Kind == desk.AnnounceTranscript {
				progress = append(progress, a.Transcript)
			}
		}
		if !slices.Equal(progress, []string{"sending", "sent"}) {
			t.Fatalf("progress %v", progress)
		}
	})
	t.Run("ErrAddress", func(t *testing.T) {
		for _, bad := range []string{"no", "a@b", "x <a@b.co>", "a@b.co\r\nBcc: c@d.co"} {
			wantCode(t, w.RequestTranscript(t.Context(), w.who("otto"), id, desk.TranscriptTo{ClientID: "2", Email: bad}), desk.Invalid)
		}
	})
	t.Run("ErrNoAssignee", func(t *testing.T) {
		wantCode(t, w.RequestTranscript(t.Context(), w.who("otto"), id, desk.TranscriptTo{ClientID: "3", Assignee: true}), desk.Conflict)
	})
}

// Visitors: a lasting secret knows them again, until it is revoked; it is good for its inbox only.
func TestSession(t *testing.T) {
	w := newWorld(t)
	first, err := w.StartSession(t.Context(), desk.Arrival{Inbox: "web"})
	check(t, err)
	again, err := w.StartSession(t.Context(), desk.Arrival{Inbox: "web", Secret: first.Secret})
	check(t, err)
	if again.Visitor != first.Visitor || again.Secret != "" {
		t.Fatalf("got %+v", again)
	}
	other, err := w.StartSession(t.Context(), desk.Arrival{Inbox: "shop", Secret: first.Secret})
	check(t, err)
	if other.Visitor.Contact == first.Visitor.Contact {
		t.Fatal("the secret of one inbox is good in another")
	}
	wantCode(t, w.RevokeSession(t.Context(), other.Visitor, first.Secret), desk.NotFound)
	check(t, w.RevokeSession(t.Context(), first.Visitor, first.Secret))
	revoked, err := w.StartSession(t.Context(), desk.Arrival{Inbox: "web", Secret: first.Secret})
	check(t, err)
	if revoked.Visitor == first.Visitor || revoked.Secret == "" {
		t.Fatal("a revoked secret still is good")
	}
	for _, key := range []string{"nowhere", "phone"} {
		_, err := w.StartSession(t.Context(), desk.Arrival{Inbox: key})
		wantCode(t, err, desk.NotFound)
	}
	t.Run("another visitor's conversation is not to be seen", func(t *testing.T) {
		id := w.writes(first.Visitor, "Hola").Conversation
		_, _, _, err := w.VisitorMessages(t.Context(), revoked.Visitor, id, desk.ThreadQuery{Limit: 9})
		wantCode(t, err, desk.NotFound)
	})
}

// Live tickets are good once; who loses sight of a conversation stops hearing it.
func TestWatch(t *testing.T) {
	w := newWorld(t)
	ticket, err := w.LiveTicket(t.Context(), desk.Connection{Account: account, Agent: "ines"})
	check(t, err)
	c, err := w.Redeem(t.Context(), ticket)
	check(t, err)
	c.ID = "socket"
	c, err = w.Connect(t.Context(), c)
	check(t, err)
	_, err = w.Redeem(t.Context(), ticket)
	wantCode(t, err, desk.Unauthenticated)
	id := w.begins("shop").ID
	check(t, w.Watch(t.Context(), c, id, true))
	heard := func() bool {
		all, err := w.books.Listeners(t.Context(), true, desk.ConversationTopic(id))
		check(t, err)
		return slices.ContainsFunc(all, func(l desk.Listener) bool { return l.ID == "socket" })
	}
	if !heard() {
		t.Fatal("ines does not hear what she watches")
	}
	_, err = w.Transfer(t.Context(), w.who("otto"), id, desk.Transfer{Department: "support"})
	check(t, err)
	w.settle()
	if heard() {
		t.Fatal("ines still hears a conversation that she may not see any more")
	}
	wantCode(t, w.Watch(t.Context(), c, id, true), desk.NotFound)
}

// B33-B35 and priority: every act of the panel is a line of the thread.
func TestPanelActs(t *testing.T) {
	w := newWorld(t)
	id := w.begins("shop").ID
	who := w.who("ines")
	for range 2 { // a repeat writes nothing more
		_, err := w.Label(t.Context(), who, id, []desk.LabelID{"vip"})
		check(t, err)
		_, err = w.Prioritize(t.Context(), who, id, desk.Urgent)
		check(t, err)
		_, err = w.Mute(t.Context(), who, id, true)
		check(t, err)
		_, err = w.Assign(t.Context(), who, id, "ines")
		check(t, err)
	}
	w.settle()
	want := []string{"conversation.created", "conversation.labelled", "conversation.prioritized", "conversation.muted", "conversation.assigned"}
	if got := w.texts(id, desk.ActivityKind); !slices.Equal(got, want) {
		t.Fatalf("got %q", got)
	}
	list, _, err := w.Conversations(t.Context(), w.who("ana"), desk.List{Label: "vip", Page: desk.PageRequest{Limit: 9}})
	check(t, err)
	if len(list) != 1 {
		t.Fatalf("the label lists %d", len(list))
	}
	_, err = w.Label(t.Context(), who, id, []desk.LabelID{"nope"})
	wantCode(t, err, desk.Invalid)
	_, err = w.Prioritize(t.Context(), who, id, "mega")
	wantCode(t, err, desk.Invalid)
}

// An address whose mail came back, or whose owner complained, is not written to any more.
func TestFeedback(t *testing.T) {
	w := newWorld(t)
	id := w.begins("shop").ID
	check(t, w.Feedback(t.Context(), desk.FeedbackJob{Account: account, Addresses: []string{"Gone@Example.com", "x@example.com"}, Reason: "550"}))
	check(t, w.Feedback(t.Context(), desk.FeedbackJob{Account: account})) // a bounce that may pass
	for address, want := range map[string]desk.Code{"gone@example.com": desk.Invalid, "x@example.com": desk.Invalid, "y@example.com": ""} {
		wantCode(t, w.RequestTranscript(t.Context(), w.who("ana"), id, desk.TranscriptTo{ClientID: address, Email: address}), want)
	}
	wantCode(t, w.Feedback(t.Context(), desk.FeedbackJob{Addresses: []string{"a@example.com"}}), desk.Invalid)
}
