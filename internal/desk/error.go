package desk

import (
	"errors"
	"fmt"
	"time"
)

// Code says what kind of failure an error is. Callers act on the code, never on the text.
type Code string

// The error codes of the product. The table code -> HTTP status stands in the api room, code -> retry or
// dead letter in [Code.Retryable].
const (
	Invalid         Code = "invalid"         // the request makes no sense, Field names the culprit
	Unauthenticated Code = "unauthenticated" // nobody knows who is asking
	Forbidden       Code = "forbidden"       // known, and not allowed
	NotFound        Code = "not_found"       // absent, or not to be seen by the caller
	Conflict        Code = "conflict"        // the state does not allow it, or someone was faster
	Limited         Code = "limited"         // too much; RetryAfter says when to come back
	Unavailable     Code = "unavailable"     // something we depend on fails; a repeat may succeed
	Internal        Code = "internal"        // our fault; the text stays in the log
)

// Retryable reports whether work that failed with this code is worth another delivery. Everything else is
// settled: the same input would be refused again.
func (c Code) Retryable() bool { return c == Unavailable || c == Internal || c == Limited }

// Error is the one error that crosses a room's wall with a meaning.
type Error struct {
	Code       Code
	Message    string        // for the caller; never a customer's text
	Field      string        // the offending field of the request, if one is to blame
	RetryAfter time.Duration // with Limited: when a repeat makes sense
	Cause      error         // for the log; never shown to a caller
}

// Error gives code, field and message, then the cause.
func (e *Error) Error() string {
	s := string(e.Code) + ": " + e.Message
	if e.Field != "" {
		s = string(e.Code) + ": " + e.Field + ": " + e.Message
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Errorf makes an error of a code; %w in the format keeps a cause.
func Errorf(code Code, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Message: err.Error(), Cause: errors.Unwrap(err)}
}

// InvalidField makes an Invalid error that names the field to blame.
func InvalidField(field, format string, args ...any) error {
	return &Error{Code: Invalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Wrap gives err a code and says what was tried; nil stays nil, and an error that has a code keeps it.
func Wrap(code Code, err error, tried string) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*Error](err); ok {
		return &Error{Code: known.Code, Message: known.Message, Field: known.Field, RetryAfter: known.RetryAfter,
			Cause: fmt.Errorf("%s: %w", tried, err)}
	}
	return &Error{Code: code, Message: tried, Cause: err}
}

// CodeOf gives the code of err: "" for nil, Internal for an error without one.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// Is reports whether err has the code.
func Is(err error, code Code) bool { return err != nil && CodeOf(err) == code }

// isStale reports whether loading and deciding again may settle the conflict.
func isStale(err error) bool {
	_, ok := errors.AsType[staleError](err)
	return ok
}

func conflictf(format string, args ...any) error { return Errorf(Conflict, format, args...) }

// conflictOf is a conflict that names the field to blame.
func conflictOf(field, format string, args ...any) error {
	return &Error{Code: Conflict, Field: field, Message: fmt.Sprintf(format, args...)}
}
