package desk

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// TicketField names a field of tickets that an account can switch off.
type TicketField string

// The fields that can be switched off: all but requester and responsible (B102), and the number, which names the
// ticket.
const (
	TypeField          TicketField = "type"
	SubjectField       TicketField = "subject"
	DescriptionField   TicketField = "description"
	StatusField        TicketField = "status"
	JustificationField TicketField = "justification"
	ServiceField       TicketField = "service"
	CategoryField      TicketField = "category"
	PriorityField      TicketField = "priority"
	DueField           TicketField = "due"
	CCField            TicketField = "cc"
	TagsField          TicketField = "tags"
)

// TicketFields lists every field that can be switched off.
var TicketFields = []TicketField{
	TypeField, SubjectField, DescriptionField, StatusField, JustificationField, ServiceField, CategoryField, PriorityField, DueField,
	CCField, TagsField,
}

// Choice is one entry of a list that tickets choose from.
type Choice struct {
	ID       ChoiceID
	Name     string
	Sector   string       // of a service: lists are split by it (B93)
	Status   TicketStatus // of a justification: the status that it explains (B104)
	Archived bool         // not chosen any more; old tickets still name it
}

// TicketSettings are what an account sets of its tickets.
type TicketSettings struct {
	Disabled       []TicketField // neither shown, accepted nor returned (B102)
	Services       []Choice
	Categories     []Choice
	Priorities     []Choice // least first: the standard ones and the account's own (B95)
	Justifications []Choice
	DueByHand      []Role // whose profile may set a due forecast (B97)
}

// Limits of each list of the ticket settings: what can be chosen, and that with what is archived.
const (
	maxChoices    = 100
	maxAllChoices = 300
)

// DefaultTicketSettings are those of an account that has set none.
func DefaultTicketSettings() TicketSettings {
	return TicketSettings{
		Priorities: []Choice{{ID: "low", Name: "Low"}, {ID: "medium", Name: "Medium"}, {ID: "high", Name: "High"}, {ID: "urgent", Name: "Urgent"}},
		DueByHand:  []Role{Operator, Administrator},
	}
}

// TicketsSetting is the kind of [TicketSettings]; there is one noun of it in an account.
const TicketsSetting SettingKind = "tickets"

// Setting implements [Setting].
func (s TicketSettings) Setting() (SettingKind, string) { return TicketsSetting, "tickets" }

// Off reports whether the field is switched off.
func (s TicketSettings) Off(f TicketField) bool { return slices.Contains(s.Disabled, f) }

func (s TicketSettings) justification(id ChoiceID) (Choice, bool) {
	i := slices.IndexFunc(s.Justifications, func(c Choice) bool { return c.ID == id && !c.Archived })
	if i < 0 {
		return Choice{}, false
	}
	return s.Justifications[i], true
}

// Validate implements [Setting].
func (s TicketSettings) Validate() error {
	for i, f := range s.Disabled {
		if !slices.Contains(TicketFields, f) {
			return InvalidField(fmt.Sprintf("disabled.%d", i), "no such field, or one that stays on")
		}
	}
	for i, r := range s.DueByHand {
		if !r.Works() {
			return InvalidField(fmt.Sprintf("due_by_hand.%d", i), "want agent, operator or administrator")
		}
	}
	for field, choices := range map[string][]Choice{
		"services": s.Services, "categories": s.Categories, "priorities": s.Priorities, "justifications": s.Justifications,
	} {
		if err := validChoices(field, choices); err != nil {
			return err
		}
	}
	for i, j := range s.Justifications {
		if !slices.Contains(TicketStatuses, j.Status) {
			return InvalidField(fmt.Sprintf("justifications.%d.status", i), "want new, in_progress, pending, resolved or closed")
		}
	}
	return nil
}

func validChoices(field string, choices []Choice) error {
	seen, chosen := map[ChoiceID]bool{}, 0
	for i, c := range choices {
		at := fmt.Sprintf("%s.%d", field, i)
		if c.ID == "" || len(c.ID) > 40 {
			return InvalidField(at+".id", "want 1 to 40 characters")
		}
		if seen[c.ID] {
			return InvalidField(at+".id", "is given twice")
		}
		seen[c.ID] = true
		if !c.Archived {
			chosen++
		}
		if err := within(at+".name", c.Name, 1, 100); err != nil {
			return err
		}
		if err := within(at+".sector", c.Sector, 0, 100); err != nil {
			return err
		}
	}
	if chosen > maxChoices || len(choices) > maxAllChoices {
		return InvalidField(field, "want at most %d, and %d with those archived", maxChoices, maxAllChoices)
	}
	return nil
}

// keeping adds what was in the lists before and is left out now, archived: old tickets name it.
func (s TicketSettings) keeping(was TicketSettings) TicketSettings {
	s.Services = keptChoices(s.Services, was.Services)
	s.Categories = keptChoices(s.Categories, was.Categories)
	s.Priorities = keptChoices(s.Priorities, was.Priorities)
	s.Justifications = keptChoices(s.Justifications, was.Justifications)
	return s
}

func keptChoices(now, was []Choice) []Choice {
	now = slices.Clone(now)
	for _, old := range was {
		if !slices.ContainsFunc(now, func(c Choice) bool { return c.ID == old.ID }) {
			old.Archived = true
			now = append(now, old)
		}
	}
	return now
}

// Shown gives a ticket as people of the account see it: without what is switched off.
func (s TicketSettings) Shown(t Ticket) Ticket {
	for _, f := range s.Disabled {
		switch f {
		case TypeField:
			t.Type = ""
		case SubjectField:
			t.Subject = ""
		case StatusField:
			t.Status, t.StatusAt = "", time.Time{}
		case JustificationField:
			t.Justification = ""
		case ServiceField:
			t.Service = ""
		case CategoryField:
			t.Category = ""
		case PriorityField:
			t.Priority = ""
		case DueField:
			t.Due = Due{}
		case CCField:
			t.CC = nil
		case TagsField:
			t.Tags = nil
		case DescriptionField: // stands in the proceedings
		}
	}
	return t
}

// SaveTicketSettings replaces what is set of tickets; entries that are left out are archived.
func (d *Desk) SaveTicketSettings(ctx context.Context, who Who, now TicketSettings) (TicketSettings, error) {
	if err := who.mayAdminister(); err != nil {
		return TicketSettings{}, err
	}
	settings, err := d.Store.Account(who.Account).Settings(ctx)
	if err != nil {
		return TicketSettings{}, err
	}
	now = now.keeping(settings.Tickets)
	return now, d.SaveSetting(ctx, who, now)
}
