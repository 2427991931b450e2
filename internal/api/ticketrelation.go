package api

import (
	"net/http"
	"strconv"

	"github.com/relevo/relevo/internal/desk"
)

type relationShape struct {
	Kind   desk.RelationKind `json:"kind"`
	Ticket int64             `json:"ticket"`
}

// relateTickets serves POST /v1/tickets/{number}/relations (B106).
func (s *Server) relateTickets(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	body, err := decode[relationShape](r)
	if err != nil {
		return answer{}, err
	}
	if body.Ticket < 1 {
		return answer{}, desk.InvalidField("ticket", "no such ticket")
	}
	t, err := s.desk.RelateTickets(r.Context(), who, n, body.Kind, body.Ticket)
	return ok(ticketFor(who)(t)), err
}

// unrelateTickets serves DELETE /v1/tickets/{number}/relations/{other}.
func (s *Server) unrelateTickets(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	other, err := strconv.ParseInt(r.PathValue("other"), 10, 64)
	if err != nil || other < 1 {
		return answer{}, &desk.Error{Code: desk.NotFound, Message: "no such ticket"}
	}
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	t, err := s.desk.UnrelateTickets(r.Context(), who, n, other)
	return ok(ticketFor(who)(t)), err
}

// duplicateTicket serves POST /v1/tickets/{number}/duplicate (B105).
func (s *Server) duplicateTicket(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	body, err := decode[struct {
		ClientID string `json:"client_id"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantClientID(body.ClientID); err != nil {
		return answer{}, err
	}
	t, err := s.desk.DuplicateTicket(r.Context(), who, n, body.ClientID)
	return created(ticketFor(who)(t)), err
}

// mergeTickets serves POST /v1/tickets/{number}/merge (B105).
func (s *Server) mergeTickets(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	body, err := decode[struct {
		Ticket int64 `json:"ticket"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if body.Ticket < 1 {
		return answer{}, desk.InvalidField("ticket", "no such ticket")
	}
	t, err := s.desk.MergeTickets(r.Context(), who, n, body.Ticket)
	return ok(ticketFor(who)(t)), err
}

// unmergeTicket serves POST /v1/tickets/{number}/unmerge (B105).
func (s *Server) unmergeTicket(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	t, err := s.desk.UnmergeTicket(r.Context(), who, n)
	return ok(ticketFor(who)(t)), err
}

// deleteTicket serves DELETE /v1/tickets/{number} (B105).
func (s *Server) deleteTicket(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	return done, s.desk.DeleteTicket(r.Context(), who, n)
}
