// Package store keeps the desk's books in one DynamoDB table. The design (keys, items, indexes) is written here
// once, over the small driver [Table], so that the local file and DynamoDB hold the very same items at the same cost.
//
// Read keys.go for where everything lies, form.go for how a noun becomes an item, and then the file of a noun.
package store

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// Store is the desk's way to the table. It is safe concurrently.
type Store struct {
	table Table
	now   func() time.Time

	mu         sync.Mutex
	settings   map[desk.AccountID]cachedSettings
	generation int // rises with each change of settings, so that a read begun before it is not kept
}

var (
	_ desk.Store = (*Store)(nil)
	_ desk.Books = (*Books)(nil)
)

// New gives the store of a table; now is its clock for leases, caches and expiry.
func New(table Table, now func() time.Time) *Store {
	return &Store{table: table, now: now, settings: map[desk.AccountID]cachedSettings{}}
}

// Books are the books of one account: every key that it reads or writes begins with the account.
type Books struct {
	store   *Store
	table   Table
	account desk.AccountID
}

// Account gives the books of one account; it reads nothing.
func (s *Store) Account(id desk.AccountID) desk.Books { return s.books(id) }

// ID is the account whose books these are.
func (b *Books) ID() desk.AccountID { return b.account }

func (s *Store) books(id desk.AccountID) *Books {
	return &Books{store: s, table: s.table, account: id}
}

// get reads one item, consistently; an absent one is not_found, named as given.
func get(ctx context.Context, table Table, key Key, what string) (Item, error) {
	item, ok, err := table.Get(ctx, key, true)
	if err != nil {
		return nil, desk.Wrap(desk.Internal, err, "reading "+what)
	}
	if !ok {
		return nil, desk.Errorf(desk.NotFound, "no such %s", what)
	}
	return item, nil
}

// late is get at half the price: it may give what was there a second ago. What seems not to be there is read consistently.
func late(ctx context.Context, table Table, key Key, what string) (Item, error) {
	item, ok, err := table.Get(ctx, key, false)
	if err != nil {
		return nil, desk.Wrap(desk.Internal, err, "reading "+what)
	}
	if !ok {
		return get(ctx, table, key, what)
	}
	return item, nil
}

// refused gives the condition that did not hold, if that is what err says.
func refused(err error) (*ConditionError, bool) { return errors.AsType[*ConditionError](err) }

// all reads every page of a query, for ranges that are bounded by what they hold.
func all(ctx context.Context, table Table, query Query) ([]Item, error) {
	var items []Item
	for {
		page, err := table.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		items = append(items, page.Items...)
		if page.Next == nil {
			return items, nil
		}
		query.After = page.Next
	}
}

// atMost reads pages of a query until n items are there or the range ends; a page also ends at 1 MiB.
func atMost(ctx context.Context, table Table, query Query, n int) ([]Item, error) {
	var items []Item
	for {
		query.Limit = n - len(items)
		page, err := table.Query(ctx, query)
		if err != nil {
			return nil, err
		}
		items = append(items, page.Items...)
		if page.Next == nil || len(items) >= n {
			return items, nil
		}
		query.After = page.Next
	}
}

// parallel runs n reads at once and gives the first error.
func parallel(n int, read func(i int) error) error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := 1; i < n; i++ {
		all.Go(func() { errs[i] = read(i) })
	}
	if n > 0 {
		errs[0] = read(0)
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// expired tells whether the item's time is over; DynamoDB removes such items days later.
func (s *Store) expired(item Item) bool {
	var at int64
	f := form{item: item, read: true}
	number(&f, TTL, &at)
	return at != 0 && at <= s.now().Unix()
}

// lasting puts the expiry of an item.
func (s *Store) lasting(item Item, span time.Duration) Item {
	at := s.now().Add(span).Unix()
	f := form{item: item}
	number(&f, TTL, &at)
	return item
}
