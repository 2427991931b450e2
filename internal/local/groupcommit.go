package local

import (
	"sync"

	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
)

// groupCommit lets writers that meet share one transaction, and so one fsync. A lone writer waits for nobody: the
// group is whoever came while the previous transaction was being written.
type groupCommit struct {
	db      *bbolt.DB
	mu      sync.Mutex
	pending []*member
}

type member struct {
	fn   func(*bbolt.Tx) error
	err  error
	done chan struct{}
}

// Do runs fn in a transaction and returns when it lies on disk. If a neighbour fails, fn runs again in a new
// transaction: it must set, never add to, what it captures.
func (g *groupCommit) Do(fn func(*bbolt.Tx) error) error {
	w := &member{fn: fn, done: make(chan struct{})}
	g.mu.Lock()
	g.pending = append(g.pending, w)
	first := len(g.pending) == 1
	g.mu.Unlock()
	if first {
		g.lead()
	}
	<-w.done
	return w.err
}

// lead waits for the file's write lock, takes everyone who came meanwhile, and commits them together.
func (g *groupCommit) lead() {
	var group []*member
	err := g.db.Update(func(tx *bbolt.Tx) error {
		group = g.take()
		return runAll(tx, group)
	})
	if group == nil { // the transaction could not even begin
		group = g.take()
	}
	for err != nil && hasFailed(group) {
		group = settleFailed(group)
		err = g.db.Update(func(tx *bbolt.Tx) error { return runAll(tx, group) })
	}
	for _, w := range group {
		w.err = err
		close(w.done)
	}
}

func (g *groupCommit) take() []*member {
	g.mu.Lock()
	defer g.mu.Unlock()
	group := g.pending
	g.pending = nil
	return group
}

// runAll stops at the first write that fails: the transaction rolls back, and the others run again without it.
func runAll(tx *bbolt.Tx, group []*member) error {
	for _, w := range group {
		if w.err = w.run(tx); w.err != nil {
			return w.err
		}
	}
	return nil
}

// run turns a panic into an error: the neighbours must not wait for ever.
func (w *member) run(tx *bbolt.Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = desk.Errorf(desk.Internal, "a write panicked: %v", p)
		}
	}()
	return w.fn(tx)
}

func hasFailed(group []*member) bool {
	for _, w := range group {
		if w.err != nil {
			return true
		}
	}
	return false
}

// settleFailed answers those that failed and gives the rest.
func settleFailed(group []*member) []*member {
	var rest []*member
	for _, w := range group {
		if w.err != nil {
			close(w.done)
			continue
		}
		rest = append(rest, w)
	}
	return rest
}
