package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

func TestDecode(t *testing.T) {
	table := openTable(t)
	account := desk.AccountID("de#mo")
	books := store.New(table, time.Now).Account(account)
	item := func(pk, sk string) (store.Key, store.Item) {
		t.Helper()
		key := store.Key{PK: "de%23mo#" + pk, SK: sk}
		item, ok, err := table.Get(t.Context(), key, true)
		if err != nil || !ok {
			t.Fatalf("%v: %v %v", key, ok, err)
		}
		return key, item
	}
	facts := func(change store.Change) desk.Fact {
		t.Helper()
		fact, ok, err := store.Decode(change)
		if err != nil || !ok || fact.Account != account {
			t.Fatalf("%+v %v %v", fact, ok, err)
		}
		return fact
	}
	begin(t, books, &desk.Conversation{ID: "c1"})
	m := desk.Message{ID: "m1", Conversation: "c1", Inbox: "web", Kind: desk.MessageText, Text: "Hola"}
	if _, _, err := books.StoreMessage(t.Context(), m); err != nil {
		t.Fatal(err)
	}

	t.Run("OKMessage", func(t *testing.T) {
		key, before := item("CONV#c1", "MSG#m1")
		fact := facts(store.Change{Key: key, New: before})
		if diff := cmp.Diff(&desk.MessageFact{Now: m}, fact.Message); diff != "" {
			t.Fatal(diff)
		}
		if err := books.ChangeMessage(t.Context(), "c1", "m1", desk.MessageChange{Delivery: &desk.Delivery{State: desk.Sent}}); err != nil {
			t.Fatal(err)
		}
		_, after := item("CONV#c1", "MSG#m1")
		delete(after, "PK") // whether images hold the key is the driver's choice
		now := m
		now.Delivery.State = desk.Sent
		fact = facts(store.Change{Key: key, Old: before, New: after})
		if diff := cmp.Diff(&desk.MessageFact{Was: &m, Now: now}, fact.Message); diff != "" {
			t.Fatal(diff)
		}
	})
	t.Run("OKSeat", func(t *testing.T) {
		if err := books.SetCapacity(t.Context(), "ana", 3); err != nil {
			t.Fatal(err)
		}
		key, seat := item("SEATS", "ana")
		fact := facts(store.Change{Key: key, New: seat})
		if diff := cmp.Diff(&desk.SeatFact{Now: desk.Seat{Agent: "ana", Capacity: 3}}, fact.Seat); diff != "" {
			t.Fatal(diff)
		}
	})
	t.Run("OKContact", func(t *testing.T) {
		c := desk.Contact{ID: "rosa", Name: "Rosa", CreatedAt: time.UnixMilli(1).UTC()}
		if err := books.SaveContact(t.Context(), nil, c); err != nil {
			t.Fatal(err)
		}
		key, now := item("CONTACT#rosa", "CONTACT")
		c.Version = 1
		if diff := cmp.Diff(&desk.ContactFact{Now: c}, facts(store.Change{Key: key, New: now}).Contact); diff != "" {
			t.Fatal(diff)
		}
	})
	t.Run("OthersAreNoFacts", func(t *testing.T) {
		key, conversation := item("CONV#c1", "~")
		for _, change := range []store.Change{
			{Key: key, New: conversation}, {Key: key, Old: conversation}, {Key: store.Key{PK: "#SOCKET#1", SK: "SOCKET"}, New: conversation},
			{Key: store.Key{PK: "demo", SK: "AGENT#ana"}, New: conversation},
		} {
			if fact, ok, err := store.Decode(change); ok || err != nil {
				t.Errorf("%v is %+v (%v)", change.Key, fact, err)
			}
		}
	})
	t.Run("ErrInternal", func(t *testing.T) {
		key, broken := item("CONV#c1", "MSG#m1")
		broken["k"] = broken["d"] // a number where a text belongs
		_, ok, err := store.Decode(store.Change{Key: key, New: broken})
		if ok || !desk.Is(err, desk.Internal) || strings.Contains(err.Error(), "Hola") {
			t.Fatal(ok, err)
		}
	})
}
