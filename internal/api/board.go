package api

import (
	"net/http"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

type boardShape struct {
	Columns []columnShape `json:"columns"`
}

type columnShape struct {
	Key    string        `json:"key"`
	Items  []ticketShape `json:"items"`
	Cursor desk.Cursor   `json:"cursor,omitzero"`
}

// boardPage is how many tickets a column shows where the caller does not say.
const boardPage = 20

// board serves GET /v1/tickets/board (B85).
func (s *Server) board(r *http.Request, who desk.Who) (answer, error) {
	q := queryOf(r, append(ticketFilters, "by", "columns", "status")...)
	by, list := q.oneOf("by", "status", "responsible", "priority", "service"), ticketList(q, boardPage)
	list.Status = desk.TicketStatus(q.oneOf("status", "open", "done", "new", "in_progress", "pending", "resolved", "closed"))
	keys := strings.Split(q.values.Get("columns"), ",")
	for _, key := range keys {
		if !plainID(key) {
			q.fault("columns", "want the keys of columns, with commas between them")
		}
	}
	if q.err != nil {
		return answer{}, q.err
	}
	columns, err := s.desk.Board(r.Context(), who, by, keys, list)
	return ok(boardShape{shapes(columns, func(c desk.Column) columnShape {
		return columnShape{c.Key, shapes(c.Tickets, ticketFor(who)), c.Next}
	})}), err
}
