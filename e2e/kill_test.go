package e2e_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/relevo/relevo/e2e"
)

const (
	kills        = 10
	killVisitors = 8
	lifetime     = 400 * time.Millisecond // under load, before each kill
)

// TestKill kills the running desk ten times under load. Every message that it acknowledged is found once, in the order
// of its writer, and nothing queued and no timer is lost (I1, I2, I10, I11).
func TestKill(t *testing.T) {
	t.Parallel()
	if binary == "" {
		t.Skip("needs a desk of its own, not that of E2E_URL")
	}
	life := &mortal{t: t, options: e2e.Options{Binary: binary, Data: filepath.Join(t.TempDir(), "data")}}
	life.start()
	life.options.Addr = life.desk.Addr()
	t.Cleanup(func() {
		if err := errors.Join(life.desk.Stop(), cleanLog(life.desk.Log)); err != nil {
			t.Error(err)
		}
	})
	w := worldOn(t, e2e.NewLocal(life.desk.URL), e2e.Object{"greeting": "saludo", "collect_email": true})
	sleeper, dozing := w.visits("duerme")
	worker := w.hires("operator", 100)

	loading, stop := context.WithCancel(t.Context())
	defer stop()
	visitors := make([]*writer, killVisitors)
	var writing sync.WaitGroup
	for i := range visitors {
		visitors[i] = newWriter(t, w)
		writing.Go(func() { visitors[i].write(loading) })
	}
	replies := &writer{caller: worker.caller, path: "/v1/conversations/" + dozing + "/messages"}
	writing.Go(func() { replies.write(loading) })

	for n := range kills {
		<-time.After(lifetime) // the load goes on meanwhile; a kill is to fall anywhere in it
		// Work that the desk owes at the moment of its death: a snooze that ends while it is dead or just after, a mail.
		due := worker.snoozes(dozing, time.Second)
		worker.asksTranscript(dozing, fmt.Sprintf("kill%d@example.com", n))
		life.kill()
		life.start()
		worker.awaits(dozing, fmt.Sprintf("kill %d: woken by the timer", n), func(c e2e.Conversation) bool {
			if c.Status == "open" && time.Now().Before(due) {
				t.Errorf("kill %d: woken %v early", n, time.Until(due))
			}
			return c.Status == "open"
		})
	}
	stop()
	writing.Wait()

	total := 0
	for i, v := range slices.Concat(visitors, []*writer{replies}) {
		if len(v.acknowledged) == 0 {
			t.Errorf("writer %d wrote nothing", i)
			continue
		}
		total += len(v.acknowledged)
		foundOnce(t, worker, v)
	}
	t.Logf("%d acknowledged messages, each found once, after %d kills", total, kills)
	for _, v := range visitors {
		eventually(t, "the greeting, the question and its repeat, once each", func() bool { return automatic(worker, v.conversation) == 3 })
	}
	mailsOnce(t, w.host)
	if m := sleeper.thread(); len(m.Messages) == 0 {
		t.Error("the first customer's thread is gone")
	}
}

// mortal is a desk that is killed and started again on the same file and address.
type mortal struct {
	t       *testing.T
	options e2e.Options
	desk    *e2e.Process
}

func (m *mortal) start() {
	m.t.Helper()
	desk, err := e2e.Start(context.WithoutCancel(m.t.Context()), m.options)
	if err != nil {
		m.t.Fatal(err)
	}
	m.desk = desk
}

func (m *mortal) kill() {
	m.t.Helper()
	if err := m.desk.Kill(); err != nil {
		m.t.Fatal(err)
	}
}

func (a *agent) snoozes(id string, d time.Duration) time.Time {
	a.t.Helper()
	due := time.Now().Add(d).Truncate(time.Millisecond)
	a.act(id, "snooze", e2e.Object{"at": due.UTC().Format(time.RFC3339Nano)})
	return due
}

func (a *agent) asksTranscript(id, email string) {
	a.t.Helper()
	a.post("/v1/conversations/"+id+"/transcript", e2e.Object{"client_id": email, "email": email}, nil)
}

// writer posts one message after the other, each until it is acknowledged.
type writer struct {
	caller
	path         string
	conversation string
	acknowledged []string // client ids, in the order of writing
}

func newWriter(t *testing.T, w *world) *writer {
	t.Helper()
	c := visit(t, w.host, w.key, "")
	return &writer{caller: c.caller, path: "/widget/v1/messages"}
}

// write goes on until ctx ends; the message under way then is finished, so that it is known to be there.
func (w *writer) write(ctx context.Context) {
	for ctx.Err() == nil {
		id := rand.Text()
		for {
			var m e2e.Message
			err := w.Do(context.WithoutCancel(ctx), http.MethodPost, w.path, e2e.Object{"client_id": id, "text": "carga " + secretMark}, &m)
			if err == nil {
				w.conversation = m.Conversation
				w.acknowledged = append(w.acknowledged, id)
				break
			}
			if !w.mayRetry(ctx, err) {
				return
			}
		}
	}
}

// mayRetry waits before the same message is posted again; false if it must not be.
func (w *writer) mayRetry(ctx context.Context, err error) bool {
	wait := 20 * time.Millisecond
	if refusal, ok := errors.AsType[*e2e.Refusal](err); ok {
		switch refusal.Status {
		case http.StatusTooManyRequests: // nothing was taken, and nothing is owed
			if ctx.Err() != nil {
				return false
			}
			wait = refusal.RetryAfter
		case http.StatusServiceUnavailable:
		default:
			w.t.Errorf("a writer was refused: %v", err)
			return false
		}
	}
	select {
	case <-time.After(wait):
	case <-w.t.Context().Done():
		return false
	}
	return true
}

// foundOnce reads the writer's conversation and finds each acknowledged message once, in his order.
func foundOnce(t *testing.T, reader *agent, w *writer) {
	t.Helper()
	var order []string
	times := map[string]int{}
	for _, m := range whole(reader, w.conversation) {
		if m.ClientID != "" && strings.HasPrefix(m.Text, "carga") {
			times[m.ClientID]++
			order = append(order, m.ClientID)
		}
	}
	for _, id := range w.acknowledged {
		if times[id] != 1 {
			t.Errorf("an acknowledged message is there %d times", times[id])
		}
	}
	if got, want := strings.Join(order, " "), strings.Join(w.acknowledged, " "); got != want && !t.Failed() {
		t.Errorf("another order than that of writing:\n%s\n%s", got, want)
	}
}

// whole reads a thread from its first entry to its last.
func whole(reader *agent, id string) []e2e.Message {
	reader.t.Helper()
	var all []e2e.Message
	for query := "?limit=100&fresh=true"; ; {
		var page e2e.Thread
		reader.get("/v1/conversations/"+id+"/messages"+query, &page)
		all = append(page.Messages, all...)
		if !page.More {
			return all
		}
		query = "?limit=100&fresh=true&before=" + page.Messages[0].ID
	}
}

// automatic counts the desk's own messages in a thread.
func automatic(reader *agent, id string) int {
	n := 0
	for _, m := range whole(reader, id) {
		if m.Automatic {
			n++
		}
	}
	return n
}

// mailsOnce waits for the transcript of each kill. One mail may be there twice, with the same Message-ID, if the desk
// died between sending it and noting so; none is missing.
func mailsOnce(t *testing.T, h e2e.Host) {
	t.Helper()
	eventually(t, "the transcripts asked for before each kill", func() bool {
		mails, err := h.Mails(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found := map[string][]string{}
		for _, mail := range mails {
			found[mail.To] = append(found[mail.To], mail.MessageID)
		}
		for n := range kills {
			to := fmt.Sprintf("kill%d@example.com", n)
			if len(found[to]) == 0 {
				return false
			}
			if len(found[to]) > 2 || len(slices.Compact(found[to])) != 1 {
				t.Fatalf("%s got the mails %v", to, found[to])
			}
		}
		return true
	})
}
