package e2e_test

import (
	"net/http"
	"testing"

	"github.com/relevo/relevo/e2e"
)

// TestSurvey closes a conversation of the inbox that asks, and the customer answers in his widget (B71).
func TestSurvey(t *testing.T) {
	t.Parallel()
	otto := signIn(t, host, "otto@demo.test").arrive()
	carla := visit(t, host, "web", "").listens()
	id := carla.says("Hola").Conversation
	otto.awaits(id, "what she wrote, for what comes late would open it again", func(c e2e.Conversation) bool { return c.Unread == 1 })
	answer := e2e.Object{"conversation": id, "rating": 4, "comment": "rápido"}
	carla.refused(http.MethodPost, "/widget/v1/survey", answer, http.StatusConflict, "conflict", "")
	closed := otto.closes(id, e2e.Object{"new_ticket": e2e.Object{"client_id": "survey-" + id, "subject": "Pedido 9"}})
	if s := closed.Conversation.Survey; s.AskedAt.IsZero() || s.Rating != 0 {
		t.Errorf("asked %+v", s)
	}
	asked := carla.hears("the survey", func(f e2e.Frame) bool {
		return f.Type == "conversation.updated" && f.Conversation == id && !f.ConversationNow().Survey.AskedAt.IsZero()
	}).ConversationNow()
	if asked.Survey.Rating != 0 || asked.Status != "resolved" {
		t.Errorf("heard %+v", asked)
	}
	for range 2 {
		var rated e2e.Conversation
		carla.post("/widget/v1/survey", answer, &rated)
		if rated.Survey.Rating != 4 || rated.Survey.Comment != "rápido" {
			t.Errorf("rated %+v", rated.Survey)
		}
	}
	carla.refused(http.MethodPost, "/widget/v1/survey", e2e.Object{"conversation": id, "rating": 5}, http.StatusConflict, "conflict", "rating")
	if line := otto.hasEvent(id, "conversation.rated"); line.Data["rating"] != "4" {
		t.Errorf("line %+v", line)
	}
	if s := otto.opens(id).Conversation.Survey; s.Rating != 4 {
		t.Errorf("agents see %+v", s)
	}
	stranger := visit(t, host, "web", "")
	stranger.refused(http.MethodPost, "/widget/v1/survey", answer, http.StatusNotFound, "not_found", "")
}
