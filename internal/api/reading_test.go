package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/desk"
)

// items reads the items of a list, by their ids in order.
func (w *world) items(path string) (ids []string, cursor string) {
	w.t.Helper()
	got := w.do(http.MethodGet, path, "")
	for _, item := range listed(w.t, got, "items") {
		ids = append(ids, name(w.t, item, "id"))
	}
	if got["cursor"] != nil {
		cursor = name(w.t, got, "cursor")
	}
	return ids, cursor
}

// TestAgents lists those available for attention first, with presence and load (B43-B45).
func TestAgents(t *testing.T) {
	w := newWorld(t, nil)
	w.do(http.MethodPut, "/v1/me/presence", `{"presence":"pre_pause"}`)
	w.do(http.MethodPost, "/v1/conversations/{{conversation}}/assign", `{"agent":"{{agent2}}"}`)
	got := w.do(http.MethodGet, "/v1/agents", "")
	var seen []string
	for _, a := range listed(t, got, "items") {
		seen = append(seen, fmt.Sprintf("%v %v %v/%v", at(t, a, "name"), at(t, a, "seat", "presence"), at(t, a, "seat", "load"), at(t, a, "seat", "capacity")))
	}
	want := "ines connected 0/5, otto connected 1/5, ana pre_pause 0/5, vera disconnected 0/5"
	if strings.Join(seen, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(seen, ", "), want)
	}
	t.Run("SignIn", func(t *testing.T) {
		if !strings.Contains(text(t, got), `"sign_in"`) {
			t.Error("the administrator does not see how agents sign in")
		}
		if res := w.ask(http.MethodGet, "/v1/agents", staff("otto"), ""); strings.Contains(res.Body.String(), `"sign_in"`) {
			t.Error("an operator sees how agents sign in")
		}
	})
}

// TestContactsFound: q finds by what is typed; there is one page of it.
func TestContactsFound(t *testing.T) {
	w := newWorld(t, nil)
	w.do(http.MethodGet, "/v1/contacts?q=zz-nobody&limit=5", "")
	for path, field := range map[string]string{"/v1/contacts?q=": "q", "/v1/contacts?q=rosa&cursor=at-2": "cursor"} {
		if res := w.ask(http.MethodGet, path, staff("vera"), ""); res.Code != http.StatusBadRequest || !strings.Contains(res.Body.String(), `"`+field+`"`) {
			t.Errorf("%s: %d %s", path, res.Code, res.Body)
		}
	}
}

// TestDepartments lists them with the number of their agents (B41).
func TestDepartments(t *testing.T) {
	w := newWorld(t, nil)
	if got := text(t, w.do(http.MethodGet, "/v1/departments", "")); got !=
		`{"items":[{"agents":0,"id":"demo-sales","name":"Sales"},{"agents":4,"id":"demo-support","name":"Support"}]}` {
		t.Error(got)
	}
}

func TestPagesOfSettings(t *testing.T) {
	w := newWorld(t, nil)
	var all []string
	path := "/v1/agents?limit=3"
	for range 3 {
		ids, cursor := w.items(path)
		all = append(all, ids...)
		if cursor == "" {
			break
		}
		path = "/v1/agents?limit=3&cursor=" + cursor
	}
	if strings.Join(all, " ") != "demo-ana demo-ines demo-otto demo-vera" {
		t.Errorf("got %v", all)
	}
	t.Run("Deleted", func(t *testing.T) {
		w.do(http.MethodDelete, "/v1/settings/labels/{{label}}", "")
		if ids, _ := w.items("/v1/labels"); len(ids) != 1 {
			t.Errorf("got %v", ids)
		}
		if ids, _ := w.items("/v1/labels?deleted=true"); len(ids) != 2 {
			t.Errorf("got %v", ids)
		}
		if res := w.ask(http.MethodPut, w.fill("/v1/settings/labels/{{label}}", ""), staff("ana"), `{"name":"x"}`); res.Code != http.StatusNotFound {
			t.Errorf("a deleted label is saved: %d", res.Code)
		}
	})
}

// TestOpenedConversation holds everything that the screen needs (B19), and what is allowed in its state (B55).
func TestOpenedConversation(t *testing.T) {
	w := newWorld(t, nil)
	path := w.fill("/v1/conversations/{{conversation}}", "")
	opened := w.do(http.MethodGet, path, "")
	c := at(t, opened, "conversation")
	if at(t, c, "status") != "open" || at(t, c, "number") != 1.0 || at(t, c, "channel") != "webchat" || at(t, opened, "contact", "id") != w.own.ids["contact"] {
		t.Errorf("got %v", opened)
	}
	if got := text(t, at(t, c, "allowed")); got != `["assign","close","label","mute","note","pending","priority","reply","snooze","ticket","transcript","transfer"]` {
		t.Errorf("allowed: %s", got)
	}
	closed := w.do(http.MethodPost, path+"/close", `{"note":{"category":"Billing","summary":"refunded"},"new_ticket":{"client_id":"c","subject":"Refund"}}`)
	t.Run("Closed", func(t *testing.T) {
		c, ticket := at(t, closed, "conversation"), at(t, closed, "ticket")
		if at(t, c, "status") != "resolved" || text(t, at(t, c, "note")) != `{"category":"Billing","summary":"refunded"}` || at(t, c, "ticket") != at(t, ticket, "number") {
			t.Errorf("got %v", closed)
		}
		if allowed := text(t, at(t, c, "allowed")); strings.Contains(allowed, "reply") {
			t.Errorf("allowed: %s", allowed)
		}
		patch := fmt.Sprintf(`{"version":%v,"status":"in_progress"}`, at(t, ticket, "version"))
		if got := w.do(http.MethodPatch, fmt.Sprintf("/v1/tickets/%v", at(t, ticket, "number")), patch); got["status"] != "in_progress" {
			t.Errorf("the ticket of the answer cannot be changed: %v", got)
		}
	})
	t.Run("Viewer", func(t *testing.T) {
		res := w.ask(http.MethodGet, path, staff("vera"), "")
		if !strings.Contains(res.Body.String(), `"allowed":[]`) {
			t.Errorf("a viewer may: %s", res.Body)
		}
	})
}

// TestThreadIsOldestFirst reads a thread forward and backward.
func TestThreadIsOldestFirst(t *testing.T) {
	w := newWorld(t, nil)
	read := func(query string) []string {
		var ids []string
		for _, m := range listed(t, w.do(http.MethodGet, "/v1/conversations/{{conversation}}/messages?"+query, ""), "messages") {
			if at(t, m, "kind") != "activity" {
				ids = append(ids, name(t, m, "id"))
			}
		}
		return ids
	}
	own := w.own.ids
	for query, want := range map[string][]string{
		"":                                     {own["message"], own["reply"], own["note"]},
		"after=" + own["message"] + "&limit=1": {own["reply"]},
		"before=" + own["note"] + "&limit=1":   {own["reply"]},
	} {
		if got := read(query); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: got %v, want %v", query, got, want)
		}
	}
}

// TestLiveShapes are those of the routes, so that a client has one form of each.
func TestLiveShapes(t *testing.T) {
	w := newWorld(t, nil)
	shapes := api.LiveShapes(w.desk)
	view, err := w.desk.Conversation(t.Context(), w.own.admin, desk.ConversationID(w.own.ids["conversation"]), true)
	w.must(err)
	opened := w.do(http.MethodGet, "/v1/conversations/{{conversation}}", "")
	for i, m := range view.Messages {
		if got, want := plain(t, shapes.Message(m, false)), at(t, opened, "messages", i); text(t, got) != text(t, want) {
			t.Errorf("frame  %s\nroute  %s", text(t, got), text(t, want))
		}
		if shown := shapes.Message(m, true) != nil; shown != (m.Kind == desk.MessageText) {
			t.Errorf("the customer sees %s: %t", m.Kind, shown)
		}
	}
	want, ok := opened["conversation"].(map[string]any)
	if !ok {
		t.Fatal(opened)
	}
	delete(want, "allowed")
	if got := text(t, plain(t, shapes.Conversation("demo", view.Conversation, false))); got != text(t, want) {
		t.Errorf("frame  %s\nroute  %s", got, text(t, want))
	}
	if got := text(t, shapes.Conversation("demo", view.Conversation, true)); strings.Contains(got, "privado") || strings.Contains(got, "demo-support") {
		t.Errorf("the customer is told %s", got)
	}
	if got := text(t, shapes.Seat(desk.Seat{Agent: "a", Capacity: 3})); got !=
		`{"agent":"a","presence":"disconnected","chosen":"disconnected","capacity":3,"load":0,"available":false}` {
		t.Error(got)
	}
}

// plain turns a shape into what a client reads of it.
func plain(t *testing.T, shape any) any {
	t.Helper()
	var out any
	if err := json.Unmarshal([]byte(text(t, shape)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestGuideDone: what an administrator sent away is gone for all of them.
func TestGuideDone(t *testing.T) {
	w := newWorld(t, nil)
	if got := at(t, w.do(http.MethodGet, "/v1/me", ""), "account", "guide_done"); got != false {
		t.Fatalf("before: %v", got)
	}
	account := w.do(http.MethodGet, "/v1/settings/account", "")
	account["guide_done"] = true
	body, err := json.Marshal(account)
	w.must(err)
	w.do(http.MethodPut, "/v1/settings/account", string(body))
	if got := at(t, w.do(http.MethodGet, "/v1/me", ""), "account", "guide_done"); got != true {
		t.Fatalf("after: %v", got)
	}
}
