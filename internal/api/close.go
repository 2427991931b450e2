package api

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

// newTicketRef is a ticket to be made, alone or together with an act on a conversation.
type newTicketRef struct {
	Fields      ticketFields   `json:",embed"`
	ClientID    string         `json:"client_id"`
	Subject     string         `json:"subject"`
	Requester   desk.ContactID `json:"requester"`
	Description string         `json:"description"`
}

// ask checks the ticket that is wanted; nil stays nil.
func (n *newTicketRef) ask() (*desk.NewTicket, error) {
	if n == nil {
		return nil, nil //nolint:nilnil // none is wanted
	}
	if err := wantClientID(n.ClientID); err != nil {
		return nil, err
	}
	if err := mayID("requester", n.Requester); err != nil {
		return nil, err
	}
	set, _ := n.Fields.patch()
	return &desk.NewTicket{ClientID: n.ClientID, Subject: n.Subject, Requester: n.Requester, Description: n.Description, Set: set}, nil
}

// within puts the field that an error blames into the object where it stands.
func within(object string, err error) error {
	blamed, ok := errors.AsType[*desk.Error](err)
	if !ok || blamed.Field == "" {
		return err
	}
	inner := *blamed
	inner.Field = object + "." + blamed.Field
	return &inner
}

// ofTicket is within for the fields that only a new ticket has.
func ofTicket(err error) error {
	blamed, ok := errors.AsType[*desk.Error](err)
	if !ok || strings.HasPrefix(blamed.Field, "note.") || strings.HasPrefix(blamed.Field, "new_ticket.") || slices.Contains([]string{"", "ticket", "role"}, blamed.Field) {
		return err
	}
	return within("new_ticket", err)
}

type closed struct {
	Conversation conversationShape `json:"conversation"`
	Ticket       *ticketShape      `json:"ticket,omitzero"`
}

// close serves POST /v1/conversations/{id}/close (B59-B65).
func (s *Server) close(r *http.Request, who desk.Who) (answer, error) {
	id, body, err := onConversation[struct {
		Note      closingNote   `json:"note"`
		Ticket    *int64        `json:"ticket"`
		NewTicket *newTicketRef `json:"new_ticket"`
		Survey    *bool         `json:"survey"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	var linked int64
	if body.Ticket != nil {
		if linked = *body.Ticket; linked < 1 {
			return answer{}, desk.InvalidField("ticket", "no such ticket")
		}
	}
	ticket, err := body.NewTicket.ask()
	if err != nil {
		return answer{}, within("new_ticket", err)
	}
	c, made, err := s.desk.Close(r.Context(), who, id, desk.Closing{
		Note: desk.ClosingNote{Category: body.Note.Category, Summary: body.Note.Summary}, Ticket: linked, NewTicket: ticket,
		NoSurvey: body.Survey != nil && !*body.Survey,
	})
	if err != nil {
		return answer{}, ofTicket(err)
	}
	out := closed{Conversation: conversationFor(who)(c)}
	if made != nil {
		shape := ticketFor(who)(*made)
		out.Ticket = &shape
	}
	return ok(out), nil
}
