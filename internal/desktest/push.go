package desktest

import (
	"bytes"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// PushSubject is a push adapter under test.
type PushSubject struct {
	Push desk.Push
	// Connect opens a live connection: its id, the frames it receives in order, and how to end it.
	Connect func(t *testing.T) (id desk.ConnectionID, frames <-chan []byte, end func())
	// Patience is how long a test waits for a frame.
	Patience time.Duration
}

// Push tests that an adapter keeps the contract of desk.Push.
func Push(t *testing.T, open func(t *testing.T) PushSubject) {
	t.Helper()
	t.Run("OK", func(t *testing.T) { testPushInOrder(t, open(t)) })
	t.Run("OKLargest", func(t *testing.T) { testPushLargest(t, open(t)) })
	t.Run("OKConcurrent", func(t *testing.T) { testPushConcurrent(t, open(t)) })
	t.Run("ErrNotFound", func(t *testing.T) { testPushGone(t, open(t)) })
	t.Run("ErrInvalid", func(t *testing.T) { testPushInvalid(t, open(t)) })
}

func receive(t *testing.T, s PushSubject, frames <-chan []byte) []byte {
	t.Helper()
	select {
	case frame, ok := <-frames:
		if !ok {
			t.Fatal("the connection was closed")
		}
		return frame
	case <-time.After(s.Patience):
		t.Fatal("no frame came")
	}
	return nil
}

func send(t *testing.T, s PushSubject, to desk.ConnectionID, frame []byte) {
	t.Helper()
	if err := s.Push.Send(t.Context(), to, frame); err != nil {
		t.Errorf("send: %v", err)
	}
}

func testPushInOrder(t *testing.T, s PushSubject) {
	t.Helper()
	a, framesA, endA := s.Connect(t)
	b, framesB, endB := s.Connect(t)
	defer endA()
	defer endB()
	for i := range 10 {
		send(t, s, a, fmt.Appendf(nil, "a%d", i))
		send(t, s, b, fmt.Appendf(nil, "b%d", i))
	}
	for i := range 10 {
		for name, frames := range map[string]<-chan []byte{"a": framesA, "b": framesB} {
			if got, want := string(receive(t, s, frames)), fmt.Sprint(name, i); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	}
}

func testPushLargest(t *testing.T, s PushSubject) {
	t.Helper()
	id, frames, end := s.Connect(t)
	defer end()
	frame := bytes.Repeat([]byte("a"), 128<<10)
	send(t, s, id, frame)
	if !bytes.Equal(receive(t, s, frames), frame) {
		t.Error("the frame of 128 KiB came changed")
	}
}

func testPushConcurrent(t *testing.T, s PushSubject) {
	t.Helper()
	id, frames, end := s.Connect(t)
	defer end()
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() { send(t, s, id, fmt.Append(nil, i)) })
	}
	seen := map[string]bool{}
	for range 50 {
		seen[string(receive(t, s, frames))] = true
	}
	all.Wait()
	if len(seen) != 50 {
		t.Errorf("%d different frames came, want 50", len(seen))
	}
}

func testPushGone(t *testing.T, s PushSubject) {
	t.Helper()
	id, _, end := s.Connect(t)
	end()
	await(t.Context(), t, "the end of the connection", func() bool {
		return desk.Is(s.Push.Send(t.Context(), id, []byte("x")), desk.NotFound)
	})
}

func testPushInvalid(t *testing.T, s PushSubject) {
	t.Helper()
	id, _, end := s.Connect(t)
	defer end()
	for name, frame := range map[string][]byte{"Empty": nil, "TooLarge": bytes.Repeat([]byte("a"), 128<<10+1)} {
		t.Run(name, func(t *testing.T) {
			if err := s.Push.Send(t.Context(), id, frame); !desk.Is(err, desk.Invalid) {
				t.Errorf("got %v, want invalid", err)
			}
		})
	}
}
