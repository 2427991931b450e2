package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/relevo/relevo/internal/desk"
)

func (s *Server) mute(ctx context.Context, who desk.Who, id desk.ConversationID) (*desk.Conversation, error) {
	return s.desk.Mute(ctx, who, id, true)
}

func (s *Server) unmute(ctx context.Context, who desk.Who, id desk.ConversationID) (*desk.Conversation, error) {
	return s.desk.Mute(ctx, who, id, false)
}

// label serves POST /v1/conversations/{id}/labels (B34).
func (s *Server) label(r *http.Request, who desk.Who) (answer, error) {
	id, body, err := onConversation[struct {
		Labels []desk.LabelID `json:"labels"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if body.Labels == nil {
		return answer{}, desk.InvalidField("labels", "is required")
	}
	c, err := s.desk.Label(r.Context(), who, id, body.Labels)
	return acted(who, c, err)
}

// prioritize serves POST /v1/conversations/{id}/priority.
func (s *Server) prioritize(r *http.Request, who desk.Who) (answer, error) {
	id, body, err := onConversation[struct {
		Priority string `json:"priority"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if !slices.Contains([]string{noPriority, "low", "medium", "high", "urgent"}, body.Priority) {
		return answer{}, desk.InvalidField("priority", "want none, low, medium, high or urgent")
	}
	priority := desk.Priority(body.Priority)
	if body.Priority == noPriority {
		priority = desk.NoPriority
	}
	c, err := s.desk.Prioritize(r.Context(), who, id, priority)
	return acted(who, c, err)
}

// read serves POST /v1/conversations/{id}/read.
func (s *Server) read(r *http.Request, who desk.Who) (answer, error) {
	id, body, err := onConversation[struct {
		UpTo desk.MessageID `json:"up_to"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantID("up_to", body.UpTo); err != nil {
		return answer{}, err
	}
	return done, s.desk.MarkRead(r.Context(), who, id, body.UpTo)
}

// unread serves POST /v1/conversations/{id}/unread.
func (s *Server) unread(r *http.Request, who desk.Who) (answer, error) {
	id, err := pathID[desk.ConversationID](r, "id")
	if err != nil {
		return answer{}, err
	}
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	return done, s.desk.MarkUnread(r.Context(), who, id)
}

// typingState says whether somebody writes.
type typingState struct {
	On *bool `json:"on"`
}

func (t typingState) on() (bool, error) {
	if t.On == nil {
		return false, desk.InvalidField("on", "is required")
	}
	return *t.On, nil
}

// typing serves POST /v1/conversations/{id}/typing.
func (s *Server) typing(r *http.Request, who desk.Who) (answer, error) {
	id, body, err := onConversation[typingState](r)
	if err != nil {
		return answer{}, err
	}
	on, err := body.on()
	if err != nil {
		return answer{}, err
	}
	if err := limited(s.Typing, string(who.Account)+"/"+string(who.Actor.Kind)+"/"+who.Actor.ID); err != nil {
		return answer{}, err
	}
	return done, s.desk.Typing(r.Context(), who, id, on)
}
