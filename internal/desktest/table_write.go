package desktest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// conditions tries each test on an item, and on none.
func (b bench) conditions(t *testing.T) {
	item := store.Item{"s": text("m"), "n": number(10), "limit": number("10.5"), "set": texts("a", "b"),
		"m": &types.AttributeValueMemberM{Value: store.Item{"k": number(1)}}}
	is := func(attr string, test store.Test, to types.AttributeValue) store.Condition {
		return store.Condition{Attr: attr, Test: test, To: to}
	}
	for _, c := range []struct {
		name           string
		cond           store.Condition
		holds, without bool // on the item, on none
	}{
		{"Exists", is("s", store.Exists, nil), true, false},
		{"ExistsKey", is("PK", store.Exists, nil), true, false},
		{"ExistsNot", is("x", store.Exists, nil), false, false},
		{"Absent", is("x", store.Absent, nil), true, true},
		{"AbsentNot", is("PK", store.Absent, nil), false, true},
		{"Equals", is("s", store.Equals, text("m")), true, false},
		{"EqualsNumberByValue", is("n", store.Equals, number("10.0")), true, false},
		{"EqualsSetInAnyOrder", is("set", store.Equals, texts("b", "a")), true, false},
		{"EqualsMap", is("m", store.Equals, &types.AttributeValueMemberM{Value: store.Item{"k": number(1)}}), true, false},
		{"EqualsNot", is("s", store.Equals, text("M")), false, false},
		{"EqualsOtherKind", is("n", store.Equals, text("10")), false, false},
		{"Below", is("s", store.Below, text("n")), true, false},
		{"BelowEqual", is("s", store.Below, text("m")), false, false},
		{"BelowNumber", is("n", store.Below, number("10.01")), true, false},
		{"BelowNumberNotAsText", is("n", store.Below, number(9)), false, false},
		{"BelowNegative", is("n", store.Below, number(-11)), false, false},
		{"BelowOtherKind", is("n", store.Below, text("zzz")), false, false},
		{"BelowAbsent", is("x", store.Below, text("n")), false, false},
		{"BelowOrAbsent", is("x", store.BelowOrAbsent, number(1)), true, true},
		{"BelowOrAbsentBelow", is("n", store.BelowOrAbsent, number(11)), true, true},
		{"BelowOrAbsentNot", is("n", store.BelowOrAbsent, number(10)), false, true},
		{"BelowAttr", store.Condition{Attr: "n", Test: store.BelowAttr, Attr2: "limit"}, true, false},
		{"BelowAttrNot", store.Condition{Attr: "limit", Test: store.BelowAttr, Attr2: "n"}, false, false},
		{"BelowAttrAbsent", store.Condition{Attr: "n", Test: store.BelowAttr, Attr2: "x"}, false, false},
		{"Holds", is("set", store.Holds, text("a")), true, false},
		{"HoldsNot", is("set", store.Holds, text("c")), false, false},
		{"HoldsAbsent", is("x", store.Holds, text("a")), false, false},
		{"Lacks", is("set", store.Lacks, text("c")), true, true},
		{"LacksNot", is("set", store.Lacks, text("a")), false, true},
		{"LacksAbsent", is("x", store.Lacks, text("a")), true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			present, absent := store.Key{PK: partition(), SK: "a"}, store.Key{PK: partition(), SK: "b"}
			b.mustWrite(t, putOp(present, item))
			b.tryCondition(t, present, c.cond, c.holds, item)
			b.tryCondition(t, absent, c.cond, c.without, nil)
		})
	}
	b.badConditions(t)
}

// tryCondition asserts what the condition lets through, and that a refusal changes nothing and tells the item if asked.
func (b bench) tryCondition(t *testing.T, key store.Key, cond store.Condition, holds bool, before store.Item) {
	t.Helper()
	op := store.Op{Kind: store.Update, Key: key, Set: store.Item{"changed": text("yes")}, If: []store.Condition{cond}}
	always := store.Condition{Attr: "never", Test: store.Absent}
	if holds {
		b.mustWrite(t, store.Op{Kind: store.Check, Key: key, If: op.If})
		op.If = append(op.If, always)
		b.mustWrite(t, op)
		return
	}
	if refused := wantRefused(t, b.Write(t.Context(), op), 0); refused.Old != nil {
		t.Fatalf("the item was told unasked: %v", refused.Old)
	}
	op.If, op.WantOld = []store.Condition{always, cond}, true
	refused := wantRefused(t, b.Write(t.Context(), op), 0)
	if before == nil {
		wantSame(t, refused.Old, store.Item(nil))
	} else {
		wantSame(t, refused.Old, keyed(key, before))
	}
	wantRefused(t, b.Write(t.Context(), store.Op{Kind: store.Check, Key: key, If: op.If}), 0)
	wantRefused(t, b.Write(t.Context(), store.Op{Kind: store.Delete, Key: key, If: op.If}), 0)
	wantRefused(t, b.Write(t.Context(), putOp(key, nil, op.If...)), 0)
	b.wantItem(t, key, before)
}

func (b bench) badConditions(t *testing.T) {
	key := store.Key{PK: partition(), SK: "a"}
	for name, c := range map[string]store.Condition{
		"NoAttribute": {Test: store.Exists}, "NoTest": {Attr: "x"}, "EqualsNothing": {Attr: "x", Test: store.Equals},
		"BelowSet": {Attr: "x", Test: store.Below, To: texts("a")}, "HoldsNothing": {Attr: "x", Test: store.Holds},
		"BelowNoAttr2": {Attr: "x", Test: store.BelowAttr},
	} {
		t.Run("ErrInvalid"+name, func(t *testing.T) {
			wantCode(t, b.Write(t.Context(), putOp(key, nil, c)), desk.Invalid)
			b.wantItem(t, key, nil)
		})
	}
}

func (b bench) transaction(t *testing.T) {
	pk := partition()
	key := func(sk string) store.Key { return store.Key{PK: pk, SK: sk} }
	exists := store.Condition{Attr: "PK", Test: store.Exists}
	b.mustWrite(t, putOp(key("old"), store.Item{"x": text("1")}), putOp(key("guard"), nil))
	t.Run("OKAll", func(t *testing.T) {
		b.mustWrite(t, putOp(key("new"), store.Item{"x": text("1")}), store.Op{Kind: store.Delete, Key: key("old"), If: []store.Condition{exists}},
			store.Op{Kind: store.Check, Key: key("guard"), If: []store.Condition{exists}},
			store.Op{Kind: store.Update, Key: key("count"), Add: map[string]int64{"n": 3}})
		b.wantItem(t, key("new"), store.Item{"x": text("1")})
		b.wantItem(t, key("old"), nil)
		b.wantItem(t, key("count"), store.Item{"n": number(3)})
	})
	t.Run("RefusedNone", func(t *testing.T) {
		err := b.Write(t.Context(), putOp(key("third"), nil), putOp(key("new"), nil),
			store.Op{Kind: store.Check, Key: key("none"), If: []store.Condition{exists}},
			store.Op{Kind: store.Update, Key: key("count"), Remove: []string{"x"}, WantOld: true,
				If: []store.Condition{{Attr: "n", Test: store.Absent}}})
		if refused := wantRefused(t, err, 2); refused.Old != nil {
			t.Fatalf("an absent item was told: %v", refused.Old)
		}
		b.wantItem(t, key("third"), nil)
		b.wantItem(t, key("new"), store.Item{"x": text("1")})
	})
	t.Run("RefusedTellsOld", func(t *testing.T) {
		err := b.Write(t.Context(), putOp(key("third"), nil), store.Op{Kind: store.Check, Key: key("count"), WantOld: true,
			If: []store.Condition{{Attr: "n", Test: store.Absent}}})
		wantSame(t, wantRefused(t, err, 1).Old, keyed(key("count"), store.Item{"n": number(3)}))
	})
	t.Run("ErrInvalidTwice", func(t *testing.T) {
		err := b.Write(t.Context(), putOp(key("third"), nil), store.Op{Kind: store.Delete, Key: key("third")})
		wantCode(t, err, desk.Invalid)
		b.wantItem(t, key("third"), nil)
	})
	t.Run("ErrInvalidUpdateOfNothing", func(t *testing.T) {
		err := b.Write(t.Context(), putOp(key("third"), nil), store.Op{Kind: store.Update, Key: key("new")})
		wantCode(t, err, desk.Invalid)
		b.wantItem(t, key("third"), nil)
	})
	t.Run("ErrInvalidOneOfMany", func(t *testing.T) {
		err := b.Write(t.Context(), putOp(key("third"), nil), store.Op{Kind: store.Update, Key: key("new"), Add: map[string]int64{"x": 1}})
		wantCode(t, err, desk.Invalid)
		b.wantItem(t, key("third"), nil)
	})
}

func (b bench) limits(t *testing.T) {
	pk := partition()
	// The names PK, SK and x and the sort key a take six bytes.
	room := store.MaxItemBytes - len(pk) - 6
	key := store.Key{PK: pk, SK: "a"}
	t.Run("OKLargestItem", func(t *testing.T) {
		b.mustWrite(t, putOp(key, store.Item{"x": text(strings.Repeat("x", room))}))
	})
	t.Run("ErrInvalidItem", func(t *testing.T) {
		err := b.Write(t.Context(), putOp(key, store.Item{"x": text(strings.Repeat("x", room+1))}))
		wantCode(t, err, desk.Invalid)
		err = b.Write(t.Context(), store.Op{Kind: store.Update, Key: key, Set: store.Item{"y": text("")}})
		wantCode(t, err, desk.Invalid)
	})
	many := make([]store.Op, store.MaxWriteOps+1)
	for i := range many {
		many[i] = putOp(store.Key{PK: pk, SK: fmt.Sprintf("many%03d", i)}, nil)
	}
	t.Run("ErrInvalidOperations", func(t *testing.T) {
		wantCode(t, b.Write(t.Context(), many...), desk.Invalid)
		wantCode(t, b.Write(t.Context()), desk.Invalid)
		b.wantItem(t, many[0].Key, nil)
	})
	t.Run("OKOperations", func(t *testing.T) {
		b.mustWrite(t, many[1:]...)
		b.wantItem(t, many[store.MaxWriteOps].Key, store.Item{})
	})
	t.Run("ErrInvalidKeys", func(t *testing.T) {
		for _, bad := range []store.Key{{PK: pk}, {SK: "a"}, {PK: strings.Repeat("p", 2049), SK: "a"}, {PK: pk, SK: strings.Repeat("s", 1025)}} {
			wantCode(t, b.Write(t.Context(), putOp(bad, nil)), desk.Invalid)
		}
	})
	t.Run("OKLargestKeys", func(t *testing.T) {
		largest := store.Key{PK: (pk + strings.Repeat("p", 2048))[:2048], SK: strings.Repeat("s", 1024)}
		b.mustWrite(t, putOp(largest, nil))
		b.wantItem(t, largest, store.Item{})
	})
}

// concurrent lets many claim one item: exactly one wins, and a counter misses nobody.
func (b bench) concurrent(t *testing.T) {
	const rivals = 20
	claim, count := store.Key{PK: partition(), SK: "claim"}, store.Key{PK: partition(), SK: "count"}
	b.mustWrite(t, putOp(count, nil))
	var winners atomic.Int64
	var group sync.WaitGroup
	for i := range rivals {
		group.Go(func() {
			err := b.insist(t.Context(), putOp(claim, store.Item{"by": number(i)}, store.Condition{Attr: "PK", Test: store.Absent}))
			_, refused := errors.AsType[*store.ConditionError](err)
			switch {
			case err == nil:
				winners.Add(1)
			case !refused:
				t.Errorf("claim: %v", err)
			}
			if err := b.insist(t.Context(), store.Op{Kind: store.Update, Key: count, Add: map[string]int64{"n": 1}}); err != nil {
				t.Errorf("count: %v", err)
			}
		})
	}
	group.Wait()
	if winners.Load() != 1 {
		t.Fatalf("%d rivals won", winners.Load())
	}
	b.wantItem(t, count, store.Item{"n": number(rivals)})
}

// insist repeats a write that was throttled.
func (b bench) insist(ctx context.Context, ops ...store.Op) error {
	for {
		err := b.Write(ctx, ops...)
		if !desk.Is(err, desk.Limited) {
			return err
		}
	}
}

func (b bench) cancelled(t *testing.T) {
	key := store.Key{PK: partition(), SK: "a"}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, getErr := b.Get(ctx, key, true)
	_, batchErr := b.BatchGet(ctx, []store.Key{key}, true)
	_, queryErr := b.Query(ctx, store.Query{PK: key.PK, Limit: 1})
	for name, err := range map[string]error{"Get": getErr, "BatchGet": batchErr, "Query": queryErr, "Write": b.Write(ctx, putOp(key, nil))} {
		if !errors.Is(err, context.Canceled) || !desk.Is(err, desk.Unavailable) {
			t.Errorf("%s: %v, want unavailable because of the context", name, err)
		}
	}
	b.wantItem(t, key, nil)
}
