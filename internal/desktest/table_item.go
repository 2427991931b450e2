package desktest

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

func (b bench) get(t *testing.T) {
	key := store.Key{PK: partition(), SK: "a"}
	t.Run("Absent", func(t *testing.T) {
		for _, consistent := range []bool{true, false} {
			item, ok, err := b.Get(t.Context(), key, consistent)
			if err != nil || ok || item != nil {
				t.Fatalf("got %v, %v, %v", item, ok, err)
			}
		}
	})
	t.Run("OK", func(t *testing.T) {
		b.mustWrite(t, putOp(key, store.Item{"x": text("1")}))
		b.wantItem(t, key, store.Item{"x": text("1")})
		b.wantItem(t, store.Key{PK: key.PK, SK: "b"}, nil)
	})
	t.Run("AnswerIsACopy", func(t *testing.T) {
		item, _, err := b.Get(t.Context(), key, true)
		if err != nil {
			t.Fatal(err)
		}
		item["x"] = text("changed by the caller")
		b.wantItem(t, key, store.Item{"x": text("1")})
	})
	for name, bad := range map[string]store.Key{"EmptyPK": {SK: "a"}, "EmptySK": {PK: "a"}} {
		t.Run("ErrInvalid"+name, func(t *testing.T) {
			_, _, err := b.Get(t.Context(), bad, true)
			wantCode(t, err, desk.Invalid)
		})
	}
}

func (b bench) batchGet(t *testing.T) {
	pk := partition()
	var keys []store.Key
	want := map[store.Key]store.Item{}
	for _, sk := range []string{"a", "b", "c", "d"} {
		key := store.Key{PK: pk, SK: sk}
		keys = append(keys, key)
		if sk == "c" {
			continue
		}
		b.mustWrite(t, putOp(key, store.Item{"x": text(sk)}))
		want[key] = keyed(key, store.Item{"x": text(sk)})
	}
	t.Run("OKWithoutAbsent", func(t *testing.T) {
		got, err := b.BatchGet(t.Context(), keys, true)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, got, want)
	})
	t.Run("OKNoKeys", func(t *testing.T) {
		ctx, meter := store.WithMeter(t.Context())
		got, err := b.BatchGet(ctx, nil, true)
		if err != nil || len(got) != 0 || meter.Cost().Calls != 0 {
			t.Fatalf("got %v, %v at %v", got, err, meter.Cost())
		}
	})
	t.Run("OKLargeItems", func(t *testing.T) { b.batchGetLarge(t) })
	t.Run("ErrInvalidTwice", func(t *testing.T) {
		_, err := b.BatchGet(t.Context(), []store.Key{keys[0], keys[0]}, true)
		wantCode(t, err, desk.Invalid)
	})
	t.Run("ErrInvalidTooMany", func(t *testing.T) {
		_, err := b.BatchGet(t.Context(), make([]store.Key, store.MaxBatchGet+1), true)
		wantCode(t, err, desk.Invalid)
	})
}

// batchGetLarge asks for more than the 16 MiB that DynamoDB answers at once.
func (b bench) batchGetLarge(t *testing.T) {
	pk := partition()
	var keys []store.Key
	for i := range 50 {
		key := store.Key{PK: pk, SK: string(rune('A' + i))}
		keys = append(keys, key)
		b.mustWrite(t, putOp(key, store.Item{"x": text(strings.Repeat("x", 390<<10))}))
	}
	got, err := b.BatchGet(t.Context(), keys, true)
	if err != nil || len(got) != len(keys) {
		t.Fatalf("got %d of %d items, %v", len(got), len(keys), err)
	}
}

// kinds writes every kind of value and reads it back.
func (b bench) kinds(t *testing.T) {
	key := store.Key{PK: partition(), SK: "kinds"}
	item := store.Item{
		"S": text("¡Hola, señor! 👋"), "empty": text(""), "zero": text("a\x00b"),
		"N": number("-12.5"), "big": number("99999999999999999999999999999999999999"), "small": number("0.00001"),
		"B": &types.AttributeValueMemberB{Value: []byte{0, 1, 255}},
		"T": &types.AttributeValueMemberBOOL{Value: true}, "F": &types.AttributeValueMemberBOOL{Value: false},
		"null": &types.AttributeValueMemberNULL{Value: true},
		"SS":   texts("b", "a"),
		"M": &types.AttributeValueMemberM{Value: store.Item{"deep": &types.AttributeValueMemberL{
			Value: []types.AttributeValue{text("one"), number(2), &types.AttributeValueMemberM{Value: store.Item{}}}}}},
		"L": &types.AttributeValueMemberL{Value: []types.AttributeValue{}},
	}
	b.mustWrite(t, putOp(key, item))
	b.wantItem(t, key, item)

	b.mustWrite(t, putOp(key, store.Item{"a": number("007.50"), "b": number("1E3"), "c": number("-0")}))
	b.wantItem(t, key, store.Item{"a": number("7.5"), "b": number("1000"), "c": number("0")})

	for name, v := range map[string]types.AttributeValue{
		"EmptySet": texts(), "RepeatingSet": texts("a", "a"), "NoNumber": number("1x"),
		"TooManyDigits": number("123456789012345678901234567890123456789"), "Huge": number("1E126"),
	} {
		t.Run("ErrInvalid"+name, func(t *testing.T) {
			wantCode(t, b.Write(t.Context(), putOp(key, store.Item{"x": v})), desk.Invalid)
		})
	}
}

func (b bench) put(t *testing.T) {
	key := store.Key{PK: partition(), SK: "a"}
	b.mustWrite(t, putOp(key, store.Item{"x": text("1"), "y": text("2")}))
	b.mustWrite(t, putOp(key, store.Item{"y": text("3")}))
	b.wantItem(t, key, store.Item{"y": text("3")}) // the whole item is replaced
	b.mustWrite(t, putOp(key, nil))
	b.wantItem(t, key, store.Item{})
	b.mustWrite(t, putOp(key, keyed(store.Key{PK: "of", SK: "another"}, nil)))
	b.wantItem(t, key, store.Item{}) // the keys come from Key
}

func (b bench) remove(t *testing.T) {
	key := store.Key{PK: partition(), SK: "a"}
	gone := store.Op{Kind: store.Delete, Key: key}
	b.mustWrite(t, gone) // harmless
	b.mustWrite(t, putOp(key, nil))
	b.mustWrite(t, gone)
	b.wantItem(t, key, nil)
}

func (b bench) update(t *testing.T) {
	all := store.Op{
		Kind: store.Update, Set: store.Item{"s": text("new")}, Add: map[string]int64{"n": -2, "m": 5},
		AddTo: map[string][]string{"grown": {"b", "c"}, "made": {"x"}}, Remove: []string{"r", "none"},
		TakeFrom: map[string][]string{"shrunk": {"a", "z"}, "emptied": {"a"}, "absent": {"a"}},
	}
	want := store.Item{"s": text("new"), "n": number("-0.5"), "m": number(5), "grown": texts("a", "b", "c"),
		"made": texts("x"), "shrunk": texts("b"), "kept": text("k")}
	t.Run("OKAllAtOnce", func(t *testing.T) {
		op := all
		op.Key = store.Key{PK: partition(), SK: "a"}
		b.mustWrite(t, putOp(op.Key, store.Item{"s": text("old"), "n": number("1.5"), "grown": texts("a", "b"),
			"shrunk": texts("a", "b"), "emptied": texts("a"), "r": text("gone"), "kept": text("k")}))
		b.mustWrite(t, op)
		b.wantItem(t, op.Key, want)
	})
	t.Run("OKCreates", func(t *testing.T) {
		op := all
		op.Key = store.Key{PK: partition(), SK: "a"}
		b.mustWrite(t, op)
		b.wantItem(t, op.Key, store.Item{"s": text("new"), "n": number(-2), "m": number(5),
			"grown": texts("b", "c"), "made": texts("x")})
		bare := store.Key{PK: partition(), SK: "a"}
		b.mustWrite(t, store.Op{Kind: store.Update, Key: bare})
		b.wantItem(t, bare, store.Item{})
	})
	b.updateRefused(t)
}

func (b bench) updateRefused(t *testing.T) {
	key := store.Key{PK: partition(), SK: "a"}
	before := store.Item{"s": text("text"), "ss": texts("a"), "n": number(1)}
	b.mustWrite(t, putOp(key, before))
	for name, op := range map[string]store.Op{
		"KeySet":        {Set: store.Item{"PK": text("x")}},
		"KeyRemoved":    {Remove: []string{"SK"}},
		"Twice":         {Set: store.Item{"x": text("1")}, Remove: []string{"x"}},
		"AddToText":     {Add: map[string]int64{"s": 1}},
		"GrowNumber":    {AddTo: map[string][]string{"n": {"a"}}},
		"ShrinkText":    {TakeFrom: map[string][]string{"s": {"a"}}},
		"GrowByNothing": {AddTo: map[string][]string{"ss": {}}},
		"UnknownKind":   {Kind: 99},
		"CheckNothing":  {Kind: store.Check},
	} {
		t.Run("ErrInvalid"+name, func(t *testing.T) {
			op.Key = key
			if op.Kind == 0 {
				op.Kind = store.Update
			}
			wantCode(t, b.Write(t.Context(), op), desk.Invalid)
			b.wantItem(t, key, before)
		})
	}
}
