package local

import (
	"bytes"
	"context"

	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/store"
)

var _ store.Scanner = (*Table)(nil)

// scanPage is how many items are read at once, so that a reader who writes does not wait for himself.
const scanPage = 1000

// Scan implements [store.Scanner]. Items read are not charged: this table has nobody to bill.
func (t *Table) Scan(ctx context.Context, sk string, each func(store.Item) error) error {
	var from []byte
	for {
		found, next, err := t.scanPage(ctx, sk, from)
		if err != nil {
			return err
		}
		for _, item := range found {
			if err := each(item); err != nil {
				return err
			}
		}
		if next == nil {
			return nil
		}
		from = next
	}
}

// scanPage reads on from a bucket key, and gives the one to go on from; nil at the end.
func (t *Table) scanPage(ctx context.Context, sk string, from []byte) (found []store.Item, next []byte, err error) {
	err = t.view(ctx, func(tx *bbolt.Tx) error {
		bucket := tx.Bucket(tableBucket)
		if bucket == nil {
			return nil
		}
		c := bucket.Cursor()
		k, raw := c.Seek(from)
		for n := 0; k != nil && n < scanPage; n++ {
			key, err := splitBaseKey(k)
			if err != nil {
				return err
			}
			if key.SK == sk {
				item, _, err := decodeItem(key, raw)
				if err != nil {
					return err
				}
				found = append(found, item)
			}
			k, raw = c.Next()
		}
		next = bytes.Clone(k)
		return nil
	})
	return found, next, err
}
