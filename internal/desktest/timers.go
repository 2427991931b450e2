package desktest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// TimersSubject is a timers adapter under test.
type TimersSubject struct {
	Timers desk.Timers
	// Run hands firing timers to the handler until ctx ends.
	Run func(ctx context.Context, handle func(context.Context, desk.Timer) error) error
	// Soon is a delay that the adapter resolves well; Late is what it may add to an instant.
	Soon, Late time.Duration
}

// Timers tests that an adapter keeps the contract of desk.Timers.
func Timers(t *testing.T, open func(t *testing.T) TimersSubject) {
	t.Helper()
	t.Run("OK", func(t *testing.T) { testTimersFire(t, open(t)) })
	t.Run("OKPast", func(t *testing.T) { testTimersPast(t, open(t)) })
	t.Run("OKRepeat", func(t *testing.T) { testTimersRepeat(t, open(t)) })
	t.Run("FiresAgainAfterFailure", func(t *testing.T) { testTimersRetry(t, open(t)) })
	t.Run("ErrInvalid", func(t *testing.T) { testTimersInvalid(t, open(t)) })
}

// firings notes when which of a test's timers fired.
type firings struct {
	ctx context.Context
	mu  sync.Mutex
	at  map[string][]time.Time
	got map[string]desk.Timer
}

func runTimers(t *testing.T, s TimersSubject, handle func(id string, nth int) error) *firings {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*s.Soon+4*s.Late)
	f := &firings{ctx: ctx, at: map[string][]time.Time{}, got: map[string]desk.Timer{}}
	ended := make(chan error, 1)
	go func() {
		ended <- s.Run(ctx, func(_ context.Context, timer desk.Timer) error {
			f.mu.Lock()
			f.at[timer.ID] = append(f.at[timer.ID], time.Now())
			f.got[timer.ID] = timer
			nth := len(f.at[timer.ID])
			f.mu.Unlock()
			return handle(timer.ID, nth)
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the timers ended with: %v", err)
		}
	})
	return f
}

func (f *firings) of(id string) []time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at[id]
}

func fired(string, int) error { return nil }

func set(t *testing.T, s TimersSubject, timer desk.Timer) {
	t.Helper()
	if err := s.Timers.At(t.Context(), timer); err != nil {
		t.Fatalf("set the timer: %v", err)
	}
}

func testTimersFire(t *testing.T, s TimersSubject) {
	t.Helper()
	f := runTimers(t, s, fired)
	id, at := desk.NewID(time.Now()), time.Now().Add(s.Soon)
	set(t, s, desk.Timer{Name: desk.WakeupTimer, ID: id, At: at, Body: []byte(`{"a":1}`)})
	await(f.ctx, t, "the timer", func() bool { return len(f.of(id)) > 0 })
	if when := f.of(id)[0]; when.Before(at) || when.Sub(at) > s.Late {
		t.Errorf("it fired %v after its instant, want 0 to %v", when.Sub(at), s.Late)
	}
	got := f.got[id]
	if got.Name != desk.WakeupTimer || string(got.Body) != `{"a":1}` || got.At.Sub(at).Abs() > time.Second {
		t.Errorf("it fired as %q of %v with %s", got.Name, got.At, got.Body)
	}
}

func testTimersPast(t *testing.T, s TimersSubject) {
	t.Helper()
	f := runTimers(t, s, fired)
	id := desk.NewID(time.Now())
	set(t, s, desk.Timer{Name: desk.SLABreachTimer, ID: id, At: time.Now().Add(-time.Hour), Body: []byte(`{}`)})
	await(f.ctx, t, "a timer of the past", func() bool { return len(f.of(id)) > 0 })
}

func testTimersRepeat(t *testing.T, s TimersSubject) {
	t.Helper()
	f := runTimers(t, s, fired)
	id, at := desk.NewID(time.Now()), time.Now().Add(s.Soon)
	first := desk.Timer{Name: desk.WakeupTimer, ID: id, At: at, Body: []byte(`{"n":1}`)}
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() { set(t, s, first) })
	}
	all.Wait()
	set(t, s, desk.Timer{Name: desk.WakeupTimer, ID: id, At: at.Add(-time.Hour), Body: []byte(`{"n":2}`)})
	namesake := desk.Timer{Name: desk.SLABreachTimer, ID: id + "-other", At: at, Body: []byte(`{}`)}
	set(t, s, namesake)
	await(f.ctx, t, "both timers", func() bool { return len(f.of(id)) > 0 && len(f.of(namesake.ID)) > 0 })
	if f.of(id)[0].Before(at) || string(f.got[id].Body) != `{"n":1}` {
		t.Errorf("the repeat replaced the timer: fired with %s", f.got[id].Body)
	}
	last := desk.NewID(time.Now())
	set(t, s, desk.Timer{Name: desk.WakeupTimer, ID: last, At: time.Now().Add(s.Soon), Body: []byte(`{}`)})
	await(f.ctx, t, "a later timer", func() bool { return len(f.of(last)) > 0 })
	if n := len(f.of(id)); n != 1 {
		t.Errorf("it fired %d times", n)
	}
}

func testTimersRetry(t *testing.T, s TimersSubject) {
	t.Helper()
	f := runTimers(t, s, func(_ string, nth int) error {
		if nth == 1 {
			return &desk.Error{Code: desk.Limited, Message: "the first firing fails", RetryAfter: s.Soon}
		}
		return nil
	})
	id := desk.NewID(time.Now())
	set(t, s, desk.Timer{Name: desk.WakeupTimer, ID: id, At: time.Now(), Body: []byte(`{}`)})
	await(f.ctx, t, "the second firing", func() bool { return len(f.of(id)) == 2 })
}

func testTimersInvalid(t *testing.T, s TimersSubject) {
	t.Helper()
	for name, timer := range map[string]desk.Timer{
		"UnknownName": {Name: "nothing", ID: "1", At: time.Now()},
		"NoID":        {Name: desk.WakeupTimer, At: time.Now()},
		"NoInstant":   {Name: desk.WakeupTimer, ID: "1"},
	} {
		t.Run(fmt.Sprint(name), func(t *testing.T) {
			if err := s.Timers.At(t.Context(), timer); !desk.Is(err, desk.Invalid) {
				t.Errorf("got %v, want invalid", err)
			}
		})
	}
}
