package desktest

import (
	"slices"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

func (s *shelf) ticket(n int64) desk.Ticket {
	return desk.Ticket{
		Number: n, Type: desk.InternalTicket, Requester: "rosa", RequesterName: "Rosa", Subject: "Shoes", Status: desk.TicketNew, StatusAt: s.at(int(n)),
		Justification: "why", Service: "refunds", Category: "shoes", Priority: "high", Due: desk.Due{At: s.at(99), By: desk.DueByHand},
		Responsible: "ana", CC: []string{"boss@demo.test"}, Tags: []string{"red"}, Conversations: []desk.ConversationID{"c1"},
		CreatedAt: s.at(int(n)), CreatedBy: desk.System, UpdatedAt: s.at(int(n)), UpdatedBy: desk.System, ClientID: "client-" + s.id(),
		Clocks: desk.Clocks{Contract: desk.ContractID(s.id()), Since: s.at(int(n)), Worked: time.Hour, Told: 1}, AnsweredAt: s.at(98), Inbox: "web", PublicAt: s.at(97),
	}
}

func (s *shelf) numbers(size int, read func(page desk.PageRequest) ([]desk.Ticket, desk.Cursor, error)) []int64 {
	s.Helper()
	var numbers []int64
	for _, t := range pages(s, size, read) {
		numbers = append(numbers, t.Number)
	}
	return numbers
}

var ticketTests = map[string]func(*shelf){
	"SaveTicket/OK": func(s *shelf) {
		ticket := s.ticket(7)
		action := desk.TicketAction{
			ID: s.id(), Ticket: 7, Kind: desk.HistoryAction, Public: true, Author: desk.System, Text: "x", Conversation: "c1",
			From: desk.MessageID(s.id()), To: desk.MessageID(s.id()), ClientID: "a-" + s.id(),
		}
		s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: ticket, Actions: []desk.TicketAction{action}}))
		ticket.Version = 1
		got, err := s.books.Ticket(s.Context(), 7)
		s.ok(err)
		s.same(got, ticket)
		got, err = s.books.TicketByClientID(s.Context(), ticket.ClientID)
		s.ok(err)
		s.same(got, ticket)
		found, err := s.books.ActionByClientID(s.Context(), 7, action.ClientID)
		s.ok(err)
		s.same(found, action.ID)
		actions, next, err := s.books.Actions(s.Context(), 7, desk.PageRequest{Limit: 5, Fresh: true})
		s.ok(err)
		s.same([]any{actions, next}, []any{[]desk.TicketAction{action}, desk.Cursor("")})
	},
	"SaveTicket/ErrConflict": func(s *shelf) {
		ticket := s.ticket(7)
		s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: ticket}))
		second := ticket
		second.Number = 8
		s.fails(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: second}), desk.Conflict) // the same request
		second.ClientID = ""
		second.Number = 7
		s.fails(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: second}), desk.Conflict) // the same number
		ticket.Version = 5
		s.fails(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: ticket}), desk.Conflict)
		ticket.Version = 1
		action := desk.TicketAction{ID: s.id(), Ticket: 7, Kind: desk.WrittenAction, ClientID: "once"}
		s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: ticket, Actions: []desk.TicketAction{action}}))
		ticket.Version = 2
		action.ID = s.id()
		s.fails(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: ticket, Actions: []desk.TicketAction{action}}), desk.Conflict)
		got, err := s.books.Ticket(s.Context(), 7)
		s.ok(err)
		s.same(got.Version, 2)
	},
	"MoveActions/OK": func(s *shelf) {
		first, second := s.ticket(7), s.ticket(8)
		moves := desk.TicketAction{ID: s.id(), Ticket: 7, Kind: desk.WrittenAction, Public: true, Text: "moves", ClientID: "once"}
		stays := desk.TicketAction{ID: s.id(), Ticket: 8, Kind: desk.WrittenAction, Text: "stays"}
		first.ClientID, second.ClientID = "", ""
		s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: first, Actions: []desk.TicketAction{moves}}))
		s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: second, Actions: []desk.TicketAction{stays}}))
		home := desk.ActionHome{Ticket: 8}
		move := func(from int64) {
			s.ok(s.books.MoveActions(s.Context(), from, func(origin int64) (desk.ActionHome, error) {
				if origin == 8 {
					return desk.ActionHome{Ticket: 8, Public: true}, nil
				}
				return home, nil
			}))
		}
		holds := func(number int64, want ...desk.TicketAction) {
			s.Helper()
			actions, _, err := s.books.Actions(s.Context(), number, desk.PageRequest{Limit: 9, Fresh: true})
			s.ok(err)
			s.same(actions, append([]desk.TicketAction{}, want...))
		}
		move(7)
		move(7)
		moved := moves
		moved.Ticket, moved.MovedFrom, moved.Public = 8, 7, false
		holds(7)
		holds(8, moved, stays)
		home = desk.ActionHome{Ticket: 7, Public: true}
		move(8)
		move(8)
		moves.Returned = true
		holds(7, moves)
		holds(8, stays)
		found, err := s.books.ActionByClientID(s.Context(), 7, "once")
		s.ok(err)
		s.same(found, moves.ID)
	},
	"Ticket/ErrNotFound": func(s *shelf) {
		ticket := s.ticket(7)
		s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: ticket}))
		_, err := s.other().Ticket(s.Context(), 7)
		s.fails(err, desk.NotFound)
		_, err = s.other().TicketByClientID(s.Context(), ticket.ClientID)
		s.fails(err, desk.NotFound)
		_, err = s.books.ActionByClientID(s.Context(), 7, "x")
		s.fails(err, desk.NotFound)
		ticket.Version = 1
		s.fails(s.other().SaveTicket(s.Context(), desk.TicketSave{Ticket: ticket}), desk.NotFound)
	},
	"Tickets/Lists": testTicketLists,
	"Actions/Pages": func(s *shelf) {
		s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: s.ticket(7)}))
		var want []string
		for version := range 5 {
			ticket := s.ticket(7)
			ticket.Version = version + 1
			want = append(want, s.id())
			s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{
				Ticket: ticket, Actions: []desk.TicketAction{{ID: want[version], Ticket: 7, Kind: desk.WrittenAction}},
			}))
		}
		for size := 1; size <= 6; size++ {
			var got []string
			for _, a := range pages(s, size, func(page desk.PageRequest) ([]desk.TicketAction, desk.Cursor, error) {
				page.Fresh = true
				return s.books.Actions(s.Context(), 7, page)
			}) {
				got = append(got, a.ID)
			}
			s.same(got, want)
			got = got[:0]
			for _, a := range pages(s, size, func(page desk.PageRequest) ([]desk.TicketAction, desk.Cursor, error) {
				page.Newest, page.Fresh = true, true
				return s.books.Actions(s.Context(), 7, page)
			}) {
				got = append(got, a.ID)
			}
			slices.Reverse(got)
			s.same(got, want)
		}
	},
	"SearchTickets/Words": testSearchTickets,
	"MarkAction/OKRepeat": func(s *shelf) {
		action := desk.TicketAction{ID: s.id(), Ticket: 7, Kind: desk.WrittenAction, Text: "x"}
		s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: s.ticket(7), Actions: []desk.TicketAction{action}}))
		for range 2 {
			s.ok(s.books.MarkAction(s.Context(), 7, action.ID, desk.Effect{Kind: desk.EffectMail, To: "b@x.co"}, desk.Effect{Kind: desk.EffectMail, To: "a@x.co"}))
		}
		s.fails(s.books.MarkAction(s.Context(), 7, "nothing", desk.Effect{Kind: desk.EffectMail, To: "a"}), desk.NotFound)
		got, err := s.books.Action(s.Context(), 7, action.ID)
		s.ok(err)
		s.same(got.Effects, []string{"mail a@x.co", "mail b@x.co"})
		_, err = s.other().Action(s.Context(), 7, action.ID)
		s.fails(err, desk.NotFound)
	},
	"SaveTicket/EditsAndHistory": func(s *shelf) {
		action := desk.TicketAction{ID: s.id(), Ticket: 7, Kind: desk.WrittenAction, Text: "x", Attachments: []desk.Attachment{{Key: "k", Name: "n", Type: "image/png", Size: 4}}}
		s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: s.ticket(7), Actions: []desk.TicketAction{action}}))
		s.ok(s.books.MarkAction(s.Context(), 7, action.ID, desk.Effect{Kind: desk.EffectMail, To: "a@x.co"}))
		ticket := s.ticket(7)
		ticket.Version = 1
		action.Text, action.EditedAt, action.EditedBy = "y", s.at(3), desk.System
		change := desk.TicketChange{ID: s.id(), Ticket: 7, By: desk.System, Trigger: desk.TriggerAction, Action: action.ID, Fields: []desk.FieldChange{{Field: "text", From: "x", To: "y"}}}
		s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: ticket, Edited: []desk.TicketAction{action}, History: []desk.TicketChange{change}}))
		ticket.Version = 2
		s.fails(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: ticket, Edited: []desk.TicketAction{action}}), desk.Conflict) // edited meanwhile
		action.Version, action.Effects = 1, []string{"mail a@x.co"}
		got, err := s.books.Action(s.Context(), 7, action.ID)
		s.ok(err)
		s.same(got, action)
		s.soon("the history", func() bool {
			history, _, err := s.books.TicketHistory(s.Context(), 7, desk.PageRequest{Limit: 5})
			s.ok(err)
			return len(history) == 1 && history[0].Fields[0] == change.Fields[0] && history[0].Action == action.ID
		})
	},
	"Save/WithTicket": testSaveWithTicket,
}

func testTicketLists(s *shelf) {
	for n := range int64(5) {
		s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: s.ticket(n + 9)})) // past the point where the text of numbers sorts wrongly
		s.ok(s.books.FileTicket(s.Context(), n+9))
	}
	all := []int64{13, 12, 11, 10, 9}
	for size := 1; size <= 6; size++ {
		for _, responsible := range []desk.AgentID{"", "ana"} {
			s.soon("the tickets", func() bool {
				return slices.Equal(all, s.numbers(size, func(page desk.PageRequest) ([]desk.Ticket, desk.Cursor, error) {
					return s.books.Tickets(s.Context(), desk.TicketList{Status: desk.TicketNew, Responsible: responsible, Page: page})
				}))
			})
		}
		s.same(s.numbers(size, func(page desk.PageRequest) ([]desk.Ticket, desk.Cursor, error) {
			page.Fresh = true
			return s.books.TicketsOf(s.Context(), "rosa", page)
		}), all)
	}
	changed := s.ticket(11)
	changed.Version, changed.Status, changed.Responsible, changed.Requester = 1, desk.TicketPending, "otto", "luz"
	s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: changed}))
	s.ok(s.books.FileTicket(s.Context(), 11))
	s.ok(s.books.FileTicket(s.Context(), 11))
	for _, list := range []struct {
		status      desk.TicketStatus
		responsible desk.AgentID
		want        []int64
	}{
		{desk.TicketNew, "", []int64{13, 12, 10, 9}},
		{desk.TicketNew, "ana", []int64{13, 12, 10, 9}},
		{desk.TicketPending, "", []int64{11}},
		{desk.TicketPending, "otto", []int64{11}},
		{desk.TicketPending, "ana", nil},
	} {
		s.soon("the tickets after a change", func() bool {
			return slices.Equal(list.want, s.numbers(2, func(page desk.PageRequest) ([]desk.Ticket, desk.Cursor, error) {
				return s.books.Tickets(s.Context(), desk.TicketList{Status: list.status, Responsible: list.responsible, Page: page})
			}))
		})
	}
	for contact, want := range map[desk.ContactID][]int64{"rosa": {13, 12, 10, 9}, "luz": {11}} {
		s.same(s.numbers(2, func(page desk.PageRequest) ([]desk.Ticket, desk.Cursor, error) {
			page.Fresh = true
			return s.books.TicketsOf(s.Context(), contact, page)
		}), want)
	}
}

func testSaveWithTicket(s *shelf) {
	c := s.begin(nil)
	now := copied(c)
	now.Ticket = 7
	ticket := s.ticket(7)
	action := desk.TicketAction{ID: s.id(), Ticket: 7, Kind: desk.HistoryAction}
	s.ok(s.books.Save(s.Context(), desk.Change{Was: c, Now: now, Ticket: &ticket, Actions: []desk.TicketAction{action}}))
	s.same([]int{now.Version, ticket.Version}, []int{2, 1})
	got, err := s.books.Ticket(s.Context(), 7)
	s.ok(err)
	s.same(got, ticket)
	late := ticket
	late.Version = 9
	closed := copied(now)
	closed.Status = desk.Resolved
	s.fails(s.books.Save(s.Context(), desk.Change{Was: now, Now: closed, Ticket: &late}), desk.Conflict)
	again, err := s.books.Conversation(s.Context(), c.ID)
	s.ok(err)
	s.same(again.Status, desk.Open)
}

var noteTests = map[string]func(*shelf){
	"Notify/OK": func(s *shelf) {
		n := desk.Notification{
			ID: s.id(), Agent: "ana", Kind: desk.NotifyMention, Conversation: "c1", Number: 4, By: desk.System, Text: "look",
		}
		s.ok(s.books.Notify(s.Context(), n))
		s.fails(s.books.Notify(s.Context(), n), desk.Conflict)
		s.soon("the notification", func() bool {
			got, _, err := s.books.Notifications(s.Context(), "ana", desk.PageRequest{Limit: 5})
			s.ok(err)
			return len(got) == 1 && got[0] == n
		})
		foreign, _, err := s.other().Notifications(s.Context(), "ana", desk.PageRequest{Limit: 5})
		s.ok(err)
		s.same(len(foreign), 0)
	},
	"Notifications/PagesAndMarks": func(s *shelf) {
		var want []string
		for range 5 {
			want = append(want, s.id())
			s.ok(s.books.Notify(s.Context(), desk.Notification{ID: want[len(want)-1], Agent: "ana", Kind: desk.NotifyAssigned}))
		}
		slices.Reverse(want)
		s.ok(s.books.ReadNotifications(s.Context(), "ana", want[2]))
		s.ok(s.books.ReadNotifications(s.Context(), "ana", want[4])) // the mark does not go back
		for size := 1; size <= 6; size++ {
			s.soon("the notifications", func() bool {
				got := pages(s, size, func(page desk.PageRequest) ([]desk.Notification, desk.Cursor, error) {
					return s.books.Notifications(s.Context(), "ana", page)
				})
				for i, n := range got {
					if n.ID != want[i] || n.Read != (i >= 2) {
						return false
					}
				}
				return len(got) == len(want)
			})
		}
	},
	"RecordClose/OKRepeat": func(s *shelf) {
		record := desk.ClosingRecord{
			Conversation: "c1", Number: 3, ClosedAt: s.at(1), ClosedBy: desk.System, Inbox: "web", FirstResponse: time.Second, Resolution: time.Minute,
		}
		s.ok(s.books.RecordClose(s.Context(), record))
		s.ok(s.books.RateClose(s.Context(), record.Conversation, desk.Survey{AskedAt: record.ClosedAt, Rating: 4}))
		s.ok(s.books.RecordClose(s.Context(), record))
	},
}

func testSearchTickets(s *shelf) {
	tickets := map[int64]desk.Ticket{}
	for n, subject := range map[int64]string{7: "Zapatos rojos", 8: "Botas ROJAS", 9: "El niño perdió un zapato", 10: "Ñandú 4711"} {
		t := s.ticket(n)
		t.Subject, t.RequesterName, t.Tags = subject, "Núria Straße", nil
		s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: t}))
		s.ok(s.books.IndexTicket(s.Context(), nil, t))
		s.ok(s.books.IndexTicket(s.Context(), nil, t))
		tickets[n] = t
	}
	action := desk.TicketAction{ID: s.id(), Ticket: 8, Kind: desk.WrittenAction, Text: "Llamé al transportista, ¿zapatería?"}
	s.ok(s.books.IndexAction(s.Context(), tickets[8], nil, action))
	var shown desk.TicketSettings
	search := func(text string, want ...int64) {
		s.Helper()
		s.soon("what is found by "+text, func() bool {
			found, err := s.books.SearchTickets(s.Context(), shown, text, 20)
			s.ok(err)
			var numbers []int64
			for _, t := range found {
				numbers = append(numbers, t.Number)
			}
			slices.Sort(numbers)
			return slices.Equal(numbers, want)
		})
	}
	search("zapa", 7, 8, 9)
	search("ZAPATOS", 7)
	search("roj", 7, 8)
	search("rojas transp", 8)
	search("nino", 9)
	search("nandu", 10)
	search("4711", 10)
	search("nuria strasse", 7, 8, 9, 10)
	search("z")
	search("¿?")
	search("zapa inexistente")
	changed := tickets[7]
	changed.Subject, changed.Version = "Sandalias", 1
	s.ok(s.books.IndexTicket(s.Context(), new(tickets[7]), changed))
	search("zapatos") // by its row the ticket is as it was saved: the subject is told by the ticket
	s.ok(s.books.SaveTicket(s.Context(), desk.TicketSave{Ticket: changed}))
	search("sandalias", 7)
	edited := action
	edited.Text = "Llamé a la zapatería"
	s.ok(s.books.IndexAction(s.Context(), tickets[8], &action, edited))
	search("transportista")
	search("zapateria", 8)
	s.ok(s.books.IndexAction(s.Context(), tickets[8], &edited, action))
	again := desk.TicketAction{ID: s.id(), Ticket: 8, Kind: desk.WrittenAction, Text: "otro transportista"}
	s.ok(s.books.IndexAction(s.Context(), tickets[8], nil, again))
	s.ok(s.books.IndexAction(s.Context(), tickets[8], &again, desk.TicketAction{ID: again.ID, Ticket: 8, Kind: desk.WrittenAction, Text: "otro"}))
	search("transportista", 8) // the first action has it yet
	about := desk.TicketAction{ID: s.id(), Ticket: 9, Kind: desk.DescriptionAction, Text: "Correspondencia"}
	s.ok(s.books.IndexAction(s.Context(), tickets[9], nil, about))
	search("corresp", 9)
	shown.Disabled = []desk.TicketField{desk.DescriptionField, desk.SubjectField}
	search("corresp")
	search("nino")
	search("nino straße")
	search("strasse", 7, 8, 9, 10)
	search("transp", 8)
	shown.Disabled = nil
	lost := tickets[8] // the word stays, for an action has it
	lost.Subject = "Botas transportista"
	s.ok(s.books.IndexTicket(s.Context(), new(tickets[8]), lost))
	s.ok(s.books.IndexTicket(s.Context(), &lost, tickets[8]))
	search("transportista", 8)
	found, err := s.other().SearchTickets(s.Context(), shown, "zapa", 20)
	s.ok(err)
	s.same(len(found), 0)
}
