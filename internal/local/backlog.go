package local

import (
	"slices"
	"strconv"
	"time"
)

// backlog orders, in memory, what waits in one queue. A lane is a group of a .fifo queue, or one job of another queue:
// only its head may be worked, and only by one worker.
type backlog struct {
	ordered bool
	lanes   map[string]*lane
	ready   []*lane       // may be worked now, longest waiting first
	later   []*lane       // failed, sorted by their heads' notBefore
	wake    chan struct{} // holds a token when ready or later changed
}

type lane struct {
	key  string
	jobs []*waiting // by sequence
}

// waiting is what memory knows of a stored job.
type waiting struct {
	seq       uint64
	group     string
	receives  int
	notBefore time.Time
	done      bool // it is out of the queue
}

func newBacklog(ordered bool) *backlog {
	return &backlog{ordered: ordered, lanes: map[string]*lane{}, wake: make(chan struct{}, 1)}
}

// add puts a job into its lane. Of jobs enqueued at the same moment the later one may come here first, so it sorts; a
// head at work keeps its place.
func (b *backlog) add(w *waiting) {
	key := w.group
	if !b.ordered {
		key = strconv.FormatUint(w.seq, 10)
	}
	l := b.lanes[key]
	if l == nil {
		l = &lane{key: key, jobs: []*waiting{w}}
		b.lanes[key] = l
		b.queue(l)
		return
	}
	i := len(l.jobs)
	for i > 1 && l.jobs[i-1].seq > w.seq {
		i--
	}
	l.jobs = slices.Insert(l.jobs, i, w)
}

// queue puts a lane that nobody works where its head belongs.
func (b *backlog) queue(l *lane) {
	at := l.jobs[0].notBefore
	if at.IsZero() {
		b.ready = append(b.ready, l)
	} else {
		i, _ := slices.BinarySearchFunc(b.later, at, func(l *lane, at time.Time) int {
			return l.jobs[0].notBefore.Compare(at)
		})
		b.later = slices.Insert(b.later, i, l)
	}
	b.signal()
}

// take gives the lane to work now, or the instant at which to look again (zero: when woken).
func (b *backlog) take(now time.Time) (*lane, time.Time) {
	for len(b.later) > 0 && !b.later[0].jobs[0].notBefore.After(now) {
		b.ready = append(b.ready, b.later[0])
		b.later = b.later[1:]
	}
	if len(b.ready) == 0 {
		if len(b.later) == 0 {
			return nil, time.Time{}
		}
		return nil, b.later[0].jobs[0].notBefore
	}
	l := b.ready[0]
	b.ready[0] = nil
	b.ready = b.ready[1:]
	if len(b.ready) > 0 {
		b.signal() // another pool of workers may be asleep
	}
	return l, time.Time{}
}

// release gives back a lane after its head w was worked, and reports whether that job is out of the queue.
func (b *backlog) release(l *lane, w *waiting) bool {
	done := w != nil && w.done
	if done {
		l.jobs = l.jobs[1:]
	}
	if len(l.jobs) == 0 {
		delete(b.lanes, l.key)
	} else {
		b.queue(l)
	}
	return done
}

func (b *backlog) signal() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}
