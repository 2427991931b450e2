package local

import (
	"context"
	"hash/maphash"
	"log/slog"
	"sync"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// Stream hands every change of the table to one handler, at least once. What a restart has to deliver again is exactly
// what is still kept: handled changes are trimmed, a little later than they were handled.
type Stream struct {
	file *File
	wake chan struct{} // holds one: something may have been written

	mu       sync.Mutex
	running  bool
	low      uint64          // every change below is handled
	next     uint64          // the first change not yet read
	order    []uint64        // changes read and not below low, rising
	open     map[uint64]bool // those of them that are not handled
	advanced chan struct{}   // closed and replaced when changes were handled
	trimmed  uint64          // low when it was last trimmed
	seed     maphash.Seed    // which lane a partition key takes
	lanes    [laneCount]chan record
}

const (
	laneCount    = 8
	batchSize    = 25
	window       = 2048 // changes read and not handled
	maxFailures  = 8
	firstPause   = 100 * time.Millisecond
	longestPause = 5 * time.Second
	trimEvery    = 200 * time.Millisecond
)

// Handler takes changes of one or more partition keys, in order. A change may come again after a crash or an error.
type Handler = func(ctx context.Context, changes []store.Change) error

func newStream(f *File) *Stream {
	return &Stream{file: f, wake: make(chan struct{}, 1), open: map[uint64]bool{}, low: 1, advanced: make(chan struct{}),
		seed: maphash.MakeSeed()}
}

// Stream gives the change stream of the file; there is one.
func (f *File) Stream() *Stream { return f.stream }

// wakeUp tells a running stream that something was written. It never waits.
func (s *Stream) wakeUp() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run delivers changes, in batches of at most 25, until ctx ends, then returns nil. Changes of one partition key come in
// order; a few partition keys go side by side. When a batch fails its changes are delivered one by one; a change that
// fails is repeated after a pause (100 ms, doubled up to 5 s) while its partition key, and those that share its lane,
// wait; after eight failures it becomes a dead letter. Codes: conflict (it runs already), unavailable (the file cannot
// be read).
func (s *Stream) Run(ctx context.Context, handle Handler) error {
	if err := s.start(); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var workers sync.WaitGroup
	for _, lane := range s.lanes {
		workers.Go(func() { s.work(ctx, lane, handle) })
	}
	workers.Go(func() { s.trimNowAndThen(ctx) })
	err := s.read(ctx)
	stop()
	workers.Wait()
	s.trimHandled()
	s.mu.Lock()
	s.running = false
	s.mu.Unlock()
	return err
}

func (s *Stream) start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running {
		return desk.Errorf(desk.Conflict, "the change stream runs already")
	}
	first, _, err := s.file.streamEnds()
	if err != nil {
		return err
	}
	s.running = true
	s.low, s.next, s.trimmed = first, first, first
	s.order, s.open = nil, map[uint64]bool{}
	for i := range s.lanes {
		s.lanes[i] = make(chan record, window)
	}
	s.announce()
	return nil
}

// read hands records to the lanes as they come, as far as the window allows.
func (s *Stream) read(ctx context.Context) error {
	for ctx.Err() == nil {
		from, room, advanced := s.room()
		records, err := s.file.readRecords(from, min(room, batchSize*laneCount))
		if err != nil {
			return err
		}
		s.dispatch(records)
		if len(records) > 0 {
			continue
		}
		if room > 0 {
			advanced = nil // only something new is of interest
		}
		select {
		case <-ctx.Done():
		case <-s.wake:
		case <-advanced:
		}
	}
	return nil
}

func (s *Stream) room() (from uint64, room int, advanced <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.next, window - len(s.order), s.advanced
}

// dispatch never waits: a lane holds a whole window.
func (s *Stream) dispatch(records []record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range records {
		s.order = append(s.order, r.seq)
		s.open[r.seq] = true
		s.next = r.seq + 1
		s.lanes[maphash.String(s.seed, r.change.Key.PK)%laneCount] <- r
	}
}

func (s *Stream) finish(batch ...record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range batch {
		delete(s.open, r.seq)
	}
	done := 0
	for done < len(s.order) && !s.open[s.order[done]] {
		done++
	}
	s.order = s.order[done:]
	s.low = s.next
	if len(s.order) > 0 {
		s.low = s.order[0]
	}
	s.announce()
}

// announce wakes whoever waits for progress; mu is held.
func (s *Stream) announce() {
	close(s.advanced)
	s.advanced = make(chan struct{})
}

// trimNowAndThen trims at most every trimEvery, and only after progress.
func (s *Stream) trimNowAndThen(ctx context.Context) {
	for {
		s.mu.Lock()
		idle, advanced := s.low == s.trimmed, s.advanced
		s.mu.Unlock()
		if idle {
			select {
			case <-ctx.Done():
				return
			case <-advanced:
				continue
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(trimEvery):
			s.trimHandled()
		}
	}
}

func (s *Stream) trimHandled() {
	s.mu.Lock()
	low, trimmed := s.low, s.trimmed
	s.mu.Unlock()
	if low == trimmed {
		return
	}
	if err := s.file.trim(low); err != nil {
		slog.Error("change stream not trimmed", "error", err)
		return
	}
	s.mu.Lock()
	s.trimmed = low
	s.mu.Unlock()
}

// Idle waits until every change is handled or buried, those included that handlers make meanwhile. It waits for Run, and
// for ever under a load that never pauses. Codes: unavailable (ctx ended, the file cannot be read).
func (s *Stream) Idle(ctx context.Context) error {
	for {
		s.mu.Lock()
		low, advanced := s.low, s.advanced
		s.mu.Unlock()
		_, last, err := s.file.streamEnds()
		if err != nil {
			return err
		}
		if low > last {
			return nil
		}
		select {
		case <-ctx.Done():
			return desk.Wrap(desk.Unavailable, ctx.Err(), "changes are still being handled")
		case <-advanced:
		}
	}
}
