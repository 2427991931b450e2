package store

import (
	"context"
	"maps"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// deletedLasts is how long a deleted ticket is kept.
const deletedLasts = 30 * 24 * time.Hour

// movedAtOnce is how many actions move in one transaction: two operations each.
const movedAtOnce = 25

// MoveActions moves actions to another ticket, a few at a time, with what they set off. What relay learns of a moved one
// makes it file the words there; here they are taken away.
func (b *Books) MoveActions(ctx context.Context, from, heir desk.Ticket) error {
	query := Query{PK: b.ticketKey(from.Number).PK, Prefix: actionPrefix, Consistent: true, Limit: movedAtOnce}
	for {
		page, err := b.table.Query(ctx, query)
		if err != nil {
			return desk.Wrap(desk.Internal, err, "reading the actions of a merged ticket")
		}
		if len(page.Items) == 0 {
			return nil
		}
		var p plan
		for _, item := range page.Items {
			key := keyOf(item)
			a, err := decodeAction(item)
			if err != nil {
				return err
			}
			if err := b.takeWords(ctx, from.Number, indexed(actionWords, a.Text), wordInAction, wordInFields); err != nil {
				return err
			}
			moved := maps.Clone(item)
			delete(moved, "PK")
			delete(moved, "SK")
			if a.MovedFrom == 0 {
				moved["m"] = num(from.Number)
			}
			if from.Requester != heir.Requester {
				delete(moved, "pu")
			}
			p.add(Op{Kind: Put, Key: b.actionKey(heir.Number, a.ID), Item: moved}, "")
			p.unless(Op{Kind: Delete, Key: key, If: []Condition{unlessSince(actionVersion, a.Version)}}, "the action was edited meanwhile")
		}
		if err := p.write(ctx, b.table, "moving actions to the heir"); err != nil {
			return err
		}
	}
}

// PurgeTicket gives every item of a deleted ticket its expiry, takes away its words and its requester's row.
func (b *Books) PurgeTicket(ctx context.Context, t desk.Ticket) error {
	until := num(t.DeletedAt.Add(deletedLasts).Unix())
	for _, prefix := range []string{actionPrefix, historyPrefix} {
		items, err := all(ctx, b.table, Query{PK: b.ticketKey(t.Number).PK, Prefix: prefix, Consistent: true, Limit: 1000})
		if err != nil {
			return desk.Wrap(desk.Internal, err, "reading what was done in a deleted ticket")
		}
		err = some(len(items), func(i int) error {
			op := Op{Kind: Update, Key: keyOf(items[i]), Set: Item{TTL: until}}
			if err := b.table.Write(ctx, op); err != nil || prefix != actionPrefix {
				return desk.Wrap(desk.Internal, err, "letting an entry of a deleted ticket expire")
			}
			a, err := decodeAction(items[i])
			if err != nil {
				return err
			}
			return b.takeWords(ctx, t.Number, indexed(actionWords, a.Text), wordInAction, wordInFields)
		})
		if err != nil {
			return err
		}
	}
	err := b.table.Write(ctx, Op{Kind: Delete, Key: b.requesterRowKey(t.Requester, t.Number)})
	return desk.Wrap(desk.Internal, err, "taking a deleted ticket from its requester")
}
