package desktest

import (
	"context"
	"testing"
	"time"
)

// await looks at a condition until it holds, and fails the test when ctx ends first.
func await(ctx context.Context, t *testing.T, what string, ok func() bool) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for !ok() {
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
