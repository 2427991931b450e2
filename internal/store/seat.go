package store

import (
	"context"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// Attributes of a seat that conditions and counters name.
const (
	seatLease    = "ls"
	seatCapacity = "c"
	seatLoad     = "l"
	seatIdle     = "id"
)

// seatForm: the agent is the sort key. p chosen presence, ls lease, c capacity, l load (both are there once a capacity
// was set, even if 0, so that they can be compared), id idle since.
func seatForm(f *form, v *desk.Seat) {
	text(f, "SK", &v.Agent)
	text(f, "p", &v.Chosen)
	instant(f, seatLease, &v.Lease)
	number(f, seatCapacity, &v.Capacity)
	number(f, seatLoad, &v.Load)
	instant(f, seatIdle, &v.IdleSince)
}

// Seats reads all seats with one consistent query.
func (b *Books) Seats(ctx context.Context) ([]desk.Seat, error) {
	items, err := all(ctx, b.table, Query{PK: b.pk(seatsPart), Limit: 1000, Consistent: true})
	if err != nil {
		return nil, desk.Wrap(desk.Internal, err, "reading the seats")
	}
	return decodeAll(items, seatForm)
}

// Seat reads one; a seat never saved is disconnected and empty.
func (b *Books) Seat(ctx context.Context, agent desk.AgentID) (desk.Seat, error) {
	item, ok, err := b.table.Get(ctx, b.seatKey(agent), true)
	if err != nil || !ok {
		return desk.Seat{Agent: agent}, desk.Wrap(desk.Internal, err, "reading a seat")
	}
	return decode(item, seatForm)
}

// SetPresence saves the chosen state and the lease.
func (b *Books) SetPresence(ctx context.Context, agent desk.AgentID, chosen desk.Presence, lease time.Time) error {
	op := update(b.seatKey(agent), desk.Seat{Chosen: chosen, Lease: lease}, func(f *form, v *desk.Seat) {
		text(f, "p", &v.Chosen)
		instant(f, seatLease, &v.Lease)
	})
	return desk.Wrap(desk.Internal, b.table.Write(ctx, op), "saving presence")
}

// RenewLease moves the lease forward; a later one stays.
func (b *Books) RenewLease(ctx context.Context, agent desk.AgentID, lease time.Time) error {
	to := num(lease.UnixMilli())
	err := b.table.Write(ctx, Op{
		Kind: Update, Key: b.seatKey(agent), Set: Item{seatLease: to},
		If: []Condition{{Attr: seatLease, Test: BelowOrAbsent, To: to}},
	})
	if _, later := refused(err); later {
		return nil
	}
	return desk.Wrap(desk.Internal, err, "renewing a lease")
}

// SetCapacity saves the capacity; load stays.
func (b *Books) SetCapacity(ctx context.Context, agent desk.AgentID, capacity int) error {
	err := b.table.Write(ctx, Op{
		Kind: Update, Key: b.seatKey(agent), Set: Item{seatCapacity: num(capacity)}, Add: map[string]int64{seatLoad: 0},
	})
	return desk.Wrap(desk.Internal, err, "saving a capacity")
}

// decodeAll decodes items in their order.
func decodeAll[T any](items []Item, fields layout[T]) ([]T, error) {
	all := make([]T, 0, len(items))
	for _, item := range items {
		v, err := decode(item, fields)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}
