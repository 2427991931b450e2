package api

import (
	"fmt"
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

// ticketSettingsBody is what is set of tickets, whole.
type ticketSettingsBody struct {
	Disabled       []desk.TicketField `json:"disabled"`
	Services       []choiceShape      `json:"services"`
	Categories     []choiceShape      `json:"categories"`
	Priorities     []choiceShape      `json:"priorities"`
	Justifications []choiceShape      `json:"justifications"`
	DueByHand      []desk.Role        `json:"due_by_hand"`
}

type choiceShape struct {
	ID       desk.ChoiceID     `json:"id"`
	Name     string            `json:"name"`
	Sector   string            `json:"sector,omitzero"`
	Status   desk.TicketStatus `json:"status,omitzero"`
	Archived bool              `json:"archived,omitzero"`
}

func choicesOf(all []desk.Choice) []choiceShape {
	return shapes(all, func(c desk.Choice) choiceShape { return choiceShape(c) })
}

func ticketSettingsOf(t desk.TicketSettings) ticketSettingsBody {
	return ticketSettingsBody{
		Disabled: append([]desk.TicketField{}, t.Disabled...), Services: choicesOf(t.Services), Categories: choicesOf(t.Categories),
		Priorities: choicesOf(t.Priorities), Justifications: choicesOf(t.Justifications), DueByHand: append([]desk.Role{}, t.DueByHand...),
	}
}

// settings checks the form of what is set: every list is given, ids are ids, and only where they mean something do
// sectors and statuses stand.
func (b ticketSettingsBody) settings() (desk.TicketSettings, error) {
	t := desk.TicketSettings{Disabled: b.Disabled, DueByHand: b.DueByHand}
	for _, l := range []struct {
		field string
		given []choiceShape
		into  *[]desk.Choice
	}{
		{"services", b.Services, &t.Services}, {"categories", b.Categories, &t.Categories},
		{"priorities", b.Priorities, &t.Priorities}, {"justifications", b.Justifications, &t.Justifications},
	} {
		if l.given == nil {
			return t, desk.InvalidField(l.field, "is required")
		}
		for i, c := range l.given {
			at := fmt.Sprintf("%s.%d", l.field, i)
			if err := wantID(at+".id", c.ID); err != nil {
				return t, err
			}
			if c.Sector != "" && l.field != "services" {
				return t, desk.InvalidField(at+".sector", "belongs to services")
			}
			if c.Status != "" && l.field != "justifications" {
				return t, desk.InvalidField(at+".status", "belongs to justifications")
			}
			*l.into = append(*l.into, desk.Choice(c))
		}
	}
	if b.Disabled == nil {
		return t, desk.InvalidField("disabled", "is required")
	}
	if b.DueByHand == nil {
		return t, desk.InvalidField("due_by_hand", "is required")
	}
	return t, nil
}

// ticketSettings serves GET /v1/settings/tickets, and for everyone on the staff GET /v1/tickets/settings: tickets are filled
// in by their lists.
func (s *Server) ticketSettings(r *http.Request, who desk.Who) (answer, error) {
	if q := queryOf(r); q.err != nil {
		return answer{}, q.err
	}
	settings, err := s.desk.Settings(r.Context(), who.Account)
	if err != nil {
		return answer{}, err
	}
	return ok(ticketSettingsOf(settings.Tickets)), nil
}

// saveTicketSettings serves PUT /v1/settings/tickets.
func (s *Server) saveTicketSettings(r *http.Request, who desk.Who) (answer, error) {
	body, err := decode[ticketSettingsBody](r)
	if err != nil {
		return answer{}, err
	}
	t, err := body.settings()
	if err != nil {
		return answer{}, err
	}
	saved, err := s.desk.SaveTicketSettings(r.Context(), who, t)
	return ok(ticketSettingsOf(saved)), err
}
