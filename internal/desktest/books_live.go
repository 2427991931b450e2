package desktest

import (
	"slices"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

func (s *shelf) listeners(topics ...desk.Topic) []desk.ConnectionID {
	s.Helper()
	found, err := s.books.Listeners(s.Context(), true, topics...)
	s.ok(err)
	var got []desk.ConnectionID
	for _, l := range found {
		got = append(got, l.ID)
	}
	slices.Sort(got)
	return got
}

var liveTests = map[string]func(*shelf){
	"Connect/OK": func(s *shelf) {
		mine, sales := desk.AgentTopic("ana"), desk.DepartmentTopic("sales")
		c := desk.Connection{ID: desk.ConnectionID(s.id()), Account: s.books.ID(), Agent: "ana", Topics: []desk.Topic{mine, sales}}
		s.ok(s.books.Connect(s.Context(), c))
		got, err := s.store.Connection(s.Context(), c.ID)
		s.ok(err)
		s.same(got, c)
		s.same(s.listeners(mine, sales), []desk.ConnectionID{c.ID})
		s.same(len(s.listeners(desk.AgentTopic("otto"))), 0)
		foreign, err := s.other().Listeners(s.Context(), true, mine)
		s.ok(err)
		s.same(len(foreign), 0)
	},
	"Listeners/SeveralTopics": func(s *shelf) {
		var all []desk.ConnectionID
		for i := range 4 {
			c := desk.Connection{ID: desk.ConnectionID(s.id()), Agent: "ana", Topics: []desk.Topic{"conversation/x"}}
			if i > 1 {
				c.Topics = append(c.Topics, desk.CustomerTopic("rosa", "web"))
			}
			s.ok(s.books.Connect(s.Context(), c))
			all = append(all, c.ID)
		}
		s.same(s.listeners("conversation/x", desk.CustomerTopic("rosa", "web"), "none"), all)
		s.same(s.listeners(desk.CustomerTopic("rosa", "web")), all[2:])
		s.same(len(s.listeners()), 0)
	},
	"Listeners/ByName": func(s *shelf) {
		topic := desk.CustomerTopic("rosa", "web")
		named := desk.Connection{ID: "a" + desk.ConnectionID(s.id()), Line: desk.LineOf("a ticket"), Topics: []desk.Topic{topic}}
		s.ok(s.books.Connect(s.Context(), named))
		nameless := desk.Connection{ID: "b" + desk.ConnectionID(s.id()), Topics: []desk.Topic{topic}}
		s.ok(s.books.Connect(s.Context(), nameless))
		found, err := s.books.Listeners(s.Context(), true, topic)
		s.ok(err)
		s.same(found, []desk.Listener{{ID: named.ID, Line: named.Line}, {ID: nameless.ID}})
	},
	"Disconnect/ForgetsAll": func(s *shelf) {
		c := desk.Connection{ID: desk.ConnectionID(s.id()), Agent: "ana", Topics: []desk.Topic{"agent/ana"}}
		s.ok(s.books.Connect(s.Context(), c))
		topics := []desk.Topic{"agent/ana"}
		for range 120 { // more than one transaction takes
			topic := desk.ConversationTopic(desk.ConversationID(s.id()))
			s.ok(s.books.Listen(s.Context(), c.ID, topic, true))
			topics = append(topics, topic)
		}
		s.ok(s.other().Disconnect(s.Context(), c.ID)) // nobody's there
		s.same(s.listeners(topics[7]), []desk.ConnectionID{c.ID})
		for range 2 {
			s.ok(s.books.Disconnect(s.Context(), c.ID))
			s.same(len(s.listeners(topics...)), 0)
			_, err := s.store.Connection(s.Context(), c.ID)
			s.fails(err, desk.NotFound)
		}
	},
	"Listen/OnAndOff": func(s *shelf) {
		c := desk.Connection{ID: desk.ConnectionID(s.id()), Visitor: desk.Visitor{Account: s.books.ID(), Inbox: "web", Contact: "rosa"}}
		s.ok(s.books.Connect(s.Context(), c))
		for range 2 {
			s.ok(s.books.Listen(s.Context(), c.ID, "conversation/x", true))
			s.same(s.listeners("conversation/x"), []desk.ConnectionID{c.ID})
		}
		got, err := s.store.Connection(s.Context(), c.ID)
		s.ok(err)
		s.same([]any{got.Visitor, got.Topics}, []any{c.Visitor, []desk.Topic{"conversation/x"}})
		for range 2 {
			s.ok(s.books.Listen(s.Context(), c.ID, "conversation/x", false))
			s.same(len(s.listeners("conversation/x")), 0)
		}
		s.fails(s.other().Listen(s.Context(), c.ID, "conversation/x", true), desk.NotFound)
		s.fails(s.books.Listen(s.Context(), "gone", "conversation/x", true), desk.NotFound)
		s.same(len(s.listeners("conversation/x")), 0)
	},
	"TakeTicket/Once": func(s *shelf) {
		who := desk.Connection{Account: s.books.ID(), Agent: "ana", Topics: []desk.Topic{"agent/ana"}}
		hash := "hash-" + s.id()
		s.ok(s.books.PutTicket(s.Context(), hash, who, time.Now().Add(time.Minute)))
		var got desk.Connection
		errs := atOnce(6, func(int) error {
			c, err := s.store.TakeTicket(s.Context(), hash)
			if err == nil {
				got = c
			}
			return err
		})
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
				continue
			}
			s.fails(err, desk.NotFound)
		}
		s.same(won, 1)
		s.same(got, who)
	},
	"TakeTicket/ErrNotFoundExpired": func(s *shelf) {
		hash := "hash-" + s.id()
		s.ok(s.books.PutTicket(s.Context(), hash, desk.Connection{Agent: "ana"}, time.Now().Add(-time.Millisecond)))
		_, err := s.store.TakeTicket(s.Context(), hash)
		s.fails(err, desk.NotFound)
		_, err = s.store.TakeTicket(s.Context(), "never")
		s.fails(err, desk.NotFound)
	},
	"Visitor/OK": func(s *shelf) {
		v := desk.Visitor{Account: s.books.ID(), Inbox: "web", Contact: "rosa"}
		s.ok(s.books.PutVisitor(s.Context(), "h1", v))
		got, err := s.books.VisitorBySecret(s.Context(), "h1")
		s.ok(err)
		s.same(got, v)
		_, err = s.other().VisitorBySecret(s.Context(), "h1")
		s.fails(err, desk.NotFound)
		for range 2 {
			s.ok(s.books.RevokeVisitor(s.Context(), "h1"))
			_, err = s.books.VisitorBySecret(s.Context(), "h1")
			s.fails(err, desk.NotFound)
		}
	},
}
