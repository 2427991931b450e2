// Package cloud is where AWS meets the desk. This is its inward half: the events with which Lambda starts a function
// become HTTP requests, jobs, changes, timers and frames, and what the desk answers becomes the answer that Lambda
// expects. It exists so that every handler runs unchanged in one local process and behind API Gateway, SQS, DynamoDB
// Streams and EventBridge Scheduler: a rule or a route never knows which host it runs on.
//
// The shapes are those of github.com/aws/aws-lambda-go/events; each file names the page of AWS's manual that it follows.
package cloud

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// MaxPayload limits an event, and an answer, in bytes: Lambda takes and gives 6 MiB in a synchronous invocation
// ("Lambda quotas").
const MaxPayload = 6 << 20

// Host is what a function does, for each way in which it may be started; nil where the wiring table has none.
type Host struct {
	HTTP   http.Handler                                // serves the function's routes
	Work   func(context.Context, desk.Job) error       // does a job of its queue
	Relay  func(context.Context, []store.Change) error // takes changes of the table, in order
	Fire   func(context.Context, desk.Timer) error     // does the work of its timer
	Socket Socket                                      // serves live connections
	Log    *slog.Logger                                // nil: slog.Default
}

func (h Host) log() *slog.Logger {
	if h.Log == nil {
		return slog.Default()
	}
	return h.Log
}

// envelope is what tells the shapes of events apart.
type envelope struct {
	RequestContext struct {
		ConnectionID string `json:"connectionId"`
		HTTP         struct {
			Method string `json:"method"`
		} `json:"http"`
	} `json:"requestContext"`
	Records []struct {
		EventSource string `json:"eventSource"`
	} `json:"Records"`
	Name string `json:"name"`
}

// Handle does one invocation of a function: it tells by the event's shape who started it, and calls the one of
// HandleHTTP, HandleQueue, HandleStream, HandleTimer and HandleSocket that fits. The answer is JSON for Lambda to give
// back; "null" for none. Codes: invalid (no event of AWS's, or one that does not start this function), and those of
// a failure that Lambda must hear of.
func Handle(ctx context.Context, function config.Function, h Host, payload []byte) (answer []byte, err error) {
	var e envelope
	if err := decode(payload, &e); err != nil {
		return nil, err
	}
	source := ""
	if len(e.Records) > 0 {
		source = e.Records[0].EventSource
	}
	switch {
	case e.RequestContext.ConnectionID != "":
		if function.Socket && h.Socket.Receive != nil {
			return HandleSocket(ctx, h, payload)
		}
		return nil, foreign(function, "an event of a WebSocket")
	case e.RequestContext.HTTP.Method != "":
		if len(function.Routes) > 0 && h.HTTP != nil {
			return HandleHTTP(ctx, h, payload)
		}
		return nil, foreign(function, "a request of an HTTP API")
	case source == "aws:sqs":
		if function.Queue != "" && h.Work != nil {
			return HandleQueue(ctx, h, desk.QueueName(function.Queue), payload)
		}
		return nil, foreign(function, "messages of SQS")
	case source == "aws:dynamodb":
		if function.Stream && h.Relay != nil {
			return HandleStream(ctx, h, payload)
		}
		return nil, foreign(function, "records of a DynamoDB stream")
	case e.Name != "":
		if function.Timer != "" && h.Fire != nil {
			return HandleTimer(ctx, h, desk.TimerName(function.Timer), payload)
		}
		return nil, foreign(function, "a timer")
	default:
		return nil, desk.Errorf(desk.Invalid, "the event has no shape that starts a function: want an HTTP API request "+
			"(payload format 2.0), a WebSocket event, records of SQS or of a DynamoDB stream, or a timer")
	}
}

func foreign(function config.Function, what string) error {
	return desk.Errorf(desk.Invalid, "the event is %s, and the function %s is not started by such", what, function.Name)
}

// decode reads an event.
func decode(payload []byte, into any) error {
	if len(payload) > MaxPayload {
		return desk.Errorf(desk.Invalid, "the event has %d bytes, and Lambda takes at most %d", len(payload), MaxPayload)
	}
	return desk.Wrap(desk.Invalid, json.Unmarshal(payload, into), "the event is not the JSON that AWS sends")
}

// encode writes an answer. It leaves <, > and & as they are: an answer is not read by a browser as it stands.
func encode(answer any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(answer); err != nil {
		return nil, desk.Wrap(desk.Internal, err, "encode the answer of a function")
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// failures is the answer for a batch of which some items failed ("Reporting batch item failures": it needs
// ReportBatchItemFailures in the event source mapping). An empty list means that all is done.
type failures struct {
	Items []failure `json:"batchItemFailures"`
}

type failure struct {
	ID string `json:"itemIdentifier"`
}

func (f *failures) add(id string) { f.Items = append(f.Items, failure{ID: id}) }

func newFailures() failures { return failures{Items: []failure{}} }

// safely runs one piece of a batch; its panic is a failure like any other, so that one message cannot take down the
// others of its batch for ever.
func safely(what string, do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = desk.Wrap(desk.Internal, fmt.Errorf("%v\n%s", p, debug.Stack()), what+" panicked")
		}
	}()
	return do()
}

type requestIDKey struct{}

// RequestID gives the id of what is being done, for logs: the request's of API Gateway, the message's of SQS, the
// event's of a stream, the timer's; "" outside of a function.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

func withRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}
