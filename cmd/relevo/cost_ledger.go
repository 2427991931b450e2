package main

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/live"
	"github.com/relevo/relevo/internal/local"
	"github.com/relevo/relevo/internal/store"
)

// ledger counts what a running desk would ask of AWS: invocations of its functions by what started them, calls and units
// of the table, jobs, frames, timers and mails. nil counts nothing.
type ledger struct {
	mu  sync.Mutex
	now count
}

// count is what was counted in some span of time, by function where that matters.
type count struct {
	Requests    float64 // of the HTTP API
	Invocations map[string]float64
	Calls       map[string]float64 // of the table
	Read, Write float64            // units
	FIFO, Jobs  float64            // jobs worked of .fifo queues, and of others
	Frames      float64            // on live connections, both ways, with the three events of a connection's life left out
	Timers      float64
	Mails       float64
}

func (c count) clone() count {
	c.Invocations, c.Calls = maps.Clone(c.Invocations), maps.Clone(c.Calls)
	return c
}

// less gives what was counted since before, times n.
func (c count) less(before count, n float64) count { return c.plus(before, -1).times(n) }

func (c count) times(n float64) count { return count{}.plus(c, n) }

// plus adds another count n times.
func (c count) plus(o count, n float64) count {
	sum := count{Requests: c.Requests + n*o.Requests, Read: c.Read + n*o.Read, Write: c.Write + n*o.Write, FIFO: c.FIFO + n*o.FIFO, Jobs: c.Jobs + n*o.Jobs,
		Frames: c.Frames + n*o.Frames, Timers: c.Timers + n*o.Timers, Mails: c.Mails + n*o.Mails, Invocations: map[string]float64{}, Calls: map[string]float64{}}
	maps.Copy(sum.Invocations, c.Invocations)
	maps.Copy(sum.Calls, c.Calls)
	for name, more := range o.Invocations {
		sum.Invocations[name] += n * more
	}
	for name, more := range o.Calls {
		sum.Calls[name] += n * more
	}
	return sum
}

// newLedger puts counting ports into a house.
func newLedger(h *house) *ledger {
	l := &ledger{now: count{Invocations: map[string]float64{}, Calls: map[string]float64{}}}
	// The clock is set back to the full five minutes: lists are re-ordered once in such a span, and that none passes amid a
	// piece of the play makes every run count the same.
	began := time.Now()
	set := began.Truncate(5 * time.Minute)
	h.desk.Now = func() time.Time { return set.Add(time.Since(began)) }
	h.desk.Store = store.New(countedTable{h.file.Table(), l}, h.desk.Now)
	h.desk.Timers, h.desk.Mailer = countedTimers{h.desk.Timers, l}, countedMailer{h.desk.Mailer, l}
	h.desk.Announce = live.NewAnnouncer(h.desk.Store, countedPush{h.push, l}, live.Shapes(api.LiveShapes(h.desk)))
	return l
}

func (l *ledger) add(change func(*count)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(&l.now)
}

// read gives all that was counted so far.
func (l *ledger) read() count {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now.clone()
}

type functionKey struct{}

// within marks what is done by a function.
func within(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, functionKey{}, name)
}

func (l *ledger) invoked(name string, more func(*count)) {
	l.add(func(c *count) { c.Invocations[name]++; more(c) })
}

// watch counts what the functions are started with.
func (l *ledger) watch(functions map[string]function) map[string]function {
	if l == nil {
		return functions
	}
	for name, f := range functions {
		functions[name] = l.watched(name, f)
	}
	return functions
}

func (l *ledger) watched(name string, f function) function {
	watched := f
	if f.routes != nil {
		watched.routes = func(routes []string) http.Handler {
			next := f.routes(routes)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				l.invoked(name, func(c *count) { c.Requests++ })
				next.ServeHTTP(w, r.WithContext(within(r.Context(), name)))
			})
		}
	}
	if f.queue != nil {
		watched.queue = func(ctx context.Context, job desk.Job) error {
			l.invoked(name, func(c *count) {
				if strings.HasSuffix(string(job.Queue), ".fifo") {
					c.FIFO++
				} else {
					c.Jobs++
				}
			})
			return f.queue(within(ctx, name), job)
		}
	}
	if f.timer != nil {
		watched.timer = func(ctx context.Context, t desk.Timer) error {
			l.invoked(name, func(*count) {})
			return f.timer(within(ctx, name), t)
		}
	}
	if f.stream != nil {
		watched.stream = l.watchedStream(name, f.stream)
	}
	return watched
}

// watchedStream counts an invocation for every fact: those of a batch that come at once share one on AWS, which is not
// counted on, and changes that are no facts are filtered out before.
func (l *ledger) watchedStream(name string, next local.Handler) local.Handler {
	return func(ctx context.Context, changes []store.Change) error {
		for _, change := range changes {
			if _, fact, err := store.Decode(change); err == nil && fact && change.New != nil {
				l.invoked(name, func(*count) {})
			}
		}
		return next(within(ctx, name), changes)
	}
}

// countedTable is a table whose calls are counted.
type countedTable struct {
	store.Table
	ledger *ledger
}

func (t countedTable) charge(ctx context.Context, meter *store.Meter) {
	cost := meter.Cost()
	name, _ := ctx.Value(functionKey{}).(string)
	if name == "" {
		name = "live" // frames on sockets come by no handler of a function
	}
	t.ledger.add(func(c *count) {
		c.Read += cost.Read
		c.Write += cost.Write
		c.Calls[name] += float64(cost.Calls)
	})
}

// Get implements [store.Table].
func (t countedTable) Get(ctx context.Context, key store.Key, consistent bool) (store.Item, bool, error) {
	metered, meter := store.WithMeter(ctx)
	item, ok, err := t.Table.Get(metered, key, consistent)
	t.charge(ctx, meter)
	return item, ok, err
}

// BatchGet implements [store.Table].
func (t countedTable) BatchGet(ctx context.Context, keys []store.Key, consistent bool) (map[store.Key]store.Item, error) {
	metered, meter := store.WithMeter(ctx)
	items, err := t.Table.BatchGet(metered, keys, consistent)
	t.charge(ctx, meter)
	return items, err
}

// Query implements [store.Table].
func (t countedTable) Query(ctx context.Context, query store.Query) (store.Page, error) {
	metered, meter := store.WithMeter(ctx)
	page, err := t.Table.Query(metered, query)
	t.charge(ctx, meter)
	return page, err
}

// Write implements [store.Table].
func (t countedTable) Write(ctx context.Context, ops ...store.Op) error {
	metered, meter := store.WithMeter(ctx)
	err := t.Table.Write(metered, ops...)
	t.charge(ctx, meter)
	return err
}

type countedPush struct {
	desk.Push
	ledger *ledger
}

// Send implements [desk.Push].
func (p countedPush) Send(ctx context.Context, to desk.ConnectionID, frame []byte) error {
	p.ledger.add(func(c *count) { c.Frames += float64(1 + len(frame)/(32<<10)) })
	return p.Push.Send(ctx, to, frame)
}

type countedTimers struct {
	desk.Timers
	ledger *ledger
}

// At implements [desk.Timers].
func (t countedTimers) At(ctx context.Context, timer desk.Timer) error {
	t.ledger.add(func(c *count) { c.Timers++ })
	return t.Timers.At(ctx, timer)
}

type countedMailer struct {
	desk.Mailer
	ledger *ledger
}

// Send implements [desk.Mailer].
func (m countedMailer) Send(ctx context.Context, mail desk.Mail) error {
	m.ledger.add(func(c *count) { c.Mails++ })
	return m.Mailer.Send(ctx, mail)
}
