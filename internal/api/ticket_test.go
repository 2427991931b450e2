package api_test

import (
	"maps"
	"net/http"
)

func init() { maps.Copy(trials, ticketTrials) }

// ticketTrials are the cases of the routes of tickets.
var ticketTrials = map[string]trial{
	"GET /v1/tickets": {query: "status=new&responsible={{agent}}&requester={{contact}}", free: []string{"agent", "contact"}},
	"POST /v1/tickets": {body: `{"client_id":"t","subject":"Refund","requester":"{{contact}}","description":"Two shoes","type":"internal","priority":"urgent",` +
		`"due":{"at":"2027-01-04T15:00:00Z"},"responsible":"{{agent}}","cc":["boss@example.com"],"tags":["shoes"]}`},
	"GET /v1/tickets/board":                         {query: "by=responsible&columns={{agent}},none&limit=5&type=public&status=new", free: []string{"agent"}},
	"GET /v1/tickets/search":                        {query: "q=sho&limit=5"},
	"POST /v1/conversations/{id}/ticket/confirm":    {before: proposes},
	"POST /v1/conversations/{id}/ticket/reject":     {before: proposes},
	"POST /widget/v1/conversations/{id}/ticket":     {body: `{"number":{{ticket}}}`},
	"GET /v1/tickets/settings":                      {},
	"GET /v1/tickets/{number}":                      {query: "fresh=true&order=newest"},
	"PATCH /v1/tickets/{number}":                    {body: `{"version":1,"status":"pending","responsible":"{{agent}}"}`},
	"GET /v1/tickets/{number}/actions":              {query: "filter=public&order=newest&limit=10"},
	"POST /v1/tickets/{number}/actions":             {body: `{"client_id":"a","html":"<p>called <b>twice</b></p>","public":true}`},
	"PATCH /v1/tickets/{number}/actions/{action}":   {body: `{"version":0,"text":"Three shoes"}`},
	"DELETE /v1/tickets/{number}":                   {},
	"POST /v1/tickets/{number}/relations":           {body: `{"kind":"parent","ticket":{{ticket2}}}`},
	"DELETE /v1/tickets/{number}/relations/{other}": {},
	"POST /v1/tickets/{number}/duplicate":           {body: `{"client_id":"copy"}`},
	"POST /v1/tickets/{number}/merge":               {body: `{"ticket":{{ticket2}}}`},
	"POST /v1/tickets/{number}/unmerge":             {before: merges},
	"GET /v1/tickets/{number}/history":              {},
	"GET /v1/tickets/{number}/sla":                  {},
	"GET /v1/settings/tickets":                      {viewer: 403},
	"PUT /v1/settings/tickets": {body: `{"disabled":["cc"],"services":[{"id":"refunds","name":"Refunds","sector":"Sales"}],"categories":[{"id":"c","name":"C"}],` +
		`"priorities":[{"id":"low","name":"Low"},{"id":"vip","name":"VIP"}],"justifications":[{"id":"carrier","name":"Carrier","status":"pending"}],"due_by_hand":["agent"]}`},
}

// merges merges the ticket into the other.
func merges(w *world) {
	w.do(http.MethodPost, "/v1/tickets/{{ticket}}/merge", `{"ticket":{{ticket2}}}`)
}

// proposes lets the customer propose his ticket.
func proposes(w *world) {
	res := w.ask(http.MethodPost, w.fill("/widget/v1/conversations/{{conversation}}/ticket", ""), w.own.token, w.fill(`{"number":{{ticket}}}`, ""))
	if res.Code != http.StatusOK {
		w.t.Fatalf("propose: %d %s", res.Code, res.Body)
	}
}
