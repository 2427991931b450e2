package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// faulty fails one write, before or after it was applied.
type faulty struct {
	store.Table
	fail    int // the write that fails, from 1
	applied bool
	writes  int
}

func (f *faulty) Write(ctx context.Context, ops ...store.Op) error {
	f.writes++
	if f.writes != f.fail {
		return f.Table.Write(ctx, ops...)
	}
	if f.applied {
		if err := f.Table.Write(ctx, ops...); err != nil {
			return err
		}
	}
	return desk.Errorf(desk.Unavailable, "the line is dead")
}

// faults runs a call that dies at each of its writes, once before and once after the write took hold.
func faults(t *testing.T, writes int, run func(t *testing.T, first, again desk.Books)) {
	t.Helper()
	for fail := 1; fail <= writes; fail++ {
		for _, applied := range []bool{false, true} {
			t.Run(fmt.Sprintf("Write%dApplied%v", fail, applied), func(t *testing.T) {
				table := openTable(t)
				first := store.New(&faulty{Table: table, fail: fail, applied: applied}, time.Now).Account("demo")
				run(t, first, store.New(table, time.Now).Account("demo"))
			})
		}
	}
}

func dies(t *testing.T, err error) {
	t.Helper()
	if !desk.Is(err, desk.Unavailable) {
		t.Fatalf("got %v, want the failure of the write", err)
	}
}

func begin(t *testing.T, books desk.Books, c *desk.Conversation) *desk.Conversation {
	t.Helper()
	c.Number, c.Contact, c.Inbox, c.Department, c.CreatedAt, c.Status = 1, "rosa", "web", "sales", time.Now(), desk.Open
	if err := books.Save(t.Context(), desk.Change{Now: c}); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestStoreMessageSurvivesACrashBetweenItsWrites(t *testing.T) {
	faults(t, 2, func(t *testing.T, first, again desk.Books) {
		t.Helper()
		begin(t, again, &desk.Conversation{ID: "c1"})
		m := desk.Message{
			ID: desk.MessageID(desk.NewID(time.Now())), Conversation: "c1", Inbox: "web", Kind: desk.MessageText, Text: "Hola", ExternalID: "x",
		}
		_, _, err := first.StoreMessage(t.Context(), m)
		dies(t, err)
		retry := m
		retry.ID = desk.MessageID(desk.NewID(time.Now()))
		var place desk.MessageID
		for range 2 {
			stored, _, err := again.StoreMessage(t.Context(), retry)
			if err != nil {
				t.Fatal(err)
			}
			_, messages, _, err := again.Thread(t.Context(), "c1", desk.ThreadQuery{Limit: 9, Fresh: true})
			if err != nil || len(messages) != 1 || messages[0].ID != stored.ID {
				t.Fatalf("stored %s, the thread holds %+v (%v)", stored.ID, messages, err)
			}
			if place != "" && place != stored.ID {
				t.Fatalf("the message moved from %s to %s", place, stored.ID)
			}
			place = stored.ID
		}
	})
}

func TestReceiptSurvivesACrashBetweenItsWrites(t *testing.T) {
	faults(t, 2, func(t *testing.T, first, again desk.Books) {
		t.Helper()
		m := desk.Message{ID: "m1", Conversation: "c1", Inbox: "web", Kind: desk.MessageText, ExternalID: "x"}
		if _, _, err := again.StoreMessage(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		change := desk.MessageChange{Receipt: &desk.Receipt{Provider: "wamid", At: time.Now()}}
		dies(t, first.ChangeMessage(t.Context(), "c1", "m1", change))
		if err := again.ChangeMessage(t.Context(), "c1", "m1", change); err != nil {
			t.Fatal(err)
		}
		_, id, err := again.MessageByIdentity(t.Context(), "web", "wamid")
		got, lost := again.Message(t.Context(), "c1", "m1")
		if err != nil || lost != nil || id != "m1" || got.Delivery.State != desk.Sent || got.Provider != "wamid" {
			t.Fatalf("found %s (%v), message %+v (%v)", id, err, got, lost)
		}
	})
}

func TestFileSurvivesACrashBetweenItsWrites(t *testing.T) {
	faults(t, 2, func(t *testing.T, first, again desk.Books) {
		t.Helper()
		c := begin(t, again, &desk.Conversation{ID: "c1", Labels: []desk.LabelID{"vip"}})
		if err := again.File(t.Context(), "c1"); err != nil {
			t.Fatal(err)
		}
		was := *c
		c.Status, c.Labels = desk.Resolved, []desk.LabelID{"late"}
		if err := again.Save(t.Context(), desk.Change{Was: &was, Now: c}); err != nil {
			t.Fatal(err)
		}
		dies(t, first.File(t.Context(), "c1"))
		if err := again.File(t.Context(), "c1"); err != nil {
			t.Fatal(err)
		}
		for query, want := range map[*desk.ListQuery]int{
			{Status: desk.Open}: 0, {Status: desk.Open, Label: "vip"}: 0, {Status: desk.Resolved, Label: "vip"}: 0,
			{Status: desk.Resolved}: 1, {Status: desk.Resolved, Label: "late"}: 1, {Status: desk.Resolved, Inbox: "web"}: 1,
		} {
			query.Page.Limit = 5
			if got, _, err := again.Conversations(t.Context(), *query); err != nil || len(got) != want {
				t.Errorf("%+v holds %d (%v), want %d", query, len(got), err, want)
			}
		}
	})
}

func TestStoreMessageForgetsIdentitiesAfterThirtyDays(t *testing.T) {
	table, now := openTable(t), time.Now()
	books := store.New(table, func() time.Time { return now }).Account("demo")
	m := desk.Message{ID: "m1", Conversation: "c1", Inbox: "web", Kind: desk.MessageText, ExternalID: "x"}
	if _, fresh, err := books.StoreMessage(t.Context(), m); err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	now = now.AddDate(0, 0, 29)
	if _, fresh, err := books.StoreMessage(t.Context(), m); err != nil || fresh {
		t.Fatal("forgotten after 29 days", err)
	}
	now = now.AddDate(0, 0, 2)
	if _, _, err := books.MessageByIdentity(t.Context(), "web", "x"); !desk.Is(err, desk.NotFound) {
		t.Fatal("known after 31 days", err)
	}
	m.ID = "m2"
	if _, fresh, err := books.StoreMessage(t.Context(), m); err != nil || !fresh {
		t.Fatal("a repeat after 31 days is not new", err)
	}
	if conversation, id, err := books.MessageByIdentity(t.Context(), "web", "x"); err != nil || id != "m2" || conversation != "c1" {
		t.Fatal(conversation, id, err)
	}
}
