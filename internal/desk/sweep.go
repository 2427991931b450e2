package desk

import (
	"context"
	"time"
)

// Sweep says how far a sweep came, which sets the timers of all that runs anew. It is needed when promises or hours
// change: the due instants move with them at once, but the timers stand where they stood.
type Sweep struct {
	List  int    // of [sweeping]
	After Cursor // in it
}

// sweeping are the lists of all whose clocks run, in the order of a sweep: conversations, and tickets by status.
var sweeping = []TicketStatus{"", TicketNew, TicketInProgress}

// sweepPages is how many pages are looked at before the next timer goes on, so that a sweep of any length ends.
const sweepPages = 5

// movesClocks reports whether a setting, once saved, moves due instants of what runs.
func (s *Settings) movesClocks(next Setting) bool {
	switch v := next.(type) {
	case Contract:
		_, known := s.Contracts[v.ID]
		return known
	case Hours:
		_, known := s.Hours[v.ID]
		return known
	case Inbox:
		known, ok := s.Inboxes[v.ID]
		return ok && known.FirstResponse != v.FirstResponse
	default:
		return false
	}
}

// sweepDelay is longer than a function remembers settings, so that a sweep knows those that it is about.
const sweepDelay = 15 * time.Second

// setSweep lets a sweep begin, or go on, when every function knows the settings of now.
func (d *Desk) setSweep(ctx context.Context, account AccountID, from Sweep) error {
	t, err := newTimer(SLABreachTimer, "sweep-"+d.newID(), TimerBody{Account: account, Sweep: &from, Due: d.now().Add(sweepDelay)})
	if err != nil {
		return err
	}
	return d.Timers.At(ctx, t)
}

// sweep does a few pages, and sets the timer of the next ones. A repeat sets the same timers, and goes on twice.
func (d *Desk) sweep(ctx context.Context, account AccountID, at Sweep) error {
	books := d.Store.Account(account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	for range sweepPages {
		if at.List < 0 || at.List >= len(sweeping) {
			return nil
		}
		page := PageRequest{Limit: 100, After: at.After}
		if status := sweeping[at.List]; status == "" {
			at.After, err = d.sweepConversations(ctx, books, settings, page)
		} else {
			at.After, err = d.sweepTickets(ctx, books, settings, TicketList{Status: status, Page: page})
		}
		if err != nil {
			return err
		}
		if at.After == "" {
			at.List++
		}
	}
	return d.setSweep(ctx, account, at)
}

func (d *Desk) sweepConversations(ctx context.Context, books Books, s *Settings, page PageRequest) (Cursor, error) {
	running, next, err := books.Conversations(ctx, ListQuery{Status: Open, Page: page})
	if err != nil {
		return "", err
	}
	for _, c := range running {
		if err := d.setNext(ctx, books.ID(), s, c); err != nil {
			return "", err
		}
	}
	return next, nil
}

func (d *Desk) sweepTickets(ctx context.Context, books Books, s *Settings, list TicketList) (Cursor, error) {
	running, next, err := books.Tickets(ctx, list)
	if err != nil {
		return "", err
	}
	for _, t := range running {
		if err := d.forecastAnew(ctx, books, s, t); err != nil {
			return "", err
		}
		if err := d.setTicketNext(ctx, books.ID(), s, t); err != nil {
			return "", err
		}
	}
	return next, nil
}

// forecastAnew saves a ticket of which the due forecast moved, with the line in its history.
func (d *Desk) forecastAnew(ctx context.Context, books Books, s *Settings, listed Ticket) error {
	now, due := d.now(), listed.Due
	if listed.forecast(s, now); listed.Due == due {
		return nil
	}
	return retry(func() error {
		t, err := books.Ticket(ctx, listed.Number)
		if err != nil {
			return settled(err)
		}
		was := t
		t.forecast(s, now)
		history := d.changed(was, t, System, TriggerContract)
		if t.gone() || len(history) == 0 {
			return nil
		}
		t.UpdatedAt, t.UpdatedBy = now, System
		return books.SaveTicket(ctx, TicketSave{Ticket: t, History: history})
	})
}
