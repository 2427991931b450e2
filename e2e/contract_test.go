package e2e_test

import (
	"crypto/rand"
	"net/http"
	"testing"
	"time"

	"github.com/relevo/relevo/e2e"
)

// TestContracts: B98 and the clocks of what an inbox's contract promises.
func TestContracts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, e2e.Object{"ticket_policy": "optional"})
	worker := w.hires("agent", 5).arrive()
	always := []e2e.Object{{"from": 0, "to": 24 * 60}}
	week := []any{always, always, always, always, always, always, always}
	var hours, contract struct {
		ID string `json:"id"`
	}
	w.admin.post("/v1/settings/hours", e2e.Object{"client_id": rand.Text(), "name": "Always", "time_zone": "Europe/Madrid", "week": week}, &hours)
	promises := []e2e.Object{
		{"first_response_seconds": 3600, "next_response_seconds": 7200, "resolution_seconds": 10800},
		{"priority": "urgent", "first_response_seconds": 600},
	}
	whole := e2e.Object{"client_id": rand.Text(), "name": "For " + w.inbox, "inboxes": []string{w.inbox}, "hours": hours.ID, "warn_at": 80, "promises": promises}
	worker.refused(http.MethodPost, "/v1/settings/contracts", whole, http.StatusForbidden, "forbidden", "role")
	w.admin.refused(http.MethodPost, "/v1/settings/contracts", e2e.Object{"client_id": rand.Text(), "name": "x", "promises": promises, "hours": "none"},
		http.StatusBadRequest, "invalid", "hours")
	w.admin.post("/v1/settings/contracts", whole, &contract)
	w.admin.refused(http.MethodDelete, "/v1/settings/hours/"+hours.ID, nil, http.StatusConflict, "conflict", "")

	var c e2e.Conversation
	made := time.Now()
	eventually(t, "the contract holds", func() bool {
		if behindAGateway() && time.Since(made) < settingsBelieved { // by whichever function
			return false
		}
		_, id := w.visits("Hola")
		c = worker.opens(id).Conversation
		return c.Clocks.FirstResponse.Promised == 3600
	})
	soon := func(what string, due time.Time, in time.Duration) {
		t.Helper()
		if left := due.Sub(c.CreatedAt); (left - in).Abs() > time.Minute {
			t.Errorf("%s is due in %s, want %s", what, left, in)
		}
	}
	soon("the first response", c.Clocks.FirstResponse.Due, time.Hour)
	soon("the resolution", c.Clocks.Resolution.Due, 3*time.Hour)
	urgent := worker.act(c.ID, "priority", e2e.Object{"priority": "urgent"})
	soon("the first response of an urgent one", urgent.Clocks.FirstResponse.Due, 10*time.Minute)
	worker.act(c.ID, "priority", e2e.Object{"priority": "none"})
	if set := worker.act(c.ID, "pending", nil); !set.Clocks.Resolution.Paused || !set.Clocks.Resolution.Due.IsZero() {
		t.Errorf("pending: %+v", set.Clocks.Resolution)
	}
	if opened := worker.act(c.ID, "open", nil); opened.Clocks.Resolution.Paused || opened.Clocks.Resolution.Due.IsZero() {
		t.Errorf("opened: %+v", opened.Clocks.Resolution)
	}
	worker.replies(c.ID, "Dígame")
	worker.awaits(c.ID, "the answer ends the first clock", func(c e2e.Conversation) bool {
		return !c.Clocks.FirstResponse.EndedAt.IsZero() && !c.Clocks.FirstResponse.Breached
	})

	linked := worker.act(c.ID, "ticket", e2e.Object{"new_ticket": e2e.Object{"client_id": rand.Text(), "subject": "Roto"}})
	var opened e2e.OpenedTicket
	worker.get("/v1/tickets/"+jsonNumber(linked.Ticket), &opened)
	if due := opened.Ticket.Due; due.By != "contract" {
		t.Errorf("B98: %+v", due)
	} else {
		soon("B98: the ticket", due.At, 3*time.Hour)
	}

	w.admin.do(http.MethodDelete, "/v1/settings/contracts/"+contract.ID, nil, nil)
	w.admin.do(http.MethodDelete, "/v1/settings/hours/"+hours.ID, nil, nil)
}
