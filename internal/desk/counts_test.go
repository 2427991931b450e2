package desk_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

func TestCounts(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	vip := w.begins("shop")
	_, err := w.Label(ctx, w.who("otto"), vip.ID, []desk.LabelID{"vip"})
	check(t, err)
	w.begins("shop")
	far := w.begins("shop")
	_, err = w.Transfer(ctx, w.who("otto"), far.ID, desk.Transfer{Department: "product"})
	check(t, err)
	_, err = w.Label(ctx, w.who("otto"), far.ID, []desk.LabelID{"vip"})
	check(t, err)
	hers := w.begins("shop")
	w.connect("ines")
	_, err = w.Assign(ctx, w.who("ines"), hers.ID, "ines")
	check(t, err)
	_, _, err = w.Note(ctx, w.who("otto"), hers.ID, desk.Body{ClientID: "n", Text: "@ines", Mentions: []desk.AgentID{"ines"}})
	check(t, err)
	w.settle()
	counts := func(who desk.AgentID) desk.Counts {
		t.Helper()
		c, err := w.Counts(ctx, w.who(who))
		check(t, err)
		return c
	}
	inboxes := func(shop int) map[desk.InboxID]int { return map[desk.InboxID]int{"web": 0, "phone": 0, "shop": shop} }
	for who, want := range map[desk.AgentID]desk.Counts{
		"ines": {Mine: 1, Unassigned: 2, All: 3, Mentions: 1, Departments: map[desk.DepartmentID]int{"sales": 3}, Inboxes: inboxes(3), Labels: map[desk.LabelID]int{"vip": 1}},
		"luis": {Departments: map[desk.DepartmentID]int{"support": 0}, Inboxes: inboxes(0), Labels: map[desk.LabelID]int{"vip": 0}},
		"vera": {Unassigned: 3, All: 4, Departments: map[desk.DepartmentID]int{"sales": 3, "support": 0, "product": 1}, Inboxes: inboxes(4), Labels: map[desk.LabelID]int{"vip": 2}},
	} {
		if diff := cmp.Diff(want, counts(who)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", who, diff)
		}
	}
	check(t, w.ReadNotifications(ctx, w.who("ines"), desk.NewID(w.clock())))
	if got := counts("ines").Mentions; got != 0 {
		t.Errorf("%d mentions are unread", got)
	}
}

// TestCountsAreBounded counts 130 conversations as "99+", at a price that does not grow with them.
func TestCountsAreBounded(t *testing.T) {
	w := newWorld(t)
	for range 130 {
		c := &desk.Conversation{ID: desk.ConversationID(desk.NewID(w.clock())), Contact: desk.ContactID(desk.NewID(w.clock())), Inbox: "shop",
			Channel: desk.WebChat, CreatedAt: w.clock(), Department: "sales", Status: desk.Open, WaitsSince: w.clock()}
		check(t, w.books.Save(t.Context(), desk.Change{Now: c}))
		check(t, w.books.File(t.Context(), c.ID))
	}
	ctx, meter := store.WithMeter(t.Context())
	c, err := w.Counts(ctx, w.who("otto"))
	check(t, err)
	if c.All != desk.ManyMore || c.Unassigned != desk.ManyMore || c.Departments["sales"] != desk.ManyMore || c.Inboxes["shop"] != desk.ManyMore {
		t.Errorf("counts %+v", c)
	}
	if cost := meter.Cost(); cost.Read > 25 || cost.Write > 0 {
		t.Errorf("cost %v", cost)
	} else {
		t.Logf("cost %v", cost)
	}
}
