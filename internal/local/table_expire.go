package local

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// expireChunk is how many items one read transaction looks at: a writer's freed pages wait for its end.
const expireChunk = 1000

// Expire removes the items whose [store.TTL] lies before now, as DynamoDB does by itself, and tells how many. Nobody
// may rely on it: readers check the instant. The removals are in the change stream, as those of DynamoDB are.
func (t *Table) Expire(ctx context.Context, now time.Time) (removed int, err error) {
	var from []byte
	for {
		due, next, err := t.expired(ctx, from, now)
		if err != nil {
			return removed, err
		}
		for _, op := range due {
			if err := t.Write(ctx, op); err != nil && !isCondition(err) {
				return removed, err
			}
			removed++
		}
		if next == nil {
			return removed, nil
		}
		from = next
	}
}

// expired finds the due removals among the next items, and where to go on; nil at the end.
func (t *Table) expired(ctx context.Context, from []byte, now time.Time) (due []store.Op, next []byte, err error) {
	err = t.view(ctx, func(tx *bbolt.Tx) error {
		table := tx.Bucket(tableBucket)
		if table == nil {
			return nil // nothing was ever written
		}
		cursor := table.Cursor()
		k, _ := cursor.Seek(from)
		for n := 0; k != nil; k, _ = cursor.Next() {
			if n++; n > expireChunk {
				next = bytes.Clone(k)
				return nil
			}
			key, err := splitBaseKey(k)
			if err != nil {
				return err
			}
			item, _, err := loadItem(tx, key)
			if err != nil {
				return err
			}
			if at, ok := item[store.TTL].(*types.AttributeValueMemberN); ok && before(at.Value, now) {
				due = append(due, store.Op{Kind: store.Delete, Key: key,
					If: []store.Condition{{Attr: store.TTL, Test: store.Equals, To: at}}})
			}
		}
		return nil
	})
	return due, next, err
}

func before(seconds string, now time.Time) bool {
	n, err := strconv.ParseInt(seconds, 10, 64)
	return err == nil && n < now.Unix()
}

func isCondition(err error) bool {
	_, ok := errors.AsType[*store.ConditionError](err)
	return ok
}

// Sweep removes expired items at once and then every hour, until the context ends.
func (t *Table) Sweep(ctx context.Context) error {
	for {
		if _, err := t.Expire(ctx, time.Now()); err != nil && ctx.Err() == nil {
			return desk.Wrap(desk.Unavailable, err, "remove expired items")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Hour):
		}
	}
}
