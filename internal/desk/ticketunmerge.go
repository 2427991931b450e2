package desk

import (
	"context"
	"maps"
	"slices"
	"time"
)

// UnmergeTicket takes a merge back: the ticket is one of its own again, in the state that it was in. Its heir gives back
// what it got by the merge and still has: addresses, tags, relations and conversations at once, actions by relay; what came
// to the heir since stays there. Of an heir that was deleted nothing comes back, and of a merge of before [Bequest] was kept
// neither addresses, tags nor relations: nobody noted which of them the heir had got. Conflict of the field merged_into: it is
// not merged, or its heir was merged, too, and has to be unmerged first.
func (d *Desk) UnmergeTicket(ctx context.Context, who Who, n int64) (Ticket, error) {
	books, settings, err := d.atWork(ctx, who)
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = retry(func() error {
		u, err := d.readUnmerge(ctx, books, n)
		if err != nil {
			return err
		}
		if settings, err = knowing(ctx, books, settings, u.was[n].Clocks.Contract); err != nil {
			return err
		}
		u.takeBack(true)
		err = notAbove(readingAs(ctx, books, u.will), u.will[n], u.will[n])
		if Is(err, Conflict) { // what was related to both may have come to stand between them
			u.takeBack(false)
		} else if err != nil {
			return err
		}
		saves := d.saveUnmerge(u, who.Actor, settings)
		t = saves[0].Ticket
		return books.SaveTicket(ctx, saves...)
	})
	t.Version++
	return settings.Tickets.Shown(t), err
}

// unmerge is a merge that is taken back: the tickets that it touches, as they were and as they will be.
type unmerge struct {
	n, heir int64           // heir is 0 if it was deleted
	stands  map[int64]int64 // for a ticket that the merged one was related to: which one stands for it by now, 0 if none
	was     map[int64]Ticket
	will    map[int64]Ticket
}

// readUnmerge reads a merged ticket, its heir and those to which it was related.
func (d *Desk) readUnmerge(ctx context.Context, books Books, n int64) (*unmerge, error) {
	t, err := books.Ticket(ctx, n)
	if err != nil {
		return nil, err
	}
	if t.MergedInto == 0 {
		return nil, conflictOf("merged_into", "ticket %d is not merged", n)
	}
	u := &unmerge{n: n, stands: map[int64]int64{}, was: map[int64]Ticket{n: t}}
	heir, err := books.Ticket(ctx, t.MergedInto)
	switch {
	case Is(err, NotFound):
		return u, nil
	case err != nil:
		return nil, err
	case heir.MergedInto != 0:
		return nil, conflictOf("merged_into", "ticket %d was merged into ticket %d: unmerge that one first", heir.Number, heir.MergedInto)
	}
	u.heir, u.was[heir.Number] = heir.Number, heir
	for _, r := range t.Relations {
		o, err := books.Ticket(ctx, r.Ticket)
		if err == nil {
			o, err = d.heirOf(ctx, books, o)
		}
		if err := settled(err); err != nil {
			return nil, err
		}
		if _, known := u.was[o.Number]; !known && o.Number != 0 {
			u.was[o.Number] = o
		}
		u.stands[r.Ticket] = o.Number
	}
	return u, nil
}

// takeBack makes the tickets as they will be. With own, relations come back that the heir did not get, because it had one to
// the same ticket or is that ticket.
func (u *unmerge) takeBack(own bool) {
	u.will = maps.Clone(u.was)
	was, t := u.was[u.n], u.was[u.n]
	t.MergedInto, t.Bequest, t.Relations, t.Conversations = 0, Bequest{}, nil, nil
	heir, stands := u.was[u.heir]
	if !stands {
		u.will[u.n] = t
		return
	}
	heir.CC, heir.Tags = without(heir.CC, was.Bequest.CC), without(heir.Tags, was.Bequest.Tags)
	t.Conversations = without(was.Conversations, without(was.Conversations, heir.Conversations))
	heir.Conversations = without(heir.Conversations, t.Conversations)
	u.will[u.n], u.will[u.heir] = t, heir
	for _, r := range was.Relations {
		u.giveBack(r, own)
	}
}

// giveBack relates the ticket again as it was, unless that changed at the heir since.
func (u *unmerge) giveBack(r Relation, own bool) {
	t, heir := u.will[u.n], u.will[u.heir]
	o, stands := u.will[u.stands[r.Ticket]]
	if !stands || o.Number == u.n {
		return
	}
	inverse := Relation{inverses[r.Kind], u.n}
	if slices.Contains(u.was[u.n].Bequest.Relations, r) {
		if !slices.Contains(heir.Relations, Relation{r.Kind, o.Number}) {
			return
		}
		heir.unrelate(o.Number)
		o.unrelate(u.heir)
		u.will[u.heir] = heir
	} else if !own {
		return
	}
	if t.relate(r.Kind, o.Number) != nil || !slices.Contains(o.Relations, inverse) && o.relate(inverse.Kind, u.n) != nil {
		return
	}
	u.will[u.n], u.will[o.Number] = t, o
}

// saveUnmerge gives what is to be saved, the ticket first. Others that are related to it are saved though nothing of theirs
// differs: relay, late with the merge, is not to turn them to the heir.
func (d *Desk) saveUnmerge(u *unmerge, by Actor, s *Settings) []TicketSave {
	was, t, now := u.was[u.n], u.will[u.n], d.now()
	history := d.changed(was, t, by, TriggerUnmerge)
	unmerged := t
	s.ClockTicket(&was, &t, now)
	history = append(history, d.changed(unmerged, t, System, TriggerContract)...)
	t.UpdatedAt, t.UpdatedBy = now, by
	saves := []TicketSave{{Ticket: t, History: history}}
	for _, n := range slices.Sorted(maps.Keys(u.was)) {
		if n == u.n {
			continue
		}
		o := u.will[n]
		save := d.touched(u.was[n], &o, by, TriggerUnmerge)
		if n == u.heir {
			d.tellHeir(&save, by, TriggerUnmerge, FieldChange{Field: "merged_from", From: number(u.n)})
		}
		if len(save.History) > 0 || slices.ContainsFunc(o.Relations, func(r Relation) bool { return r.Ticket == u.n }) {
			saves = append(saves, save)
		}
	}
	return saves
}

func without[T comparable](all, taken []T) []T {
	return slices.DeleteFunc(slices.Clone(all), func(v T) bool { return slices.Contains(taken, v) })
}

// relayBack does what follows when a merge was taken back: the actions that the heirs have come home, and the conversations
// of the ticket are linked to it again. A repeat finds less to do.
func (d *Desk) relayBack(ctx context.Context, account AccountID, books Books, was Ticket) error {
	for t := was; t.MergedInto != 0; {
		heir, err := books.Ticket(ctx, t.MergedInto)
		if Is(err, NotFound) { // what was deleted with it stays so
			break
		}
		if err != nil {
			return err
		}
		if err := d.bringHome(ctx, books, heir.Number); err != nil {
			return err
		}
		t = heir
	}
	t, err := books.Ticket(ctx, was.Number)
	if err != nil {
		return settled(err)
	}
	stands, err := d.heirOf(ctx, books, t)
	if err != nil || stands.Number == 0 {
		return err
	}
	for _, id := range t.Conversations {
		_, err := d.actWith(ctx, systemWho(account), id, func(change *Change, _ *Settings, _ time.Time) ([]Event, error) {
			if c := change.Now; c.Ticket == 0 || c.Ticket == stands.Number {
				return nil, nil
			}
			change.Now.Ticket = stands.Number
			return []Event{event(ConversationLinked, "ticket", number(stands.Number))}, nil
		})
		if err := settled(err); err != nil {
			return err
		}
	}
	return nil
}
