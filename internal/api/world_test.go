package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/api/openapi"
	"github.com/relevo/relevo/internal/channel/webchat"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/holidays"
	"github.com/relevo/relevo/internal/local"
	"github.com/relevo/relevo/internal/store"
)

// world is a desk behind its HTTP door, with two accounts that look alike. Every exchange is held against openapi.yaml.
type world struct {
	t      testing.TB
	desk   *desk.Desk
	server *api.Server
	door   http.Handler
	log    *bytes.Buffer
	own    *account // demo
	other  *account
	drain  func() // waits until relay did what follows from what was stored
}

// account is one of the accounts: what stands in it, by the names that bodies use as {{name}}.
type account struct {
	id      desk.AccountID
	ids     map[string]string
	admin   desk.Who
	visitor desk.Visitor
	token   string // the visitor's
	bot     string // its token
}

// newWorld opens a desk; change may be nil.
func newWorld(t testing.TB, change func(*api.Options)) *world {
	t.Helper()
	file, err := local.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := file.Blobs("http://desk.test/uploads", "http://files.test")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(w.log, nil))
	w.desk = desk.New(desk.Ports{
		Store: store.New(file.Table(), time.Now), Queue: file.Queue(), Timers: file.Timers(), Blobs: blobs, Secrets: file.Secrets(), Log: log,
		Holidays: holidays.In, Rich: webchat.Rich,
	})
	wide := api.Limit{PerMinute: 60_000, Burst: 10_000}
	opts := api.Options{
		Verify: verify, Visitors: api.NewVisitorTokens(file.Secrets(), nil), Log: log, Origins: []string{"https://desk.example"},
		Messages: api.NewLimiter(wide, nil), Requests: api.NewLimiter(wide, nil), Sessions: api.NewLimiter(wide, nil),
	}
	if change != nil {
		change(&opts)
	}
	w.server = api.New(w.desk, opts)
	w.door = openapi.Check(t, w.server.Handler(slices.Collect(maps.Keys(w.server.Routes()))))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- file.Stream().Run(ctx, w.relay) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		file.Close()
	})
	w.drain = func() {
		wait, enough := context.WithTimeout(ctx, 20*time.Second)
		defer enough()
		if err := file.Stream().Idle(wait); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []desk.AccountID{"demo", "other"} {
		w.must(file.Secrets().SetSecret(ctx, id, "visitor-key", strings.Repeat(string(id[0]), 64)))
	}
	w.own, w.other = w.furnish("demo"), w.furnish("other")
	w.drain()
	return w
}

func (w *world) relay(ctx context.Context, changes []store.Change) error {
	for _, change := range changes {
		fact, ok, err := store.Decode(change)
		if err != nil || !ok {
			continue
		}
		if err := w.desk.Relay(ctx, fact); err != nil {
			return err
		}
	}
	return nil
}

// verify believes tokens such as x.demo-ana.x.
func verify(_ context.Context, token string) (issuer, subject string, err error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || parts[0] != "x" {
		return "", "", &desk.Error{Code: desk.Unauthenticated, Message: "the token is no good"}
	}
	return "i", parts[1], nil
}

// staff is the token of an agent of demo.
func staff(agent string) string { return "x.demo-" + agent + ".x" }

// furnish makes an account with everything in it that a route can name. In other there is more of what has numbers.
func (w *world) furnish(id desk.AccountID) *account {
	w.t.Helper()
	ctx, pre := w.t.Context(), string(id)+"-"
	admin := desk.Who{Account: id, Actor: desk.Actor{Kind: desk.ByUser, ID: pre + "ana", Name: "Ana"}, Role: desk.Administrator, Agent: desk.AgentID(pre + "ana")}
	a := &account{id: id, admin: admin, ids: map[string]string{
		"department": pre + "support", "department2": pre + "sales", "inbox": pre + "web", "inbox2": pre + "shop", "key": pre + "web", "label": pre + "vip",
		"label2": pre + "slow", "canned": pre + "hi", "agent": pre + "ines", "agent2": pre + "otto", "viewer": pre + "vera",
	}}
	agent := func(name string, role desk.Role) desk.Agent {
		return desk.Agent{ID: desk.AgentID(pre + name), Name: name, Email: name + "@" + string(id) + ".test", Issuer: "i", Subject: pre + name, Role: role,
			Departments: []desk.DepartmentID{desk.DepartmentID(pre + "support")}, Capacity: 5, Language: "es"}
	}
	inbox := desk.Inbox{ID: desk.InboxID(pre + "web"), Key: pre + "web", Name: "Web", Channel: desk.WebChat, Department: desk.DepartmentID(pre + "support"),
		Language: "es", TicketPolicy: desk.TicketOptional, Templates: []desk.Template{{Name: "hello", Language: "es", Body: "Hola {{1}}"}}}
	inbox.Portal = desk.Portal{Enabled: true, Open: true}
	shop := inbox
	shop.ID, shop.Key, shop.Origins = desk.InboxID(pre+"shop"), pre+"shop", []string{"https://shop.example"}
	for _, setting := range []desk.Setting{
		desk.Account{ID: id, Name: "Tienda", TimeZone: "America/Bogota", Language: "es", AfterClose: desk.KeepAssignee},
		desk.Department{ID: desk.DepartmentID(pre + "support"), Name: "Support"}, desk.Department{ID: desk.DepartmentID(pre + "sales"), Name: "Sales"},
		agent("ana", desk.Administrator), agent("otto", desk.Operator), agent("ines", desk.AgentRole), agent("vera", desk.Viewer), inbox, shop,
		desk.Label{ID: desk.LabelID(pre + "vip"), Name: "VIP", Color: "#aa0000"}, desk.Label{ID: desk.LabelID(pre + "slow"), Name: "Slow"},
		desk.Canned{ID: desk.CannedID(pre + "hi"), Short: "hi", Text: "Hola"},
	} {
		w.must(w.desk.SaveSetting(ctx, admin, setting))
	}
	office := desk.Hours{ID: desk.HoursID(pre + "office"), Name: "Office", TimeZone: "America/Bogota", Country: "ES"}
	office.Week[time.Monday] = []desk.Span{{From: 540, To: 1080}}
	gold := desk.Contract{ID: desk.ContractID(pre + "gold"), Name: "Gold", Hours: office.ID, Inboxes: []desk.InboxID{shop.ID},
		Promises: []desk.Promise{{FirstResponse: time.Hour, NextResponse: time.Hour, Resolution: time.Hour}}}
	w.must(w.desk.SaveSetting(ctx, admin, office))
	w.must(w.desk.SaveSetting(ctx, admin, gold))
	a.ids["hours"], a.ids["contract"] = string(office.ID), string(gold.ID)
	bot, token, err := w.desk.CreateBot(ctx, admin, desk.Bot{ID: desk.BotID(pre + "bot"), Name: "Bot", Inbox: inbox.ID})
	w.must(err)
	a.bot, a.ids["bot"] = token, string(bot.ID)
	begun, err := w.desk.StartSession(ctx, desk.Arrival{Inbox: inbox.Key})
	w.must(err)
	a.visitor, a.ids["secret"], a.ids["contact"] = begun.Visitor, begun.Secret, string(begun.Visitor.Contact)
	a.visitor.Identified = true
	a.token, _, err = w.server.Visitors.Mint(ctx, a.visitor)
	w.must(err)
	hola, _, err := w.desk.Write(ctx, begun.Visitor, desk.Body{ClientID: "hola", Text: "Hola, soy Carla"})
	w.must(err)
	a.ids["conversation"], a.ids["message"] = string(hola.Conversation), string(hola.ID)
	reply, _, err := w.desk.Reply(ctx, admin, hola.Conversation, desk.Body{ClientID: "reply", Text: "Buenos días"})
	w.must(err)
	a.ids["reply"] = string(reply.ID)
	note, _, err := w.desk.Note(ctx, admin, hola.Conversation, desk.Body{ClientID: "note", Text: "privado"})
	w.must(err)
	a.ids["note"] = string(note.ID)
	view, err := w.desk.CreateView(ctx, admin, "view", desk.SavedView{Name: "Ours", Shared: true, Filter: desk.ViewFilter{View: desk.AllView}})
	w.must(err)
	a.ids["view"] = string(view.ID)
	second, err := w.desk.CreateContact(ctx, admin, "second", desk.Contact{Name: "Second"})
	w.must(err)
	a.ids["contact2"] = string(second.ID)
	for i := range map[desk.AccountID]int{"demo": 1, "other": 3}[id] {
		ticket, err := w.desk.CreateTicket(ctx, admin, desk.NewTicket{ClientID: "t" + strconv.Itoa(i), Subject: "Refund", Requester: begun.Visitor.Contact,
			Description: "The shoes do not fit"})
		w.must(err)
		opened, err := w.desk.Ticket(ctx, admin, ticket.Number, desk.PageRequest{Fresh: true})
		w.must(err)
		a.ids["action"] = opened.Actions[0].ID
		a.ids["ticket"] = strconv.FormatInt(ticket.Number, 10)
	}
	spare, err := w.desk.CreateTicket(ctx, admin, desk.NewTicket{ClientID: "spare", Subject: "Exchange", Requester: begun.Visitor.Contact})
	w.must(err)
	a.ids["ticket2"] = strconv.FormatInt(spare.Number, 10)
	for _, name := range []string{"ana", "otto", "ines"} {
		who, err := w.desk.Staff(ctx, "i", pre+name)
		w.must(err)
		_, err = w.desk.SetPresence(ctx, who, desk.Connected)
		w.must(err)
	}
	return a
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

var place = regexp.MustCompile(`\{\{(\w+)\}\}`)

// fill puts the account's ids into a text; swapped names one that is taken from the other account.
func (w *world) fill(text, swapped string) string {
	return place.ReplaceAllStringFunc(text, func(found string) string {
		name := strings.Trim(found, "{}")
		from := w.own
		if name == swapped {
			from = w.other
		}
		value, ok := from.ids[name]
		if !ok {
			w.t.Fatalf("nothing is named %s", found)
		}
		return value
	})
}

// ask sends a request; body "" is none.
func (w *world) ask(method, path, token, body string) *httptest.ResponseRecorder {
	w.t.Helper()
	var sent io.Reader
	if body != "" {
		sent = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(w.t.Context(), method, path, sent)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return w.send(r)
}

func (w *world) send(r *http.Request) *httptest.ResponseRecorder {
	recorded := httptest.NewRecorder()
	w.door.ServeHTTP(recorded, r)
	return recorded
}

// do asks as the administrator and wants success.
func (w *world) do(method, path, body string) map[string]any {
	w.t.Helper()
	res := w.ask(method, w.fill(path, ""), staff("ana"), w.fill(body, ""))
	if res.Code >= 300 {
		w.t.Fatalf("%s %s: %d %s", method, path, res.Code, res.Body)
	}
	return decoded(w.t, res)
}

func decoded(t testing.TB, res *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	var out map[string]any
	if res.Body.Len() == 0 {
		return nil
	}
	if err := json.Unmarshal(res.Body.Bytes(), &out); err != nil {
		t.Fatalf("%s: %v", res.Body, err)
	}
	return out
}

// fault reads an error.
type fault struct {
	Error struct {
		Code      string `json:"code"`
		Message   string `json:"message"`
		Field     string `json:"field"`
		RequestID string `json:"request_id"`
	} `json:"error"`
}

func faultOf(t *testing.T, res *httptest.ResponseRecorder) fault {
	t.Helper()
	var out fault
	if err := json.Unmarshal(res.Body.Bytes(), &out); err != nil {
		t.Fatalf("no error but %q: %v", res.Body, err)
	}
	if out.Error.RequestID == "" || out.Error.RequestID != res.Header().Get("X-Request-Id") {
		t.Errorf("request id %q in the body, %q in the header", out.Error.RequestID, res.Header().Get("X-Request-Id"))
	}
	return out
}

// state is everything that stands in both accounts, as one text.
func (w *world) state() string {
	w.t.Helper()
	w.drain()
	var all []any
	for _, a := range []*account{w.own, w.other} {
		ctx := w.t.Context()
		settings, err := w.desk.Settings(ctx, a.id)
		w.must(err)
		view, err := w.desk.Conversation(ctx, a.admin, desk.ConversationID(a.ids["conversation"]), true)
		w.must(err)
		contacts, _, err := w.desk.Contacts(ctx, a.admin, desk.PageRequest{Limit: 100})
		w.must(err)
		tickets, _, err := w.desk.Tickets(ctx, a.admin, desk.TicketList{Status: desk.TicketNew, Page: desk.PageRequest{Limit: 100}})
		w.must(err)
		opened, err := w.desk.Ticket(ctx, a.admin, 1, desk.PageRequest{Fresh: true})
		w.must(err)
		history, _, err := w.desk.TicketHistory(ctx, a.admin, 1, desk.PageRequest{Limit: 100})
		w.must(err)
		seats, err := w.desk.Seats(ctx, a.admin)
		w.must(err)
		visitor, err := w.desk.StartSession(ctx, desk.Arrival{Inbox: a.ids["key"], Secret: a.ids["secret"]})
		w.must(err)
		all = append(all, settings, view, contacts, tickets, opened, history, seats, visitor)
	}
	text, err := json.MarshalIndent(all, "", " ")
	w.must(err)
	return string(text)
}

// at reads a value inside of decoded JSON: names for objects, numbers for lists.
func at(t testing.TB, v any, path ...any) any {
	t.Helper()
	for _, step := range path {
		ok := false
		switch step := step.(type) {
		case string:
			var object map[string]any
			if object, ok = v.(map[string]any); ok {
				v = object[step]
			}
		case int:
			var list []any
			if list, ok = v.([]any); ok && step < len(list) {
				v = list[step]
			}
		}
		if !ok {
			t.Fatalf("no %v in %v", step, v)
		}
	}
	return v
}

// name reads a string inside of decoded JSON.
func name(t testing.TB, v any, path ...any) string {
	t.Helper()
	s, ok := at(t, v, path...).(string)
	if !ok {
		t.Fatalf("%v is no text in %v", path, v)
	}
	return s
}

// listed reads a list inside of decoded JSON.
func listed(t testing.TB, v any, path ...any) []any {
	t.Helper()
	l, ok := at(t, v, path...).([]any)
	if !ok {
		t.Fatalf("%v is no list in %v", path, v)
	}
	return l
}
