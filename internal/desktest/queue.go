package desktest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// QueueSubject is a queue adapter under test with what a test needs around the port.
type QueueSubject struct {
	Queue desk.Queue
	// Work hands jobs of the queue to the handler, with at least four workers, until ctx ends.
	Work func(ctx context.Context, name desk.QueueName, handle func(context.Context, desk.Job) error) error
	// Buried gives the bodies of the queue's jobs in the dead-letter list.
	Buried func(ctx context.Context, name desk.QueueName) ([][]byte, error)
	// Redrive puts all of the queue's jobs in the dead-letter list back to work, as an operator does.
	Redrive func(ctx context.Context, name desk.QueueName) error
	// Patience is how long a test waits for what must happen; above five visibility times.
	Patience time.Duration
	// RefusedDeliveries is how often a job that fails for good is delivered before it is buried: 0 for once. SQS counts
	// deliveries and cannot be told.
	RefusedDeliveries int
}

// Queue tests that an adapter keeps the contract of desk.Queue. The queues may hold jobs of others; they are lost.
func Queue(t *testing.T, open func(t *testing.T) QueueSubject) {
	t.Helper()
	t.Run("OK", func(t *testing.T) { testQueueDelivers(t, open(t)) })
	t.Run("OKConcurrent", func(t *testing.T) { testQueueConcurrent(t, open(t)) })
	t.Run("OrderWithinGroup", func(t *testing.T) { testQueueOrder(t, open(t)) })
	t.Run("OtherGroupGoesOn", func(t *testing.T) { testQueueGroups(t, open(t)) })
	t.Run("Dedup", func(t *testing.T) { testQueueDedup(t, open(t)) })
	t.Run("Redelivery", func(t *testing.T) { testQueueRedelivery(t, open(t)) })
	t.Run("BuriedAtOnce", func(t *testing.T) {
		s := open(t)
		testQueueBuried(t, s, desk.Invalid, max(1, s.RefusedDeliveries))
	})
	t.Run("BuriedAfterFive", func(t *testing.T) { testQueueBuried(t, open(t), desk.Unavailable, 5) })
	t.Run("RedriveHeals", func(t *testing.T) { testQueueRedrive(t, open(t)) })
	t.Run("ErrInvalid", func(t *testing.T) { testQueueInvalid(t, open(t)) })
}

// queueTest works a subject's queue and sees only the jobs of its own test.
type queueTest struct {
	QueueSubject
	t    *testing.T
	ctx  context.Context
	name string // unique: tells this test's jobs from others
	mu   sync.Mutex
	seen []string
}

func newQueueTest(t *testing.T, s QueueSubject) *queueTest {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), s.Patience)
	t.Cleanup(cancel)
	return &queueTest{QueueSubject: s, t: t, ctx: ctx, name: desk.NewID(time.Now())}
}

type queueBody struct{ Test, Label string }

func (q *queueTest) enqueue(name desk.QueueName, group, dedup, label string) {
	q.t.Helper()
	body, err := json.Marshal(queueBody{q.name, label})
	if err != nil {
		q.t.Fatal(err)
	}
	job := desk.Job{Queue: name, Body: body}
	if group != "" {
		job.Group = q.name + group
	}
	if dedup != "" {
		job.Dedup = q.name + dedup
	}
	if err := q.Queue.Enqueue(q.ctx, job); err != nil {
		q.t.Fatalf("enqueue %s: %v", label, err)
	}
}

// work starts workers; handle gets the label of this test's jobs. Every label delivered is noted, first.
func (q *queueTest) work(name desk.QueueName, handle func(job desk.Job, label string) error) {
	ctx, cancel := context.WithCancel(q.ctx)
	ended := make(chan error, 1)
	go func() {
		ended <- q.Work(ctx, name, func(_ context.Context, job desk.Job) error {
			var body queueBody
			if err := json.Unmarshal(job.Body, &body); err != nil {
				return err
			}
			if body.Test != q.name {
				return nil
			}
			q.mu.Lock()
			q.seen = append(q.seen, body.Label)
			q.mu.Unlock()
			return handle(job, body.Label)
		})
	}()
	q.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			q.t.Errorf("the workers ended with: %v", err)
		}
	})
}

func (q *queueTest) labels() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.seen)
}

func (q *queueTest) await(what string, ok func() bool) {
	q.t.Helper()
	await(q.ctx, q.t, what, ok)
}

func done(desk.Job, string) error { return nil }

func testQueueDelivers(t *testing.T, s QueueSubject) {
	t.Helper()
	for _, name := range []desk.QueueName{desk.InboundQueue, desk.DistributeQueue, desk.OutboundQueue,
		desk.TranscriptQueue, desk.MediaQueue} {
		q := newQueueTest(t, s)
		group := ""
		if strings.HasSuffix(string(name), ".fifo") {
			group = "g"
		}
		got := make(chan desk.Job, 10)
		q.work(name, func(job desk.Job, _ string) error { got <- job; return nil })
		q.enqueue(name, group, "", "one")
		select {
		case job := <-got:
			if job.Queue != name || group != "" && job.Group != q.name+group {
				t.Errorf("got a job of queue %q and group %q, want %q and %q", job.Queue, job.Group, name, q.name+group)
			}
		case <-q.ctx.Done():
			t.Fatalf("a job of %s was not delivered", name)
		}
	}
}

func testQueueConcurrent(t *testing.T, s QueueSubject) {
	t.Helper()
	q := newQueueTest(t, s)
	q.work(desk.InboundQueue, done)
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() { q.enqueue(desk.InboundQueue, fmt.Sprint("g", i%7), "", fmt.Sprint(i)) })
	}
	all.Wait()
	q.await("all 40 jobs", func() bool {
		seen := q.labels()
		slices.Sort(seen)
		return len(slices.Compact(seen)) == 40
	})
}

func testQueueOrder(t *testing.T, s QueueSubject) {
	t.Helper()
	q := newQueueTest(t, s)
	var want []string
	for i := range 12 {
		label := fmt.Sprintf("%02d", i)
		want = append(want, label)
		q.enqueue(desk.OutboundQueue, "g", "", label)
	}
	var mu sync.Mutex
	var finished []string
	failed := false
	q.work(desk.OutboundQueue, func(_ desk.Job, label string) error {
		mu.Lock()
		defer mu.Unlock()
		if label == "03" && !failed {
			failed = true
			return desk.Errorf(desk.Unavailable, "the first try fails")
		}
		finished = append(finished, label)
		return nil
	})
	q.await("all jobs of the group", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return slices.Contains(finished, "11")
	})
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(finished, want) {
		t.Errorf("finished in the order %v", finished)
	}
}

func testQueueGroups(t *testing.T, s QueueSubject) {
	t.Helper()
	q := newQueueTest(t, s)
	release := make(chan struct{})
	q.enqueue(desk.OutboundQueue, "slow", "", "slow 1")
	q.enqueue(desk.OutboundQueue, "slow", "", "slow 2")
	q.enqueue(desk.OutboundQueue, "quick", "", "quick 1")
	q.enqueue(desk.OutboundQueue, "quick", "", "quick 2")
	q.work(desk.OutboundQueue, func(_ desk.Job, label string) error {
		if label == "slow 1" {
			select {
			case <-release:
			case <-q.ctx.Done():
			}
		}
		return nil
	})
	q.await("the quick group while the slow one is at work", func() bool { return slices.Contains(q.labels(), "quick 2") })
	if slices.Contains(q.labels(), "slow 2") {
		t.Error("a job overtook the one before it in its group")
	}
	close(release)
	q.await("the slow group", func() bool { return slices.Contains(q.labels(), "slow 2") })
}

func testQueueDedup(t *testing.T, s QueueSubject) {
	t.Helper()
	q := newQueueTest(t, s)
	q.enqueue(desk.InboundQueue, "g", "same", "first")
	q.enqueue(desk.InboundQueue, "g", "same", "second")
	q.enqueue(desk.InboundQueue, "g", "other", "third")
	q.enqueue(desk.InboundQueue, "g", "", "last")
	q.work(desk.InboundQueue, done)
	q.await("the last job", func() bool { return slices.Contains(q.labels(), "last") })
	q.enqueue(desk.InboundQueue, "g", "same", "fourth") // dropped although the first is done
	q.enqueue(desk.InboundQueue, "g", "", "end")
	q.await("the end", func() bool { return slices.Contains(q.labels(), "end") })
	if got, want := q.labels(), []string{"first", "third", "last", "end"}; !slices.Equal(got, want) {
		t.Errorf("delivered %v, want %v", got, want)
	}
}

func testQueueRedelivery(t *testing.T, s QueueSubject) {
	t.Helper()
	q := newQueueTest(t, s)
	var mu sync.Mutex
	tries := 0
	q.work(desk.MediaQueue, func(desk.Job, string) error {
		mu.Lock()
		defer mu.Unlock()
		switch tries++; tries {
		case 1:
			return desk.Errorf(desk.Unavailable, "the first try fails")
		case 2:
			return &desk.Error{Code: desk.Limited, Message: "too fast", RetryAfter: time.Second}
		}
		return nil
	})
	q.enqueue(desk.MediaQueue, "", "", "again")
	q.await("the third delivery", func() bool { mu.Lock(); defer mu.Unlock(); return tries == 3 })
	if buried := q.buried(desk.MediaQueue); len(buried) != 0 {
		t.Errorf("a job that was done in the end is buried: %v", buried)
	}
}

func testQueueBuried(t *testing.T, s QueueSubject, code desk.Code, deliveries int) {
	t.Helper()
	q := newQueueTest(t, s)
	q.work(desk.InboundQueue, func(_ desk.Job, label string) error {
		if label == "poison" {
			return desk.Errorf(code, "it always fails")
		}
		return nil
	})
	q.enqueue(desk.InboundQueue, "g", "", "poison")
	q.enqueue(desk.InboundQueue, "g", "", "after")
	q.await("the job behind the poison", func() bool { return slices.Contains(q.labels(), "after") })
	q.await("the poison in the dead-letter list", func() bool { return slices.Equal(q.buried(desk.InboundQueue), []string{"poison"}) })
	poison := 0
	for _, label := range q.labels() {
		if label == "poison" {
			poison++
		}
	}
	if poison != deliveries {
		t.Errorf("the poison was delivered %d times, want %d", poison, deliveries)
	}
}

// testQueueRedrive: what failed for good is done once its cause is mended, and what came behind it was not held up.
func testQueueRedrive(t *testing.T, s QueueSubject) {
	t.Helper()
	q := newQueueTest(t, s)
	var mended atomic.Bool
	var done atomic.Int32
	q.work(desk.OutboundQueue, func(_ desk.Job, label string) error {
		switch {
		case label != "poison":
			return nil
		case !mended.Load():
			return desk.Errorf(desk.NotFound, "its cause is there")
		default:
			done.Add(1)
			return nil
		}
	})
	q.enqueue(desk.OutboundQueue, "g", "", "poison")
	q.enqueue(desk.OutboundQueue, "g", "", "after")
	q.await("the poison in the dead-letter list", func() bool { return slices.Equal(q.buried(desk.OutboundQueue), []string{"poison"}) })
	q.await("the job behind the poison", func() bool { return slices.Contains(q.labels(), "after") })
	mended.Store(true)
	if err := s.Redrive(q.ctx, desk.OutboundQueue); err != nil {
		t.Fatal(err)
	}
	q.await("the poison, healed", func() bool { return done.Load() == 1 })
	if left := q.buried(desk.OutboundQueue); len(left) != 0 {
		t.Errorf("dead letters are left: %v", left)
	}
}

// buried gives the labels of this test's buried jobs.
func (q *queueTest) buried(name desk.QueueName) []string {
	q.t.Helper()
	bodies, err := q.Buried(q.ctx, name)
	if err != nil {
		q.t.Fatalf("read the dead-letter list: %v", err)
	}
	var labels []string
	for _, raw := range bodies {
		var body queueBody
		if json.Unmarshal(raw, &body) == nil && body.Test == q.name {
			labels = append(labels, body.Label)
		}
	}
	return labels
}

func testQueueInvalid(t *testing.T, s QueueSubject) {
	t.Helper()
	for name, job := range map[string]desk.Job{
		"UnknownQueue": {Queue: "nowhere", Body: []byte(`{}`)},
		"NoGroup":      {Queue: desk.InboundQueue, Body: []byte(`{}`)},
		"NoBody":       {Queue: desk.MediaQueue},
		"BodyNoJSON":   {Queue: desk.MediaQueue, Body: []byte(`{`)},
		"BodyTooLarge": {Queue: desk.MediaQueue, Body: []byte(`"` + strings.Repeat("a", 256<<10) + `"`)},
	} {
		t.Run(name, func(t *testing.T) {
			if err := s.Queue.Enqueue(t.Context(), job); !desk.Is(err, desk.Invalid) {
				t.Errorf("got %v, want invalid", err)
			}
		})
	}
}
