package local_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// modelItem is an item of the model: a number, a set, a text that is the index's sort key; each may be absent.
type modelItem struct {
	n    *int64
	set  string // letters, sorted
	sort string
}

type model map[store.Key]modelItem

// modelOp is an operation as the model understands it, with what it asks of the driver.
type modelOp struct {
	op    store.Op
	holds func(modelItem, bool) bool
	apply func(modelItem, bool) (modelItem, bool)
}

func drawOp(r *rapid.T, key store.Key) modelOp {
	m := modelOp{op: store.Op{Key: key}}
	letter := rapid.SampledFrom([]string{"a", "b", "c"})
	switch rapid.IntRange(0, 5).Draw(r, "op") {
	case 0:
		s := rapid.SampledFrom([]string{"1", "2", "3"}).Draw(r, "sort")
		m.op.Kind, m.op.Item = store.Put, store.Item{"P1": textValue("shelf"), "S1": textValue(s)}
		m.apply = func(modelItem, bool) (modelItem, bool) { return modelItem{sort: s}, true }
	case 1:
		m.op.Kind = store.Delete
		m.apply = func(modelItem, bool) (modelItem, bool) { return modelItem{}, false }
	case 2:
		n := rapid.Int64Range(-1000, 1000).Draw(r, "n")
		m.op.Kind, m.op.Add = store.Update, map[string]int64{"n": n}
		m.apply = func(i modelItem, _ bool) (modelItem, bool) {
			if i.n != nil {
				n += *i.n
			}
			i.n = &n
			return i, true
		}
	case 3:
		l := letter.Draw(r, "letter")
		m.op.Kind, m.op.AddTo, m.op.Remove = store.Update, map[string][]string{"set": {l}}, []string{"n"}
		m.apply = func(i modelItem, _ bool) (modelItem, bool) {
			all := strings.Split(strings.ReplaceAll(i.set, l, "")+l, "")
			slices.Sort(all)
			i.set, i.n = strings.Join(all, ""), nil
			return i, true
		}
	case 4:
		l := letter.Draw(r, "letter")
		m.op.Kind, m.op.TakeFrom, m.op.Remove = store.Update, map[string][]string{"set": {l}}, []string{"S1"}
		m.apply = func(i modelItem, _ bool) (modelItem, bool) {
			i.set, i.sort = strings.ReplaceAll(i.set, l, ""), ""
			return i, true
		}
	default:
		m.op.Kind = store.Check
		m.apply = func(i modelItem, there bool) (modelItem, bool) { return i, there }
	}
	drawCondition(r, &m, letter)
	return m
}

func drawCondition(r *rapid.T, m *modelOp, letter *rapid.Generator[string]) {
	bound := rapid.Int64Range(-1000, 1000).Draw(r, "bound")
	l := letter.Draw(r, "letter")
	number := &types.AttributeValueMemberN{Value: fmt.Sprint(bound)}
	var c store.Condition
	switch rapid.IntRange(0, 6).Draw(r, "condition") {
	case 0:
		c = store.Condition{Attr: "PK", Test: store.Absent}
		m.holds = func(_ modelItem, there bool) bool { return !there }
	case 1:
		c = store.Condition{Attr: "n", Test: store.Below, To: number}
		m.holds = func(i modelItem, _ bool) bool { return i.n != nil && *i.n < bound }
	case 2:
		c = store.Condition{Attr: "n", Test: store.BelowOrAbsent, To: number}
		m.holds = func(i modelItem, _ bool) bool { return i.n == nil || *i.n < bound }
	case 3:
		c = store.Condition{Attr: "set", Test: store.Holds, To: textValue(l)}
		m.holds = func(i modelItem, _ bool) bool { return strings.Contains(i.set, l) }
	case 4:
		c = store.Condition{Attr: "set", Test: store.Lacks, To: textValue(l)}
		m.holds = func(i modelItem, _ bool) bool { return !strings.Contains(i.set, l) }
	default:
		c = store.Condition{Attr: "nothing", Test: store.Absent}
		m.holds = func(modelItem, bool) bool { return true }
	}
	m.op.If = []store.Condition{c}
}

func textValue(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// write gives the model after the operations, or the first that is refused.
func (m model) write(ops []modelOp) (after model, refused int) {
	after = maps.Clone(m)
	for i, op := range ops {
		item, there := m[op.op.Key]
		if !op.holds(item, there) {
			return m, i
		}
		if item, there = op.apply(item, there); there {
			after[op.op.Key] = item
		} else {
			delete(after, op.op.Key)
		}
	}
	return after, -1
}

func describe(item store.Item) string {
	s, _ := item["S1"].(*types.AttributeValueMemberS)
	n, _ := item["n"].(*types.AttributeValueMemberN)
	set, _ := item["set"].(*types.AttributeValueMemberSS)
	var parts []string
	if n != nil {
		parts = append(parts, n.Value)
	}
	if set != nil {
		parts = append(parts, strings.Join(set.Value, ""))
	}
	if s != nil {
		parts = append(parts, "@"+s.Value)
	}
	return strings.Join(parts, " ")
}

func (i modelItem) String() string {
	var parts []string
	if i.n != nil {
		parts = append(parts, fmt.Sprint(*i.n))
	}
	if i.set != "" {
		parts = append(parts, i.set)
	}
	if i.sort != "" {
		parts = append(parts, "@"+i.sort)
	}
	return strings.Join(parts, " ")
}

// TestTableProperty compares the driver with a model in memory over random writes, single and transactional: same
// refusals, same items, same index.
func TestTableProperty(t *testing.T) {
	table := openTemp(t).Table()
	rapid.Check(t, func(r *rapid.T) {
		pk, m := desk.NewID(time.Now()), model{}
		for range rapid.IntRange(1, 12).Draw(r, "writes") {
			sorts := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"i", "j", "k", "l"}), 1, 3, rapid.ID).Draw(r, "items")
			var ops []modelOp
			var sent []store.Op
			for _, sk := range sorts {
				op := drawOp(r, store.Key{PK: pk, SK: sk})
				if op.op.Item != nil {
					op.op.Item["P1"] = textValue(pk)
				}
				if op.op.Kind == store.Update {
					op.op.Set = store.Item{"P1": textValue(pk)}
				}
				ops, sent = append(ops, op), append(sent, op.op)
			}
			after, refused := m.write(ops)
			err := table.Write(t.Context(), sent...)
			conditionErr, _ := errors.AsType[*store.ConditionError](err)
			if (refused < 0) != (err == nil) || refused >= 0 && (conditionErr == nil || conditionErr.Op != refused) {
				r.Fatalf("%v, the model refused %d", err, refused)
			}
			m = after
			compare(r, t, table, pk, m)
		}
	})
}

func compare(r *rapid.T, t *testing.T, table store.Table, pk string, m model) {
	var items, index []string
	for key, item := range m {
		items = append(items, key.SK+": "+item.String())
		if item.sort != "" {
			index = append(index, item.sort+key.SK)
		}
	}
	slices.Sort(items)
	slices.Sort(index)
	page, err := table.Query(t.Context(), store.Query{PK: pk, Limit: 1000, Consistent: true})
	if err != nil {
		r.Fatal(err)
	}
	var got []string
	for _, item := range page.Items {
		got = append(got, item["SK"].(*types.AttributeValueMemberS).Value+": "+describe(item))
	}
	if !slices.Equal(got, items) {
		r.Fatalf("the table holds %q, the model %q", got, items)
	}
	page, err = table.Query(t.Context(), store.Query{Index: store.ByStatus, PK: pk, Limit: 1000})
	if err != nil {
		r.Fatal(err)
	}
	got = nil
	for _, item := range page.Items {
		got = append(got, item["S1"].(*types.AttributeValueMemberS).Value+item["SK"].(*types.AttributeValueMemberS).Value)
	}
	if !slices.Equal(got, index) {
		r.Fatalf("the index shows %q, the model %q", got, index)
	}
}
