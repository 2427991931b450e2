package e2e_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/relevo/relevo/e2e"
)

func has(list []e2e.Conversation, id string) bool {
	return slices.ContainsFunc(list, func(c e2e.Conversation) bool { return c.ID == id })
}

// TestWithoutDistributionItStaysUnassigned: B5, B7, B8, B18, B53.
func TestWithoutDistributionItStaysUnassigned(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	free, other := w.hires("agent", 5).arrive(), w.hires("agent", 5).arrive()
	_, id := w.visits("Hola")
	free.hears("the unassigned one, for he is of the department", func(f e2e.Frame) bool { return f.Conversation == id && f.Type == "message.created" })
	eventually(t, "it stands in the queue", func() bool { return has(free.lists("view=unassigned"), id) && has(free.lists("view=all"), id) })
	if c := free.opens(id).Conversation; c.Assignee != "" || c.WaitsFor != "" || c.Status != "open" {
		t.Errorf("B5, B7, B53: %+v", c)
	}
	if c := free.act(id, "assign", e2e.Object{"agent": free.id}); c.Assignee != free.id {
		t.Errorf("B5: taken by hand: %+v", c)
	}
	if c := free.act(id, "assign", e2e.Object{"agent": other.id}); c.Assignee != other.id {
		t.Errorf("B8: changed at any time: %+v", c)
	}
	free.hears("that it left him", func(f e2e.Frame) bool {
		return f.Conversation == id && (f.Type == "conversation.left" || f.ConversationNow().Assignee == other.id)
	})
	if load := other.seat().Load; load != 1 {
		t.Errorf("B10: load %d", load)
	}
	if c := other.act(id, "unassign", nil); c.Assignee != "" {
		t.Errorf("unassigned: %+v", c)
	}
}

// TestDistribution: B3, B4, B6, B9, B10. Three customers, two agents with room for one each, one of them unavailable.
func TestDistribution(t *testing.T) {
	t.Parallel()
	w := newWorld(t, e2e.Object{"auto_distribution": true})
	away, there := w.hires("agent", 1).arrive(), w.hires("agent", 1)
	for _, state := range []string{"pause", "disconnected", "pre_pause"} {
		if seat := away.presence(state); seat.Presence != state || seat.Available {
			t.Errorf("B9: %s: %+v", state, seat)
		}
	}
	_, first := w.visits("uno")
	_, second := w.visits("dos")
	for _, id := range []string{first, second} {
		if c := away.opens(id).Conversation; c.Assignee != "" {
			t.Fatalf("B4: given to %s, who is not available", c.Assignee)
		}
	}
	there.arrive()
	w.admin.awaits(first, "B6: the oldest goes to the one who is there", func(c e2e.Conversation) bool { return c.Assignee == there.id })
	if seat := there.seat(); seat.Load != 1 || seat.Capacity != 1 || seat.Available {
		t.Errorf("B10: %+v", seat)
	}
	if c := away.opens(second).Conversation; c.Assignee != "" {
		t.Errorf("B4: beyond capacity or to one who is away: %+v", c)
	}
	away.presence("connected")
	w.admin.awaits(second, "B3, B6: available again", func(c e2e.Conversation) bool { return c.Assignee == away.id })
	_, third := w.visits("tres")
	there.closes(first, e2e.Object{})
	w.admin.awaits(third, "B6: a close makes room", func(c e2e.Conversation) bool { return c.Assignee == there.id })
}

// TestDistributionKeepsToCapacity: B6, B10, I12: many customers at once, never more than capacity, nobody twice.
func TestDistributionKeepsToCapacity(t *testing.T) {
	t.Parallel()
	w := newWorld(t, e2e.Object{"auto_distribution": true})
	agents := []*agent{w.hires("agent", 2).arrive(), w.hires("agent", 3).arrive()}
	var coming sync.WaitGroup
	for range 8 {
		c := visit(t, w.host, w.key, "")
		coming.Go(func() {
			if _, err := c.visitor.Write(t.Context(), "1", "Hola "+secretMark); err != nil {
				t.Error(err)
			}
		})
	}
	coming.Wait()
	eventually(t, "everybody is full", func() bool { return agents[0].seat().Load == 2 && agents[1].seat().Load == 3 })
	eventually(t, "three wait", func() bool { return len(w.admin.lists("view=unassigned&department="+w.department)) == 3 })
	for i, a := range agents {
		eventually(t, fmt.Sprintf("agent %d attends %d", i, i+2), func() bool { return len(a.lists("view=mine")) == i+2 })
	}
}

// TestTransferToSomeoneUnavailable: B37-B51: he is told, it waits for him without load, he accepts; full is a conflict.
func TestTransferToSomeoneUnavailable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	from, to := w.hires("agent", 5).arrive(), w.hires("agent", 1)
	_, id := w.visits("Hola")
	from.act(id, "assign", e2e.Object{"agent": from.id})
	if c := from.act(id, "transfer", e2e.Object{"agent": to.id}); c.WaitsFor != to.id || c.Assignee != "" {
		t.Fatalf("B46, B50: %+v", c)
	}
	eventually(t, "B50: he is told", func() bool { return notified(to, id, "transferred", "") })
	if seat := to.seat(); seat.Load != 0 {
		t.Errorf("B50: waiting counts: %+v", seat)
	}
	to.arrive()
	if c := to.opens(id).Conversation; !slices.Contains(c.Allowed, "accept") {
		t.Errorf("allowed %v", c.Allowed)
	}
	if c := to.act(id, "accept", nil); c.Assignee != to.id || c.WaitsFor != "" {
		t.Errorf("accepted: %+v", c)
	}
	to.refused(http.MethodPost, "/v1/conversations/"+id+"/accept", nil, http.StatusConflict, "conflict", "")

	_, second := w.visits("Otra")
	from.act(second, "assign", e2e.Object{"agent": from.id})
	if c := from.act(second, "transfer", e2e.Object{"agent": to.id}); c.WaitsFor != to.id {
		t.Errorf("B50: to a full agent: %+v", c)
	}
	to.refused(http.MethodPost, "/v1/conversations/"+second+"/accept", nil, http.StatusConflict, "conflict", "")
	another := w.hires("administrator", 5).arrive()
	if c := w.admin.act(second, "transfer", e2e.Object{"agent": another.id}); c.Assignee != another.id {
		t.Errorf("B38, B39, B51: %+v", c)
	}
}

// TestTransferDialog: B40-B45: departments with the number of their agents, agents with state and load, available ones first.
func TestTransferDialog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	busy := w.hires("agent", 7).arrive()
	w.hires("agent", 1)
	_, id := w.visits("Hola")
	busy.act(id, "assign", e2e.Object{"agent": busy.id})
	eventually(t, "B41: the new department with its two agents", func() bool { // settings may be read a moment late
		var departments e2e.Page[struct {
			ID     string
			Agents int
		}]
		busy.get("/v1/departments", &departments)
		for _, d := range departments.Items {
			if d.ID == w.department {
				return d.Agents == 2
			}
		}
		return false
	})
	var agents e2e.Page[struct {
		ID   string
		Seat e2e.Seat
	}]
	busy.get("/v1/agents", &agents)
	unavailable := false
	for _, a := range agents.Items {
		if a.Seat.Available && unavailable {
			t.Errorf("B44: %s is available and comes after one who is not", a.ID)
		}
		unavailable = unavailable || !a.Seat.Available
		if a.ID == busy.id && (a.Seat.Load != 1 || a.Seat.Capacity != 7 || a.Seat.Presence != "connected") {
			t.Errorf("B43, B45: %+v", a.Seat)
		}
	}
}

// TestOpeningAssigns: B11, B54, B55: of pending conversations, to agents and operators, not to administrators.
func TestOpeningAssigns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for _, who := range []*agent{w.hires("agent", 5).arrive(), w.hires("operator", 5).arrive()} {
		_, id := w.visits("Hola")
		if c := who.act(id, "pending", nil); c.Status != "pending" {
			t.Fatalf("B55: %+v", c)
		}
		who.refused(http.MethodPost, "/v1/conversations/"+id+"/pending", nil, http.StatusConflict, "conflict", "")
		if c := who.act(id, "open", nil); c.Status != "open" || c.Assignee != who.id {
			t.Errorf("B11: %+v", c)
		}
		who.refused(http.MethodPost, "/v1/conversations/"+id+"/open", nil, http.StatusConflict, "conflict", "")
	}
	_, id := w.visits("Hola")
	w.admin.act(id, "pending", nil)
	if c := w.admin.act(id, "open", nil); c.Status != "open" || c.Assignee != "" {
		t.Errorf("B11: an administrator: %+v", c)
	}
}

// TestOneAssignee: I12: many take the same one at once.
func TestOneAssignee(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, id := w.visits("Hola")
	agents := []*agent{w.hires("agent", 5).arrive(), w.hires("agent", 5).arrive(), w.hires("agent", 5).arrive()}
	var taking sync.WaitGroup
	for _, a := range agents {
		taking.Go(func() {
			if err := a.Do(t.Context(), http.MethodPost, "/v1/conversations/"+id+"/assign", e2e.Object{"agent": a.id}, nil); err != nil &&
				!strings.Contains(err.Error(), "409") {
				t.Error(err)
			}
		})
	}
	taking.Wait()
	holder, total := agents[0].opens(id).Conversation.Assignee, 0
	for _, a := range agents {
		seat := a.seat()
		total += seat.Load
		if (a.id == holder) != (seat.Load == 1) {
			t.Errorf("I7: load %d of %s, and %s holds it", seat.Load, a.id, holder)
		}
	}
	if total != 1 {
		t.Errorf("loads sum up to %d", total)
	}
}

// TestRoles: B1, B2, B38, and what one may not see is not there.
func TestRoles(t *testing.T) {
	t.Parallel()
	w, elsewhere := newWorld(t, nil), newWorld(t, nil)
	viewer, stranger, operator := w.hires("viewer", 0), elsewhere.hires("agent", 5), elsewhere.hires("operator", 5)
	_, id := w.visits("Hola")
	path := "/v1/conversations/" + id
	if thread := viewer.opens(id); thread.Conversation.ID != id || len(thread.Conversation.Allowed) != 0 {
		t.Errorf("B1: a viewer reads: %+v", thread.Conversation)
	}
	before := viewer.opens(id).Conversation.Version
	for act, body := range map[string]any{
		"assign": e2e.Object{"agent": operator.id}, "unassign": nil, "transfer": e2e.Object{"department": "sales"}, "pending": nil,
		"snooze": e2e.Object{"until": "tomorrow"}, "close": e2e.Object{}, "mute": nil, "labels": e2e.Object{"labels": []string{"vip"}},
		"priority": e2e.Object{"priority": "high"}, "messages": e2e.Object{"client_id": "v", "text": "hola"},
		"transcript": e2e.Object{"client_id": "v", "email": "a@example.com"},
		"ticket":     e2e.Object{"new_ticket": e2e.Object{"client_id": "v", "subject": "x"}}, "typing": e2e.Object{"on": true},
	} {
		viewer.refused(http.MethodPost, path+"/"+act, body, http.StatusForbidden, "forbidden", "role")
		stranger.refused(http.MethodPost, path+"/"+act, body, http.StatusNotFound, "not_found", "")
	}
	stranger.refused(http.MethodGet, path, nil, http.StatusNotFound, "not_found", "")
	stranger.refused(http.MethodGet, path+"/messages", nil, http.StatusNotFound, "not_found", "")
	if has(stranger.lists("view=all"), id) || has(stranger.lists("view=unassigned"), id) {
		t.Error("a stranger's lists show it")
	}
	if c := viewer.opens(id).Conversation; c.Version != before || c.Status != "open" {
		t.Errorf("a refused act changed it: %+v", c)
	}
	viewer.get("/v1/tickets", nil) // B2
	viewer.refused(http.MethodPut, "/v1/me/presence", e2e.Object{"presence": "connected"}, http.StatusForbidden, "forbidden", "role")
	for _, who := range []*agent{viewer, stranger, operator} {
		who.refused(http.MethodGet, "/v1/settings/account", nil, http.StatusForbidden, "forbidden", "role")
		who.refused(http.MethodPost, "/v1/settings/labels", e2e.Object{"client_id": "l", "name": "x"}, http.StatusForbidden, "forbidden", "role")
	}
	if c := operator.act(id, "transfer", e2e.Object{"department": elsewhere.department}); c.Department != elsewhere.department {
		t.Errorf("B38: %+v", c)
	}
	if c := stranger.opens(id).Conversation; c.ID != id {
		t.Errorf("it came to his department: %+v", c)
	}
}
