package api

import (
	"context"
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

type actionShape struct {
	ID           string              `json:"id"`
	Kind         desk.ActionKind     `json:"kind"`
	Public       bool                `json:"public"`
	Author       desk.Actor          `json:"author"`
	Text         string              `json:"text"`
	HTML         string              `json:"html,omitzero"`
	Attachments  []attachmentShape   `json:"attachments"`
	Conversation desk.ConversationID `json:"conversation,omitzero"`
	From         desk.MessageID      `json:"from,omitzero"`
	To           desk.MessageID      `json:"to,omitzero"`
	At           string              `json:"at"`
	EditedAt     string              `json:"edited_at,omitzero"`
	EditedBy     *desk.Actor         `json:"edited_by,omitzero"`
	MovedFrom    int64               `json:"moved_from,omitzero"`
	Effects      []effectShape       `json:"effects"`
	Version      int                 `json:"version"`
}

type effectShape struct {
	Kind desk.EffectKind `json:"kind"`
	To   string          `json:"to"`
}

// actionOf makes the shape; urls are those of the attachments, in their order.
func actionOf(a desk.TicketAction, urls []string) actionShape {
	out := actionShape{
		ID: a.ID, Kind: a.Kind, Public: a.Public, Author: a.Author, Text: a.Text, HTML: a.HTML, Conversation: a.Conversation,
		From: a.From, To: a.To,
		Attachments: attachmentsOf(desk.Message{Attachments: a.Attachments}, urls), At: stamp(desk.MessageID(a.ID).Time()),
		EditedAt: stamp(a.EditedAt), MovedFrom: a.MovedFrom, Effects: shapes(a.Effects, func(text string) effectShape { return effectShape(desk.ParseEffect(text)) }),
		Version: a.Version,
	}
	if !a.EditedAt.IsZero() {
		out.EditedBy = &a.EditedBy
	}
	return out
}

func (s *Server) actionShape(ctx context.Context, a desk.TicketAction) (actionShape, error) {
	urls, err := s.urls(ctx, desk.Message{Attachments: a.Attachments})
	return actionOf(a, urls), err
}

func (s *Server) actionShapes(ctx context.Context, actions []desk.TicketAction) ([]actionShape, error) {
	out := make([]actionShape, len(actions))
	for i, a := range actions {
		var err error
		if out[i], err = s.actionShape(ctx, a); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// actions serves GET /v1/tickets/{number}/actions (B109).
func (s *Server) actions(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	q := queryOf(r, "filter", "order", "cursor", "limit", "fresh")
	filter, page := desk.ActionFilter(q.oneOf("filter", "", "public", "internal")), q.page(messagesPage)
	page.Fresh, page.Newest = q.flag("fresh"), q.oneOf("order", "oldest", "newest") == "newest"
	if q.err != nil {
		return answer{}, q.err
	}
	found, next, err := s.desk.Actions(r.Context(), who, n, filter, page)
	if err != nil {
		return answer{}, err
	}
	items, err := s.actionShapes(r.Context(), found)
	return ok(listing[actionShape]{Items: items, Cursor: next}), err
}

// addAction serves POST /v1/tickets/{number}/actions (B112).
func (s *Server) addAction(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	body, err := decode[struct {
		ClientID    string          `json:"client_id"`
		Text        string          `json:"text"`
		HTML        string          `json:"html"`
		Public      bool            `json:"public"`
		Attachments []attachmentRef `json:"attachments"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if err := wantClientID(body.ClientID); err != nil {
		return answer{}, err
	}
	ask := desk.NewAction{
		ClientID: body.ClientID, ActionText: desk.ActionText{Text: body.Text, HTML: body.HTML}, Public: body.Public, Attachments: named(body.Attachments),
	}
	a, err := s.desk.AddAction(r.Context(), who, n, ask)
	if err != nil {
		return answer{}, err
	}
	shape, err := s.actionShape(r.Context(), a)
	return created(shape), err
}

// editAction serves PATCH /v1/tickets/{number}/actions/{action} (B112).
func (s *Server) editAction(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	id, err := pathID[string](r, "action")
	if err != nil {
		return answer{}, err
	}
	body, err := decode[struct {
		Text    string `json:"text"`
		HTML    string `json:"html"`
		Version *int   `json:"version"`
	}](r)
	if err != nil {
		return answer{}, err
	}
	if body.Version == nil || *body.Version < 0 {
		return answer{}, desk.InvalidField("version", "is required")
	}
	patch := desk.ActionPatch{ActionText: desk.ActionText{Text: body.Text, HTML: body.HTML}, Version: *body.Version}
	a, err := s.desk.EditAction(r.Context(), who, n, id, patch)
	if err != nil {
		return answer{}, err
	}
	shape, err := s.actionShape(r.Context(), a)
	return ok(shape), err
}

type changeShape struct {
	ID      string             `json:"id"`
	By      desk.Actor         `json:"by"`
	Trigger desk.Trigger       `json:"trigger"`
	Action  string             `json:"action,omitzero"`
	Fields  []fieldChangeShape `json:"fields"`
	At      string             `json:"at"`
}

type fieldChangeShape struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

func changeOf(c desk.TicketChange) changeShape {
	return changeShape{
		ID: c.ID, By: c.By, Trigger: c.Trigger, Action: c.Action, At: stamp(desk.MessageID(c.ID).Time()),
		Fields: shapes(c.Fields, func(f desk.FieldChange) fieldChangeShape { return fieldChangeShape(f) }),
	}
}

// ticketHistory serves GET /v1/tickets/{number}/history (B109).
func (s *Server) ticketHistory(r *http.Request, who desk.Who) (answer, error) {
	n, err := pathNumber(r)
	if err != nil {
		return answer{}, err
	}
	q := queryOf(r, "cursor", "limit")
	page := q.page(messagesPage)
	if q.err != nil {
		return answer{}, q.err
	}
	found, next, err := s.desk.TicketHistory(r.Context(), who, n, page)
	return ok(listOf(found, next, changeOf)), err
}
