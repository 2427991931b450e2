package desk

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// clockwork gathers what a ticket's clocks follow from. Without a contract there are none: an inbox's own target is for
// its conversations.
func (t Ticket) clockwork(s *Settings) clockwork {
	k := s.Contracts[t.Clocks.Contract]
	return clockwork{
		Clocks: t.Clocks, promise: k.promise(Priority(t.Priority)), hours: s.hours(k.Hours), warnAt: k.WarnAt, answered: t.AnsweredAt,
		ended: t.endedAt(),
	}
}

// endedAt is when a ticket was done, or merged into another or deleted; zero: it is not.
func (t Ticket) endedAt() time.Time {
	switch {
	case t.Status.Done():
		return t.StatusAt
	case t.gone():
		return t.UpdatedAt
	default:
		return time.Time{}
	}
}

// TicketClocks gives the clocks of a ticket as they stood when the caller was let in.
func (w Who) TicketClocks(t Ticket) []Clock {
	if w.settings == nil { // the desk itself, which looks at no clock so
		return nil
	}
	work := t.clockwork(w.settings)
	return work.all(w.at)
}

// ticketContract chooses the contract of a ticket; the zero one if none holds.
func (s *Settings) ticketContract(t *Ticket) Contract {
	if k := s.contractFor(t.Requester, t.Service, t.Inbox); k.ID != "" {
		return k
	}
	return Contract{}
}

// ClockTicket keeps the account of a ticket's clocks in an act that changed it from was, nil for a new one, and its due
// forecast with it (B98). They run while it is new or in progress, and not merged. Its contract is chosen when it begins or
// begins anew, reopened or unmerged, and, until it is done, when its priority, its service or its requester changes.
func (s *Settings) ClockTicket(was, now *Ticket, at time.Time) {
	if was == nil {
		now.Clocks.Contract = s.ticketContract(now).ID
	} else {
		anew, ends := !was.endedAt().IsZero() && now.endedAt().IsZero(), now.gone() && !was.gone()
		chooses := anew || was.Priority != now.Priority || was.Service != now.Service || was.Requester != now.Requester
		if was.Status == now.Status && !ends && (!chooses || now.Status.Done()) {
			now.forecast(s, at)
			return
		}
		before := now.clockwork(s)
		before.promise, before.ended = s.Contracts[now.Clocks.Contract].promise(Priority(was.Priority)), was.endedAt()
		now.Clocks = before.balance(at)
		if chooses {
			now.Clocks.choose(s.ticketContract(now), anew, before.promise, at, func() clockwork { return now.clockwork(s) })
		}
	}
	if !now.gone() && (now.Status == TicketNew || now.Status == TicketInProgress) {
		now.Clocks.Since = at
	}
	now.forecast(s, at)
}

// forecast lets the due forecast follow the clock of resolution, unless it was set by hand. While the clock stands there
// is none; that of a ticket that is done stays.
func (t *Ticket) forecast(s *Settings, at time.Time) {
	if t.Due.By == DueByHand {
		return
	}
	w := t.clockwork(s)
	c, ok := w.clock(slices.Index(Targets[:], Resolution), at)
	switch {
	case ok && !c.Ended.IsZero():
	case ok && !c.Due.IsZero():
		t.Due = Due{At: c.Due, By: DueByContract}
	default:
		t.Due = Due{}
	}
}

// answer notes the desk's first public action: it ends the clock of the first response.
func (t *Ticket) answer(a TicketAction, now time.Time) {
	if t.AnsweredAt.IsZero() && a.replies() {
		t.AnsweredAt = now
	}
}

// ticketBreach is [Desk.SLABreach] for a ticket: it marks and escalates, and leaves the telling to relay.
func (d *Desk) ticketBreach(ctx context.Context, body TimerBody) error {
	books := d.Store.Account(body.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	var t Ticket
	err = retry(func() error {
		was, err := books.Ticket(ctx, body.Ticket)
		if err != nil {
			return err
		}
		if settings, err = knowing(ctx, books, settings, was.Clocks.Contract); err != nil {
			return err
		}
		t = was
		history := d.overdueTicket(&t, settings, d.now())
		if len(history) == 0 {
			return nil
		}
		return books.SaveTicket(ctx, TicketSave{Ticket: t, History: history})
	})
	if Is(err, NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.setTicketClocks(ctx, books, t)
}

// overdueTicket marks the clocks of which a warning or a breach is to be told, escalates, and gives the history of it.
func (d *Desk) overdueTicket(t *Ticket, s *Settings, now time.Time) []TicketChange {
	if t.gone() {
		return nil
	}
	was, k := *t, s.Contracts[t.Clocks.Contract]
	w := t.clockwork(s)
	var marks []FieldChange
	for _, clock := range w.all(now) {
		told, what, breach := w.tells(clock, now)
		if what == "" {
			continue
		}
		w.Clocks = w.mark(clock, told)
		t.Clocks = w.Clocks
		mark := FieldChange{Field: "sla." + string(clock.Target), To: "warned"}
		if breach {
			mark.To = "breached"
		}
		marks = append(marks, mark)
		for _, e := range k.Escalations {
			if e.at(clock.Target, breach) && clock.Ended.IsZero() {
				t.escalate(s, e)
			}
		}
	}
	if len(marks) == 0 {
		return nil
	}
	s.ClockTicket(&was, t, now)
	t.UpdatedAt, t.UpdatedBy = now, System
	history := TicketChange{ID: d.newID(), Ticket: t.Number, By: System, Trigger: TriggerContract, Fields: append(marks, was.changes(*t)...)}
	return []TicketChange{history}
}

// escalate does what a contract wants, as far as a ticket has it: it lies in no department.
func (t *Ticket) escalate(s *Settings, e Escalation) {
	switch e.Act {
	case EscalatePriority:
		i := slices.IndexFunc(s.Tickets.Priorities, func(c Choice) bool { return c.ID == t.Priority })
		for _, next := range s.Tickets.Priorities[i+1:] {
			if !next.Archived {
				t.Priority = next.ID
				break
			}
		}
	case EscalateReassign:
		if _, err := s.attendant("agent", e.Agent); err == nil && e.Agent != "" {
			t.Responsible = e.Agent
		}
	case EscalateNotify: // by relay
	}
}

// setTicketClocks sets a timer for the next instant at which a clock of the ticket has something to tell.
func (d *Desk) setTicketClocks(ctx context.Context, books Books, t Ticket) error {
	settings, err := settingsKnowing(ctx, books, t.Clocks.Contract)
	if err != nil {
		return err
	}
	return d.setTicketNext(ctx, books.ID(), settings, t)
}

func (d *Desk) setTicketNext(ctx context.Context, account AccountID, s *Settings, t Ticket) error {
	wanted, err := t.WantedTimers(account, s, d.now())
	if err != nil {
		return err
	}
	for _, timer := range wanted {
		if err := d.Timers.At(ctx, timer); err != nil {
			return err
		}
	}
	return nil
}

// relayClocks follows a change of a ticket's clocks: the next timer, and who is told of a warning or a breach.
func (d *Desk) relayClocks(ctx context.Context, books Books, f TicketFact) error {
	t, was := f.Now, Clocks{}
	if f.Was != nil {
		was = f.Was.Clocks
	}
	if t.Clocks == was {
		return nil
	}
	if err := d.setTicketClocks(ctx, books, t); err != nil {
		return err
	}
	fresh := t.Clocks.Told &^ was.Told
	to := []AgentID{t.Responsible}
	if f.Was != nil { // whom an escalation took it from was to answer, too
		to = append(to, f.Was.Responsible)
	}
	for place, target := range Targets {
		switch {
		case fresh&(toldBreach<<place) != 0:
			if err := d.notifyTicketClock(ctx, books, t, to, target, NotifyBreach); err != nil {
				return err
			}
		case fresh&(toldWarning<<place) != 0:
			if err := d.notifyTicketClock(ctx, books, t, to, target, NotifyWarning); err != nil {
				return err
			}
		}
	}
	return nil
}

// notifyTicketClock tells the responsible, or the operators if there is none; of a breach both; and whom the contract
// names: once for each version of the ticket and target. responsible are those of now and of before, "" for nobody.
func (d *Desk) notifyTicketClock(ctx context.Context, books Books, t Ticket, responsible []AgentID, target Target, kind NotificationKind) error {
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	to := slices.Clone(responsible)
	if t.Responsible == "" || kind == NotifyBreach {
		to = append(to, settings.ticketOperators(t)...)
	}
	to = append(to, settings.Contracts[t.Clocks.Contract].notifies(target, kind)...)
	name := derivedID(string(books.ID()), "clock", number(t.Number), strconv.Itoa(t.Version), string(target))
	return d.notifyEach(ctx, books, settings, to, Notification{
		ID: string(PlaceAt(t.UpdatedAt)[:10]) + name[10:], Kind: kind, Ticket: t.Number, By: System, Text: t.Subject,
	})
}

// ticketOperators are the operators of the department of the ticket's inbox; of a ticket without one, those of the
// departments of who is responsible. Where there are none, and nobody is responsible, they are all operators.
func (s *Settings) ticketOperators(t Ticket) []AgentID {
	departments := s.Agents[t.Responsible].Departments
	if inbox, ok := s.Inboxes[t.Inbox]; ok {
		departments = []DepartmentID{inbox.Department}
	}
	operators := s.operators(departments...)
	if len(operators) > 0 || t.Responsible != "" {
		return operators
	}
	for _, a := range s.Agents {
		if a.Role == Operator {
			operators = append(operators, a.ID)
		}
	}
	return operators
}
