package local

import (
	"context"
	"sync"

	"github.com/relevo/relevo/internal/desk"
)

const (
	maxFrame  = 128 << 10 // API Gateway's limit of a WebSocket message
	outboxCap = 256       // frames a reader may lag behind
)

// Push hands frames to the sockets of this process. Nothing is stored: a client that reconnects reads again what it
// shows.
type Push struct {
	mu       sync.RWMutex
	outboxes map[desk.ConnectionID]*outbox
}

var _ desk.Push = (*Push)(nil)

type outbox struct {
	mu     sync.Mutex
	frames chan []byte
	closed bool
}

// NewPush makes an empty registry of connections.
func NewPush() *Push { return &Push{outboxes: map[desk.ConnectionID]*outbox{}} }

// Register opens the outbox of a connection. Its socket writes the frames in order, until the channel is closed: then
// the connection was too slow, or was registered anew, and the socket must be closed. The function ends the
// registration and may be called more than once.
func (p *Push) Register(id desk.ConnectionID) (<-chan []byte, func()) {
	box := &outbox{frames: make(chan []byte, outboxCap)}
	p.mu.Lock()
	old := p.outboxes[id]
	p.outboxes[id] = box
	p.mu.Unlock()
	if old != nil {
		old.close()
	}
	return box.frames, func() { p.drop(id, box) }
}

// Send puts the frame into the connection's outbox; the caller changes it no more. A reader that is a whole outbox
// behind loses its connection. Codes: invalid (over 128 KiB, or empty), not_found.
func (p *Push) Send(_ context.Context, to desk.ConnectionID, frame []byte) error {
	if len(frame) == 0 || len(frame) > maxFrame {
		return desk.InvalidField("frame", "%d bytes, and a frame has 1 to %d", len(frame), maxFrame)
	}
	p.mu.RLock()
	box := p.outboxes[to]
	p.mu.RUnlock()
	if box == nil {
		return desk.Errorf(desk.NotFound, "the connection is gone")
	}
	if !box.offer(frame) {
		p.drop(to, box)
		return desk.Errorf(desk.NotFound, "the connection was too slow and is gone")
	}
	return nil
}

// drop ends a registration unless a newer one of the same id stands in its place.
func (p *Push) drop(id desk.ConnectionID, box *outbox) {
	p.mu.Lock()
	if p.outboxes[id] == box {
		delete(p.outboxes, id)
	}
	p.mu.Unlock()
	box.close()
}

// offer reports whether there was room.
func (o *outbox) offer(frame []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return false
	}
	select {
	case o.frames <- frame:
		return true
	default:
		return false
	}
}

func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.closed = true
		close(o.frames)
	}
}
