package desk_test

import (
	"slices"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// B12, B13, B14, B18, B20, B53: the first message, the greeting and the questions for the e-mail.
func TestStart(t *testing.T) {
	w := newWorld(t)
	v := w.visitor("web")
	m := w.writes(v, "Hola")
	c := w.conversation(m.Conversation)
	if c.Status != desk.Open || c.Assignee != "" || c.Number != 1 || c.Department != "sales" {
		t.Fatalf("new conversation: %+v", c)
	}
	texts := w.texts(c.ID, desk.MessageText)
	if len(texts) != 3 || texts[0] != "Hola" || texts[1] != "Hola" {
		t.Fatalf("want message, greeting and question, got %q", texts)
	}
	list, _, err := w.Conversations(t.Context(), w.who("ana"), desk.List{View: desk.AllView, Page: desk.PageRequest{Limit: 25}})
	check(t, err)
	if len(list) != 1 || list[0].ID != c.ID {
		t.Fatalf("All shows %v", list)
	}

	t.Run("B14 an answer that is no address is asked for once more, then let be", func(t *testing.T) {
		w.writes(v, "no quiero")
		w.writes(v, "que no")
		w.writes(v, "me@example.com")
		if n := len(w.texts(c.ID, desk.MessageText)); n != 7 {
			t.Fatalf("want 4 messages of his, greeting and two questions, got %q", w.texts(c.ID, desk.MessageText))
		}
		if c := w.conversation(c.ID); c.ContactEmail != "" || c.EmailStep != desk.EmailDone {
			t.Fatalf("got %q %q", c.ContactEmail, c.EmailStep)
		}
	})
	t.Run("B14 B20 an address is confirmed and stored on the contact", func(t *testing.T) {
		v := w.visitor("web")
		c := w.conversation(w.writes(v, "Hola").Conversation)
		w.writes(v, "Es Cliente@Example.COM.")
		contact, err := w.Contact(t.Context(), w.who("ines"), c.Contact)
		check(t, err)
		if contact.Email != "Cliente@example.com" {
			t.Fatalf("contact has %q", contact.Email)
		}
		if c := w.conversation(c.ID); c.ContactEmail != contact.Email {
			t.Fatalf("conversation shows %q", c.ContactEmail)
		}
		if n := len(w.texts(c.ID, desk.MessageText)); n != 5 {
			t.Fatalf("got %q", w.texts(c.ID, desk.MessageText))
		}
		if !slices.Contains(w.texts(c.ID, desk.ActivityKind), string(desk.ContactCaptured)) {
			t.Fatal("no activity line tells of the address")
		}
	})
	t.Run("B14 never asked when it is known", func(t *testing.T) {
		v := w.visitor("web")
		_, err := w.UpdateVisitorContact(t.Context(), v, func(c *desk.Contact) { c.Email = "a@example.com" })
		check(t, err)
		c := w.conversation(w.writes(v, "Hola").Conversation)
		if n := len(w.texts(c.ID, desk.MessageText)); n != 2 {
			t.Fatalf("got %q", w.texts(c.ID, desk.MessageText))
		}
	})
	t.Run("B16 with the pre-chat form nothing is asked", func(t *testing.T) {
		c := w.begins("shop")
		if n := len(w.texts(c.ID, desk.MessageText)); n != 1 {
			t.Fatalf("got %q", w.texts(c.ID, desk.MessageText))
		}
	})
}

// A repeat of a message answers as the first did and adds nothing, at once or a day later.
func TestWriteRepeated(t *testing.T) {
	w := newWorld(t)
	v := w.visitor("shop")
	body := desk.Body{ClientID: "one", Text: "Hola"}
	first, fresh, err := w.Write(t.Context(), v, body)
	check(t, err)
	if !fresh {
		t.Fatal("the first is fresh")
	}
	w.settle()
	_, _, err = w.Close(t.Context(), w.who("ana"), first.Conversation, desk.Closing{})
	check(t, err)
	w.settle()
	w.pass(26 * time.Hour)
	again, fresh, err := w.Write(t.Context(), v, body)
	check(t, err)
	if fresh || again.ID != first.ID || again.Conversation != first.Conversation || again.Text != "Hola" {
		t.Fatalf("got %+v, fresh %v", again, fresh)
	}
	if _, err := w.books.Receiving(t.Context(), true, v.Contact, v.Inbox); !desk.Is(err, desk.NotFound) {
		t.Fatalf("a repeat began a conversation: %v", err)
	}
}

// B21, B22: the same customer again; the earlier conversation is listed.
func TestSecondConversation(t *testing.T) {
	w := newWorld(t)
	v := w.visitor("shop")
	first := w.writes(v, "Hola")
	_, _, err := w.Close(t.Context(), w.who("ana"), first.Conversation, desk.Closing{})
	check(t, err)
	w.settle()
	second := w.writes(v, "Otra vez")
	if second.Conversation == first.Conversation {
		t.Fatal("a message after the close begins a new conversation")
	}
	own, _, err := w.VisitorConversations(t.Context(), v, desk.PageRequest{Limit: 10})
	check(t, err)
	theirs, _, err := w.ConversationsOf(t.Context(), w.who("ines"), v.Contact, desk.PageRequest{Limit: 10})
	check(t, err)
	if len(own) != 2 || len(theirs) != 2 || own[0].ID != second.Conversation {
		t.Fatalf("visitor sees %d, agent %d", len(own), len(theirs))
	}
}

// B54: with a bot a conversation is pending until the bot hands it over.
func TestBot(t *testing.T) {
	w := newWorld(t)
	bot, token, err := w.CreateBot(t.Context(), w.who("ana"), desk.Bot{ID: "robot", Name: "Robot", Inbox: "shop"})
	check(t, err)
	settings, err := w.Settings(t.Context(), account)
	check(t, err)
	inbox := settings.Inboxes["shop"]
	inbox.Bot = bot.ID
	check(t, w.SaveSetting(t.Context(), w.who("ana"), inbox))
	c := w.begins("shop")
	if c.Status != desk.Pending {
		t.Fatalf("got %s", c.Status)
	}
	who, err := w.BotByToken(t.Context(), token)
	check(t, err)
	m, _, err := w.Reply(t.Context(), who, c.ID, desk.Body{ClientID: "1", Text: "Soy un robot"})
	check(t, err)
	if m.Author.Kind != desk.ByBot {
		t.Fatalf("author %+v", m.Author)
	}
	_, err = w.OpenConversation(t.Context(), who, c.ID)
	check(t, err)
	w.settle()
	if c := w.conversation(c.ID); c.Status != desk.Open || c.Assignee != "" || !c.Thread.FirstReplyAt.IsZero() {
		t.Fatalf("after the bot: %+v", c)
	}
	t.Run("ErrOtherInbox", func(t *testing.T) {
		_, err := w.OpenConversation(t.Context(), who, w.begins("web").ID)
		wantCode(t, err, desk.NotFound)
	})
	t.Run("ErrDeleted", func(t *testing.T) {
		check(t, w.DeleteSetting(t.Context(), w.who("ana"), desk.BotSetting, "robot"))
		_, err := w.BotByToken(t.Context(), token)
		wantCode(t, err, desk.Unauthenticated)
	})
}
