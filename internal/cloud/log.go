package cloud

import (
	"context"
	"io"
	"log/slog"
)

// NewLog writes logs as lines of JSON, which CloudWatch searches by field; out is a Lambda's standard output. Each line
// has the stage and the function, and the request id of its context unless the line gives one itself.
func NewLog(out io.Writer, stage, function string) *slog.Logger {
	lines := slog.NewJSONHandler(out, &slog.HandlerOptions{Level: slog.LevelInfo})
	return slog.New(requestLog{lines.WithAttrs([]slog.Attr{slog.String("stage", stage), slog.String("function", function)})})
}

// requestLog adds the request id.
type requestLog struct{ slog.Handler }

const requestIDField = "request_id"

// Handle implements [slog.Handler].
func (l requestLog) Handle(ctx context.Context, record slog.Record) error {
	given := false
	record.Attrs(func(a slog.Attr) bool {
		given = a.Key == requestIDField
		return !given
	})
	if id := RequestID(ctx); id != "" && !given {
		record = record.Clone()
		record.AddAttrs(slog.String(requestIDField, id))
	}
	return l.Handler.Handle(ctx, record)
}

// WithAttrs implements [slog.Handler].
func (l requestLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestLog{l.Handler.WithAttrs(attrs)}
}

// WithGroup implements [slog.Handler].
func (l requestLog) WithGroup(name string) slog.Handler { return requestLog{l.Handler.WithGroup(name)} }
