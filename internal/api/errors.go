package api

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"

	"github.com/relevo/relevo/internal/desk"
)

// statuses is the one table from a code to an HTTP status.
var statuses = map[desk.Code]int{
	desk.Invalid:         http.StatusBadRequest,
	desk.Unauthenticated: http.StatusUnauthorized,
	desk.Forbidden:       http.StatusForbidden,
	desk.NotFound:        http.StatusNotFound,
	desk.Conflict:        http.StatusConflict,
	desk.Limited:         http.StatusTooManyRequests,
	desk.Unavailable:     http.StatusServiceUnavailable,
	desk.Internal:        http.StatusInternalServerError,
}

// The two kinds of invalid for which HTTP has a status of its own.
var (
	errTooLarge = errors.New("too large")
	errMethod   = errors.New("method not allowed")
)

// tooLarge refuses what is over a limit; field is "" for the whole body.
func tooLarge(field, message string) error {
	return &desk.Error{Code: desk.Invalid, Field: field, Message: message, Cause: errTooLarge}
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, errTooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed
	default:
		return statuses[desk.CodeOf(err)]
	}
}

// refused is what a caller sees of an error.
type refused struct {
	Error refusedError `json:"error"`
}

type refusedError struct {
	Code      desk.Code `json:"code"`
	Message   string    `json:"message"`
	Field     string    `json:"field,omitzero"`
	RequestID string    `json:"request_id"`
}

// Refuse answers with an error as every route does: for what other rooms serve behind the same door ([Options.More]),
// and for doors of their own such as live connections.
func (s *Server) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	refuse := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, err) })
	if requestID(r.Context()) == "" {
		s.door(refuse).ServeHTTP(w, r)
		return
	}
	refuse(w, r)
}

// fail answers with an error, and logs it if it is our fault. Texts of internal and unavailable stay with us: they may
// carry a driver's words.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		err = desk.Errorf(desk.Unavailable, "the caller is gone")
	}
	code := desk.CodeOf(err)
	if _, known := statuses[code]; !known {
		code, err = desk.Internal, desk.Wrap(desk.Internal, errors.New(err.Error()), "unknown code "+string(code))
	}
	body := refused{refusedError{Code: code, RequestID: requestID(r.Context())}}
	if known, ok := errors.AsType[*desk.Error](err); ok {
		body.Error.Message, body.Error.Field = known.Message, known.Field
		if code == desk.Limited {
			seconds := max(1, int(math.Ceil(known.RetryAfter.Seconds())))
			w.Header().Set("Retry-After", strconv.Itoa(seconds))
		}
	}
	switch code {
	case desk.Internal:
		s.Log.ErrorContext(r.Context(), "request failed", "request_id", body.Error.RequestID, "method", r.Method, "route", r.Pattern, "error", err)
		body.Error.Message, body.Error.Field = "something went wrong on our side", ""
	case desk.Unavailable:
		body.Error.Message, body.Error.Field = "something we depend on fails; try again in a moment", ""
	case desk.Unauthenticated:
		challenge := `Bearer realm="relevo"`
		if r.Header.Get("Authorization") != "" {
			challenge += `, error="invalid_token"`
		}
		w.Header().Set("WWW-Authenticate", challenge)
	}
	s.respond(w, r, answer{status: statusOf(err), body: body})
}
