package api

import (
	"errors"
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

type ticketShape struct {
	Number        int64                 `json:"number"`
	Requester     desk.ContactID        `json:"requester"`
	Subject       string                `json:"subject"`
	Status        desk.TicketStatus     `json:"status"`
	Responsible   desk.AgentID          `json:"responsible,omitzero"`
	Conversations []desk.ConversationID `json:"conversations"`
	CreatedAt     string                `json:"created_at"`
	CreatedBy     desk.Actor            `json:"created_by"`
	UpdatedAt     string                `json:"updated_at"`
	Version       int                   `json:"version"`
}

func ticketOf(t desk.Ticket) ticketShape {
	return ticketShape{
		Number: t.Number, Requester: t.Requester, Subject: t.Subject, Status: t.Status, Responsible: t.Responsible,
		Conversations: append([]desk.ConversationID{}, t.Conversations...), CreatedAt: stamp(t.CreatedAt), CreatedBy: t.CreatedBy,
		UpdatedAt: stamp(t.UpdatedAt), Version: t.Version,
	}
}

type actionShape struct {
	ID           string              `json:"id"`
	Kind         desk.ActionKind     `json:"kind"`
	Public       bool                `json:"public"`
	Author       desk.Actor          `json:"author"`
	Text         string              `json:"text"`
	Conversation desk.ConversationID `json:"conversation,omitzero"`
	From         desk.MessageID      `json:"from,omitzero"`
	To           desk.MessageID      `json:"to,omitzero"`
	At           string              `json:"at"`
}

func actionOf(a desk.TicketAction) actionShape {
	return actionShape{
		ID: a.ID, Kind: a.Kind, Public: a.Public, Author: a.Author, Text: a.Text, Conversation: a.Conversation, From: a.From, To: a.To,
		At: stamp(desk.MessageID(a.ID).Time()),
	}
}

// tickets serves GET /v1/tickets.
func (s *Server) tickets(r *http.Request, who desk.Who) (answer, error) {
	q := queryOf(r, "status", "responsible", "cursor", "limit")
	status := desk.TicketStatus(q.oneOf("status", "new", "in_progress", "pending", "resolved", "closed"))
	responsible, page := desk.AgentID(q.id("responsible")), q.page(listPage)
	if q.err != nil {
		return answer{}, q.err
	}
	found, next, err := s.desk.Tickets(r.Context(), who, status, responsible, page)
	return ok(listOf(found, next, ticketOf)), err
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
	return ok(listOf(found, next, ticketOf)), err
}

// createTicket serves POST /v1/tickets (B92).
func (s *Server) createTicket(r *http.Request, who desk.Who) (answer, error) {
	body, err := decode[newTicketRef](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantClientID(body.ClientID); err != nil {
		return answer{}, err
	}
	if err := mayID("requester", body.Requester); err != nil {
		return answer{}, err
	}
	t, err := s.desk.CreateTicket(r.Context(), who, desk.NewTicket{ClientID: body.ClientID, Subject: body.Subject, Requester: body.Requester})
	return created(ticketOf(t)), err
}

type openedTicket struct {
	Ticket  ticketShape   `json:"ticket"`
	Actions []actionShape `json:"actions"`
}

// ticket serves GET /v1/tickets/{number}.
func (s *Server) ticket(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	if q := queryOf(r); q.err != nil {
		return answer{}, q.err
	}
	t, actions, err := s.desk.Ticket(r.Context(), who, n)
	return ok(openedTicket{ticketOf(t), shapes(actions, actionOf)}), err
}

// updateTicket serves PATCH /v1/tickets/{number}.
func (s *Server) updateTicket(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	body, err := decode[struct {
		Subject     *string            `json:"subject"`
		Status      *desk.TicketStatus `json:"status"`
		Responsible *desk.AgentID      `json:"responsible"`
		Version     int                `json:"version"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if body.Version < 1 {
		return answer{}, desk.InvalidField("version", "is required")
	}
	if body.Subject == nil && body.Status == nil && body.Responsible == nil {
		return answer{}, nothing()
	}
	t, err := s.desk.UpdateTicket(r.Context(), who, n,
		desk.TicketPatch{Subject: body.Subject, Status: body.Status, Responsible: body.Responsible, Version: body.Version})
	return ok(ticketOf(t)), err
}

// addAction serves POST /v1/tickets/{number}/actions.
func (s *Server) addAction(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	body, err := decode[struct {
		ClientID string `json:"client_id"`
		Text     string `json:"text"`
		Public   bool   `json:"public"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantClientID(body.ClientID); err != nil {
		return answer{}, err
	}
	a, err := s.desk.AddAction(r.Context(), who, n, desk.NewAction{ClientID: body.ClientID, Text: body.Text, Public: body.Public})
	return created(actionOf(a)), err
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
		return answer{}, err
	}
	if (body.Number > 0) == (ticket != nil) || body.Number < 0 {
		return answer{}, desk.InvalidField("number", "want the number of a ticket, or new_ticket")
	}
	if ticket != nil {
		c, err := s.desk.LinkNewTicket(r.Context(), who, id, *ticket)
		return acted(who, c, ofTicket(err))
	}
	c, err := s.desk.LinkTicket(r.Context(), who, id, body.Number)
	if blamed, is := errors.AsType[*desk.Error](err); is && blamed.Field == "ticket" {
		err = &desk.Error{Code: blamed.Code, Field: "number", Message: blamed.Message, Cause: err}
	}
	return acted(who, c, err)
}
