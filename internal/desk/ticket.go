package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// TicketStatus is the state of a ticket (B103).
type TicketStatus string

// The states of a ticket.
const (
	TicketNew        TicketStatus = "new"
	TicketInProgress TicketStatus = "in_progress"
	TicketPending    TicketStatus = "pending"
	TicketResolved   TicketStatus = "resolved"
	TicketClosed     TicketStatus = "closed"
)

// TicketStatuses lists every state.
var TicketStatuses = []TicketStatus{TicketNew, TicketInProgress, TicketPending, TicketResolved, TicketClosed}

// Done reports whether nothing is left to do.
func (s TicketStatus) Done() bool { return s == TicketResolved || s == TicketClosed }

// TicketType says who takes part in a ticket.
type TicketType string

// The types: a public ticket is the requester's too and takes public and internal actions (B88); an internal one is
// the desk's alone and takes internal actions only (B89).
const (
	PublicTicket   TicketType = "public"
	InternalTicket TicketType = "internal"
)

// ChoiceID names one entry of a list of the ticket settings: a service, a category, a priority, a justification.
type ChoiceID string

// DueBy says who set a due forecast.
type DueBy string

// The sources of a due forecast.
const (
	DueByHand     DueBy = "hand"     // (B97)
	DueByContract DueBy = "contract" // by the rules of an SLA contract (B98)
)

// Due is the forecast of when a ticket is done; the zero one is undefined (B96).
type Due struct {
	At time.Time
	By DueBy
}

// Ticket is what conversations leave behind, and what the desk works on until it is done.
type Ticket struct {
	Number        int64 // sequential in the account, never given twice (B91)
	Type          TicketType
	Requester     ContactID
	RequesterName string // as shown in lists
	Subject       string
	Status        TicketStatus
	StatusAt      time.Time // when it came into this state
	Justification ChoiceID  // why it is in this state (B104)
	Service       ChoiceID
	Category      ChoiceID
	Priority      ChoiceID
	Due           Due
	Clocks        Clocks    // of what its contract promises
	AnsweredAt    time.Time // the desk's first public action
	PublicAt      time.Time // the newest public action that was written into it
	Inbox         InboxID   // of the conversation for which it was made, or where its requester opened it; "": for none
	Responsible   AgentID
	CC            []string         // e-mail addresses that get its public actions (B100)
	Tags          []string         // (B101)
	Relations     []Relation       // to other tickets (B106)
	Conversations []ConversationID // linked, newest last, at most MaxTicketConversations
	CreatedAt     time.Time
	CreatedBy     Actor
	UpdatedAt     time.Time
	UpdatedBy     Actor
	MergedInto    int64     // its heir; 0: none
	Bequest       Bequest   // what the heir has of it, and had not before
	DeletedAt     time.Time // then it exists for nobody, and is purged after thirty days
	ClientID      string    // of the request that made it
	Version       int
}

// gone reports whether nothing is done on the ticket any more.
func (t Ticket) gone() bool { return t.MergedInto != 0 || !t.DeletedAt.IsZero() }

// Limits of a ticket.
const (
	MaxTicketConversations = 100 // linked to one ticket
	maxCC                  = 20
	maxTags                = 20
)

// Validate checks what every ticket has, whatever the settings: the requester is mandatory (B92).
func (t Ticket) Validate() error {
	if t.Requester == "" {
		return InvalidField("requester", "is required")
	}
	if err := within("subject", t.Subject, 0, 200); err != nil {
		return err
	}
	if !slices.Contains(TicketStatuses, t.Status) {
		return InvalidField("status", "want new, in_progress, pending, resolved or closed")
	}
	if t.Type != PublicTicket && t.Type != InternalTicket {
		return InvalidField("type", "want public or internal")
	}
	return nil
}

// TicketPatch sets some fields of a ticket; what is nil stays. Version is that of the ticket that the caller saw.
type TicketPatch struct {
	Type          *TicketType
	Requester     *ContactID
	Subject       *string
	Status        *TicketStatus
	Justification *ChoiceID  // "" for none
	Service       *ChoiceID  // "" for none
	Category      *ChoiceID  // "" for none
	Priority      *ChoiceID  // "" for none
	Due           *time.Time // zero: undefined
	Responsible   *AgentID   // "" for nobody
	CC            *[]string
	Tags          *[]string
	Version       int
}

// given lists the fields that the patch sets and that can be switched off.
func (p TicketPatch) given() []TicketField {
	var fields []TicketField
	for field, set := range map[TicketField]bool{
		TypeField: p.Type != nil, SubjectField: p.Subject != nil, StatusField: p.Status != nil, JustificationField: p.Justification != nil,
		ServiceField: p.Service != nil, CategoryField: p.Category != nil, PriorityField: p.Priority != nil, DueField: p.Due != nil,
		CCField: p.CC != nil, TagsField: p.Tags != nil,
	} {
		if set {
			fields = append(fields, field)
		}
	}
	slices.Sort(fields)
	return fields
}

// apply sets what the patch gives, as far as settings and role allow. The requester is checked by the act: he is no
// setting.
func (t *Ticket) apply(p TicketPatch, who Who, s *Settings, now time.Time) error {
	for _, field := range p.given() {
		if s.Tickets.Off(field) {
			return InvalidField(string(field), "is switched off in this account")
		}
	}
	if p.Type != nil {
		t.Type = *p.Type
	}
	if p.Subject != nil {
		t.Subject = strings.TrimSpace(*p.Subject)
	}
	if t.Subject == "" && !s.Tickets.Off(SubjectField) {
		return InvalidField("subject", "is required")
	}
	if p.Responsible != nil && *p.Responsible != t.Responsible {
		if *p.Responsible != "" {
			if _, err := s.attendant("responsible", *p.Responsible); err != nil {
				return err
			}
		}
		t.Responsible = *p.Responsible
	}
	if err := t.applyState(p, s, now); err != nil {
		return err
	}
	if err := t.applyChoices(p, s); err != nil {
		return err
	}
	if err := t.applyDue(p, who, s, now); err != nil {
		return err
	}
	if err := t.applyLists(p); err != nil {
		return err
	}
	return t.Validate()
}

// applyState sets status and justification; a justification belongs to its status, and goes with it.
func (t *Ticket) applyState(p TicketPatch, s *Settings, now time.Time) error {
	if p.Status != nil && *p.Status != t.Status {
		t.Status, t.StatusAt, t.Justification = *p.Status, now, ""
	}
	if p.Justification == nil || *p.Justification == t.Justification {
		return nil
	}
	if *p.Justification != "" {
		j, ok := s.Tickets.justification(*p.Justification)
		if !ok {
			return InvalidField("justification", "no such justification")
		}
		if j.Status != t.Status {
			return InvalidField("justification", "belongs to the status %s", j.Status)
		}
	}
	t.Justification = *p.Justification
	return nil
}

// applyChoices sets what is chosen from lists; what was chosen before may stay though its entry is archived now.
func (t *Ticket) applyChoices(p TicketPatch, s *Settings) error {
	for _, choice := range []struct {
		field string
		set   *ChoiceID
		now   *ChoiceID
		from  []Choice
	}{
		{"service", p.Service, &t.Service, s.Tickets.Services},
		{"category", p.Category, &t.Category, s.Tickets.Categories},
		{"priority", p.Priority, &t.Priority, s.Tickets.Priorities},
	} {
		if choice.set == nil || *choice.set == *choice.now {
			continue
		}
		if *choice.set != "" && !slices.ContainsFunc(choice.from, func(c Choice) bool { return c.ID == *choice.set && !c.Archived }) {
			return InvalidField(choice.field, "no such %s", choice.field)
		}
		*choice.now = *choice.set
	}
	return nil
}

// applyDue sets the forecast by hand, where the parameter of the caller's role allows it (B97). A new ticket may come with
// one that passed, from wherever it was before.
func (t *Ticket) applyDue(p TicketPatch, who Who, s *Settings, now time.Time) error {
	if p.Due == nil || p.Due.Equal(t.Due.At) {
		return nil
	}
	if !slices.Contains(s.Tickets.DueByHand, who.Role) {
		return &Error{Code: Forbidden, Field: "due", Message: "your role does not set due forecasts by hand"}
	}
	if p.Due.IsZero() {
		t.Due = Due{}
		return nil
	}
	if y := p.Due.Year(); y < 2000 || y > 9999 {
		return InvalidField("due", "want a year from 2000 to 9999")
	}
	if t.Number != 0 && p.Due.Before(now) {
		return InvalidField("due", "lies in the past")
	}
	t.Due = Due{At: p.Due.UTC().Truncate(time.Millisecond), By: DueByHand}
	return nil
}

// applyLists sets addresses and tags, each once and in the order given.
func (t *Ticket) applyLists(p TicketPatch) error {
	if p.CC != nil {
		cc := []string{}
		for i, text := range *p.CC {
			address, err := EmailAddress("cc."+strconv.Itoa(i), text)
			if err != nil {
				return err
			}
			if !slices.Contains(cc, address) {
				cc = append(cc, address)
			}
		}
		if len(cc) > maxCC {
			return InvalidField("cc", "want at most %d addresses", maxCC)
		}
		t.CC = cc
	}
	if p.Tags != nil {
		tags := []string{}
		for i, tag := range *p.Tags {
			tag = strings.TrimSpace(tag)
			if err := within("tags."+strconv.Itoa(i), tag, 1, 50); err != nil {
				return err
			}
			if !slices.ContainsFunc(tags, func(other string) bool { return strings.EqualFold(other, tag) }) {
				tags = append(tags, tag)
			}
		}
		if len(tags) > maxTags {
			return InvalidField("tags", "want at most %d tags", maxTags)
		}
		t.Tags = tags
	}
	return nil
}
