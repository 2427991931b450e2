package desk_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/relevo/relevo/internal/desk"
)

// clocks gives a conversation's clocks as they stand now.
func (w *world) clocks(id desk.ConversationID) map[desk.Target]desk.Clock {
	w.t.Helper()
	settings, err := w.books.Settings(w.t.Context())
	check(w.t, err)
	clocks := map[desk.Target]desk.Clock{}
	for _, c := range settings.Clocks(w.conversation(id), w.clock()) {
		clocks[c.Target] = c
	}
	return clocks
}

// due is when the first response of a conversation is due.
func (w *world) due(c *desk.Conversation) time.Time { return w.clocks(c.ID)[desk.FirstResponse].Due }

// breached reports whether any clock of a conversation passed unmet.
func (w *world) breached(id desk.ConversationID) bool {
	for c := range maps.Values(w.clocks(id)) {
		if c.Breached {
			return true
		}
	}
	return false
}

// stretch is a time in which clocks ran, as the oracle remembers it.
type stretch struct {
	from, to time.Time // to zero: still
	hours    *desk.Hours
}

// oracle knows everything that ever happened to one case, and computes its clocks from all of it anew.
type oracle struct {
	settings  *desk.Settings
	c         *desk.Conversation
	began     time.Time // of the resolution's clock
	stretches []stretch
	changed   time.Time // the last change of promises
}

// sum is the working time of the stretches between two instants.
func (o *oracle) sum(from, to time.Time) (sum time.Duration) {
	for _, s := range o.stretches {
		end := s.to
		if end.IsZero() || end.After(to) {
			end = to
		}
		start := s.from
		if start.Before(from) {
			start = from
		}
		sum += s.hours.Between(start, end)
	}
	return sum
}

// due finds when a promise that counts from an instant on is over: zero if it is not, and the clocks stand.
func (o *oracle) due(from time.Time, promised time.Duration) time.Time {
	if before := o.sum(from, o.changed); o.changed.After(from) && before >= promised { // the change moved it back
		h := o.settings.Hours[o.settings.Contracts[o.c.Clocks.Contract].Hours]
		return h.After(o.changed, promised-before)
	}
	for _, s := range o.stretches {
		if !s.to.IsZero() && !s.to.After(from) {
			continue
		}
		start := s.from
		if start.Before(from) {
			start = from
		}
		length := s.hours.Between(start, s.to)
		if s.to.IsZero() || length >= promised {
			return s.hours.After(start, promised)
		}
		promised -= length
	}
	return time.Time{}
}

// A year of random events: what is kept from event to event says the same as everything computed anew from the first.
func TestClocks_Property(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
		settings := &desk.Settings{
			Hours:     map[desk.HoursID]desk.Hours{},
			Contracts: map[desk.ContractID]desk.Contract{},
		}
		minutes := rapid.IntRange(1, 90*24*60)
		for _, id := range []string{"a", "b"} {
			h := drawHours(t, now)
			h.ID = desk.HoursID(id)
			settings.Hours[h.ID] = *h
			k := desk.Contract{ID: desk.ContractID(id), Name: id, Contacts: []desk.ContactID{desk.ContactID(id)}, Hours: h.ID, Restart: rapid.Bool().Draw(t, "restart")}
			for _, p := range []desk.Priority{desk.NoPriority, desk.High, desk.Urgent} {
				k.Promises = append(k.Promises, desk.Promise{
					Priority: p, NextResponse: time.Duration(minutes.Draw(t, "next")) * time.Minute, Resolution: time.Duration(minutes.Draw(t, "resolution")) * time.Minute,
				})
			}
			settings.Contracts[k.ID] = k
		}
		c := &desk.Conversation{Contact: "a", Status: desk.Open, CreatedAt: now}
		c.Thread.FirstReplyAt = now
		settings.Clock(nil, c, now)
		o := &oracle{settings: settings, c: c, began: now}
		run := func() {
			h := settings.Hours[settings.Contracts[c.Clocks.Contract].Hours]
			o.stretches = append(o.stretches, stretch{from: now, hours: &h})
		}
		stop := func() {
			if last := &o.stretches[len(o.stretches)-1]; last.to.IsZero() {
				last.to = now
			}
		}
		run()
		for range rapid.IntRange(1, 60).Draw(t, "events") {
			now = now.Add(time.Duration(rapid.IntRange(1, 12*24*3600).Draw(t, "later")) * time.Second)
			was := *c
			switch event := rapid.SampledFrom([]string{"status", "status", "priority", "contact", "writes", "answers"}).Draw(t, "event"); {
			case c.Status == desk.Resolved && event != "status":
				continue
			case event == "status":
				c.Status = rapid.SampledFrom(desk.Statuses).Draw(t, "status")
				if c.Status != was.Status {
					c.StatusAt = now
				}
			case event == "priority":
				c.Priority = rapid.SampledFrom([]desk.Priority{desk.NoPriority, desk.Low, desk.High, desk.Urgent}).Draw(t, "priority")
			case event == "contact":
				c.Contact = rapid.SampledFrom([]desk.ContactID{"a", "b"}).Draw(t, "contact")
			case event == "writes":
				if c.Thread.AwaitingSince.IsZero() {
					c.Thread.AwaitingSince = now
				}
				continue
			case event == "answers":
				c.Thread.AwaitingSince = time.Time{}
				continue
			}
			settings.Clock(&was, c, now)
			anew := was.Status == desk.Resolved && c.Status != desk.Resolved
			if was.Status == c.Status && was.Priority == c.Priority && was.Contact == c.Contact {
				continue
			}
			stop()
			k := settings.Contracts[c.Clocks.Contract]
			if k.ID != was.Clocks.Contract || promiseOf(k, c.Priority) != promiseOf(k, was.Priority) {
				o.changed = now
			}
			if anew && k.Restart {
				o.began = now
			}
			if c.Status == desk.Open {
				run()
			}
			compare(t, o, now)
			compare(t, o, now.Add(time.Duration(rapid.IntRange(0, 30*24*3600).Draw(t, "look"))*time.Second))
		}
	})
}

func promiseOf(k desk.Contract, p desk.Priority) desk.Promise {
	for _, promise := range k.Promises {
		if promise.Priority == p {
			return promise
		}
	}
	return k.Promises[0] // whatever the priority
}

// compare holds the clocks against the oracle's.
func compare(t *rapid.T, o *oracle, now time.Time) {
	t.Helper()
	promise := promiseOf(o.settings.Contracts[o.c.Clocks.Contract], o.c.Priority)
	for _, clock := range o.settings.Clocks(o.c, now) {
		if !clock.Ended.IsZero() {
			continue
		}
		from, promised := o.began, promise.Resolution
		if clock.Target == desk.NextResponse {
			from, promised = o.c.Thread.AwaitingSince, promise.NextResponse
		}
		if want := promised - o.sum(from, now); clock.Remaining != want {
			t.Fatalf("at %s %s has %s left, all events together say %s", now, clock.Target, clock.Remaining, want)
		}
		due := o.due(from, promised)
		if clock.Paused && due.After(now) {
			due = time.Time{}
		}
		if !clock.Due.Equal(due) {
			t.Fatalf("at %s %s is due at %s, all events together say %s", now, clock.Target, clock.Due, due)
		}
		if clock.Breached != (!due.IsZero() && !now.Before(due)) {
			t.Fatalf("at %s %s, due at %s, breached is %v", now, clock.Target, due, clock.Breached)
		}
	}
}

// contract saves hours and a contract for every inbox of the world, with targets of one, two and three working hours.
func (w *world) contract(set func(k *desk.Contract)) desk.Contract {
	w.t.Helper()
	k := desk.Contract{
		ID: "gold", Name: "Gold", Hours: "office",
		Promises: []desk.Promise{
			{FirstResponse: time.Hour, NextResponse: 2 * time.Hour, Resolution: 3 * time.Hour},
			{Priority: desk.Urgent, FirstResponse: 30 * time.Minute, Resolution: time.Hour},
		},
	}
	if set != nil {
		set(&k)
	}
	check(w.t, w.SaveSetting(w.t.Context(), w.who("ana"), *office("America/Bogota")))
	check(w.t, w.SaveSetting(w.t.Context(), w.who("ana"), k))
	return k
}

// fire does what the timers of a conversation do until now.
func (w *world) fire(id desk.ConversationID) {
	w.t.Helper()
	for range 5 {
		check(w.t, w.SLABreach(w.t.Context(), desk.TimerBody{Account: account, Conversation: id, Due: w.clock()}))
		w.settle()
	}
}

// at moves the world's clock to an instant of Bogota.
func (w *world) at(day, hour, minute int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = time.Date(2026, 3, day, hour+5, minute, 0, 0, time.UTC)
}

func (w *world) notified(agent desk.AgentID, kind desk.NotificationKind) int {
	w.t.Helper()
	told, _, err := w.Notifications(w.t.Context(), w.who(agent), desk.PageRequest{Limit: 100})
	check(w.t, err)
	return len(slices.DeleteFunc(told, func(n desk.Notification) bool { return n.Kind != kind }))
}
