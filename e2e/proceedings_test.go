package e2e_test

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/relevo/relevo/e2e"
)

// TestProceedings: B78, B80, B87-B90, B95, B100, B108, B109, B112: a ticket is worked on, what is public reaches its people,
// and the customer proposes it for his next conversation.
func TestProceedings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, other := w.hires("operator", 5), w.hires("agent", 5)
	c, id := w.visits("Hola")
	contact, word := worker.opens(id).Contact.ID, strings.ToLower("Zafiró"+rand.Text()[:6])
	cc := strings.ToLower(rand.Text()) + "@example.com"
	var ticket e2e.Ticket
	worker.post("/v1/tickets", e2e.Object{"client_id": rand.Text(), "subject": "Anillo", "requester": contact, "description": "Perdió el " + word,
		"type": "internal", "priority": "high", "cc": []string{cc}, "responsible": other.id}, &ticket)
	path := "/v1/tickets/" + jsonNumber(ticket.Number)
	if ticket.Type != "internal" || ticket.Priority != "high" || ticket.Responsible != other.id {
		t.Errorf("B87, B95, B99: %+v", ticket)
	}
	eventually(t, "B78: found by a word of its description, without accents", func() bool {
		var found e2e.Page[e2e.Ticket]
		other.get("/v1/tickets/search?q="+strings.ReplaceAll(word, "ó", "o"), &found)
		return len(found.Items) == 1 && found.Items[0].Number == ticket.Number
	})
	worker.refused(http.MethodPost, path+"/actions", e2e.Object{"client_id": "p", "text": "x", "public": true}, http.StatusConflict, "conflict", "public")
	c.refused(http.MethodPost, "/widget/v1/conversations/"+id+"/ticket", e2e.Object{"number": ticket.Number}, http.StatusNotFound, "not_found", "number")
	worker.do(http.MethodPatch, path, e2e.Object{"version": ticket.Version, "type": "public"}, &ticket)

	// The customer proposes it, and an agent confirms.
	c.do(http.MethodPost, "/widget/v1/conversations/"+id+"/ticket", e2e.Object{"number": ticket.Number}, nil)
	worker.act(id, "ticket/reject", nil)
	c.do(http.MethodPost, "/widget/v1/conversations/"+id+"/ticket", e2e.Object{"number": ticket.Number}, nil)
	if linked := worker.act(id, "ticket/confirm", nil); linked.Ticket != ticket.Number {
		t.Errorf("B80: %+v", linked)
	}

	// What is public reaches the customer and Cc; what is internal, nobody but the responsible.
	var said, kept e2e.TicketAction
	worker.post(path+"/actions", e2e.Object{"client_id": rand.Text(), "text": "Lo encontramos " + word, "public": true}, &said)
	worker.post(path+"/actions", e2e.Object{"client_id": rand.Text(), "text": "Cuidado, secreto " + word}, &kept)
	eventually(t, "B88: the customer reads the public action", func() bool {
		return slices.ContainsFunc(c.thread().Messages, func(m e2e.Message) bool { return m.Text == said.Text })
	})
	eventually(t, "B100: and Cc by mail", func() bool {
		mails, err := host.Mails(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for _, m := range mails {
			if m.To == cc && strings.Contains(m.Text, said.Text) {
				got++
			}
			if strings.Contains(m.Text, kept.Text) {
				t.Errorf("an internal action was mailed to %s", m.To)
			}
		}
		return got == 1
	})
	eventually(t, "B108: the responsible is told of both", func() bool {
		var told e2e.Page[struct {
			Kind   string
			Ticket int64
		}]
		other.get("/v1/notifications", &told)
		actions := 0
		for _, n := range told.Items {
			if n.Kind == "ticket_action" && n.Ticket == ticket.Number {
				actions++
			}
		}
		return actions == 2
	})
	if slices.ContainsFunc(c.thread().Messages, func(m e2e.Message) bool { return m.Text == kept.Text }) {
		t.Error("an internal action reached the customer")
	}

	// The pencil, the filters and the history.
	other.refused(http.MethodPatch, path+"/actions/"+kept.ID, e2e.Object{"version": 0, "text": "x"}, http.StatusForbidden, "forbidden", "role")
	worker.do(http.MethodPatch, path+"/actions/"+kept.ID, e2e.Object{"version": kept.Version, "text": "Cuidado"}, &kept)
	worker.refused(http.MethodPatch, path+"/actions/"+kept.ID, e2e.Object{"version": 0, "text": "x"}, http.StatusConflict, "conflict", "version")
	if kept.Text != "Cuidado" || kept.EditedAt == "" || kept.Version != 1 {
		t.Errorf("B112: %+v", kept)
	}
	var page e2e.Page[e2e.TicketAction]
	worker.get(path+"/actions?filter=internal&fresh=true", &page)
	for _, a := range page.Items {
		if a.Public {
			t.Errorf("B109: %+v among internal actions", a)
		}
	}
	var history e2e.Page[e2e.TicketChange]
	worker.get(path+"/history", &history)
	if n := len(history.Items); n < 3 || history.Items[0].Trigger != "action" || history.Items[0].Fields[0].To != "Cuidado" || history.Items[n-1].Fields[0].From != "internal" {
		t.Errorf("B109: %+v", history.Items)
	}
}
