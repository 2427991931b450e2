package e2e_test

import (
	"crypto/rand"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/relevo/relevo/e2e"
)

// TestTickets: B59, B61, B62, B79, B82, B91, B92.
func TestTickets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, e2e.Object{"ticket_policy": "required"})
	worker := w.hires("agent", 5).arrive()
	_, id := w.visits("Hola")
	contact := worker.opens(id).Contact.ID
	path := "/v1/conversations/" + id

	// A ticket wants a requester and a subject (B92); numbers are whole and rise, whoever asks at once (B91).
	worker.refused(http.MethodPost, "/v1/tickets", e2e.Object{"client_id": rand.Text(), "subject": "x"}, http.StatusBadRequest, "invalid", "requester")
	worker.refused(http.MethodPost, "/v1/tickets", e2e.Object{"client_id": rand.Text(), "requester": contact}, http.StatusBadRequest, "invalid", "subject")
	worker.refused(http.MethodPost, "/v1/tickets", e2e.Object{"client_id": rand.Text(), "subject": "x", "requester": "nobody"}, http.StatusBadRequest, "invalid", "requester")
	var mu sync.Mutex
	var numbers []int64
	var making sync.WaitGroup
	for range 6 {
		making.Go(func() {
			var made e2e.Ticket
			err := worker.Do(t.Context(), http.MethodPost, "/v1/tickets", e2e.Object{"client_id": rand.Text(), "subject": "Pedido", "requester": contact}, &made)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			numbers = append(numbers, made.Number)
		})
	}
	making.Wait()
	slices.Sort(numbers)
	if numbers[0] < 1 || len(slices.Compact(slices.Clone(numbers))) != len(numbers) {
		t.Errorf("B91: %v", numbers)
	}

	// Found by its number and linked (B79); the link can be taken away; a new one registers the requester (B82).
	var found e2e.OpenedTicket
	worker.get("/v1/tickets/"+jsonNumber(numbers[0]), &found)
	if found.Ticket.Number != numbers[0] || found.Ticket.Requester != contact {
		t.Errorf("B79: %+v", found)
	}
	worker.refused(http.MethodGet, "/v1/tickets/99999999", nil, http.StatusNotFound, "not_found", "")
	worker.refused(http.MethodPost, path+"/ticket", e2e.Object{"number": 99999999}, http.StatusBadRequest, "invalid", "number")
	if c := worker.act(id, "ticket", e2e.Object{"number": numbers[0]}); c.Ticket != numbers[0] {
		t.Errorf("B79: %+v", c)
	}
	var unlinked e2e.Conversation
	worker.do(http.MethodDelete, path+"/ticket", nil, &unlinked)
	if unlinked.Ticket != 0 {
		t.Errorf("unlinked: %+v", unlinked)
	}
	worker.refused(http.MethodPost, path+"/close", e2e.Object{}, http.StatusConflict, "conflict", "ticket")
	c := worker.act(id, "ticket", e2e.Object{"new_ticket": e2e.Object{"client_id": "new-" + id, "subject": "Nuevo"}})
	worker.get("/v1/tickets/"+jsonNumber(c.Ticket), &found)
	if c.Ticket <= numbers[len(numbers)-1] || found.Ticket.Requester != contact || !slices.Contains(found.Ticket.Conversations, id) {
		t.Errorf("B82, B91: %+v, %+v", c, found)
	}
	var action e2e.TicketAction
	worker.post("/v1/tickets/"+jsonNumber(c.Ticket)+"/actions", e2e.Object{"client_id": "a", "text": "Llamé al transportista."}, &action)
	var changed e2e.Ticket
	worker.get("/v1/tickets/"+jsonNumber(c.Ticket), &found)
	worker.do(http.MethodPatch, "/v1/tickets/"+jsonNumber(c.Ticket), e2e.Object{"version": found.Ticket.Version, "status": "in_progress", "responsible": worker.id}, &changed)
	if changed.Status != "in_progress" || changed.Responsible != worker.id {
		t.Errorf("changed: %+v", changed)
	}
	worker.refused(http.MethodPatch, "/v1/tickets/"+jsonNumber(c.Ticket), e2e.Object{"version": found.Ticket.Version, "status": "closed"},
		http.StatusConflict, "conflict", "version")

	// Linked is enough to close, and the history goes to the ticket once (B59, B61).
	if closed := worker.closes(id, e2e.Object{}); closed.Conversation.Status != "resolved" || closed.Conversation.Ticket != c.Ticket {
		t.Errorf("B59: %+v", closed)
	}
	worker.get("/v1/tickets/"+jsonNumber(c.Ticket), &found)
	histories := 0
	for _, a := range found.Actions {
		if a.Kind == "history" && a.Conversation == id && a.From < a.To {
			histories++
		}
	}
	if histories != 1 {
		t.Errorf("B61: %d histories in %+v", histories, found.Actions)
	}
	var own e2e.Page[e2e.Ticket]
	worker.get("/v1/contacts/"+contact+"/tickets", &own)
	if len(own.Items) < len(numbers) {
		t.Errorf("the contact's tickets: %+v", own.Items)
	}
}

// TestClosingWithAnExistingTicket: B62, B72.
func TestClosingWithAnExistingTicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t, e2e.Object{"ticket_policy": "required"})
	worker := w.hires("agent", 5).arrive()
	_, id := w.visits("Hola")
	var ticket e2e.Ticket
	worker.post("/v1/tickets", e2e.Object{"client_id": rand.Text(), "subject": "Pedido", "requester": worker.opens(id).Contact.ID}, &ticket)
	worker.refused(http.MethodPost, "/v1/conversations/"+id+"/close", e2e.Object{"ticket": ticket.Number,
		"new_ticket": e2e.Object{"client_id": rand.Text(), "subject": "x"}}, http.StatusBadRequest, "invalid", "ticket")
	if closed := worker.closes(id, e2e.Object{"ticket": ticket.Number}); closed.Conversation.Ticket != ticket.Number || closed.Conversation.Status != "resolved" {
		t.Errorf("B62: %+v", closed)
	}
	optional := newWorld(t, nil)
	_, other := optional.visits("Hola")
	if closed := optional.admin.closes(other, e2e.Object{}); closed.Conversation.Status != "resolved" || closed.Conversation.Ticket != 0 {
		t.Errorf("B72: %+v", closed)
	}
}

// TestAutomaticTicket: B83 as a policy of the inbox.
func TestAutomaticTicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t, e2e.Object{"ticket_policy": "automatic"})
	_, id := w.visits("Hola")
	c := w.admin.awaits(id, "B83: its own ticket", func(c e2e.Conversation) bool { return c.Ticket > 0 }).Conversation
	if closed := w.admin.closes(id, e2e.Object{}); closed.Conversation.Ticket != c.Ticket {
		t.Errorf("closed with %+v", closed)
	}
}

// TestContacts: B16, B36, and merging.
func TestContacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, e2e.Object{"pre_chat_form": true, "greeting": "Hola", "collect_email": true})
	worker := w.hires("operator", 5)
	c := visit(t, w.host, w.key, "")
	c.do(http.MethodPatch, "/widget/v1/contact", e2e.Object{"name": "Carla Duarte", "email": "carla@example.com"}, nil)
	c.refused(http.MethodPatch, "/widget/v1/contact", e2e.Object{"email": "carla"}, http.StatusBadRequest, "invalid", "email")
	id := c.says("Hola").Conversation
	thread := worker.awaits(id, "B16: name and address from the form", func(c e2e.Conversation) bool {
		return c.Contact.Name == "Carla Duarte" && c.Contact.Email == "carla@example.com"
	})
	eventually(t, "the greeting, and no questions (B16)", func() bool { return automatic(worker, id) == 1 })
	carla := thread.Contact.ID
	var patched e2e.Contact
	worker.do(http.MethodPatch, "/v1/contacts/"+carla, e2e.Object{"phone": "+57 300 123 4567"}, &patched)
	if patched.Phone == "" || patched.Email != "carla@example.com" {
		t.Errorf("B36: %+v", patched)
	}
	worker.refused(http.MethodPatch, "/v1/contacts/"+carla, e2e.Object{"email": "no address"}, http.StatusBadRequest, "invalid", "email")

	// The same person from another device: two contacts, made one.
	other := visit(t, w.host, w.key, "")
	otherConversation := other.says("Soy yo otra vez").Conversation
	second := worker.opens(otherConversation).Contact.ID
	worker.refused(http.MethodPost, "/v1/contacts/"+carla+"/merge", e2e.Object{"contact": carla}, http.StatusBadRequest, "invalid", "contact")
	worker.closes(otherConversation, e2e.Object{})
	var merged e2e.Contact
	worker.post("/v1/contacts/"+carla+"/merge", e2e.Object{"contact": second}, &merged)
	worker.post("/v1/contacts/"+carla+"/merge", e2e.Object{"contact": second}, &merged)
	if merged.ID != carla || len(merged.Identities) != 2 || merged.Name != "Carla Duarte" {
		t.Errorf("merged: %+v", merged)
	}
	var alias e2e.Contact
	worker.get("/v1/contacts/"+second, &alias)
	if alias.ID != carla {
		t.Errorf("the alias gives %+v", alias)
	}
	var previous e2e.Page[e2e.Conversation]
	eventually(t, "both conversations are hers", func() bool {
		worker.get("/v1/contacts/"+carla+"/conversations", &previous)
		return len(previous.Items) == 2
	})
	if next := other.says("¿Y ahora?"); next.Conversation != id {
		t.Errorf("after the merge she writes into %s, want her open one %s", next.Conversation, id)
	}
	var made, again e2e.Contact
	worker.post("/v1/contacts", e2e.Object{"client_id": "c1", "name": "Ana"}, &made)
	worker.post("/v1/contacts", e2e.Object{"client_id": "c1", "name": "Ana"}, &again)
	if made.ID == "" || made.ID != again.ID {
		t.Errorf("a repeat made %s beside %s", again.ID, made.ID)
	}
}

// TestCannedReplies: B28.
func TestCannedReplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.hires("agent", 5)
	short := "e2e-" + rand.Text()[:8]
	var made struct{ ID string }
	w.admin.post("/v1/settings/canned", e2e.Object{"client_id": "c-" + short, "short": short, "text": "Buenos días"}, &made)
	w.admin.refused(http.MethodPost, "/v1/settings/canned", e2e.Object{"client_id": "d", "short": "con espacio", "text": "x"}, http.StatusBadRequest, "invalid", "short")
	listed := func() bool {
		var page e2e.Page[struct{ Short, Text string }]
		worker.get("/v1/canned", &page)
		return slices.ContainsFunc(page.Items, func(c struct{ Short, Text string }) bool { return c.Short == short && c.Text == "Buenos días" })
	}
	eventually(t, "B28: listed", listed)
	w.admin.do(http.MethodDelete, "/v1/settings/canned/"+made.ID, nil, nil)
	eventually(t, "deleted", func() bool { return !listed() })
}

// TestBot: B54: a conversation begins pending with the bot, which answers with its own token and opens it.
func TestBot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	var bot struct {
		Bot   struct{ ID string }
		Token string
	}
	w.admin.post("/v1/settings/bots", e2e.Object{"client_id": "b-" + w.inbox, "name": "Robi", "inbox": w.inbox}, &bot)
	w.admin.do(http.MethodPut, "/v1/settings/inboxes/"+w.inbox, e2e.Object{"name": "Con bot", "channel": "webchat", "department": w.department,
		"language": "es", "ticket_policy": "optional", "bot": bot.Bot.ID}, nil)
	robi := &agent{caller: caller{t: t, Client: &e2e.Client{Base: w.host.URL(), Token: bot.Token, HTTP: &http.Client{Transport: checked(t, w.host.URL())}}}}
	worker := w.hires("agent", 5).arrive()
	c := visit(t, w.host, w.key, "").listens()
	id := c.says("Hola").Conversation
	if got := robi.opens(id).Conversation; got.Status != "pending" {
		t.Fatalf("B54: %+v", got)
	}
	robi.replies(id, "Soy Robi")
	c.hears("the bot", isMessage("Soy Robi"))
	if got := robi.act(id, "open", nil); got.Status != "open" || got.Assignee != "" {
		t.Errorf("B54: %+v", got)
	}
	eventually(t, "B54: it waits for people", func() bool { return has(worker.lists("view=unassigned"), id) })
	_, foreign := newWorld(t, nil).visits("Hola")
	robi.refused(http.MethodGet, "/v1/conversations/"+foreign, nil, http.StatusNotFound, "not_found", "")
	robi.refused(http.MethodGet, "/v1/me", nil, http.StatusForbidden, "forbidden", "")
	robi.refused(http.MethodGet, "/v1/settings/account", nil, http.StatusForbidden, "forbidden", "role")
	w.admin.do(http.MethodDelete, "/v1/settings/bots/"+bot.Bot.ID, nil, nil)
	eventually(t, "its token ends with it", func() bool {
		return robi.Do(t.Context(), http.MethodGet, "/v1/conversations/"+id, nil, nil) != nil
	})
	robi.refused(http.MethodGet, "/v1/conversations/"+id, nil, http.StatusUnauthorized, "unauthenticated", "")
}
