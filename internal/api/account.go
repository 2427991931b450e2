package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

// accountBody is what is set for the account. The shards of its status index are the operator's.
type accountBody struct {
	Name       string          `json:"name"`
	TimeZone   string          `json:"time_zone"`
	Language   string          `json:"language"`
	Hours      [][]spanShape   `json:"hours"`
	AfterClose desk.AfterClose `json:"after_close"`
	GuideDone  bool            `json:"guide_done"`
}

type spanShape struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// maxSpans limits the spans of one day.
const maxSpans = 10

func accountOf(a desk.Account) accountBody {
	out := accountBody{Name: a.Name, TimeZone: a.TimeZone, Language: a.Language, AfterClose: a.AfterClose, GuideDone: a.GuideDone}
	for _, day := range a.Hours {
		out.Hours = append(out.Hours, shapes(day, func(s desk.Span) spanShape { return spanShape(s) }))
	}
	return out
}

func (b accountBody) describe(a *desk.Account) error {
	if len(b.Hours) != len(a.Hours) {
		return desk.InvalidField("hours", "want 7 days, Sunday first")
	}
	var hours desk.OpeningHours
	for i, day := range b.Hours {
		if len(day) > maxSpans {
			return desk.InvalidField("hours", "want at most %d spans a day", maxSpans)
		}
		for _, s := range day {
			hours[i] = append(hours[i], desk.Span(s))
		}
	}
	a.Name, a.TimeZone, a.Language, a.Hours, a.AfterClose = b.Name, b.TimeZone, b.Language, hours, b.AfterClose
	a.GuideDone = b.GuideDone
	return nil
}

// account serves GET /v1/settings/account.
func (s *Server) account(r *http.Request, who desk.Who) (answer, error) {
	if q := queryOf(r); q.err != nil {
		return answer{}, q.err
	}
	settings, err := s.desk.Settings(r.Context(), who.Account)
	if err != nil {
		return answer{}, err
	}
	return ok(accountOf(settings.Account)), nil
}

// saveAccount serves PUT /v1/settings/account.
func (s *Server) saveAccount(r *http.Request, who desk.Who) (answer, error) {
	body, err := decode[accountBody](r)
	if err != nil {
		return answer{}, err
	}
	settings, err := s.desk.Settings(r.Context(), who.Account)
	if err != nil {
		return answer{}, err
	}
	account := settings.Account
	account.ID = who.Account
	if err := body.describe(&account); err != nil {
		return answer{}, err
	}
	err = s.desk.SaveSetting(r.Context(), who, account)
	return ok(accountOf(account)), err
}

// agentBody describes an agent whole. Without sign_in it stays as it was.
type agentBody struct {
	Name        string              `json:"name"`
	Email       string              `json:"email"`
	Role        desk.Role           `json:"role"`
	Departments []desk.DepartmentID `json:"departments"`
	Capacity    *int                `json:"capacity"`
	Language    string              `json:"language"`
	SignIn      *signIn             `json:"sign_in"`
}

func (b agentBody) describe(a *desk.Agent) error {
	if b.Departments == nil {
		return desk.InvalidField("departments", "is required")
	}
	if b.Capacity == nil {
		return desk.InvalidField("capacity", "is required")
	}
	a.Name, a.Email, a.Role, a.Departments, a.Capacity, a.Language = b.Name, b.Email, b.Role, b.Departments, *b.Capacity, b.Language
	if b.SignIn == nil {
		return nil
	}
	if b.SignIn.Issuer == "" || b.SignIn.Subject == "" || len(b.SignIn.Issuer) > 500 || len(b.SignIn.Subject) > 255 {
		return desk.InvalidField("sign_in", "want issuer and subject, of at most 500 and 255 bytes")
	}
	a.Issuer, a.Subject = b.SignIn.Issuer, b.SignIn.Subject
	return nil
}

var agentSettings = setting[desk.Agent, agentBody]{
	kind:  desk.AgentSetting,
	find:  in(func(s *desk.Settings) map[desk.AgentID]desk.Agent { return s.Agents }),
	gone:  func(a desk.Agent) bool { return a.Deleted },
	fresh: bare(func(id string) desk.Agent { return desk.Agent{ID: desk.AgentID(id)} }),
	shape: func(_ *desk.Settings, who desk.Who, a desk.Agent) any { return agentOf(a, who) },
}
