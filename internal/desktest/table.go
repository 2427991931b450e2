package desktest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// RunTable is the contract of [store.Table]. The table may hold anything: every test uses partition keys of its own. With
// exactUnits the costs are held against values computed by hand from DynamoDB's published rules; leave it out for
// emulators that do not count.
func RunTable(t *testing.T, open func(t *testing.T) store.Table, exactUnits bool) {
	b := bench{open(t)}
	t.Run("Get", b.get)
	t.Run("BatchGet", b.batchGet)
	t.Run("Kinds", b.kinds)
	t.Run("Put", b.put)
	t.Run("Update", b.update)
	t.Run("Delete", b.remove)
	t.Run("Conditions", b.conditions)
	t.Run("Transaction", b.transaction)
	t.Run("Query", b.query)
	t.Run("Index", b.index)
	t.Run("Limits", b.limits)
	t.Run("Concurrent", b.concurrent)
	t.Run("Cancelled", b.cancelled)
	if exactUnits {
		t.Run("Units", b.units)
	}
}

// bench is the table on which a contract is tried.
type bench struct{ store.Table }

// partition makes a partition key that nobody used.
func partition() string { return desk.NewID(time.Now()) }

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number[N int | string](n N) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: fmt.Sprint(n)}
}

func texts(members ...string) types.AttributeValue {
	return &types.AttributeValueMemberSS{Value: members}
}

func keyed(key store.Key, attributes store.Item) store.Item {
	item := store.Item{"PK": text(key.PK), "SK": text(key.SK)}
	for name, v := range attributes {
		item[name] = v
	}
	return item
}

func putOp(key store.Key, attributes store.Item, conditions ...store.Condition) store.Op {
	return store.Op{Kind: store.Put, Key: key, Item: attributes, If: conditions}
}

func (b bench) mustWrite(t *testing.T, ops ...store.Op) {
	t.Helper()
	if err := b.Write(t.Context(), ops...); err != nil {
		t.Fatalf("write: %v", err)
	}
}

// wantItem reads consistently and compares; nil for an absent item. Sets compare in any order.
func (b bench) wantItem(t *testing.T, key store.Key, want store.Item) {
	t.Helper()
	got, ok, err := b.Get(t.Context(), key, true)
	if err != nil {
		t.Fatalf("get: %v", err)
	}
	if ok != (want != nil) {
		t.Fatalf("item exists: %v, want %v", ok, want != nil)
	}
	if want != nil {
		wantSame(t, got, keyed(key, want))
	}
}

func wantSame(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, anyOrder, cmpopts.EquateEmpty(), plainValues); diff != "" {
		t.Fatalf("-want +got\n%s", diff)
	}
}

var (
	anyOrder    = cmpopts.SortSlices(func(a, b string) bool { return a < b })
	plainValues = cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".noSmithyDocumentSerde" }, cmp.Ignore())
)

func wantCode(t *testing.T, err error, code desk.Code) {
	t.Helper()
	if !desk.Is(err, code) {
		t.Fatalf("error is %v, want code %s", err, code)
	}
}

// wantRefused asserts a condition that did not hold and gives the error.
func wantRefused(t *testing.T, err error, op int) *store.ConditionError {
	t.Helper()
	refused, ok := errors.AsType[*store.ConditionError](err)
	if !ok {
		t.Fatalf("error is %v, want a ConditionError", err)
	}
	if refused.Op != op {
		t.Fatalf("operation %d was refused, want %d", refused.Op, op)
	}
	return refused
}

// within gives a context that ends with the test or after a while.
func within(t *testing.T) context.Context {
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(stop)
	return ctx
}
