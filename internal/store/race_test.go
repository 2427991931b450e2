package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// overtaken is a table on which someone else acts once, just before the next write.
type overtaken struct {
	store.Table
	act func()
}

func (o *overtaken) Write(ctx context.Context, ops ...store.Op) error {
	if act := o.act; act != nil {
		o.act = nil
		act()
	}
	return o.Table.Write(ctx, ops...)
}

// TestFileOvertaken files a conversation that changes between the read and the write of File: the later state wins.
func TestFileOvertaken(t *testing.T) {
	table := &overtaken{Table: openTable(t)}
	slow := store.New(table, time.Now).Account("demo")
	fast := store.New(table.Table, time.Now).Account("demo")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	list := func(query desk.ListQuery) (ids []desk.ConversationID) {
		t.Helper()
		query.Page.Limit = 1
		for {
			page, next, err := fast.Conversations(t.Context(), query)
			must(err)
			for _, c := range page {
				ids = append(ids, c.ID)
			}
			if next == "" {
				return ids
			}
			query.Page.After = next
		}
	}
	for _, labels := range [][]desk.LabelID{nil, {"vip"}} {
		c := begin(t, fast, &desk.Conversation{ID: desk.ConversationID("c" + desk.NewID(time.Now()))})
		must(fast.File(t.Context(), c.ID))
		open := *c
		c.Status = desk.Pending
		must(fast.Save(t.Context(), desk.Change{Was: &open, Now: c}))
		table.act = func() {
			was := *c
			c.Status, c.Labels = desk.Resolved, labels
			must(fast.Save(t.Context(), desk.Change{Was: &was, Now: c}))
			must(fast.File(t.Context(), c.ID))
		}
		must(slow.File(t.Context(), c.ID))
		if got := list(desk.ListQuery{Status: desk.Resolved, Inbox: "web"}); len(got) == 0 || got[0] != c.ID {
			t.Fatalf("resolved are %v, want %s among them", got, c.ID)
		}
	}

	quiet := begin(t, fast, &desk.Conversation{ID: "quiet"})
	was := *quiet
	quiet.Status = desk.Pending
	must(fast.Save(t.Context(), desk.Change{Was: &was, Now: quiet}))
	busy := beginBusy(t, fast)
	table.act = func() { // a message comes while the conversation is filed for the first time
		must(fast.SaveThread(t.Context(), quiet.ID, desk.Thread{}, desk.Thread{Last: desk.PlaceAt(time.Now().Add(3 * time.Hour))}))
	}
	must(slow.File(t.Context(), quiet.ID))
	if got := list(desk.ListQuery{Status: desk.Pending}); len(got) != 2 || got[0] != quiet.ID {
		t.Fatalf("pending are %v, want %s before %s", got, quiet.ID, busy.ID)
	}
}

// beginBusy begins a pending conversation that is active in an hour.
func beginBusy(t *testing.T, books desk.Books) *desk.Conversation {
	t.Helper()
	c := &desk.Conversation{
		ID: "busy", Contact: "luz", Inbox: "web", Department: "sales", CreatedAt: time.Now(), Status: desk.Pending,
		Thread: desk.Thread{Last: desk.PlaceAt(time.Now().Add(time.Hour))},
	}
	if err := books.Save(t.Context(), desk.Change{Now: c}); err != nil {
		t.Fatal(err)
	}
	if err := books.File(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	return c
}
