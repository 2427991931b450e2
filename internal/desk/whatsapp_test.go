package desk_test

import (
	"slices"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// phones lets a WhatsApp customer write, and waits until everything followed.
func (w *world) phones(id, from, text string) *desk.Conversation {
	w.t.Helper()
	w.ingest(desk.ChannelEvent{
		Kind: desk.ChannelMessage, ExternalID: id, From: desk.Sender{Address: from, Name: "Eva", Phone: "+" + from},
		Message: desk.ChannelContent{Content: desk.TextContent, Text: text},
	})
	c, m, err := w.books.MessageByIdentity(w.t.Context(), "phone", id)
	check(w.t, err)
	if m == "" {
		w.t.Fatal("no message")
	}
	return w.conversation(c)
}

func (w *world) ingest(e desk.ChannelEvent) {
	w.t.Helper()
	e.Account, e.Inbox = account, "phone"
	if e.At.IsZero() {
		e.At = w.clock()
	}
	check(w.t, w.Ingest(w.t.Context(), e))
	w.settle()
}

func (w *world) message(c desk.ConversationID, m desk.MessageID) desk.Message {
	w.t.Helper()
	got, err := w.books.Message(w.t.Context(), c, m)
	check(w.t, err)
	return got
}

func (w *world) replies(c desk.ConversationID, clientID, text string) desk.Message {
	w.t.Helper()
	m, _, err := w.Reply(w.t.Context(), w.who("ines"), c, desk.Body{ClientID: clientID, Text: text})
	check(w.t, err)
	w.settle()
	return w.message(c, m.ID)
}

// A WhatsApp message becomes a conversation with a ticket of its own (B83); repeats add nothing.
func TestWhatsAppInbound(t *testing.T) {
	w := newWorld(t)
	c := w.phones("wamid.1", "5731", "Hola")
	w.phones("wamid.1", "5731", "Hola")
	if c.Address != "5731" || c.ContactName != "Eva" || w.conversation(c.ID).Ticket == 0 {
		t.Fatalf("got %+v", w.conversation(c.ID))
	}
	if texts := w.texts(c.ID, desk.MessageText); len(texts) != 1 {
		t.Fatalf("got %q", texts)
	}
	t.Run("an edit and a deletion reach the message", func(t *testing.T) {
		w.ingest(desk.ChannelEvent{Kind: desk.ChannelEdit, ExternalID: "wamid.2", Target: "wamid.1", From: desk.Sender{Address: "5731"},
			Message: desk.ChannelContent{Content: desk.TextContent, Text: "Hola!"}})
		if texts := w.texts(c.ID, desk.MessageText); len(texts) != 1 || texts[0] != "Hola!" {
			t.Fatalf("got %q", texts)
		}
		w.ingest(desk.ChannelEvent{Kind: desk.ChannelDelete, ExternalID: "wamid.3", Target: "wamid.1", From: desk.Sender{Address: "5731"}})
		if texts := w.texts(c.ID, desk.MessageText); len(texts) != 1 || texts[0] != "" {
			t.Fatalf("got %q", texts)
		}
	})
	t.Run("an edit of a message that never came is kept", func(t *testing.T) {
		w.ingest(desk.ChannelEvent{Kind: desk.ChannelEdit, ExternalID: "wamid.5", Target: "wamid.4", From: desk.Sender{Address: "5731"},
			Message: desk.ChannelContent{Content: desk.TextContent, Text: "corregido"}})
		if texts := w.texts(c.ID, desk.MessageText); !slices.Contains(texts, "corregido") {
			t.Fatalf("got %q", texts)
		}
	})
	t.Run("a sender with a user id only, later with a number, stays one contact", func(t *testing.T) {
		w.ingest(desk.ChannelEvent{Kind: desk.ChannelMessage, ExternalID: "u1", From: desk.Sender{Address: "CO.77", Name: "Ana"},
			Message: desk.ChannelContent{Content: desk.TextContent, Text: "uno"}})
		w.ingest(desk.ChannelEvent{Kind: desk.ChannelMessage, ExternalID: "u2", From: desk.Sender{Address: "5777", UserID: "CO.77", Name: "Ana"},
			Message: desk.ChannelContent{Content: desk.TextContent, Text: "dos"}})
		a, _, err := w.books.MessageByIdentity(t.Context(), "phone", "u1")
		check(t, err)
		b, _, err := w.books.MessageByIdentity(t.Context(), "phone", "u2")
		check(t, err)
		if a != b {
			t.Fatal("two conversations for one person")
		}
	})
	t.Run("a new number is answered from then on", func(t *testing.T) {
		w.ingest(desk.ChannelEvent{Kind: desk.ChannelIdentity, ExternalID: "n", From: desk.Sender{Address: "5731"}, NewAddress: "5799"})
		if got := w.conversation(c.ID); got.Address != "5799" {
			t.Fatalf("address %s", got.Address)
		}
		if again := w.phones("wamid.9", "5799", "soy yo"); again.ID != c.ID {
			t.Fatal("the new number began another conversation")
		}
	})
}

// Delivery: claimed before it is sent, states that only rise, failures that agents can read.
func TestWhatsAppDelivery(t *testing.T) {
	w := newWorld(t)
	c := w.phones("wamid.1", "5731", "Hola")
	m := w.replies(c.ID, "1", "Dígame")
	if m.Delivery.State != desk.Sent || m.Provider != "wamid."+string(m.ID) || len(w.provider.sent) != 1 {
		t.Fatalf("got %+v", m)
	}
	status := func(state desk.DeliveryState, key string) {
		w.ingest(desk.ChannelEvent{Kind: desk.ChannelStatus, ExternalID: m.Provider, Key: key, Delivery: desk.Delivery{State: state}})
	}
	t.Run("I4 states only rise, found by the provider's id and by our key", func(t *testing.T) {
		for _, s := range []struct{ tell, want desk.DeliveryState }{
			{desk.Delivered, desk.Delivered}, {desk.Sent, desk.Delivered}, {desk.Read, desk.Read}, {desk.Delivered, desk.Read}, {desk.Failed, desk.Read},
		} {
			status(s.tell, "")
			if got := w.message(c.ID, m.ID).Delivery.State; got != s.want {
				t.Fatalf("told %s: %s", s.tell, got)
			}
		}
	})
	t.Run("a delivery again sends nothing", func(t *testing.T) {
		check(t, w.Deliver(t.Context(), desk.DeliverJob{Account: account, Conversation: c.ID, Message: m.ID}))
		if len(w.provider.sent) != 1 {
			t.Fatalf("sent %d times", len(w.provider.sent))
		}
	})
	t.Run("I3 an answer that was lost is uncertain, and a later status settles it", func(t *testing.T) {
		w.provider.fail = desk.Wrap(desk.Unavailable, desk.ErrUncertain, "send")
		m = w.replies(c.ID, "2", "¿Recibido?")
		w.provider.fail = nil
		if m.Delivery.State != desk.Failed || m.Delivery.Error == "" {
			t.Fatalf("got %+v", m.Delivery)
		}
		status(desk.Delivered, string(c.ID)+"/"+string(m.ID))
		if got := w.message(c.ID, m.ID).Delivery; got.State != desk.Delivered {
			t.Fatalf("got %+v", got)
		}
	})
	t.Run("I3 a crash after the claim is uncertain too", func(t *testing.T) {
		w.crash.Store(true)
		m = w.replies(c.ID, "3", "uno")
		w.crash.Store(false)
		job := desk.DeliverJob{Account: account, Conversation: c.ID, Message: m.ID}
		check(t, w.books.ChangeMessage(t.Context(), c.ID, m.ID, desk.MessageChange{Claim: w.clock()}))
		sent := len(w.provider.sent)
		wantCode(t, w.Deliver(t.Context(), job), desk.Unavailable) // the other may still be sending
		w.pass(61 * time.Second)
		check(t, w.Deliver(t.Context(), job))
		if got := w.message(c.ID, m.ID); got.Delivery.State != desk.Failed || len(w.provider.sent) != sent {
			t.Fatalf("got %+v, sent %d", got.Delivery, len(w.provider.sent)-sent)
		}
	})
	t.Run("surely not sent: the claim is given back and the next delivery sends", func(t *testing.T) {
		w.crash.Store(true)
		m = w.replies(c.ID, "5", "tres")
		w.crash.Store(false)
		job := desk.DeliverJob{Account: account, Conversation: c.ID, Message: m.ID}
		w.provider.fail = &desk.Error{Code: desk.Limited, Message: "slow down"}
		wantCode(t, w.Deliver(t.Context(), job), desk.Limited)
		w.provider.fail = nil
		check(t, w.Deliver(t.Context(), job))
		if got := w.message(c.ID, m.ID); got.Delivery.State != desk.Sent {
			t.Fatalf("got %+v", got.Delivery)
		}
	})
	t.Run("given up after a while, so that the agent sees it", func(t *testing.T) {
		w.crash.Store(true)
		m = w.replies(c.ID, "6", "cuatro")
		w.crash.Store(false)
		w.provider.fail = &desk.Error{Code: desk.Unavailable, Message: "the provider is down"}
		w.pass(2 * time.Minute)
		check(t, w.Deliver(t.Context(), desk.DeliverJob{Account: account, Conversation: c.ID, Message: m.ID}))
		w.provider.fail = nil
		if got := w.message(c.ID, m.ID).Delivery; got.State != desk.Failed || got.Error != "the provider is down" {
			t.Fatalf("got %+v", got)
		}
	})
	t.Run("refused for good, then sent again on demand", func(t *testing.T) {
		w.provider.fail = &desk.Error{Code: desk.Invalid, Message: "recipient not on WhatsApp"}
		m = w.replies(c.ID, "4", "dos")
		if m.Delivery.State != desk.Failed || m.Delivery.Error != "recipient not on WhatsApp" {
			t.Fatalf("got %+v", m.Delivery)
		}
		w.provider.fail = nil
		_, err := w.RetryMessage(t.Context(), w.who("ines"), c.ID, m.ID)
		check(t, err)
		w.settle()
		if got := w.message(c.ID, m.ID); got.Delivery.State != desk.Sent {
			t.Fatalf("got %+v", got.Delivery)
		}
		_, err = w.RetryMessage(t.Context(), w.who("ines"), c.ID, m.ID)
		wantCode(t, err, desk.Conflict)
	})
}

// The 24 hours count from the provider's instant; a template goes past them.
func TestWhatsAppWindow(t *testing.T) {
	w := newWorld(t)
	c := w.phones("wamid.1", "5731", "Hola")
	w.pass(25 * time.Hour)
	w.ingest(desk.ChannelEvent{Kind: desk.ChannelMessage, ExternalID: "late", At: w.clock().Add(-24*time.Hour - time.Minute),
		From: desk.Sender{Address: "5731"}, Message: desk.ChannelContent{Content: desk.TextContent, Text: "tarde"}})
	_, _, err := w.Reply(t.Context(), w.who("ines"), c.ID, desk.Body{ClientID: "1", Text: "Hola"})
	wantCode(t, err, desk.Conflict)
	for _, bad := range []desk.TemplateUse{
		{Name: "nope", Language: "es"}, {Name: "order", Language: "en", Parameters: []string{"7"}}, {Name: "order", Language: "es"},
	} {
		_, _, err := w.Reply(t.Context(), w.who("ines"), c.ID, desk.Body{ClientID: "2", Template: &bad})
		wantCode(t, err, desk.Invalid)
	}
	m, _, err := w.Reply(t.Context(), w.who("ines"), c.ID,
		desk.Body{ClientID: "3", Template: &desk.TemplateUse{Name: "order", Language: "es", Parameters: []string{"77"}}})
	check(t, err)
	w.settle()
	if got := w.message(c.ID, m.ID); got.Text != "Pedido 77 listo" || got.Delivery.State != desk.Sent {
		t.Fatalf("got %+v", got)
	}
	if sent := w.provider.sent[0]; sent.Template == nil || sent.Template.Parameters[0] != "77" || sent.Key == "" {
		t.Fatalf("sent %+v", sent)
	}
	// The customer has just written, and his conversation has not heard of it yet.
	check(t, w.Ingest(t.Context(), desk.ChannelEvent{Account: account, Inbox: "phone", Kind: desk.ChannelMessage, ExternalID: "now", At: w.clock(),
		From: desk.Sender{Address: "5731"}, Message: desk.ChannelContent{Content: desk.TextContent, Text: "ya"}}))
	if got := w.replies(c.ID, "4", "Hola"); got.Delivery.State != desk.Sent {
		t.Fatalf("got %+v", got)
	}
}

// Attachments are fetched into our own store; what is gone is said to be gone.
func TestMedia(t *testing.T) {
	w := newWorld(t)
	image := func(id string) desk.Message {
		w.ingest(desk.ChannelEvent{Kind: desk.ChannelMessage, ExternalID: id, From: desk.Sender{Address: "5731"}, Message: desk.ChannelContent{
			Content: desk.ImageContent, Attachments: []desk.Attachment{{ProviderID: "m" + id, Name: "foto.png", Type: "image/png"}}}})
		c, m, err := w.books.MessageByIdentity(t.Context(), "phone", id)
		check(t, err)
		return w.message(c, m)
	}
	if a := image("1").Attachments[0]; a.Key == "" || a.Size != 4 {
		t.Fatalf("got %+v", a)
	}
	w.provider.fail = &desk.Error{Code: desk.NotFound, Message: "expired"}
	if a := image("2").Attachments[0]; a.Key != "" || a.Failed != "expired" {
		t.Fatalf("got %+v", a)
	}
}
