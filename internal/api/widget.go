package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

type session struct {
	Token      string      `json:"token"`
	ExpiresAt  string      `json:"expires_at"`
	Secret     string      `json:"secret,omitzero"`
	Identified bool        `json:"identified"`
	Inbox      widgetInbox `json:"inbox"`
}

// maxSecret limits a visitor's secret in bytes.
const maxSecret = 200

// startSession serves POST /widget/v1/sessions.
func (s *Server) startSession(r *http.Request) (answer, error) {
	if err := limited(s.Sessions, AddressKey(r.RemoteAddr)); err != nil {
		return answer{}, err
	}
	body, err := decode[struct {
		Inbox    string      `json:"inbox"`
		Secret   string      `json:"secret"`
		Identity *vouchShape `json:"identity"`
		Page     string      `json:"page"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantID("inbox", body.Inbox); err != nil {
		return answer{}, err
	}
	if len(body.Secret) > maxSecret {
		return answer{}, desk.InvalidField("secret", "is longer than %d bytes", maxSecret)
	}
	if err := s.siteMayEmbed(r, body.Inbox); err != nil {
		return answer{}, err
	}
	begun, err := s.desk.StartSession(r.Context(), desk.Arrival{Inbox: body.Inbox, Secret: body.Secret, Identity: body.Identity.vouched(), Page: body.Page})
	if err != nil {
		return answer{}, err
	}
	return s.sessionOf(r.Context(), begun)
}

// siteMayEmbed asks the inbox before anything is stored for the page's visitor.
func (s *Server) siteMayEmbed(r *http.Request, key string) error {
	if r.Header.Get("Origin") == "" {
		return nil
	}
	account, id, err := s.desk.Store.InboxByKey(r.Context(), key)
	if err != nil {
		return err
	}
	settings, err := s.desk.Settings(r.Context(), account)
	if err != nil {
		return err
	}
	return s.admits(r, settings.Inboxes[id])
}

// endSession serves DELETE /widget/v1/sessions.
func (s *Server) endSession(r *http.Request, v desk.Visitor) (answer, error) {
	body, err := decode[struct {
		Secret string `json:"secret"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if body.Secret == "" || len(body.Secret) > maxSecret {
		return answer{}, desk.InvalidField("secret", "is required, of at most %d bytes", maxSecret)
	}
	return done, s.desk.RevokeSession(r.Context(), v, body.Secret)
}

// visitorWrites serves POST /widget/v1/messages. It is the function inbound's.
func (s *Server) visitorWrites(r *http.Request, v desk.Visitor) (answer, error) {
	body, err := decode[struct {
		ClientID    string          `json:"client_id"`
		Text        string          `json:"text"`
		Attachments []attachmentRef `json:"attachments"`
		ReplyTo     desk.MessageID  `json:"reply_to"`
		Line        string          `json:"line"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	written, err := newMessage{ClientID: body.ClientID, Text: body.Text, Attachments: body.Attachments, ReplyTo: body.ReplyTo}.body()
	if err != nil {
		return answer{}, err
	}
	written.Line = desk.LineOf(body.Line)
	m, _, err := s.desk.Write(r.Context(), v, written)
	if err != nil {
		return answer{}, err
	}
	urls, err := s.urls(r.Context(), m)
	return created(customerMessageOf(m, urls)), err
}

type customerThread struct {
	Conversation *customerConversation `json:"conversation,omitzero"`
	Messages     []customerMessage     `json:"messages"`
	More         bool                  `json:"more"`
}

// visitorMessages serves GET /widget/v1/messages.
func (s *Server) visitorMessages(r *http.Request, v desk.Visitor) (answer, error) {
	q := queryOf(r, "conversation", "before", "after", "limit", "fresh")
	id, wanted := desk.ConversationID(q.id("conversation")), q.thread()
	if q.err != nil {
		return answer{}, q.err
	}
	c, found, more, err := s.desk.VisitorMessages(r.Context(), v, id, wanted)
	if err != nil {
		return answer{}, err
	}
	out := customerThread{Messages: []customerMessage{}, More: more}
	if c != nil {
		shape := customerConversationOf(c)
		out.Conversation = &shape
	}
	for _, m := range found {
		urls, err := s.urls(r.Context(), m)
		if err != nil {
			return answer{}, err
		}
		out.Messages = append(out.Messages, customerMessageOf(m, urls))
	}
	return ok(out), nil
}

// visitorConversations serves GET /widget/v1/conversations (B21).
func (s *Server) visitorConversations(r *http.Request, v desk.Visitor) (answer, error) {
	q := queryOf(r, "cursor", "limit")
	page := q.page(listPage)
	if q.err != nil {
		return answer{}, q.err
	}
	found, next, err := s.desk.VisitorConversations(r.Context(), v, page)
	return ok(listOf(found, next, customerConversationOf)), err
}

// visitorContact serves GET /widget/v1/contact.
func (s *Server) visitorContact(r *http.Request, v desk.Visitor) (answer, error) {
	if q := queryOf(r); q.err != nil {
		return answer{}, q.err
	}
	c, err := s.desk.VisitorContact(r.Context(), v)
	return ok(customerContactOf(c)), err
}

// updateVisitorContact serves PATCH /widget/v1/contact (B16).
func (s *Server) updateVisitorContact(r *http.Request, v desk.Visitor) (answer, error) {
	body, err := decode[struct {
		contactPatch
		Page *string `json:"page"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if body.empty() && body.Page == nil {
		return answer{}, nothing()
	}
	c, err := s.desk.UpdateVisitorContact(r.Context(), v, func(c *desk.Contact) {
		body.apply(c)
		put(&c.Page, body.Page)
	})
	return ok(customerContactOf(c)), err
}

// visitorRead serves POST /widget/v1/read.
func (s *Server) visitorRead(r *http.Request, v desk.Visitor) (answer, error) {
	body, err := decode[struct {
		Conversation desk.ConversationID `json:"conversation"`
		UpTo         desk.MessageID      `json:"up_to"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantID("conversation", body.Conversation); err != nil {
		return answer{}, err
	}
	if err := wantID("up_to", body.UpTo); err != nil {
		return answer{}, err
	}
	return done, s.desk.VisitorRead(r.Context(), v, body.Conversation, body.UpTo)
}

// visitorTyping serves POST /widget/v1/typing.
func (s *Server) visitorTyping(r *http.Request, v desk.Visitor) (answer, error) {
	body, err := decode[typingState](r)
	if err != nil {
		return answer{}, err
	}
	on, err := body.on()
	if err != nil {
		return answer{}, err
	}
	return done, s.desk.VisitorTyping(r.Context(), v, on)
}
