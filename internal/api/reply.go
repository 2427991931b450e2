package api

import (
	"net/http"
	"unicode/utf8"

	"github.com/relevo/relevo/internal/desk"
)

type attachmentRef struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

type templateUse struct {
	Name       string   `json:"name"`
	Language   string   `json:"language"`
	Parameters []string `json:"parameters"`
}

type newMessage struct {
	ClientID    string          `json:"client_id"`
	Kind        string          `json:"kind"`
	Text        string          `json:"text"`
	HTML        string          `json:"html"`
	Attachments []attachmentRef `json:"attachments"`
	ReplyTo     desk.MessageID  `json:"reply_to"`
	Mentions    []desk.AgentID  `json:"mentions"`
	Template    *templateUse    `json:"template"`
}

// body checks the form of what is written; what it means, desk checks.
func (n newMessage) body() (desk.Body, error) {
	if err := wantClientID(n.ClientID); err != nil {
		return desk.Body{}, err
	}
	if err := fits("text", n.Text); err != nil {
		return desk.Body{}, err
	}
	if err := fits("html", n.HTML); err != nil {
		return desk.Body{}, err
	}
	if err := mayID("reply_to", n.ReplyTo); err != nil {
		return desk.Body{}, err
	}
	if err := n.checkParts(); err != nil {
		return desk.Body{}, err
	}
	body := desk.Body{ClientID: n.ClientID, Text: n.Text, HTML: n.HTML, ReplyTo: n.ReplyTo, Mentions: n.Mentions}
	for _, a := range n.Attachments {
		body.Attachments = append(body.Attachments, desk.Attachment{Key: a.Key, Name: a.Name})
	}
	if n.Template != nil {
		body.Template = &desk.TemplateUse{Name: n.Template.Name, Language: n.Template.Language, Parameters: n.Template.Parameters}
	}
	return body, nil
}

// The limits of what goes with a message.
const (
	maxMentions   = 50
	maxKey        = 500  // bytes, of an upload's key
	maxName       = 200  // characters, of a file
	maxTemplate   = 512  // bytes, of a template's name
	maxParameters = 99   // of a template
	maxParameter  = 1024 // characters
)

// checkParts checks what goes with the text.
func (n newMessage) checkParts() error {
	if len(n.Mentions) > maxMentions {
		return desk.InvalidField("mentions", "are more than %d", maxMentions)
	}
	for _, agent := range n.Mentions {
		if err := wantID("mentions", agent); err != nil {
			return err
		}
	}
	if len(n.Attachments) > desk.MaxAttachments {
		return desk.InvalidField("attachments", "are more than %d", desk.MaxAttachments)
	}
	for _, a := range n.Attachments {
		if a.Key == "" || len(a.Key) > maxKey {
			return desk.InvalidField("attachments.key", "no such upload")
		}
		if a.Name == "" || utf8.RuneCountInString(a.Name) > maxName {
			return desk.InvalidField("attachments.name", "want 1 to %d characters", maxName)
		}
	}
	return n.Template.check()
}

// check checks the form of a template's use; nil is fine.
func (t *templateUse) check() error {
	switch {
	case t == nil:
		return nil
	case t.Name == "" || len(t.Name) > maxTemplate:
		return desk.InvalidField("template.name", "want 1 to %d characters", maxTemplate)
	case t.Language == "" || len(t.Language) > 15:
		return desk.InvalidField("template.language", "want 1 to 15 characters")
	case len(t.Parameters) > maxParameters:
		return desk.InvalidField("template.parameters", "are more than %d", maxParameters)
	}
	for _, p := range t.Parameters {
		if utf8.RuneCountInString(p) > maxParameter {
			return desk.InvalidField("template.parameters", "want at most %d characters each", maxParameter)
		}
	}
	return nil
}

func fits(field, text string) error {
	if len(text) > desk.MaxText {
		return tooLarge(field, "is larger than 64 KB")
	}
	return nil
}

// write serves POST /v1/conversations/{id}/messages (B23, B29).
func (s *Server) write(r *http.Request, who desk.Who) (answer, error) {
	id, body, err := onConversation[newMessage](r)
	if err != nil {
		return answer{}, err
	}
	written, err := body.body()
	if err != nil {
		return answer{}, err
	}
	store := s.desk.Reply
	switch desk.MessageKind(body.Kind) {
	case "", desk.MessageText:
	case desk.NoteKind:
		store = s.desk.Note
	default:
		return answer{}, desk.InvalidField("kind", "want message or note")
	}
	m, _, err := store(r.Context(), who, id, written)
	if err != nil {
		return answer{}, err
	}
	urls, err := s.urls(r.Context(), m)
	return created(messageOf(m, urls)), err
}

// pathMessage takes the two ids of a message's address.
func pathMessage(r *http.Request) (desk.ConversationID, desk.MessageID, error) {
	id, err := pathID[desk.ConversationID](r, "id")
	if err != nil {
		return "", "", err
	}
	message, err := pathID[desk.MessageID](r, "message")
	if err != nil {
		return "", "", err
	}
	return id, message, noBody(r)
}

// deleteMessage serves DELETE /v1/conversations/{id}/messages/{message} (B32).
func (s *Server) deleteMessage(r *http.Request, who desk.Who) (answer, error) {
	id, message, err := pathMessage(r)
	if err != nil {
		return answer{}, err
	}
	return done, s.desk.DeleteMessage(r.Context(), who, id, message)
}

// retryMessage serves POST /v1/conversations/{id}/messages/{message}/retry.
func (s *Server) retryMessage(r *http.Request, who desk.Who) (answer, error) {
	id, message, err := pathMessage(r)
	if err != nil {
		return answer{}, err
	}
	m, err := s.desk.RetryMessage(r.Context(), who, id, message)
	if err != nil {
		return answer{}, err
	}
	urls, err := s.urls(r.Context(), m)
	return ok(messageOf(m, urls)), err
}
