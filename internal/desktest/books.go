package desktest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/desk"
)

// RunBooks tests that a store keeps the contract of desk.Store and desk.Books. Every test works in an account of its
// own, so open may give the same store each time.
func RunBooks(t *testing.T, open func(t *testing.T) desk.Store) {
	t.Helper()
	for _, suite := range []map[string]func(*shelf){
		settingsTests, seatTests, contactTests, holdTests, conversationTests, listTests, messageTests, threadTests, ticketTests, noteTests, viewTests, liveTests, mailTests, codeTests,
	} {
		for _, name := range slices.Sorted(maps.Keys(suite)) {
			t.Run(name, func(t *testing.T) { suite[name](newShelf(t, open(t))) })
		}
	}
	t.Run("Property", func(t *testing.T) { testBooksProperty(t, open(t)) })
}

// shelf is one account's books under test.
type shelf struct {
	*testing.T
	store desk.Store
	books desk.Books
	start time.Time // in milliseconds
	ids   int
}

func newShelf(t *testing.T, store desk.Store) *shelf {
	t.Helper()
	now := time.Now().UTC().Truncate(time.Millisecond)
	return &shelf{T: t, store: store, books: store.Account(desk.AccountID(desk.NewID(now))), start: now}
}

// other gives the books of another account.
func (s *shelf) other() desk.Books { return s.store.Account(desk.AccountID(desk.NewID(s.start))) }

// at is an instant some seconds after the start.
func (s *shelf) at(seconds int) time.Time { return s.start.Add(time.Duration(seconds) * time.Second) }

// id makes ids that rise.
func (s *shelf) id() string {
	s.ids++
	return desk.NewID(s.start.Add(time.Duration(s.ids) * time.Millisecond))
}

func (s *shelf) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *shelf) fails(err error, code desk.Code) {
	s.Helper()
	if !desk.Is(err, code) {
		s.Fatalf("got %v, want the code %s", err, code)
	}
}

func (s *shelf) same(got, want any) {
	s.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		s.Fatalf("-want +got:\n%s", diff)
	}
}

// soon waits until a condition holds, for reads that may lag.
func (s *shelf) soon(what string, holds func() bool) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), 10*time.Second)
	defer cancel()
	await(ctx, s.T, what, holds)
}

// begin saves a new conversation, open and unassigned unless set changes that, and files it.
func (s *shelf) begin(set func(c *desk.Conversation)) *desk.Conversation {
	s.Helper()
	s.ids++
	c := &desk.Conversation{
		ID: desk.ConversationID(s.id()), Number: int64(s.ids), Contact: desk.ContactID(s.id()), ContactName: "Rosa", Inbox: "web",
		Channel: desk.WebChat, CreatedAt: s.at(s.ids), Department: "sales", Status: desk.Open, StatusAt: s.at(s.ids), WaitsSince: s.at(s.ids),
	}
	if set != nil {
		set(c)
	}
	s.ok(s.books.Save(s.Context(), desk.Change{Now: c}))
	s.ok(s.books.File(s.Context(), c.ID))
	return c
}

// change applies a change to the conversation as it stands.
func (s *shelf) change(id desk.ConversationID, set func(c *desk.Conversation)) error {
	was, err := s.books.Conversation(s.Context(), id)
	if err != nil {
		return err
	}
	now := copied(was)
	set(now)
	return s.books.Save(s.Context(), desk.Change{Was: was, Now: now})
}

func copied(c *desk.Conversation) *desk.Conversation {
	d := *c
	d.Labels, d.Thread.Unread = slices.Clone(c.Labels), slices.Clone(c.Thread.Unread)
	return &d
}

func (s *shelf) load(agent desk.AgentID) int {
	s.Helper()
	seat, err := s.books.Seat(s.Context(), agent)
	s.ok(err)
	return seat.Load
}

// ids gives what a list names, in its order.
func ids(list []*desk.Conversation) []desk.ConversationID {
	all := make([]desk.ConversationID, len(list))
	for i, c := range list {
		all[i] = c.ID
	}
	return all
}

// pages reads a list to its end by pages of a size, and says so if a page is larger or a cursor leads in circles.
func pages[T any](s *shelf, size int, read func(page desk.PageRequest) ([]T, desk.Cursor, error)) []T {
	s.Helper()
	var all []T
	page := desk.PageRequest{Limit: size}
	for range 1000 {
		some, next, err := read(page)
		s.ok(err)
		if len(some) > size {
			s.Fatalf("a page of %d has %d rows", size, len(some))
		}
		all = append(all, some...)
		if next == "" {
			return all
		}
		page.After = next
	}
	s.Fatal("the cursor leads in circles")
	return nil
}

// listed reads a whole list by pages of a size.
func (s *shelf) listed(size int, query desk.ListQuery) []desk.ConversationID {
	s.Helper()
	return ids(pages(s, size, func(page desk.PageRequest) ([]*desk.Conversation, desk.Cursor, error) {
		query.Page = page
		return s.books.Conversations(s.Context(), query)
	}))
}

// lists waits until a list, read by pages of a size, names just these.
func (s *shelf) lists(size int, query desk.ListQuery, want ...desk.ConversationID) {
	s.Helper()
	if got, same := s.becomes(size, query, want); !same {
		s.Fatalf("list %+v by %d:\n got %v\nwant %v", query, size, got, want)
	}
}

// becomes waits some time for a list to name just these, in this order.
func (s *shelf) becomes(size int, query desk.ListQuery, want []desk.ConversationID) (got []desk.ConversationID, same bool) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), 10*time.Second)
	defer cancel()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for {
		if got = s.listed(size, query); slices.Equal(got, want) {
			return got, true
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return got, false
		}
	}
}

// atOnce runs n calls at the same time and gives their errors.
func atOnce(n int, call func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = call(i) })
	}
	all.Wait()
	return errs
}

// count tells how many succeeded; any other failure than a conflict fails the test.
func (s *shelf) count(errs []error) int {
	s.Helper()
	n := 0
	for _, err := range errs {
		switch {
		case err == nil:
			n++
		case !desk.Is(err, desk.Conflict):
			s.Fatal(errors.Join(errs...))
		}
	}
	return n
}
