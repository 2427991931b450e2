package live

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/relevo/relevo/internal/desk"
)

const (
	// MaxClientFrame is the most bytes of a client's frame.
	MaxClientFrame = 4 << 10
	maxFrameID     = 64
)

// clientFrame is what clients send.
type clientFrame struct {
	Type         string              `json:"type"`
	ID           string              `json:"id"` // chosen by the client; the answer bears it
	Conversation desk.ConversationID `json:"conversation"`
	Ticket       int64               `json:"ticket"`
	On           *bool               `json:"on"`
	UpTo         desk.MessageID      `json:"up_to"`
	Quiet        bool                `json:"quiet"` // of a ping: it needs no answer
}

// needs are the fields that a type of frame must have; it has no others but the id, and a ping, which may be quiet. A frame may also begin or end that the
// connection watches what it names, or all tickets if it names nothing.
type needs struct {
	conversation, ticket, on, upTo bool

	mayBeQuiet bool

	watch watching
}

type watching int

const (
	begins watching = iota + 1
	ends
)

// agentFrames and visitorFrames are what each may send. A visitor hears his own conversations anyway, and types in the
// one that he has.
var (
	agentFrames = map[string]needs{
		"ping":            {mayBeQuiet: true},
		"watch":           {conversation: true, watch: begins},
		"unwatch":         {conversation: true, watch: ends},
		"watch_ticket":    {ticket: true, watch: begins},
		"unwatch_ticket":  {ticket: true, watch: ends},
		"watch_tickets":   {watch: begins},
		"unwatch_tickets": {watch: ends},
		"typing":          {conversation: true, on: true},
		"read":            {conversation: true, upTo: true},
	}
	visitorFrames = map[string]needs{
		"ping":   {mayBeQuiet: true},
		"typing": {on: true},
		"read":   {conversation: true, upTo: true},
	}
)

// decode reads a client's frame strictly. A frame with an error still bears its id, if that could be read.
func decode(raw []byte, known map[string]needs) (clientFrame, error) {
	var f clientFrame
	if len(raw) > MaxClientFrame {
		return f, desk.InvalidField("frame", "is larger than %d bytes", MaxClientFrame)
	}
	if !utf8.Valid(raw) {
		return f, desk.InvalidField("frame", "is not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return f, malformed(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return f, desk.InvalidField("frame", "holds more than one JSON object")
	}
	if len(f.ID) > maxFrameID {
		f.ID = ""
		return f, desk.InvalidField("id", "is longer than %d bytes", maxFrameID)
	}
	need, ok := known[f.Type]
	if !ok {
		return f, desk.InvalidField("type", "is none that can be sent here")
	}
	return f, f.check(need)
}

func (f clientFrame) check(need needs) error {
	for _, field := range []struct {
		name         string
		needed, here bool
	}{
		{"conversation", need.conversation, f.Conversation != ""},
		{"ticket", need.ticket, f.Ticket != 0},
		{"on", need.on, f.On != nil},
		{"up_to", need.upTo, f.UpTo != ""},
	} {
		switch {
		case field.needed && !field.here:
			return desk.InvalidField(field.name, "is required")
		case !field.needed && field.here:
			return desk.InvalidField(field.name, "does not belong to this type of frame")
		}
	}
	if f.Quiet && !need.mayBeQuiet {
		return desk.InvalidField("quiet", "does not belong to this type of frame")
	}
	return nil
}

// malformed says in our words why a frame is no frame, and names the field.
func malformed(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return desk.InvalidField(wrong.Field, "has the wrong type")
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return desk.InvalidField(strings.Trim(name, `"`), "is unknown")
	}
	return desk.InvalidField("frame", "is not a JSON object")
}

// answer is what a client gets for its frame, to it alone.
type answer struct {
	Type    string     `json:"type"` // pong, ok or error
	ID      string     `json:"id,omitempty"`
	Version int        `json:"version,omitempty"` // of the ticket that is watched from now on
	Error   *errorBody `json:"error,omitempty"`
}

type errorBody struct {
	Code    desk.Code `json:"code"`
	Message string    `json:"message"`
	Field   string    `json:"field,omitempty"`
}

// bodyOf shows what a caller may know of an error.
func bodyOf(err error) *errorBody {
	known, ok := errors.AsType[*desk.Error](err)
	if !ok || known.Code == desk.Internal {
		return &errorBody{Code: desk.Internal, Message: "something went wrong here"}
	}
	return &errorBody{Code: known.Code, Message: known.Message, Field: known.Field}
}
