package local

import (
	"bytes"

	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// outcome is what a write came to. A refusal wrote nothing and still costs.
type outcome struct {
	refusal error
	units   float64
	changed bool // the change stream has something new
}

// image is an item at one instant; item is nil if there is none.
type image struct {
	item store.Item
	raw  []byte
	size int
}

// perform does the operations or refuses them. It is run again if a neighbour in the same commit failed. A refusal is not
// an error: it may rest on what a neighbour wrote, so it must not be answered before that lies on disk.
func perform(tx *bbolt.Tx, ops []store.Op) (outcome, error) {
	// A lone check is a transaction too: DynamoDB has no other way to ask for it.
	factor := 1.0
	if len(ops) > 1 || ops[0].Kind == store.Check {
		factor = 2
	}
	before, err := loadAll(tx, ops)
	if err != nil {
		return outcome{}, err
	}
	if refusal := firstRefused(ops, before); refusal != nil {
		return outcome{refusal: refusal, units: factor * refusedUnits(before)}, nil //nolint:nilerr // a refusal is an outcome
	}
	after, refusal := applyAll(ops, before)
	if refusal != nil {
		return outcome{refusal: refusal}, nil //nolint:nilerr // likewise
	}
	done := outcome{}
	for i, op := range ops {
		done.units += factor * writeUnits(before[i].size, after[i].size)
		if op.Kind == store.Check || bytes.Equal(before[i].raw, after[i].raw) {
			continue
		}
		indexed, err := save(tx, op.Key, before[i], after[i])
		if err != nil {
			return outcome{}, err
		}
		done.units += factor * indexed
		done.changed = true
	}
	return done, nil
}

func loadAll(tx *bbolt.Tx, ops []store.Op) ([]image, error) {
	bucket, err := tx.CreateBucketIfNotExists(tableBucket)
	if err != nil {
		return nil, err
	}
	images := make([]image, len(ops))
	for i, op := range ops {
		raw := bytes.Clone(bucket.Get(baseKey(op.Key)))
		if raw == nil {
			continue
		}
		item, size, err := decodeItem(op.Key, raw)
		if err != nil {
			return nil, err
		}
		images[i] = image{item: item, raw: raw, size: size}
	}
	return images, nil
}

// firstRefused names the first operation whose conditions do not hold.
func firstRefused(ops []store.Op, before []image) error {
	for i, op := range ops {
		for _, c := range op.If {
			if holds(c, before[i].item) {
				continue
			}
			refusal := &store.ConditionError{Op: i}
			if op.WantOld {
				refusal.Old = before[i].item
			}
			return refusal
		}
	}
	return nil
}

// refusedUnits is what a failed condition costs before doubling: a write of each existing item, at least one unit.
func refusedUnits(before []image) float64 {
	units := 0.0
	for _, b := range before {
		units += writeUnits(b.size, 0)
	}
	return units
}

// applyAll computes the items after the operations.
func applyAll(ops []store.Op, before []image) ([]image, error) {
	after := make([]image, len(ops))
	for i, op := range ops {
		var err error
		if after[i], err = apply(op, before[i]); err != nil {
			return nil, err
		}
	}
	return after, nil
}

func apply(op store.Op, before image) (image, error) {
	var item store.Item
	switch op.Kind {
	case store.Check:
		return before, nil
	case store.Delete:
		return image{}, nil
	case store.Put:
		item = withKeys(op.Item, op.Key)
	default:
		changed, err := change(op, before.item)
		if err != nil {
			return image{}, err
		}
		item = changed
	}
	if err := checkIndexKeys(item); err != nil {
		return image{}, err
	}
	raw, size, err := encodeItem(item)
	return image{item: item, raw: raw, size: size}, err
}

// withKeys copies the item's attributes and sets its keys.
func withKeys(item store.Item, key store.Key) store.Item {
	out := make(store.Item, len(item)+2)
	for name, v := range item {
		out[name] = v
	}
	out["PK"], out["SK"] = stringValue(key.PK), stringValue(key.SK)
	return out
}

// save stores an item, moves its index entries and records the change; it gives the index entries' units.
func save(tx *bbolt.Tx, key store.Key, before, after image) (float64, error) {
	bucket := tx.Bucket(tableBucket)
	if after.raw == nil {
		if err := bucket.Delete(baseKey(key)); err != nil {
			return 0, err
		}
	} else if err := bucket.Put(baseKey(key), after.raw); err != nil {
		return 0, err
	}
	units := 0.0
	for _, index := range store.Indexes {
		old, now := entryOf(index, key, before.item), entryOf(index, key, after.item)
		units += indexUnits(old, now)
		if err := moveEntry(tx, index, old, now); err != nil {
			return 0, err
		}
	}
	return units, recordChange(tx, key, before.raw, after.raw)
}

func moveEntry(tx *bbolt.Tx, index store.Index, old, now entry) error {
	if old == now {
		return nil
	}
	bucket, err := tx.CreateBucketIfNotExists(indexBucket(index))
	if err != nil {
		return err
	}
	if old.in {
		if err := bucket.Delete(old.key()); err != nil {
			return err
		}
	}
	if now.in {
		return bucket.Put(now.key(), nil)
	}
	return nil
}

// keyOf gives the key of an item.
func keyOf(item store.Item) (store.Key, bool) {
	pk, hasPK := textOf(item["PK"])
	sk, hasSK := textOf(item["SK"])
	return store.Key{PK: pk, SK: sk}, hasPK && hasSK && pk != "" && sk != ""
}

var errWrongKind = desk.Errorf(desk.Invalid, "an update meets an attribute of another kind")
