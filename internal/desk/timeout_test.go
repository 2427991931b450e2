package desk_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// cut tells when the time of a function is over: at its call of this number to the table, counted from 1; 0 for never.
type cut struct {
	call    atomic.Int64
	written bool // that call is carried out all the same, and its answer lost
	cuts    atomic.Int64
}

type callsKey struct{}

// calls counts those of one delivery.
type calls struct {
	*cut
	made atomic.Int64
}

// brief is a table that a function reaches until its time is over.
type brief struct{ store.Table }

// over tells, for a call that writes or not, whether it is still made, and whether its answer is lost.
func over(ctx context.Context, writes bool) (made, lost bool) {
	c, limited := ctx.Value(callsKey{}).(*calls)
	if !limited {
		return true, false
	}
	n, last := c.made.Add(1), c.call.Load()
	if n == last {
		c.cuts.Add(1)
	}
	return n < last || n == last && writes && c.written, n >= last
}

var errTimeout = desk.Wrap(desk.Unavailable, context.DeadlineExceeded, "the function's time is over")

func (b brief) Get(ctx context.Context, key store.Key, fresh bool) (store.Item, bool, error) {
	if made, _ := over(ctx, false); !made {
		return nil, false, errTimeout
	}
	return b.Table.Get(ctx, key, fresh)
}

func (b brief) BatchGet(ctx context.Context, keys []store.Key, fresh bool) (map[store.Key]store.Item, error) {
	if made, _ := over(ctx, false); !made {
		return nil, errTimeout
	}
	return b.Table.BatchGet(ctx, keys, fresh)
}

func (b brief) Query(ctx context.Context, query store.Query) (store.Page, error) {
	if made, _ := over(ctx, false); !made {
		return store.Page{}, errTimeout
	}
	return b.Table.Query(ctx, query)
}

func (b brief) Write(ctx context.Context, ops ...store.Op) error {
	made, lost := over(ctx, true)
	if !made {
		return errTimeout
	}
	err := b.Table.Write(ctx, ops...)
	if err == nil && lost {
		return errTimeout
	}
	return err
}

// delivered does what a queue or the stream delivers: if the time of the first delivery is over, once more.
func (w *world) delivered(ctx context.Context, do func(context.Context) error) error {
	if w.cut.call.Load() > 0 && do(context.WithValue(ctx, callsKey{}, &calls{cut: &w.cut})) == nil {
		return nil
	}
	return do(ctx)
}

// A function that is cut off in the middle, at whichever call to the table and whether or not that was carried out, leaves
// nothing half-done: the next delivery ends where an undisturbed one ends.
func TestTimeoutsConverge(t *testing.T) {
	day := func(t *testing.T, at int64, written bool) (outcome string, cuts int64) {
		t.Helper()
		w := newWorld(t)
		w.cut.written = written
		w.cut.call.Store(at)
		return w.day(), w.cut.cuts.Load()
	}
	want, _ := day(t, 0, false)
	for _, written := range []bool{false, true} {
		for at := int64(1); ; at++ {
			got, cuts := day(t, at, written)
			if cuts == 0 {
				t.Logf("no delivery makes more than %d calls", at-1)
				break
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("cut at call %d (carried out: %v), %d times:\n%s", at, written, cuts, diff)
			}
		}
	}
}

// day is what happens in an ordinary one, and how it ends, without ids and times.
func (w *world) day() string {
	w.t.Helper()
	w.connect("ines")
	v := w.visitor("web")
	id := w.writes(v, "Hola").Conversation
	w.writes(v, "yo@example.com")
	w.replies(id, "1", "Dígame")
	_, _, err := w.Note(w.t.Context(), w.who("ines"), id, desk.Body{ClientID: "n", Text: "@luis", Mentions: []desk.AgentID{"luis"}})
	check(w.t, err)
	w.settle()
	until := w.clock().Add(time.Hour)
	_, err = w.Snooze(w.t.Context(), w.who("ines"), id, desk.Snooze{At: until})
	check(w.t, err)
	w.settle()
	w.pass(2 * time.Hour)
	check(w.t, w.delivered(w.t.Context(), func(ctx context.Context) error {
		return w.Wakeup(ctx, desk.TimerBody{Account: account, Conversation: id, Due: w.conversation(id).SnoozedUntil})
	}))
	w.settle()
	_, err = w.Transfer(w.t.Context(), w.who("ines"), id, desk.Transfer{Agent: "luis", Reason: "suyo"})
	check(w.t, err)
	w.settle()
	w.closes(id)
	w.settle()
	phone := w.phones("wamid.1", "5731", "Hola")
	w.replies(phone.ID, "2", "Dígame")
	w.settle()
	return w.outcome(id) + w.outcome(phone.ID)
}

func (w *world) outcome(id desk.ConversationID) string {
	w.t.Helper()
	d := w.dump(id)
	var out strings.Builder
	c := d.Conversation
	fmt.Fprintf(&out, "%s, of %q in %s, waits for %q, %d unread, ticket %v\n", c.Status, c.Assignee, c.Department, c.WaitsFor, len(c.Thread.Unread), c.Ticket != 0)
	for _, kind := range []desk.MessageKind{"", desk.NoteKind, desk.ActivityKind} {
		fmt.Fprintf(&out, "%s: %s\n", kind, strings.Join(w.texts(id, kind), " | "))
	}
	for _, s := range d.Seats {
		fmt.Fprintf(&out, "%s has %d\n", s.Agent, s.Load)
	}
	var told []string
	for _, n := range d.Notifications {
		told = append(told, fmt.Sprint(n.Agent, " is told of ", n.Kind))
	}
	slices.Sort(told)
	w.provider.mu.Lock()
	defer w.provider.mu.Unlock()
	fmt.Fprintf(&out, "%s\n%d tickets, %d sent\n", strings.Join(told, ", "), len(d.Tickets), len(w.provider.sent))
	return out.String()
}

// A timer that fires twice, late, too early, or for what was cancelled since changes what it should, once.
func TestTimersFireAnyhow(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(w *world, v desk.Visitor, id desk.ConversationID) // after the snooze for an hour
		passes    time.Duration
		want      desk.Status
		woken     int // by timer or by the customer
	}{
		"OK/OnTime":   {nil, time.Hour, desk.Open, 1},
		"OK/DaysLate": {nil, 49 * time.Hour, desk.Open, 1},
		"TooEarly":    {nil, time.Minute, desk.Snoozed, 0},
		"Cancelled":   {func(w *world, v desk.Visitor, _ desk.ConversationID) { w.writes(v, "¿Hola?") }, time.Hour, desk.Open, 1},
		"Closed":      {func(w *world, _ desk.Visitor, id desk.ConversationID) { w.closes(id) }, time.Hour, desk.Resolved, 0},
		"SnoozedAnew": {func(w *world, v desk.Visitor, id desk.ConversationID) {
			w.writes(v, "¿Hola?")
			_, err := w.Snooze(w.t.Context(), w.who("ines"), id, desk.Snooze{At: monday.Add(24 * time.Hour)})
			check(w.t, err)
		}, time.Hour + time.Minute, desk.Snoozed, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.connect("ines")
			v := w.visitor("web")
			id := w.writes(v, "Hola").Conversation
			_, err := w.Snooze(t.Context(), w.who("ines"), id, desk.Snooze{At: w.clock().Add(time.Hour)})
			check(t, err)
			due := w.conversation(id).SnoozedUntil
			if c.meanwhile != nil {
				c.meanwhile(w, v, id)
			}
			w.pass(c.passes + time.Second)
			for range 3 {
				check(t, w.Wakeup(t.Context(), desk.TimerBody{Account: account, Conversation: id, Due: due}))
			}
			w.settle()
			woken := 0
			for _, line := range w.texts(id, desk.ActivityKind) {
				if strings.HasSuffix(line, string(desk.ConversationWoken)) {
					woken++
				}
			}
			if got := w.conversation(id); got.Status != c.want || woken != c.woken {
				t.Errorf("it is %s, and was woken %d times; want %s, %d", got.Status, woken, c.want, c.woken)
			}
		})
	}
}
