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

// Attributes of a mail's item: when it was claimed, and that it was sent.
const (
	mailClaimed = "c"
	mailSent    = "d"
)

func (b *Books) mailedKey(name string) Key { return Key{PK: b.pk("MAILED", name), SK: "MAILED"} }

// ClaimMail takes a mail in hand with one conditional write; a claim that is older than busy belongs to a delivery that
// died.
func (b *Books) ClaimMail(ctx context.Context, name string, now time.Time, busy time.Duration) (sent bool, err error) {
	op := Op{
		Kind: Update, Key: b.mailedKey(name), Set: b.store.lasting(Item{mailClaimed: num(now.UnixMilli())}, identityLasts),
		If:      []Condition{{Attr: mailSent, Test: Absent}, {Attr: mailClaimed, Test: BelowOrAbsent, To: num(now.Add(-busy).UnixMilli())}},
		WantOld: true,
	}
	err = b.table.Write(ctx, op)
	failed, ok := refused(err)
	if !ok {
		return false, desk.Wrap(desk.Internal, err, "claiming a mail")
	}
	flag(&form{item: failed.Old, read: true}, mailSent, &sent)
	if sent {
		return true, nil
	}
	return false, desk.Errorf(desk.Conflict, "another delivery has the mail in hand")
}

// SettleMail tells what became of a claim.
func (b *Books) SettleMail(ctx context.Context, name string, sent bool) error {
	op := Op{Kind: Update, Key: b.mailedKey(name), Remove: []string{mailClaimed}}
	if sent {
		op.Set = encode(sent, func(f *form, v *bool) { flag(f, mailSent, v) })
	}
	return desk.Wrap(desk.Internal, b.table.Write(ctx, op), "settling a mail")
}
