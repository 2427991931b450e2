package api_test

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/api/openapi"
	"github.com/relevo/relevo/internal/desk"
)

// trial is how a route is asked for with success. The paths' parameters come from pathIDs.
type trial struct {
	body    string         // with {{name}} for ids
	query   string         // likewise
	before  func(w *world) // brings the state about in which it succeeds
	viewer  int            // what a viewer gets; 0: 403 for what writes, 200 for what reads
	free    []string       // ids of the body or query that may be anybody's, for they only move a mark or find nothing
	path    string         // another path than that of pathIDs
	visitor bool           // set for the widget's routes
}

// trials has a case for every route: a new route without one fails.
var trials = map[string]trial{
	"GET /v1/me":                                           {},
	"PUT /v1/me/presence":                                  {body: `{"presence":"pause"}`},
	"GET /v1/conversations":                                {query: `view=all&status=open&label={{label}}&limit=10`, free: []string{"label"}},
	"GET /v1/conversations/{id}":                           {query: "fresh=true"},
	"GET /v1/conversations/{id}/messages":                  {query: "before={{note}}&limit=5", free: []string{"note"}},
	"POST /v1/conversations/{id}/messages":                 {body: `{"client_id":"m","kind":"note","text":"hm","mentions":["{{agent}}"]}`},
	"DELETE /v1/conversations/{id}/messages/{message}":     {},
	"POST /v1/conversations/{id}/messages/{message}/retry": {before: failReply},
	"POST /v1/conversations/{id}/mute":                     {},
	"POST /v1/conversations/{id}/unmute":                   {before: act("mute", ``)},
	"POST /v1/conversations/{id}/labels":                   {body: `{"labels":["{{label}}"]}`},
	"POST /v1/conversations/{id}/priority":                 {body: `{"priority":"high"}`},
	"POST /v1/conversations/{id}/transcript":               {body: `{"client_id":"tr","email":"carla@example.com"}`},
	"POST /v1/conversations/{id}/read":                     {body: `{"up_to":"{{message}}"}`, free: []string{"message"}},
	"POST /v1/conversations/{id}/unread":                   {},
	"GET /v1/conversations/counts":                         {},
	"GET /v1/views":                                        {},
	"POST /v1/views":                                       {body: `{"client_id":"v","name":"VIP","shared":true,"filter":{"view":"all","label":"{{label}}","priority":"high","sort":"waiting"}}`},
	"PUT /v1/views/{id}":                                   {body: `{"name":"VIP","filter":{"view":"tickets","tickets":{"responsible":"{{agent}}","priority":"urgent","by":"status","board":true,"columns":"number,due"}}}`},
	"DELETE /v1/views/{id}":                                {},
	"POST /v1/conversations/{id}/typing":                   {body: `{"on":true}`},
	"POST /v1/conversations/{id}/assign":                   {body: `{"agent":"{{agent}}"}`},
	"POST /v1/conversations/{id}/accept":                   {before: waitForAna},
	"POST /v1/conversations/{id}/unassign":                 {before: act("assign", `{"agent":"{{agent}}"}`)},
	"POST /v1/conversations/{id}/transfer":                 {body: `{"department":"{{department2}}","reason":"refund"}`},
	"POST /v1/conversations/{id}/close":                    {body: `{"note":{"category":"Billing"},"ticket":{{ticket}}}`},
	"POST /v1/conversations/{id}/reopen":                   {before: act("close", `{}`)},
	"POST /v1/conversations/{id}/snooze":                   {body: `{"until":"tomorrow"}`},
	"POST /v1/conversations/{id}/pending":                  {},
	"POST /v1/conversations/{id}/open":                     {before: act("pending", ``)},
	"POST /v1/conversations/{id}/ticket":                   {body: `{"number":{{ticket}}}`},
	"DELETE /v1/conversations/{id}/ticket":                 {before: act("ticket", `{"number":{{ticket}}}`)},
	"GET /v1/contacts":                                     {query: "limit=1"},
	"POST /v1/contacts":                                    {body: `{"client_id":"c","name":"Carla","email":"carla@example.com","phone":"+57 1","language":"es"}`},
	"GET /v1/contacts/{id}":                                {},
	"PATCH /v1/contacts/{id}":                              {body: `{"name":"Carla Duarte"}`},
	"POST /v1/contacts/{id}/merge":                         {body: `{"contact":"{{contact2}}"}`},
	"GET /v1/contacts/{id}/conversations":                  {},
	"GET /v1/contacts/{id}/tickets":                        {},
	"GET /v1/templates":                                    {query: "inbox={{inbox}}", free: []string{"inbox"}},
	"GET /v1/departments":                                  {query: "deleted=true"},
	"GET /v1/agents":                                       {query: "limit=2"},
	"GET /v1/inboxes":                                      {},
	"GET /v1/labels":                                       {},
	"GET /v1/canned":                                       {},
	"GET /v1/notifications":                                {},
	"POST /v1/notifications/read":                          {body: `{"up_to":"{{message}}"}`, viewer: 204, free: []string{"message"}},
	"POST /v1/uploads":                                     {body: `{"name":"a.png","type":"image/png","size":12}`},
	"POST /v1/live/ticket":                                 {viewer: 201},

	"GET /v1/settings/account": {viewer: 403},
	"PUT /v1/settings/account": {body: `{"name":"Tienda","time_zone":"America/Lima","language":"en","hours":[[],[{"from":540,"to":1080}],[],[],[],[],[]],"after_close":"unassign","guide_done":true}`},
	"POST /v1/settings/agents": {body: `{"client_id":"s","name":"Luis","email":"luis@demo.test","role":"agent","departments":["{{department}}"],` +
		`"capacity":3,"language":"es","sign_in":{"issuer":"i","subject":"luis"}}`},
	"PUT /v1/settings/agents/{id}":         {body: `{"name":"Otto","email":"otto@demo.test","role":"agent","departments":["{{department}}"],"capacity":3,"language":"es"}`},
	"DELETE /v1/settings/agents/{id}":      {},
	"POST /v1/settings/departments":        {body: `{"client_id":"s","name":"Product"}`},
	"PUT /v1/settings/departments/{id}":    {body: `{"name":"Service"}`},
	"DELETE /v1/settings/departments/{id}": {},
	"GET /v1/settings/inboxes/{id}":        {viewer: 403},
	"POST /v1/settings/inboxes":            {body: `{"client_id":"s","name":"New","channel":"webchat","department":"{{department}}","language":"es","ticket_policy":"required"}`},
	"PUT /v1/settings/inboxes/{id}": {body: `{"name":"Web","channel":"webchat","department":"{{department}}","language":"es","ticket_policy":"required",` +
		`"bot":"{{bot}}","templates":[{"name":"bye","language":"es","body":"Chao {{{{1}}}}"}],"origins":["https://shop.example"],"color":"#112233"}`},
	"DELETE /v1/settings/inboxes/{id}": {},
	"POST /v1/settings/labels":         {body: `{"client_id":"s","name":"Urgent","color":"#ff0000"}`},
	"PUT /v1/settings/labels/{id}":     {body: `{"name":"Urgent"}`},
	"DELETE /v1/settings/labels/{id}":  {},
	"POST /v1/settings/canned":         {body: `{"client_id":"s","short":"bye","text":"Chao"}`},
	"PUT /v1/settings/canned/{id}":     {body: `{"short":"bye","text":"Chao"}`},
	"DELETE /v1/settings/canned/{id}":  {},
	"GET /v1/settings/bots":            {viewer: 403},
	"POST /v1/settings/bots":           {body: `{"client_id":"s","name":"Bot","inbox":"{{inbox}}"}`},
	"DELETE /v1/settings/bots/{id}":    {},
	"GET /v1/settings/hours":           {viewer: 403},
	"POST /v1/settings/hours":          {body: `{"client_id":"s","name":"Night","time_zone":"Europe/Madrid","country":"ES","week":[[],[{"from":540,"to":1080}],[],[],[],[],[]]}`},
	"PUT /v1/settings/hours/{id}": {body: `{"name":"Office","time_zone":"America/Bogota","week":[[],[{"from":540,"to":1080}],[],[],[],[],[]],` +
		`"own":[{"day":"2026-12-24","name":"Half day","spans":[{"from":540,"to":720}]}]}`},
	"DELETE /v1/settings/hours/{id}": {before: func(w *world) { w.do(http.MethodDelete, "/v1/settings/contracts/{{contract}}", "") }},
	"GET /v1/settings/holidays":      {query: "country=ES&year=2026", viewer: 403},
	"GET /v1/settings/contracts":     {viewer: 403},
	"POST /v1/settings/contracts":    {body: `{"client_id":"s","name":"Basic","promises":[{"first_response_seconds":3600}]}`},
	"PUT /v1/settings/contracts/{id}": {body: `{"name":"Gold","contacts":["{{contact2}}"],"inboxes":["{{inbox}}"],"hours":"{{hours}}","warn_at":80,` +
		`"promises":[{"first_response_seconds":3600},{"priority":"urgent","resolution_seconds":7200}],"escalations":[` +
		`{"on":"warning","act":"notify","agents":["{{agent2}}"]},{"on":"breach","target":"resolution","act":"reassign","agent":"{{agent}}"},` +
		`{"on":"breach","act":"reassign","department":"{{department}}"},{"on":"breach","act":"raise_priority"}]}`},
	"DELETE /v1/settings/contracts/{id}": {},

	"POST /v1/settings/inboxes/{id}/identity-secret": {},

	"POST /widget/v1/sessions":                 {body: `{"inbox":"{{key}}"}`, free: []string{"key"}},
	"DELETE /widget/v1/sessions":               {body: `{"secret":"{{secret}}"}`},
	"GET /widget/v1/messages":                  {query: "conversation={{conversation}}"},
	"POST /widget/v1/messages":                 {body: `{"client_id":"v","text":"¿Hola?"}`},
	"GET /widget/v1/conversations":             {},
	"GET /widget/v1/contact":                   {},
	"PATCH /widget/v1/contact":                 {body: `{"name":"Carla","email":"carla@example.com","page":"https://shop.example/7"}`},
	"POST /widget/v1/read":                     {body: `{"conversation":"{{conversation}}","up_to":"{{reply}}"}`, free: []string{"reply"}},
	"POST /widget/v1/typing":                   {body: `{"on":false}`},
	"POST /widget/v1/transcript":               {body: `{"conversation":"{{conversation}}","client_id":"tr","email":"carla@example.com"}`, before: act("close", `{}`)},
	"POST /widget/v1/identity/code":            {body: `{"email":"carla@example.com","language":"pt-PT"}`},
	"POST /widget/v1/identity":                 {body: `{"email":"Carla@example.com","code":"123456"}`, before: mailCode},
	"GET /widget/v1/tickets":                   {query: "limit=1"},
	"POST /widget/v1/tickets":                  {body: `{"client_id":"i","subject":"Refund","text":"The shoes do not fit"}`},
	"GET /widget/v1/tickets/form":              {},
	"GET /widget/v1/tickets/{number}":          {query: "fresh=true"},
	"POST /widget/v1/tickets/{number}/actions": {body: `{"client_id":"w","text":"And now?"}`},
	"POST /widget/v1/survey":                   {body: `{"conversation":"{{conversation}}","rating":4,"comment":"bien"}`, before: closeAndAsk},
	"POST /widget/v1/uploads":                  {body: `{"name":"a.png","type":"image/png","size":12}`},
	"POST /widget/v1/live/ticket":              {},
}

func act(name, body string) func(*world) {
	return func(w *world) { w.do(http.MethodPost, "/v1/conversations/{{conversation}}/"+name, body) }
}

// closeAndAsk closes with the survey on.
func closeAndAsk(w *world) {
	settings, err := w.desk.Settings(w.t.Context(), "demo")
	w.must(err)
	inbox := settings.Inboxes[desk.InboxID(w.own.ids["inbox"])]
	inbox.Survey = true
	w.must(w.desk.SaveSetting(w.t.Context(), w.own.admin, inbox))
	act("close", `{}`)(w)
}

// mailCode is as if 123456 had been mailed to the visitor.
func mailCode(w *world) {
	hashed, err := pbkdf2.Key(sha256.New, "123456", []byte("salt"), 20_000, sha256.Size)
	w.must(err)
	w.must(w.desk.Store.Account("demo").PutCode(w.t.Context(), desk.OneTimeCode{
		Visitor: w.own.visitor.Contact, Email: "carla@example.com", Salt: "salt", Hash: hex.EncodeToString(hashed), Expires: time.Now().Add(time.Minute),
	}))
}

func failReply(w *world) {
	w.must(w.desk.Store.Account("demo").ChangeMessage(w.t.Context(), desk.ConversationID(w.own.ids["conversation"]), desk.MessageID(w.own.ids["reply"]),
		desk.MessageChange{Delivery: &desk.Delivery{State: desk.Failed, Error: "no such number"}}))
}

func waitForAna(w *world) {
	w.do(http.MethodPut, "/v1/me/presence", `{"presence":"pause"}`)
	res := w.ask(http.MethodPost, w.fill("/v1/conversations/{{conversation}}/assign", ""), staff("otto"), `{"agent":"demo-ana"}`)
	if res.Code != http.StatusOK || decoded(w.t, res)["waits_for"] != "demo-ana" {
		w.t.Fatalf("assign to someone absent: %d %s", res.Code, res.Body)
	}
	w.do(http.MethodPut, "/v1/me/presence", `{"presence":"connected"}`)
}

// pathIDs are what a path's parameters mean, by the path up to them.
var pathIDs = []struct{ before, name string }{
	{"/v1/conversations/", "conversation"}, {"/widget/v1/conversations/", "conversation"}, {"/widget/v1/tickets/", "ticket"}, {"/v1/contacts/", "contact"}, {"/v1/tickets/", "ticket"}, {"/v1/settings/agents/", "agent2"},
	{"/v1/settings/departments/", "department2"}, {"/v1/settings/inboxes/", "inbox"}, {"/v1/settings/labels/", "label2"},
	{"/v1/settings/canned/", "canned"}, {"/v1/settings/bots/", "bot"}, {"/v1/views/", "view"},
	{"/v1/settings/hours/", "hours"}, {"/v1/settings/contracts/", "contract"},
}

// pathOf writes a route's path with {{names}} of ids.
func pathOf(t *testing.T, route string) string {
	t.Helper()
	_, path, _ := strings.Cut(route, " ")
	path = strings.NewReplacer("{message}", "{{reply}}", "{action}", "{{action}}", "{other}", "{{ticket2}}").Replace(path)
	for _, p := range pathIDs {
		if rest, ok := strings.CutPrefix(path, p.before+"{id}"); ok {
			return p.before + "{{" + p.name + "}}" + rest
		}
		if rest, ok := strings.CutPrefix(path, p.before+"{number}"); ok {
			return p.before + "{{" + p.name + "}}" + rest
		}
	}
	return path
}

// documented gives the routes of openapi.yaml that this room serves, and the status of their success.
func documented(t *testing.T) map[string]int {
	t.Helper()
	doc, err := openapi.Load()
	if err != nil {
		t.Fatal(err)
	}
	routes := map[string]int{}
	for path, item := range doc.Paths.Map() {
		if !strings.HasPrefix(path, "/v1/") && !strings.HasPrefix(path, "/widget/v1/") {
			continue
		}
		for method, operation := range item.Operations() {
			for _, status := range []int{200, 201, 202, 204} {
				if operation.Responses.Status(status) != nil {
					routes[method+" "+path] = status
				}
			}
		}
	}
	return routes
}

// each runs a test for every documented route.
func each(t *testing.T, fn func(t *testing.T, route string, try trial, success int)) {
	t.Helper()
	routes := documented(t)
	for _, route := range slices.Sorted(maps.Keys(routes)) {
		try, ok := trials[route]
		if !ok {
			t.Errorf("%s has no case: add one to trials", route)
			continue
		}
		try.path, try.visitor = pathOf(t, route), strings.Contains(route, "/widget/")
		t.Run(route, func(t *testing.T) { fn(t, route, try, routes[route]) })
	}
}

// as asks for a route; swapped names an id that is taken from the other account.
func (w *world) as(token, route string, try trial, swapped string) (status int, body string) {
	method, _, _ := strings.Cut(route, " ")
	path := w.fill(try.path, swapped)
	if try.query != "" {
		path += "?" + w.fill(try.query, swapped)
	}
	sent := strings.NewReplacer("{{{{", "\x01", "}}}}", "\x02").Replace(try.body)
	sent = strings.NewReplacer("\x01", "{{", "\x02", "}}").Replace(w.fill(sent, swapped))
	res := w.ask(method, path, token, sent)
	return res.Code, res.Body.String()
}

// token is who asks for a route with success.
func (w *world) token(try trial) string {
	if try.visitor {
		return w.own.token
	}
	return staff("ana")
}

func TestRoutesAreThoseOfTheDocument(t *testing.T) {
	w := newWorld(t, nil)
	want, got := slices.Sorted(maps.Keys(documented(t))), slices.Sorted(maps.Keys(w.server.Routes()))
	if !slices.Equal(want, got) {
		t.Errorf("openapi.yaml has\n%s\nand the server\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"))
	}
	for route := range trials {
		if !slices.Contains(want, route) {
			t.Errorf("a case of %s, which is no route", route)
		}
	}
}

func TestEveryRouteSucceeds(t *testing.T) {
	each(t, func(t *testing.T, route string, try trial, success int) {
		t.Helper()
		w := newWorld(t, nil)
		if try.before != nil {
			try.before(w)
		}
		if status, body := w.as(w.token(try), route, try, ""); status != success {
			t.Errorf("got %d %s, want %d", status, body, success)
		}
		if strings.Contains(w.log.String(), "level=ERROR") {
			t.Errorf("logged: %s", w.log)
		}
	})
}
