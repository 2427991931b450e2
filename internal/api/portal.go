package api

import (
	"context"
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

// CodeLimit is for codes by mail that one visitor asks for, and one remote address.
var CodeLimit = Limit{PerMinute: 2, Burst: 10}

type portalShape struct {
	Enabled bool `json:"enabled"`
	Open    bool `json:"open"`
}

// askCode serves POST /widget/v1/identity/code.
func (s *Server) askCode(r *http.Request, v desk.Visitor) (answer, error) {
	body, err := decode[struct {
		Email    string `json:"email"`
		Language string `json:"language"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if len(body.Language) > maxLanguageTag {
		return answer{}, desk.InvalidField("language", "is longer than %d characters", maxLanguageTag)
	}
	from := AddressKey(r.RemoteAddr)
	if err := limited(s.Codes, "from "+from); err != nil {
		return answer{}, err
	}
	return accepted, s.desk.AskCode(r.Context(), v, body.Email, body.Language, from)
}

// maxLanguageTag limits a language's tag (RFC 5646, 4.4.1).
const maxLanguageTag = 35

// identifyVisitor serves POST /widget/v1/identity.
func (s *Server) identifyVisitor(r *http.Request, v desk.Visitor) (answer, error) {
	body, err := decode[struct {
		Email string `json:"email"`
		Code  string `json:"code"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	begun, err := s.desk.Identify(r.Context(), v, body.Email, body.Code, AddressKey(r.RemoteAddr))
	if err != nil {
		return answer{}, err
	}
	return s.sessionOf(r.Context(), begun)
}

// sessionOf answers with a session that begins.
func (s *Server) sessionOf(ctx context.Context, begun desk.Session) (answer, error) {
	token, expires, err := s.Visitors.Mint(ctx, begun.Visitor)
	if err != nil {
		return answer{}, err
	}
	look, err := s.widgetInboxOf(begun)
	return created(session{
		Token: token, ExpiresAt: stamp(expires), Secret: begun.Secret, Identified: begun.Visitor.Identified, Inbox: look,
	}), err
}

// customerTicket is what a requester sees of his ticket.
type customerTicket struct {
	Number    int64             `json:"number"`
	Subject   string            `json:"subject,omitzero"`
	Status    desk.TicketStatus `json:"status,omitzero"`
	CreatedAt string            `json:"created_at"`
	UpdatedAt string            `json:"updated_at"`
}

func customerTicketOf(t desk.Ticket) customerTicket {
	return customerTicket{t.Number, t.Subject, t.Status, stamp(t.CreatedAt), stamp(t.ToldAt())}
}

// customerAction is what he sees of a public action. A conversation's history shows as that it is there.
type customerAction struct {
	ID          string            `json:"id"`
	Kind        desk.ActionKind   `json:"kind"`
	Author      customerAuthor    `json:"author"`
	Text        string            `json:"text"`
	HTML        string            `json:"html,omitzero"`
	Attachments []attachmentShape `json:"attachments"`
	At          string            `json:"at"`
	EditedAt    string            `json:"edited_at,omitzero"`
}

func (s *Server) customerActionOf(ctx context.Context, a desk.TicketAction) (customerAction, error) {
	shape, err := s.actionShape(ctx, a)
	return customerAction{
		ID: a.ID, Kind: a.Kind, Author: customerAuthorOf(a.Author), Text: a.Text, HTML: a.HTML, Attachments: shape.Attachments, At: shape.At, EditedAt: shape.EditedAt,
	}, err
}

type ticketForm struct {
	Open     bool          `json:"open"`
	Subject  bool          `json:"subject"`
	Services []choiceShape `json:"services"`
}

// ticketForm serves GET /widget/v1/tickets/form (B84).
func (s *Server) ticketForm(r *http.Request, v desk.Visitor) (answer, error) {
	if q := queryOf(r); q.err != nil {
		return answer{}, q.err
	}
	form, err := s.desk.TicketForm(r.Context(), v)
	return ok(ticketForm{form.Open, form.Subject, choicesOf(form.Services)}), err
}

// visitorTickets serves GET /widget/v1/tickets (B88).
func (s *Server) visitorTickets(r *http.Request, v desk.Visitor) (answer, error) {
	q := queryOf(r, "cursor", "limit", "fresh")
	page := q.page(listPage)
	page.Fresh = q.flag("fresh")
	if q.err != nil {
		return answer{}, q.err
	}
	found, next, err := s.desk.VisitorTickets(r.Context(), v, page)
	return ok(listOf(found, next, customerTicketOf)), err
}

type openedCustomerTicket struct {
	Ticket  customerTicket   `json:"ticket"`
	Actions []customerAction `json:"actions"`
	Cursor  desk.Cursor      `json:"cursor,omitzero"`
}

// visitorTicket serves GET /widget/v1/tickets/{number} (B88).
func (s *Server) visitorTicket(r *http.Request, v desk.Visitor) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	q := queryOf(r, "cursor", "limit", "fresh")
	page := q.page(messagesPage)
	page.Fresh = q.flag("fresh")
	if q.err != nil {
		return answer{}, q.err
	}
	opened, err := s.desk.VisitorTicket(r.Context(), v, n, page)
	if err != nil {
		return answer{}, err
	}
	out := openedCustomerTicket{Ticket: customerTicketOf(opened.Ticket), Actions: make([]customerAction, len(opened.Actions)), Cursor: opened.Next}
	for i, a := range opened.Actions {
		if out.Actions[i], err = s.customerActionOf(r.Context(), a); err != nil {
			return answer{}, err
		}
	}
	return ok(out), nil
}

// openTicket serves POST /widget/v1/tickets (B84).
func (s *Server) openTicket(r *http.Request, v desk.Visitor) (answer, error) {
	body, err := decode[struct {
		ClientID    string          `json:"client_id"`
		Subject     string          `json:"subject"`
		Text        string          `json:"text"`
		Service     desk.ChoiceID   `json:"service"`
		Attachments []attachmentRef `json:"attachments"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantClientID(body.ClientID); err != nil {
		return answer{}, err
	}
	t, err := s.desk.OpenTicket(r.Context(), v, desk.Inquiry{
		ClientID: body.ClientID, Subject: body.Subject, Text: body.Text, Service: body.Service, Attachments: named(body.Attachments),
	})
	return created(customerTicketOf(t)), err
}

// answerTicket serves POST /widget/v1/tickets/{number}/actions (B88).
func (s *Server) answerTicket(r *http.Request, v desk.Visitor) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	body, err := decode[struct {
		ClientID    string          `json:"client_id"`
		Text        string          `json:"text"`
		Attachments []attachmentRef `json:"attachments"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantClientID(body.ClientID); err != nil {
		return answer{}, err
	}
	a, err := s.desk.AnswerTicket(r.Context(), v, n, desk.NewAction{
		ClientID: body.ClientID, ActionText: desk.ActionText{Text: body.Text}, Attachments: named(body.Attachments),
	})
	if err != nil {
		return answer{}, err
	}
	shape, err := s.customerActionOf(r.Context(), a)
	return created(shape), err
}

// named are the uploads that a request names.
func named(refs []attachmentRef) []desk.Attachment {
	return shapes(refs, func(a attachmentRef) desk.Attachment { return desk.Attachment{Key: a.Key, Name: a.Name} })
}
