package desk

import (
	"context"
	"slices"
	"sync"
)

// TicketSort is the order of a list of tickets.
type TicketSort string

// The orders.
const (
	NewestTickets TicketSort = "newest" // by creation
	OldestTickets TicketSort = "oldest"
	DueTickets    TicketSort = "due" // by due forecast, the next first; only open tickets that have one
)

// The statuses of a list that are several: what is to be done, and what is done.
const (
	OpenTickets TicketStatus = "open" // new, in progress or pending
	DoneTickets TicketStatus = "done" // resolved or closed
)

// NoChoice chooses tickets that have none: no responsible, no priority, no service.
const NoChoice = "none"

// TicketList chooses tickets. The first of requester, responsible, priority, service and status that is given picks the
// list that is read; the others leave out what does not fit.
type TicketList struct {
	Status      TicketStatus // one, OpenTickets or DoneTickets
	Requester   ContactID    // "": any
	Responsible AgentID      // "": any; NoChoice: nobody's
	Priority    ChoiceID     // likewise
	Service     ChoiceID     // likewise
	Category    ChoiceID     // "": any
	Type        TicketType   // "": any
	Tag         string       // "": any
	Sort        TicketSort   // "": newest
	Page        PageRequest
}

// Holds reports whether a ticket belongs in the list.
func (l TicketList) Holds(t Ticket) bool {
	fits := func(want, is string) bool { return want == "" || want == is || want == NoChoice && is == "" }
	switch {
	case t.gone():
		return false
	case l.Status == OpenTickets && t.Status.Done(), l.Status == DoneTickets && !t.Status.Done():
		return false
	case l.Status != OpenTickets && l.Status != DoneTickets && l.Status != t.Status:
		return false
	case l.Sort == DueTickets && t.Due.At.IsZero():
		return false
	case l.Requester != "" && l.Requester != t.Requester:
		return false
	case l.Category != "" && l.Category != t.Category, l.Type != "" && l.Type != t.Type, l.Tag != "" && !slices.Contains(t.Tags, l.Tag):
		return false
	}
	return fits(string(l.Responsible), string(t.Responsible)) && fits(string(l.Priority), string(t.Priority)) &&
		fits(string(l.Service), string(t.Service))
}

// check refuses what makes no sense, and filters by what is switched off (B102).
func (l TicketList) check(s TicketSettings) error {
	if !slices.Contains(append([]TicketStatus{OpenTickets, DoneTickets}, TicketStatuses...), l.Status) {
		return InvalidField("status", "want a status, open or done")
	}
	if l.Sort == DueTickets && l.Status.Done() || l.Sort == DueTickets && l.Status == DoneTickets {
		return InvalidField("sort", "what is done is due no more")
	}
	for field, asked := range map[TicketField]bool{
		PriorityField: l.Priority != "", ServiceField: l.Service != "", CategoryField: l.Category != "", TypeField: l.Type != "",
		TagsField: l.Tag != "", DueField: l.Sort == DueTickets,
	} {
		if asked && s.Off(field) {
			return InvalidField(string(field), "is switched off in this account")
		}
	}
	return nil
}

// Tickets lists tickets (B85). A page may hold fewer than asked for and still not be the last.
func (d *Desk) Tickets(ctx context.Context, who Who, list TicketList) ([]Ticket, Cursor, error) {
	books := d.Store.Account(who.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return nil, "", err
	}
	if err := list.check(settings.Tickets); err != nil {
		return nil, "", err
	}
	return d.shownTickets(ctx, books, func() ([]Ticket, Cursor, error) { return books.Tickets(ctx, list) })
}

// Column is one column of a board: the first page of its list.
type Column struct {
	Key     string // a status, an agent, a priority or a service; NoChoice for none
	Tickets []Ticket
	Next    Cursor // of the same list
}

// MaxColumns limits a board.
const MaxColumns = 10

// Board reads the columns of a board at once (B85). By is status, responsible, priority or service; but for statuses, the
// columns hold tickets of the list's status. Of is what all columns have in common.
func (d *Desk) Board(ctx context.Context, who Who, by string, keys []string, of TicketList) ([]Column, error) {
	if len(keys) == 0 || len(keys) > MaxColumns {
		return nil, InvalidField("columns", "want 1 to %d", MaxColumns)
	}
	columns, errs := make([]Column, len(keys)), make([]error, len(keys))
	var all sync.WaitGroup
	for i, key := range keys {
		list := of
		switch by {
		case "status":
			list.Status = TicketStatus(key)
		case "responsible":
			list.Responsible = AgentID(key)
		case "priority":
			list.Priority = ChoiceID(key)
		case "service":
			list.Service = ChoiceID(key)
		default:
			return nil, InvalidField("by", "want status, responsible, priority or service")
		}
		all.Go(func() {
			columns[i].Key = key
			columns[i].Tickets, columns[i].Next, errs[i] = d.Tickets(ctx, who, list)
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return columns, nil
}
