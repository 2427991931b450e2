package cloud_test

import (
	"errors"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
	"github.com/relevo/relevo/internal/store"
)

// settling is a write whose first attempt was carried out, though nobody was told.
type settling struct {
	name   string
	before store.Item // of the item; nil for none
	op     store.Op   // its key is set by the test
	want   outcome
	after  store.Item
}

type outcome int

const (
	isDone outcome = iota
	isRefused
	isUnknown
)

var settlings = []settling{
	{"Put", nil, store.Op{Kind: store.Put, Item: store.Item{"x": str("1")}}, isDone, store.Item{"x": str("1")}},
	{"PutIfAbsent", nil, put(store.Key{}, store.Item{
		"x": str("1"), "n": num("007.50"), "set": &types.AttributeValueMemberSS{Value: []string{"b", "a"}},
	}, isNew), isDone, store.Item{"x": str("1"), "n": num("7.5"), "set": &types.AttributeValueMemberSS{Value: []string{"a", "b"}}}},
	{"PutIfAbsentTold", nil, store.Op{Kind: store.Put, Item: store.Item{"x": str("1")}, If: []store.Condition{isNew}, WantOld: true},
		isDone, store.Item{"x": str("1")}},
	{"PutIfAbsentButAnother", store.Item{"x": str("another")}, put(store.Key{}, store.Item{"x": str("1")}, isNew),
		isRefused, store.Item{"x": str("another")}},
	{"UpdateOfVersion", store.Item{"v": num("1"), "gone": str("g"), "set": &types.AttributeValueMemberSS{Value: []string{"a", "b"}}},
		store.Op{Kind: store.Update, Set: store.Item{"v": num("2"), "x": str("1")}, Remove: []string{"gone"},
			AddTo: map[string][]string{"grown": {"m"}}, TakeFrom: map[string][]string{"set": {"a"}},
			If: []store.Condition{{Attr: "v", Test: store.Equals, To: num("1")}}},
		isDone, store.Item{"v": num("2"), "x": str("1"), "grown": &types.AttributeValueMemberSS{Value: []string{"m"}},
			"set": &types.AttributeValueMemberSS{Value: []string{"b"}}}},
	{"UpdateOfVersionTooLate", store.Item{"v": num("3")},
		store.Op{Kind: store.Update, Set: store.Item{"v": num("2")}, If: []store.Condition{{Attr: "v", Test: store.Equals, To: num("1")}}},
		isRefused, store.Item{"v": num("3")}},
	{"UpdateOfNone", nil, store.Op{Kind: store.Update, Set: store.Item{"v": num("2")}, If: []store.Condition{isThere}}, isRefused, nil},
	{"UpdateThatAdds", store.Item{"n": num("1")}, store.Op{Kind: store.Update, Add: map[string]int64{"n": 1}},
		isUnknown, store.Item{"n": num("2")}},
	{"UpdateThatAddsIfThere", store.Item{"n": num("1")},
		store.Op{Kind: store.Update, Add: map[string]int64{"n": 1}, If: []store.Condition{isThere}}, isUnknown, store.Item{"n": num("2")}},
	{"UpdateThatAddsNothing", store.Item{"n": num("1")}, store.Op{Kind: store.Update, Add: map[string]int64{"n": 0}},
		isDone, store.Item{"n": num("1")}},
	{"UpdateThatAddsOnce", store.Item{"n": num("1")},
		store.Op{Kind: store.Update, Add: map[string]int64{"n": 1}, AddTo: map[string][]string{"who": {"me"}},
			If: []store.Condition{{Attr: "who", Test: store.Lacks, To: str("me")}}},
		isDone, store.Item{"n": num("2"), "who": &types.AttributeValueMemberSS{Value: []string{"me"}}}},
	{"Delete", store.Item{}, store.Op{Kind: store.Delete}, isDone, nil},
	{"DeleteThatTakes", store.Item{}, store.Op{Kind: store.Delete, If: []store.Condition{isThere}}, isUnknown, nil},
	{"DeleteRefused", store.Item{"x": str("1")},
		store.Op{Kind: store.Delete, If: []store.Condition{{Attr: "x", Test: store.Absent}}}, isRefused, store.Item{"x": str("1")}},
	{"Check", store.Item{}, store.Op{Kind: store.Check, If: []store.Condition{isThere}}, isDone, store.Item{}},
	{"CheckRefused", nil, store.Op{Kind: store.Check, If: []store.Condition{isThere}}, isRefused, nil},
}

// TestTableSettlesContract proves what becomes of a write that was carried out and whose answer was lost.
func TestTableSettlesContract(t *testing.T) {
	name := newTable(t)
	sound := cloud.NewTable(desktest.DynamoDB(t, nil), name)
	for how, meets := range map[string]fault{"Reset": lostAfter, "Failure": doneBut(http.StatusInternalServerError, "InternalServerError"), "Hanging": hangAfter} {
		for _, s := range settlings {
			t.Run(s.name+"/"+how, func(t *testing.T) {
				t.Parallel()
				key := store.Key{PK: desk.NewID(time.Now()), SK: "s"}
				if s.before != nil {
					mustWrite(t, sound, put(key, s.before))
				}
				table := cloud.NewTable(desktest.DynamoDB(t, faulty(meets, pass)), name)
				op := s.op
				op.Key = key
				wantOutcome(t, table.Write(short(t, 4*time.Second), op), s.want)
				wantStands(t, sound, key, s.after)
			})
		}
	}
}

// TestTableSettlesTransactionsContract proves that a transaction is done once, whatever it adds.
func TestTableSettlesTransactionsContract(t *testing.T) {
	name := newTable(t)
	sound := cloud.NewTable(desktest.DynamoDB(t, nil), name)
	for how, meets := range map[string]fault{"Reset": lostAfter, "Failure": doneBut(http.StatusInternalServerError, "InternalServerError")} {
		pk := desk.NewID(time.Now())
		count, made := store.Key{PK: pk, SK: "count"}, store.Key{PK: pk, SK: "made"}
		ops := []store.Op{{Kind: store.Update, Key: count, Add: map[string]int64{"n": 1}}, put(made, nil, isNew)}
		t.Run("OK"+how, func(t *testing.T) {
			table := cloud.NewTable(desktest.DynamoDB(t, faulty(meets, meets, pass)), name)
			mustWrite(t, table, ops...)
			wantStands(t, sound, count, store.Item{"n": num("1")})
		})
		t.Run("Refused"+how, func(t *testing.T) {
			table := cloud.NewTable(desktest.DynamoDB(t, faulty(meets, pass)), name)
			wantOutcome(t, table.Write(t.Context(), ops...), isRefused)
			wantStands(t, sound, count, store.Item{"n": num("1")})
		})
	}
}

func mustWrite(t *testing.T, table store.Table, ops ...store.Op) {
	t.Helper()
	if err := table.Write(t.Context(), ops...); err != nil {
		t.Fatal(err)
	}
}

func wantOutcome(t *testing.T, err error, want outcome) {
	t.Helper()
	got := isDone
	if _, refused := errors.AsType[*store.ConditionError](err); refused {
		got = isRefused
	} else if err != nil {
		got = isUnknown
		wantCode(t, err, desk.Unavailable)
	}
	if got != want {
		t.Errorf("outcome %d, want %d: %v", got, want, err)
	}
}

// wantStands compares an item without its keys; nil for none.
func wantStands(t *testing.T, table store.Table, key store.Key, want store.Item) {
	t.Helper()
	got, ok, err := table.Get(t.Context(), key, true)
	if err != nil || ok != (want != nil) {
		t.Fatalf("the item stands: %v, %v", ok, err)
	}
	if want == nil {
		return
	}
	delete(got, "PK")
	delete(got, "SK")
	for _, set := range got {
		if set, ok := set.(*types.AttributeValueMemberSS); ok {
			slices.Sort(set.Value)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the item is %v, want %v", got, want)
	}
}
