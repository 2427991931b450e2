package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

type surveyShape struct {
	AskedAt string `json:"asked_at"`
	Rating  int    `json:"rating,omitzero"`
	Comment string `json:"comment,omitzero"`
}

// surveyOf makes the shape; nil if the customer is not asked.
func surveyOf(s desk.Survey) *surveyShape {
	if s.AskedAt.IsZero() {
		return nil
	}
	return &surveyShape{stamp(s.AskedAt), s.Rating, s.Comment}
}

// rate serves POST /widget/v1/survey (B71).
func (s *Server) rate(r *http.Request, v desk.Visitor) (answer, error) {
	body, err := decode[struct {
		Conversation desk.ConversationID `json:"conversation"`
		Rating       int                 `json:"rating"`
		Comment      string              `json:"comment"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantID("conversation", body.Conversation); err != nil {
		return answer{}, err
	}
	c, err := s.desk.Rate(r.Context(), v, body.Conversation, body.Rating, body.Comment)
	if err != nil {
		return answer{}, err
	}
	return ok(customerConversationOf(c)), nil
}
