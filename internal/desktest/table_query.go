package desktest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

func (b bench) query(t *testing.T) {
	pk := partition()
	// Sort keys by bytes; a neighbour whose key begins alike must not be seen.
	for _, sk := range []string{"A", "B#1", "B#10", "B#2", "B\x00", "B", "C", "z", "é"} {
		b.mustWrite(t, putOp(store.Key{PK: pk, SK: sk}, store.Item{"x": text(sk)}))
	}
	b.mustWrite(t, putOp(store.Key{PK: pk + "A", SK: "other"}, nil), putOp(store.Key{PK: pk[:len(pk)-1], SK: "other"}, nil))
	for _, c := range []struct {
		name  string
		query store.Query
		want  string
	}{
		{"All", store.Query{}, "A,B,B\x00,B#1,B#10,B#2,C,z,é"},
		{"Backward", store.Query{Backward: true}, "é,z,C,B#2,B#10,B#1,B\x00,B,A"},
		{"Consistent", store.Query{Consistent: true}, "A,B,B\x00,B#1,B#10,B#2,C,z,é"},
		{"Prefix", store.Query{Prefix: "B#"}, "B#1,B#10,B#2"},
		{"PrefixBackward", store.Query{Prefix: "B#", Backward: true}, "B#2,B#10,B#1"},
		{"PrefixOfNone", store.Query{Prefix: "D"}, ""},
		{"From", store.Query{From: "B#10"}, "B#10,B#2,C,z,é"},
		{"To", store.Query{To: "B"}, "A,B"},
		{"FromTo", store.Query{From: "B", To: "B#10"}, "B,B\x00,B#1,B#10"},
		{"FromToBackward", store.Query{From: "B", To: "B#10", Backward: true}, "B#10,B#1,B\x00,B"},
		{"FromToBetween", store.Query{From: "D", To: "E"}, ""},
	} {
		c.query.PK = pk
		t.Run("OK"+c.name, func(t *testing.T) { b.wantPages(t, c.query, c.want) })
	}
	t.Run("OKEmptyPartition", func(t *testing.T) { b.wantPages(t, store.Query{PK: partition()}, "") })
	t.Run("OKWholeItems", func(t *testing.T) {
		page, err := b.Query(t.Context(), store.Query{PK: pk, Prefix: "B#2", Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, page.Items, []store.Item{keyed(store.Key{PK: pk, SK: "B#2"}, store.Item{"x": text("B#2")})})
	})
	t.Run("OKPageOfOneMebibyte", func(t *testing.T) { b.largePages(t) })
	b.badQueries(t, pk)
}

// wantPages asks in one page and in pages of every small size.
func (b bench) wantPages(t *testing.T, query store.Query, want string) {
	t.Helper()
	for _, limit := range []int{1000, 1, 2, 3} {
		query.Limit = limit
		if got := strings.Join(b.sorts(t, query), ","); got != want {
			t.Fatalf("in pages of %d: %q, want %q", limit, got, want)
		}
	}
}

// sorts follows the pages to the end and gives the items' sort keys.
func (b bench) sorts(t *testing.T, query store.Query) []string {
	t.Helper()
	_, skName := query.Index.Keys()
	var got []string
	for {
		page, err := b.Query(t.Context(), query)
		if err != nil {
			t.Fatalf("query: %v", err)
		}
		if len(page.Items) > query.Limit {
			t.Fatalf("a page of %d, limit %d", len(page.Items), query.Limit)
		}
		for _, item := range page.Items {
			got = append(got, textIn(item, skName))
		}
		if page.Next == nil {
			return got
		}
		query.After = page.Next
	}
}

// largePages reads five items of 300 KiB: the fourth reaches 1 MiB and ends the page.
func (b bench) largePages(t *testing.T) {
	pk := partition()
	for i := range 5 {
		b.mustWrite(t, putOp(store.Key{PK: pk, SK: fmt.Sprint(i)}, store.Item{"x": text(strings.Repeat("x", 300<<10))}))
	}
	query := store.Query{PK: pk, Limit: 1000, Backward: true}
	page, err := b.Query(t.Context(), query)
	if err != nil || len(page.Items) != 4 || page.Next == nil {
		t.Fatalf("a page of %d, more %v, %v", len(page.Items), page.Next != nil, err)
	}
	query.After = page.Next
	page, err = b.Query(t.Context(), query)
	if err != nil || len(page.Items) != 1 || page.Next != nil {
		t.Fatalf("then a page of %d, more %v, %v", len(page.Items), page.Next != nil, err)
	}
}

func (b bench) badQueries(t *testing.T, pk string) {
	elsewhere, nowhere := keyed(store.Key{PK: pk + "A", SK: "other"}, nil), store.Item{}
	for name, query := range map[string]store.Query{
		"NoPartition": {Limit: 1}, "NoLimit": {PK: pk}, "Limit": {PK: pk, Limit: 1001},
		"PrefixAndFrom":   {PK: pk, Limit: 1, Prefix: "a", From: "b"},
		"PrefixAndTo":     {PK: pk, Limit: 1, Prefix: "a", To: "b"},
		"FromAboveTo":     {PK: pk, Limit: 1, From: "b", To: "a"},
		"ConsistentIndex": {PK: pk, Limit: 1, Index: store.ByStatus, Consistent: true},
		"AfterElsewhere":  {PK: pk, Limit: 1, After: &elsewhere},
		"AfterNowhere":    {PK: pk, Limit: 1, After: &nowhere},
	} {
		t.Run("ErrInvalid"+name, func(t *testing.T) {
			_, err := b.Query(t.Context(), query)
			wantCode(t, err, desk.Invalid)
		})
	}
}

// index moves items through every index; an index may lag, so what it shows is waited for.
func (b bench) index(t *testing.T) {
	for _, index := range store.Indexes {
		t.Run("OK"+string(index), func(t *testing.T) { b.moveThrough(t, index) })
	}
	t.Run("OKKeysOnly", func(t *testing.T) {
		p, key := partition(), store.Key{PK: partition(), SK: "a"}
		b.mustWrite(t, putOp(key, store.Item{"P1": text(p), "S1": text("s"), "P2": text(p), "S2": text("s"), "x": text("x")}))
		query := store.Query{Index: store.ByStatus, PK: p, Limit: 10}
		b.wantIndex(t, query, "s")
		page, err := b.Query(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, page.Items, []store.Item{keyed(key, store.Item{"P1": text(p), "S1": text("s")})})
	})
	t.Run("OKEqualSortKeys", func(t *testing.T) {
		p := partition()
		for _, sk := range []string{"a", "b", "c"} {
			b.mustWrite(t, putOp(store.Key{PK: p, SK: sk}, store.Item{"P1": text(p), "S1": text("same")}))
		}
		b.wantIndex(t, store.Query{Index: store.ByStatus, PK: p}, "same,same,same")
		b.wantPages(t, store.Query{Index: store.ByStatus, PK: p, Backward: true}, "same,same,same")
	})
	t.Run("ErrInvalidKeys", func(t *testing.T) {
		key := store.Key{PK: partition(), SK: "a"}
		for _, bad := range []store.Item{{"P1": text(""), "S1": text("s")}, {"P1": text("p"), "S1": text("")}, {"P1": number(1), "S1": text("s")},
			{"P1": text(strings.Repeat("p", 2049)), "S1": text("s")}, {"P1": text("p"), "S1": text(strings.Repeat("s", 1025))}} {
			wantCode(t, b.Write(t.Context(), putOp(key, bad)), desk.Invalid)
			wantCode(t, b.Write(t.Context(), store.Op{Kind: store.Update, Key: key, Set: bad}), desk.Invalid)
		}
		b.wantItem(t, key, nil)
	})
}

func (b bench) moveThrough(t *testing.T, index store.Index) {
	pName, sName := index.Keys()
	home, away := partition(), partition()
	key := func(sk string) store.Key { return store.Key{PK: home, SK: sk} }
	at := func(p, s string) store.Item { return store.Item{pName: text(p), sName: text(s)} }
	set := func(sk string, item store.Item) store.Op {
		return store.Op{Kind: store.Update, Key: key(sk), Set: item}
	}
	in := func(p string) store.Query { return store.Query{Index: index, PK: p} }
	for i, s := range []string{"1", "2", "2\x00", "2!", "3"} {
		b.mustWrite(t, putOp(key(fmt.Sprint("item", i)), at(home, s)))
	}
	b.mustWrite(t, putOp(key("half"), store.Item{pName: text(home)})) // no sort key: in no index
	b.wantIndex(t, in(home), "1,2,2\x00,2!,3")
	b.wantPages(t, in(home), "1,2,2\x00,2!,3")
	b.wantPages(t, store.Query{Index: index, PK: home, Backward: true, From: "2", To: "2\x00"}, "2\x00,2")
	b.wantPages(t, store.Query{Index: index, PK: home, Prefix: "2"}, "2,2\x00,2!")

	b.mustWrite(t, set("item0", store.Item{sName: text("9")}), set("half", store.Item{sName: text("0")}))
	b.mustWrite(t, set("item1", at(away, "1")), store.Op{Kind: store.Delete, Key: key("item2")})
	b.mustWrite(t, store.Op{Kind: store.Update, Key: key("item3"), Remove: []string{sName}})
	b.mustWrite(t, putOp(key("item4"), at(home, "4")))
	b.wantIndex(t, in(home), "0,4,9")
	b.wantIndex(t, in(away), "1")
	b.mustWrite(t, putOp(key("item4"), nil), set("half", store.Item{"x": text("kept")}))
	b.wantIndex(t, in(home), "0,9")
}

// wantIndex waits until the index shows these sort keys.
func (b bench) wantIndex(t *testing.T, query store.Query, want string) {
	t.Helper()
	query.Limit = 1000
	await(within(t), t, "the index to show "+want, func() bool { return strings.Join(b.sorts(t, query), ",") == want })
}

func textIn(item store.Item, name string) string {
	s, ok := item[name].(*types.AttributeValueMemberS)
	if !ok {
		return ""
	}
	return s.Value
}
