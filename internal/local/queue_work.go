package local

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
)

const (
	maxReceives = 5                // then the job is buried
	maxNap      = 30 * time.Second // between two looks at the clock
)

// Run works a queue with so many workers until ctx ends, and then waits for those at work. A job cut short by the end of
// ctx or of the process stays as it was. The context given to handle ends with the visibility time.
func (q *Queue) Run(ctx context.Context, name desk.QueueName, workers int,
	handle func(context.Context, desk.Job) error) error {
	if !slices.Contains(queueNames, name) {
		return desk.InvalidField("queue", "there is no queue %q", name)
	}
	if workers < 1 {
		return desk.InvalidField("workers", "at least one is needed")
	}
	if err := q.load(); err != nil {
		return err
	}
	q.mu.Lock()
	b := q.backlog(name)
	q.mu.Unlock()
	slots := make(chan struct{}, workers)
	var working sync.WaitGroup
	defer working.Wait()
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		l, w := q.next(ctx, b)
		if l == nil {
			return nil
		}
		working.Go(func() {
			defer func() { <-slots }()
			q.work(ctx, name, b, l, w, handle)
		})
	}
}

// next waits for a lane whose head may be worked, and gives both; nil when ctx ended.
func (q *Queue) next(ctx context.Context, b *backlog) (*lane, *waiting) {
	for ctx.Err() == nil {
		q.mu.Lock()
		l, due := b.take(q.Now())
		if l != nil {
			defer q.mu.Unlock()
			return l, l.jobs[0]
		}
		q.mu.Unlock()
		nap := maxNap // looks again now and then, for a clock that jumped or a machine that slept
		if !due.IsZero() {
			nap = max(min(nap, due.Sub(q.Now())), time.Millisecond)
		}
		timer := time.NewTimer(nap)
		select {
		case <-b.wake:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return nil, nil
}

// work hands w, the lane's head, to the handler and settles it.
func (q *Queue) work(ctx context.Context, name desk.QueueName, b *backlog, l *lane, w *waiting,
	handle func(context.Context, desk.Job) error) {
	received := q.Now()
	job, err := q.read(name, w.seq)
	if err == nil {
		err = q.call(ctx, handle, desk.Job{Queue: name, Group: job.Group, Dedup: job.Dedup, Body: job.Body})
		if err != nil && ctx.Err() != nil {
			q.putBack(b, l)
			return
		}
		err = q.settle(ctx, name, w, job, received, err)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if err != nil { // the file refused: the job is still there and comes again
		q.Log.ErrorContext(ctx, "a job could not be settled", "queue", string(name), "job", w.seq, "error", err)
		w.notBefore = q.Now().Add(q.Visibility)
	}
	if b.release(l, w) {
		q.count(-1)
	}
}

func (q *Queue) putBack(b *backlog, l *lane) {
	q.mu.Lock()
	defer q.mu.Unlock()
	b.release(l, nil)
}

// call runs the handler until it returns or the visibility time is over: then the job is another worker's, whatever the
// handler still does.
func (q *Queue) call(ctx context.Context, handle func(context.Context, desk.Job) error, job desk.Job) error {
	ctx, cancel := context.WithTimeout(ctx, q.Visibility)
	over := time.NewTimer(q.Visibility)
	defer over.Stop()
	done := make(chan error, 1)
	go func() {
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				done <- desk.Errorf(desk.Internal, "the worker of %s panicked: %v", job.Queue, p)
			}
		}()
		done <- handle(ctx, job)
	}()
	select {
	case err := <-done:
		return err
	case <-over.C:
		return desk.Errorf(desk.Unavailable, "the worker of %s did not end in %v", job.Queue, q.Visibility)
	}
}

// settle deletes a job that is done, stores the failure of one that comes again, and buries one that does not. It sets
// w.done or w.notBefore.
func (q *Queue) settle(ctx context.Context, name desk.QueueName, w *waiting, job storedJob, received time.Time,
	failure error) error {
	if failure == nil {
		return q.remove(name, w)
	}
	w.receives++
	code := desk.CodeOf(failure)
	bury := !code.Retryable() || w.receives >= maxReceives
	q.Log.WarnContext(ctx, "job failed", "queue", string(name), "job", w.seq, "receives", w.receives,
		"code", string(code), "buried", bury, "error", failure)
	if bury {
		return q.bury(name, w, job, failure)
	}
	w.notBefore = received.Add(q.Visibility)
	if e, ok := errors.AsType[*desk.Error](failure); ok && e.RetryAfter > 0 {
		w.notBefore = q.Now().Add(e.RetryAfter)
	}
	job.Receives, job.NotBefore = w.receives, w.notBefore
	raw, err := json.Marshal(job)
	if err != nil {
		return err
	}
	return q.file.commits.Do(func(tx *bbolt.Tx) error {
		return tx.Bucket(queueBucket).Bucket([]byte(name)).Put(seqKey(w.seq), raw)
	})
}

func (q *Queue) read(name desk.QueueName, seq uint64) (storedJob, error) {
	var job storedJob
	err := q.file.db.View(func(tx *bbolt.Tx) error {
		return json.Unmarshal(tx.Bucket(queueBucket).Bucket([]byte(name)).Get(seqKey(seq)), &job)
	})
	return job, err
}

func (q *Queue) remove(name desk.QueueName, w *waiting) error {
	err := q.file.commits.Do(func(tx *bbolt.Tx) error {
		return tx.Bucket(queueBucket).Bucket([]byte(name)).Delete(seqKey(w.seq))
	})
	w.done = err == nil
	return err
}
