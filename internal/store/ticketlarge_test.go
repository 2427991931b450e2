package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// watched is a table that tells the largest page that was read, and the largest item of a query.
type watched struct {
	store.Table
	page, marks int
}

func (w *watched) Query(ctx context.Context, q store.Query) (store.Page, error) {
	page, err := w.Table.Query(ctx, q)
	w.page = max(w.page, len(page.Items))
	return page, err
}

// Write counts the marks that a row of a word has taken.
func (w *watched) Write(ctx context.Context, ops ...store.Op) error {
	err := w.Table.Write(ctx, ops...)
	for _, op := range ops {
		if err == nil && len(op.AddTo) > 0 {
			w.marks++
		}
	}
	return err
}

// A ticket may have any number of actions: they are never all in memory at once, and a row of a word that many of them
// have does not grow for good.
func TestTicketOfManyActions(t *testing.T) {
	ctx, table := t.Context(), &watched{Table: openTable(t)}
	books := store.New(table, time.Now).Account("demo")
	now := time.Now().UTC().Truncate(time.Millisecond)
	heir := desk.Ticket{Number: 2, Status: desk.TicketNew, Subject: "Botas", CreatedAt: now, UpdatedAt: now}
	actions := make([]desk.TicketAction, 0, 310)
	for i := range cap(actions) {
		actions = append(actions, desk.TicketAction{ID: desk.NewID(now.Add(time.Duration(i) * time.Millisecond)), Ticket: 1, Kind: desk.WrittenAction, Text: "pedido"})
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	merged := heir
	merged.Number = 1
	check(books.SaveTicket(ctx, desk.TicketSave{Ticket: heir}))
	for n := 0; n < len(actions); n += 31 {
		merged.Version = n / 31
		check(books.SaveTicket(ctx, desk.TicketSave{Ticket: merged, Actions: actions[n : n+31]}))
	}
	check(books.MoveActions(ctx, 1, func(int64) (desk.ActionHome, error) { return desk.ActionHome{Ticket: 2}, nil }))
	if table.page > 25 {
		t.Errorf("%d actions are read at once to be moved", table.page)
	}
	left, _, err := books.Actions(ctx, 1, desk.PageRequest{Limit: 9, Fresh: true})
	check(err)
	if len(left) != 0 {
		t.Errorf("%d actions stayed", len(left))
	}
	for _, a := range actions {
		a.Ticket = 2
		check(books.IndexAction(ctx, heir, nil, a))
	}
	if table.marks > 300 {
		t.Errorf("a row has %d marks", table.marks)
	}
	found, err := books.SearchTickets(ctx, desk.TicketSettings{}, "pedido", 9)
	check(err)
	if len(found) != 1 || found[0].Number != 2 {
		t.Errorf("found %+v", found)
	}
}
