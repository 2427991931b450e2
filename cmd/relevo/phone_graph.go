package main

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// What the desk posts to the Graph API, as far as a phone shows it.
type graphMessage struct {
	To        string     `json:"to"`
	Recipient string     `json:"recipient"` // a user id
	Type      string     `json:"type"`
	Key       string     `json:"biz_opaque_callback_data"`
	Context   graphRef   `json:"context"`
	Text      graphText  `json:"text"`
	Image     graphMedia `json:"image"`
	Video     graphMedia `json:"video"`
	Audio     graphMedia `json:"audio"`
	Document  graphMedia `json:"document"`
	Template  struct {
		Name       string `json:"name"`
		Components []struct {
			Parameters []graphText `json:"parameters"`
		} `json:"components"`
		Language struct {
			Code string `json:"code"`
		} `json:"language"`
	} `json:"template"`
}

type graphRef struct {
	ID string `json:"message_id"`
}

type graphText struct {
	Body string `json:"body"`
	Text string `json:"text"`
}

type graphMedia struct {
	Link     string `json:"link"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"`
}

// graphSend: POST /graph/{version}/{number}/messages
func (p *phone) graphSend(w http.ResponseWriter, r *http.Request) {
	inbox, ok := p.sender(w, r)
	if !ok {
		return
	}
	var m graphMessage
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxLocalBody)).Decode(&m); err != nil || cmp.Or(m.To, m.Recipient) == "" {
		graphError(w, http.StatusBadRequest, 100, "Invalid parameter")
		return
	}
	how, retryAfter := p.behaviour()
	switch how {
	case "429":
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
		graphError(w, http.StatusTooManyRequests, 130429, "Rate limit hit")
		return
	case "500":
		graphError(w, http.StatusInternalServerError, 131000, "Something went wrong")
		return
	case "400":
		graphError(w, http.StatusBadRequest, 131026, "Message undeliverable")
		return
	}
	shown := m.shown(inbox, newWamid())
	p.keep(shown)
	p.autoReport(shown.ID)
	switch how {
	case sendLost:
		panic(http.ErrAbortHandler) // hangs up without an answer
	case sendTimeout:
		<-r.Context().Done()
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"messaging_product": "whatsapp",
		"contacts":          []map[string]string{{"input": shown.Peer, "wa_id": shown.Peer}},
		"messages":          []map[string]string{{"id": shown.ID, "message_status": "accepted"}},
	})
}

// sender finds the inbox of the number that sends, whose access token the request must bear.
func (p *phone) sender(w http.ResponseWriter, r *http.Request) (desk.Inbox, bool) {
	settings, err := p.settings(r.Context(), demo)
	if err != nil {
		graphError(w, http.StatusInternalServerError, 131000, "Something went wrong")
		return desk.Inbox{}, false
	}
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	for _, inbox := range desk.Sorted(settings.Inboxes) {
		if inbox.Channel != desk.WhatsApp || r.PathValue("number") != "" && inbox.PhoneNumberID != r.PathValue("number") {
			continue
		}
		tokens, err := p.secrets.Secret(r.Context(), demo, inboxSecret(inbox.ID, "access-token"))
		if err == nil && slices.Contains(tokens, token) {
			return inbox, true
		}
	}
	graphError(w, http.StatusUnauthorized, 190, "Invalid OAuth access token")
	return desk.Inbox{}, false
}

func (m graphMessage) shown(inbox desk.Inbox, id string) phoneMessage {
	shown := phoneMessage{ID: id, Out: true, Peer: cmp.Or(m.To, m.Recipient), Inbox: string(inbox.ID), Type: m.Type, Text: m.Text.Body,
		ReplyTo: m.Context.ID, Key: m.Key, At: time.Now().UTC()}
	for _, file := range []graphMedia{m.Image, m.Video, m.Audio, m.Document} {
		if file.Link != "" {
			shown.Link, shown.Text = file.Link, cmp.Or(file.Caption, file.Filename)
		}
	}
	if m.Type == "template" {
		shown.Text = m.filled(inbox)
	}
	return shown
}

// filled gives the text of a template as the customer reads it.
func (m graphMessage) filled(inbox desk.Inbox) string {
	for _, t := range inbox.Templates {
		if t.Name != m.Template.Name || t.Language != m.Template.Language.Code {
			continue
		}
		text := t.Body
		for _, c := range m.Template.Components {
			for i, parameter := range c.Parameters {
				text = strings.ReplaceAll(text, "{{"+strconv.Itoa(i+1)+"}}", parameter.Text)
			}
		}
		return text
	}
	return m.Template.Name
}

// graphMedia: GET /graph/{version}/{media} tells where a file is.
func (p *phone) graphMedia(w http.ResponseWriter, r *http.Request) {
	if _, ok := p.sender(w, r); !ok {
		return
	}
	id := r.PathValue("media")
	f, ok := p.file(id)
	if !ok {
		graphError(w, http.StatusNotFound, 100, "Unsupported get request")
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"messaging_product": "whatsapp", "id": id, "mime_type": f.mediaType,
		"file_size": len(f.body), "url": p.address + graphPath + "/files/" + id})
}

// graphFile: GET /graph/files/{media} gives the file.
func (p *phone) graphFile(w http.ResponseWriter, r *http.Request) {
	if _, ok := p.sender(w, r); !ok {
		return
	}
	f, ok := p.file(r.PathValue("media"))
	if !ok {
		graphError(w, http.StatusNotFound, 100, "Unsupported get request")
		return
	}
	w.Header().Set("Content-Type", f.mediaType)
	w.Header().Set("Content-Disposition", "attachment")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if _, err := w.Write(f.body); err != nil {
		p.log.DebugContext(r.Context(), "a file was not taken", "error", err)
	}
}

// graphError answers as the Graph API refuses.
func graphError(w http.ResponseWriter, status, code int, message string) {
	writeJSON(w, status, map[string]any{"error": map[string]any{"message": message, "type": "OAuthException", "code": code}})
}
