package api

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

type seatShape struct {
	Agent     desk.AgentID  `json:"agent"`
	Presence  desk.Presence `json:"presence"`
	Chosen    desk.Presence `json:"chosen"`
	Capacity  int           `json:"capacity"`
	Load      int           `json:"load"`
	Available bool          `json:"available"`
}

func seatOf(s desk.Seat, now time.Time) seatShape {
	out := seatShape{
		Agent: s.Agent, Presence: s.Presence(now), Chosen: s.Chosen, Capacity: s.Capacity, Load: s.Load, Available: s.Available(now),
	}
	if s.Chosen == "" {
		out.Chosen = desk.Disconnected
	}
	return out
}

type agentShape struct {
	ID          desk.AgentID        `json:"id"`
	Name        string              `json:"name"`
	Email       string              `json:"email"`
	Role        desk.Role           `json:"role"`
	Departments []desk.DepartmentID `json:"departments"`
	Capacity    int                 `json:"capacity"`
	Language    string              `json:"language"`
	Seat        *seatShape          `json:"seat,omitzero"`
	SignIn      *signIn             `json:"sign_in,omitzero"`
	Deleted     bool                `json:"deleted,omitzero"`
}

type signIn struct {
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
}

// agentOf makes the shape; administrators also see how he signs in.
func agentOf(a desk.Agent, who desk.Who) agentShape {
	out := agentShape{
		ID: a.ID, Name: a.Name, Email: a.Email, Role: a.Role, Departments: append([]desk.DepartmentID{}, a.Departments...),
		Capacity: a.Capacity, Language: a.Language, Deleted: a.Deleted,
	}
	if who.Role == desk.Administrator && a.Subject != "" {
		out.SignIn = &signIn{a.Issuer, a.Subject}
	}
	return out
}

type me struct {
	Agent   agentShape     `json:"agent"`
	Seat    seatShape      `json:"seat"`
	Account accountSummary `json:"account"`
}

type accountSummary struct {
	ID        desk.AccountID `json:"id"`
	Name      string         `json:"name"`
	TimeZone  string         `json:"time_zone"`
	Language  string         `json:"language"`
	GuideDone bool           `json:"guide_done"`
}

// me serves GET /v1/me.
func (s *Server) me(r *http.Request, who desk.Who) (answer, error) {
	if q := queryOf(r); q.err != nil {
		return answer{}, q.err
	}
	agent, seat, err := s.desk.Me(r.Context(), who)
	if err != nil {
		return answer{}, err
	}
	settings, err := s.desk.Settings(r.Context(), who.Account)
	if err != nil {
		return answer{}, err
	}
	a := settings.Account
	return ok(me{
		Agent: agentOf(agent, who), Seat: seatOf(of(agent, seat), s.Now()),
		Account: accountSummary{who.Account, a.Name, a.TimeZone, a.Language, a.GuideDone},
	}), nil
}

// of fills in what a seat that was never saved does not know.
func of(a desk.Agent, seat desk.Seat) desk.Seat {
	if seat.Agent == "" {
		seat.Agent, seat.Capacity = a.ID, a.Capacity
	}
	return seat
}

// presence serves PUT /v1/me/presence (B3, B9).
func (s *Server) presence(r *http.Request, who desk.Who) (answer, error) {
	body, err := decode[struct {
		Presence desk.Presence `json:"presence"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	seat, err := s.desk.SetPresence(r.Context(), who, body.Presence)
	if err != nil {
		return answer{}, err
	}
	return ok(seatOf(of(desk.Agent{ID: who.Agent}, seat), s.Now())), nil
}

// agents serves GET /v1/agents: those available for attention first (B43-B45).
func (s *Server) agents(r *http.Request, who desk.Who) (answer, error) {
	q := queryOf(r, "deleted", "cursor", "limit")
	deleted, page := q.flag("deleted"), q.page(settingsPage)
	if q.err != nil {
		return answer{}, q.err
	}
	settings, err := s.desk.Settings(r.Context(), who.Account)
	if err != nil {
		return answer{}, err
	}
	seats, err := s.desk.Seats(r.Context(), who)
	if err != nil {
		return answer{}, err
	}
	known := map[desk.AgentID]desk.Seat{}
	for _, seat := range seats {
		known[seat.Agent] = seat
	}
	var all []agentShape
	for _, a := range settings.Agents {
		if a.Deleted && !deleted {
			continue
		}
		shape, seat := agentOf(a, who), seatOf(of(a, known[a.ID]), s.Now())
		shape.Seat = &seat
		all = append(all, shape)
	}
	slices.SortFunc(all, byAttention)
	cut, next, err := pageOf(all, page)
	return ok(listing[agentShape]{Items: nonNil(cut), Cursor: next}), err
}

var presences = []desk.Presence{desk.Connected, desk.PrePause, desk.Pause, desk.Disconnected}

// byAttention orders agents as one looks for them: available, then by presence, then by name.
func byAttention(a, b agentShape) int {
	return cmp.Or(
		-compareBools(a.Seat.Available, b.Seat.Available),
		cmp.Compare(slices.Index(presences, a.Seat.Presence), slices.Index(presences, b.Seat.Presence)),
		cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
		cmp.Compare(a.ID, b.ID),
	)
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}

// nonNil keeps an empty list from being written as null.
func nonNil[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
