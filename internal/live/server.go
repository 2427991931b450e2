package live

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/relevo/relevo/internal/desk"
)

// ServerOptions set up a server.
type ServerOptions struct {
	// AllowOrigin reports whether pages of the origin may connect as anyone, besides the server's own; nil: none. Sites
	// with a widget need no mention: their inbox knows them.
	AllowOrigin func(origin string, r *http.Request) bool
	// Refuse writes the error answer to a request that becomes no socket. Required.
	Refuse func(w http.ResponseWriter, r *http.Request, err error)
	Log    *slog.Logger // nil: slog.Default

	Idle  time.Duration // without a frame from the client; 0: 75 s, for clients ping every 50 s
	Age   time.Duration // then the client must connect anew, as behind API Gateway; 0: 2 h
	Write time.Duration // for one frame to be taken; 0: 5 s
}

// Server is GET /live?ticket= of a host that keeps its sockets itself.
type Server struct {
	endpoint *Endpoint
	register func(desk.ConnectionID) (<-chan []byte, func())
	opts     ServerOptions

	mu      sync.Mutex
	open    sync.WaitGroup
	closing chan struct{}
	closed  bool
}

// NewServer makes a server. register opens the outbox of a connection: the frames to write, in order, until the channel
// is closed because the reader is too slow; and what ends the registration, harmless to repeat.
func NewServer(e *Endpoint, register func(desk.ConnectionID) (<-chan []byte, func()), opts ServerOptions) *Server {
	opts.Idle = cmp.Or(opts.Idle, 75*time.Second)
	opts.Age = cmp.Or(opts.Age, 2*time.Hour)
	opts.Write = cmp.Or(opts.Write, 5*time.Second)
	if opts.Log == nil {
		opts.Log = slog.Default()
	}
	return &Server{endpoint: e, register: register, opts: opts, closing: make(chan struct{})}
}

// ServeHTTP turns the request into a socket and serves it until it ends.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		s.opts.Refuse(w, r, desk.Errorf(desk.Unavailable, "the desk is closing"))
		return
	}
	defer s.open.Done()
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		s.opts.Refuse(w, r, desk.InvalidField("Upgrade", "want a WebSocket"))
		return
	}
	id := desk.ConnectionID(desk.NewID(time.Now()))
	outbox, leave := s.register(id) // before anyone can know of the connection, so that no push finds it missing
	defer leave()
	if _, err := s.endpoint.Connect(r.Context(), id, r.URL.Query().Get("ticket"), s.foreignOrigin(r)); err != nil {
		s.opts.Refuse(w, r, err)
		return
	}
	ctx := context.WithoutCancel(r.Context()) // a hijacked request's context says nothing
	forget := sync.OnceFunc(func() { leave(); s.disconnect(ctx, id) })
	defer forget()
	// Origins were checked above, by whose connection it is.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // Accept has answered: the handshake was none
	}
	s.serve(ctx, conn, id, outbox, forget)
}

// foreignOrigin gives the Origin of a page that neither the server nor AllowOrigin vouches for, "" otherwise.
func (s *Server) foreignOrigin(r *http.Request) string {
	origin := r.Header.Get("Origin")
	if u, err := url.Parse(origin); err == nil && strings.EqualFold(u.Host, r.Host) {
		return ""
	}
	if origin != "" && s.opts.AllowOrigin != nil && s.opts.AllowOrigin(origin, r) {
		return ""
	}
	return origin
}

// ending is why a socket is closed.
type ending struct {
	code   websocket.StatusCode
	reason string
}

// The endings that the server decides on. A client connects anew after each but the last two.
var (
	endShutdown = ending{websocket.StatusGoingAway, "the desk is closing"}
	endAge      = ending{websocket.StatusGoingAway, "connect anew"}
	endSlow     = ending{websocket.StatusTryAgainLater, "too slow"}
	endIdle     = ending{websocket.StatusPolicyViolation, "no ping"}
	endNobody   = ending{websocket.StatusPolicyViolation, "no longer allowed"}
	endFlood    = ending{websocket.StatusPolicyViolation, "too many frames"}
)

// serve writes what is pushed and answered, and reads in a goroutine of its own that ends before it returns. The
// connection is forgotten before the socket is closed, for a client that is gone takes seconds to say nothing.
func (s *Server) serve(ctx context.Context, conn *websocket.Conn, id desk.ConnectionID, outbox <-chan []byte, forget func()) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	conn.SetReadLimit(MaxClientFrame)
	in := reader{conn: conn, server: s, id: id, answers: make(chan []byte), idle: time.NewTimer(s.opts.Idle), end: make(chan ending, 1)}
	defer in.idle.Stop()
	var reading sync.WaitGroup
	reading.Go(func() { in.loop(ctx) })
	end, alive := s.write(ctx, conn, in, outbox)
	forget()
	if alive {
		if err := conn.Close(end.code, end.reason); err != nil {
			s.opts.Log.DebugContext(ctx, "live socket closed without a farewell", "connection", id, "error", err)
		}
	}
	_ = conn.CloseNow() // reports only that it is closed already
	cancel()
	reading.Wait()
}

// write is the loop of the socket's only writer; alive is false if the socket is gone already.
func (s *Server) write(ctx context.Context, conn *websocket.Conn, in reader, outbox <-chan []byte) (end ending, alive bool) {
	age := time.NewTimer(s.opts.Age)
	defer age.Stop()
	for {
		var frame []byte
		select {
		case frame = <-in.answers:
		case pushed, ok := <-outbox:
			if !ok {
				return endSlow, true
			}
			frame = pushed
		case end, ok := <-in.end:
			return end, ok
		case <-in.idle.C:
			return endIdle, true
		case <-age.C:
			return endAge, true
		case <-s.closing:
			return endShutdown, true
		}
		ctx, cancel := context.WithTimeout(ctx, s.opts.Write)
		err := conn.Write(ctx, websocket.MessageText, frame)
		cancel()
		if err != nil {
			return ending{}, false
		}
	}
}

// reader reads a socket.
type reader struct {
	conn    *websocket.Conn
	server  *Server
	id      desk.ConnectionID
	answers chan []byte // to be written
	idle    *time.Timer
	end     chan ending // why the server must close; closed when the client is gone
}

func (r reader) loop(ctx context.Context) {
	defer close(r.end)
	for {
		kind, raw, err := r.conn.Read(ctx)
		if err != nil {
			return
		}
		r.idle.Reset(r.server.opts.Idle)
		if kind != websocket.MessageText {
			r.end <- ending{websocket.StatusUnsupportedData, "want text"}
			return
		}
		answer, err := r.server.endpoint.Receive(ctx, r.id, raw)
		if err != nil && ctx.Err() == nil {
			r.log(ctx, err)
		}
		if err != nil && answer == nil {
			r.end <- endOf(err)
			return
		}
		if answer == nil {
			continue
		}
		select {
		case r.answers <- answer:
		case <-ctx.Done():
			return
		}
	}
}

// endOf says how to close a connection whose frame was met with an error and no answer.
func endOf(err error) ending {
	switch desk.CodeOf(err) {
	case desk.Unauthenticated, desk.NotFound:
		return endNobody
	case desk.Limited:
		return endFlood
	default:
		return ending{websocket.StatusInternalError, ""}
	}
}

func (r reader) log(ctx context.Context, err error) {
	level := slog.LevelError
	if code := desk.CodeOf(err); code != desk.Internal && code != desk.Unavailable {
		level = slog.LevelDebug
	}
	r.server.opts.Log.Log(ctx, level, "live frame failed", "connection", r.id, "error", err)
}

// disconnect forgets the connection. If that fails, the next push to it will find it gone.
func (s *Server) disconnect(ctx context.Context, id desk.ConnectionID) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := s.endpoint.Disconnect(ctx, id); err != nil {
		s.opts.Log.WarnContext(ctx, "live connection not forgotten", "connection", id, "error", err)
	}
}

// enter counts a request in, unless the server is closing.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.open.Add(1)
	return true
}

// Shutdown closes every socket with 1001 and takes no more; it returns when all have ended, or with the error of ctx.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.closing)
	}
	s.mu.Unlock()
	done := make(chan struct{})
	go func() { s.open.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return desk.Wrap(desk.Unavailable, ctx.Err(), "close the live sockets")
	}
}
