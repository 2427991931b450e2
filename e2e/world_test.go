package e2e_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/e2e"
	"github.com/relevo/relevo/internal/api/openapi"
)

// host is the desk that the scenarios share. They stay apart by customers, agents, departments and inboxes of their own.
var (
	host   e2e.Host
	binary string // the desk's, for scenarios that need a desk of their own; "" with E2E_URL
)

// secretMark stands in everything that customers write here: no log may hold it (I14).
const secretMark = "zqx-only-for-the-desk"

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if address := strings.TrimRight(os.Getenv("E2E_URL"), "/"); address != "" {
		var err error
		if host, err = e2e.Reach(context.Background(), address); err != nil {
			return failed(err)
		}
		return m.Run()
	}
	folder, err := os.MkdirTemp("", "relevo-e2e-")
	if err != nil {
		return failed(err)
	}
	defer os.RemoveAll(folder)
	var flags []string
	if raceEnabled {
		flags = append(flags, "-race")
	}
	if binary, err = e2e.Build(context.Background(), folder, flags...); err != nil {
		return failed(err)
	}
	desk, err := e2e.Start(context.Background(), e2e.Options{Binary: binary, Data: filepath.Join(folder, "data")})
	if err != nil {
		return failed(err)
	}
	host = e2e.NewLocal(desk.URL)
	code := m.Run()
	if err := errors.Join(desk.Stop(), cleanLog(desk.Log)); err != nil {
		return failed(err)
	}
	return code
}

// behindAGateway tells that what comes to no function is refused in the words of API Gateway, and files are kept by S3.
func behindAGateway() bool {
	_, deployed := host.(e2e.Deployed)
	return deployed
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, "e2e:", err)
	return 1
}

// cleanLog refuses a log that tells of faults of ours, or holds what a customer wrote.
func cleanLog(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for _, wrong := range []string{"level=ERROR", "DATA RACE", "panic", secretMark} {
		if at := bytes.Index(raw, []byte(wrong)); at >= 0 {
			from := bytes.LastIndexByte(raw[:at], '\n') + 1
			return fmt.Errorf("the desk's log holds %q: %s", wrong, raw[from:min(len(raw), from+1500)])
		}
	}
	return nil
}

// ownDesk starts a desk for one scenario.
func ownDesk(t *testing.T, env ...string) *e2e.Process {
	t.Helper()
	if binary == "" {
		t.Skip("needs a desk of its own, not that of E2E_URL")
	}
	desk, err := e2e.Start(t.Context(), e2e.Options{Binary: binary, Data: filepath.Join(t.TempDir(), "data"), Env: env})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(desk.Stop(), cleanLog(desk.Log)); err != nil {
			t.Error(err)
		}
	})
	return desk
}

// waits are how long to wait for what must happen by itself, and how often to look.
type waits struct{ patience, pace time.Duration }

// waiting gives them. An emulator works through the change stream of all scenarios one change after the other, and each
// look costs it as much as a change: there the desk is looked at less often, and for longer.
func waiting() waits {
	if behindAGateway() {
		return waits{patience: 2 * time.Minute, pace: 300 * time.Millisecond}
	}
	return waits{patience: 20 * time.Second, pace: 15 * time.Millisecond}
}

// settingsBelieved is how long, and a little more, a function believes what it read of the settings.
const settingsBelieved = 6 * time.Second

// eventually polls until cond holds.
func eventually(t *testing.T, what string, cond func() bool) {
	t.Helper()
	w := waiting()
	deadline := time.NewTimer(w.patience)
	defer deadline.Stop()
	tick := time.NewTicker(w.pace)
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("not within %v: %s", w.patience, what)
		}
	}
}

// caller is somebody who speaks to the desk in a test: what he cannot do fails the test.
type caller struct {
	*e2e.Client
	t      *testing.T
	socket *e2e.Socket
}

// checked is a transport that holds every exchange against openapi.yaml.
func checked(t *testing.T, desk string) http.RoundTripper {
	t.Helper()
	own := e2e.OwnTransport(desk)
	t.Cleanup(own.CloseIdleConnections)
	return openapi.Transport(t, own)
}

func (c *caller) do(method, path string, in, out any) {
	c.t.Helper()
	if err := c.Do(c.t.Context(), method, path, in, out); err != nil {
		c.t.Fatal(err)
	}
}

func (c *caller) get(path string, out any) { c.t.Helper(); c.do(http.MethodGet, path, nil, out) }

func (c *caller) post(path string, in, out any) { c.t.Helper(); c.do(http.MethodPost, path, in, out) }

// refused does what must be refused with this status, code and field ("": none).
func (c *caller) refused(method, path string, in any, status int, code, field string) {
	c.t.Helper()
	wantRefusal(c.t, c.Do(c.t.Context(), method, path, in, nil), status, code, field)
}

func wantRefusal(t *testing.T, err error, status int, code, field string) {
	t.Helper()
	refusal, ok := errors.AsType[*e2e.Refusal](err)
	if !ok {
		t.Errorf("got %v, want %d %s %s", err, status, code, field)
		return
	}
	if refusal.Status != status || refusal.Code != code || refusal.Field != field || refusal.Message == "" {
		t.Errorf("got %v, want %d %s %q", refusal, status, code, field)
	}
}

// connect opens a live connection.
func (c *caller) connect(ticketPath string) *e2e.Socket {
	c.t.Helper()
	s, err := e2e.Connect(c.t.Context(), c.Client, ticketPath, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(s.Drop)
	c.socket = s
	return s
}

// hears waits for the first frame that fits.
func (c *caller) hears(what string, fits func(e2e.Frame) bool) e2e.Frame {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), waiting().patience)
	defer cancel()
	f, err := c.socket.Await(ctx, fits)
	if err != nil {
		var heard strings.Builder
		for _, f := range c.socket.Frames() {
			fmt.Fprintf(&heard, "\n%s %s %s", f.Type, f.Data, f.Error.Message)
		}
		c.t.Fatalf("not heard: %s: %v%s", what, err, heard.String())
	}
	return f
}

// agent is a member of staff.
type agent struct {
	caller
	id, email string
}

// signIn is the agent with this e-mail address.
func signIn(t *testing.T, h e2e.Host, email string) *agent {
	t.Helper()
	token, err := h.Token(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	a := &agent{caller: caller{t: t, Client: &e2e.Client{Base: h.URL(), Token: token,
		HTTP: &http.Client{Timeout: time.Minute, Transport: checked(t, h.URL())}}}, email: email}
	var me struct {
		Agent struct{ ID string }
	}
	a.get("/v1/me", &me)
	a.id = me.Agent.ID
	return a
}

// arrive opens the agent's console: he is connected, and available while he is not full.
func (a *agent) arrive() *agent {
	a.t.Helper()
	a.connect("/v1/live/ticket")
	a.presence("connected")
	return a
}

func (a *agent) presence(state string) e2e.Seat {
	a.t.Helper()
	var seat e2e.Seat
	a.do(http.MethodPut, "/v1/me/presence", map[string]string{"presence": state}, &seat)
	return seat
}

func (a *agent) seat() e2e.Seat {
	a.t.Helper()
	var me struct{ Seat e2e.Seat }
	a.get("/v1/me", &me)
	return me.Seat
}

// act does an act of a conversation and gives the conversation after it.
func (a *agent) act(id, act string, body any) e2e.Conversation {
	a.t.Helper()
	var c e2e.Conversation
	a.post("/v1/conversations/"+id+"/"+act, body, &c)
	return c
}

func (a *agent) closes(id string, body any) e2e.Closed {
	a.t.Helper()
	var c e2e.Closed
	a.post("/v1/conversations/"+id+"/close", body, &c)
	return c
}

func (a *agent) opens(id string) e2e.Thread {
	a.t.Helper()
	var thread e2e.Thread
	a.get("/v1/conversations/"+id+"?fresh=true", &thread)
	return thread
}

func (a *agent) writes(id string, fields e2e.Object) e2e.Message {
	a.t.Helper()
	if _, ok := fields["client_id"]; !ok {
		fields["client_id"] = rand.Text()
	}
	var m e2e.Message
	a.post("/v1/conversations/"+id+"/messages", fields, &m)
	return m
}

func (a *agent) replies(id, text string) e2e.Message {
	a.t.Helper()
	return a.writes(id, e2e.Object{"text": text})
}

// lists gives a list of conversations.
func (a *agent) lists(query string) []e2e.Conversation {
	a.t.Helper()
	var page e2e.Page[e2e.Conversation]
	a.get("/v1/conversations?"+query, &page)
	return page.Items
}

// awaits polls a conversation until it is as wanted.
func (a *agent) awaits(id, what string, fits func(e2e.Conversation) bool) e2e.Thread {
	a.t.Helper()
	var thread e2e.Thread
	eventually(a.t, what, func() bool {
		thread = a.opens(id)
		return fits(thread.Conversation)
	})
	return thread
}

// hasEvent waits for an activity line of this kind in the thread.
func (a *agent) hasEvent(id, event string) e2e.Message {
	a.t.Helper()
	var found e2e.Message
	eventually(a.t, "activity "+event, func() bool {
		for _, m := range a.opens(id).Messages {
			if m.Kind == "activity" && m.Event == event {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// customer is a visitor of a web chat.
type customer struct {
	caller
	visitor *e2e.Customer
}

func visit(t *testing.T, h e2e.Host, inbox, secret string) *customer {
	t.Helper()
	v, err := e2e.NewCustomer(t.Context(), h.URL(), inbox, secret, checked(t, h.URL()))
	if err != nil {
		t.Fatal(err)
	}
	return &customer{caller{t: t, Client: &v.Client}, v}
}

// says posts a message with the mark that no log may hold.
func (c *customer) says(text string) e2e.Message {
	c.t.Helper()
	m, err := c.visitor.Write(c.t.Context(), rand.Text(), text+" "+secretMark)
	if err != nil {
		c.t.Fatal(err)
	}
	return m
}

func (c *customer) thread() e2e.Thread {
	c.t.Helper()
	thread, err := c.visitor.Thread(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	return thread
}

// listens opens the widget's live connection.
func (c *customer) listens() *customer {
	c.t.Helper()
	c.connect("/widget/v1/live/ticket")
	return c
}

// isMessage fits a frame with a message of this text.
func isMessage(text string) func(e2e.Frame) bool {
	return func(f e2e.Frame) bool {
		return f.Type == "message.created" && strings.HasPrefix(f.Message().Text, text)
	}
}

// world is a department with an inbox and agents of its own, so that scenarios do not meet.
type world struct {
	t          *testing.T
	host       e2e.Host
	admin      *agent
	department string
	inbox, key string
}

// newWorld makes one; fields are settings of the inbox, which has no ticket to close, no greeting and no distribution.
func newWorld(t *testing.T, fields e2e.Object) *world {
	t.Helper()
	return worldOn(t, host, fields)
}

func worldOn(t *testing.T, h e2e.Host, fields e2e.Object) *world {
	t.Helper()
	w := &world{t: t, host: h, admin: signIn(t, h, "ana@demo.test")}
	w.department = w.newDepartment()
	w.inbox, w.key = w.newInbox(fields)
	return w
}

func (w *world) newDepartment() string {
	w.t.Helper()
	var made struct{ ID string }
	w.admin.post("/v1/settings/departments", e2e.Object{"client_id": rand.Text(), "name": "E2E " + rand.Text()[:8]}, &made)
	return made.ID
}

func (w *world) newInbox(fields e2e.Object) (id, key string) {
	w.t.Helper()
	settings := e2e.Object{"client_id": rand.Text(), "name": "E2E " + rand.Text()[:8], "channel": "webchat", "department": w.department,
		"language": "es", "ticket_policy": "optional"}
	for name, value := range fields {
		settings[name] = value
	}
	var made struct{ ID, Key string }
	w.admin.post("/v1/settings/inboxes", settings, &made)
	return made.ID, made.Key
}

// hires makes an agent of the world's department.
func (w *world) hires(role string, capacity int) *agent {
	w.t.Helper()
	email := strings.ToLower(rand.Text()) + "@e2e.test"
	issuer, subject, err := w.host.SignIn(w.t.Context(), email)
	if err != nil {
		w.t.Fatal(err)
	}
	var made struct{ ID string }
	w.admin.post("/v1/settings/agents", e2e.Object{"client_id": rand.Text(), "name": "E2E " + role, "email": email, "role": role,
		"departments": []string{w.department}, "capacity": capacity, "language": "en",
		"sign_in": e2e.Object{"issuer": issuer, "subject": subject}}, &made)
	a := signIn(w.t, w.host, email)
	if a.id != made.ID {
		w.t.Fatalf("signed in as %s, want %s", a.id, made.ID)
	}
	return a
}

// visits brings a new customer, who says something, and gives him with his conversation.
func (w *world) visits(text string) (*customer, string) {
	w.t.Helper()
	c := visit(w.t, w.host, w.key, "")
	return c, c.says(text).Conversation
}

func asRefusal(err error, into **e2e.Refusal) bool { return errors.As(err, into) }
