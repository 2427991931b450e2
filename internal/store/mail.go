package store

import (
	"context"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// markLasts is how long an address stays marked: after that mail is tried again.
const markLasts = 180 * 24 * time.Hour

func (b *Books) mailKey(address string) Key { return Key{PK: b.pk("MAIL", address), SK: "MAIL"} }

// markForm: the address is in the key.
//
//	c complaint · r reason · t when
func markForm(f *form, v *desk.AddressMark) {
	flag(f, "c", &v.Complaint)
	text(f, "r", &v.Reason)
	instant(f, "t", &v.At)
}

// MarkAddress marks an address to which no mail goes.
func (b *Books) MarkAddress(ctx context.Context, mark desk.AddressMark) error {
	err := b.table.Write(ctx, Op{Kind: Put, Key: b.mailKey(mark.Address), Item: b.store.lasting(encode(mark, markForm), markLasts)})
	return desk.Wrap(desk.Internal, err, "marking an address")
}

// AddressMark reads the mark of an address, consistently.
func (b *Books) AddressMark(ctx context.Context, address string) (desk.AddressMark, error) {
	item, err := get(ctx, b.table, b.mailKey(address), "mark")
	if err == nil && b.store.expired(item) {
		err = desk.Errorf(desk.NotFound, "no such mark")
	}
	if err != nil {
		return desk.AddressMark{}, err
	}
	mark, err := decode(item, markForm)
	mark.Address = address
	return mark, err
}
