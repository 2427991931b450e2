package api

import (
	"github.com/relevo/relevo/internal/desk"
)

// The shapes that customers see: no notes, no activity, no addresses of agents, no states that are the desk's affair.

type customerAuthor struct {
	Kind string `json:"kind"`
	Name string `json:"name,omitzero"`
}

// authorKind is how customers know who wrote.
func authorKind(k desk.ActorKind) string {
	switch k {
	case desk.ByCustomer:
		return "customer"
	case desk.ByUser:
		return "agent"
	case desk.ByBot, desk.ByAPI:
		return "bot"
	default:
		return "system"
	}
}

func customerAuthorOf(a desk.Actor) customerAuthor {
	out := customerAuthor{Kind: authorKind(a.Kind)}
	if out.Kind == "agent" || out.Kind == "bot" {
		out.Name = a.Name
	}
	return out
}

type customerMessage struct {
	ID           desk.MessageID      `json:"id"`
	Conversation desk.ConversationID `json:"conversation"`
	Author       customerAuthor      `json:"author"`
	Content      desk.Content        `json:"content"`
	Text         string              `json:"text"`
	HTML         string              `json:"html,omitzero"`
	Attachments  []attachmentShape   `json:"attachments"`
	ReplyTo      desk.MessageID      `json:"reply_to,omitzero"`
	ClientID     string              `json:"client_id,omitzero"`
	Automatic    bool                `json:"automatic"`
	At           string              `json:"at"`
	EditedAt     string              `json:"edited_at,omitzero"`
	DeletedAt    string              `json:"deleted_at,omitzero"`
}

// customerMessageOf makes the shape of a message that the customer may see.
func customerMessageOf(m desk.Message, urls []string) customerMessage {
	out := customerMessage{
		ID: m.ID, Conversation: m.Conversation, Author: customerAuthorOf(m.Author), Content: m.Content, Text: m.Text, HTML: m.HTML,
		Attachments: attachmentsOf(m, urls), ReplyTo: m.ReplyTo, Automatic: m.Automatic, At: stamp(m.SentAt()),
		EditedAt: stamp(m.EditedAt), DeletedAt: stamp(m.DeletedAt),
	}
	if m.Content == "" {
		out.Content = desk.TextContent
	}
	if m.Author.Kind == desk.ByCustomer {
		out.ClientID = clientID(m)
	}
	return out
}

type customerConversation struct {
	ID           desk.ConversationID `json:"id"`
	Status       string              `json:"status"`
	CreatedAt    string              `json:"created_at"`
	ClosedAt     string              `json:"closed_at,omitzero"`
	LastAt       string              `json:"last_at,omitzero"`
	Preview      *customerPreview    `json:"preview,omitzero"`
	ReadTo       desk.MessageID      `json:"read_to,omitzero"`
	CustomerRead desk.MessageID      `json:"customer_read,omitzero"`
	Survey       *surveyShape        `json:"survey,omitzero"`
}

type customerPreview struct {
	Text string `json:"text"`
	By   string `json:"by"`
}

// customerConversationOf makes the shape. The newest line may be a note: then neither it nor its time is told.
func customerConversationOf(c *desk.Conversation) customerConversation {
	t := c.Thread
	out := customerConversation{
		ID: c.ID, Status: "open", CreatedAt: stamp(c.CreatedAt), ReadTo: t.ReadTo, CustomerRead: t.CustomerRead,
		Survey: surveyOf(c.Survey),
	}
	if c.Status == desk.Resolved {
		out.Status, out.ClosedAt = "resolved", stamp(c.ClosedAt)
	}
	if t.Last != "" && t.PreviewKind == desk.MessageText {
		out.LastAt = stamp(t.Last.Time())
		out.Preview = &customerPreview{t.Preview, authorKind(t.PreviewBy)}
	} else if newest := max(t.LastCustomer, t.LastReply); newest != "" {
		out.LastAt = stamp(newest.Time())
	}
	return out
}

type customerContact struct {
	Name     string `json:"name"`
	Email    string `json:"email"`
	Phone    string `json:"phone"`
	Language string `json:"language"`
}

func customerContactOf(c desk.Contact) customerContact {
	return customerContact{c.Name, c.Email, c.Phone, c.Language}
}
