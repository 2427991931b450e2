package store

import (
	"context"

	"github.com/relevo/relevo/internal/desk"
)

func (b *Books) visitorKey(hash string) Key { return Key{PK: b.pk("VISITOR", hash), SK: "VISITOR"} }

// PutVisitor stores a visitor's secret by its hash.
func (b *Books) PutVisitor(ctx context.Context, hash string, v desk.Visitor) error {
	v.Account = b.account
	err := b.table.Write(ctx, Op{Kind: Put, Key: b.visitorKey(hash), Item: encode(v, visitorForm)})
	return desk.Wrap(desk.Internal, err, "storing a visitor's secret")
}

// VisitorBySecret finds the visitor, consistently: a revoked secret is of no use at once.
func (b *Books) VisitorBySecret(ctx context.Context, hash string) (desk.Visitor, error) {
	item, err := get(ctx, b.table, b.visitorKey(hash), "visitor")
	if err != nil {
		return desk.Visitor{}, err
	}
	return decode(item, visitorForm)
}

// RevokeVisitor forgets the secret.
func (b *Books) RevokeVisitor(ctx context.Context, hash string) error {
	err := b.table.Write(ctx, Op{Kind: Delete, Key: b.visitorKey(hash)})
	return desk.Wrap(desk.Internal, err, "revoking a visitor's secret")
}
