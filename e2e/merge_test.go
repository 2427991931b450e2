package e2e_test

import (
	"crypto/rand"
	"net/http"
	"slices"
	"testing"

	"github.com/relevo/relevo/e2e"
)

// TestMergedTicket: B105, B106: a ticket is merged into another and taken back; what came to the heir meanwhile stays there.
func TestMergedTicket(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.hires("operator", 5)
	_, id := w.visits("Hola")
	contact := worker.opens(id).Contact.ID
	makes := func(subject string, more e2e.Object) e2e.Ticket {
		var made e2e.Ticket
		ask := e2e.Object{"client_id": rand.Text(), "subject": subject, "requester": contact}
		for name, value := range more {
			ask[name] = value
		}
		worker.post("/v1/tickets", ask, &made)
		return made
	}
	texts := func(n int64) []string {
		var opened e2e.OpenedTicket
		worker.get("/v1/tickets/"+jsonNumber(n)+"?fresh=true", &opened)
		var all []string
		for _, a := range opened.Actions {
			all = append(all, a.Text)
		}
		return all
	}
	first, heir := makes("Botas", e2e.Object{"description": "Rotas", "status": "pending", "tags": []string{"red"}}), makes("Zapatos", e2e.Object{"description": "Rotos"})
	path := "/v1/tickets/" + jsonNumber(first.Number)
	worker.act(id, "ticket", e2e.Object{"number": first.Number})
	worker.refused(http.MethodPost, path+"/unmerge", nil, http.StatusConflict, "conflict", "merged_into")
	worker.refused(http.MethodPost, path+"/merge", e2e.Object{"ticket": first.Number}, http.StatusBadRequest, "invalid", "ticket")

	var merged e2e.Ticket
	worker.post(path+"/merge", e2e.Object{"ticket": heir.Number}, &merged)
	if merged.MergedInto != heir.Number {
		t.Fatalf("merged: %+v", merged)
	}
	worker.refused(http.MethodPost, "/v1/tickets/"+jsonNumber(heir.Number)+"/merge", e2e.Object{"ticket": first.Number}, http.StatusConflict, "conflict", "ticket")
	eventually(t, "B105: its actions and its conversation are the heir's", func() bool {
		return slices.Equal(texts(heir.Number), []string{"Rotas", "Rotos"}) && worker.opens(id).Conversation.Ticket == heir.Number
	})
	worker.post("/v1/tickets/"+jsonNumber(heir.Number)+"/actions", e2e.Object{"client_id": rand.Text(), "text": "Desde entonces"}, nil)

	var back e2e.Ticket
	worker.post(path+"/unmerge", nil, &back)
	if back.MergedInto != 0 || back.Status != "pending" || !slices.Contains(back.Conversations, id) {
		t.Fatalf("unmerged: %+v", back)
	}
	eventually(t, "B105: what was its own is so again, and what came since stays", func() bool {
		return slices.Equal(texts(first.Number), []string{"Rotas"}) && slices.Equal(texts(heir.Number), []string{"Rotos", "Desde entonces"}) &&
			worker.opens(id).Conversation.Ticket == first.Number
	})
	for _, n := range []int64{first.Number, heir.Number} {
		var history e2e.Page[e2e.TicketChange]
		worker.get("/v1/tickets/"+jsonNumber(n)+"/history", &history)
		if !slices.ContainsFunc(history.Items, func(c e2e.TicketChange) bool { return c.Trigger == "unmerge" }) {
			t.Errorf("the history of %d tells nothing: %+v", n, history.Items)
		}
	}
}
