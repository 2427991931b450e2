package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

// transcript serves POST /v1/conversations/{id}/transcript (B73).
func (s *Server) transcript(r *http.Request, who desk.Who) (answer, error) {
	id, body, err := onConversation[struct {
		ClientID string `json:"client_id"`
		Assignee bool   `json:"assignee"`
		Email    string `json:"email"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantClientID(body.ClientID); err != nil {
		return answer{}, err
	}
	if body.Assignee == (body.Email != "") {
		return answer{}, desk.InvalidField("email", "want either email or assignee")
	}
	return accepted, s.desk.RequestTranscript(r.Context(), who, id,
		desk.TranscriptTo{ClientID: body.ClientID, Assignee: body.Assignee, Email: body.Email})
}

// visitorTranscript serves POST /widget/v1/transcript (B76).
func (s *Server) visitorTranscript(r *http.Request, v desk.Visitor) (answer, error) {
	body, err := decode[struct {
		Conversation desk.ConversationID `json:"conversation"`
		ClientID     string              `json:"client_id"`
		Email        string              `json:"email"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantClientID(body.ClientID); err != nil {
		return answer{}, err
	}
	if err := wantID("conversation", body.Conversation); err != nil {
		return answer{}, err
	}
	return accepted, s.desk.VisitorTranscript(r.Context(), v, body.Conversation, body.ClientID, body.Email)
}
