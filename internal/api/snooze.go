package api

import (
	"net/http"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// snooze serves POST /v1/conversations/{id}/snooze (B56-B58).
func (s *Server) snooze(r *http.Request, who desk.Who) (answer, error) {
	id, body, err := onConversation[struct {
		Until desk.SnoozeUntil `json:"until"`
		At    time.Time        `json:"at"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	c, err := s.desk.Snooze(r.Context(), who, id, desk.Snooze{Until: body.Until, At: body.At})
	return acted(who, c, err)
}
