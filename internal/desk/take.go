package desk

import (
	"context"
	"errors"
	"time"
)

// ErrQueued says that a channel event takes its turn on the queue: an earlier one of its sender may still be there, or it
// is rare and nobody waits for it.
var ErrQueued = errors.New("this event takes its turn on the queue")

// holdFor is how long a sender's messages go by the queue after one did. A job that fails is delivered five times within
// a quarter of an hour; then it is stored or a dead letter, and what came behind it has asked for a longer time itself.
const holdFor = 20 * time.Minute

// Take does at once what [Desk.Ingest] does from the queue, so that a customer's message costs no job. While a
// message of his may wait on the queue ([Desk.Hold]), those that come after it are refused with [ErrQueued], so that none overtakes it.
// Delivery states only rise, in whatever order they come. After any error the event belongs on the queue; what was done
// of it is harmless to repeat.
func (d *Desk) Take(ctx context.Context, e ChannelEvent) error {
	switch e.Kind {
	case ChannelStatus, ChannelIdentity:
	case ChannelMessage:
		held, err := d.Store.Account(e.Account).Held(ctx, e.Inbox, e.From.Address)
		if err != nil {
			return err
		}
		if held {
			return ErrQueued
		}
	default:
		return ErrQueued
	}
	return d.Ingest(ctx, e)
}

// Hold comes before a customer's message, or his change of address, is put on the queue: his messages after it follow it
// there. If it fails, the event must not be acknowledged, for a later one might be stored before it. Of other events it
// does nothing.
func (d *Desk) Hold(ctx context.Context, e ChannelEvent) error {
	address := e.From.Address
	switch e.Kind {
	case ChannelMessage:
	case ChannelIdentity:
		address = e.NewAddress
	default:
		return nil
	}
	return d.Store.Account(e.Account).Hold(ctx, e.Inbox, address, holdFor)
}

// keep stores a message, and tells of it where somebody counts.
func (d *Desk) keep(ctx context.Context, books Books, m Message) (Message, bool, error) {
	stored, fresh, err := books.StoreMessage(ctx, m)
	if err == nil && fresh && d.Stored != nil {
		d.Stored(stored)
	}
	return stored, fresh, err
}
