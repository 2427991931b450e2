package cloud

import (
	"context"
	"net/http"

	"github.com/aws/smithy-go/encoding/httpbinding"

	"github.com/relevo/relevo/internal/desk"
)

const maxFrame = 128 << 10 // bytes of a WebSocket message ("API Gateway quotas")

// Push sends frames through the management API of a WebSocket API ("Use @connections commands in your backend service").
type Push struct {
	client  *Client
	address string
}

var _ desk.Push = (*Push)(nil)

// NewPush gives the connections of the WebSocket API with this management address, which names the stage and has no
// slash at its end.
func NewPush(client *Client, address string) *Push { return &Push{client: client, address: address} }

// Send sends the frame. A repeat after a lost answer may send it twice; the frame's id tells its reader. Codes: invalid
// (empty, or over 128 KiB), not_found (gone for good), limited, unavailable, internal (the right is missing).
func (p *Push) Send(ctx context.Context, to desk.ConnectionID, frame []byte) error {
	if len(frame) == 0 || len(frame) > maxFrame {
		return desk.InvalidField("frame", "%d bytes, and a frame has 1 to %d", len(frame), maxFrame)
	}
	return p.client.call(ctx, "push to a live connection", p.signed(http.MethodPost, to, frame), nil, gone)
}

// Close ends a connection. Codes: not_found (it is gone already), limited, unavailable, internal.
func (p *Push) Close(ctx context.Context, id desk.ConnectionID) error {
	return p.client.call(ctx, "close a live connection", p.signed(http.MethodDelete, id, nil), nil, gone)
}

func (p *Push) signed(method string, id desk.ConnectionID, body []byte) signed {
	return signed{service: "execute-api", method: method, url: p.address + "/@connections/" + httpbinding.EscapePath(string(id), true), body: body}
}

// gone tells the refusal that is final. API Gateway answers 400 to what has not the form of its connection ids.
func gone(status int, _ string) error {
	switch status {
	case http.StatusGone, http.StatusBadRequest:
		return desk.Errorf(desk.NotFound, "the connection is gone")
	case http.StatusRequestEntityTooLarge:
		return desk.InvalidField("frame", "API Gateway says that it is too large")
	}
	return nil
}
