package store_test

import (
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/local"
	"github.com/relevo/relevo/internal/store"
)

// FuzzCursor: whatever a client sends back as a cursor is a page of this account's own list, or refused by name.
func FuzzCursor(f *testing.F) {
	file, err := local.Open(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := file.Close(); err != nil {
			f.Error(err)
		}
	})
	st := store.New(file.Table(), time.Now)
	mine, other := st.Account("mine"), st.Account("other")
	begin := func(b desk.Books) *desk.Conversation {
		now := time.Now()
		c := &desk.Conversation{ID: desk.ConversationID(desk.NewID(now)), Contact: desk.ContactID(desk.NewID(now)), Inbox: "web",
			Department: "sales", Status: desk.Open, CreatedAt: now, WaitsSince: now}
		if err := b.Save(f.Context(), desk.Change{Now: c}); err != nil {
			f.Fatal(err)
		}
		if err := b.File(f.Context(), c.ID); err != nil {
			f.Fatal(err)
		}
		return c
	}
	own := map[desk.ConversationID]bool{}
	for range 3 {
		own[begin(mine).ID] = true
		begin(other)
	}
	lists := []desk.ListQuery{
		{Status: desk.Open}, {Status: desk.Open, Departments: []desk.DepartmentID{"sales", "support"}},
		{Status: desk.Open, Inbox: "web"}, {Status: desk.Open, Unassigned: []desk.DepartmentID{"sales"}},
	}
	for _, books := range []desk.Books{mine, other} {
		for _, q := range lists {
			q.Page.Limit = 1
			_, next, err := books.Conversations(f.Context(), q)
			if err != nil || next == "" {
				f.Fatal(next, err)
			}
			f.Add(string(next))
		}
	}
	f.Add("")
	f.Add("%")
	f.Add(base64.RawURLEncoding.EncodeToString([]byte("1a\n\n\x00")))
	f.Fuzz(func(t *testing.T, cursor string) {
		for _, q := range lists {
			q.Page = desk.PageRequest{Limit: 2, After: desk.Cursor(cursor)}
			found, _, err := mine.Conversations(t.Context(), q)
			if refusal, ok := errors.AsType[*desk.Error](err); err != nil && (!ok || refusal.Code != desk.Invalid || refusal.Field != "cursor") {
				t.Fatalf("got %v", err)
			}
			for _, c := range found {
				if !own[c.ID] {
					t.Fatalf("a foreign conversation: %s", c.ID)
				}
			}
		}
	})
}
