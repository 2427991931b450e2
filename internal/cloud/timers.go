package cloud

import (
	"context"
	"encoding/json"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// timerInput is what the desk gives EventBridge Scheduler as a schedule's Input, and the whole event with which
// Scheduler then starts the function ("Target.Input"; a universal envelope like EventBridge's there is not).
type timerInput struct {
	Name desk.TimerName  `json:"name"`
	ID   string          `json:"id"`
	At   time.Time       `json:"at"`
	Body json.RawMessage `json:"body,omitempty"`
}

// TimerInput writes a timer as the Input of a schedule: {"name","id","at","body"}, at in RFC 3339, body as it is.
// Code: invalid (a body that is no JSON).
func TimerInput(t desk.Timer) ([]byte, error) {
	if len(t.Body) > 0 && !json.Valid(t.Body) {
		return nil, desk.InvalidField("body", "a timer's body is JSON")
	}
	return encode(timerInput{Name: t.Name, ID: t.ID, At: t.At.UTC(), Body: t.Body})
}

// HandleTimer does the work of the timer that Scheduler delivers, once at least; it answers null. A failure is returned:
// Scheduler starts functions asynchronously, so Lambda tries again and then hands the event to the function's
// dead-letter queue, also one that was refused for good. Code: invalid (no timer, or one of another function).
func HandleTimer(ctx context.Context, h Host, name desk.TimerName, payload []byte) ([]byte, error) {
	var input timerInput
	if err := decode(payload, &input); err != nil {
		return nil, err
	}
	switch {
	case input.Name != name:
		return nil, desk.InvalidField("name", "the event is of the timer %q, and this function serves %s", input.Name, name)
	case input.ID == "":
		return nil, desk.InvalidField("id", "a timer has one")
	case input.At.IsZero():
		return nil, desk.InvalidField("at", "a timer has an instant")
	}
	ctx = withRequestID(ctx, input.ID)
	t := desk.Timer{Name: input.Name, ID: input.ID, At: input.At, Body: input.Body}
	if err := safely("the handler of timer "+string(name), func() error { return h.Fire(ctx, t) }); err != nil {
		h.log().WarnContext(ctx, "timer failed", "timer", name, "request_id", RequestID(ctx), "error", err)
		return nil, err
	}
	return []byte("null"), nil
}
