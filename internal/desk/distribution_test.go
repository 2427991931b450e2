package desk_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"pgregory.net/rapid"
)

// B6, B10: available agents receive queued customers without acting; the load tells.
func TestDistribution(t *testing.T) {
	t.Run("B6 waiting customers are handed out when someone connects, oldest first", func(t *testing.T) {
		w := newWorld(t)
		var waiting []desk.ConversationID
		for range 4 {
			waiting = append(waiting, w.begins("web").ID)
		}
		w.connect("ines")
		for i, id := range waiting {
			c := w.conversation(id)
			if got := c.Assignee == "ines"; got != (i < 3) {
				t.Errorf("conversation %d: assignee %q", i, c.Assignee)
			}
		}
		if s := w.seat("ines"); s.Load != 3 {
			t.Fatalf("load %d/%d", s.Load, s.Capacity)
		}
		t.Run("a close drains the queue", func(t *testing.T) {
			w.closes(waiting[0])
			if c := w.conversation(waiting[3]); c.Assignee != "ines" {
				t.Fatalf("assignee %q", c.Assignee)
			}
		})
	})
	t.Run("B5 B7 without automatic distribution nobody gets it", func(t *testing.T) {
		w := newWorld(t)
		w.connect("ines")
		if c := w.begins("shop"); c.Assignee != "" {
			t.Fatalf("assignee %q", c.Assignee)
		}
	})
	for _, state := range []desk.Presence{desk.PrePause, desk.Pause, desk.Disconnected} {
		t.Run("B3 B4 B9 none for one who is "+string(state), func(t *testing.T) {
			w := newWorld(t)
			w.connect("ines")
			_, err := w.SetPresence(t.Context(), w.who("ines"), state)
			check(t, err)
			if c := w.begins("web"); c.Assignee != "" {
				t.Fatalf("assignee %q", c.Assignee)
			}
		})
	}
	t.Run("B9 none for one whose console is gone; his state comes back with him", func(t *testing.T) {
		w := newWorld(t)
		w.connect("ines")
		w.pass(151 * time.Second)
		if p := w.seat("ines").Presence(w.clock()); p != desk.Disconnected {
			t.Fatalf("presence %s", p)
		}
		c := w.begins("web")
		if c.Assignee != "" {
			t.Fatalf("assignee %q", c.Assignee)
		}
		check(t, w.Ping(t.Context(), desk.Connection{Account: account, Agent: "ines", Topics: []desk.Topic{desk.DepartmentTopic("sales")}}))
		w.settle()
		if c := w.conversation(c.ID); c.Assignee != "ines" {
			t.Fatalf("assignee %q after he came back", c.Assignee)
		}
	})
	t.Run("B6 the lowest load for the capacity, ties to the one who waited longest", func(t *testing.T) {
		w := newWorld(t)
		w.joins("luis", "sales")
		w.connect("ines")
		first := w.begins("web")
		w.connect("luis")
		second, third := w.begins("web"), w.begins("web")
		got := fmt.Sprint(first.Assignee, second.Assignee, third.Assignee)
		if got != "inesluisines" {
			t.Fatalf("got %s", got)
		}
	})
	t.Run("a lowered capacity only stops new work", func(t *testing.T) {
		w := newWorld(t)
		w.connect("ines")
		a, b := w.begins("web"), w.begins("web")
		check(t, w.books.SetCapacity(t.Context(), "ines", 1))
		c := w.begins("web")
		if w.conversation(a.ID).Assignee != "ines" || w.conversation(b.ID).Assignee != "ines" || c.Assignee != "" {
			t.Fatalf("seat %+v", w.seat("ines"))
		}
	})
}

// I12: one assignee under concurrent claims, and the load never exceeds the capacity.
func TestClaimsRace(t *testing.T) {
	w := newWorld(t)
	w.joins("luis", "sales")
	var ids []desk.ConversationID
	for range 5 {
		ids = append(ids, w.begins("shop").ID)
	}
	var group sync.WaitGroup
	for _, id := range ids {
		for _, agent := range []desk.AgentID{"ines", "luis"} {
			group.Go(func() { _, _ = w.Assign(context.Background(), w.who(agent), id, agent) })
		}
	}
	group.Wait()
	w.recount()
}

// Whatever agents do at once, loads equal a recount and stay within the capacity (I7, I12).
func TestLoadsProperty(t *testing.T) {
	w := newWorld(t)
	w.joins("luis", "sales")
	w.connect("ines", "luis")
	var ids []desk.ConversationID
	for range 6 {
		ids = append(ids, w.begins("web").ID)
	}
	agents := []desk.AgentID{"ines", "luis", "otto"}
	rapid.Check(t, func(r *rapid.T) {
		var group sync.WaitGroup
		for range rapid.IntRange(1, 6).Draw(r, "acts") {
			id, agent := rapid.SampledFrom(ids).Draw(r, "conversation"), rapid.SampledFrom(agents).Draw(r, "agent")
			act := rapid.IntRange(0, 6).Draw(r, "act")
			who := w.who("otto")
			group.Go(func() {
				ctx := context.Background()
				switch act {
				case 0:
					_, _ = w.Assign(ctx, w.who(agent), id, agent)
				case 1:
					_, _ = w.Transfer(ctx, who, id, desk.Transfer{Agent: agent})
				case 2:
					_, _ = w.Unassign(ctx, who, id)
				case 3:
					_, _ = w.Snooze(ctx, who, id, desk.Snooze{Until: desk.UntilNextReply})
				case 4:
					_, _ = w.Reopen(ctx, who, id)
				case 5:
					_, _ = w.Accept(ctx, w.who(agent), id)
				case 6:
					_ = w.Distribute(ctx, desk.DistributeJob{Account: account, Department: "sales"})
				}
			})
		}
		group.Wait()
		w.settle()
		w.recount()
	})
}

// recount checks every seat's load against the conversations.
func (w *world) recount() {
	w.t.Helper()
	load := map[desk.AgentID]int{}
	for _, status := range desk.Statuses {
		page := desk.PageRequest{Limit: 100}
		w.settle()
		list, _, err := w.books.Conversations(w.t.Context(), desk.ListQuery{Status: status, Page: page})
		check(w.t, err)
		for _, c := range list {
			if on := c.LoadOn(); on != "" {
				load[on]++
			}
			if c.Assignee != "" && c.WaitsFor != "" {
				w.t.Errorf("conversation %d is attended by %s and waits for %s", c.Number, c.Assignee, c.WaitsFor)
			}
		}
	}
	seats, err := w.books.Seats(w.t.Context())
	check(w.t, err)
	for _, s := range seats {
		if s.Load != load[s.Agent] || s.Load > s.Capacity {
			w.t.Errorf("%s: load %d/%d, recounted %d", s.Agent, s.Load, s.Capacity, load[s.Agent])
		}
	}
}

// joins puts an agent into a further department.
func (w *world) joins(id desk.AgentID, department desk.DepartmentID) {
	w.t.Helper()
	settings, err := w.Settings(w.t.Context(), account)
	check(w.t, err)
	a := settings.Agents[id]
	a.Departments = append([]desk.DepartmentID{department}, a.Departments...)
	check(w.t, w.SaveSetting(w.t.Context(), w.who("ana"), a))
}

// closes resolves a conversation with a new ticket.
func (w *world) closes(id desk.ConversationID) *desk.Conversation {
	w.t.Helper()
	c, _, err := w.Close(w.t.Context(), w.who("otto"), id, desk.Closing{NewTicket: &desk.NewTicket{ClientID: string(id), Subject: "Pedido"}})
	check(w.t, err)
	w.settle()
	return c
}
