package api_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/api"
)

// clock is a time that stands until it is moved.
type clock struct{ nanos atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.nanos.Store(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) Now() time.Time          { return time.Unix(0, c.nanos.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.nanos.Add(int64(d)) }

func TestLimiter(t *testing.T) {
	t.Run("OK/BurstThenRate", func(t *testing.T) {
		c := newClock()
		l := api.NewLimiter(api.MessageLimit, c.Now)
		for i := range 10 {
			if _, ok := l.Allow("v"); !ok {
				t.Fatalf("message %d of the burst was refused", i+1)
			}
		}
		wait, ok := l.Allow("v")
		if ok || wait <= 0 || wait > 2*time.Second {
			t.Fatalf("got %v, %v; want a wait of at most 2 s", wait, ok)
		}
		if again, _ := l.Allow("v"); again != wait {
			t.Errorf("a refused message cost a token: wait %v, then %v", wait, again)
		}
		c.advance(wait)
		if wait, ok := l.Allow("v"); !ok {
			t.Errorf("refused after the wait, for another %v", wait)
		}
	})
	t.Run("OK/KeysApart", func(t *testing.T) {
		l := api.NewLimiter(api.Limit{PerMinute: 1, Burst: 1}, newClock().Now)
		for _, key := range []string{"a", "b"} {
			if _, ok := l.Allow(key); !ok {
				t.Errorf("%s pays for someone else", key)
			}
		}
	})
	t.Run("OK/Bounded", func(t *testing.T) {
		l := api.NewLimiter(api.Limit{PerMinute: 1, Burst: 1, Keys: 2}, newClock().Now)
		for _, key := range []string{"a", "b", "a", "c"} { // b was used least recently and goes
			l.Allow(key)
		}
		if _, ok := l.Allow("a"); ok {
			t.Error("a was forgotten, though used recently")
		}
		if _, ok := l.Allow("b"); !ok {
			t.Error("b was remembered beyond the bound")
		}
	})
	t.Run("OK/Concurrent", func(t *testing.T) {
		l := api.NewLimiter(api.Limit{PerMinute: 1, Burst: 5, Keys: 50}, newClock().Now)
		var allowed atomic.Int64
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() {
				if _, ok := l.Allow(fmt.Sprint(i % 20)); ok {
					allowed.Add(1)
				}
			})
		}
		all.Wait()
		if allowed.Load() != 100 {
			t.Errorf("%d allowed, want 20 keys x 5", allowed.Load())
		}
	})
	t.Run("ErrNoBurst", func(t *testing.T) {
		if wait, ok := api.NewLimiter(api.Limit{PerMinute: 1}, nil).Allow("a"); ok || wait <= 0 {
			t.Errorf("got %v, %v", wait, ok)
		}
	})
}

func TestAddressKey(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.7:4711":                "192.0.2.7",
		"192.0.2.7":                     "192.0.2.7",
		"[2001:db8:1:2:3:4:5:6]:80":     "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::1":          "2001:db8:1:2::/64",
		"[::ffff:192.0.2.7]:80":         "192.0.2.7",
		"[fe80::1%eth0]:80":             "fe80::/64",
		"no address at all, kept as is": "no address at all, kept as is",
	} {
		if got := api.AddressKey(remote); got != want {
			t.Errorf("AddressKey(%q) = %q, want %q", remote, got, want)
		}
	}
}
