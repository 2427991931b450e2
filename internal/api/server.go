// Package api is the HTTP and JSON of the desk: it knows who is asking, decodes strictly, does the act in desk and
// answers in the shapes of openapi.yaml. It holds no rule of the product and no host: Lambda and the local gateway
// mount the same routes.
package api

import (
	"log/slog"
	"maps"
	"net/http"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// Options are what a server needs besides the desk. A function that serves no customers needs no Visitors, one that
// serves no staff no Verify.
type Options struct {
	Verify      Verifier       // of agents' access tokens
	Visitors    *VisitorTokens // of customers' tokens
	Messages    *Limiter       // a visitor's messages; nil: [MessageLimit]
	Transcripts *Limiter       // a visitor's requests for a transcript; nil: [TranscriptLimit]
	Codes       *Limiter       // codes by mail, for a visitor and for an address; nil: [CodeLimit]
	Typing      *Limiter       // telling that one writes, by visitors and agents; nil: [TypingLimit]
	Requests    *Limiter       // everything else that a visitor asks; nil: [RequestLimit]
	Sessions    *Limiter       // sessions from one address; nil: [SessionLimit]
	Origins     []string       // of consoles and widgets of our own that are served elsewhere, such as https://desk.example
	// More are routes that other rooms serve (providers' webhooks), mounted behind the same door: pattern -> handler.
	More map[string]http.Handler
	Now  func() time.Time // nil: time.Now
	Log  *slog.Logger     // nil: slog.Default
}

// TranscriptLimit is for mail that a visitor makes the desk send, to an address that he gives.
var TranscriptLimit = Limit{PerMinute: 1, Burst: 3}

// RequestLimit is for what a visitor asks besides sending messages: marks, history.
var RequestLimit = Limit{PerMinute: 240, Burst: 60}

// TypingLimit is for telling that one writes: each time goes to everybody who looks on.
var TypingLimit = Limit{PerMinute: 60, Burst: 20}

// Server serves the routes of agents, bots and customers. It is safe concurrently.
type Server struct {
	desk *desk.Desk
	Options
}

// New makes a server; it reads nothing.
func New(d *desk.Desk, opts Options) *Server {
	s := &Server{desk: d, Options: opts}
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Log == nil {
		s.Log = slog.Default()
	}
	if s.Messages == nil {
		s.Messages = NewLimiter(MessageLimit, s.Now)
	}
	if s.Transcripts == nil {
		s.Transcripts = NewLimiter(TranscriptLimit, s.Now)
	}
	if s.Codes == nil {
		s.Codes = NewLimiter(CodeLimit, s.Now)
	}
	if s.Typing == nil {
		s.Typing = NewLimiter(TypingLimit, s.Now)
	}
	if s.Requests == nil {
		s.Requests = NewLimiter(RequestLimit, s.Now)
	}
	if s.Sessions == nil {
		s.Sessions = NewLimiter(SessionLimit, s.Now)
	}
	return s
}

// Routes gives the handler of every route, each complete by itself: "POST /v1/conversations/{id}/assign" -> handler.
func (s *Server) Routes() map[string]http.Handler {
	routes := s.bare()
	for pattern, handler := range routes {
		routes[pattern] = s.door(handler)
	}
	return routes
}

// Handler serves some of the routes, those of one function or of all, and answers everything else with a JSON error.
// It panics if there is no such route.
func (s *Server) Handler(routes []string) http.Handler { return s.serve(routes, s.bare()) }

func (s *Server) serve(routes []string, bare map[string]http.Handler) http.Handler {
	mux := http.NewServeMux()
	for _, pattern := range routes {
		handler, ok := bare[pattern]
		if !ok {
			panic("api: no handler of " + pattern)
		}
		mux.Handle(pattern, handler)
	}
	return s.door(s.dispatch(mux))
}

// bare gives the handlers as they are behind the door.
func (s *Server) bare() map[string]http.Handler {
	routes := map[string]http.Handler{}
	for _, table := range []Table{ConsoleTable, AssignTable, ActTable, TicketTable, SettingsTable, WriteTable, WidgetTable, MoreTable} {
		maps.Copy(routes, table(s))
	}
	return routes
}
