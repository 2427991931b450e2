package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

type messageShape struct {
	ID           desk.MessageID      `json:"id"`
	Conversation desk.ConversationID `json:"conversation"`
	Kind         desk.MessageKind    `json:"kind"`
	Author       desk.Actor          `json:"author"`
	Content      desk.Content        `json:"content"`
	Text         string              `json:"text"`
	HTML         string              `json:"html,omitzero"`
	Data         map[string]string   `json:"data,omitzero"`
	Attachments  []attachmentShape   `json:"attachments"`
	ReplyTo      desk.MessageID      `json:"reply_to,omitzero"`
	Mentions     []desk.AgentID      `json:"mentions,omitzero"`
	Event        desk.EventType      `json:"event,omitzero"`
	ClientID     string              `json:"client_id,omitzero"`
	Delivery     *deliveryShape      `json:"delivery,omitzero"`
	Automatic    bool                `json:"automatic"`
	At           string              `json:"at"`
	EditedAt     string              `json:"edited_at,omitzero"`
	DeletedAt    string              `json:"deleted_at,omitzero"`
}

type attachmentShape struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	URL    string `json:"url,omitzero"`
	Failed string `json:"failed,omitzero"`
}

type deliveryShape struct {
	State desk.DeliveryState `json:"state"`
	Error string             `json:"error,omitzero"`
	At    string             `json:"at,omitzero"`
}

// messageOf makes the shape; urls are those of the attachments, in their order, or nil.
func messageOf(m desk.Message, urls []string) messageShape {
	out := messageShape{
		ID: m.ID, Conversation: m.Conversation, Kind: m.Kind, Author: m.Author, Content: m.Content, Text: m.Text, HTML: m.HTML, Data: m.Data,
		Attachments: attachmentsOf(m, urls), ReplyTo: m.ReplyTo, Mentions: m.Mentions, Event: m.Event, ClientID: clientID(m),
		Automatic: m.Automatic, At: stamp(m.SentAt()), EditedAt: stamp(m.EditedAt), DeletedAt: stamp(m.DeletedAt),
	}
	if m.Content == "" {
		out.Content = desk.TextContent
	}
	if m.Author.Kind == desk.ByCustomer {
		out.Author.ID = ""
	}
	if m.Delivery.State != desk.NoDelivery {
		out.Delivery = &deliveryShape{m.Delivery.State, m.Delivery.Error, stamp(m.Delivery.At)}
	}
	return out
}

func attachmentsOf(m desk.Message, urls []string) []attachmentShape {
	out := make([]attachmentShape, len(m.Attachments))
	for i, a := range m.Attachments {
		out[i] = attachmentShape{Name: a.Name, Type: a.Type, Size: a.Size, Failed: a.Failed}
		if i < len(urls) {
			out[i].URL = urls[i]
		}
	}
	return out
}

// clientID gives back the id that a client made: the identity of what is written here is "staff/<agent>/<client id>" or
// "visitor/<contact>/<client id>".
func clientID(m desk.Message) string {
	parts := strings.SplitN(m.ExternalID, "/", 3)
	if len(parts) == 3 && (parts[0] == "staff" || parts[0] == "visitor") {
		return parts[2]
	}
	return ""
}

// urlsOf signs the addresses of a message's attachments; no request leaves the process for it.
func urlsOf(ctx context.Context, d *desk.Desk, m desk.Message) ([]string, error) {
	if len(m.Attachments) == 0 {
		return nil, nil
	}
	urls := make([]string, len(m.Attachments))
	for i, a := range m.Attachments {
		url, err := d.DownloadURL(ctx, a)
		if err != nil {
			return nil, desk.Wrap(desk.Unavailable, err, "sign the address of an attachment")
		}
		urls[i] = url
	}
	return urls, nil
}

func (s *Server) urls(ctx context.Context, m desk.Message) ([]string, error) {
	return urlsOf(ctx, s.desk, m)
}

func (s *Server) messageShapes(ctx context.Context, messages []desk.Message) ([]messageShape, error) {
	out := make([]messageShape, len(messages))
	for i, m := range messages {
		urls, err := s.urls(ctx, m)
		if err != nil {
			return nil, err
		}
		out[i] = messageOf(m, urls)
	}
	return out, nil
}

type messagePage struct {
	Messages []messageShape `json:"messages"`
	More     bool           `json:"more"`
}

// messages serves GET /v1/conversations/{id}/messages.
func (s *Server) messages(r *http.Request, who desk.Who) (answer, error) {
	id, err := pathID[desk.ConversationID](r, "id")
	if err != nil {
		return answer{}, err
	}
	q := queryOf(r, "before", "after", "limit", "fresh")
	wanted := q.thread()
	if q.err != nil {
		return answer{}, q.err
	}
	found, more, err := s.desk.Messages(r.Context(), who, id, wanted)
	if err != nil {
		return answer{}, err
	}
	page, err := s.messageShapes(r.Context(), found)
	return ok(messagePage{page, more}), err
}
