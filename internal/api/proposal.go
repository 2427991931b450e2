package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

// proposeTicket serves POST /widget/v1/conversations/{id}/ticket (B80).
func (s *Server) proposeTicket(r *http.Request, v desk.Visitor) (answer, error) {
	id, body, err := onConversation[struct {
		Number int64 `json:"number"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if body.Number < 1 {
		return answer{}, desk.InvalidField("number", "want the number of a ticket")
	}
	c, err := s.desk.ProposeTicket(r.Context(), v, id, body.Number)
	if err != nil {
		return answer{}, numbered(err)
	}
	return ok(customerConversationOf(c)), nil
}

// searchTickets serves GET /v1/tickets/search (B77, B78).
func (s *Server) searchTickets(r *http.Request, who desk.Who) (answer, error) {
	q := queryOf(r, "q", "limit")
	text, limit := q.values.Get("q"), q.limit(desk.MaxFound)
	if limit > desk.MaxFound {
		q.fault("limit", "want 1 to 20")
	}
	if q.err != nil {
		return answer{}, q.err
	}
	found, err := s.desk.SearchTickets(r.Context(), who, text, limit)
	return ok(listOf(found, "", ticketFor(who))), err
}
