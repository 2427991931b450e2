package local_test

import (
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
	"github.com/relevo/relevo/internal/local"
)

func TestPushContract(t *testing.T) {
	desktest.Push(t, func(*testing.T) desktest.PushSubject {
		p := local.NewPush()
		return desktest.PushSubject{Push: p, Patience: 5 * time.Second,
			Connect: func(*testing.T) (desk.ConnectionID, <-chan []byte, func()) {
				id := desk.ConnectionID(desk.NewID(time.Now()))
				frames, end := p.Register(id)
				return id, frames, end
			}}
	})
}

func TestPushSlowReader(t *testing.T) {
	p := local.NewPush()
	slow, end := p.Register("slow")
	defer end()
	quick, endQuick := p.Register("quick")
	defer endQuick()
	sent := 0
	var err error
	for err == nil {
		if err = p.Send(t.Context(), "slow", []byte("x")); err == nil {
			sent++
		}
		if err := p.Send(t.Context(), "quick", []byte("x")); err != nil {
			t.Fatalf("the quick reader suffers: %v", err)
		}
		<-quick
	}
	if !desk.Is(err, desk.NotFound) {
		t.Errorf("got %v, want not_found", err)
	}
	received := 0
	for range slow { // ends: the outbox was closed
		received++
	}
	if received != sent || sent != 256 {
		t.Errorf("%d frames accepted, %d received, want 256", sent, received)
	}
}

func TestPushRegisteredAnew(t *testing.T) {
	p := local.NewPush()
	old, endOld := p.Register("1")
	frames, end := p.Register("1")
	defer end()
	if _, open := <-old; open {
		t.Error("the first registration is still open")
	}
	endOld() // must not end the second
	if err := p.Send(t.Context(), "1", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if string(<-frames) != "x" {
		t.Error("the frame went astray")
	}
}
