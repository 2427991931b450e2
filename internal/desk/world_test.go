package desk_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/channel/webchat"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/holidays"
	"github.com/relevo/relevo/internal/local"
	"github.com/relevo/relevo/internal/store"
)

// world is a desk on a file of its own, with a clock that tests move and the workers of one process.
type world struct {
	*desk.Desk
	t        *testing.T
	books    desk.Books
	file     *local.File
	queue    *local.Queue
	mailer   *local.Mailer
	provider *provider
	mu       sync.Mutex
	now      time.Time
	told     []desk.Announcement
	keeping  bool
	kept     []desk.Fact
	crash    atomic.Bool // the process dies whenever it is to deliver
	cut      cut         // where every first delivery is cut off
}

const account = desk.AccountID("demo")

// monday is a Monday, 10:00 in Bogota.
var monday = time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)

// provider stands where WhatsApp would: it keeps what it is sent and answers as told.
type provider struct {
	mu   sync.Mutex
	sent []desk.Outbound
	fail error
	amid func() // runs while a file is fetched
}

func (p *provider) Send(_ context.Context, out desk.Outbound) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return "", p.fail
	}
	p.sent = append(p.sent, out)
	return "wamid." + string(out.Message.ID), nil
}

func (p *provider) Fetch(context.Context, desk.AccountID, desk.Inbox, string) (desk.Blob, io.ReadCloser, error) {
	if p.fail != nil {
		return desk.Blob{}, nil, p.fail
	}
	if p.amid != nil {
		p.amid()
	}
	return desk.Blob{Type: "image/png", Size: 4}, io.NopCloser(strings.NewReader("\x89PNG")), nil
}

func newWorld(t *testing.T) *world {
	t.Helper()
	file, err := local.Open(t.TempDir())
	check(t, err)
	w := &world{t: t, file: file, queue: file.Queue(), now: monday, provider: &provider{}}
	w.mailer, err = file.Mailer(local.MailOptions{})
	check(t, err)
	blobs, err := file.Blobs("http://desk.test/uploads", "http://files.test")
	check(t, err)
	st := store.New(brief{file.Table()}, w.clock)
	w.Desk = desk.New(desk.Ports{
		Store: st, Queue: w.queue, Timers: file.Timers(), Mailer: w.mailer, Blobs: blobs, Secrets: file.Secrets(),
		Rich: webchat.Rich, Holidays: holidays.In, Now: w.clock, Announce: w.announce,
		Providers: map[desk.Channel]desk.Provider{desk.WhatsApp: w.provider},
	})
	w.books = st.Account(account)
	ctx, stop := context.WithCancel(context.Background())
	var workers sync.WaitGroup
	work := func(run func() error) {
		workers.Go(func() {
			if err := run(); err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("worker ended: %v", err)
			}
		})
	}
	work(func() error {
		return file.Stream().Run(ctx, func(ctx context.Context, changes []store.Change) error {
			for _, c := range changes {
				fact, ok, err := store.Decode(c)
				if err != nil {
					return err
				}
				if !ok {
					continue
				}
				w.keep(fact)
				if err := w.delivered(ctx, func(ctx context.Context) error { return w.Relay(ctx, fact) }); err != nil {
					return err
				}
			}
			return nil
		})
	})
	for _, q := range []desk.QueueName{desk.InboundQueue, desk.DistributeQueue, desk.OutboundQueue, desk.TranscriptQueue, desk.MediaQueue} {
		work(func() error { return w.queue.Run(ctx, q, 2, w.work) })
	}
	t.Cleanup(func() {
		stop()
		workers.Wait()
		check(t, file.Close())
	})
	w.seed()
	return w
}

func (w *world) work(ctx context.Context, job desk.Job) error {
	if job.Queue == desk.OutboundQueue && w.crash.Load() {
		return nil
	}
	if job.Queue == desk.OutboundQueue { // what was cut off while it sent has a rule of its own: another delivery waits
		return w.Work(ctx, job)
	}
	return w.delivered(ctx, func(ctx context.Context) error { return w.Work(ctx, job) })
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(time.Millisecond) // no two acts at one instant
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// keepFacts remembers every fact that is relayed from now on.
func (w *world) keepFacts() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keeping = true
}

func (w *world) keep(f desk.Fact) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.keeping {
		w.kept = append(w.kept, f)
	}
}

func (w *world) facts() []desk.Fact {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.kept)
}

func (w *world) announce(_ context.Context, a desk.Announcement) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = append(w.told, a)
	return nil
}

func (w *world) seed() {
	w.t.Helper()
	save := func(s desk.Setting) {
		w.t.Helper()
		check(w.t, s.Validate())
		kind, id := s.Setting()
		check(w.t, w.books.SaveSetting(w.t.Context(), s, desk.Audit{ID: desk.NewID(w.clock()), By: desk.System, Type: "seed", Kind: kind, Of: id}))
	}
	save(desk.Account{ID: account, Name: "Demo", TimeZone: "America/Bogota", Language: "es", AfterClose: desk.KeepAssignee})
	for _, d := range []desk.DepartmentID{"sales", "support", "product"} {
		save(desk.Department{ID: d, Name: string(d)})
	}
	agents := []desk.Agent{
		{ID: "ana", Role: desk.Administrator}, {ID: "otto", Role: desk.Operator, Departments: []desk.DepartmentID{"product"}},
		{ID: "ines", Role: desk.AgentRole, Departments: []desk.DepartmentID{"sales"}},
		{ID: "luis", Role: desk.AgentRole, Departments: []desk.DepartmentID{"support"}}, {ID: "vera", Role: desk.Viewer},
	}
	for _, a := range agents {
		a.Name, a.Email, a.Issuer, a.Subject = string(a.ID), string(a.ID)+"@demo.test", "https://issuer.test", string(a.ID)
		a.Capacity, a.Language = 3, "es"
		save(a)
		check(w.t, w.books.SetCapacity(w.t.Context(), a.ID, a.Capacity))
	}
	for _, i := range []desk.Inbox{
		{ID: "web", Channel: desk.WebChat, Greeting: "Hola", CollectEmail: true, AutoDistribution: true, TicketPolicy: desk.TicketRequired, FirstResponse: 15 * time.Minute},
		{ID: "shop", Channel: desk.WebChat, PreChatForm: true, TicketPolicy: desk.TicketOptional},
		{ID: "phone", Channel: desk.WhatsApp, AutoDistribution: true, TicketPolicy: desk.TicketAutomatic, PhoneNumberID: "111",
			Templates: []desk.Template{{Name: "order", Language: "es", Body: "Pedido {{1}} listo"}}},
	} {
		i.Key, i.Name, i.Department, i.Language = string(i.ID), string(i.ID), "sales", "es"
		save(i)
	}
	save(desk.Label{ID: "vip", Name: "VIP", Color: "#ff0000"})
}

// who gives a member of staff.
func (w *world) who(id desk.AgentID) desk.Who {
	w.t.Helper()
	who, err := w.Staff(w.t.Context(), "https://issuer.test", string(id))
	check(w.t, err)
	return who
}

// connect makes an agent available.
func (w *world) connect(ids ...desk.AgentID) {
	w.t.Helper()
	for _, id := range ids {
		_, err := w.SetPresence(w.t.Context(), w.who(id), desk.Connected)
		check(w.t, err)
	}
	w.settle()
}

// visitor begins a session in an inbox.
func (w *world) visitor(inbox string) desk.Visitor {
	w.t.Helper()
	s, err := w.StartSession(w.t.Context(), desk.Arrival{Inbox: inbox})
	check(w.t, err)
	return s.Visitor
}

// writes lets a visitor write and waits until everything followed.
func (w *world) writes(v desk.Visitor, text string) desk.Message {
	w.t.Helper()
	m, _, err := w.Write(w.t.Context(), v, desk.Body{ClientID: desk.NewID(w.clock()), Text: text})
	check(w.t, err)
	w.settle()
	return m
}

// begins gives the conversation of a new visitor who wrote "Hola".
func (w *world) begins(inbox string) *desk.Conversation {
	w.t.Helper()
	m := w.writes(w.visitor(inbox), "Hola")
	return w.conversation(m.Conversation)
}

func (w *world) conversation(id desk.ConversationID) *desk.Conversation {
	w.t.Helper()
	c, err := w.books.Conversation(w.t.Context(), id)
	check(w.t, err)
	return c
}

// settle waits until every fact was relayed and every queue is empty.
func (w *world) settle() {
	w.t.Helper()
	ctx, stop := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer stop()
	for range 4 { // a job may store facts, a fact may queue jobs: the longest chain of both is shorter
		check(w.t, w.file.Stream().Idle(ctx))
		check(w.t, w.queue.Idle(ctx))
	}
}

// texts gives the texts of a conversation's messages of a kind, oldest first.
func (w *world) texts(id desk.ConversationID, kind desk.MessageKind) []string {
	w.t.Helper()
	_, messages, _, err := w.books.Thread(w.t.Context(), id, desk.ThreadQuery{Limit: 100, Fresh: true})
	check(w.t, err)
	var out []string
	for i := len(messages) - 1; i >= 0; i-- {
		if m := messages[i]; m.Kind == kind {
			out = append(out, m.Text+string(m.Event))
		}
	}
	return out
}

func (w *world) seat(id desk.AgentID) desk.Seat {
	w.t.Helper()
	s, err := w.books.Seat(w.t.Context(), id)
	check(w.t, err)
	return s
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantCode checks the code of a refusal, or with "" that there was none.
func wantCode(t *testing.T, err error, code desk.Code) {
	t.Helper()
	if desk.CodeOf(err) != code {
		t.Fatalf("got %v, want code %s", err, code)
	}
}

// wantField wants a refusal that names its culprit.
func wantField(t *testing.T, err error, code desk.Code, field string) {
	t.Helper()
	refused, _ := errors.AsType[*desk.Error](err)
	if refused == nil || refused.Code != code || refused.Field != field {
		t.Fatalf("got %v, want code %s of %s", err, code, field)
	}
}
