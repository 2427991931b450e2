package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

// ticketRounds bounds how often a page of tickets reads on to be filled.
const ticketRounds = 4

// Tickets reads one page of a list of tickets: the rows of one index, then the tickets. Rows that are of another status, or
// lag behind, are left out, and the page is filled from what follows, as far as a few rounds give it.
func (b *Books) Tickets(ctx context.Context, list desk.TicketList) ([]desk.Ticket, desk.Cursor, error) {
	l, status := b.ticketListing(list)
	page := list.Page
	var found []desk.Ticket
	for range ticketRounds {
		page.Limit = list.Page.Limit - len(found)
		rows, next, err := l.read(ctx, b.table, page)
		if err != nil {
			return nil, "", err
		}
		rows = slices.DeleteFunc(rows, func(r row) bool { return !strings.HasSuffix(r.sort, status) })
		items, err := l.fetch(ctx, b.table, rows, false)
		if err != nil {
			return nil, "", err
		}
		for _, r := range rows {
			if len(items) == 0 || keyOf(items[0]) != l.target(r.id) {
				continue
			}
			t, err := decodeTicket(items[0])
			if err != nil {
				return nil, "", err
			}
			items = items[1:]
			overtaken := l.kind == dueList && r.sort != dueRow(t) // a row that a filing left behind
			if list.Holds(t) && !overtaken {
				found = append(found, t)
			}
		}
		if page.After = next; next == "" || len(found) == list.Page.Limit {
			break
		}
	}
	return found, page.After, nil
}

// ticketListing chooses what is read for a list, and the letter that the sort keys of its rows must end with, "" for any.
func (b *Books) ticketListing(list desk.TicketList) (l listing, status string) {
	l = listing{kind: ticketList, backward: list.Sort != desk.OldestTickets, target: b.ticketTarget}
	if list.Sort == desk.DueTickets {
		l.kind, l.backward, l.lanes = dueList, false, []lane{{pk: b.duePK()}}
		return l, ""
	}
	if list.Requester != "" { // few, and their rows do not tell the status
		l.kind, l.lanes = requesterList, []lane{{pk: b.contactKey(list.Requester).PK, prefix: "TICKET#"}}
		return l, ""
	}
	var groups []string
	switch list.Status {
	case desk.OpenTickets:
		groups = []string{"o"}
	case desk.DoneTickets:
		groups = []string{"d"}
	default:
		groups, status = []string{group(list.Status)}, initial(list.Status)
	}
	axis := func(index Index, kind, value string) {
		if value == desk.NoChoice {
			value = ""
		}
		for _, g := range groups {
			l.lanes = append(l.lanes, lane{index: index, pk: b.pk(kind, value, g)})
		}
	}
	switch {
	case list.Responsible != "":
		axis(ByOwner, "R", string(list.Responsible))
	case list.Priority != "":
		axis(ByDepartment, "TP", string(list.Priority))
	case list.Service != "":
		axis(ByInbox, "TV", string(list.Service))
	default:
		for _, s := range desk.TicketStatuses {
			if s == list.Status || list.Status == desk.OpenTickets && !s.Done() || list.Status == desk.DoneTickets && s.Done() {
				l.lanes = append(l.lanes, lane{index: ByStatus, pk: b.pk("T", initial(s))})
			}
		}
		status = ""
	}
	return l, status
}

// ticketTarget is the ticket of a row; rows pad its number, and a cursor may hold anything, which is then only a position.
func (b *Books) ticketTarget(id string) Key {
	number, _ := strconv.ParseInt(id, 10, 64)
	return b.ticketKey(number)
}

// duePK holds a row for each open ticket that has a due forecast, in the order of the forecasts.
func (b *Books) duePK() string { return b.pk("DUE") }
