package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

type ticketSLAShape struct {
	Contract *slaContractShape `json:"contract,omitzero"`
	Promise  *promiseShape     `json:"promise,omitzero"`
	Hours    *hoursShape       `json:"hours,omitzero"`
	Clocks   *clocksShape      `json:"clocks,omitzero"`
}

type slaContractShape struct {
	ID      desk.ContractID `json:"id"`
	Name    string          `json:"name"`
	WarnAt  int             `json:"warn_at"`
	Restart bool            `json:"restart"`
}

// ticketSLA serves GET /v1/tickets/{number}/sla (B98, B105).
func (s *Server) ticketSLA(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	if q := queryOf(r); q.err != nil {
		return answer{}, q.err
	}
	sla, err := s.desk.TicketSLA(r.Context(), who, n)
	if err != nil || sla.Contract.ID == "" {
		return ok(ticketSLAShape{}), err
	}
	k, p := sla.Contract, sla.Promise
	out := ticketSLAShape{
		Contract: &slaContractShape{k.ID, k.Name, k.WarnAt, k.Restart},
		Promise:  &promiseShape{p.Priority, wholeSeconds(p.FirstResponse), wholeSeconds(p.NextResponse), wholeSeconds(p.Resolution)},
	}
	if sla.Hours != nil {
		hours := hoursOf(nil, *sla.Hours)
		out.Hours = &hours
	}
	out.Clocks, _ = clocksOf(sla.Clocks)
	return ok(out), nil
}
