package local

import (
	"context"

	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// Table is the [store.Table] on the file. It refuses what DynamoDB refuses and charges what DynamoDB charges, so that
// what works and what it costs on one machine is true of the deployed desk. Reads are always consistent here; a
// consistent read only costs more. Every acknowledged write lies on disk; writers that meet share one commit.
type Table struct{ file *File }

var _ store.Table = (*Table)(nil)

// Table gives the table of the file. All tables of one file are the same.
func (f *File) Table() *Table { return &Table{file: f} }

var tableBucket = []byte("table") // base key -> stored item

func indexBucket(i store.Index) []byte { return []byte("index." + string(i)) } // index key -> nothing

// Get implements [store.Table].
func (t *Table) Get(ctx context.Context, key store.Key, consistent bool) (store.Item, bool, error) {
	if err := checkKey(key); err != nil {
		return nil, false, err
	}
	var item store.Item
	var size int
	err := t.view(ctx, func(tx *bbolt.Tx) (err error) {
		item, size, err = loadItem(tx, key)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	store.Charge(ctx, readUnits(size, consistent), 0)
	return item, item != nil, nil
}

// BatchGet implements [store.Table]. No keys is no call; a key twice is invalid, as in DynamoDB.
func (t *Table) BatchGet(ctx context.Context, keys []store.Key, consistent bool) (map[store.Key]store.Item, error) {
	if err := checkBatch(keys); err != nil || len(keys) == 0 {
		return map[store.Key]store.Item{}, err
	}
	items := make(map[store.Key]store.Item, len(keys))
	units := 0.0
	err := t.view(ctx, func(tx *bbolt.Tx) error {
		for _, key := range keys {
			item, size, err := loadItem(tx, key)
			if err != nil {
				return err
			}
			units += readUnits(size, consistent)
			if item != nil {
				items[key] = item
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	store.Charge(ctx, units, 0)
	return items, nil
}

// Write implements [store.Table]. A write that has begun ends, even if its context does not last.
func (t *Table) Write(ctx context.Context, ops ...store.Op) error {
	if err := checkOps(ops); err != nil {
		return err
	}
	if err := alive(ctx); err != nil {
		return err
	}
	var done outcome
	err := t.file.commits.Do(func(tx *bbolt.Tx) (err error) {
		done, err = perform(tx, ops)
		return err
	})
	if err != nil {
		return desk.Wrap(desk.Unavailable, err, "the file could not be written")
	}
	store.Charge(ctx, 0, done.units)
	if done.changed {
		t.file.stream.wakeUp()
	}
	return done.refusal
}

func (t *Table) view(ctx context.Context, fn func(*bbolt.Tx) error) error {
	if err := alive(ctx); err != nil {
		return err
	}
	return desk.Wrap(desk.Unavailable, t.file.db.View(fn), "the file could not be read")
}

// alive turns an ended context into unavailable.
func alive(ctx context.Context) error {
	return desk.Wrap(desk.Unavailable, ctx.Err(), "the caller gave up before the table was asked")
}

// loadItem gives an item with its keys and its size in bytes; nil and 0 if there is none.
func loadItem(tx *bbolt.Tx, key store.Key) (store.Item, int, error) {
	bucket := tx.Bucket(tableBucket)
	if bucket == nil {
		return nil, 0, nil
	}
	raw := bucket.Get(baseKey(key))
	if raw == nil {
		return nil, 0, nil
	}
	return decodeItem(key, raw)
}
