package store

import (
	"context"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// codeLasts is how long what is kept of codes stays; they themselves are good for less.
const codeLasts = time.Hour

// Attributes that conditions name: how many there were of what is limited, how often one was guessed, and its hash.
const (
	counted   = "n"
	codeTried = "t"
	codeHash  = "h"
)

func (b *Books) codeKey(visitor desk.ContactID, email string) Key {
	return Key{PK: b.pk("CODE", email), SK: join("VISITOR", string(visitor))}
}

// codeForm: visitor and address are in the key. s salt · h hash · x good until; t counts the guesses
func codeForm(f *form, v *desk.OneTimeCode) {
	text(f, "s", &v.Salt)
	text(f, codeHash, &v.Hash)
	instant(f, "x", &v.Expires)
}

// Count counts with one conditional write in the item of the stretch of time, which expires after it.
func (b *Books) Count(ctx context.Context, of desk.Quota, now time.Time) error {
	since := now.UTC().Truncate(of.Within)
	err := b.table.Write(ctx, Op{
		Kind: Update, Key: Key{PK: b.pk("CODE", of.Of), SK: join("ASKED", millis(since))}, Set: b.store.lasting(Item{}, 2*of.Within),
		Add: map[string]int64{counted: 1}, If: []Condition{{Attr: counted, Test: BelowOrAbsent, To: num(int64(of.Most))}},
	})
	if _, full := refused(err); full {
		return &desk.Error{Code: desk.Limited, Message: "too many; try again later", RetryAfter: since.Add(of.Within).Sub(now)}
	}
	return desk.Wrap(desk.Internal, err, "counting what is limited")
}

// PutCode stores a code; guesses count anew.
func (b *Books) PutCode(ctx context.Context, code desk.OneTimeCode) error {
	item := b.store.lasting(encode(code, codeForm), codeLasts)
	err := b.table.Write(ctx, Op{Kind: Put, Key: b.codeKey(code.Visitor, code.Email), Item: item})
	return desk.Wrap(desk.Internal, err, "storing a code")
}

// TryCode reads the code and counts the guess under the condition that this code still has guesses left.
func (b *Books) TryCode(ctx context.Context, visitor desk.ContactID, email string, most int) (desk.OneTimeCode, error) {
	key := b.codeKey(visitor, email)
	item, err := get(ctx, b.table, key, "code")
	if err != nil {
		return desk.OneTimeCode{}, err
	}
	code, err := decode(item, codeForm)
	if err != nil {
		return desk.OneTimeCode{}, err
	}
	code.Visitor, code.Email = visitor, email
	err = b.table.Write(ctx, Op{Kind: Update, Key: key, Add: map[string]int64{codeTried: 1}, If: []Condition{
		{Attr: codeHash, Test: Equals, To: str(code.Hash)}, {Attr: codeTried, Test: BelowOrAbsent, To: num(most)},
	}})
	if _, spent := refused(err); spent {
		return desk.OneTimeCode{}, desk.Errorf(desk.NotFound, "no such code")
	}
	return code, desk.Wrap(desk.Internal, err, "counting a guess")
}

// SpendCode deletes the code if it is still this one.
func (b *Books) SpendCode(ctx context.Context, code desk.OneTimeCode) error {
	err := b.table.Write(ctx, Op{Kind: Delete, Key: b.codeKey(code.Visitor, code.Email), If: []Condition{
		{Attr: codeHash, Test: Equals, To: str(code.Hash)},
	}})
	if _, spent := refused(err); spent {
		return desk.Errorf(desk.NotFound, "no such code")
	}
	return desk.Wrap(desk.Internal, err, "taking a code away")
}
