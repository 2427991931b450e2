package store

import (
	"context"
	"fmt"

	"github.com/relevo/relevo/internal/desk"
)

// group is the letter of those who share a list by responsible, priority or service: open tickets, and those that are
// done.
func group(status desk.TicketStatus) string {
	if status.Done() {
		return "d"
	}
	return "o"
}

// ticketEntries tells where the ticket stands in the indexes, by creation. Where a group holds several statuses, the sort
// key ends in the status's letter, so that rows are chosen before tickets are read.
func (b *Books) ticketEntries(t desk.Ticket) map[Index]entry {
	if t.MergedInto != 0 || !t.DeletedAt.IsZero() {
		return nil
	}
	status := initial(t.Status)
	sort := sortText(t.CreatedAt, fmt.Sprintf("%03d", t.Number))
	grouped := sort + status
	return map[Index]entry{
		ByStatus:     {b.pk("T", status), sort},
		ByOwner:      {b.pk("R", string(t.Responsible), group(t.Status)), grouped},
		ByDepartment: {b.pk("TP", string(t.Priority), group(t.Status)), grouped},
		ByInbox:      {b.pk("TV", string(t.Service), group(t.Status)), grouped},
	}
}

// FileTicket puts the ticket into the lists in which it belongs now. It reads the state consistently and writes only under
// the condition that this is still the state.
func (b *Books) FileTicket(ctx context.Context, number int64) error {
	for range fileAttempts {
		err := b.fileTicketOnce(ctx, number)
		if !desk.Is(err, desk.Conflict) {
			return err
		}
	}
	return desk.Errorf(desk.Unavailable, "the ticket changes too fast to be filed")
}

func (b *Books) fileTicketOnce(ctx context.Context, number int64) error {
	item, err := get(ctx, b.table, b.ticketKey(number), "ticket")
	if err != nil {
		return err
	}
	t, err := decodeTicket(item)
	if err != nil {
		return err
	}
	op := Op{Kind: Update, Key: keyOf(item), Set: Item{}, If: []Condition{unlessSince(ticketVersion, t.Version)}}
	entries := b.ticketEntries(t)
	for _, index := range Indexes {
		place(&op, item, index, entries)
	}
	var filed, due string
	text(&form{item: item, read: true}, filedDue, &filed)
	if !t.Status.Done() && !t.Due.At.IsZero() && len(entries) > 0 {
		due = dueRow(t)
	}
	if due != filed {
		if err := b.fileDue(ctx, &op, due); err != nil {
			return err
		}
	}
	if len(op.Set)+len(op.Remove) == 0 {
		return nil
	}
	if err := b.change(ctx, op, "ticket", "the ticket changed while it was filed"); err != nil || filed == "" || due == filed {
		return err
	}
	err = b.table.Write(ctx, Op{Kind: Delete, Key: Key{PK: b.duePK(), SK: filed}})
	return desk.Wrap(desk.Internal, err, "taking a ticket from those that are due")
}

// dueRow is where a ticket stands among those that are due.
func dueRow(t desk.Ticket) string { return join(millis(t.Due.At), fmt.Sprintf("%012d", t.Number)) }

// filedDue remembers the row by due forecast that is filed for the ticket.
const filedDue = "fd"

// fileDue puts the ticket's row by due forecast, and adds to the update that it is filed; "" for none. The row comes before
// the ticket says so, and the old one goes after: a row too many is left out when it is read.
func (b *Books) fileDue(ctx context.Context, op *Op, due string) error {
	if due == "" {
		op.Remove = append(op.Remove, filedDue)
		return nil
	}
	op.Set[filedDue] = str(due)
	err := b.table.Write(ctx, Op{Kind: Put, Key: Key{PK: b.duePK(), SK: due}})
	return desk.Wrap(desk.Internal, err, "filing a ticket by its due forecast")
}

// place adds to an update what puts an item where it belongs in an index, as far as it differs from where it stands.
func place(op *Op, item Item, index Index, entries map[Index]entry) {
	pk, sk := index.Keys()
	belongs, in := entries[index]
	for attr, want := range map[string]string{pk: belongs.pk, sk: belongs.sort} {
		var is string
		text(&form{item: item, read: true}, attr, &is)
		switch {
		case is == want:
		case !in:
			op.Remove = append(op.Remove, attr)
		default:
			op.Set[attr] = str(want)
		}
	}
}
