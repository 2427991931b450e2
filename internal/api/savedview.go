package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

// viewBody describes a saved view whole.
type viewBody struct {
	Name   string     `json:"name"`
	Shared bool       `json:"shared"`
	Filter viewFilter `json:"filter"`
}

type viewFilter struct {
	View       desk.ListView       `json:"view"`
	Status     desk.Status         `json:"status,omitzero"`
	Department desk.DepartmentID   `json:"department,omitzero"`
	Inbox      desk.InboxID        `json:"inbox,omitzero"`
	Label      desk.LabelID        `json:"label,omitzero"`
	Priority   desk.PriorityFilter `json:"priority,omitzero"`
	Sort       desk.ViewSort       `json:"sort,omitzero"`
	Tickets    ticketView          `json:"tickets,omitzero"`
}

type ticketView struct {
	Status      desk.TicketStatus `json:"status,omitzero"`
	Requester   desk.ContactID    `json:"requester,omitzero"`
	Responsible desk.AgentID      `json:"responsible,omitzero"`
	Priority    desk.ChoiceID     `json:"priority,omitzero"`
	Service     desk.ChoiceID     `json:"service,omitzero"`
	Category    desk.ChoiceID     `json:"category,omitzero"`
	Type        desk.TicketType   `json:"type,omitzero"`
	Tag         string            `json:"tag,omitzero"`
	Text        string            `json:"text,omitzero"`
	Sort        desk.TicketSort   `json:"sort,omitzero"`
	By          string            `json:"by,omitzero"`
	Board       bool              `json:"board,omitzero"`
	Columns     string            `json:"columns,omitzero"`
}

func (f viewFilter) filter() desk.ViewFilter {
	return desk.ViewFilter{
		View: f.View, Status: f.Status, Department: f.Department, Inbox: f.Inbox, Label: f.Label, Priority: f.Priority, Sort: f.Sort,
		Tickets: desk.TicketView(f.Tickets),
	}
}

func viewFilterOf(f desk.ViewFilter) viewFilter {
	return viewFilter{f.View, f.Status, f.Department, f.Inbox, f.Label, f.Priority, f.Sort, ticketView(f.Tickets)}
}

func (b viewBody) view() desk.SavedView {
	return desk.SavedView{Name: b.Name, Shared: b.Shared, Filter: b.Filter.filter()}
}

type viewShape struct {
	ID     desk.SavedViewID `json:"id"`
	Author desk.AgentID     `json:"author"`
	viewBody
}

func viewOf(v desk.SavedView) viewShape {
	return viewShape{v.ID, v.Author, viewBody{v.Name, v.Shared, viewFilterOf(v.Filter)}}
}

// savedViews serves GET /v1/views.
func (s *Server) savedViews(r *http.Request, who desk.Who) (answer, error) {
	q := queryOf(r, "cursor", "limit")
	page := q.page(settingsPage)
	if q.err != nil {
		return answer{}, q.err
	}
	all, err := s.desk.SavedViews(r.Context(), who)
	if err != nil {
		return answer{}, err
	}
	cut, next, err := pageOf(all, page)
	return ok(listOf(cut, next, viewOf)), err
}

// createView serves POST /v1/views.
func (s *Server) createView(r *http.Request, who desk.Who) (answer, error) {
	body, err := decode[newSetting[viewBody]](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantClientID(body.ClientID); err != nil {
		return answer{}, err
	}
	v, err := s.desk.CreateView(r.Context(), who, body.ClientID, body.Noun.view())
	return created(viewOf(v)), err
}

// saveView serves PUT /v1/views/{id}.
func (s *Server) saveView(r *http.Request, who desk.Who) (answer, error) {
	id, err := pathID[desk.SavedViewID](r, "id")
	if err != nil {
		return answer{}, err
	}
	body, err := decode[viewBody](r)
	if err != nil {
		return answer{}, err
	}
	v, err := s.desk.SaveView(r.Context(), who, id, body.view())
	return ok(viewOf(v)), err
}

// deleteView serves DELETE /v1/views/{id}.
func (s *Server) deleteView(r *http.Request, who desk.Who) (answer, error) {
	id, err := pathID[desk.SavedViewID](r, "id")
	if err != nil {
		return answer{}, err
	}
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	return done, s.desk.DeleteView(r.Context(), who, id)
}

type countsShape struct {
	Counts counts `json:"counts"`
}

type counts struct {
	Mine        int                       `json:"mine"`
	Waiting     int                       `json:"waiting"`
	Unassigned  int                       `json:"unassigned"`
	All         int                       `json:"all"`
	Mentions    int                       `json:"mentions"`
	Departments map[desk.DepartmentID]int `json:"departments"`
	Inboxes     map[desk.InboxID]int      `json:"inboxes"`
	Labels      map[desk.LabelID]int      `json:"labels"`
}

// counts serves GET /v1/conversations/counts.
func (s *Server) counts(r *http.Request, who desk.Who) (answer, error) {
	if q := queryOf(r); q.err != nil {
		return answer{}, q.err
	}
	c, err := s.desk.Counts(r.Context(), who)
	return ok(countsShape{counts(c)}), err
}
