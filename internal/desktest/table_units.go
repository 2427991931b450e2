package desktest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/store"
)

// units holds costs against values computed by hand. It leaves out what drivers cannot see alike: an absent item in a
// BatchGet, an empty query, checks of large items, and deletes of absent items in a transaction.
func (b bench) units(t *testing.T) {
	t.Run("Items", b.itemUnits)
	t.Run("Indexes", b.indexUnits)
	t.Run("Transactions", b.transactionUnits)
	t.Run("Reads", b.readUnits)
	t.Run("Queries", b.queryUnits)
	t.Run("Sizes", b.sizeUnits)
}

// sized makes an item of exactly n bytes: a partition key of 24 bytes, a sort key of one and the names PK, SK and x
// take 30.
func sized(n int) store.Item { return store.Item{"x": text(strings.Repeat("x", n-30))} }

const kib = 1 << 10

// spend is one call and what it must cost.
type spend struct {
	name        string
	read, write float64
	call        func(ctx context.Context) error
}

func (b bench) writes(name string, units float64, ops ...store.Op) spend {
	return spend{name: name, write: units, call: func(ctx context.Context) error { return b.Write(ctx, ops...) }}
}

// refuses is a write whose condition does not hold: it is billed too.
func (b bench) refuses(name string, units float64, ops ...store.Op) spend {
	return spend{name: name, write: units, call: func(ctx context.Context) error {
		err := b.Write(ctx, ops...)
		if _, refused := errors.AsType[*store.ConditionError](err); refused {
			return nil
		}
		return fmt.Errorf("not refused: %w", err)
	}}
}

func (b bench) gets(name string, units float64, key store.Key, consistent bool) spend {
	return spend{name: name, read: units, call: func(ctx context.Context) error {
		_, _, err := b.Get(ctx, key, consistent)
		return err
	}}
}

func (b bench) asks(name string, units float64, query store.Query) spend {
	return spend{name: name, read: units, call: func(ctx context.Context) error {
		_, err := b.Query(ctx, query)
		return err
	}}
}

// wantSpent makes the calls one after another; each is one round trip.
func wantSpent(t *testing.T, calls ...spend) {
	t.Helper()
	for _, c := range calls {
		ctx, meter := store.WithMeter(t.Context())
		if err := c.call(ctx); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if want := (store.Cost{Read: c.read, Write: c.write, Calls: 1}); meter.Cost() != want {
			t.Errorf("%s: cost %+v, want %+v", c.name, meter.Cost(), want)
		}
	}
}

func (b bench) itemUnits(t *testing.T) {
	key, other := store.Key{PK: partition(), SK: "a"}, store.Key{PK: partition(), SK: "a"}
	update := func(op store.Op) store.Op { op.Kind, op.Key = store.Update, key; return op }
	exists, absent := store.Condition{Attr: "PK", Test: store.Exists}, store.Condition{Attr: "PK", Test: store.Absent}
	wantSpent(t,
		b.writes("a new item of 1 KiB", 1, putOp(key, sized(kib))),
		b.writes("one byte more", 2, putOp(key, sized(kib+1))),
		b.writes("a smaller one in its place", 2, putOp(key, sized(100))),
		b.writes("an update that grows it over 2 KiB", 3, update(store.Op{Set: sized(2*kib + 1)})),
		b.writes("an update of nothing", 3, update(store.Op{})),
		b.writes("an update that shrinks it", 3, update(store.Op{Remove: []string{"x"}})),
		b.writes("an update with a condition", 1, update(store.Op{Add: map[string]int64{"n": 1}, If: []store.Condition{exists}})),
		b.refuses("a refused put", 1, putOp(key, sized(kib), absent)),
		b.refuses("a refused update of nothing", 1, store.Op{Kind: store.Update, Key: other, If: []store.Condition{exists}}),
		b.writes("a delete", 1, store.Op{Kind: store.Delete, Key: key}),
		b.writes("a delete of nothing", 1, store.Op{Kind: store.Delete, Key: key}),
	)
}

// indexed makes an item in an index whose entry takes 57 bytes and the sort key.
func indexed(index store.Index, p string, sortBytes int) store.Item {
	pName, sName := index.Keys()
	return store.Item{pName: text(p), sName: text(strings.Repeat("s", sortBytes))}
}

func (b bench) indexUnits(t *testing.T) {
	p, key, large := partition(), store.Key{PK: partition(), SK: "a"}, store.Key{PK: partition(), SK: "a"}
	update := func(op store.Op) store.Op { op.Kind, op.Key = store.Update, key; return op }
	wantSpent(t,
		b.writes("a new entry", 2, putOp(key, indexed("1", p, 1))),
		b.writes("the same again", 1, putOp(key, indexed("1", p, 1))),
		b.writes("another attribute", 1, update(store.Op{Set: store.Item{"x": text("x")}})),
		b.writes("the same key set again", 1, update(store.Op{Set: indexed("1", p, 1)})),
		b.writes("a moved entry", 3, update(store.Op{Set: indexed("1", p, 2)})),
		b.writes("a second index", 2, update(store.Op{Set: indexed("2", p, 1)})),
		b.writes("half a key of a third", 1, update(store.Op{Set: store.Item{"P3": text(p)}})),
		b.writes("one entry gone, one moved", 4, update(store.Op{Set: indexed("2", p, 3), Remove: []string{"S1"}})),
		b.writes("a put that drops the last entry", 2, putOp(key, nil)),
		b.writes("an entry of 1 KiB", 2, putOp(large, indexed("3", p, kib-57))),
		b.writes("moved to one of a byte more", 5, putOp(large, indexed("3", p, kib-56))),
		b.writes("deleted with its item", 4, store.Op{Kind: store.Delete, Key: large}),
	)
}

// transactionUnits has no two operations of one cost in a transaction: DynamoDB Local 3.3.1 counts such only once. It
// also bills a check by no more than 1 KiB, and a delete of nothing by half.
func (b bench) transactionUnits(t *testing.T) {
	pk, p := partition(), partition()
	key := func(sk string) store.Key { return store.Key{PK: pk, SK: sk} }
	exists, absent := store.Condition{Attr: "PK", Test: store.Exists}, store.Condition{Attr: "PK", Test: store.Absent}
	wantSpent(t,
		b.writes("two new items", 6, putOp(key("a"), nil), putOp(key("b"), sized(kib+1))),
		b.writes("one over 2 KiB, one indexed", 10, putOp(key("b"), sized(2*kib+1)), putOp(key("c"), indexed("1", p, 1))),
		b.writes("an entry moves, another item has none", 8, putOp(key("a"), store.Item{"x": text("x")}),
			store.Op{Kind: store.Update, Key: key("c"), Set: indexed("1", p, 2)}),
		b.writes("a check", 10, store.Op{Kind: store.Check, Key: key("c"), If: []store.Condition{exists}},
			putOp(key("d"), sized(3*kib+1))),
		b.writes("deletes, one of an entry", 12, store.Op{Kind: store.Delete, Key: key("a")},
			store.Op{Kind: store.Delete, Key: key("b")}, store.Op{Kind: store.Delete, Key: key("c")}),
		b.writes("once more", 6, putOp(key("a"), nil), putOp(key("b"), sized(kib+1))),
		b.refuses("a refused one", 4, putOp(key("a"), nil, absent), putOp(key("c"), nil)),
	)
}

func (b bench) readUnits(t *testing.T) {
	pk := partition()
	key := func(sk string) store.Key { return store.Key{PK: pk, SK: sk} }
	b.mustWrite(t, putOp(key("a"), sized(4*kib)))
	b.mustWrite(t, putOp(key("b"), sized(4*kib+1)))
	batch := func(name string, units float64, consistent bool) spend {
		return spend{name: name, read: units, call: func(ctx context.Context) error {
			_, err := b.BatchGet(ctx, []store.Key{key("a"), key("b")}, consistent)
			return err
		}}
	}
	wantSpent(t,
		b.gets("nothing", 0.5, key("c"), false), b.gets("nothing, consistently", 1, key("c"), true),
		b.gets("4 KiB", 0.5, key("a"), false), b.gets("4 KiB, consistently", 1, key("a"), true),
		b.gets("one byte more", 1, key("b"), false), b.gets("one byte more, consistently", 2, key("b"), true),
		batch("both", 1.5, false), batch("both, consistently", 3, true),
	)
}

func (b bench) queryUnits(t *testing.T) {
	pk, p := partition(), partition()
	for _, sk := range []string{"a", "b", "c", "d", "e"} {
		item := sized(1366) // three are 4098 bytes
		if sk > "c" {
			item = store.Item{}
		}
		b.mustWrite(t, putOp(store.Key{PK: pk, SK: sk}, item))
		b.mustWrite(t, putOp(store.Key{PK: pk, SK: "index" + sk}, indexed("4", p, kib-57-len("index"))))
	}
	b.wantIndex(t, store.Query{Index: "4", PK: p}, strings.Repeat(","+strings.Repeat("s", kib-57-len("index")), 5)[1:])
	wantSpent(t,
		b.asks("two small together", 0.5, store.Query{PK: pk, From: "d", To: "e", Limit: 10}),
		b.asks("two", 0.5, store.Query{PK: pk, To: "c", Limit: 2}),
		b.asks("three: 4 KiB and 2 bytes", 1, store.Query{PK: pk, To: "c", Limit: 3}),
		b.asks("three, consistently", 2, store.Query{PK: pk, To: "c", Limit: 3, Consistent: true}),
		b.asks("only what the page holds", 0.5, store.Query{PK: pk, To: "c", Limit: 1, Backward: true}),
		b.asks("four entries of 1 KiB", 0.5, store.Query{Index: "4", PK: p, Limit: 4}),
		b.asks("five", 1, store.Query{Index: "4", PK: p, Limit: 5}),
	)
}

// sizeUnits fills an item with each kind of value up to exactly 1 KiB, then one byte further.
func (b bench) sizeUnits(t *testing.T) {
	list := func(values ...types.AttributeValue) types.AttributeValue {
		return &types.AttributeValueMemberL{Value: values}
	}
	object := func(m store.Item) types.AttributeValue { return &types.AttributeValueMemberM{Value: m} }
	for _, c := range []struct {
		name  string
		value types.AttributeValue
		size  int
	}{
		{"text", text("abc"), 3}, {"text of two bytes a letter", text("ñé"), 4}, {"no text", text(""), 0},
		{"0", number(0), 1}, {"1", number(1), 2}, {"12", number(12), 2}, {"123", number(123), 3}, {"100", number(100), 2},
		{"-12", number(-12), 3}, {"0.001", number("0.001"), 2}, {"1.25", number("1.25"), 3}, {"100.5", number("100.5"), 4},
		{"1E11", number("1E11"), 2}, {"12E11", number("12E11"), 3}, {"seconds", number(1700000001), 6},
		{"milliseconds", number(1700000000123), 8}, {"minus milliseconds", number(-1700000000123), 9},
		{"binary", &types.AttributeValueMemberB{Value: []byte{1, 2, 3}}, 3},
		{"bool", &types.AttributeValueMemberBOOL{Value: true}, 1}, {"null", &types.AttributeValueMemberNULL{Value: true}, 1},
		{"texts", texts("a", "bcd"), 4}, {"numbers", &types.AttributeValueMemberNS{Value: []string{"1", "22"}}, 4},
		{"empty list", list(), 3}, {"list", list(text("a"), number(12)), 8}, {"empty map", object(store.Item{}), 3},
		{"map", object(store.Item{"k": text("a"), "kk": list()}), 12},
		{"nested map", object(store.Item{"k": object(store.Item{"z": &types.AttributeValueMemberBOOL{}})}), 11},
	} {
		t.Run(c.name, func(t *testing.T) {
			for units, size := range map[float64]int{1: kib, 2: kib + 1} {
				item := sized(size - c.size - len("v"))
				item["v"] = c.value
				wantSpent(t, b.writes(fmt.Sprintf("%d bytes", size), units, putOp(store.Key{PK: partition(), SK: "a"}, item)))
			}
		})
	}
}
