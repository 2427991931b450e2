// Package events_test replays the invocation events of this folder, in the shapes in which AWS sends them, against a
// desk on local adapters, and holds answer and effect against golden files. It exists so that what Lambda gives to a
// function, and gets from it, is known without a deployment.
package events_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/channel/webchat"
	"github.com/relevo/relevo/internal/channel/whatsapp"
	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/live"
	"github.com/relevo/relevo/internal/local"
	"github.com/relevo/relevo/internal/store"
)

// account is the one that every event is of.
const account desk.AccountID = "demo"

// now is when the events come: Monday, 10:00 in Bogota.
var now = time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

// world is a desk on a file of its own, without workers: one invocation is all that happens in it.
type world struct {
	t        *testing.T
	desk     *desk.Desk
	books    desk.Books
	file     *local.File
	api      *api.Server
	endpoint *live.Endpoint
	mailer   *local.Mailer
	blobs    *local.Blobs
	secrets  *local.Secrets
	graph    *httptest.Server

	mu      sync.Mutex
	changes []store.Change
	jobs    []desk.Job
	timers  []desk.Timer
	frames  []string // "<connection> <frame>"
	sent    []string // requests to the Graph API
}

// The recorders write down what goes out, and hand it on to the local adapter.
type (
	queueRecorder struct {
		desk.Queue
		w *world
	}
	timerRecorder struct {
		desk.Timers
		w *world
	}
	pushRecorder struct {
		desk.Push
		w *world
	}
)

func (r queueRecorder) Enqueue(ctx context.Context, job desk.Job) error {
	r.w.note(func() { r.w.jobs = append(r.w.jobs, job) })
	return r.Queue.Enqueue(ctx, job)
}

func (r timerRecorder) At(ctx context.Context, timer desk.Timer) error {
	r.w.note(func() { r.w.timers = append(r.w.timers, timer) })
	return r.Timers.At(ctx, timer)
}

func (r pushRecorder) Send(ctx context.Context, to desk.ConnectionID, frame []byte) error {
	r.w.note(func() { r.w.frames = append(r.w.frames, string(to)+" "+string(frame)) })
	return r.Push.Send(ctx, to, frame)
}

func (w *world) note(what func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	what()
}

// newWorld makes a desk and seeds it.
func newWorld(t *testing.T) *world {
	t.Helper()
	file, err := local.Open(t.TempDir())
	check(t, err)
	w := &world{t: t, file: file, secrets: file.Secrets()}
	w.mailer, err = file.Mailer(local.MailOptions{})
	check(t, err)
	w.blobs, err = file.Blobs("https://desk.example/uploads", "https://files.example")
	check(t, err)
	w.graph = httptest.NewServer(http.HandlerFunc(w.meta))
	w.wire()
	ctx, stop := context.WithCancel(context.Background())
	var reading sync.WaitGroup
	reading.Go(func() {
		err := file.Stream().Run(ctx, func(_ context.Context, changes []store.Change) error {
			w.note(func() { w.changes = append(w.changes, changes...) })
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		stop()
		reading.Wait()
		w.graph.Close()
		check(t, file.Close())
	})
	w.seed()
	w.forget()
	return w
}

func (w *world) wire() {
	meta, err := whatsapp.NewClient(w.graph.URL, w.secrets, w.graph.Client())
	check(w.t, err)
	push := local.NewPush()
	w.t.Cleanup(second(push.Register(connection)))
	books := store.New(w.file.Table(), clock)
	w.books = books.Account(account)
	quiet := slog.New(slog.DiscardHandler)
	queue := queueRecorder{w.file.Queue(), w}
	w.desk = desk.New(desk.Ports{
		Store: books, Queue: queue, Timers: timerRecorder{w.file.Timers(), w}, Mailer: w.mailer, Blobs: w.blobs, Secrets: w.secrets,
		Providers: map[desk.Channel]desk.Provider{desk.WhatsApp: meta}, Rich: webchat.Rich, MaxAttachment: 25 << 20, Now: clock, Log: quiet,
	})
	w.desk.Announce = live.NewAnnouncer(books, pushRecorder{push, w}, live.Shapes(api.LiveShapes(w.desk)))
	verify, err := api.NewVerifier(context.Background(), api.VerifierOptions{Issuer: issuer, Audience: "relevo", Algorithm: "ES256",
		JWKSURL: issuer + "/jwks", HTTP: &http.Client{Transport: keys{}}, Now: clock})
	check(w.t, err)
	webhook := whatsapp.NewWebhook(whatsapp.Ports{Settings: w.desk.Settings, Secrets: w.secrets, Queue: queue, Take: w.desk.Take, Hold: w.desk.Hold, Log: quiet})
	w.api = api.New(w.desk, api.Options{Verify: verify, Visitors: api.NewVisitorTokens(w.secrets, clock), Now: clock, Log: quiet,
		More: map[string]http.Handler{
			"GET /webhooks/whatsapp/{account}/{inbox}":  webhook,
			"POST /webhooks/whatsapp/{account}/{inbox}": webhook,
		}})
	w.endpoint = live.NewEndpoint(w.desk, live.EndpointOptions{Origins: []string{"https://desk.example"}, Now: clock})
}

func second[A, B any](_ A, b B) B { return b }

// host is the function as Lambda would host it.
func (w *world) host(f config.Function) cloud.Host {
	h := cloud.Host{Log: slog.New(slog.DiscardHandler), Work: w.desk.Work, Relay: w.relay, Fire: w.desk.Fire, Socket: cloud.Socket{
		Connect: w.endpoint.Connect, Receive: w.endpoint.Receive, Disconnect: w.endpoint.Disconnect, Refuse: w.api.Refuse,
	}}
	if len(f.Routes) > 0 {
		h.HTTP = w.api.Handler(f.Routes)
	}
	return h
}

func (w *world) relay(ctx context.Context, changes []store.Change) error {
	for _, change := range changes {
		fact, ok, err := store.Decode(change)
		if err != nil || !ok {
			return err
		}
		if err := w.desk.Relay(ctx, fact); err != nil {
			return err
		}
	}
	return nil
}

// meta stands where Meta's Graph API would: it takes messages, and has one file.
func (w *world) meta(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Error(err)
	}
	w.note(func() { w.sent = append(w.sent, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+string(body))) })
	answer := `{"messaging_product":"whatsapp","messages":[{"id":"wamid.SENT"}]}`
	switch {
	case r.URL.Path == "/file":
		rw.Header().Set("Content-Type", "image/jpeg")
		answer = "\xff\xd8\xff\xe0shoe"
	case r.Method == http.MethodGet:
		answer = `{"url":"` + w.graph.URL + `/file","mime_type":"image/jpeg","file_size":8,"id":"5550001"}`
	}
	if _, err := io.WriteString(rw, answer); err != nil {
		w.t.Error(err)
	}
}

// settle waits until the recorder has every change of the table, and gives those since it was last asked.
func (w *world) settle() []store.Change {
	ctx, stop := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer stop()
	check(w.t, w.file.Stream().Idle(ctx))
	w.mu.Lock()
	defer w.mu.Unlock()
	changes := w.changes
	w.changes = nil
	slices.SortFunc(changes, func(a, b store.Change) int { return strings.Compare(a.ID, b.ID) })
	return changes
}

// forget drops what was recorded.
func (w *world) forget() []store.Change {
	changes := w.settle()
	w.note(func() { w.jobs, w.timers, w.frames, w.sent = nil, nil, nil, nil })
	return changes
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hash is how the desk keeps secrets that it only compares.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
