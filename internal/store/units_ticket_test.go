package store_test

import (
	"context"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// ticket is as large as an ordinary one gets: every field set.
func (u *units) ticket(n int64) desk.Ticket {
	by := desk.Actor{Kind: desk.ByUser, ID: string(u.ana), Name: "Ana Maria Torres"}
	return desk.Ticket{
		Number: n, Type: desk.PublicTicket, Requester: desk.ContactID(u.id()), RequesterName: "Rosa Fernandez Ruiz",
		Subject: "The shoes of order 1234 do not fit, wants her money back", Status: desk.TicketNew, StatusAt: u.start, Service: "refunds",
		Category: "shoes", Priority: "high", Due: desk.Due{At: u.start, By: desk.DueByHand}, Responsible: u.ana, CC: []string{"boss@example.test"},
		Tags: []string{"refund"}, Conversations: []desk.ConversationID{desk.ConversationID(u.id())}, CreatedAt: u.start, CreatedBy: by,
		UpdatedAt: u.start, UpdatedBy: by, ClientID: string(u.ana) + "/" + u.id(),
		Clocks: desk.Clocks{Contract: desk.ContractID(u.id()), Since: u.start, Worked: 90 * time.Minute}, AnsweredAt: u.start, Inbox: u.inbox,
		PublicAt: u.start,
	}
}

// opened is a ticket that is saved and filed, as the act and the relay do.
func (u *units) opened(ctx context.Context, set func(*desk.Ticket)) desk.Ticket {
	u.Helper()
	n, err := u.books.NextNumber(ctx, "ticket")
	u.ok(err)
	t := u.ticket(n)
	if set != nil {
		set(&t)
	}
	about := desk.TicketAction{ID: u.id(), Ticket: n, Kind: desk.DescriptionAction, Public: true, Author: t.CreatedBy, Text: strings.Repeat("x", 300)}
	u.ok(u.books.SaveTicket(ctx, desk.TicketSave{Ticket: t, Actions: []desk.TicketAction{about}}))
	u.ok(u.books.FileTicket(ctx, n))
	t.Version = 1
	return t
}

func (u *units) tickets() {
	u.count("create a ticket", func(ctx context.Context) { u.opened(ctx, nil) })
	t := u.opened(u.Context(), nil)
	for range 60 {
		a := desk.TicketAction{ID: u.id(), Ticket: t.Number, Kind: desk.WrittenAction, Author: t.CreatedBy, Text: strings.Repeat("x", 300)}
		u.ok(u.books.SaveTicket(u.Context(), desk.TicketSave{Ticket: t, Actions: []desk.TicketAction{a}}))
		t.Version++
	}
	u.count("open a ticket with 50 actions", func(ctx context.Context) {
		_, actions, next, err := u.books.OpenTicket(ctx, t.Number, desk.PageRequest{Limit: 50})
		u.ok(err)
		if len(actions) != 50 || next == "" {
			u.Errorf("%d actions, next %q", len(actions), next)
		}
	})
	for range 30 {
		u.opened(u.Context(), func(t *desk.Ticket) { t.Status, t.Responsible = desk.TicketPending, u.ines })
	}
	u.count("words of a ticket and its description", func(ctx context.Context) {
		words := strings.Fields(strings.Repeat("alpha beta gamma ", 3))
		for i := range 80 {
			words = append(words, "word"+u.id()[18:]+string(rune('a'+i%26)))
		}
		about := desk.TicketAction{Kind: desk.DescriptionAction, Text: strings.Join(words, " ")}
		u.ok(u.books.IndexTicket(ctx, nil, t))
		u.ok(u.books.IndexAction(ctx, t, nil, about))
	})
	for range 70 { // all of them are found by the same word
		shoes := u.opened(u.Context(), func(t *desk.Ticket) { t.Status = desk.TicketClosed })
		u.ok(u.books.IndexTicket(u.Context(), nil, shoes))
	}
	u.count("search by a prefix", func(ctx context.Context) {
		found, err := u.books.SearchTickets(ctx, desk.TicketSettings{}, "sho", 20)
		u.ok(err)
		if len(found) != 20 {
			u.Errorf("found %d", len(found))
		}
	})
	rosas := func(n int) desk.Contact {
		return desk.Contact{
			ID: desk.ContactID(u.id()), Name: "Rosa Fernandez Ruiz", Email: "rosa.fernandez" + u.id() + "@example.test", Phone: "+573001234567", CreatedAt: u.start,
			Language: "es", Page: "https://shop.example/shoes", Version: n,
		}
	}
	one := rosas(0)
	u.count("create a contact", func(ctx context.Context) { u.ok(u.books.SaveContact(ctx, nil, one)) })
	u.count("words of a contact", func(ctx context.Context) { u.ok(u.books.IndexContact(ctx, nil, one)) })
	u.count("words of an anonymous visitor", func(ctx context.Context) {
		u.ok(u.books.IndexContact(ctx, nil, desk.Contact{ID: desk.ContactID(u.id())}))
	})
	for range 30 {
		c := rosas(0)
		u.ok(u.books.SaveContact(u.Context(), nil, c))
		u.ok(u.books.IndexContact(u.Context(), nil, c))
	}
	u.count("search of contacts by a prefix", func(ctx context.Context) {
		found, err := u.books.SearchContacts(ctx, "fern", 20)
		u.ok(err)
		if len(found) != 20 {
			u.Errorf("found %d contacts", len(found))
		}
	})
	u.count("board of 5 columns of 20", func(ctx context.Context) {
		for _, column := range []desk.TicketList{
			{Status: desk.TicketClosed}, {Status: desk.TicketPending}, {Status: desk.OpenTickets, Responsible: u.ines},
			{Status: desk.OpenTickets, Priority: "high"}, {Status: desk.OpenTickets, Service: "refunds"},
		} {
			column.Page.Limit = 20
			list, next, err := u.books.Tickets(ctx, column)
			u.ok(err)
			if len(list) != 20 || next == "" {
				u.Errorf("%+v has %d rows", column, len(list))
			}
		}
	})
	u.count("list of 25, open tickets", func(ctx context.Context) {
		_, _, err := u.books.Tickets(ctx, desk.TicketList{Status: desk.OpenTickets, Page: desk.PageRequest{Limit: 25}})
		u.ok(err)
	})
	u.count("list of 25, tickets by due forecast", func(ctx context.Context) {
		list, _, err := u.books.Tickets(ctx, desk.TicketList{Status: desk.OpenTickets, Sort: desk.DueTickets, Page: desk.PageRequest{Limit: 25}})
		u.ok(err)
		if len(list) != 25 {
			u.Errorf("%d are due", len(list))
		}
	})
	rosa := desk.ContactID(u.id())
	for range 30 {
		u.opened(u.Context(), func(t *desk.Ticket) { t.Status, t.Requester = desk.TicketClosed, rosa })
	}
	u.count("list of 25, tickets of a requester", func(ctx context.Context) {
		list, next, err := u.books.TicketsOf(ctx, rosa, desk.PageRequest{Limit: 25})
		u.ok(err)
		if len(list) != 25 || next == "" {
			u.Errorf("she has %d", len(list))
		}
	})
	code := desk.OneTimeCode{Visitor: rosa, Email: u.id() + "@example.com", Salt: u.id(), Hash: strings.Repeat("0f", 32), Expires: u.start.Add(time.Minute)}
	u.count("one-time code, mailed", func(ctx context.Context) {
		for _, of := range []string{code.Email, code.Email + " for 192.0.2.1"} {
			u.ok(u.books.Count(ctx, desk.Quota{Of: of, Most: 5, Within: time.Hour}, u.start))
		}
		_, err := u.books.ClaimMail(ctx, code.Email, u.start, time.Second)
		u.ok(err)
		u.ok(u.books.PutCode(ctx, code))
		u.ok(u.books.SettleMail(ctx, code.Email, true))
	})
	u.count("one-time code, entered", func(ctx context.Context) {
		given, err := u.books.TryCode(ctx, code.Visitor, code.Email, 5)
		u.ok(err)
		for _, of := range []string{" for 192.0.2.1", ""} {
			u.ok(u.books.Count(ctx, desk.Quota{Of: "guesses of " + code.Email + of, Most: 50, Within: 24 * time.Hour}, u.start))
		}
		u.ok(u.books.SpendCode(ctx, given))
	})
	for act, responsible := range map[string]desk.AgentID{"list of 25, tickets of a status": "", "list of 25, tickets of a responsible": u.ines} {
		u.count(act, func(ctx context.Context) {
			list, next, err := u.books.Tickets(ctx, desk.TicketList{Status: desk.TicketPending, Responsible: responsible, Page: desk.PageRequest{Limit: 25}})
			u.ok(err)
			if len(list) != 25 || next == "" {
				u.Errorf("%s has %d rows", act, len(list))
			}
		})
	}
}
