package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// act is what the customer does with the phone: the body of POST /phone/send.
type act struct {
	From      string       `json:"from"`
	UserID    string       `json:"user_id"`
	Name      string       `json:"name"`
	Type      string       `json:"type"`
	Text      string       `json:"text"`
	Target    string       `json:"target"`
	ReplyTo   string       `json:"reply_to"`
	Latitude  float64      `json:"latitude"`
	Longitude float64      `json:"longitude"`
	Media     *sentFile    `json:"media"`
	Inbox     desk.InboxID `json:"inbox"`
	ID        string       `json:"id"`
	At        time.Time    `json:"at"`
}

type sentFile struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Data []byte `json:"data"` // base64 in JSON
}

// maxAct limits the body of POST /phone/send in bytes: it may hold a file.
const maxAct = 32 << 20

// send: POST /phone/send
func (p *phone) send(w http.ResponseWriter, r *http.Request) {
	var a act
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxAct))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		refuse(w, &desk.Error{Code: desk.Invalid, Message: "the body is not the JSON that is wanted here", Cause: err}, http.StatusBadRequest)
		return
	}
	if a.From == "" && a.UserID == "" {
		refuse(w, desk.InvalidField("from", "a sender has a number, a user_id or both"), http.StatusBadRequest)
		return
	}
	a.complete()
	message, err := p.compose(a)
	if err != nil {
		refuse(w, err, http.StatusBadRequest)
		return
	}
	p.show(a)
	status, err := p.post(r.Context(), a.Inbox, map[string]any{"contacts": []any{a.contact()}, "messages": []any{message}})
	if err != nil {
		p.refused(a.ID)
		refuse(w, desk.Wrap(desk.Unavailable, err, "post the webhook"), http.StatusBadGateway)
		return
	}
	if status != http.StatusOK {
		p.refused(a.ID)
	}
	writeJSON(w, http.StatusOK, map[string]any{"id": a.ID, "status": status})
}

func (a *act) complete() {
	a.Type, a.Inbox, a.ID = cmp.Or(a.Type, "text"), cmp.Or(a.Inbox, demoPhone), cmp.Or(a.ID, newWamid())
	if a.At.IsZero() {
		a.At = time.Now()
	}
}

// show puts the act on the phone's screen.
func (p *phone) show(a act) {
	switch a.Type {
	case "edit":
		p.change(a.Target, func(m *phoneMessage) { m.Text = a.Text })
		return
	case "revoke":
		p.change(a.Target, func(m *phoneMessage) { m.Type, m.Text = "revoked", "" })
		return
	}
	shown := phoneMessage{ID: a.ID, Peer: cmp.Or(a.From, a.UserID), Name: a.Name, Inbox: string(a.Inbox), Type: a.Type, Text: a.Text,
		ReplyTo: cmp.Or(a.ReplyTo, a.Target), At: a.At.UTC()}
	if a.Media != nil && shown.Text == "" {
		shown.Text = a.Media.Name
	}
	p.keep(shown)
}

func (p *phone) refused(id string) {
	p.change(id, func(m *phoneMessage) { m.Status = "refused" })
}

// contact is who writes, as a webhook names him.
func (a *act) contact() map[string]any {
	contact := map[string]any{"profile": map[string]string{"name": a.Name}}
	if a.From != "" {
		contact["wa_id"] = a.From
	}
	if a.UserID != "" {
		contact["user_id"] = a.UserID
	}
	return contact
}

// compose writes the act as the element of "messages" that Meta sends.
func (p *phone) compose(a act) (map[string]any, error) {
	m := map[string]any{"id": a.ID, "timestamp": strconv.FormatInt(a.At.Unix(), 10), "type": a.Type}
	if a.From != "" {
		m["from"] = a.From
	}
	if a.UserID != "" {
		m["from_user_id"] = a.UserID
	}
	if a.ReplyTo != "" {
		m["context"] = map[string]string{"id": a.ReplyTo}
	}
	switch a.Type {
	case "text":
		m["text"] = map[string]string{"body": a.Text}
	case "image", "video", "audio", "document", "sticker":
		if a.Media == nil || len(a.Media.Data) == 0 {
			return nil, desk.InvalidField("media", "is required for this type")
		}
		m[a.Type] = map[string]string{"id": p.keepFile(phoneFile{a.Media.Type, a.Media.Data}), "mime_type": a.Media.Type,
			"caption": a.Text, "filename": a.Media.Name}
	case "location":
		m["location"] = map[string]any{"latitude": a.Latitude, "longitude": a.Longitude, "name": a.Text}
	case "contacts":
		m["contacts"] = []any{map[string]any{"name": map[string]string{"formatted_name": a.Text},
			"phones": []any{map[string]string{"phone": "+573000000000"}}}}
	case "reaction":
		m["reaction"] = map[string]string{"message_id": a.Target, "emoji": a.Text}
	case "button":
		m["button"] = map[string]string{"text": a.Text, "payload": a.Text}
	case "edit":
		m["edit"] = map[string]any{"original_message_id": a.Target, "message": map[string]any{"type": "text", "text": map[string]string{"body": a.Text}}}
	case "revoke":
		m["revoke"] = map[string]string{"original_message_id": a.Target}
	case "unsupported":
		m["errors"] = []any{map[string]any{"code": 131051, "title": "Message type unknown"}}
	default:
		return nil, desk.InvalidField("type", "the phone knows no such type")
	}
	return m, nil
}

// report is a status to be told.
type report struct {
	id, status string
	code       int // of a failure; 0: 131026
}

// autoReport tells by itself that a message came through, unless statuses are sent by hand.
func (p *phone) autoReport(id string) {
	p.mu.Lock()
	auto := p.mode.Statuses == "auto"
	p.mu.Unlock()
	if !auto {
		return
	}
	for _, status := range []string{"sent", "delivered"} {
		select {
		case p.reports <- report{id: id, status: status}:
		default: // a phone that is off reports nothing
		}
	}
}

// status: POST /phone/status
func (p *phone) status(w http.ResponseWriter, r *http.Request) {
	var want struct {
		ID     string `json:"id"`
		Status string `json:"status"`
		Code   int    `json:"code"`
	}
	if err := readJSON(w, r, &want); err != nil {
		refuse(w, err, http.StatusBadRequest)
		return
	}
	err := p.report(r.Context(), report{id: want.ID, status: want.Status, code: want.Code})
	switch {
	case desk.Is(err, desk.NotFound):
		refuse(w, err, http.StatusNotFound)
	case err != nil:
		refuse(w, err, http.StatusBadGateway)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// report posts the webhook of a status.
func (p *phone) report(ctx context.Context, r report) error {
	m, ok := p.change(r.id, func(m *phoneMessage) { m.Status = r.status })
	if !ok || !m.Out {
		return &desk.Error{Code: desk.NotFound, Field: "id", Message: "the desk sent no such message"}
	}
	status := map[string]any{"id": m.ID, "status": r.status, "timestamp": strconv.FormatInt(time.Now().Unix(), 10), "recipient_id": m.Peer}
	if m.Key != "" {
		status["biz_opaque_callback_data"] = m.Key
	}
	if r.status == "failed" {
		status["errors"] = []any{map[string]any{"code": cmp.Or(r.code, 131026), "title": "Message undeliverable"}}
	}
	answer, err := p.post(ctx, desk.InboxID(m.Inbox), map[string]any{"statuses": []any{status}})
	if err == nil && answer != http.StatusOK {
		err = desk.Errorf(desk.Unavailable, "the webhook answered %d", answer)
	}
	return err
}

// post signs a webhook of the inbox's number and posts it; it gives the HTTP status of the answer.
func (p *phone) post(ctx context.Context, id desk.InboxID, value map[string]any) (int, error) {
	settings, err := p.settings(ctx, demo)
	if err != nil {
		return 0, err
	}
	inbox, ok := settings.Inboxes[id]
	if !ok {
		return 0, desk.InvalidField("inbox", "no such inbox")
	}
	secrets, err := p.secrets.Secret(ctx, demo, inboxSecret(id, "app-secret"))
	if err != nil {
		return 0, err
	}
	value["messaging_product"] = "whatsapp"
	value["metadata"] = map[string]string{"display_phone_number": "576015550100", "phone_number_id": inbox.PhoneNumberID}
	body, err := json.Marshal(map[string]any{"object": "whatsapp_business_account", "entry": []any{map[string]any{
		"id": "102290129340398", "changes": []any{map[string]any{"field": "messages", "value": value}}}}})
	if err != nil {
		return 0, desk.Wrap(desk.Internal, err, "write a webhook")
	}
	address := p.address + "/webhooks/whatsapp/" + string(demo) + "/" + string(id)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return 0, desk.Wrap(desk.Internal, err, "make a webhook's request")
	}
	sum := hmac.New(sha256.New, []byte(secrets[0]))
	sum.Write(body)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(sum.Sum(nil)))
	answer, err := p.client.Do(request)
	if err != nil {
		return 0, desk.Wrap(desk.Unavailable, err, "post a webhook")
	}
	return answer.StatusCode, answer.Body.Close()
}

// inboxSecret is the name of a secret of a WhatsApp inbox.
func inboxSecret(inbox desk.InboxID, name string) string {
	return "whatsapp/" + string(inbox) + "/" + name
}
