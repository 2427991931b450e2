package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Target names what a contract promises: one clock each.
type Target string

// The targets. The first response runs from the beginning until someone at the desk answers, the next response from the
// customer's first message without an answer, the resolution from the beginning until the end.
const (
	FirstResponse Target = "first_response"
	NextResponse  Target = "next_response"
	Resolution    Target = "resolution"
)

// Targets lists every target, in the order of [Promise.of] and of the clocks.
var Targets = [...]Target{FirstResponse, NextResponse, Resolution}

// Promise is how much working time each target is given for one priority; 0: no such promise.
type Promise struct {
	Priority      Priority // "": for every priority that has no promise of its own
	FirstResponse time.Duration
	NextResponse  time.Duration
	Resolution    time.Duration
}

// of gives the working time of a target by its place in [Targets].
func (p Promise) of(target int) time.Duration {
	return [len(Targets)]time.Duration{p.FirstResponse, p.NextResponse, p.Resolution}[target]
}

// Contract is what customers are promised: for whom it holds, in how much working time what is done, and what happens if
// it is not (B98).
type Contract struct {
	ID   ContractID
	Name string
	// For whom it holds: each list that is not empty must name the customer, the service or the inbox. Of several that
	// hold the most specific wins, see [Settings.contractFor].
	Contacts []ContactID
	Services []ChoiceID
	Inboxes  []InboxID

	Hours       HoursID // "": around the clock
	Promises    []Promise
	Restart     bool // who comes back after the end gets a new clock of resolution; else the old one goes on
	WarnAt      int  // warns when this share of the time is gone, in percent; 0: never
	Escalations []Escalation
	Deleted     bool // no longer chosen; what runs by it goes on
}

// EscalationAct is what an escalation does.
type EscalationAct string

// The acts of escalations.
const (
	EscalateNotify   EscalationAct = "notify"         // tells these agents too
	EscalateReassign EscalationAct = "reassign"       // to an agent, or to the queue of a department
	EscalatePriority EscalationAct = "raise_priority" // one step up
)

// Escalation is one thing to do at a warning or a breach.
type Escalation struct {
	AtWarning  bool   // else at the breach
	Target     Target // "": whichever
	Act        EscalationAct
	Agents     []AgentID    // to notify
	Agent      AgentID      // to reassign to, or
	Department DepartmentID // its queue
}

// The limits of a contract, and with them of the settings' size. A promise is at most a quarter of working time.
const (
	MaxContractNames = 100 // customers, services or inboxes
	MaxPromises      = 20
	MaxEscalations   = 10
	MaxPromise       = 90 * 24 * time.Hour
)

// Validate checks a contract by itself; whether what it names exists is checked with the settings.
func (k Contract) Validate() error {
	if err := within("name", k.Name, 1, 100); err != nil {
		return err
	}
	for field, n := range map[string]int{"contacts": len(k.Contacts), "services": len(k.Services), "inboxes": len(k.Inboxes)} {
		if n > MaxContractNames {
			return InvalidField(field, "are more than %d", MaxContractNames)
		}
	}
	if k.WarnAt < 0 || k.WarnAt > 99 {
		return InvalidField("warn_at", "want 0 to 99 percent")
	}
	if len(k.Promises) == 0 || len(k.Promises) > MaxPromises {
		return InvalidField("promises", "want 1 to %d", MaxPromises)
	}
	for i, p := range k.Promises {
		if err := p.validate(fmt.Sprintf("promises.%d", i)); err != nil {
			return err
		}
		if slices.ContainsFunc(k.Promises[:i], func(q Promise) bool { return q.Priority == p.Priority }) {
			return InvalidField(fmt.Sprintf("promises.%d.priority", i), "has a promise already")
		}
	}
	if len(k.Escalations) > MaxEscalations {
		return InvalidField("escalations", "are more than %d", MaxEscalations)
	}
	for i, e := range k.Escalations {
		if err := e.validate(fmt.Sprintf("escalations.%d", i)); err != nil {
			return err
		}
		if e.AtWarning && k.WarnAt == 0 {
			return InvalidField(fmt.Sprintf("escalations.%d.on", i), "the contract never warns")
		}
	}
	return nil
}

func (p Promise) validate(field string) error {
	if len(p.Priority) > 40 {
		return InvalidField(field+".priority", "is longer than 40 characters")
	}
	for i, target := range Targets {
		if d := p.of(i); d != 0 && (d < time.Minute || d > MaxPromise) {
			return InvalidField(field+"."+string(target)+"_seconds", "want 0, or 60 to %d", int(MaxPromise/time.Second))
		}
	}
	if p.FirstResponse+p.NextResponse+p.Resolution == 0 {
		return InvalidField(field, "promises nothing")
	}
	return nil
}

func (e Escalation) validate(field string) error {
	if e.Target != "" && !slices.Contains(Targets[:], e.Target) {
		return InvalidField(field+".target", "want first_response, next_response, resolution or nothing")
	}
	switch e.Act {
	case EscalateNotify:
		if len(e.Agents) == 0 || len(e.Agents) > 20 {
			return InvalidField(field+".agents", "want 1 to 20")
		}
	case EscalateReassign:
		if (e.Agent == "") == (e.Department == "") {
			return InvalidField(field+".agent", "name an agent or a department")
		}
	case EscalatePriority:
	default:
		return InvalidField(field+".act", "want notify, reassign or raise_priority")
	}
	if e.Act != EscalateNotify && len(e.Agents) > 0 {
		return InvalidField(field+".agents", "are only for notify")
	}
	if e.Act != EscalateReassign && (e.Agent != "" || e.Department != "") {
		return InvalidField(field+".agent", "is only for reassign")
	}
	return nil
}

// fitsContract checks that what a contract names exists; [Desk.knownCustomers] checks its customers.
func (s *Settings) fitsContract(k Contract) error {
	if h, ok := s.Hours[k.Hours]; k.Hours != "" && (!ok || h.Deleted) {
		return InvalidField("hours", "no such hours")
	}
	for i, id := range k.Inboxes {
		if inbox, ok := s.Inboxes[id]; !ok || inbox.Deleted {
			return InvalidField(fmt.Sprintf("inboxes.%d", i), "no such inbox")
		}
	}
	for i, id := range k.Services {
		if !chosenFrom(s.Tickets.Services, id) {
			return InvalidField(fmt.Sprintf("services.%d", i), "no such service")
		}
	}
	for i, p := range k.Promises {
		if !p.Priority.Valid() && !chosenFrom(s.Tickets.Priorities, ChoiceID(p.Priority)) {
			return InvalidField(fmt.Sprintf("promises.%d.priority", i), "no such priority")
		}
	}
	for i, e := range k.Escalations {
		field := fmt.Sprintf("escalations.%d", i)
		for _, a := range e.Agents {
			if _, err := s.agent(field+".agents", a); err != nil {
				return err
			}
		}
		if e.Agent != "" {
			if _, err := s.attendant(field+".agent", e.Agent); err != nil {
				return err
			}
		}
		if e.Department != "" {
			if _, err := s.department(field+".department", e.Department); err != nil {
				return err
			}
		}
	}
	return nil
}

func chosenFrom(choices []Choice, id ChoiceID) bool {
	return slices.ContainsFunc(choices, func(c Choice) bool { return c.ID == id })
}

// knownCustomers checks that the customers whom a contract names exist.
func (d *Desk) knownCustomers(ctx context.Context, books Books, k Contract, was Contract) error {
	for i, id := range k.Contacts {
		if slices.Contains(was.Contacts, id) {
			continue
		}
		known, err := books.Contact(ctx, id)
		if Is(err, NotFound) || err == nil && known.ID != id {
			return InvalidField(fmt.Sprintf("contacts.%d", i), "no such contact")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// promise gives what is promised for a priority, without its name: equal promises are equal.
func (k Contract) promise(p Priority) Promise {
	var fallback Promise
	for _, promise := range k.Promises {
		switch promise.Priority {
		case p:
			promise.Priority = ""
			return promise
		case "":
			fallback = promise
		}
	}
	return fallback
}

// weight ranks a contract for a case: 0 if it does not hold, else the more the more specific. A customer weighs more
// than a service and an inbox together, a service more than an inbox.
func (k Contract) weight(contact ContactID, service ChoiceID, inbox InboxID) int {
	weight := 1
	for _, part := range []struct{ named, matches, weighs int }{
		{len(k.Contacts), count(slices.Contains(k.Contacts, contact)), 8},
		{len(k.Services), count(slices.Contains(k.Services, service)), 4},
		{len(k.Inboxes), count(slices.Contains(k.Inboxes, inbox)), 2},
	} {
		if part.named > 0 {
			if part.matches == 0 {
				return 0
			}
			weight += part.weighs
		}
	}
	return weight
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// contractFor chooses the contract of a case: of those that hold the most specific one, a customer before a service
// before an inbox before all; of equals the first by name. Where none holds, the inbox's own target is the contract.
func (s *Settings) contractFor(contact ContactID, service ChoiceID, inbox InboxID) Contract {
	var best []Contract
	heaviest := 1
	for _, k := range s.Contracts {
		weight := k.weight(contact, service, inbox)
		if k.Deleted || weight < heaviest {
			continue
		}
		if weight > heaviest {
			best, heaviest = best[:0], weight
		}
		best = append(best, k)
	}
	if len(best) == 0 {
		return s.ownContract(inbox)
	}
	return slices.MinFunc(best, func(a, b Contract) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
}

// ownContract is the simplest contract: the inbox's own target of the first response, around the clock.
func (s *Settings) ownContract(inbox InboxID) Contract {
	return Contract{Promises: []Promise{{FirstResponse: s.Inboxes[inbox].FirstResponse}}}
}

// contract gives the contract by which clocks run, deleted or not.
func (s *Settings) contract(id ContractID, inbox InboxID) Contract {
	if k, ok := s.Contracts[id]; ok && id != "" {
		return k
	}
	return s.ownContract(inbox)
}

// hours gives the hours of a contract, deleted or not; nil is around the clock.
func (s *Settings) hours(id HoursID) *Hours {
	if h, ok := s.Hours[id]; ok && id != "" {
		return &h
	}
	return nil
}
