package api

import (
	"context"

	"github.com/relevo/relevo/internal/desk"
)

// Shapes make the JSON of nouns for the frames of live connections: the very shapes that the routes answer with.
type Shapes struct {
	// Message gives Message of openapi.yaml, or CustomerMessage; nil for a customer who may not see it.
	Message func(m desk.Message, forCustomer bool) any
	// Conversation gives Conversation without allowed, since many hear a frame, or CustomerConversation.
	Conversation func(c *desk.Conversation, forCustomer bool) any
	Notification func(n desk.Notification) any
	Seat         func(s desk.Seat) any // as it is now
}

// LiveShapes gives the shapes of a desk's nouns.
func LiveShapes(d *desk.Desk) Shapes {
	return Shapes{
		Message: func(m desk.Message, forCustomer bool) any { return liveMessage(d, m, forCustomer) },
		Conversation: func(c *desk.Conversation, forCustomer bool) any {
			if forCustomer {
				return customerConversationOf(c)
			}
			return conversationOf(c)
		},
		Notification: func(n desk.Notification) any { return notificationOf(n) },
		Seat:         func(s desk.Seat) any { return seatOf(s, d.Now()) },
	}
}

// liveMessage shapes a message. An attachment whose address cannot be signed has none: a client reads the message again
// when it wants the file.
func liveMessage(d *desk.Desk, m desk.Message, forCustomer bool) any {
	if forCustomer && !m.ForCustomer() {
		return nil
	}
	urls, err := urlsOf(context.Background(), d, m)
	if err != nil {
		d.Log.Warn("attachment without address", "message", m.ID, "error", err)
	}
	if forCustomer {
		return customerMessageOf(m, urls)
	}
	return messageOf(m, urls)
}
