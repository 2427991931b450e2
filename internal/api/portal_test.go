package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

// TestPortalAnswers: B88, what a customer sees of his ticket.
func TestPortalAnswers(t *testing.T) {
	w := newWorld(t, nil)
	written := w.ask(http.MethodPost, w.fill("/widget/v1/tickets/{{ticket}}/actions", ""), w.own.token, `{"client_id":"1","text":"¿Y ahora?"}`)
	again := w.ask(http.MethodPost, w.fill("/widget/v1/tickets/{{ticket}}/actions", ""), w.own.token, `{"client_id":"1","text":"¿Y ahora?"}`)
	if written.Code != http.StatusCreated || written.Body.String() != again.Body.String() {
		t.Errorf("%d %s, again %s", written.Code, written.Body, again.Body)
	}
	opened := decoded(t, w.ask(http.MethodGet, w.fill("/widget/v1/tickets/{{ticket}}?fresh=true", ""), w.own.token, ""))
	actions := listed(t, opened, "actions")
	if len(actions) != 2 || name(t, actions[0], "author", "name") != "Ana" || name(t, actions[1], "author", "kind") != "customer" {
		t.Errorf("got %v", actions)
	}
	for _, key := range []string{"responsible", "requester", "cc", "tags", "version", "conversations"} {
		if _, there := at(t, opened, "ticket").(map[string]any)[key]; there {
			t.Errorf("the ticket tells %s", key)
		}
	}
}

// TestPortalRefuses: who is anonymous is told the way to identify himself.
func TestPortalRefuses(t *testing.T) {
	w := newWorld(t, nil)
	begun, err := w.desk.StartSession(t.Context(), desk.Arrival{Inbox: w.own.ids["key"]})
	w.must(err)
	token, _, err := w.server.Visitors.Mint(t.Context(), begun.Visitor)
	w.must(err)
	for _, ask := range [][3]string{
		{http.MethodGet, "/widget/v1/tickets", ""}, {http.MethodGet, "/widget/v1/tickets/{{ticket}}", ""}, {http.MethodGet, "/widget/v1/tickets/form", ""},
		{http.MethodPost, "/widget/v1/tickets", `{"client_id":"1","subject":"x","text":"y"}`},
		{http.MethodPost, "/widget/v1/tickets/{{ticket}}/actions", `{"client_id":"1","text":"y"}`},
	} {
		res := w.ask(ask[0], w.fill(ask[1], ""), token, ask[2])
		if got := faultOf(t, res).Error; res.Code != http.StatusForbidden || got.Field != "identity" || !strings.Contains(got.Message, "/widget/v1/identity/code") {
			t.Errorf("%s: %d %+v", ask[1], res.Code, got)
		}
	}
}

// TestCodesAreLimited: one visitor, and one network, has a few codes mailed.
func TestCodesAreLimited(t *testing.T) {
	w := newWorld(t, nil)
	var last int
	for i := range 11 {
		res := w.ask(http.MethodPost, "/widget/v1/identity/code", w.own.token, fmt.Sprintf(`{"email":"a%d@example.com"}`, i))
		if last = res.Code; i < 10 && (last != http.StatusAccepted || res.Body.Len() > 0) {
			t.Errorf("time %d: %d %s", i+1, last, res.Body)
		}
		if last == http.StatusTooManyRequests && res.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the eleventh: %d", last)
	}
}
