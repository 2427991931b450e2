package desk

import (
	"context"
	"slices"
	"time"
)

// copied is a new ticket about the same.
func (t Ticket) copied(n int64, who Who, now time.Time) Ticket {
	return Ticket{
		Number: n, Type: t.Type, Requester: t.Requester, RequesterName: t.RequesterName, Subject: t.Subject, Status: TicketNew, StatusAt: now,
		Service: t.Service, Category: t.Category, Priority: t.Priority, Responsible: t.Responsible, CC: t.CC, Tags: t.Tags,
		Relations: []Relation{{RelatedTo, t.Number}}, CreatedAt: now, CreatedBy: who.Actor, UpdatedAt: now, UpdatedBy: who.Actor,
	}
}

// Bequest is what the heir of a merged ticket got and had not before: what an unmerge takes back from it. The merged ticket
// keeps its own lists.
type Bequest struct {
	CC        []string
	Tags      []string
	Relations []Relation
}

// MergeTickets puts a ticket into its heir: what it is linked with and who is copied at once, its actions and
// conversations by relay. It stays readable and refers to its heir, and can be taken back: see [Desk.UnmergeTicket].
func (d *Desk) MergeTickets(ctx context.Context, who Who, n, into int64) (Ticket, error) {
	if n == into {
		return Ticket{}, InvalidField("ticket", "a ticket cannot be merged into itself")
	}
	return d.changeTwo(ctx, who, n, into, TriggerMerge, func(t, heir *Ticket) error {
		books := d.Store.Account(who.Account)
		settings, err := books.Settings(ctx)
		if err != nil {
			return err
		}
		if settings, err = knowing(ctx, books, settings, t.Clocks.Contract); err != nil {
			return err
		}
		was := *t
		t.Bequest = heir.inherit(t)
		if len(heir.Conversations) > MaxTicketConversations {
			return conflictOf("conversations", "together they have more than %d conversations", MaxTicketConversations)
		}
		if len(t.Bequest.Relations) > 0 {
			read := readingAs(ctx, books, map[int64]Ticket{t.Number: *heir, heir.Number: *heir})
			if err := notAbove(read, *heir, *heir); err != nil {
				return err
			}
		}
		t.MergedInto = heir.Number
		settings.ClockTicket(&was, t, d.now())
		return nil
	})
}

// inherit takes over what the other is linked with, and tells what of it is new; what does not fit into the limits stays
// with the other.
func (t *Ticket) inherit(from *Ticket) Bequest {
	t.unrelate(from.Number)
	was := *t
	t.CC = united(t.CC, from.CC, maxCC)
	t.Tags = united(t.Tags, from.Tags, maxTags)
	t.Conversations = united(t.Conversations, from.Conversations, MaxTicketConversations+1)
	for _, r := range from.Relations {
		known := slices.ContainsFunc(t.Relations, func(own Relation) bool { return own.Ticket == r.Ticket })
		if r.Ticket != t.Number && !known && len(t.Relations) < maxRelations {
			t.Relations = append(slices.Clone(t.Relations), r)
		}
	}
	return Bequest{CC: t.CC[len(was.CC):], Tags: t.Tags[len(was.Tags):], Relations: t.Relations[len(was.Relations):]}
}

func united[T comparable](own, more []T, most int) []T {
	own = slices.Clone(own)
	for _, v := range more {
		if !slices.Contains(own, v) && len(own) < most {
			own = append(own, v)
		}
	}
	return own
}

// DeleteTicket takes a ticket away: nobody sees it any more, and after thirty days it is purged with all that was done in
// it. For administrators.
func (d *Desk) DeleteTicket(ctx context.Context, who Who, n int64) error {
	if who.Role != Administrator {
		return &Error{Code: Forbidden, Field: "role", Message: "only an administrator deletes tickets"}
	}
	books := d.Store.Account(who.Account)
	return retry(func() error {
		t, err := books.Ticket(ctx, n)
		if err != nil {
			return err
		}
		var saves []TicketSave
		for _, r := range t.Relations {
			o, err := books.Ticket(ctx, r.Ticket)
			if Is(err, NotFound) {
				continue
			}
			if err != nil {
				return err
			}
			was := o
			o.unrelate(n)
			if save := d.touched(was, &o, who.Actor, TriggerRelation); len(save.History) > 0 {
				saves = append(saves, save)
			}
		}
		t.DeletedAt, t.UpdatedAt, t.UpdatedBy = d.now(), d.now(), who.Actor
		return books.SaveTicket(ctx, append(saves, TicketSave{Ticket: t, History: []TicketChange{{
			ID: d.newID(), Ticket: n, By: who.Actor, Trigger: TriggerDelete, Fields: []FieldChange{{Field: "deleted", To: "true"}},
		}}})...)
	})
}

// relayGone does what follows when a ticket was merged or deleted: its conversations go to the heir, or are unlinked, and
// its actions go too, or expire with it. A repeat finds less to do.
func (d *Desk) relayGone(ctx context.Context, account AccountID, books Books, t Ticket) error {
	if t.DeletedAt.IsZero() {
		now, err := books.Ticket(ctx, t.Number)
		if err != nil || now.MergedInto == 0 { // the merge was taken back meanwhile, or the ticket deleted
			return settled(err)
		}
		t = now
	}
	heir, err := d.heirOf(ctx, books, t)
	if err != nil {
		return err
	}
	for _, id := range t.Conversations {
		_, err := d.actWith(ctx, systemWho(account), id, func(change *Change, _ *Settings, _ time.Time) ([]Event, error) {
			c := change.Now
			if c.Ticket != t.Number {
				return nil, nil
			}
			c.Ticket = heir.Number
			if c.Ticket == 0 {
				return []Event{event(ConversationUnlinked, "ticket", number(t.Number))}, nil
			}
			return []Event{event(ConversationLinked, "ticket", number(c.Ticket), "merged", number(t.Number))}, nil
		})
		if err := settled(err); err != nil {
			return err
		}
	}
	if !t.DeletedAt.IsZero() {
		return books.PurgeTicket(ctx, t)
	}
	if heir.Number == 0 {
		return nil
	}
	if err := d.rerelate(ctx, books, t, heir.Number); err != nil {
		return err
	}
	return d.bringHome(ctx, books, t.Number)
}

// heirOf follows a merged ticket to the one that stands by now; the zero ticket: that one was deleted, or the ticket itself.
func (d *Desk) heirOf(ctx context.Context, books Books, t Ticket) (Ticket, error) {
	if !t.DeletedAt.IsZero() {
		return Ticket{}, nil
	}
	for t.MergedInto != 0 {
		var err error
		if t, err = books.Ticket(ctx, t.MergedInto); err != nil {
			return Ticket{}, settled(err)
		}
	}
	return t, nil
}

// bringHome moves the actions in a ticket to where they belong by now, and on if that changed meanwhile. An action belongs
// in the ticket that it was written in, or in the one that stands for that by merges.
func (d *Desk) bringHome(ctx context.Context, books Books, at int64) error {
	homes := map[int64]ActionHome{}
	err := retry(func() error {
		clear(homes)
		return books.MoveActions(ctx, at, func(origin int64) (ActionHome, error) {
			if _, known := homes[origin]; !known {
				home, err := d.homeOf(ctx, books, origin)
				if err != nil {
					return ActionHome{}, err
				}
				homes[origin] = home
			}
			return homes[origin], nil
		})
	})
	if err != nil {
		return err
	}
	for origin, home := range homes {
		if home.Ticket == 0 || home.Ticket == at {
			continue
		}
		for _, n := range []int64{at, home.Ticket} { // who reads them has the versions already, and not what moved
			d.announce(ctx, Announcement{Account: books.ID(), ID: "moved/" + d.newID(), Kind: AnnounceTicket, Ticket: &TicketNews{Number: n, Action: "moved"}})
		}
		if now, err := d.homeOf(ctx, books, origin); err != nil {
			return err
		} else if now != home {
			if err := d.bringHome(ctx, books, home.Ticket); err != nil {
				return err
			}
		}
	}
	return nil
}

// homeOf tells where the actions that were written in a ticket belong by now. What is public is so for one requester.
func (d *Desk) homeOf(ctx context.Context, books Books, origin int64) (ActionHome, error) {
	t, err := books.Ticket(ctx, origin)
	if err != nil {
		return ActionHome{}, settled(err)
	}
	heir, err := d.heirOf(ctx, books, t)
	return ActionHome{Ticket: heir.Number, Public: heir.Requester == t.Requester}, err
}

// rerelate turns the relations that others have to a merged ticket to its heir.
func (d *Desk) rerelate(ctx context.Context, books Books, t Ticket, heir int64) error {
	for _, r := range t.Relations {
		err := retry(func() error {
			if now, err := books.Ticket(ctx, t.Number); err != nil || now.MergedInto == 0 {
				return settled(err)
			}
			o, err := books.Ticket(ctx, r.Ticket)
			if err != nil || o.MergedInto != 0 { // its heir has the relation, too
				return settled(err)
			}
			was := o
			o.Relations = slices.Clone(o.Relations)
			known := slices.ContainsFunc(o.Relations, func(own Relation) bool { return own.Ticket == heir })
			for i, own := range o.Relations {
				if own.Ticket == t.Number && !known && o.Number != heir {
					o.Relations[i].Ticket = heir
				}
			}
			o.unrelate(t.Number)
			save := d.touched(was, &o, t.UpdatedBy, TriggerMerge)
			if len(save.History) == 0 {
				return nil
			}
			return books.SaveTicket(ctx, save)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
