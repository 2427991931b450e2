package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

// assign serves POST /v1/conversations/{id}/assign (B8).
func (s *Server) assign(r *http.Request, who desk.Who) (answer, error) {
	id, body, err := onConversation[struct {
		Agent desk.AgentID `json:"agent"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantID("agent", body.Agent); err != nil {
		return answer{}, err
	}
	c, err := s.desk.Assign(r.Context(), who, id, body.Agent)
	return acted(who, c, err)
}
