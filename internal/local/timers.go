package local

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
)

const (
	maxTimerBody  = 64 << 10
	maxFirings    = 5                  // then the timer is buried
	firingTime    = time.Minute        // what a handler has, as the functions' timeouts in the cloud
	firingsAtOnce = 16                 // handlers at work
	firedMemory   = 7 * 24 * time.Hour // an id that fired is known that long
)

var (
	timerBucket   = []byte("timers")       // microseconds, name \0 id -> storedTimer, in the order of firing
	timerIDBucket = []byte("timer-ids")    // name \0 id -> key in timers, or "fired"
	firedBucket   = []byte("timers-fired") // microseconds of completion, name \0 id -> nothing

	firedMark = []byte("fired")

	timerNames = []desk.TimerName{desk.WakeupTimer, desk.SLABreachTimer}
)

// Timers keep timers in the file and fire them in this process; those that fell due while it was down fire at its start.
type Timers struct {
	// Now is the clock. Set before first use.
	Now func() time.Time
	// Backoff is how long after its nth failure (from 1) a timer fires again, if the failure does not say. Set before
	// first use.
	Backoff func(failures int) time.Duration
	// Log hears of failed timers. Set before first use.
	Log *slog.Logger

	file   *File
	wake   chan struct{} // holds a token when a timer was stored
	mu     sync.Mutex
	firing map[string]bool // keys in timers whose handler is at work
}

var _ desk.Timers = (*Timers)(nil)

type storedTimer struct {
	Name     desk.TimerName  `json:"name"`
	ID       string          `json:"id"`
	At       time.Time       `json:"at"`
	Body     json.RawMessage `json:"body,omitempty"`
	Failures int             `json:"failures,omitempty"`
}

// Timers gives the file's timers. Call it once a file.
func (f *File) Timers() *Timers {
	return &Timers{Now: time.Now, Backoff: backoff, Log: slog.Default(), file: f,
		wake: make(chan struct{}, 1), firing: map[string]bool{}}
}

// backoff is 1, 4, 16, 64 seconds.
func backoff(failures int) time.Duration { return time.Second << (2 * (failures - 1)) }

// At stores the timer, unless its id is waiting or fired within the last seven days.
func (t *Timers) At(_ context.Context, timer desk.Timer) error {
	switch {
	case !slices.Contains(timerNames, timer.Name):
		return desk.InvalidField("name", "there is no timer %q", timer.Name)
	case timer.ID == "" || len(timer.ID) > 1024:
		return desk.InvalidField("id", "a timer's id has 1 to 1024 bytes")
	case timer.At.IsZero():
		return desk.InvalidField("at", "a timer needs an instant")
	case len(timer.Body) > maxTimerBody:
		return desk.InvalidField("body", "%d bytes, and a timer has at most %d", len(timer.Body), maxTimerBody)
	case len(timer.Body) > 0 && !json.Valid(timer.Body):
		return desk.InvalidField("body", "a timer's body is JSON")
	}
	stored := storedTimer{Name: timer.Name, ID: timer.ID, At: timer.At.UTC(), Body: timer.Body}
	raw, err := json.Marshal(stored)
	if err != nil {
		return desk.Wrap(desk.Internal, err, "encode a timer")
	}
	key := stored.keyAt(timer.At)
	err = t.file.commits.Do(func(tx *bbolt.Tx) error {
		timers, err1 := tx.CreateBucketIfNotExists(timerBucket)
		ids, err2 := tx.CreateBucketIfNotExists(timerIDBucket)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		if ids.Get(stored.ident()) != nil {
			return nil
		}
		return errors.Join(timers.Put(key, raw), ids.Put(stored.ident(), key))
	})
	if err != nil {
		return desk.Wrap(desk.Unavailable, err, "store a timer of "+string(timer.Name))
	}
	t.signal()
	return nil
}

func (s storedTimer) ident() []byte { return []byte(string(s.Name) + "\x00" + s.ID) }

// keyAt rounds up to the microsecond, so that a timer never fires early.
func (s storedTimer) keyAt(at time.Time) []byte {
	return append(microsKey(at.Add(time.Microsecond-1)), s.ident()...)
}

func microsKey(t time.Time) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(max(t.UnixMicro(), 0)))
}

func (t *Timers) signal() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// Run fires timers until ctx ends, and then waits for the handlers at work; a firing cut short by the end of ctx or of
// the process happens again. Several handlers run at once.
func (t *Timers) Run(ctx context.Context, handle func(context.Context, desk.Timer) error) error {
	slots := make(chan struct{}, firingsAtOnce)
	var working sync.WaitGroup
	defer working.Wait()
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		key, timer, err := t.next(ctx)
		if err != nil {
			return desk.Wrap(desk.Unavailable, err, "read the timers")
		}
		if key == nil {
			return nil
		}
		working.Go(func() {
			defer func() { <-slots }()
			t.fire(ctx, key, timer, handle)
		})
	}
}

// next waits for a timer that is due; a nil key means that ctx ended.
func (t *Timers) next(ctx context.Context) ([]byte, storedTimer, error) {
	for ctx.Err() == nil {
		key, raw, err := t.first()
		if err != nil {
			return nil, storedTimer{}, err
		}
		nap := maxNap // looks again now and then, for a clock that jumped or a machine that slept
		if key != nil {
			wait := time.UnixMicro(int64(binary.BigEndian.Uint64(key))).Sub(t.Now())
			if wait <= 0 {
				var timer storedTimer
				if err := json.Unmarshal(raw, &timer); err != nil {
					return nil, timer, err
				}
				t.claim(key, true)
				return key, timer, nil
			}
			nap = min(nap, max(wait, time.Millisecond))
		}
		again := time.NewTimer(nap)
		select {
		case <-t.wake:
		case <-again.C:
		case <-ctx.Done():
		}
		again.Stop()
	}
	return nil, storedTimer{}, nil
}

// first gives the earliest timer whose handler is not at work.
func (t *Timers) first() (key, raw []byte, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	err = t.file.db.View(func(tx *bbolt.Tx) error {
		timers := tx.Bucket(timerBucket)
		if timers == nil {
			return nil
		}
		c := timers.Cursor()
		k, v := c.First()
		for k != nil && t.firing[string(k)] {
			k, v = c.Next()
		}
		key, raw = bytes.Clone(k), bytes.Clone(v)
		return nil
	})
	return key, raw, err
}

func (t *Timers) claim(key []byte, at bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if at {
		t.firing[string(key)] = true
	} else {
		delete(t.firing, string(key))
	}
}

// fire calls the handler and settles the timer.
func (t *Timers) fire(ctx context.Context, key []byte, timer storedTimer,
	handle func(context.Context, desk.Timer) error) {
	err := callTimer(ctx, timer, handle)
	if err != nil && ctx.Err() != nil {
		t.claim(key, false)
		return
	}
	if err = t.settle(ctx, key, timer, err); err != nil { // the file refused: the timer is still there
		t.Log.ErrorContext(ctx, "a timer could not be settled", "timer", string(timer.Name), "id", timer.ID, "error", err)
		time.AfterFunc(maxNap, func() { t.claim(key, false); t.signal() })
		return
	}
	t.claim(key, false)
	t.signal()
}

func callTimer(ctx context.Context, timer storedTimer, handle func(context.Context, desk.Timer) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, firingTime)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = desk.Errorf(desk.Internal, "the handler of timer %s panicked: %v", timer.Name, p)
		}
	}()
	return handle(ctx, desk.Timer{Name: timer.Name, ID: timer.ID, At: timer.At, Body: timer.Body})
}

// settle marks a timer that is done, moves one that failed, and buries one that failed for good.
func (t *Timers) settle(ctx context.Context, key []byte, timer storedTimer, failure error) error {
	if failure == nil {
		return t.end(key, timer)
	}
	timer.Failures++
	code := desk.CodeOf(failure)
	bury := !code.Retryable() || timer.Failures >= maxFirings
	t.Log.WarnContext(ctx, "timer failed", "timer", string(timer.Name), "id", timer.ID, "failures", timer.Failures,
		"code", string(code), "buried", bury, "error", failure)
	if bury {
		body, err := json.Marshal(timer)
		if err != nil {
			return err
		}
		if err := t.file.bury(timerQueue(timer.Name), timer.ID, body, failure.Error()); err != nil {
			return err
		}
		return t.end(key, timer)
	}
	wait := t.Backoff(timer.Failures)
	if e, ok := errors.AsType[*desk.Error](failure); ok && e.RetryAfter > 0 {
		wait = e.RetryAfter
	}
	raw, err := json.Marshal(timer)
	if err != nil {
		return err
	}
	later := timer.keyAt(t.Now().Add(wait))
	return t.file.commits.Do(func(tx *bbolt.Tx) error {
		timers, ids := tx.Bucket(timerBucket), tx.Bucket(timerIDBucket)
		return errors.Join(timers.Delete(key), timers.Put(later, raw), ids.Put(timer.ident(), later))
	})
}

// end takes the timer out and remembers that its id fired; ids that fired long ago are forgotten a few at a time.
func (t *Timers) end(key []byte, timer storedTimer) error {
	now := t.Now()
	return t.file.commits.Do(func(tx *bbolt.Tx) error {
		timers, ids := tx.Bucket(timerBucket), tx.Bucket(timerIDBucket)
		fired, err := tx.CreateBucketIfNotExists(firedBucket)
		if err != nil {
			return err
		}
		horizon := microsKey(now.Add(-firedMemory))
		for range 16 {
			k, _ := fired.Cursor().First()
			if k == nil || bytes.Compare(k[:8], horizon) > 0 {
				break
			}
			k = bytes.Clone(k)
			if bytes.Equal(ids.Get(k[8:]), firedMark) { // else it was redriven
				err = ids.Delete(k[8:])
			}
			if err = errors.Join(err, fired.Delete(k)); err != nil {
				return err
			}
		}
		return errors.Join(timers.Delete(key), ids.Put(timer.ident(), firedMark),
			fired.Put(append(microsKey(now), timer.ident()...), nil))
	})
}
