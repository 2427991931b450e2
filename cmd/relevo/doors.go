package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

// handler serves everything on the desk's address: the functions' routes, the pages, and the local doors.
func (g *gateway) handler() http.Handler {
	mux := http.NewServeMux()
	g.mountFunctions(mux)
	mux.Handle(uploadsPath, g.blobs.UploadHandler())
	mux.HandleFunc("GET /healthz", g.health)
	mux.HandleFunc("GET /config.json", g.console)
	g.mountPages(mux)
	if g.issuer != nil {
		mux.Handle(oidcPath+"/", g.localDoor(g.issuer))
		mux.Handle("POST /dev/token", g.localDoor(http.HandlerFunc(g.devToken)))
	}
	if g.loopback {
		mux.Handle("GET /mailbox", g.localDoor(http.HandlerFunc(g.mailbox)))
		g.operatorDoors(mux)
		mux.Handle("GET /mailbox/{id}", g.localDoor(http.HandlerFunc(g.mailHTML)))
	}
	if g.phone != nil {
		g.phone.mount(mux, g.localDoor)
	}
	if !g.log.Enabled(context.Background(), slog.LevelDebug) {
		return mux
	}
	return g.logged(mux)
}

// mountFunctions mounts the functions that HTTP starts, each under its routes and with its time limit.
func (g *gateway) mountFunctions(mux *http.ServeMux) {
	functions := g.functions()
	var all []string
	for _, row := range config.Functions {
		f := functions[row.Name]
		if row.Socket {
			mux.Handle(liveRoute, f.socket)
		}
		if len(row.Routes) == 0 {
			continue
		}
		handler := timed(f.routes(row.Routes), row.Timeout)
		for _, route := range row.Routes {
			mux.Handle(route, handler)
		}
		all = append(all, row.Routes...)
	}
	rest := g.api.Handler(all) // preflights, wrong methods, and what is not there
	for _, prefix := range []string{"/v1/", "/widget/v1/", "/webhooks/"} {
		mux.Handle(prefix, rest)
	}
}

// timed gives a function's requests the time that they have on AWS.
func timed(next http.Handler, limit time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), limit)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// localDoor guards what is for this machine only: the caller and the name that he calls us by must be local, so that
// neither a proxy nor a page that points its own name at us comes in, and no foreign page may change anything.
func (g *gateway) localDoor(next http.Handler) http.Handler {
	own := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopback(hostOf(r.RemoteAddr)) || !isLoopback(hostOf(r.Host)) {
			refuse(w, &desk.Error{Code: desk.Forbidden, Message: "this door is for the desk's own machine"}, http.StatusForbidden)
			return
		}
		own.ServeHTTP(w, r)
	})
}

// devToken: POST /dev/token {"email"} gives an access token of a seeded agent, for scripts.
func (g *gateway) devToken(w http.ResponseWriter, r *http.Request) {
	var want struct {
		Email string `json:"email"`
	}
	if err := readJSON(w, r, &want); err != nil {
		refuse(w, err, http.StatusBadRequest)
		return
	}
	people, err := g.people(r.Context())
	if err != nil {
		g.fault(w, r, err)
		return
	}
	for _, p := range people {
		if p.Email != want.Email {
			continue
		}
		token, err := g.issuer.Token(p.Subject, devTokenTime)
		if err != nil {
			g.fault(w, r, err)
			return
		}
		writeJSON(w, http.StatusOK, map[string]string{"access_token": token})
		return
	}
	refuse(w, &desk.Error{Code: desk.NotFound, Field: "email", Message: "no agent signs in here with this address"}, http.StatusNotFound)
}

// devTokenTime is long enough for a day's script, unlike what the sign-in page gives.
const devTokenTime = 12 * time.Hour

// health: GET /healthz tells whether the desk can read its file.
func (g *gateway) health(w http.ResponseWriter, r *http.Request) {
	if _, err := g.desk.Settings(r.Context(), demo); err != nil {
		g.fault(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok", "version": version()})
}

// console: GET /config.json tells the agents' page where to sign in.
func (g *gateway) console(w http.ResponseWriter, _ *http.Request) {
	client := consoleClient
	if g.issuer == nil {
		client = g.cfg.Audience // as Cognito and others do: the client is the audience
	}
	writeJSON(w, http.StatusOK, map[string]any{"issuer": g.issuerName(), "client_id": client, "audience": g.cfg.Audience,
		"own_issuer": g.issuer != nil, "max_attachment": g.cfg.MaxAttachment})
}

// logged writes a line for every request: its route, never its query, which may hold a ticket.
func (g *gateway) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		next.ServeHTTP(w, r)
		g.log.DebugContext(r.Context(), "request", "method", r.Method, "path", r.URL.Path, "took", time.Since(began),
			"request_id", w.Header().Get("X-Request-Id"))
	})
}

const maxLocalBody = 64 << 10 // bytes of JSON at the local doors; a file goes as a form

// readJSON reads the body strictly.
func readJSON(w http.ResponseWriter, r *http.Request, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxLocalBody))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return &desk.Error{Code: desk.Invalid, Message: "the body is not the JSON that is wanted here", Cause: err}
	}
	return nil
}

// refuse answers with an error in the form of the API.
func refuse(w http.ResponseWriter, err error, status int) {
	type fault struct {
		Code    desk.Code `json:"code"`
		Message string    `json:"message"`
		Field   string    `json:"field,omitempty"`
	}
	said := fault{Code: desk.CodeOf(err), Message: "something went wrong here"}
	if e, ok := errors.AsType[*desk.Error](err); ok && status < http.StatusInternalServerError {
		said.Message, said.Field = e.Message, e.Field
	}
	writeJSON(w, status, map[string]fault{"error": said})
}

// fault answers for what is our fault, and logs it.
func (g *gateway) fault(w http.ResponseWriter, r *http.Request, err error) {
	g.log.ErrorContext(r.Context(), "a local door failed", "path", r.URL.Path, "error", err)
	refuse(w, err, http.StatusInternalServerError)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a caller who hung up wants no answer
}

// publicHost is the host under which browsers should call us.
func (g *gateway) publicHost() string {
	u, err := url.Parse(g.public)
	if err != nil {
		return net.JoinHostPort("127.0.0.1", "8080")
	}
	return u.Host
}
