package store

import (
	"cmp"
	"context"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
)

// deletedLasts is how long a deleted ticket is kept.
const deletedLasts = 30 * 24 * time.Hour

// movedAtOnce is how many actions are read and move in one transaction: two operations each.
const movedAtOnce = 25

// publicOnce says of a moved action that it was public in the ticket that it was written in.
const publicOnce = "mp"

// MoveActions moves actions to where they belong, a page at a time, with what they set off. What relay learns of a moved one
// makes it file the words there; here they are taken away, unless an action that stays has them, too.
func (b *Books) MoveActions(ctx context.Context, number int64, home func(origin int64) (desk.ActionHome, error)) error {
	query := Query{PK: b.ticketKey(number).PK, Prefix: actionPrefix, Consistent: true, Limit: movedAtOnce}
	for {
		page, err := b.table.Query(ctx, query)
		if err != nil {
			return desk.Wrap(desk.Internal, err, "reading the actions of a ticket")
		}
		var moves []move
		for _, item := range page.Items {
			a, err := decodeAction(item)
			if err != nil {
				return err
			}
			origin := cmp.Or(a.MovedFrom, number)
			to, err := home(origin)
			if err != nil {
				return err
			}
			if to.Ticket != 0 && to.Ticket != number {
				moves = append(moves, move{item, a, origin, to})
			}
		}
		if err := b.moveSome(ctx, number, moves); err != nil || page.Next == nil {
			return err
		}
		query.After = page.Next
	}
}

// moveSome moves actions of the ticket in one transaction.
func (b *Books) moveSome(ctx context.Context, number int64, moves []move) error {
	if len(moves) == 0 {
		return nil
	}
	var p plan
	for _, m := range moves {
		if err := b.takeAction(ctx, number, m.action, nil); err != nil {
			return err
		}
		p.add(Op{Kind: Put, Key: b.actionKey(m.to.Ticket, m.action.ID), Item: m.moved()}, "")
		there := []Condition{unlessSince(actionVersion, m.action.Version), {Attr: actionKind, Test: Exists}}
		p.unless(Op{Kind: Delete, Key: keyOf(m.item), If: there}, "the action was edited or moved meanwhile")
	}
	return p.write(ctx, b.table, "moving actions")
}

// move is an action that goes to another ticket.
type move struct {
	item   Item
	action desk.TicketAction
	origin int64 // the ticket that it was written in
	to     desk.ActionHome
}

// moved is the item as it will stand there.
func (m move) moved() Item {
	item := maps.Clone(m.item)
	for _, attr := range []string{"PK", "SK", "m", "rt", "pu", publicOnce} {
		delete(item, attr)
	}
	yes := &types.AttributeValueMemberBOOL{Value: true}
	if m.to.Ticket == m.origin {
		item["rt"] = yes
	} else {
		item["m"] = num(m.origin)
	}
	_, once := m.item[publicOnce]
	switch {
	case !m.action.Public && !once:
	case m.to.Public:
		item["pu"] = yes
	default:
		item[publicOnce] = yes
	}
	return item
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
			return b.takeAction(ctx, t.Number, a, nil)
		})
		if err != nil {
			return err
		}
	}
	err := b.table.Write(ctx, Op{Kind: Delete, Key: b.requesterRowKey(t.Requester, t.Number)})
	return desk.Wrap(desk.Internal, err, "taking a deleted ticket from its requester")
}
