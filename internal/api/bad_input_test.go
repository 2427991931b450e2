package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/api"
)

// badInput is a request, and the refusal that it is to get.
type badInput struct {
	method, path, body string
	token              string // "": the administrator; "visitor"
	status             int
	code, field        string
}

// refusesAll asks each of them, in a sub-test of its name.
func (w *world) refusesAll(t *testing.T, tests map[string]badInput) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			token := test.token
			switch token {
			case "":
				token = staff("ana")
			case "visitor":
				token = w.own.token
			}
			res := w.ask(test.method, w.fill(test.path, ""), token, w.fill(test.body, ""))
			got := faultOf(t, res)
			if res.Code != test.status || got.Error.Code != test.code || got.Error.Field != test.field {
				t.Errorf("got %d %+v, want %d %s of %q", res.Code, got.Error, test.status, test.code, test.field)
			}
			if got.Error.Message == "" {
				t.Error("no message")
			}
		})
	}
}

// TestBadInput is the list of what bad input gets: a code, a status, the name of the field, and nothing changed.
func TestBadInput(t *testing.T) {
	w := newWorld(t, nil)
	const conversation = "/v1/conversations/{{conversation}}"
	tests := map[string]badInput{
		"UnknownField":        {"POST", conversation + "/assign", `{"agent":"{{agent}}","mood":1}`, "", 400, "invalid", "mood"},
		"UnknownFieldNested":  {"POST", conversation + "/close", `{"note":{"moral":"x"}}`, "", 400, "invalid", "note.moral"},
		"UnknownFieldOfList":  {"POST", conversation + "/messages", `{"client_id":"1","attachments":[{"key":"k","name":"n","size":1}]}`, "", 400, "invalid", "attachments.0.size"},
		"OtherCase":           {"POST", conversation + "/assign", `{"Agent":"{{agent}}"}`, "", 400, "invalid", "Agent"},
		"WrongType":           {"POST", conversation + "/assign", `{"agent":7}`, "", 400, "invalid", "agent"},
		"WrongTypeNested":     {"POST", conversation + "/close", `{"new_ticket":{"client_id":"1","subject":[]}}`, "", 400, "invalid", "new_ticket.subject"},
		"WrongTypeOfBody":     {"POST", conversation + "/assign", `["agent"]`, "", 400, "invalid", ""},
		"FractionForNumber":   {"POST", conversation + "/ticket", `{"number":1.5}`, "", 400, "invalid", "number"},
		"HugeNumber":          {"POST", conversation + "/ticket", `{"number":1e40}`, "", 400, "invalid", "number"},
		"Null":                {"POST", conversation + "/assign", `{"agent":null}`, "", 400, "invalid", "agent"},
		"GivenTwice":          {"POST", conversation + "/assign", `{"agent":"{{agent}}","agent":"{{agent2}}"}`, "", 400, "invalid", "agent"},
		"NoInstant":           {"POST", conversation + "/snooze", `{"at":"tomorrow"}`, "", 400, "invalid", "at"},
		"MissingBody":         {"POST", conversation + "/assign", ``, "", 400, "invalid", ""},
		"BlankBody":           {"POST", conversation + "/assign", "  \n", "", 400, "invalid", ""},
		"HalfABody":           {"POST", conversation + "/assign", `{"agent":"`, "", 400, "invalid", ""},
		"TwoBodies":           {"POST", conversation + "/assign", `{"agent":"{{agent}}"}{"agent":"x"}`, "", 400, "invalid", ""},
		"TrailingComma":       {"POST", conversation + "/assign", `{"agent":"{{agent}}",}`, "", 400, "invalid", ""},
		"BadUTF8":             {"POST", conversation + "/messages", "{\"client_id\":\"1\",\"text\":\"\xff\xfe\"}", "", 400, "invalid", ""},
		"BadSurrogate":        {"POST", conversation + "/messages", `{"client_id":"1","text":"\ud800"}`, "", 400, "invalid", ""},
		"BodyWhereNone":       {"POST", conversation + "/accept", `{"agent":"x"}`, "", 400, "invalid", "agent"},
		"BodyTooLarge":        {"POST", conversation + "/messages", `{"client_id":"1","text":"` + strings.Repeat("a", 300<<10) + `"}`, "", 413, "invalid", ""},
		"TextTooLarge":        {"POST", conversation + "/messages", `{"client_id":"1","text":"` + strings.Repeat("a", 64<<10+1) + `"}`, "", 413, "invalid", "text"},
		"AttachmentTooLarge":  {"POST", "/v1/uploads", `{"name":"a","type":"image/png","size":26214401}`, "", 413, "invalid", "size"},
		"AttachmentOfNoSize":  {"POST", "/v1/uploads", `{"name":"a","type":"image/png","size":0}`, "", 400, "invalid", "size"},
		"AttachmentOfOthers":  {"POST", conversation + "/messages", `{"client_id":"1","attachments":[{"key":"other/up/other-ana/x","name":"n"}]}`, "", 400, "invalid", "attachments.key"},
		"NoClientID":          {"POST", conversation + "/messages", `{"text":"hola"}`, "", 400, "invalid", "client_id"},
		"NoText":              {"POST", conversation + "/messages", `{"client_id":"1"}`, "", 400, "invalid", "text"},
		"BadClientID":         {"POST", "/v1/contacts", `{"client_id":"a b","name":"n"}`, "", 400, "invalid", "client_id"},
		"LongClientID":        {"POST", "/v1/contacts", `{"client_id":"` + strings.Repeat("a", 101) + `","name":"n"}`, "", 400, "invalid", "client_id"},
		"BadCursor":           {"GET", "/v1/conversations?cursor=nonsense", "", "", 400, "invalid", "cursor"},
		"BadCursorOfContacts": {"GET", "/v1/contacts?cursor=%00", "", "", 400, "invalid", "cursor"},
		"BadCursorOfTickets":  {"GET", "/v1/tickets?cursor=YWJj", "", "", 400, "invalid", "cursor"},
		"BadCursorOfSettings": {"GET", "/v1/labels?cursor=at-x", "", "", 400, "invalid", "cursor"},
		"EmptyCursor":         {"GET", "/v1/labels?cursor=", "", "", 400, "invalid", "cursor"},
		"BadLimit":            {"GET", "/v1/conversations?limit=101", "", "", 400, "invalid", "limit"},
		"NoLimit":             {"GET", "/v1/conversations?limit=0", "", "", 400, "invalid", "limit"},
		"UnknownParameter":    {"GET", "/v1/conversations?sort=asc", "", "", 400, "invalid", "sort"},
		"ParameterTwice":      {"GET", "/v1/conversations?limit=1&limit=2", "", "", 400, "invalid", "limit"},
		"BadQuery":            {"GET", "/v1/conversations?view=%zz", "", "", 400, "invalid", ""},
		"BadUTF8InQuery":      {"GET", "/v1/conversations?label=%ff", "", "", 400, "invalid", "label"},
		"BadView":             {"GET", "/v1/conversations?view=some", "", "", 400, "invalid", "view"},
		"BeforeAndAfter":      {"GET", conversation + "/messages?before={{message}}&after={{message}}", "", "", 400, "invalid", "before"},
		"NoMessageID":         {"GET", conversation + "/messages?before=x", "", "", 400, "invalid", "before"},
		"UnknownID":           {"GET", "/v1/conversations/nothing", "", "", 404, "not_found", ""},
		"LongID":              {"GET", "/v1/conversations/" + strings.Repeat("a", 101), "", "", 404, "not_found", ""},
		"OddID":               {"GET", "/v1/conversations/a%23b", "", "", 404, "not_found", ""},
		"UnknownMessage":      {"DELETE", conversation + "/messages/nothing", "", "", 404, "not_found", ""},
		"UnknownNumber":       {"GET", "/v1/tickets/99", "", "", 404, "not_found", ""},
		"NoNumber":            {"GET", "/v1/tickets/007", "", "", 404, "not_found", ""},
		"UnknownRoute":        {"GET", "/v1/nothing", "", "", 404, "not_found", ""},
		"UnknownMethod":       {"PUT", "/v1/conversations", `{}`, "", 405, "invalid", ""},
		"UnknownInboxKey":     {"POST", "/widget/v1/sessions", `{"inbox":"nothing"}`, "", 404, "not_found", ""},
		"TransferToOneself":   {"POST", conversation + "/transfer", `{"agent":"demo-ana"}`, "", 400, "invalid", "agent"},
		"TransferToNobody":    {"POST", conversation + "/transfer", `{"agent":"nobody"}`, "", 400, "invalid", "agent"},
		"TransferToBoth":      {"POST", conversation + "/transfer", `{"agent":"{{agent}}","department":"{{department}}"}`, "", 400, "invalid", "agent"},
		"TransferNowhere":     {"POST", conversation + "/transfer", `{}`, "", 400, "invalid", "agent"},
		"TransferToViewer":    {"POST", conversation + "/transfer", `{"agent":"{{viewer}}"}`, "", 400, "invalid", "agent"},
		"AssignToNobody":      {"POST", conversation + "/assign", `{}`, "", 400, "invalid", "agent"},
		"SnoozeInThePast":     {"POST", conversation + "/snooze", `{"at":"2020-01-01T00:00:00Z"}`, "", 400, "invalid", "at"},
		"SnoozeTwice":         {"POST", conversation + "/snooze", `{"until":"tomorrow","at":"2020-01-01T00:00:00Z"}`, "", 400, "invalid", "until"},
		"SnoozeSomehow":       {"POST", conversation + "/snooze", `{"until":"never"}`, "", 400, "invalid", "until"},
		"NoEmail":             {"POST", "/v1/contacts", `{"client_id":"1","name":"n","email":"nobody"}`, "", 400, "invalid", "email"},
		"NoEmailInPatch":      {"PATCH", "/v1/contacts/{{contact}}", `{"email":"a@b\r\nc"}`, "", 400, "invalid", "email"},
		"EmptyPatch":          {"PATCH", "/v1/contacts/{{contact}}", `{}`, "", 400, "invalid", ""},
		"NoTranscriptAddress": {"POST", conversation + "/transcript", `{"client_id":"1","email":"nobody"}`, "", 400, "invalid", "email"},
		"TranscriptToNobody":  {"POST", conversation + "/transcript", `{"client_id":"1"}`, "", 400, "invalid", "email"},
		"MergeIntoItself":     {"POST", "/v1/contacts/{{contact}}/merge", `{"contact":"{{contact}}"}`, "", 400, "invalid", "contact"},
		"NoPriority":          {"POST", conversation + "/priority", `{"priority":""}`, "", 400, "invalid", "priority"},
		"NoLabels":            {"POST", conversation + "/labels", `{}`, "", 400, "invalid", "labels"},
		"UnknownLabel":        {"POST", conversation + "/labels", `{"labels":["x"]}`, "", 400, "invalid", "labels"},
		"NoTicketSubject":     {"POST", conversation + "/close", `{"new_ticket":{"client_id":"1","subject":""}}`, "", 400, "invalid", "new_ticket.subject"},
		"TwoTickets":          {"POST", conversation + "/close", `{"ticket":1,"new_ticket":{"client_id":"1","subject":"s"}}`, "", 400, "invalid", "ticket"},
		"UnknownTicket":       {"POST", conversation + "/ticket", `{"number":99}`, "", 400, "invalid", "number"},
		"NoRequester":         {"POST", "/v1/tickets", `{"client_id":"1","subject":"s"}`, "", 400, "invalid", "requester"},
		"StaleTicket":         {"PATCH", "/v1/tickets/{{ticket}}", `{"version":9,"subject":"s"}`, "", 409, "conflict", "version"},
		"OpenWhatIsOpen":      {"POST", conversation + "/open", ``, "", 409, "conflict", ""},
		"AcceptWhatIsNotMine": {"POST", conversation + "/accept", ``, "", 409, "conflict", ""},
		"RetryWhatDidNotFail": {"POST", conversation + "/messages/{{reply}}/retry", ``, "", 409, "conflict", ""},
		"DeleteTheCustomers":  {"DELETE", conversation + "/messages/{{message}}", ``, staff("ines"), 403, "forbidden", ""},
		"TypingSomehow":       {"POST", conversation + "/typing", `{}`, "", 400, "invalid", "on"},
		"PresenceSomehow":     {"PUT", "/v1/me/presence", `{"presence":"asleep"}`, "", 400, "invalid", "presence"},
		"LastAdministrator":   {"DELETE", "/v1/settings/agents/demo-ana", ``, "", 409, "conflict", "role"},
		"DepartmentInUse":     {"DELETE", "/v1/settings/departments/{{department}}", ``, "", 409, "conflict", "inboxes"},
		"SameShortName":       {"POST", "/v1/settings/canned", `{"client_id":"1","short":"HI","text":"x"}`, "", 409, "conflict", "short"},
		"HalfAWeek":           {"PUT", "/v1/settings/account", `{"name":"n","time_zone":"UTC","language":"es","hours":[[]],"after_close":"keep"}`, "", 400, "invalid", "hours"},
		"NoTimeZone":          {"PUT", "/v1/settings/account", `{"name":"n","time_zone":"Nowhere","language":"es","hours":[[],[],[],[],[],[],[]],"after_close":"keep"}`, "", 400, "invalid", "time_zone"},
		"ChannelChanged": {"PUT", "/v1/settings/inboxes/{{inbox}}", `{"name":"Web","channel":"whatsapp","department":"{{department}}","language":"es","ticket_policy":"optional"}`,
			"", 400, "invalid", "channel"},
		"VisitorHTML":        {"POST", "/widget/v1/messages", `{"client_id":"1","html":"<b>x</b>"}`, "visitor", 400, "invalid", "html"},
		"VisitorNote":        {"POST", "/widget/v1/messages", `{"client_id":"1","text":"x","kind":"note"}`, "visitor", 400, "invalid", "kind"},
		"VisitorEmail":       {"PATCH", "/widget/v1/contact", `{"email":"nobody"}`, "visitor", 400, "invalid", "email"},
		"VisitorEmptyPatch":  {"PATCH", "/widget/v1/contact", `{}`, "visitor", 400, "invalid", ""},
		"VisitorConflict":    {"POST", "/widget/v1/transcript", `{"conversation":"{{conversation}}","client_id":"1","email":"a@b.co"}`, "visitor", 409, "conflict", ""},
		"VisitorEndsNothing": {"DELETE", "/widget/v1/sessions", `{"secret":"x"}`, "visitor", 404, "not_found", ""},
	}
	before := w.state()
	w.refusesAll(t, tests)
	if after := w.state(); after != before {
		t.Errorf("something changed:\n%s", diff(before, after))
	}
	if w.log.Len() > 0 {
		t.Errorf("logged: %s", w.log)
	}
}

func TestContentType(t *testing.T) {
	w := newWorld(t, nil)
	for contentType, want := range map[string]int{
		"application/json": 200, "application/json; charset=utf-8": 200, "Application/JSON": 200,
		"": 400, "text/plain": 400, "application/x-www-form-urlencoded": 400, "application/jsonp": 400, ";": 400,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/v1/me/presence", strings.NewReader(`{"presence":"pause"}`))
		r.Header.Set("Authorization", "Bearer "+staff("ana"))
		if contentType != "" {
			r.Header.Set("Content-Type", contentType)
		}
		res := w.send(r)
		if res.Code != want {
			t.Errorf("%q: %d %s", contentType, res.Code, res.Body)
		}
		if want == 400 && faultOf(t, res).Error.Field != "Content-Type" {
			t.Errorf("%q: %s", contentType, res.Body)
		}
	}
}

// TestRepeats: the same client_id again answers as the first time, and adds nothing.
func TestRepeats(t *testing.T) {
	w := newWorld(t, nil)
	for route, body := range map[string]string{
		"/v1/conversations/{{conversation}}/messages": `{"client_id":"x","text":"una vez"}`,
		"/v1/contacts":                   `{"client_id":"x","name":"Una"}`,
		"/v1/tickets":                    `{"client_id":"x","subject":"Una","requester":"{{contact}}"}`,
		"/v1/tickets/{{ticket}}/actions": `{"client_id":"x","text":"una"}`,
		"/v1/settings/departments":       `{"client_id":"x","name":"Una"}`,
		"/v1/settings/labels":            `{"client_id":"x","name":"Una"}`,
		"/v1/settings/canned":            `{"client_id":"x","short":"una","text":"Una"}`,
		"/v1/settings/inboxes":           `{"client_id":"x","name":"Una","channel":"webchat","department":"{{department}}","language":"es","ticket_policy":"optional"}`,
		"/v1/settings/agents":            `{"client_id":"x","name":"Una","email":"una@demo.test","role":"agent","departments":[],"capacity":1,"language":"es"}`,
	} {
		t.Run(route, func(t *testing.T) {
			first := w.do(http.MethodPost, route, body)
			before := w.state()
			again := w.do(http.MethodPost, route, body)
			if a, b := text(t, first), text(t, again); a != b {
				t.Errorf("first %s\nthen  %s", a, b)
			}
			if after := w.state(); after != before {
				t.Errorf("a repeat changed\n%s", diff(before, after))
			}
		})
	}
	t.Run("bot", func(t *testing.T) {
		body := `{"client_id":"x","name":"Una","inbox":"{{inbox}}"}`
		first, again := w.do(http.MethodPost, "/v1/settings/bots", body), w.do(http.MethodPost, "/v1/settings/bots", body)
		if first["token"] == nil || again["token"] != nil || text(t, first["bot"]) != text(t, again["bot"]) {
			t.Errorf("first %v, then %v", first, again)
		}
	})
	t.Run("after a change", func(t *testing.T) {
		made := w.do(http.MethodPost, "/v1/settings/labels", `{"client_id":"z","name":"First"}`)
		w.do(http.MethodPut, "/v1/settings/labels/"+name(t, made, "id"), `{"name":"Second"}`)
		if again := w.do(http.MethodPost, "/v1/settings/labels", `{"client_id":"z","name":"First"}`); again["name"] != "Second" {
			t.Errorf("a late repeat undid a change: %v", again)
		}
	})
	t.Run("close", func(t *testing.T) {
		body := `{"new_ticket":{"client_id":"y","subject":"Una"}}`
		first := w.do(http.MethodPost, "/v1/conversations/{{conversation}}/close", body)
		before := w.state()
		again := w.do(http.MethodPost, "/v1/conversations/{{conversation}}/close", body)
		if a, b := text(t, first["ticket"]), text(t, again["ticket"]); a != b {
			t.Errorf("first %s, then %s", a, b)
		}
		if after := w.state(); after != before {
			t.Errorf("a repeat changed\n%s", diff(before, after))
		}
	})
	t.Run("visitor", func(t *testing.T) {
		ask := func() string {
			return w.ask(http.MethodPost, "/widget/v1/messages", w.own.token, `{"client_id":"x","text":"una vez"}`).Body.String()
		}
		if first, again := ask(), ask(); first != again {
			t.Errorf("first %s, then %s", first, again)
		}
	})
}

func TestLimits(t *testing.T) {
	few := func() *api.Limiter { return api.NewLimiter(api.Limit{PerMinute: 1, Burst: 1}, time.Now) }
	w := newWorld(t, func(o *api.Options) { o.Messages, o.Sessions = few(), few() })
	for _, test := range []struct{ path, token, body string }{
		{"/widget/v1/messages", w.own.token, `{"client_id":"1","text":"Hola"}`},
		{"/widget/v1/sessions", "", `{"inbox":"demo-web"}`},
	} {
		if res := w.ask(http.MethodPost, test.path, test.token, test.body); res.Code != http.StatusCreated {
			t.Fatalf("%s: %d %s", test.path, res.Code, res.Body)
		}
		res := w.ask(http.MethodPost, test.path, test.token, test.body)
		if res.Code != http.StatusTooManyRequests || res.Header().Get("Retry-After") == "" || faultOf(t, res).Error.Code != "limited" {
			t.Errorf("%s: %d %s, Retry-After %q", test.path, res.Code, res.Body, res.Header().Get("Retry-After"))
		}
	}
	if res := w.ask(http.MethodGet, "/widget/v1/contact", w.own.token, ""); res.Code != http.StatusOK {
		t.Errorf("reading is limited by writing: %d", res.Code)
	}
}
