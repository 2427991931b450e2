package api

import (
	"context"
	"net/http"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// Shapes make the JSON of nouns for the frames of live connections: the very shapes that the routes answer with.
type Shapes struct {
	// Message gives Message of openapi.yaml, or CustomerMessage; nil for a customer who may not see it.
	Message func(m desk.Message, forCustomer bool) any
	// Conversation gives Conversation without allowed, since many hear a frame, or CustomerConversation.
	Conversation func(account desk.AccountID, c *desk.Conversation, forCustomer bool) any
	Notification func(n desk.Notification) any
	Seat         func(s desk.Seat) any // as it is now
}

// LiveShapes gives the shapes of a desk's nouns.
func LiveShapes(d *desk.Desk) Shapes {
	return Shapes{
		Message: func(m desk.Message, forCustomer bool) any { return liveMessage(d, m, forCustomer) },
		Conversation: func(account desk.AccountID, c *desk.Conversation, forCustomer bool) any {
			if forCustomer {
				return customerConversationOf(c)
			}
			return liveConversation(d, account, c)
		},
		Notification: func(n desk.Notification) any { return notificationOf(n) },
		Seat:         func(s desk.Seat) any { return seatOf(s, d.Now()) },
	}
}

// liveConversation shapes a conversation with its clocks. Without the settings they follow from it has none: a client
// reads it again when it is looked at.
func liveConversation(d *desk.Desk, account desk.AccountID, c *desk.Conversation) any {
	settings, err := d.Settings(context.Background(), account)
	if err != nil {
		d.Log.Warn("conversation without clocks", "conversation", c.ID, "error", err)
		return conversationOf(c, nil)
	}
	return conversationOf(c, settings.Clocks(c, d.Now()))
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

type liveTicket struct {
	Ticket    string `json:"ticket"`
	ExpiresAt string `json:"expires_at"`
}

// ticketLife is how long a live ticket is good, as desk keeps it.
const ticketLife = time.Minute

func (s *Server) ticketFor(r *http.Request, c desk.Connection) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	expires := s.Now().Add(ticketLife)
	ticket, err := s.desk.LiveTicket(r.Context(), c)
	return created(liveTicket{ticket, stamp(expires)}), err
}

// liveTicket serves POST /v1/live/ticket.
func (s *Server) liveTicket(r *http.Request, who desk.Who) (answer, error) {
	return s.ticketFor(r, desk.Connection{Account: who.Account, Agent: who.Agent})
}

// visitorLiveTicket serves POST /widget/v1/live/ticket.
func (s *Server) visitorLiveTicket(r *http.Request, v desk.Visitor) (answer, error) {
	return s.ticketFor(r, desk.Connection{Account: v.Account, Visitor: v})
}
