package store

import (
	"context"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// Hold marks an address whose messages go by the queue.
func (b *Books) Hold(ctx context.Context, inbox desk.InboxID, address string, span time.Duration) error {
	err := b.table.Write(ctx, Op{Kind: Put, Key: b.holdKey(inbox, address), Item: b.store.lasting(Item{}, span)})
	return desk.Wrap(desk.Internal, err, "holding an address")
}

// Held reads the mark, consistently.
func (b *Books) Held(ctx context.Context, inbox desk.InboxID, address string) (bool, error) {
	item, ok, err := b.table.Get(ctx, b.holdKey(inbox, address), true)
	return ok && !b.store.expired(item), desk.Wrap(desk.Internal, err, "reading whether an address is held")
}
