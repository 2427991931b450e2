package local

import (
	"bytes"
	"context"

	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// Query implements [store.Table]. As in DynamoDB a page that ends because of its limit has a Next, even if nothing
// comes after it.
func (t *Table) Query(ctx context.Context, query store.Query) (store.Page, error) {
	within, err := rangeOf(query)
	if err != nil {
		return store.Page{}, err
	}
	var page store.Page
	size := 0
	err = t.view(ctx, func(tx *bbolt.Tx) (err error) {
		page, size, err = readPage(tx, query, within)
		return err
	})
	if err != nil {
		return store.Page{}, err
	}
	store.Charge(ctx, readUnits(size, query.Consistent), 0)
	return page, nil
}

// span is a range of bucket keys, from lo (included) to hi (excluded).
type span struct{ lo, hi []byte }

// rangeOf checks a query and gives the range it reads.
func rangeOf(q store.Query) (span, error) {
	if err := checkQuery(q); err != nil {
		return span{}, err
	}
	text, after := func(s string) string { return s }, "\x00"
	if q.Index != store.Base {
		text, after = escapeSort, entryAfter
	}
	partition := partitionKey(q.PK)
	at := func(sort string) []byte { return append(bytes.Clone(partition), sort...) }
	within := span{lo: at(text(q.Prefix)), hi: successor(at(text(q.Prefix)))}
	if q.From != "" {
		within.lo = at(text(q.From))
	}
	if q.To != "" {
		within.hi = at(text(q.To) + after)
	}
	if q.After == nil {
		return within, nil
	}
	return within.goOn(q)
}

// goOn narrows the range to what comes after the page before.
func (s span) goOn(q store.Query) (span, error) {
	last, err := placeOf(q)
	if err != nil {
		return s, err
	}
	if bytes.Compare(last, s.lo) < 0 || bytes.Compare(last, s.hi) >= 0 {
		return s, desk.InvalidField("After", "the page before is of another query")
	}
	if q.Backward {
		return span{lo: s.lo, hi: last}, nil
	}
	return span{lo: append(last, 0), hi: s.hi}, nil
}

// placeOf gives the bucket key of a query's After.
func placeOf(q store.Query) ([]byte, error) {
	key, ok := keyOf(*q.After)
	if !ok {
		return nil, desk.InvalidField("After", "the keys of the page before are missing")
	}
	if q.Index == store.Base {
		return baseKey(key), nil
	}
	e := entryOf(q.Index, key, *q.After)
	if !e.in {
		return nil, desk.InvalidField("After", "the index keys of the page before are missing")
	}
	return e.key(), nil
}

// successor is the least key above all keys that begin with prefix. A partition's length leads it, and is never ffff.
func successor(prefix []byte) []byte {
	out := bytes.TrimRight(prefix, "\xff")
	out[len(out)-1]++
	return out
}

// readPage collects a page and the bytes it is charged for.
func readPage(tx *bbolt.Tx, q store.Query, within span) (store.Page, int, error) {
	name := tableBucket
	if q.Index != store.Base {
		name = indexBucket(q.Index)
	}
	bucket := tx.Bucket(name)
	if bucket == nil {
		return store.Page{}, 0, nil
	}
	var page store.Page
	total := 0
	c := bucket.Cursor()
	for k, v := within.first(c, q.Backward); within.holds(k); k, v = step(c, q.Backward) {
		item, size, err := found(q, k, v)
		if err != nil {
			return store.Page{}, 0, err
		}
		page.Items = append(page.Items, item)
		total += size
		if len(page.Items) == q.Limit || total >= pageBytes {
			next := keysOnly(q.Index, item)
			page.Next = &next
			break
		}
	}
	return page, total, nil
}

func found(q store.Query, k, v []byte) (store.Item, int, error) {
	if q.Index != store.Base {
		e, err := splitEntry(q.Index, q.PK, k)
		return e.attributes(), e.size(), err
	}
	key, err := splitBaseKey(k)
	if err != nil {
		return nil, 0, err
	}
	return decodeItem(key, v)
}

// keysOnly gives the attributes that name an item's place in an index or the table.
func keysOnly(index store.Index, item store.Item) store.Item {
	pName, sName := index.Keys()
	return store.Item{"PK": item["PK"], "SK": item["SK"], pName: item[pName], sName: item[sName]}
}

func (s span) first(c *bbolt.Cursor, backward bool) (k, v []byte) {
	if !backward {
		return c.Seek(s.lo)
	}
	if k, _ = c.Seek(s.hi); k == nil {
		return c.Last()
	}
	return c.Prev()
}

func (s span) holds(k []byte) bool {
	return k != nil && bytes.Compare(k, s.lo) >= 0 && bytes.Compare(k, s.hi) < 0
}

func step(c *bbolt.Cursor, backward bool) (k, v []byte) {
	if backward {
		return c.Prev()
	}
	return c.Next()
}
