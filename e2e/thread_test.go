package e2e_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/relevo/relevo/e2e"
)

// TestPanelActionsAreWrittenIntoTheChat: B33-B35.
func TestPanelActionsAreWrittenIntoTheChat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.hires("agent", 5).arrive()
	c, id := w.visits("Hola")
	worker.act(id, "assign", e2e.Object{"agent": worker.id})
	if got := worker.act(id, "labels", e2e.Object{"labels": []string{"vip", "billing"}}); len(got.Labels) != 2 {
		t.Errorf("B34: %+v", got)
	}
	if got := worker.act(id, "priority", e2e.Object{"priority": "urgent"}); got.Priority != "urgent" {
		t.Errorf("priority: %+v", got)
	}
	eventually(t, "B34: found by its label", func() bool { return has(w.admin.lists("label=vip"), id) })
	worker.act(id, "mute", nil)
	for _, event := range []string{"conversation.created", "conversation.assigned", "conversation.labelled", "conversation.prioritized", "conversation.muted"} {
		if line := worker.hasEvent(id, event); line.Author.Kind == "" {
			t.Errorf("B33: %+v", line)
		}
	}

	// Muted: what he writes is kept, and neither wakes nor reopens (B35).
	worker.closes(id, e2e.Object{})
	again := c.says("¿Hola?")
	if again.Conversation != id {
		t.Errorf("B35: a muted conversation keeps receiving, not %s", again.Conversation)
	}
	eventually(t, "B35: it is kept", func() bool {
		thread := worker.opens(id)
		return slices.ContainsFunc(thread.Messages, func(m e2e.Message) bool { return m.ID == again.ID })
	})
	if got := worker.opens(id).Conversation; got.Status != "resolved" || !got.Muted {
		t.Errorf("B35: %+v", got)
	}
	worker.act(id, "unmute", nil)
}

// TestSnoozeUntilTheNextReply: B55, B56; and reopening.
func TestSnoozeUntilTheNextReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.hires("agent", 5).arrive()
	c, id := w.visits("Hola")
	worker.act(id, "assign", e2e.Object{"agent": worker.id})
	if got := worker.act(id, "snooze", e2e.Object{"until": "next_reply"}); got.Status != "snoozed" || !got.SnoozedUntil.IsZero() {
		t.Errorf("B56: %+v", got)
	}
	if seat := worker.seat(); seat.Load != 0 {
		t.Errorf("a snoozed one counts: %+v", seat)
	}
	c.says("¿Siguen ahí?")
	worker.awaits(id, "B56: woken by the customer", func(c e2e.Conversation) bool { return c.Status == "open" && c.Assignee == worker.id })
	for _, until := range []string{"tomorrow", "next_week"} {
		if got := worker.act(id, "snooze", e2e.Object{"until": until}); got.Status != "snoozed" || got.SnoozedUntil.IsZero() {
			t.Errorf("B57, B58: %+v", got)
		}
		worker.act(id, "reopen", nil)
	}
	worker.closes(id, e2e.Object{"note": e2e.Object{"category": "Otros", "summary": "nada"}})
	worker.refused(http.MethodPost, "/v1/conversations/"+id+"/snooze", e2e.Object{"until": "tomorrow"}, http.StatusConflict, "conflict", "")
	worker.refused(http.MethodPost, "/v1/conversations/"+id+"/transfer", e2e.Object{"department": "sales"}, http.StatusConflict, "conflict", "")
	worker.refused(http.MethodPost, "/v1/conversations/"+id+"/messages", e2e.Object{"client_id": "late", "text": "x"}, http.StatusConflict, "conflict", "")
	if got := worker.act(id, "reopen", nil); got.Status != "open" || got.Assignee != worker.id || got.Note.Category != "" {
		t.Errorf("B55: %+v", got)
	}
}

// TestPreviousConversations: B21, B22, and the same visitor next week by his secret.
func TestPreviousConversations(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.hires("agent", 5).arrive()
	c, first := w.visits("La primera")
	worker.awaits(first, "it is there", func(c e2e.Conversation) bool { return c.Unread > 0 })
	worker.closes(first, e2e.Object{})
	back := visit(t, w.host, w.key, c.visitor.Secret)
	if thread := back.thread(); thread.Conversation.ID != first || thread.Conversation.Status != "resolved" || len(thread.Messages) != 1 {
		t.Errorf("B21: %+v", thread)
	}
	second := back.says("La segunda").Conversation
	if second == first {
		t.Fatal("a message after the close went on with the old conversation")
	}
	var own e2e.Page[e2e.Conversation]
	back.get("/widget/v1/conversations", &own)
	if len(own.Items) != 2 || own.Items[0].ID != second || own.Items[1].ID != first {
		t.Errorf("B21: %+v", own.Items)
	}
	var old e2e.Thread
	back.get("/widget/v1/messages?conversation="+first, &old)
	if len(old.Messages) != 1 || !strings.HasPrefix(old.Messages[0].Text, "La primera") {
		t.Errorf("B21: %+v", old)
	}
	contact := worker.opens(second).Contact.ID
	var previous e2e.Page[e2e.Conversation]
	eventually(t, "B22: both are listed", func() bool {
		worker.get("/v1/contacts/"+contact+"/conversations", &previous)
		return len(previous.Items) == 2 && previous.Items[1].ID == first
	})
	worker.refused(http.MethodPost, "/v1/conversations/"+first+"/reopen", nil, http.StatusConflict, "conflict", "")

	// A stranger's conversation is not there for him; a revoked secret makes a new visitor.
	stranger := visit(t, w.host, w.key, "")
	stranger.refused(http.MethodGet, "/widget/v1/messages?conversation="+first, nil, http.StatusNotFound, "not_found", "")
	stranger.refused(http.MethodPost, "/widget/v1/transcript", e2e.Object{"conversation": first, "client_id": "x", "email": "a@example.com"},
		http.StatusNotFound, "not_found", "")
	back.do(http.MethodDelete, "/widget/v1/sessions", e2e.Object{"secret": c.visitor.Secret}, nil)
	if again := visit(t, w.host, w.key, c.visitor.Secret); again.visitor.Secret == c.visitor.Secret || len(again.thread().Messages) != 0 {
		t.Error("a revoked secret still opens the door")
	}
}

// TestReadMarksAndTyping: unread counts, both sides' marks, typing both ways.
func TestReadMarksAndTyping(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.hires("agent", 5).arrive()
	c, id := w.visits("uno")
	c.listens()
	last := c.says("dos")
	worker.awaits(id, "I7: two unread", func(c e2e.Conversation) bool { return c.Unread == 2 })
	worker.post("/v1/conversations/"+id+"/read", e2e.Object{"up_to": last.ID}, nil)
	if got := worker.awaits(id, "read", func(c e2e.Conversation) bool { return c.Unread == 0 }).Conversation; got.ReadTo != last.ID {
		t.Errorf("read to %q", got.ReadTo)
	}
	c.hears("that the desk has read", func(f e2e.Frame) bool {
		var mark struct {
			ReadTo string `json:"read_to"`
		}
		return f.Type == "read" && f.Decode(&mark) == nil && mark.ReadTo == last.ID
	})
	reply := worker.replies(id, "respuesta")
	c.hears("the reply", isMessage("respuesta"))
	c.post("/widget/v1/read", e2e.Object{"conversation": id, "up_to": reply.ID}, nil)
	worker.awaits(id, "the customer has read", func(c e2e.Conversation) bool { return c.CustomerRead == reply.ID })

	if err := worker.socket.Send(t.Context(), e2e.Object{"type": "watch", "id": "w1", "conversation": id}); err != nil {
		t.Fatal(err)
	}
	worker.hears("that he watches", func(f e2e.Frame) bool { return f.Type == "ok" && f.ID == "w1" })
	c.post("/widget/v1/typing", e2e.Object{"on": true}, nil)
	worker.hears("that the customer writes", func(f e2e.Frame) bool {
		var typing struct {
			By e2e.Actor
			On bool
		}
		return f.Type == "typing" && f.Conversation == id && f.Decode(&typing) == nil && typing.On && typing.By.Kind == "customer"
	})
	worker.post("/v1/conversations/"+id+"/typing", e2e.Object{"on": true}, nil)
	typing := c.hears("that the desk writes", func(f e2e.Frame) bool { return f.Type == "typing" })
	if bytes.Contains(typing.Data, []byte(worker.id)) {
		t.Errorf("the customer got to know who: %s", typing.Data)
	}
}

// TestWindowThatWrote: of two windows of a customer the one that wrote has the answer and is told nothing, the other is
// told, and both hear the desk.
func TestWindowThatWrote(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.hires("agent", 5).arrive()
	c, id := w.visits("uno")
	other := c.listens().socket
	mine := c.connect("/widget/v1/live/ticket")
	c.visitor.Line = mine.Ticket
	c.says("dos")
	worker.hears("what he wrote", isMessage("dos"))
	worker.replies(id, "respuesta")
	c.hears("the reply", isMessage("respuesta"))
	for _, f := range mine.Frames() {
		if isMessage("dos")(f) {
			t.Error("the window that wrote is told of it")
		}
	}
	c.socket = other
	c.hears("what the other window wrote", isMessage("dos"))
	c.hears("the reply, too", isMessage("respuesta"))
}

// TestDeletedMessage: B32.
func TestDeletedMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	author, colleague := w.hires("agent", 5), w.hires("agent", 5)
	c, id := w.visits("Hola")
	c.listens()
	m := author.replies(id, "un error")
	c.hears("it", isMessage("un error"))
	path := "/v1/conversations/" + id + "/messages/" + m.ID
	colleague.refused(http.MethodDelete, path, nil, http.StatusForbidden, "forbidden", "")
	author.do(http.MethodDelete, path, nil, nil)
	author.do(http.MethodDelete, path, nil, nil)
	gone := c.hears("that it is gone", func(f e2e.Frame) bool { return f.Type == "message.updated" && f.Message().ID == m.ID }).Message()
	if gone.Text != "" || gone.DeletedAt.IsZero() {
		t.Errorf("B32: %+v", gone)
	}
	for _, seen := range [][]e2e.Message{c.thread().Messages, author.opens(id).Messages} {
		if slices.ContainsFunc(seen, func(m e2e.Message) bool { return strings.Contains(m.Text, "un error") }) {
			t.Error("B32: its text is still there")
		}
	}
}

// TestAttachments: B26: up by a signed form, down from another origin, always as an attachment.
func TestAttachments(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.hires("agent", 5).arrive()
	c, id := w.visits("Hola")
	page := []byte("<script>alert(1)</script>")
	key := c.upload("/widget/v1/uploads", "nota.html", "text/html", page, http.StatusNoContent)
	var m e2e.Message
	c.post("/widget/v1/messages", e2e.Object{"client_id": "a1", "attachments": []e2e.Object{{"key": key, "name": "nota.html"}}}, &m)
	got := worker.awaits(id, "two messages", func(c e2e.Conversation) bool { return c.Unread == 2 }).Messages
	file := got[len(got)-1].Attachments
	if len(file) != 1 || file[0].Size != int64(len(page)) || file[0].Type != "text/html" || file[0].URL == "" {
		t.Fatalf("B26: %+v", got[len(got)-1])
	}
	address, err := url.Parse(file[0].URL)
	if err != nil || "http://"+address.Host == w.host.URL() {
		t.Errorf("the file comes from the desk's own origin: %s", address.Host)
	}
	status, header, body := download(t, file[0].URL)
	if status != http.StatusOK || !bytes.Equal(body, page) || !strings.HasPrefix(header.Get("Content-Disposition"), "attachment") ||
		header.Get("X-Content-Type-Options") != "nosniff" && !behindAGateway() {
		t.Errorf("downloaded %d %v", status, header)
	}
	if status, _, _ := download(t, strings.Replace(file[0].URL, "signature=", "signature=x", 1)); !behindAGateway() && status != http.StatusForbidden {
		t.Errorf("a forged address gives %d", status)
	}

	// Nobody attaches another's file, a file is neither larger nor other than agreed.
	worker.refused(http.MethodPost, "/v1/conversations/"+id+"/messages", e2e.Object{"client_id": "a2",
		"attachments": []e2e.Object{{"key": key, "name": "x"}}}, http.StatusBadRequest, "invalid", "attachments.key")
	c.refused(http.MethodPost, "/widget/v1/uploads", e2e.Object{"name": "x.bin", "type": "application/octet-stream", "size": 26 << 20},
		http.StatusRequestEntityTooLarge, "invalid", "size")
	c.refused(http.MethodPost, "/widget/v1/uploads", e2e.Object{"name": "../x", "type": "text/plain", "size": 1}, http.StatusBadRequest, "invalid", "name")
	c.refused(http.MethodPost, "/widget/v1/uploads", e2e.Object{"name": "x", "type": "no", "size": 1}, http.StatusBadRequest, "invalid", "type")
	pdf := worker.upload("/v1/uploads", "factura.pdf", "application/pdf", []byte("%PDF-1.7"), http.StatusNoContent)
	worker.writes(id, e2e.Object{"text": "aquí va", "attachments": []e2e.Object{{"key": pdf, "name": "factura.pdf"}}})
	var had e2e.Message
	eventually(t, "B26: the customer has the file", func() bool {
		messages := c.thread().Messages
		had = messages[len(messages)-1]
		return len(had.Attachments) == 1 && had.Attachments[0].Name == "factura.pdf" && had.Attachments[0].URL != ""
	})
	worker.do(http.MethodDelete, "/v1/conversations/"+id+"/messages/"+had.ID, nil, nil)
	eventually(t, "B32: the address that he has leads nowhere", func() bool {
		status, _, _ := download(t, had.Attachments[0].URL)
		return status >= 400 && status < 500
	})
}

// TestUploadIsAsAgreed: exact key, type and size.
func TestUploadIsAsAgreed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := visit(t, w.host, w.key, "")
	var form form
	c.post("/widget/v1/uploads", e2e.Object{"name": "a.txt", "type": "text/plain", "size": 4}, &form)
	if status := form.send(t, []byte("12345")); status != http.StatusRequestEntityTooLarge && (!behindAGateway() || status != http.StatusBadRequest) {
		t.Errorf("a larger file: %d", status)
	}
	for _, field := range []string{"key", "Content-Type"} {
		forged := form
		forged.Fields = map[string]string{}
		for name, value := range form.Fields {
			forged.Fields[name] = value
		}
		forged.Fields[field] += "x"
		if status := forged.send(t, []byte("1234")); status != http.StatusForbidden {
			t.Errorf("a forged %s: %d", field, status)
		}
	}
	c.refused(http.MethodPost, "/widget/v1/messages", e2e.Object{"client_id": "1", "attachments": []e2e.Object{{"key": form.Key, "name": "a.txt"}}},
		http.StatusBadRequest, "invalid", "attachments.key")
}

// form is a signed form of an upload.
type form struct {
	Key, URL string
	Fields   map[string]string
}

// send posts the form with a file, and gives the status.
func (f form) send(t *testing.T, content []byte) int {
	t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, value := range f.Fields {
		if err := parts.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	file, err := parts.CreateFormFile("file", "whatever")
	if err != nil {
		t.Fatal(err)
	}
	file.Write(content)
	parts.Close()
	response, err := http.Post(f.URL, parts.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

// upload uploads a file and gives its key.
func (c *caller) upload(path, name, mediaType string, content []byte, want int) string {
	c.t.Helper()
	var form form
	c.post(path, e2e.Object{"name": name, "type": mediaType, "size": len(content)}, &form)
	if status := form.send(c.t, content); status != want {
		c.t.Fatalf("upload: %d, want %d", status, want)
	}
	return form.Key
}

func download(t *testing.T, address string) (int, http.Header, []byte) {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, body
}
