package desktest

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/relevo/relevo/internal/desk"
)

// message is a customer's message of a conversation, with an identity of its own.
func (s *shelf) message(conversation desk.ConversationID) desk.Message {
	id := s.id()
	return desk.Message{
		ID: desk.MessageID(id), Conversation: conversation, Inbox: "web", Kind: desk.MessageText,
		Author: desk.Actor{Kind: desk.ByCustomer, ID: "rosa", Name: "Rosa"}, Content: desk.TextContent, Text: "Hola", ExternalID: "client-" + id,
	}
}

func (s *shelf) stored(m desk.Message) desk.Message {
	s.Helper()
	stored, fresh, err := s.books.StoreMessage(s.Context(), m)
	s.ok(err)
	if !fresh {
		s.Fatal("a new message is said to be known")
	}
	return stored
}

// amended applies a change and reads the message.
func (s *shelf) amended(m desk.Message, change desk.MessageChange) desk.Message {
	s.Helper()
	s.ok(s.books.ChangeMessage(s.Context(), m.Conversation, m.ID, change))
	got, err := s.books.Message(s.Context(), m.Conversation, m.ID)
	s.ok(err)
	return got
}

func (s *shelf) refuses(m desk.Message, changes ...desk.MessageChange) {
	s.Helper()
	before, err := s.books.Message(s.Context(), m.Conversation, m.ID)
	s.ok(err)
	for _, change := range changes {
		s.fails(s.books.ChangeMessage(s.Context(), m.Conversation, m.ID, change), desk.Conflict)
	}
	after, err := s.books.Message(s.Context(), m.Conversation, m.ID)
	s.ok(err)
	s.same(after, before)
}

func state(to desk.DeliveryState) desk.MessageChange {
	return desk.MessageChange{Delivery: &desk.Delivery{State: to}}
}

var messageTests = map[string]func(*shelf){
	"StoreMessage/OK": func(s *shelf) {
		m := s.message("c1")
		m.HTML, m.Data, m.ReplyTo = "<p>Hola</p>", map[string]string{"a": "1", "b": ""}, desk.MessageID(s.id())
		m.Attachments = []desk.Attachment{{Key: "k", Name: "n.pdf", Type: "application/pdf", Size: 9}, {ProviderID: "p", Failed: "gone"}}
		m.Mentions, m.Event, m.Provider, m.ProviderAt = []desk.AgentID{"ana"}, desk.MessageDeleted, "wamid", s.at(1)
		m.Delivery = desk.Delivery{State: desk.Failed, Error: "no", At: s.at(2)}
		m.ClaimedAt, m.Automatic, m.EditedAt, m.DeletedAt = s.at(3), true, s.at(4), s.at(5)
		s.same(s.stored(m), m)
		got, err := s.books.Message(s.Context(), "c1", m.ID)
		s.ok(err)
		s.same(got, m)
		conversation, id, err := s.books.MessageByIdentity(s.Context(), "web", m.ExternalID)
		s.ok(err)
		s.same([]any{conversation, id}, []any{m.Conversation, m.ID})
	},
	"StoreMessage/Repeat": func(s *shelf) {
		m := s.stored(s.message("c1"))
		again := m
		again.ID, again.Conversation, again.Text = desk.MessageID(s.id()), "c2", "changed"
		got, fresh, err := s.books.StoreMessage(s.Context(), again)
		s.ok(err)
		s.same(fresh, false)
		s.same(got, m)
		again.Inbox = "shop"
		s.stored(again) // another inbox, another message
	},
	"StoreMessage/OnceOfManyAtOnce": func(s *shelf) {
		c := s.begin(nil)
		m := s.message(c.ID)
		var fresh atomic.Int32
		for _, err := range atOnce(10, func(int) error {
			mine := m
			mine.ID = desk.MessageID(desk.NewID(s.start))
			_, first, err := s.books.StoreMessage(s.Context(), mine)
			if first {
				fresh.Add(1)
			}
			return err
		}) {
			s.ok(err)
		}
		s.same(fresh.Load(), int32(1))
		_, messages, _, err := s.books.Thread(s.Context(), c.ID, desk.ThreadQuery{Limit: 20, Fresh: true})
		s.ok(err)
		s.same(len(messages), 1)
	},
	"StoreMessage/WithoutIdentity": func(s *shelf) {
		m := s.message("c1")
		m.ExternalID = ""
		s.same(s.stored(m), m)
		_, fresh, err := s.books.StoreMessage(s.Context(), m)
		s.ok(err)
		s.same(fresh, false)
	},
	"Message/ErrNotFound": func(s *shelf) {
		m := s.stored(s.message("c1"))
		_, err := s.other().Message(s.Context(), "c1", m.ID)
		s.fails(err, desk.NotFound)
		_, err = s.books.Message(s.Context(), "c2", m.ID)
		s.fails(err, desk.NotFound)
		for _, books := range []desk.Books{s.other(), s.books} {
			inbox := desk.InboxID("web")
			if books.ID() == s.books.ID() {
				inbox = "shop"
			}
			_, _, err = books.MessageByIdentity(s.Context(), inbox, m.ExternalID)
			s.fails(err, desk.NotFound)
		}
		s.fails(s.other().ChangeMessage(s.Context(), "c1", m.ID, state(desk.Sent)), desk.NotFound)
		_, err = s.other().Message(s.Context(), "c1", m.ID)
		s.fails(err, desk.NotFound)
	},
	"ChangeMessage/DeliveryOnlyRises": func(s *shelf) {
		m := s.stored(s.message("c1"))
		failed := desk.Delivery{State: desk.Failed, Error: "131026", At: s.at(1)}
		s.same(s.amended(m, desk.MessageChange{Delivery: &failed}).Delivery, failed)
		s.refuses(m, state(desk.Sent), state(desk.Failed))
		delivered := desk.Delivery{State: desk.Delivered, At: s.at(2)}
		s.same(s.amended(m, desk.MessageChange{Delivery: &delivered}).Delivery, delivered)
		s.same(s.amended(m, state(desk.Read)).Delivery.State, desk.Read)
		s.refuses(m, state(desk.Sent), state(desk.Failed), state(desk.Delivered), state(desk.Read))
	},
	"ChangeMessage/Claim": func(s *shelf) {
		m := s.stored(s.message("c1"))
		claim := desk.MessageChange{Claim: s.at(1)}
		s.same(s.amended(m, claim).ClaimedAt, s.at(1))
		s.refuses(m, claim)
		s.same(s.amended(m, desk.MessageChange{Release: true}), m)
		s.refuses(m, desk.MessageChange{Release: true})
		s.amended(m, claim)
		s.amended(m, state(desk.Failed))
		s.refuses(m, claim)
		retried := m
		retried.RetriedAt = s.at(60)
		s.same(s.amended(m, desk.MessageChange{Retry: s.at(60)}), retried)
		s.refuses(m, desk.MessageChange{Retry: s.at(60)})
		s.amended(m, state(desk.Sent))
		s.refuses(m, claim, desk.MessageChange{Retry: s.at(60)})
	},
	"ChangeMessage/OneClaimOfMany": func(s *shelf) {
		m := s.stored(s.message("c1"))
		s.same(s.count(atOnce(8, func(int) error {
			return s.books.ChangeMessage(s.Context(), "c1", m.ID, desk.MessageChange{Claim: s.at(1)})
		})), 1)
	},
	"ChangeMessage/Receipt": testReceipt,
	"ChangeMessage/Delete": func(s *shelf) {
		m := s.message("c1")
		m.HTML, m.Data, m.Attachments = "<p>x</p>", map[string]string{"a": "b"}, []desk.Attachment{{Key: "k"}}
		m = s.stored(m)
		got := s.amended(m, desk.MessageChange{Delete: s.at(1)})
		want := m
		want.Text, want.HTML, want.Data, want.Attachments, want.DeletedAt = "", "", nil, nil, s.at(1)
		s.same(got, want)
		attachment := &desk.AttachmentAt{Attachment: desk.Attachment{Key: "late"}}
		s.refuses(m, desk.MessageChange{Delete: s.at(2)}, desk.MessageChange{Edit: &desk.Edit{Text: "x", At: s.at(3)}},
			desk.MessageChange{Attachment: attachment})
	},
	"ChangeMessage/Edit": func(s *shelf) {
		m := s.stored(s.message("c1"))
		got := s.amended(m, desk.MessageChange{Edit: &desk.Edit{Text: "Adios", At: s.at(5)}})
		s.same([]any{got.Text, got.EditedAt}, []any{"Adios", s.at(5)})
		s.refuses(m, desk.MessageChange{Edit: &desk.Edit{Text: "older", At: s.at(4)}}, desk.MessageChange{Edit: &desk.Edit{Text: "x", At: s.at(5)}})
	},
	"ChangeMessage/Attachment": func(s *shelf) {
		m := s.message("c1")
		m.Attachments = []desk.Attachment{{ProviderID: "p0"}, {ProviderID: "p1"}, {ProviderID: "p2"}}
		m = s.stored(m)
		fetched := desk.Attachment{Key: "demo/1", Name: "a.png", Type: "image/png", Size: 77}
		s.amended(m, desk.MessageChange{Attachment: &desk.AttachmentAt{Index: 1, Attachment: fetched}})
		got := s.amended(m, desk.MessageChange{Attachment: &desk.AttachmentAt{Index: 2, Attachment: desk.Attachment{ProviderID: "p2", Failed: "gone"}}})
		s.same(got.Attachments, []desk.Attachment{{ProviderID: "p0"}, fetched, {ProviderID: "p2", Failed: "gone"}})
		s.refuses(m, desk.MessageChange{Attachment: &desk.AttachmentAt{Index: 3, Attachment: fetched}})
	},
}

func testReceipt(s *shelf) {
	m := s.stored(s.message("c1"))
	receipt := desk.MessageChange{Receipt: &desk.Receipt{Provider: "wamid." + s.id(), At: s.at(1)}}
	got := s.amended(m, receipt)
	s.same([]any{got.Provider, got.Delivery}, []any{receipt.Receipt.Provider, desk.Delivery{State: desk.Sent, At: s.at(1)}})
	conversation, id, err := s.books.MessageByIdentity(s.Context(), "web", receipt.Receipt.Provider)
	s.ok(err)
	s.same([]any{conversation, id}, []any{m.Conversation, m.ID})
	s.same(s.amended(m, receipt), got) // a repeat is harmless
	early := s.stored(s.message("c1"))
	s.amended(early, state(desk.Read))
	s.same(s.amended(early, desk.MessageChange{Receipt: &desk.Receipt{Provider: "wamid." + s.id(), At: s.at(2)}}).Delivery.State, desk.Read)
	s.refuses(early, receipt) // that id is another message's
	failed := s.books.ChangeMessage(s.Context(), "c9", m.ID, receipt)
	s.fails(failed, desk.NotFound)
}

var threadTests = map[string]func(*shelf){
	"Thread/Pages": testThreadPages,
	"Thread/OKNoMessages": func(s *shelf) {
		c := s.begin(nil)
		for _, limit := range []int{0, 10} {
			got, messages, more, err := s.books.Thread(s.Context(), c.ID, desk.ThreadQuery{Limit: limit, Fresh: true})
			s.ok(err)
			s.same(got, c)
			s.same([]any{len(messages), more}, []any{0, false})
		}
	},
	"Thread/LargeMessages": func(s *shelf) { // more than the 1 MiB after which a query ends its page
		c := s.begin(nil)
		for range 20 {
			m := s.message(c.ID)
			m.Text = strings.Repeat("x", desk.MaxText)
			s.stored(m)
		}
		_, messages, more, err := s.books.Thread(s.Context(), c.ID, desk.ThreadQuery{Limit: 20, Fresh: true})
		s.ok(err)
		s.same([]any{len(messages), more}, []any{20, false})
	},
	"Thread/ErrNotFound": func(s *shelf) {
		c := s.begin(nil)
		m := s.stored(s.message(c.ID))
		orphan := s.stored(s.message("no-conversation"))
		for _, query := range []desk.ThreadQuery{{}, {Limit: 5}, {Limit: 5, Before: m.ID}, {Limit: 5, After: m.ID, Fresh: true}} {
			_, _, _, err := s.other().Thread(s.Context(), c.ID, query)
			s.fails(err, desk.NotFound)
			_, _, _, err = s.books.Thread(s.Context(), orphan.Conversation, query)
			s.fails(err, desk.NotFound)
		}
	},
}

func testThreadPages(s *shelf) {
	c := s.begin(nil)
	oldest := make([]desk.MessageID, 0, 7)
	for range 7 {
		oldest = append(oldest, s.stored(s.message(c.ID)).ID)
	}
	newest := slices.Clone(oldest)
	slices.Reverse(newest)
	read := func(query desk.ThreadQuery) ([]desk.MessageID, bool) {
		s.Helper()
		query.Fresh = true
		got, messages, more, err := s.books.Thread(s.Context(), c.ID, query)
		s.ok(err)
		s.same(got.ID, c.ID)
		var ids []desk.MessageID
		for _, m := range messages {
			ids = append(ids, m.ID)
		}
		return ids, more
	}
	for size := 1; size <= 8; size++ {
		var up, down []desk.MessageID
		for more := true; more; {
			query := desk.ThreadQuery{Limit: size}
			if len(up) > 0 {
				query.Before = up[len(up)-1]
			}
			var page []desk.MessageID
			page, more = read(query)
			up = append(up, page...)
		}
		s.same(up, newest)
		down = append(down, oldest[0])
		for more := true; more; {
			var page []desk.MessageID
			page, more = read(desk.ThreadQuery{Limit: size, After: down[len(down)-1]})
			down = append(down, page...)
		}
		s.same(down, oldest)
	}
	for _, edge := range []desk.MessageID{desk.PlaceAt(s.start.AddDate(1, 0, 0)), newest[0]} {
		after, more := read(desk.ThreadQuery{Limit: 3, After: edge})
		s.same([]any{len(after), more}, []any{0, false})
	}
	before, more := read(desk.ThreadQuery{Limit: 3, Before: desk.PlaceAt(s.start)})
	s.same(fmt.Sprint(before, more), "[] false")
}
