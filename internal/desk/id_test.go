package desk_test

import (
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// TestNewID holds what every list rests on: ids sort as they were made, also within one millisecond.
func TestNewID(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	last := ""
	for i := range 3000 {
		id := desk.NewID(now.Add(time.Duration(i/1000) * time.Millisecond))
		if len(id) != 24 || id <= last {
			t.Fatalf("id %d is %q after %q", i, id, last)
		}
		if least := string(desk.PlaceAt(now)); id < least {
			t.Fatalf("%q sorts below its instant, %q", id, least)
		}
		last = id
	}
	if at := desk.MessageID(last).Time(); !at.Equal(now.Add(2 * time.Millisecond)) {
		t.Errorf("its instant is %v", at)
	}
}
