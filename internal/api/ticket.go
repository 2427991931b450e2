package api

import (
	"errors"
	"net/http"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

type ticketShape struct {
	Number        int64                 `json:"number"`
	Type          desk.TicketType       `json:"type,omitzero"`
	Requester     desk.ContactID        `json:"requester"`
	RequesterName string                `json:"requester_name"`
	Subject       string                `json:"subject,omitzero"`
	Status        desk.TicketStatus     `json:"status,omitzero"`
	StatusAt      string                `json:"status_at,omitzero"`
	Justification desk.ChoiceID         `json:"justification,omitzero"`
	Service       desk.ChoiceID         `json:"service,omitzero"`
	Category      desk.ChoiceID         `json:"category,omitzero"`
	Priority      desk.ChoiceID         `json:"priority,omitzero"`
	Due           *dueShape             `json:"due,omitzero"`
	Clocks        *clocksShape          `json:"clocks,omitzero"`
	Contract      string                `json:"contract,omitzero"`
	Inbox         desk.InboxID          `json:"inbox,omitzero"`
	Responsible   desk.AgentID          `json:"responsible,omitzero"`
	CC            []string              `json:"cc,omitempty"`
	Tags          []string              `json:"tags,omitempty"`
	Relations     []relationShape       `json:"relations,omitempty"`
	MergedInto    int64                 `json:"merged_into,omitzero"`
	Conversations []desk.ConversationID `json:"conversations"`
	CreatedAt     string                `json:"created_at"`
	CreatedBy     desk.Actor            `json:"created_by"`
	UpdatedAt     string                `json:"updated_at"`
	UpdatedBy     desk.Actor            `json:"updated_by"`
	Version       int                   `json:"version"`
}

type dueShape struct {
	At string     `json:"at"`
	By desk.DueBy `json:"by"`
}

func ticketOf(t desk.Ticket) ticketShape {
	out := ticketShape{
		Number: t.Number, Type: t.Type, Requester: t.Requester, RequesterName: t.RequesterName, Subject: t.Subject, Status: t.Status,
		StatusAt: stamp(t.StatusAt), Justification: t.Justification, Service: t.Service, Category: t.Category, Priority: t.Priority,
		Responsible: t.Responsible, CC: t.CC, Tags: t.Tags, Conversations: append([]desk.ConversationID{}, t.Conversations...),
		Relations:  shapes(t.Relations, func(r desk.Relation) relationShape { return relationShape(r) }),
		MergedInto: t.MergedInto, CreatedAt: stamp(t.CreatedAt), CreatedBy: t.CreatedBy, UpdatedAt: stamp(t.UpdatedAt), UpdatedBy: t.UpdatedBy,
		Inbox: t.Inbox, Version: t.Version,
	}
	if !t.Due.At.IsZero() {
		out.Due = &dueShape{stamp(t.Due.At), t.Due.By}
	}
	return out
}

// ticketFor is the shape with the clocks as they stood when the caller was let in, and the contract by which they run.
func ticketFor(who desk.Who) func(desk.Ticket) ticketShape {
	return func(t desk.Ticket) ticketShape {
		out := ticketOf(t)
		out.Clocks, _ = clocksOf(who.TicketClocks(t))
		out.Contract = who.TicketContract(t).Name
		return out
	}
}

// ticketFields are what people set on a ticket, new or not.
type ticketFields struct {
	Type          *desk.TicketType   `json:"type"`
	Status        *desk.TicketStatus `json:"status"`
	Justification *desk.ChoiceID     `json:"justification"`
	Service       *desk.ChoiceID     `json:"service"`
	Category      *desk.ChoiceID     `json:"category"`
	Priority      *desk.ChoiceID     `json:"priority"`
	Due           *dueRef            `json:"due"`
	Responsible   *desk.AgentID      `json:"responsible"`
	CC            *[]string          `json:"cc"`
	Tags          *[]string          `json:"tags"`
}

// dueRef is a due forecast; without an instant it is undefined (B96).
type dueRef struct {
	At time.Time `json:"at"`
}

// patch makes the desk's patch, and tells whether it sets anything.
func (f ticketFields) patch() (desk.TicketPatch, bool) {
	p := desk.TicketPatch{
		Type: f.Type, Status: f.Status, Justification: f.Justification, Service: f.Service, Category: f.Category, Priority: f.Priority,
		Responsible: f.Responsible, CC: f.CC, Tags: f.Tags,
	}
	if f.Due != nil {
		p.Due = &f.Due.At
	}
	return p, f != ticketFields{}
}

// tickets serves GET /v1/tickets.
func (s *Server) tickets(r *http.Request, who desk.Who) (answer, error) {
	q := queryOf(r, append(ticketFilters, "status", "cursor")...)
	list := ticketList(q, listPage)
	list.Status = desk.TicketStatus(q.oneOf("status", "new", "in_progress", "pending", "resolved", "closed", "open", "done"))
	if q.err != nil {
		return answer{}, q.err
	}
	found, next, err := s.desk.Tickets(r.Context(), who, list)
	return ok(listOf(found, next, ticketFor(who))), err
}

// ticketFilters are the parameters that lists and boards of tickets share.
var ticketFilters = []string{"requester", "responsible", "priority", "service", "category", "type", "tag", "sort", "limit"}

// ticketList takes them; the cursor too, where it is known.
func ticketList(q *query, page int) desk.TicketList {
	return desk.TicketList{
		Requester: desk.ContactID(q.id("requester")), Responsible: desk.AgentID(q.id("responsible")),
		Priority: desk.ChoiceID(q.id("priority")), Service: desk.ChoiceID(q.id("service")), Category: desk.ChoiceID(q.id("category")),
		Type: desk.TicketType(q.oneOf("type", "", "public", "internal")), Tag: q.values.Get("tag"),
		Sort: desk.TicketSort(q.oneOf("sort", "newest", "oldest", "due")), Page: q.page(page),
	}
}

// ticketsOf serves GET /v1/contacts/{id}/tickets.
func (s *Server) ticketsOf(r *http.Request, who desk.Who) (answer, error) {
	id, err := pathID[desk.ContactID](r, "id")
	if err != nil {
		return answer{}, err
	}
	q := queryOf(r, "cursor", "limit")
	page := q.page(listPage)
	if q.err != nil {
		return answer{}, q.err
	}
	c, err := s.desk.Contact(r.Context(), who, id)
	if err != nil {
		return answer{}, err
	}
	found, next, err := s.desk.TicketsOf(r.Context(), who, c.ID, page)
	return ok(listOf(found, next, ticketFor(who))), err
}

// createTicket serves POST /v1/tickets (B92).
func (s *Server) createTicket(r *http.Request, who desk.Who) (answer, error) {
	body, err := decode[newTicketRef](r)
	if err != nil {
		return answer{}, err
	}
	ask, err := body.ask()
	if err != nil {
		return answer{}, err
	}
	t, err := s.desk.CreateTicket(r.Context(), who, *ask)
	return created(ticketFor(who)(t)), err
}

type openedTicket struct {
	Ticket  ticketShape   `json:"ticket"`
	Actions []actionShape `json:"actions"`
	Cursor  desk.Cursor   `json:"cursor,omitzero"`
}

// ticket serves GET /v1/tickets/{number}.
func (s *Server) ticket(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	q := queryOf(r, "fresh", "order")
	actions := desk.PageRequest{Fresh: q.flag("fresh"), Newest: q.oneOf("order", "oldest", "newest") == "newest"}
	if q.err != nil {
		return answer{}, q.err
	}
	opened, err := s.desk.Ticket(r.Context(), who, n, actions)
	if err != nil {
		return answer{}, err
	}
	shown, err := s.actionShapes(r.Context(), opened.Actions)
	return ok(openedTicket{ticketFor(who)(opened.Ticket), shown, opened.Next}), err
}

// updateTicket serves PATCH /v1/tickets/{number}.
func (s *Server) updateTicket(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	body, err := decode[struct {
		Fields    ticketFields    `json:",embed"`
		Subject   *string         `json:"subject"`
		Requester *desk.ContactID `json:"requester"`
		Version   int             `json:"version"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if body.Version < 1 {
		return answer{}, desk.InvalidField("version", "is required")
	}
	patch, sets := body.Fields.patch()
	if !sets && body.Subject == nil && body.Requester == nil {
		return answer{}, nothing()
	}
	if body.Requester != nil {
		if err := wantID("requester", *body.Requester); err != nil {
			return answer{}, err
		}
	}
	patch.Subject, patch.Requester, patch.Version = body.Subject, body.Requester, body.Version
	t, err := s.desk.UpdateTicket(r.Context(), who, n, patch)
	return ok(ticketFor(who)(t)), err
}

// linkTicket serves POST /v1/conversations/{id}/ticket (B79, B82).
func (s *Server) linkTicket(r *http.Request, who desk.Who) (answer, error) {
	id, body, err := onConversation[struct {
		Number    int64         `json:"number"`
		NewTicket *newTicketRef `json:"new_ticket"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	ticket, err := body.NewTicket.ask()
	if err != nil {
		return answer{}, within("new_ticket", err)
	}
	if (body.Number > 0) == (ticket != nil) || body.Number < 0 {
		return answer{}, desk.InvalidField("number", "want the number of a ticket, or new_ticket")
	}
	if ticket != nil {
		c, err := s.desk.LinkNewTicket(r.Context(), who, id, *ticket)
		return acted(who, c, ofTicket(err))
	}
	c, err := s.desk.LinkTicket(r.Context(), who, id, body.Number)
	return acted(who, c, numbered(err))
}

// numbered blames the number, by which a conversation's requests name a ticket.
func numbered(err error) error {
	if blamed, is := errors.AsType[*desk.Error](err); is && blamed.Field == "ticket" {
		return &desk.Error{Code: blamed.Code, Field: "number", Message: blamed.Message, Cause: err}
	}
	return err
}
