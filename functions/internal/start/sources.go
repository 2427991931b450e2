package start

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/channel/whatsapp"
	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/live"
	"github.com/relevo/relevo/internal/store"
)

// Jobs works the function's queue with an act of the desk.
func Jobs[T any](act func(*desk.Desk, context.Context, T) error) Part {
	return func(f *Function) error {
		f.Host.Work = desk.Worker(func(ctx context.Context, body T) error {
			return again(ctx, func(ctx context.Context) error { return act(f.Desk, ctx, body) })
		})
		return nil
	}
}

// Anew is an act of the desk that always reads the settings anew: what it does not do for want of an agent, nobody does
// later.
func Anew[T any](act func(*desk.Desk, context.Context, T) error) func(*desk.Desk, context.Context, T) error {
	return func(d *desk.Desk, ctx context.Context, body T) error {
		anew, _ := desk.WithSettingsUse(ctx, true)
		return act(d, anew, body)
	}
}

// Timer does the work of the function's timer.
func Timer(f *Function) error {
	f.Host.Fire = func(ctx context.Context, t desk.Timer) error {
		return again(ctx, func(ctx context.Context) error { return f.Desk.Fire(ctx, t) })
	}
	return nil
}

// Rich lets agents write rich text, cleaned so.
func Rich(clean func(html string) (string, string)) Part {
	return func(f *Function) error {
		f.Desk.Rich = clean
		return nil
	}
}

// Holidays lets administrators close on public holidays, listed so.
func Holidays(in func(country string, year int) []desk.Holiday) Part {
	return func(f *Function) error {
		f.Desk.Holidays = in
		return nil
	}
}

// Changes hands changes of the table that are facts to the desk.
func Changes(f *Function) error {
	f.Host.Relay = func(ctx context.Context, changes []store.Change) error {
		for _, change := range changes {
			fact, ok, err := store.Decode(change)
			if err != nil {
				return desk.Wrap(desk.Internal, err, "decode a change of the table")
			}
			if !ok {
				continue
			}
			if fact.Seat != nil {
				ctx, _ = desk.WithSettingsUse(ctx, true) // whose departments decide what is handed out
			}
			if err := again(ctx, func(ctx context.Context) error { return f.Desk.Relay(ctx, fact) }); err != nil {
				return err
			}
		}
		return nil
	}
	return nil
}

// Staff lets people with an access token in, and bots.
func Staff(f *Function) error {
	issuer := f.Config.Issuer
	verify, err := api.NewVerifier(context.Background(), api.VerifierOptions{Issuer: issuer, Audience: f.Config.Audience, JWKSURL: f.keys()})
	f.API.Verify = verify
	return err
}

// keys is where an emulator keeps the keys of a user pool, whose tokens name the real cloud; "" to ask the issuer.
func (f *Function) keys() string {
	endpoint, issuer := f.Config.AWS.EndpointURL, f.Config.Issuer
	if endpoint == "" || !strings.HasPrefix(issuer, "https://cognito-idp.") {
		return ""
	}
	return endpoint + issuer[strings.LastIndexByte(issuer, '/'):] + "/.well-known/jwks.json"
}

// Visitors lets customers of the web chat in. It comes after Secrets.
func Visitors(f *Function) error {
	f.API.Visitors = api.NewVisitorTokens(f.Desk.Secrets, nil)
	return nil
}

// Webhooks takes what Meta posts. It comes after Queue and Secrets.
func Webhooks(f *Function) error {
	webhook := whatsapp.NewWebhook(whatsapp.Ports{
		Settings: f.Desk.Settings, Secrets: f.Desk.Secrets, Queue: f.Desk.Queue, Take: f.Desk.Take, Hold: f.Desk.Hold, Log: slog.Default(),
	})
	f.API.More = map[string]http.Handler{}
	for _, route := range f.Row.Routes {
		if config.DoorOf(route) == config.Providers {
			f.API.More[route] = webhook
		}
	}
	return nil
}

// HTTP serves the function's routes, which lie in these tables. It comes after the doors.
func HTTP(tables ...api.Table) Part {
	return func(f *Function) error {
		f.API.Origins, f.API.Log = []string{f.Config.PublicURL}, slog.Default()
		server := api.New(f.Desk, f.API)
		routes := slices.Clone(f.Row.Routes)
		if f.Row.Name == config.Preflights { // whose handler knows every route of customers, to tell what may be sent to it
			routes = visitorRoutes()
		}
		f.Host.HTTP = front(server, answering(server.HandlerOf(routes, tables...)))
		return nil
	}
}

func visitorRoutes() []string {
	var routes []string
	for _, row := range config.Functions {
		for _, route := range row.Routes {
			if config.DoorOf(route) == config.Visitors {
				routes = append(routes, route)
			}
		}
	}
	return routes
}

// viewer is the header in which CloudFront tells the caller's address, for API Gateway sees CloudFront's only. Whoever
// passes CloudFront by may write it himself, and finds the limits of the gateway all the same.
const viewer = "X-Relevo-Viewer"

// front undoes what stands before the API: bots' requests come under a path of their own, where no JWT is taken, and
// the caller's address in a header.
func front(server *api.Server, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if address := r.Header.Get(viewer); address != "" {
			if net.ParseIP(address) != nil {
				address = net.JoinHostPort(address, "0")
			}
			r.RemoteAddr = address
		}
		if rest, ok := strings.CutPrefix(r.URL.Path, config.BotPrefix+"/"); ok {
			if strings.Contains(r.Header.Get("Authorization"), ".") {
				server.Refuse(w, r, &desk.Error{Code: desk.Unauthenticated, Message: "people come in by /v1"})
				return
			}
			r.URL.Path, r.URL.RawPath = "/"+rest, strings.TrimPrefix(r.URL.RawPath, config.BotPrefix)
		}
		next.ServeHTTP(w, r)
	})
}

// Socket serves live connections. It comes after Push.
func Socket(f *Function) error {
	endpoint := live.NewEndpoint(f.Desk, live.EndpointOptions{Origins: []string{f.Config.PublicURL}})
	f.Host.Socket = cloud.Socket{
		Connect: func(ctx context.Context, id desk.ConnectionID, ticket, origin string) (desk.Connection, error) {
			anew, _ := desk.WithSettingsUse(ctx, true) // a ticket is good once
			return endpoint.Connect(anew, id, ticket, origin)
		},
		Receive: endpoint.Receive, Disconnect: endpoint.Disconnect,
		Refuse: api.New(f.Desk, f.API).Refuse, Close: f.Push.Close,
	}
	return nil
}
