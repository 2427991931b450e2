package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

// tickets makes tickets beside those of the account, under names for paths and bodies: one that is internal, one merged into
// ticket2, and one deleted. foreign is one of the other account's, of a number that this one has not.
func (w *world) tickets() {
	w.t.Helper()
	makes := func(name, more string) {
		made := w.do(http.MethodPost, "/v1/tickets", `{"client_id":"`+name+`","subject":"Refund","requester":"{{contact}}"`+more+`}`)
		w.own.ids[name] = text(w.t, at(w.t, made, "number"))
	}
	makes("internal", `,"type":"internal"`)
	makes("merged", "")
	makes("deleted", "")
	makes("child", "")
	w.do(http.MethodPost, "/v1/tickets/{{merged}}/merge", `{"ticket":{{ticket2}}}`)
	w.do(http.MethodPost, "/v1/tickets/{{ticket2}}/relations", `{"kind":"parent","ticket":{{child}}}`)
	if res := w.ask(http.MethodDelete, w.fill("/v1/tickets/{{deleted}}", ""), staff("ana"), ""); res.Code != http.StatusNoContent {
		w.t.Fatalf("delete: %d %s", res.Code, res.Body)
	}
	for i := range 9 {
		made, err := w.desk.CreateTicket(w.t.Context(), w.other.admin, desk.NewTicket{
			ClientID: "foreign" + strconv.Itoa(i), Subject: "Refund", Requester: desk.ContactID(w.other.ids["contact"]),
		})
		w.must(err)
		w.own.ids["foreign"] = text(w.t, made.Number)
	}
	w.own.ids["stranger"] = w.other.ids["contact"]
	action := w.do(http.MethodPost, "/v1/tickets/{{ticket}}/actions", `{"client_id":"mine","text":"called"}`)
	w.own.ids["mine"] = name(w.t, action, "id")
	w.do(http.MethodPatch, "/v1/tickets/{{ticket}}/actions/{{mine}}", `{"version":0,"text":"called twice"}`)
}

// TestBadTickets is what bad input gets at tickets: a code, a field, and nothing changed.
func TestBadTickets(t *testing.T) {
	w := newWorld(t, nil)
	w.tickets()
	w.do(http.MethodPut, "/v1/settings/tickets", `{"disabled":["cc","description"],"services":[],"categories":[],`+
		`"priorities":[{"id":"low","name":"Low"}],"justifications":[{"id":"carrier","name":"Carrier","status":"pending"}],"due_by_hand":["operator"]}`)
	const ticket, conversation, contact = "/v1/tickets/{{ticket}}", "/v1/conversations/{{conversation}}", `"client_id":"n","subject":"s","requester":"{{contact}}"`
	tests := map[string]badInput{
		"B89 a public action on an internal ticket": {"POST", "/v1/tickets/{{internal}}/actions", `{"client_id":"1","text":"x","public":true}`, "", 409, "conflict", "public"},

		"B102 a disabled field":                      {"PATCH", ticket, `{"version":{{version}},"cc":["a@b.co"]}`, "", 400, "invalid", "cc"},
		"B102 a disabled field of a new one":         {"POST", "/v1/tickets", `{` + contact + `,"cc":["a@b.co"]}`, "", 400, "invalid", "cc"},
		"B102 a disabled description":                {"POST", "/v1/tickets", `{` + contact + `,"description":"x"}`, "", 400, "invalid", "description"},
		"B102 a disabled field at the close":         {"POST", conversation + "/close", `{"new_ticket":{"client_id":"n","subject":"s","cc":["a@b.co"]}}`, "", 400, "invalid", "new_ticket.cc"},
		"B97 a forecast without the right":           {"PATCH", ticket, `{"version":{{version}},"due":{"at":"2030-01-01T00:00:00Z"}}`, staff("ines"), 403, "forbidden", "due"},
		"B97 a forecast of a new one":                {"POST", "/v1/tickets", `{` + contact + `,"due":{"at":"2030-01-01T00:00:00Z"}}`, staff("ines"), 403, "forbidden", "due"},
		"B97 a forecast in the past":                 {"PATCH", ticket, `{"version":{{version}},"due":{"at":"2020-01-01T00:00:00Z"}}`, staff("otto"), 400, "invalid", "due"},
		"B95 an unknown priority":                    {"PATCH", ticket, `{"version":{{version}},"priority":"vip"}`, "", 400, "invalid", "priority"},
		"B95 an unknown priority of a new one":       {"POST", "/v1/tickets", `{` + contact + `,"priority":"vip"}`, "", 400, "invalid", "priority"},
		"B95 an archived priority":                   {"PATCH", ticket, `{"version":{{version}},"priority":"high"}`, "", 400, "invalid", "priority"},
		"B93 an unknown service":                     {"PATCH", ticket, `{"version":{{version}},"service":"x"}`, "", 400, "invalid", "service"},
		"B94 an unknown category":                    {"PATCH", ticket, `{"version":{{version}},"category":"x"}`, "", 400, "invalid", "category"},
		"B104 a justification of another status":     {"PATCH", ticket, `{"version":{{version}},"justification":"carrier"}`, "", 400, "invalid", "justification"},
		"B92 no requester":                           {"POST", "/v1/tickets", `{"client_id":"n","subject":"s"}`, "", 400, "invalid", "requester"},
		"B92 a requester of another account":         {"PATCH", ticket, `{"version":{{version}},"requester":"{{stranger}}"}`, "", 400, "invalid", "requester"},
		"B99 a viewer as responsible":                {"PATCH", ticket, `{"version":{{version}},"responsible":"{{viewer}}"}`, "", 400, "invalid", "responsible"},
		"B105 a merge into itself":                   {"POST", ticket + "/merge", `{"ticket":{{ticket}}}`, "", 400, "invalid", "ticket"},
		"B105 a merge in a circle":                   {"POST", "/v1/tickets/{{ticket2}}/merge", `{"ticket":{{merged}}}`, "", 409, "conflict", "ticket"},
		"B105 a merge of one that is merged":         {"POST", "/v1/tickets/{{merged}}/merge", `{"ticket":{{ticket}}}`, "", 409, "conflict", "merged_into"},
		"B105 a merge into a deleted one":            {"POST", ticket + "/merge", `{"ticket":{{deleted}}}`, "", 400, "invalid", "ticket"},
		"B105 a merge into another account's":        {"POST", ticket + "/merge", `{"ticket":{{foreign}}}`, "", 400, "invalid", "ticket"},
		"B105 an unmerge of one that is not merged":  {"POST", ticket + "/unmerge", ``, "", 409, "conflict", "merged_into"},
		"B105 deleted by an operator":                {"DELETE", ticket, ``, staff("otto"), 403, "forbidden", "role"},
		"B106 a relation in a circle":                {"POST", "/v1/tickets/{{child}}/relations", `{"kind":"parent","ticket":{{ticket2}}}`, "", 409, "conflict", "ticket"},
		"B106 a relation to itself":                  {"POST", ticket + "/relations", `{"kind":"parent","ticket":{{ticket}}}`, "", 400, "invalid", "ticket"},
		"B106 an unknown relation":                   {"POST", ticket + "/relations", `{"kind":"twin","ticket":{{ticket2}}}`, "", 400, "invalid", "kind"},
		"B106 a relation to a deleted one":           {"POST", ticket + "/relations", `{"kind":"blocks","ticket":{{deleted}}}`, "", 400, "invalid", "ticket"},
		"B106 a relation to a merged one":            {"POST", ticket + "/relations", `{"kind":"blocks","ticket":{{merged}}}`, "", 409, "conflict", "ticket"},
		"B106 a relation across accounts":            {"POST", ticket + "/relations", `{"kind":"blocks","ticket":{{foreign}}}`, "", 400, "invalid", "ticket"},
		"B79 a link to a deleted one":                {"POST", conversation + "/ticket", `{"number":{{deleted}}}`, "", 400, "invalid", "number"},
		"B79 a link across accounts":                 {"POST", conversation + "/ticket", `{"number":{{foreign}}}`, "", 400, "invalid", "number"},
		"B62 a close with a deleted one":             {"POST", conversation + "/close", `{"ticket":{{deleted}}}`, "", 400, "invalid", "ticket"},
		"B62 a close across accounts":                {"POST", conversation + "/close", `{"ticket":{{foreign}}}`, "", 400, "invalid", "ticket"},
		"B80 a proposal of a deleted one":            {"POST", "/widget/v1/conversations/{{conversation}}/ticket", `{"number":{{deleted}}}`, "visitor", 404, "not_found", "number"},
		"B80 a proposal across accounts":             {"POST", "/widget/v1/conversations/{{conversation}}/ticket", `{"number":{{foreign}}}`, "visitor", 404, "not_found", "number"},
		"B80 a confirmation of nothing":              {"POST", conversation + "/ticket/confirm", ``, "", 409, "conflict", "proposed_ticket"},
		"an edit against an old version":             {"PATCH", ticket, `{"version":9,"subject":"x"}`, "", 409, "conflict", "version"},
		"an edit without a version":                  {"PATCH", ticket, `{"subject":"x"}`, "", 400, "invalid", "version"},
		"B112 an action's edit, an old version":      {"PATCH", ticket + "/actions/{{mine}}", `{"version":0,"text":"x"}`, "", 409, "conflict", "version"},
		"B112 an action's edit without a version":    {"PATCH", ticket + "/actions/{{mine}}", `{"text":"x"}`, "", 400, "invalid", "version"},
		"B112 an action's edit, not its author":      {"PATCH", ticket + "/actions/{{mine}}", `{"version":1,"text":"x"}`, staff("ines"), 403, "forbidden", "role"},
		"an edit of a merged one":                    {"PATCH", "/v1/tickets/{{merged}}", `{"version":1,"subject":"x"}`, "", 409, "conflict", "merged_into"},
		"an action on a merged one":                  {"POST", "/v1/tickets/{{merged}}/actions", `{"client_id":"1","text":"x"}`, "", 409, "conflict", "merged_into"},
		"B112 the same client_id for something else": {"POST", ticket + "/actions", `{"client_id":"mine","text":"called","public":true}`, "", 409, "conflict", "client_id"},
	}
	for write, body := range map[string]string{
		"POST /v1/tickets": `{` + contact + `}`, "PATCH " + ticket: `{"version":{{version}},"subject":"x"}`, "DELETE " + ticket: ``,
		"POST " + ticket + "/actions": `{"client_id":"1","text":"x"}`, "PATCH " + ticket + "/actions/{{mine}}": `{"version":1,"text":"x"}`,
		"POST " + ticket + "/merge": `{"ticket":{{ticket2}}}`, "POST /v1/tickets/{{merged}}/unmerge": ``,
		"POST " + ticket + "/duplicate": `{"client_id":"1"}`, "POST " + ticket + "/relations": `{"kind":"blocks","ticket":{{ticket2}}}`,
		"DELETE " + ticket + "/relations/{{ticket2}}": ``, "POST " + conversation + "/ticket": `{"number":{{ticket}}}`,
		"DELETE " + conversation + "/ticket": ``, "POST " + conversation + "/close": `{"ticket":{{ticket}}}`,
	} {
		method, path, _ := strings.Cut(write, " ")
		test := tests["B2 a viewer's write: "+write]
		test.method, test.path, test.body, test.token, test.status, test.code, test.field = method, path, body, staff("vera"), 403, "forbidden", "role"
		tests["B2 a viewer's write: "+write] = test
	}
	w.own.ids["version"] = text(t, at(t, w.do(http.MethodGet, ticket, ""), "ticket", "version"))
	before := w.state() + w.ticketState()
	w.refusesAll(t, tests)
	if after := w.state() + w.ticketState(); after != before {
		t.Errorf("something changed:\n%s", diff(before, after))
	}
}

// ticketState is every ticket that the cases name, whole, as one text.
func (w *world) ticketState() string {
	w.t.Helper()
	var all []any
	for _, name := range []string{"ticket", "ticket2", "internal", "merged", "child"} {
		all = append(all, w.do(http.MethodGet, "/v1/tickets/{{"+name+"}}?fresh=true", ""), w.do(http.MethodGet, "/v1/tickets/{{"+name+"}}/history", ""))
	}
	return text(w.t, all)
}
