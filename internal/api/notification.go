package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

type notificationShape struct {
	ID           string                `json:"id"`
	Kind         desk.NotificationKind `json:"kind"`
	Conversation desk.ConversationID   `json:"conversation,omitzero"`
	Number       int64                 `json:"number,omitzero"`
	Ticket       int64                 `json:"ticket,omitzero"`
	By           desk.Actor            `json:"by"`
	Text         string                `json:"text"`
	Read         bool                  `json:"read"`
	At           string                `json:"at,omitzero"`
}

func notificationOf(n desk.Notification) notificationShape {
	return notificationShape{
		ID: n.ID, Kind: n.Kind, Conversation: n.Conversation, Number: n.Number, Ticket: n.Ticket, By: n.By, Text: n.Text, Read: n.Read,
		At: stamp(desk.MessageID(n.ID).Time()),
	}
}

// notifications serves GET /v1/notifications.
func (s *Server) notifications(r *http.Request, who desk.Who) (answer, error) {
	q := queryOf(r, "cursor", "limit")
	page := q.page(listPage)
	if q.err != nil {
		return answer{}, q.err
	}
	found, next, err := s.desk.Notifications(r.Context(), who, page)
	return ok(listOf(found, next, notificationOf)), err
}

// readNotifications serves POST /v1/notifications/read.
func (s *Server) readNotifications(r *http.Request, who desk.Who) (answer, error) {
	body, err := decode[struct {
		UpTo string `json:"up_to"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if body.UpTo == "" {
		return answer{}, desk.InvalidField("up_to", "is required")
	}
	return done, s.desk.ReadNotifications(r.Context(), who, body.UpTo)
}
