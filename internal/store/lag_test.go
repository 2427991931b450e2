package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
	"github.com/relevo/relevo/internal/store"
)

// lagging is a table whose cheap reads see what was written only some writes later, or when it is quiet.
type lagging struct {
	store.Table // the truth
	replica     store.Table
	behind      int

	mu    sync.Mutex
	keys  []store.Key // written, and not yet in the replica
	reads int
}

func (l *lagging) Write(ctx context.Context, ops ...store.Op) error {
	if err := l.Table.Write(ctx, ops...); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, op := range ops {
		l.keys = append(l.keys, op.Key)
	}
	l.reads = 0
	return l.catchUp(ctx, l.behind)
}

// catchUp copies all but the newest so many items.
func (l *lagging) catchUp(ctx context.Context, but int) error {
	for len(l.keys) > but {
		key := l.keys[0]
		l.keys = l.keys[1:]
		item, ok, err := l.Table.Get(ctx, key, true)
		if err != nil {
			return err
		}
		op := store.Op{Kind: store.Delete, Key: key}
		if ok {
			op = store.Op{Kind: store.Put, Key: key, Item: item}
		}
		if err := l.replica.Write(ctx, op); err != nil {
			return err
		}
	}
	return nil
}

// lagged gives the replica, which catches up once it was read some times without a write between.
func (l *lagging) lagged(ctx context.Context) (store.Table, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads++
	if l.reads > 20 {
		return l.replica, l.catchUp(ctx, 0)
	}
	return l.replica, nil
}

func (l *lagging) Get(ctx context.Context, key store.Key, consistent bool) (store.Item, bool, error) {
	if consistent {
		return l.Table.Get(ctx, key, true)
	}
	replica, err := l.lagged(ctx)
	if err != nil {
		return nil, false, err
	}
	return replica.Get(ctx, key, false)
}

func (l *lagging) BatchGet(ctx context.Context, keys []store.Key, consistent bool) (map[store.Key]store.Item, error) {
	if consistent {
		return l.Table.BatchGet(ctx, keys, true)
	}
	replica, err := l.lagged(ctx)
	if err != nil {
		return nil, err
	}
	return replica.BatchGet(ctx, keys, false)
}

func (l *lagging) Query(ctx context.Context, query store.Query) (store.Page, error) {
	if query.Consistent {
		return l.Table.Query(ctx, query)
	}
	replica, err := l.lagged(ctx)
	if err != nil {
		return store.Page{}, err
	}
	return replica.Query(ctx, query)
}

// TestBooksLagging runs the contract on a table whose eventually consistent reads are late, as DynamoDB's may be.
func TestBooksLagging(t *testing.T) {
	desktest.RunBooks(t, func(t *testing.T) desk.Store {
		t.Helper()
		return store.New(&lagging{Table: openTable(t), replica: openTable(t), behind: 7}, time.Now)
	})
}

// Who listens is read late at half the price where a client looks a second time, and never where it does not: at what is
// watched, and where rights end. The conversation that receives is found at once when it is new.
func TestLateReads(t *testing.T) {
	table := &lagging{Table: openTable(t), replica: openTable(t), behind: 1000}
	books := store.New(table, time.Now).Account("acme")
	mine, watched := desk.AgentTopic("ana"), desk.ConversationTopic("c")
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	heard := func(fresh bool, topic desk.Topic) int {
		t.Helper()
		found, err := books.Listeners(t.Context(), fresh, topic)
		ok(err)
		return len(found)
	}
	ok(books.Connect(t.Context(), desk.Connection{ID: "socket", Agent: "ana", Topics: []desk.Topic{mine}}))
	ok(books.Listen(t.Context(), "socket", watched, true))
	if late, fresh, seen := heard(false, mine), heard(true, mine), heard(false, watched); late != 0 || fresh != 1 || seen != 1 {
		t.Errorf("found %d late, %d fresh, %d who watch", late, fresh, seen)
	}
	c := &desk.Conversation{ID: "c", Contact: "rosa", Inbox: "web", Channel: desk.WebChat, Status: desk.Open, CreatedAt: time.Now()}
	ok(books.Save(t.Context(), desk.Change{Now: c}))
	for _, fresh := range []bool{false, true} {
		id, err := books.Receiving(t.Context(), fresh, "rosa", "web")
		ok(err)
		if id != "c" {
			t.Errorf("fresh %v: %q receives", fresh, id)
		}
	}
}
