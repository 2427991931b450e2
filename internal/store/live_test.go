package store_test

import (
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// A push may overtake the handshake of a connection that has just begun, and then finds none: that connection stays.
func TestLostConnection(t *testing.T) {
	began := time.Now()
	now := began
	books := store.New(openTable(t), func() time.Time { return now }).Account("demo")
	if err := books.Connect(t.Context(), desk.Connection{ID: "c1", Agent: "ana", Topics: []desk.Topic{"agent/ana"}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		after  time.Duration
		listen int
	}{
		{"OK/JustBegun", 0, 1},
		{"OK/StillNew", 28 * time.Second, 1},
		{"OK/Gone", 31 * time.Second, 0},
		{"OK/Again", 32 * time.Second, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			now = began.Add(c.after)
			if err := books.Lost(t.Context(), "c1"); err != nil {
				t.Fatal(err)
			}
			if listen, err := books.Listeners(t.Context(), true, "agent/ana"); err != nil || len(listen) != c.listen {
				t.Errorf("%d listen after %v, want %d (%v)", len(listen), c.after, c.listen, err)
			}
		})
	}
}
