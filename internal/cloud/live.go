package cloud

import (
	"context"
	"encoding/base64"
	"log/slog"
	"net"
	"net/http"
	"net/url"

	"github.com/aws/aws-lambda-go/events"

	"github.com/relevo/relevo/internal/desk"
)

// Socket is what serves live connections; the room live has the first three. All but Close are required.
type Socket struct {
	// Connect redeems the ticket; origin is the page's, "" if the client is no browser.
	Connect func(ctx context.Context, id desk.ConnectionID, ticket, origin string) (desk.Connection, error)
	// Receive does what a frame asks and gives the answer, nil for none. An error without an answer ends the connection.
	Receive func(ctx context.Context, id desk.ConnectionID, frame []byte) (answer []byte, err error)
	// Disconnect forgets the connection.
	Disconnect func(ctx context.Context, id desk.ConnectionID) error
	// Refuse writes the error answer to a handshake that is refused.
	Refuse func(w http.ResponseWriter, r *http.Request, err error)
	// Close ends the connection from our side; nil where there is none, as for an event from a file.
	Close func(ctx context.Context, id desk.ConnectionID) error
}

// HandleSocket serves one event of an API Gateway WebSocket API: CONNECT ("The $connect route") with the ticket in the
// query, DISCONNECT, which comes if API Gateway manages to send it, and MESSAGE for every frame. A status that is not
// 2xx refuses a CONNECT. The answer to a frame is the body of the answer: API Gateway sends it on if the route
// $default has a route response ("Set up WebSocket route responses"), which spares a call to its management API.
//
// Codes: invalid (no such event), and those of Disconnect and Close.
func HandleSocket(ctx context.Context, h Host, payload []byte) ([]byte, error) {
	var event events.APIGatewayWebsocketProxyRequest
	if err := decode(payload, &event); err != nil {
		return nil, err
	}
	id := desk.ConnectionID(event.RequestContext.ConnectionID)
	if id == "" {
		return nil, desk.InvalidField("requestContext", "the event is of no WebSocket")
	}
	ctx = withRequestID(ctx, plainID(event.RequestContext.RequestID))
	switch event.RequestContext.EventType {
	case "CONNECT":
		return h.Socket.connect(ctx, id, event)
	case "MESSAGE":
		return h.receive(ctx, id, event)
	case "DISCONNECT":
		if err := h.Socket.Disconnect(ctx, id); err != nil {
			h.log().WarnContext(ctx, "live connection not forgotten", "connection", id, "request_id", RequestID(ctx), "error", err)
			return nil, err
		}
		return encode(gatewayAnswer{Status: http.StatusOK})
	default:
		return nil, desk.InvalidField("requestContext", "a WebSocket has no event %q", event.RequestContext.EventType)
	}
}

func (s Socket) connect(ctx context.Context, id desk.ConnectionID, event events.APIGatewayWebsocketProxyRequest) ([]byte, error) {
	r := handshake(ctx, event)
	_, err := s.Connect(ctx, id, r.URL.Query().Get("ticket"), r.Header.Get("Origin"))
	if err == nil {
		return encode(gatewayAnswer{Status: http.StatusOK})
	}
	w := &response{header: http.Header{}}
	s.Refuse(w, r, err)
	return encode(w.answer())
}

// handshake makes the request by which the client asked for the socket. Unlike an HTTP API, a WebSocket API keeps the
// spelling of headers and gives the query decoded.
func handshake(ctx context.Context, event events.APIGatewayWebsocketProxyRequest) *http.Request {
	from := event.RequestContext
	query := url.Values(event.MultiValueQueryStringParameters)
	if query == nil {
		query = url.Values{}
	}
	for name, value := range event.QueryStringParameters {
		if !query.Has(name) {
			query.Set(name, value)
		}
	}
	r := (&http.Request{
		Method: http.MethodGet, URL: &url.URL{Path: "/live", RawQuery: query.Encode()}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header(event.Headers, nil), Body: http.NoBody, Host: from.DomainName, RemoteAddr: net.JoinHostPort(from.Identity.SourceIP, "0"),
	}).WithContext(ctx)
	r.Header.Del("Host")
	r.Header.Set("X-Request-Id", RequestID(ctx))
	return r
}

func (h Host) receive(ctx context.Context, id desk.ConnectionID, event events.APIGatewayWebsocketProxyRequest) ([]byte, error) {
	frame := []byte(event.Body)
	if event.IsBase64Encoded {
		var err error
		if frame, err = base64.StdEncoding.DecodeString(event.Body); err != nil {
			return nil, desk.Wrap(desk.Invalid, err, "the event's body is no base64")
		}
	}
	answer, err := h.Socket.Receive(ctx, id, frame)
	if err != nil {
		h.logFrame(ctx, id, err)
		if answer == nil && h.Socket.Close != nil {
			if err := h.Socket.Close(ctx, id); err != nil && !desk.Is(err, desk.NotFound) {
				return nil, desk.Wrap(desk.Unavailable, err, "close a live connection")
			}
		}
	}
	return encode(gatewayAnswer{Status: http.StatusOK, Body: string(answer)})
}

// logFrame tells of a frame that failed: loudly only if the fault is ours.
func (h Host) logFrame(ctx context.Context, id desk.ConnectionID, err error) {
	level := slog.LevelError
	if code := desk.CodeOf(err); code != desk.Internal && code != desk.Unavailable {
		level = slog.LevelDebug
	}
	h.log().Log(ctx, level, "live frame failed", "connection", id, "request_id", RequestID(ctx), "error", err)
}
