package local_test

import (
	"context"
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

func TestTimersContract(t *testing.T) {
	desktest.Timers(t, func(t *testing.T) desktest.TimersSubject {
		t.Helper()
		timers := openFile(t, t.TempDir()).Timers()
		return desktest.TimersSubject{Timers: timers, Run: timers.Run, Soon: 50 * time.Millisecond, Late: 2 * time.Second}
	})
}

// runTimers fires timers until the function it gives is called.
func runTimers(t *testing.T, timers *local.Timers, handle func(context.Context, desk.Timer) error) func() {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- timers.Run(ctx, handle) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	})
}

func at(t *testing.T, timers *local.Timers, id string, when time.Time) {
	t.Helper()
	if err := timers.At(t.Context(), desk.Timer{Name: desk.WakeupTimer, ID: id, At: when, Body: []byte(`{}`)}); err != nil {
		t.Fatal(err)
	}
}

func TestTimersRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		f, err := local.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		timers, start := f.Timers(), time.Now()
		at(t, timers, "done", start)
		at(t, timers, "cut short", start.Add(time.Second))
		at(t, timers, "overdue", start.Add(time.Hour))
		at(t, timers, "tomorrow", start.Add(24*time.Hour))
		cut := make(chan struct{})
		stop := runTimers(t, timers, func(ctx context.Context, timer desk.Timer) error {
			if timer.ID == "cut short" {
				close(cut)
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		})
		<-cut
		stop()
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour) // the bubble's clock

		timers = openFile(t, dir).Timers()
		at(t, timers, "done", start.Add(24*time.Hour)) // fired before: harmless
		fired := make(chan string, 10)
		stop = runTimers(t, timers, func(_ context.Context, timer desk.Timer) error {
			fired <- timer.ID
			return nil
		})
		overdue := []string{<-fired, <-fired}
		slices.Sort(overdue)
		if !slices.Equal(overdue, []string{"cut short", "overdue"}) || time.Since(start) > 2*time.Hour+time.Second {
			t.Errorf("at start fired %v, after %v", overdue, time.Since(start))
		}
		if id := <-fired; id != "tomorrow" || time.Since(start) != 24*time.Hour {
			t.Errorf("then fired %s after %v", id, time.Since(start))
		}
		stop()
		if len(fired) > 0 {
			t.Errorf("and %s fired again", <-fired)
		}
	})
}

func TestTimersFailing(t *testing.T) {
	firings := func(t *testing.T, failure error) (tries []time.Duration, buried int) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			f := openFile(t, t.TempDir())
			timers, start := f.Timers(), time.Now()
			stop := runTimers(t, timers, func(context.Context, desk.Timer) error {
				tries = append(tries, time.Since(start))
				return failure
			})
			defer stop()
			at(t, timers, "1", start)
			time.Sleep(time.Hour) // the bubble's clock
			dead, err := f.Dead(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			buried = len(dead)
		})
		return tries, buried
	}
	t.Run("BacksOffThenBuried", func(t *testing.T) {
		tries, buried := firings(t, desk.Errorf(desk.Unavailable, "no"))
		want := []time.Duration{0, time.Second, 5 * time.Second, 21 * time.Second, 85 * time.Second}
		if !slices.Equal(tries, want) || buried != 1 {
			t.Errorf("fired at %v, want %v; %d buried", tries, want, buried)
		}
	})
	t.Run("BuriedAtOnce", func(t *testing.T) {
		if tries, buried := firings(t, desk.Errorf(desk.Invalid, "no")); len(tries) != 1 || buried != 1 {
			t.Errorf("fired %d times, %d buried", len(tries), buried)
		}
	})
}

func TestTimersRedrive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := openFile(t, t.TempDir()).Timers()
		var healed atomic.Bool
		fired := make(chan string, 10)
		stop := runTimers(t, timers, func(_ context.Context, timer desk.Timer) error {
			if !healed.Load() {
				return desk.Errorf(desk.Invalid, "not yet")
			}
			fired <- timer.ID
			return nil
		})
		defer stop()
		at(t, timers, "1", time.Now())
		time.Sleep(time.Second) // the bubble's clock
		healed.Store(true)
		if err := timers.Redrive(t.Context(), desk.WakeupTimer, "1"); err != nil {
			t.Fatal(err)
		}
		if id := <-fired; id != "1" {
			t.Errorf("%s fired", id)
		}
		if err := timers.Redrive(t.Context(), desk.WakeupTimer, "1"); !desk.Is(err, desk.NotFound) {
			t.Errorf("the second time: %v, want not_found", err)
		}
	})
}

func TestTimersForgetFired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		timers := openFile(t, t.TempDir()).Timers()
		fired := make(chan string, 10)
		stop := runTimers(t, timers, func(_ context.Context, timer desk.Timer) error {
			fired <- timer.ID
			return nil
		})
		defer stop()
		at(t, timers, "1", time.Now())
		<-fired
		time.Sleep(6 * 24 * time.Hour) // the bubble's clock
		at(t, timers, "1", time.Now())
		time.Sleep(25 * time.Hour)
		at(t, timers, "other", time.Now())
		if id := <-fired; id != "other" {
			t.Errorf("%s fired twice within a week", id)
		}
		synctest.Wait()
		at(t, timers, "1", time.Now())
		if id := <-fired; id != "1" {
			t.Errorf("%s fired", id)
		}
	})
}

func TestTimersRepair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, err := local.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer closeFile(t, f)
		timers := f.Timers()
		timer := desk.Timer{Name: desk.WakeupTimer, ID: "c1", At: time.Now().Add(time.Hour), Body: []byte(`{}`)}
		repair := func(want bool) {
			t.Helper()
			if set, err := timers.Repair(t.Context(), timer); err != nil || set != want {
				t.Errorf("set %v, %v; want %v", set, err, want)
			}
		}
		repair(true)
		repair(false)
		fired := make(chan struct{}, 2)
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		go timers.Run(ctx, func(context.Context, desk.Timer) error { fired <- struct{}{}; return nil }) //nolint:errcheck // it ends with ctx
		<-fired
		synctest.Wait()
		repair(true) // it fired, and the conversation still wants it
		<-fired
		stop()
		synctest.Wait()
	})
}
