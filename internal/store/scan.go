package store

import (
	"context"

	"github.com/relevo/relevo/internal/desk"
)

// Scanner reads a whole table. It is for an operator's repairs: it costs what the table's size costs, so no act does it.
type Scanner interface {
	// Scan gives the items that have the sort key, in no order, eventually consistent; those that are written meanwhile
	// may be missing. It ends with the first error of each.
	Scan(ctx context.Context, sk string, each func(Item) error) error
}

// EveryConversation gives the conversations of all accounts, whether or not any list has them. An error of each ends it.
func EveryConversation(ctx context.Context, table Scanner, each func(desk.AccountID, *desk.Conversation) error) error {
	return table.Scan(ctx, conversationSK, func(item Item) error {
		parts := split(keyOf(item).PK)
		if len(parts) != 3 || parts[1] != "CONV" {
			return nil
		}
		c, err := decodeConversation(item)
		if err != nil {
			return err
		}
		return each(desk.AccountID(parts[0]), c)
	})
}

// EveryContact likewise gives the contacts; those that were merged, too.
func EveryContact(ctx context.Context, table Scanner, each func(desk.AccountID, desk.Contact) error) error {
	return table.Scan(ctx, contactSK, func(item Item) error {
		c, err := decodeContact(item)
		if err != nil {
			return err
		}
		return each(desk.AccountID(split(keyOf(item).PK)[0]), c)
	})
}

// EveryTicket likewise gives the tickets; those that were merged or deleted, too.
func EveryTicket(ctx context.Context, table Scanner, each func(desk.AccountID, desk.Ticket) error) error {
	return table.Scan(ctx, ticketSK, func(item Item) error {
		t, err := decodeTicket(item)
		if err != nil {
			return err
		}
		return each(desk.AccountID(split(keyOf(item).PK)[0]), t)
	})
}
