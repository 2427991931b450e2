package api

import (
	"context"
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

type conversationShape struct {
	ID            desk.ConversationID `json:"id"`
	Number        int64               `json:"number"`
	Contact       contactName         `json:"contact"`
	Inbox         desk.InboxID        `json:"inbox"`
	Channel       desk.Channel        `json:"channel"`
	Department    desk.DepartmentID   `json:"department"`
	Status        desk.Status         `json:"status"`
	Assignee      desk.AgentID        `json:"assignee,omitzero"`
	WaitsFor      desk.AgentID        `json:"waits_for,omitzero"`
	WaitsSince    string              `json:"waits_since,omitzero"`
	HandedAt      string              `json:"handed_at,omitzero"`
	SnoozedUntil  string              `json:"snoozed_until,omitzero"`
	Muted         bool                `json:"muted"`
	Priority      string              `json:"priority"`
	Labels        []desk.LabelID      `json:"labels"`
	Ticket        int64               `json:"ticket,omitzero"`
	Proposed      int64               `json:"proposed_ticket,omitzero"`
	FirstReplyDue string              `json:"first_reply_due,omitzero"`
	Breached      bool                `json:"breached"`
	Clocks        *clocksShape        `json:"clocks,omitzero"`
	ClosedAt      string              `json:"closed_at,omitzero"`
	Note          *closingNote        `json:"note,omitzero"`
	Survey        *surveyShape        `json:"survey,omitzero"`
	CreatedAt     string              `json:"created_at"`
	LastAt        string              `json:"last_at,omitzero"`
	Preview       *preview            `json:"preview,omitzero"`
	Unread        int                 `json:"unread"`
	AwaitingSince string              `json:"awaiting_since,omitzero"`
	FirstReplyAt  string              `json:"first_reply_at,omitzero"`
	ReadTo        desk.MessageID      `json:"read_to,omitzero"`
	CustomerRead  desk.MessageID      `json:"customer_read,omitzero"`
	Version       int                 `json:"version"`
	Allowed       []string            `json:"allowed,omitzero"`
}

type contactName struct {
	ID    desk.ContactID `json:"id"`
	Name  string         `json:"name,omitzero"`
	Email string         `json:"email,omitzero"`
}

type closingNote struct {
	Category string `json:"category,omitzero"`
	Summary  string `json:"summary,omitzero"`
}

type preview struct {
	Text string           `json:"text"`
	Kind desk.MessageKind `json:"kind"`
	By   desk.ActorKind   `json:"by"`
}

// noPriority is how no priority is written.
const noPriority = "none"

func conversationOf(c *desk.Conversation, clocks []desk.Clock) conversationShape {
	t := c.Thread
	out := conversationShape{
		ID: c.ID, Number: c.Number, Contact: contactName{c.Contact, c.ContactName, c.ContactEmail}, Inbox: c.Inbox, Channel: c.Channel,
		Department: c.Department, Status: c.Status, Assignee: c.Assignee, WaitsFor: c.WaitsFor, WaitsSince: stamp(c.WaitsSince),
		HandedAt: stamp(c.HandedAt), SnoozedUntil: stamp(c.SnoozedUntil), Muted: c.Muted, Priority: string(c.Priority),
		Labels: append([]desk.LabelID{}, c.Labels...), Ticket: c.Ticket, Proposed: c.ProposedTicket,
		ClosedAt: stamp(c.ClosedAt), Survey: surveyOf(c.Survey), CreatedAt: stamp(c.CreatedAt), Unread: len(t.Unread), AwaitingSince: stamp(t.AwaitingSince),
		FirstReplyAt: stamp(t.FirstReplyAt), ReadTo: t.ReadTo, CustomerRead: t.CustomerRead, Version: c.Version,
	}
	if c.Priority == desk.NoPriority {
		out.Priority = noPriority
	}
	if out.Clocks, out.Breached = clocksOf(clocks); out.Clocks != nil && out.Clocks.FirstResponse != nil {
		out.FirstReplyDue = out.Clocks.FirstResponse.Due
	}
	if c.Note != (desk.ClosingNote{}) {
		out.Note = &closingNote{c.Note.Category, c.Note.Summary}
	}
	if t.Last != "" {
		out.LastAt = stamp(t.Last.Time())
		out.Preview = &preview{t.Preview, t.PreviewKind, t.PreviewBy}
	}
	return out
}

// conversationFor is the shape with what the caller may do.
func conversationFor(who desk.Who) func(*desk.Conversation) conversationShape {
	return func(c *desk.Conversation) conversationShape {
		out := conversationOf(c, who.Clocks(c))
		out.Allowed = append([]string{}, who.Allowed(c)...)
		return out
	}
}

// conversations serves GET /v1/conversations.
func (s *Server) conversations(r *http.Request, who desk.Who) (answer, error) {
	q := queryOf(r, "view", "status", "department", "inbox", "label", "cursor", "limit")
	wanted := desk.List{
		View:       desk.ListView(q.oneOf("view", "all", "mine", "waiting", "unassigned")),
		Status:     desk.Status(q.oneOf("status", "", "pending", "open", "snoozed", "resolved")),
		Department: desk.DepartmentID(q.id("department")), Inbox: desk.InboxID(q.id("inbox")), Label: desk.LabelID(q.id("label")),
		Page: q.page(listPage),
	}
	if q.err != nil {
		return answer{}, q.err
	}
	found, next, err := s.desk.Conversations(r.Context(), who, wanted)
	if err != nil {
		return answer{}, err
	}
	return ok(listOf(found, next, conversationFor(who))), nil
}

// openedConversation is everything that the screen of a conversation needs.
type openedConversation struct {
	Conversation conversationShape `json:"conversation"`
	Messages     []messageShape    `json:"messages"`
	More         bool              `json:"more"`
	Contact      contactShape      `json:"contact"`
}

// conversation serves GET /v1/conversations/{id}.
func (s *Server) conversation(r *http.Request, who desk.Who) (answer, error) {
	id, err := pathID[desk.ConversationID](r, "id")
	if err != nil {
		return answer{}, err
	}
	q := queryOf(r, "fresh")
	fresh := q.flag("fresh")
	if q.err != nil {
		return answer{}, q.err
	}
	view, err := s.desk.Conversation(r.Context(), who, id, fresh)
	if err != nil {
		return answer{}, err
	}
	messages, err := s.messageShapes(r.Context(), view.Messages)
	if err != nil {
		return answer{}, err
	}
	c := view.Conversation
	if view.Contact.ID == "" { // about to be stored
		view.Contact = desk.Contact{ID: c.Contact, Name: c.ContactName, Email: c.ContactEmail, CreatedAt: c.CreatedAt}
	}
	return ok(openedConversation{conversationFor(who)(c), messages, view.More, contactOf(view.Contact)}), nil
}

// conversationAct is an act that needs nothing but the conversation.
type conversationAct func(ctx context.Context, who desk.Who, id desk.ConversationID) (*desk.Conversation, error)

// plain makes a route of such an act.
func (s *Server) plain(act conversationAct) staffAct {
	return func(r *http.Request, who desk.Who) (answer, error) {
		id, err := pathID[desk.ConversationID](r, "id")
		if err != nil {
			return answer{}, err
		}
		if err := noBody(r); err != nil {
			return answer{}, err
		}
		c, err := act(r.Context(), who, id)
		return acted(who, c, err)
	}
}

// acted answers an act with the conversation as it is now.
func acted(who desk.Who, c *desk.Conversation, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return ok(conversationFor(who)(c)), nil
}

// onConversation takes the conversation's id and the body of an act.
func onConversation[T any](r *http.Request) (desk.ConversationID, T, error) {
	var none T
	id, err := pathID[desk.ConversationID](r, "id")
	if err != nil {
		return "", none, err
	}
	body, err := decode[T](r)
	return id, body, err
}
