package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// MaxFound is how many tickets a search gives at most; more words find fewer.
const MaxFound = 20

// SearchTickets finds tickets by number (B77) and by content (B78): the words of subject, requester, tags and actions,
// whatever their case and accents, each from its beginning. The ticket of that number comes first.
func (d *Desk) SearchTickets(ctx context.Context, who Who, text string, limit int) ([]Ticket, error) {
	if err := within("q", text, 1, 200); err != nil {
		return nil, err
	}
	books := d.Store.Account(who.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return nil, err
	}
	var found []Ticket
	if n, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(text), "#"), 10, 64); err == nil && n > 0 {
		t, err := books.Ticket(ctx, n)
		if err != nil && !Is(err, NotFound) {
			return nil, err
		}
		if err == nil {
			found = append(found, t)
		}
	}
	by, err := books.SearchTickets(ctx, settings.Tickets, text, min(limit, MaxFound))
	if err != nil {
		return nil, err
	}
	for _, t := range by {
		if !slices.ContainsFunc(found, func(f Ticket) bool { return f.Number == t.Number }) && len(found) < limit {
			found = append(found, t)
		}
	}
	for i, t := range found {
		found[i] = settings.Tickets.Shown(t)
	}
	return found, nil
}
