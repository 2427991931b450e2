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

// MergeTickets puts a ticket into its heir: what it is linked with and who is copied at once, its actions and
// conversations by relay. It stays readable and refers to its heir.
func (d *Desk) MergeTickets(ctx context.Context, who Who, n, into int64) (Ticket, error) {
	if n == into {
		return Ticket{}, InvalidField("ticket", "a ticket cannot be merged into itself")
	}
	return d.changeTwo(ctx, who, n, into, TriggerMerge, func(t, heir *Ticket) error {
		heir.inherit(t)
		if len(heir.Conversations) > MaxTicketConversations {
			return conflictf("together they have more than %d conversations", MaxTicketConversations)
		}
		t.MergedInto = heir.Number
		return nil
	})
}

// inherit takes over what the other is linked with; what does not fit into the limits stays with the other.
func (t *Ticket) inherit(from *Ticket) {
	t.unrelate(from.Number)
	t.CC = united(t.CC, from.CC, maxCC)
	t.Tags = united(t.Tags, from.Tags, maxTags)
	t.Conversations = united(t.Conversations, from.Conversations, MaxTicketConversations+1)
	for _, r := range from.Relations {
		known := slices.ContainsFunc(t.Relations, func(own Relation) bool { return own.Ticket == r.Ticket })
		if r.Ticket != t.Number && !known && len(t.Relations) < maxRelations {
			t.Relations = append(slices.Clone(t.Relations), r)
		}
	}
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
		return &Error{Code: Forbidden, Message: "only an administrator deletes tickets"}
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
	return d.moveActions(ctx, books, t)
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

// moveActions moves a merged ticket's actions to the one that stands by now, and on if that one was merged meanwhile.
func (d *Desk) moveActions(ctx context.Context, books Books, t Ticket) error {
	for t.MergedInto != 0 {
		heir, err := d.heirOf(ctx, books, t)
		if err != nil || heir.Number == 0 {
			return err
		}
		if err := books.MoveActions(ctx, t, heir); err != nil {
			return err
		}
		if t, err = books.Ticket(ctx, heir.Number); err != nil {
			return settled(err)
		}
	}
	return nil
}

// rerelate turns the relations that others have to a merged ticket to its heir.
func (d *Desk) rerelate(ctx context.Context, books Books, t Ticket, heir int64) error {
	for _, r := range t.Relations {
		err := retry(func() error {
			o, err := books.Ticket(ctx, r.Ticket)
			if err != nil {
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
