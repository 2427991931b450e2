package e2e_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/e2e"
)

// TestFromHolaToTheTranscript goes the whole way of the web chat with the seeded people: B12-B14, B18-B20, B23, B27,
// B29-B31, B37-B39, B46-B51, B57, B59-B65, B73-B76.
func TestFromHolaToTheTranscript(t *testing.T) {
	t.Parallel()
	ines, luis, otto := signIn(t, host, "ines@demo.test").arrive(), signIn(t, host, "luis@demo.test"), signIn(t, host, "otto@demo.test")
	luis.presence("disconnected")
	carla := visit(t, host, "web", "").listens()

	// She says hello; Inés, whose console is open, has it at once.
	said := time.Now()
	hola := carla.says("Hola")
	heard := ines.hears("Hola", func(f e2e.Frame) bool {
		return f.Type == "message.created" && f.Conversation == hola.Conversation && strings.HasPrefix(f.Message().Text, "Hola")
	})
	if took := heard.At.Sub(said); took > time.Second && !behindAGateway() {
		t.Errorf("Inés saw it after %v", took)
	}
	id := hola.Conversation
	ines.hears("assigned to her", func(f e2e.Frame) bool {
		return f.Type == "conversation.updated" && f.Conversation == id && f.ConversationNow().Assignee == "ines"
	})

	// The greeting and the questions for her address (B13, B14, B20).
	carla.hears("greeting", isMessage("¡Hola!"))
	carla.hears("question", isMessage("Por si se corta"))
	carla.says("claro: Carla.Duarte@example.com")
	carla.hears("thanks", isMessage("Gracias. Te escribiremos a Carla.Duarte@example.com"))
	thread := ines.awaits(id, "her address beside her name", func(c e2e.Conversation) bool { return c.Contact.Email == "Carla.Duarte@example.com" })
	if thread.Contact.Email != "Carla.Duarte@example.com" {
		t.Errorf("contact %+v", thread.Contact)
	}
	if thread.Conversation.Status != "open" || !slices.Contains(thread.Conversation.Allowed, "reply") {
		t.Errorf("B53: %+v", thread.Conversation)
	}
	var known e2e.Contact
	ines.get("/v1/contacts/"+thread.Contact.ID, &known)
	if known.Email != "Carla.Duarte@example.com" {
		t.Errorf("B20: contact %+v", known)
	}
	if mine := ines.lists("view=mine"); !slices.ContainsFunc(mine, func(c e2e.Conversation) bool { return c.ID == id }) {
		t.Error("B18: not among hers")
	}

	// A reply with a bold word arrives bold (B23, B27); a note does not arrive (B29, B30), and tells Luis (B31).
	ines.writes(id, e2e.Object{"html": "Buenos días, <b>Carla</b><script>x()</script>"})
	if bold := carla.hears("reply", isMessage("Buenos días, Carla")).Message(); !strings.Contains(bold.HTML, "<strong>Carla</strong>") &&
		!strings.Contains(bold.HTML, "<b>Carla</b>") || strings.Contains(bold.HTML, "script") {
		t.Errorf("B27: %q", bold.HTML)
	}
	ines.writes(id, e2e.Object{"kind": "note", "text": "ojo @luis: nota-secreta", "mentions": []string{"luis"}})
	eventually(t, "B31: Luis is told", func() bool { return notified(luis, id, "mention", "nota-secreta") })

	// To Support, where nobody is: it waits (B37, B46, B47).
	c := ines.act(id, "transfer", e2e.Object{"department": "support", "reason": "motivo-secreto"})
	if c.Department != "support" || c.Assignee != "" || c.Status != "open" {
		t.Errorf("B37: %+v", c)
	}
	if line := otto.hasEvent(id, "conversation.transferred"); line.Data["reason"] != "motivo-secreto" || line.Data["name"] != "Support" {
		t.Errorf("B47, B48: %+v", line)
	}
	eventually(t, "it waits in Support", func() bool {
		return slices.ContainsFunc(otto.lists("view=unassigned&department=support"), func(c e2e.Conversation) bool { return c.ID == id })
	})

	// Otto gives it to Luis, who is not there: it waits for him (B50); Otto hands it on to Inés (B38, B51).
	if c := otto.act(id, "transfer", e2e.Object{"agent": "luis"}); c.WaitsFor != "luis" || c.Assignee != "" {
		t.Errorf("B50: %+v", c)
	}
	eventually(t, "B50: Luis is told", func() bool { return notified(luis, id, "transferred", "") })
	if waiting := luis.lists("view=waiting"); !slices.ContainsFunc(waiting, func(c e2e.Conversation) bool { return c.ID == id }) {
		t.Error("B50: not in his pending list")
	}
	if c := otto.act(id, "transfer", e2e.Object{"agent": "ines"}); c.Assignee != "ines" || c.WaitsFor != "" {
		t.Errorf("B51: %+v", c)
	}
	eventually(t, "B49: hers, first", func() bool { mine := ines.lists("view=mine"); return len(mine) > 0 && mine[0].ID == id })

	// She snoozes for two seconds, and the timer wakes it, not early.
	until := time.Now().Add(2 * time.Second)
	if c := ines.act(id, "snooze", e2e.Object{"at": until.UTC().Format(time.RFC3339Nano)}); c.Status != "snoozed" {
		t.Errorf("snoozed: %+v", c)
	}
	woken := ines.hears("woken by the timer", func(f e2e.Frame) bool {
		return f.Type == "conversation.updated" && f.Conversation == id && f.Message().Event == "conversation.woken"
	})
	if woken.At.Before(until) || woken.Message().Data["by"] != "timer" || woken.ConversationNow().Status != "open" {
		t.Errorf("I10: woken %v after it was due: %s", woken.At.Sub(until), woken.Data)
	}
	if c := ines.opens(id).Conversation; c.Assignee != "ines" {
		t.Errorf("woken for %q", c.Assignee)
	}

	closeAndTranscribe(t, ines, carla, id)
	nothingInternal(t, carla)
}

// closeAndTranscribe: no close without a ticket (B59); then one is made in the same step (B61-B64); then the mails (B73-B76).
func closeAndTranscribe(t *testing.T, ines *agent, carla *customer, id string) {
	t.Helper()
	before := ines.opens(id).Conversation
	ines.refused(http.MethodPost, "/v1/conversations/"+id+"/close", e2e.Object{}, http.StatusConflict, "conflict", "ticket")
	if c := ines.opens(id).Conversation; c.Version != before.Version || c.Status != "open" {
		t.Errorf("B59: a refused close changed %+v", c)
	}
	carla.refused(http.MethodPost, "/widget/v1/transcript", e2e.Object{"conversation": id, "client_id": "early"}, http.StatusConflict, "conflict", "")
	closing := e2e.Object{"note": e2e.Object{"category": "Envíos", "summary": "resumen-secreto"},
		"new_ticket": e2e.Object{"client_id": "close-" + id, "subject": "Pedido 77"}}
	closed := ines.closes(id, closing)
	if c := closed.Conversation; c.Status != "resolved" || c.Ticket != closed.Ticket.Number || c.Note.Category != "Envíos" || c.Note.Summary != "resumen-secreto" {
		t.Errorf("B62, B64: %+v", closed)
	}
	if again := ines.closes(id, closing); again.Ticket.Number != closed.Ticket.Number {
		t.Errorf("a repeated close made ticket %d, too", again.Ticket.Number)
	}
	var ticket e2e.OpenedTicket
	ines.get("/v1/tickets/"+jsonNumber(closed.Ticket.Number), &ticket)
	if !slices.ContainsFunc(ticket.Actions, func(a e2e.TicketAction) bool {
		return a.Kind == "history" && a.Conversation == id
	}) {
		t.Errorf("B61: %+v", ticket)
	}
	carla.hears("closed", func(f e2e.Frame) bool {
		return f.Type == "conversation.updated" && f.ConversationNow().Status == "resolved"
	})

	ines.post("/v1/conversations/"+id+"/transcript", e2e.Object{"client_id": "t1", "assignee": true}, nil)
	ines.post("/v1/conversations/"+id+"/transcript", e2e.Object{"client_id": "t2", "email": "jefa-" + id + "@example.com"}, nil)
	ines.post("/v1/conversations/"+id+"/transcript", e2e.Object{"client_id": "t2", "email": "jefa-" + id + "@example.com"}, nil)
	carla.post("/widget/v1/transcript", e2e.Object{"conversation": id, "client_id": "t3"}, nil)
	for _, state := range []string{"sending", "sent"} {
		carla.hears("B76: "+state, func(f e2e.Frame) bool {
			var progress struct{ State string }
			return f.Type == "transcript" && f.Decode(&progress) == nil && progress.State == state
		})
	}
	for _, to := range []string{"ines@demo.test", "jefa-" + id + "@example.com", "Carla.Duarte@example.com"} {
		mail := transcriptTo(t, to)
		for _, secret := range []string{"secret", "demo.test", "Support", "Luis"} {
			if strings.Contains(mail.Text+mail.HTML+mail.Subject, secret) {
				t.Errorf("B30: the transcript to %s holds %q:\n%s", to, secret, mail.Text)
			}
		}
	}
}

// transcriptTo waits for the mail to an address that holds this conversation.
func transcriptTo(t *testing.T, to string) e2e.Mail {
	t.Helper()
	var found e2e.Mail
	eventually(t, "B75: the transcript for "+to, func() bool {
		mails, err := host.Mails(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, mail := range mails {
			if mail.To == to && strings.Contains(mail.Text, "Hola") && strings.Contains(mail.Text, "Buenos días, Carla") {
				found = mail
				return true
			}
		}
		return false
	})
	return found
}

// nothingInternal looks through everything that a customer can get hold of (B30, B47).
func nothingInternal(t *testing.T, c *customer) {
	t.Helper()
	var all strings.Builder
	for _, f := range c.socket.Frames() {
		all.WriteString(f.Type)
		all.Write(f.Data)
		if f.Type == "malformed" {
			t.Error("a frame is no JSON")
		}
	}
	for _, path := range []string{"/widget/v1/messages?limit=100", "/widget/v1/conversations", "/widget/v1/contact"} {
		var raw json.RawMessage
		c.get(path, &raw)
		all.Write(raw)
	}
	for _, secret := range []string{"secret", "demo.test", "support", "Support", "luis", "transferred", "activity", `"note"`, "assignee", "ticket"} {
		if strings.Contains(all.String(), secret) {
			t.Errorf("the customer got hold of %q", secret)
		}
	}
}

func notified(a *agent, conversation, kind, text string) bool {
	a.t.Helper()
	var page e2e.Page[e2e.Notification]
	a.get("/v1/notifications", &page)
	return slices.ContainsFunc(page.Items, func(n e2e.Notification) bool {
		return n.Conversation == conversation && n.Kind == kind && strings.Contains(n.Text, text)
	})
}

func jsonNumber(n int64) string {
	raw, err := json.Marshal(n)
	if err != nil {
		return ""
	}
	return string(raw)
}
