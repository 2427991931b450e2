package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// Frame is what the desk tells over a live connection; docs/live.md says what it means.
type Frame struct {
	ID           string          `json:"id"`
	Type         string          `json:"type"`
	Conversation string          `json:"conversation"`
	Data         json.RawMessage `json:"data"`
	Error        struct{ Code, Field, Message string }
	At           time.Time `json:"-"` // when it came
}

// Decode reads the frame's data.
func (f Frame) Decode(into any) error { return json.Unmarshal(f.Data, into) }

// Message is the message that the frame carries; an empty one if it carries none.
func (f Frame) Message() Message {
	var data struct{ Message Message }
	if f.Decode(&data) != nil {
		return Message{}
	}
	return data.Message
}

// ConversationNow is the conversation that the frame carries; an empty one if it carries none.
func (f Frame) ConversationNow() Conversation {
	var data struct{ Conversation Conversation }
	if f.Decode(&data) != nil {
		return Conversation{}
	}
	return data.Conversation
}

// Socket is a live connection that keeps every frame it hears.
type Socket struct {
	Ticket string // with which it was opened, and by which its owner's messages name it

	conn   *websocket.Conn
	cancel context.CancelFunc
	ended  chan struct{} // closed when nothing comes any more

	mu     sync.Mutex
	frames []Frame
	why    error         // why nothing comes any more
	news   chan struct{} // closed with the next frame
	hear   func(Frame)
}

// Connect opens a live connection of the client, with a ticket from the path that gives him one. hear, if not nil, is
// called with every frame in its order and must be quick.
func Connect(ctx context.Context, c *Client, ticketPath string, hear func(Frame)) (*Socket, error) {
	var ticket struct{ Ticket string }
	if err := c.Do(ctx, http.MethodPost, ticketPath, nil, &ticket); err != nil {
		return nil, fmt.Errorf("get a live ticket: %w", err)
	}
	conn, response, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(c.Base, "http")+"/live?ticket="+ticket.Ticket, nil)
	if err != nil {
		return nil, fmt.Errorf("open the live connection: %w", err)
	}
	if response.Body != nil {
		defer response.Body.Close()
	}
	conn.SetReadLimit(64 << 10)
	reading, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &Socket{Ticket: ticket.Ticket, conn: conn, cancel: cancel, ended: make(chan struct{}), news: make(chan struct{}), hear: hear}
	go s.read(reading)
	return s, nil
}

func (s *Socket) read(ctx context.Context) {
	defer close(s.ended)
	for {
		_, raw, err := s.conn.Read(ctx)
		if err != nil {
			s.mu.Lock()
			s.why = err
			s.mu.Unlock()
			return
		}
		f := Frame{At: time.Now()}
		if err := json.Unmarshal(raw, &f); err != nil {
			f.Type = "malformed"
		}
		if s.hear != nil {
			s.hear(f)
		}
		s.mu.Lock()
		s.frames = append(s.frames, f)
		close(s.news)
		s.news = make(chan struct{})
		s.mu.Unlock()
	}
}

// Send writes a frame to the desk.
func (s *Socket) Send(ctx context.Context, frame any) error {
	raw, err := json.Marshal(frame)
	if err != nil {
		return fmt.Errorf("encode a frame: %w", err)
	}
	return s.conn.Write(ctx, websocket.MessageText, raw)
}

// Frames gives everything heard so far.
func (s *Socket) Frames() []Frame {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Frame(nil), s.frames...)
}

// Await gives the first frame heard that fits, whether it came already or comes before ctx ends.
func (s *Socket) Await(ctx context.Context, fits func(Frame) bool) (Frame, error) {
	seen := 0
	for {
		s.mu.Lock()
		fresh, news := s.frames[seen:], s.news
		s.mu.Unlock()
		for _, f := range fresh {
			if fits(f) {
				return f, nil
			}
		}
		seen += len(fresh)
		select {
		case <-news:
		case <-ctx.Done():
			return Frame{}, fmt.Errorf("after %d frames: %w", seen, ctx.Err())
		case <-s.ended:
			s.mu.Lock()
			defer s.mu.Unlock()
			return Frame{}, fmt.Errorf("the connection ended after %d frames: %w", seen, s.why)
		}
	}
}

// Ended is closed when the connection is.
func (s *Socket) Ended() <-chan struct{} { return s.ended }

// Drop cuts the connection off without a word, as a lost network does.
func (s *Socket) Drop() {
	s.cancel()
	s.conn.CloseNow() //nolint:errcheck // it is meant to break
	<-s.ended
}
