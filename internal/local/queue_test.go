package local_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
	"github.com/relevo/relevo/internal/local"
)

func openFile(tb testing.TB, dir string) *local.File {
	tb.Helper()
	f, err := local.Open(dir)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := f.Close(); err != nil {
			tb.Error(err)
		}
	})
	return f
}

func TestQueueContract(t *testing.T) {
	desktest.Queue(t, func(t *testing.T) desktest.QueueSubject {
		t.Helper()
		f := openFile(t, t.TempDir())
		q := f.Queue()
		q.Visibility = 400 * time.Millisecond
		return desktest.QueueSubject{
			Queue: q,
			Work: func(ctx context.Context, name desk.QueueName, handle func(context.Context, desk.Job) error) error {
				return q.Run(ctx, name, 4, handle)
			},
			Buried: func(ctx context.Context, name desk.QueueName) ([][]byte, error) {
				return buriedBodies(ctx, f, string(name))
			},
			Redrive: func(ctx context.Context, name desk.QueueName) error {
				dead, err := f.Dead(ctx)
				for _, d := range dead {
					if err == nil && d.Queue == string(name) {
						err = q.Redrive(ctx, d.ID)
					}
				}
				return err
			},
			Patience: 10 * time.Second,
		}
	})
}

// buriedBodies gives the bodies of a queue's jobs in the dead-letter list.
func buriedBodies(ctx context.Context, f *local.File, queue string) ([][]byte, error) {
	dead, err := f.Dead(ctx)
	if err != nil {
		return nil, err
	}
	var bodies [][]byte
	for _, d := range dead {
		var job struct{ Body json.RawMessage }
		if d.Queue != queue {
			continue
		}
		if err := json.Unmarshal(d.Body, &job); err != nil {
			return nil, err
		}
		bodies = append(bodies, job.Body)
	}
	return bodies, nil
}

func enqueue(tb testing.TB, q *local.Queue, job desk.Job) {
	tb.Helper()
	if err := q.Enqueue(tb.Context(), job); err != nil {
		tb.Fatal(err)
	}
}

// run works a queue until the function it gives is called.
func run(tb testing.TB, q *local.Queue, name desk.QueueName, handle func(context.Context, desk.Job) error) func() {
	tb.Helper()
	ctx, cancel := context.WithCancel(tb.Context())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx, name, 4, handle) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			tb.Errorf("run: %v", err)
		}
	})
}

func TestQueueRestart(t *testing.T) {
	t.Run("OKKeepsOrder", func(t *testing.T) {
		dir := t.TempDir()
		f, err := local.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		q := f.Queue()
		for i := range 10 {
			enqueue(t, q, desk.Job{Queue: desk.InboundQueue, Group: "g", Dedup: fmt.Sprint(i), Body: fmt.Append(nil, i)})
		}
		inFlight := make(chan struct{})
		stop := run(t, q, desk.InboundQueue, func(ctx context.Context, job desk.Job) error {
			if string(job.Body) == "3" {
				close(inFlight)
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		})
		<-inFlight
		stop()
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}

		q = openFile(t, dir).Queue()
		enqueue(t, q, desk.Job{Queue: desk.InboundQueue, Group: "g", Dedup: "1", Body: []byte(`"again"`)})
		var got []string
		stop = run(t, q, desk.InboundQueue, func(_ context.Context, job desk.Job) error {
			got = append(got, string(job.Body))
			return nil
		})
		if err := q.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
		stop()
		if want := []string{"3", "4", "5", "6", "7", "8", "9"}; !slices.Equal(got, want) {
			t.Errorf("after the restart came %v, want %v", got, want)
		}
	})
}

func TestQueueClock(t *testing.T) {
	t.Run("RetriesAfterVisibility", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			q := openFile(t, t.TempDir()).Queue()
			start := time.Now()
			var tries []time.Duration
			stop := run(t, q, desk.MediaQueue, func(context.Context, desk.Job) error {
				tries = append(tries, time.Since(start))
				switch len(tries) {
				case 1:
					return fmt.Errorf("an error without a code")
				case 2:
					return &desk.Error{Code: desk.Limited, Message: "slowly", RetryAfter: 7 * time.Minute}
				case 3:
					panic("at the third")
				}
				return nil
			})
			defer stop()
			enqueue(t, q, desk.Job{Queue: desk.MediaQueue, Body: []byte("1")})
			if err := q.Idle(t.Context()); err != nil {
				t.Fatal(err)
			}
			want := []time.Duration{0, 30 * time.Second, 30*time.Second + 7*time.Minute, time.Minute + 7*time.Minute}
			if !slices.Equal(tries, want) {
				t.Errorf("delivered at %v, want %v", tries, want)
			}
		})
	})
	t.Run("HungWorkerLosesJob", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			q := openFile(t, t.TempDir()).Queue()
			start := time.Now()
			release := make(chan struct{})
			second := make(chan time.Duration, 1)
			var calls atomic.Int32
			stop := run(t, q, desk.OutboundQueue, func(context.Context, desk.Job) error {
				if calls.Add(1) == 1 {
					<-release // ignores its context
					return nil
				}
				second <- time.Since(start)
				return nil
			})
			defer stop()
			enqueue(t, q, desk.Job{Queue: desk.OutboundQueue, Group: "g", Body: []byte("1")})
			if at := <-second; at != 30*time.Second {
				t.Errorf("delivered again after %v", at)
			}
			close(release)
			if err := q.Idle(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
	})
	t.Run("DedupEndsAfterFiveMinutes", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			q := openFile(t, t.TempDir()).Queue()
			got := make(chan string, 10)
			stop := run(t, q, desk.InboundQueue, func(_ context.Context, job desk.Job) error {
				got <- string(job.Body)
				return nil
			})
			defer stop()
			send := func(body string) {
				enqueue(t, q, desk.Job{Queue: desk.InboundQueue, Group: "g", Dedup: "d", Body: []byte(body)})
			}
			send("1")
			time.Sleep(5*time.Minute - time.Second) // the bubble's clock
			send("3")
			time.Sleep(time.Second)
			send("2")
			if a, b := <-got, <-got; a != "1" || b != "2" {
				t.Errorf("got %s, %s", a, b)
			}
		})
	})
}

func TestQueueRedrive(t *testing.T) {
	t.Run("OK", func(t *testing.T) {
		f := openFile(t, t.TempDir())
		q := f.Queue()
		enqueue(t, q, desk.Job{Queue: desk.OutboundQueue, Group: "g", Body: []byte(`{"n":1}`)})
		var healed atomic.Bool
		got := make(chan desk.Job, 1)
		stop := run(t, q, desk.OutboundQueue, func(_ context.Context, job desk.Job) error {
			if !healed.Load() {
				return desk.Errorf(desk.Forbidden, "not yet")
			}
			got <- job
			return nil
		})
		defer stop()
		if err := q.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
		dead, err := f.Dead(t.Context())
		if err != nil || len(dead) != 1 {
			t.Fatalf("%d dead letters, %v", len(dead), err)
		}
		healed.Store(true)
		if err := q.Redrive(t.Context(), dead[0].ID); err != nil {
			t.Fatal(err)
		}
		if job := <-got; job.Group != "g" || string(job.Body) != `{"n":1}` {
			t.Errorf("got %+v", job)
		}
		if dead, err = f.Dead(t.Context()); err != nil || len(dead) != 0 {
			t.Errorf("%d dead letters are left, %v", len(dead), err)
		}
	})
	t.Run("ErrNotFound", func(t *testing.T) {
		q := openFile(t, t.TempDir()).Queue()
		for _, id := range []string{"", "media", "media/7", "stream/1"} {
			if err := q.Redrive(t.Context(), id); !desk.Is(err, desk.NotFound) {
				t.Errorf("%q: got %v, want not_found", id, err)
			}
		}
	})
}

func TestQueueIdle(t *testing.T) {
	t.Run("OKEmpty", func(t *testing.T) {
		if err := openFile(t, t.TempDir()).Queue().Idle(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Run("ErrUnavailable", func(t *testing.T) {
		q := openFile(t, t.TempDir()).Queue()
		enqueue(t, q, desk.Job{Queue: desk.MediaQueue, Body: []byte("1")})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := q.Idle(ctx); !desk.Is(err, desk.Unavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
	})
}

func BenchmarkEnqueueToHandler(b *testing.B) {
	q := openFile(b, b.TempDir()).Queue()
	got := make(chan struct{}, 1)
	stop := run(b, q, desk.InboundQueue, func(context.Context, desk.Job) error {
		got <- struct{}{}
		return nil
	})
	defer stop()
	for b.Loop() {
		enqueue(b, q, desk.Job{Queue: desk.InboundQueue, Group: "g", Body: []byte("1")})
		<-got
	}
}
