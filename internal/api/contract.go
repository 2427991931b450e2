package api

import (
	"fmt"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// contractBody describes an SLA contract whole.
type contractBody struct {
	Name        string            `json:"name"`
	Contacts    []desk.ContactID  `json:"contacts"`
	Services    []desk.ChoiceID   `json:"services"`
	Inboxes     []desk.InboxID    `json:"inboxes"`
	Hours       desk.HoursID      `json:"hours,omitzero"`
	Promises    []promiseShape    `json:"promises"`
	Restart     bool              `json:"restart"`
	WarnAt      int               `json:"warn_at"`
	Escalations []escalationShape `json:"escalations"`
}

type promiseShape struct {
	Priority             desk.Priority `json:"priority,omitzero"`
	FirstResponseSeconds int64         `json:"first_response_seconds"`
	NextResponseSeconds  int64         `json:"next_response_seconds"`
	ResolutionSeconds    int64         `json:"resolution_seconds"`
}

type escalationShape struct {
	On         string             `json:"on"`
	Target     desk.Target        `json:"target,omitzero"`
	Act        desk.EscalationAct `json:"act"`
	Agents     []desk.AgentID     `json:"agents,omitzero"`
	Agent      desk.AgentID       `json:"agent,omitzero"`
	Department desk.DepartmentID  `json:"department,omitzero"`
}

// What an escalation is on.
const (
	onWarning = "warning"
	onBreach  = "breach"
)

type contractShape struct {
	ID desk.ContractID `json:"id"`
	contractBody
	Deleted bool `json:"deleted,omitzero"`
}

func wholeSeconds(d time.Duration) int64 { return int64(d / time.Second) }

func contractOf(_ *desk.Settings, k desk.Contract) contractShape {
	return contractShape{ID: k.ID, Deleted: k.Deleted, contractBody: contractBody{
		Name: k.Name, Contacts: append([]desk.ContactID{}, k.Contacts...), Services: append([]desk.ChoiceID{}, k.Services...),
		Inboxes: append([]desk.InboxID{}, k.Inboxes...), Hours: k.Hours, Restart: k.Restart, WarnAt: k.WarnAt,
		Promises: shapes(k.Promises, func(p desk.Promise) promiseShape {
			return promiseShape{p.Priority, wholeSeconds(p.FirstResponse), wholeSeconds(p.NextResponse), wholeSeconds(p.Resolution)}
		}),
		Escalations: shapes(k.Escalations, func(e desk.Escalation) escalationShape {
			on := onBreach
			if e.AtWarning {
				on = onWarning
			}
			return escalationShape{on, e.Target, e.Act, e.Agents, e.Agent, e.Department}
		}),
	}}
}

func (b contractBody) describe(k *desk.Contract) error {
	described := desk.Contract{
		ID: k.ID, Deleted: k.Deleted, Name: b.Name, Contacts: b.Contacts, Services: b.Services, Inboxes: b.Inboxes, Hours: b.Hours,
		Restart: b.Restart, WarnAt: b.WarnAt,
	}
	for i, p := range b.Promises {
		promise, err := p.promise(fmt.Sprintf("promises.%d", i))
		if err != nil {
			return err
		}
		described.Promises = append(described.Promises, promise)
	}
	for i, e := range b.Escalations {
		if e.On != onWarning && e.On != onBreach {
			return desk.InvalidField(fmt.Sprintf("escalations.%d.on", i), "want warning or breach")
		}
		described.Escalations = append(described.Escalations, desk.Escalation{
			AtWarning: e.On == onWarning, Target: e.Target, Act: e.Act, Agents: e.Agents, Agent: e.Agent, Department: e.Department,
		})
	}
	*k = described
	return nil
}

// promise checks seconds before they are multiplied.
func (p promiseShape) promise(field string) (desk.Promise, error) {
	out := desk.Promise{Priority: p.Priority}
	for _, part := range []struct {
		name    string
		seconds int64
		to      *time.Duration
	}{
		{"first_response_seconds", p.FirstResponseSeconds, &out.FirstResponse},
		{"next_response_seconds", p.NextResponseSeconds, &out.NextResponse},
		{"resolution_seconds", p.ResolutionSeconds, &out.Resolution},
	} {
		if most := wholeSeconds(desk.MaxPromise); part.seconds < 0 || part.seconds > most {
			return out, desk.InvalidField(field+"."+part.name, "want 0, or 60 to %d", most)
		}
		*part.to = time.Duration(part.seconds) * time.Second
	}
	return out, nil
}

func allContracts(s *desk.Settings) map[desk.ContractID]desk.Contract { return s.Contracts }

func contractGone(k desk.Contract) bool { return k.Deleted }

var contractSettings = setting[desk.Contract, contractBody]{
	kind:  desk.ContractSetting,
	find:  in(allContracts),
	gone:  contractGone,
	fresh: bare(func(id string) desk.Contract { return desk.Contract{ID: desk.ContractID(id)} }),
	shape: func(s *desk.Settings, _ desk.Who, k desk.Contract) any { return contractOf(s, k) },
}

// contracts serves GET /v1/settings/contracts (B98).
func (s *Server) contracts() staffAct { return settingsList(s, allContracts, contractGone, contractOf) }

// clocksShape are the clocks of a conversation or a ticket.
type clocksShape struct {
	FirstResponse *clockShape `json:"first_response,omitzero"`
	NextResponse  *clockShape `json:"next_response,omitzero"`
	Resolution    *clockShape `json:"resolution,omitzero"`
}

type clockShape struct {
	PromisedSeconds  int64  `json:"promised_seconds"`
	RemainingSeconds *int64 `json:"remaining_seconds,omitzero"`
	Due              string `json:"due,omitzero"`
	WarnAt           string `json:"warn_at,omitzero"`
	EndedAt          string `json:"ended_at,omitzero"`
	Paused           bool   `json:"paused"`
	Breached         bool   `json:"breached"`
}

// clocksOf gives nil if nothing is promised.
func clocksOf(clocks []desk.Clock) (out *clocksShape, breached bool) {
	for _, c := range clocks {
		if out == nil {
			out = &clocksShape{}
		}
		shape := &clockShape{
			PromisedSeconds: wholeSeconds(c.Promised), Due: stamp(c.Due), WarnAt: stamp(c.WarnAt), EndedAt: stamp(c.Ended),
			Paused: c.Paused, Breached: c.Breached,
		}
		if c.Ended.IsZero() {
			left := wholeSeconds(c.Remaining)
			shape.RemainingSeconds = &left
		}
		breached = breached || c.Breached
		switch c.Target {
		case desk.FirstResponse:
			out.FirstResponse = shape
		case desk.NextResponse:
			out.NextResponse = shape
		case desk.Resolution:
			out.Resolution = shape
		}
	}
	return out, breached
}
