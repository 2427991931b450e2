package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

// transfer serves POST /v1/conversations/{id}/transfer (B37-B51).
func (s *Server) transfer(r *http.Request, who desk.Who) (answer, error) {
	id, body, err := onConversation[struct {
		Department desk.DepartmentID `json:"department"`
		Agent      desk.AgentID      `json:"agent"`
		Reason     string            `json:"reason"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	c, err := s.desk.Transfer(r.Context(), who, id, desk.Transfer{Department: body.Department, Agent: body.Agent, Reason: body.Reason})
	return acted(who, c, err)
}
