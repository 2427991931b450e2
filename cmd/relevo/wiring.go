package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/relevo/relevo/internal/channel/whatsapp"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/local"
	"github.com/relevo/relevo/internal/store"
)

// function is one function of the wiring table as this process hosts it: what serves each of the sources that start it.
// On AWS a Lambda of the same name wraps the same.
type function struct {
	routes func(routes []string) http.Handler
	queue  func(context.Context, desk.Job) error
	timer  func(context.Context, desk.Timer) error
	stream local.Handler
	socket http.Handler
}

// functions are the functions by the names of the wiring table.
func (h *house) functions() map[string]function {
	routes, queue, timer := h.api.Handler, h.desk.Work, h.desk.Fire
	return h.ledger.watch(map[string]function{
		"inbound":    {routes: routes},
		"ingest":     {queue: queue},
		"assign":     {routes: routes, queue: queue},
		"transfer":   {routes: routes},
		"close":      {routes: routes},
		"snooze":     {routes: routes},
		"wakeup":     {timer: timer},
		"slabreach":  {timer: timer},
		"transcript": {queue: queue},
		"feedback":   {queue: queue},
		"deliver":    {queue: queue},
		"media":      {queue: queue},
		"relay":      {stream: h.relay},
		"live":       {socket: routes([]string{liveRoute})},
		"console":    {routes: routes},
		"widget":     {routes: routes},
		"tickets":    {routes: routes},
		"admin":      {routes: routes},
	})
}

// relay hands changes of the table to the desk. A change that is no fact of the product is passed over.
func (h *house) relay(ctx context.Context, changes []store.Change) error {
	for _, change := range changes {
		fact, ok, err := store.Decode(change)
		if err != nil {
			return desk.Wrap(desk.Internal, err, "decode a change of the table")
		}
		if !ok {
			continue
		}
		if err := h.desk.Relay(ctx, fact); err != nil {
			return err
		}
	}
	return nil
}

// liveRoute is where the function with the socket is found.
const liveRoute = "GET /live"

// otherRoutes are the routes of other rooms than api, which serves them behind its door.
func (h *house) otherRoutes() map[string]http.Handler {
	webhook := whatsapp.NewWebhook(whatsapp.Ports{Settings: h.desk.Settings, Secrets: h.secrets, Queue: h.queue, Take: h.desk.Take, Hold: h.desk.Hold, Log: h.log})
	return map[string]http.Handler{
		"GET /webhooks/whatsapp/{account}/{inbox}":  webhook,
		"POST /webhooks/whatsapp/{account}/{inbox}": webhook,
		liveRoute: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.live.ServeHTTP(w, r) }),
	}
}

// complete holds the functions against the wiring table: each row has its function, serving just what starts it, and no
// function is without a row.
func complete(table []config.Function, functions map[string]function) error {
	for _, row := range table {
		f, ok := functions[row.Name]
		if !ok {
			return fmt.Errorf("the wiring table names the function %s, and nothing serves it", row.Name)
		}
		wanted := []bool{len(row.Routes) > 0, row.Queue != "", row.Timer != "", row.Stream, row.Socket}
		served := []bool{f.routes != nil, f.queue != nil, f.timer != nil, f.stream != nil, f.socket != nil}
		if !slices.Equal(wanted, served) {
			return fmt.Errorf("the function %s is started by [routes queue timer stream socket] %v in the wiring table, and serves %v",
				row.Name, wanted, served)
		}
	}
	for name := range functions {
		if !slices.ContainsFunc(table, func(row config.Function) bool { return row.Name == name }) {
			return fmt.Errorf("the function %s is not in the wiring table", name)
		}
	}
	return nil
}
