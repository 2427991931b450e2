package desk

import "time"

// Clocks are what the clocks of a conversation or a ticket are computed from. They change only when something happens
// that is saved anyway: a state that lets them run or stand, a priority, a contract. An account is kept of the working
// time that went by, rather than a list of pauses, which would grow without end.
type Clocks struct {
	Contract   ContractID              // by which they run; "": the inbox's own target
	Since      time.Time               // they run since then; zero: they stand still
	Worked     time.Duration           // working time that went by before Since
	NextFor    time.Time               // the wait for an answer of which NextWorked and the marks of the next response tell
	NextWorked time.Duration           // working time of that wait before Since
	Passed     [len(Targets)]time.Time // due instants that passed unmet; zero: none
	Told       Told
}

// Told are the marks of what needs to be told or decided once.
type Told int

const (
	toldWarning Told = 1 << iota // shifted by the target's place in Targets
	_
	_
	toldBreach // likewise
	_
	_
	answered // whether the first response came in time is decided: no later contract changes it
)

// Clock is one promise as it stands at an instant.
type Clock struct {
	Target    Target
	Promised  time.Duration // working time
	Remaining time.Duration // working time; below zero when it is over; 0 once Ended
	Due       time.Time     // while it runs, and once it passed; zero: stands still before it
	WarnAt    time.Time     // while it runs; zero: never
	Ended     time.Time     // met, or too late: see Breached
	Paused    bool          // stands still, because of the state
	Breached  bool

	place int
}

// clockwork is everything that the clocks of one case follow from.
type clockwork struct {
	Clocks
	promise  Promise
	hours    *Hours
	warnAt   int
	answered time.Time // the first answer; zero: none
	waits    time.Time // the customer's first message without an answer, of a conversation once answered; zero: none
	ended    time.Time // the end of the case; zero: none
}

// clockwork gathers what a conversation's clocks follow from, by the contract that is kept with them.
func (c *Conversation) clockwork(s *Settings) clockwork {
	k := s.contract(c.Clocks.Contract, c.Inbox)
	w := clockwork{
		Clocks: c.Clocks, promise: k.promise(c.Priority), hours: s.hours(k.Hours), warnAt: k.WarnAt,
		answered: c.Thread.FirstReplyAt, ended: c.endedAt(),
	}
	if !w.answered.IsZero() {
		w.waits = c.Thread.AwaitingSince
	}
	return w
}

// start is from when on the clock of a target counts what is not in its account yet, and what is in there.
func (w *clockwork) start(target Target) (since time.Time, worked time.Duration) {
	if target != NextResponse {
		return w.Since, w.Worked
	}
	if w.NextFor.Equal(w.waits) {
		worked = w.NextWorked
	}
	if w.Since.IsZero() || w.Since.After(w.waits) {
		return w.Since, worked
	}
	return w.waits, worked
}

// used is the working time that a target has used up at an instant.
func (w *clockwork) used(target Target, at time.Time) time.Duration {
	since, worked := w.start(target)
	if since.IsZero() {
		return worked
	}
	return worked + w.hours.Between(since, at)
}

// passed gives the mark of a due instant that passed; that of an earlier wait counts no more.
func (w *clockwork) passed(place int) time.Time {
	if Targets[place] == NextResponse && !w.NextFor.Equal(w.waits) {
		return time.Time{}
	}
	return w.Passed[place]
}

// told reports whether something of a target was told.
func (w *clockwork) told(what Told, place int) bool {
	if Targets[place] == NextResponse && !w.NextFor.Equal(w.waits) {
		return false
	}
	return w.Told&(what<<place) != 0
}

// clock tells how a target stands; ok is false if there is no such promise, or nobody waits for it.
func (w *clockwork) clock(place int, now time.Time) (c Clock, ok bool) {
	target := Targets[place]
	c = Clock{Target: target, Promised: w.promise.of(place), place: place, Ended: w.ended}
	if c.Promised == 0 || target == NextResponse && w.waits.IsZero() {
		return c, false
	}
	if target == FirstResponse && !w.answered.IsZero() {
		c.Ended = w.answered
	}
	c.Due = w.passed(place)
	c.Breached = !c.Due.IsZero()
	decided := target == FirstResponse && w.Told&answered != 0
	since, worked := w.start(target)
	if !since.IsZero() && !c.Breached && !decided {
		c.Due = w.hours.After(since, c.Promised-worked)
		c.Breached = !c.Due.IsZero() && !earlier(now, c.Ended).Before(c.Due)
	}
	if !c.Ended.IsZero() {
		return c, true
	}
	c.Paused = since.IsZero()
	c.Remaining = c.Promised - w.used(target, now)
	if w.warnAt > 0 && !c.Paused {
		c.WarnAt = w.hours.After(since, c.Promised*time.Duration(w.warnAt)/100-worked)
	}
	return c, true
}

// earlier gives now, or the end if there is one.
func earlier(now, end time.Time) time.Time {
	if !end.IsZero() && end.Before(now) {
		return end
	}
	return now
}

// all gives the clocks that there are.
func (w *clockwork) all(now time.Time) []Clock {
	clocks := make([]Clock, 0, len(Targets))
	for place := range Targets {
		if c, ok := w.clock(place, now); ok {
			clocks = append(clocks, c)
		}
	}
	return clocks
}

// balance brings the account up to an instant, with the marks of what passed until then, and lets the clocks stand.
func (w *clockwork) balance(now time.Time) Clocks {
	next := w.Clocks
	if !w.NextFor.Equal(w.waits) {
		next.forget(1, toldWarning|toldBreach)
	}
	for _, c := range w.all(now) {
		if c.Breached {
			next.Passed[c.place] = c.Due
		}
	}
	if !w.answered.IsZero() {
		next.Told |= answered
	}
	next.Worked = w.used(Resolution, now)
	next.NextFor, next.NextWorked = w.waits, 0
	if !w.waits.IsZero() {
		next.NextWorked = w.used(NextResponse, now)
	}
	next.Since = time.Time{}
	return next
}

// forget takes back the marks of a target.
func (k *Clocks) forget(place int, told Told) {
	k.Passed[place] = time.Time{}
	k.Told &^= told << place & (answered - 1)
}

// promised takes the promises that hold now into account: what lies ahead has not passed; and where promises moved, what
// is over passed by as much as it is over.
func (w *clockwork) promised(now time.Time, moved bool) Clocks {
	next := w.Clocks
	for place, target := range Targets {
		c, ok := w.clock(place, now)
		switch {
		case target == FirstResponse && w.Told&answered != 0: // decided
		case ok && !c.Ended.IsZero():
		case !ok:
			next.forget(place, toldWarning|toldBreach)
		case c.Remaining <= 0:
			if moved || w.passed(place).IsZero() {
				next.Passed[place] = w.hours.After(now, c.Remaining)
			}
		default:
			next.forget(place, toldBreach)
			if c.Remaining > c.Promised-c.Promised*time.Duration(w.warnAt)/100 {
				next.forget(place, toldWarning)
			}
		}
	}
	return next
}

// Clocks gives the clocks of a conversation as they stand at an instant.
func (s *Settings) Clocks(c *Conversation, now time.Time) []Clock {
	w := c.clockwork(s)
	return w.all(now)
}

// Clock keeps the account of a conversation's clocks in an act that changed it from was, nil for a new one. Its contract
// is chosen when it begins or begins anew, and, until it is resolved, when its priority or its contact changes.
func (s *Settings) Clock(was, now *Conversation, at time.Time) {
	if was == nil {
		now.Clocks.Contract = s.contractFor(now.Contact, "", now.Inbox).ID
	} else {
		anew := was.Status == Resolved && now.Status != Resolved
		chooses := anew || was.Priority != now.Priority || was.Contact != now.Contact
		if was.Status == now.Status && (!chooses || now.Status == Resolved) {
			return
		}
		before := now.clockwork(s)
		before.promise, before.ended = s.contract(now.Clocks.Contract, now.Inbox).promise(was.Priority), was.endedAt()
		now.Clocks = before.balance(at)
		if chooses {
			now.Clocks.choose(s.contractFor(now.Contact, "", now.Inbox), anew, before.promise, at, func() clockwork { return now.clockwork(s) })
		}
	}
	if now.Status == Open {
		now.Clocks.Since = at
	}
}

// choose puts clocks that stand under the contract that holds now; work gives the clockwork by it.
func (k *Clocks) choose(contract Contract, anew bool, promised Promise, at time.Time, work func() clockwork) {
	was := k.Contract
	k.Contract = contract.ID
	if anew && contract.Restart {
		k.restart()
	}
	after := work()
	*k = after.promised(at, contract.ID != was || after.promise != promised)
}

// endedAt is when a conversation was resolved; zero: it is not.
func (c *Conversation) endedAt() time.Time {
	if c.Status == Resolved {
		return c.StatusAt
	}
	return time.Time{}
}

// restart begins the clocks of the beginning anew; a first response that came stays what it is.
func (k *Clocks) restart() {
	k.Worked = 0
	for place, target := range Targets {
		if target == Resolution || target == FirstResponse && k.Told&answered == 0 {
			k.forget(place, toldWarning|toldBreach)
		}
	}
}
