package api

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

type requestIDKey struct{}

// requestID gives the id under which a request is logged and answered.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

var goodRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]+$`) // at most 100 bytes

// door stands before every route: request id, headers, the limit of bodies, and a panic becomes an answer.
func (s *Server) door(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !goodRequestID.MatchString(id) || len(id) > 100 {
			id = desk.NewID(s.Now())
		}
		r = r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id))
		h := w.Header()
		h.Set("X-Request-Id", id)
		h.Set("X-Content-Type-Options", "nosniff")
		if strings.HasPrefix(r.URL.Path, "/v1/") || strings.HasPrefix(r.URL.Path, "/widget/v1/") {
			h.Set("Cache-Control", "no-store")
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			s.allowOrigin(h, r)
		}
		defer func() {
			switch fault := recover(); fault {
			case nil:
			case http.ErrAbortHandler:
				panic(fault)
			default:
				s.fail(w, r, desk.Wrap(desk.Internal, fmt.Errorf("%v\n%s", fault, debug.Stack()), "panic"))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// dispatch finds the route, answers preflights, and says in JSON what is not there.
func (s *Server) dispatch(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isPreflight(r) {
			s.preflight(w, r, mux)
			return
		}
		handler, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		verdict := muffled{header: http.Header{}}
		handler.ServeHTTP(&verdict, r)
		if verdict.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", verdict.header.Get("Allow"))
			s.fail(w, r, &desk.Error{Code: desk.Invalid, Message: "the route does not take this method", Cause: errMethod})
			return
		}
		s.fail(w, r, &desk.Error{Code: desk.NotFound, Message: "no such route"})
	})
}

// muffled is a ResponseWriter that hears what the mux would have answered.
type muffled struct {
	header http.Header
	status int
}

// Header implements [http.ResponseWriter].
func (m *muffled) Header() http.Header { return m.header }

// Write implements [http.ResponseWriter].
func (m *muffled) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader implements [http.ResponseWriter].
func (m *muffled) WriteHeader(status int) { m.status = status }
