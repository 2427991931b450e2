package desk

import (
	"context"
	"errors"
	"slices"
)

// maxWatched limits what one connection looks at: conversations, tickets and the lists of tickets.
const maxWatched = 20

// Watch makes a connection hear everything of a conversation while its agent looks at it.
func (d *Desk) Watch(ctx context.Context, c Connection, id ConversationID, on bool) error {
	return d.watch(ctx, c, ConversationTopic(id), on, func(who Who, books Books) error {
		conversation, err := books.Conversation(ctx, id)
		if err == nil && !who.sees(conversation) {
			return notSeen()
		}
		return err
	})
}

// WatchTicket makes a connection hear when a ticket changes, while its agent looks at it, and gives the version from which
// on it hears: who has an earlier one missed a change. A merged one is watched like any other; one that was deleted does
// not exist.
func (d *Desk) WatchTicket(ctx context.Context, c Connection, number int64, on bool) (version int, err error) {
	topic := TicketTopic(number)
	if err := d.watch(ctx, c, topic, on, func(Who, Books) error { return nil }); err != nil || !on {
		return 0, err
	}
	books := d.Store.Account(c.Account)
	t, err := books.Ticket(ctx, number) // only now, so that no change falls between
	if err != nil {
		return 0, errors.Join(err, books.Listen(ctx, c.ID, topic, false))
	}
	return t.Version, nil
}

// WatchTickets makes a connection hear when any ticket changes, while its agent looks at a list or board of them.
func (d *Desk) WatchTickets(ctx context.Context, c Connection, on bool) error {
	return d.watch(ctx, c, TicketsTopic, on, func(Who, Books) error { return nil })
}

// watch adds a topic that may to a connection, or takes one from it.
func (d *Desk) watch(ctx context.Context, c Connection, topic Topic, on bool, may func(Who, Books) error) error {
	who, err := d.WhoIs(ctx, c)
	if err != nil {
		return err
	}
	books := d.Store.Account(c.Account)
	if !on {
		return books.Listen(ctx, c.ID, topic, false)
	}
	if err := may(who, books); err != nil {
		return err
	}
	known, err := d.Store.Connection(ctx, c.ID)
	if err != nil {
		return err
	}
	if !slices.Contains(known.Topics, topic) && len(known.Topics) >= maxWatched+len(who.Departments)+1 {
		return &Error{Code: Limited, Message: "this connection watches too much"}
	}
	return books.Listen(ctx, c.ID, topic, true)
}
