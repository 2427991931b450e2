package local_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/store"
)

// TestTableUnits holds costs that the contract leaves out, because DynamoDB's emulators do not tell them.
func TestTableUnits(t *testing.T) {
	table := openTemp(t).Table()
	large, small := store.Key{PK: "p", SK: "large"}, store.Key{PK: "p", SK: "small"}
	text := &types.AttributeValueMemberS{Value: strings.Repeat("x", 2500)}
	put := store.Op{Kind: store.Put, Key: large, Item: store.Item{"x": text}}
	if err := table.Write(t.Context(), put); err != nil {
		t.Fatal(err)
	}
	exists := []store.Condition{{Attr: "PK", Test: store.Exists}}
	absent := []store.Condition{{Attr: "PK", Test: store.Absent}}
	check := store.Op{Kind: store.Check, Key: large, If: exists}
	refused := store.Op{Kind: store.Delete, Key: large, If: absent}
	for _, c := range []struct {
		name string
		cost store.Cost
		call func(ctx context.Context)
	}{
		{"a check in a transaction is a write", store.Cost{Write: 8, Calls: 1}, func(ctx context.Context) {
			_ = table.Write(ctx, check, store.Op{Kind: store.Put, Key: small})
		}},
		{"a lone check is a transaction", store.Cost{Write: 6, Calls: 1}, func(ctx context.Context) { _ = table.Write(ctx, check) }},
		{"a refusal by the item's size", store.Cost{Write: 3, Calls: 1}, func(ctx context.Context) { _ = table.Write(ctx, refused) }},
		{"a cancelled transaction", store.Cost{Write: 8, Calls: 1}, func(ctx context.Context) {
			_ = table.Write(ctx, refused, store.Op{Kind: store.Put, Key: small})
		}},
		{"an empty query", store.Cost{Read: 0.5, Calls: 1}, func(ctx context.Context) {
			_, _ = table.Query(ctx, store.Query{PK: "none", Limit: 1})
		}},
		{"an absent item of a batch", store.Cost{Read: 2, Calls: 1}, func(ctx context.Context) {
			_, _ = table.BatchGet(ctx, []store.Key{small, {PK: "none", SK: "none"}}, true)
		}},
	} {
		ctx, meter := store.WithMeter(t.Context())
		if c.call(ctx); meter.Cost() != c.cost {
			t.Errorf("%s: cost %+v, want %+v", c.name, meter.Cost(), c.cost)
		}
	}
}

// BenchmarkWrite prints what a durable write takes alone, and among 32 writers.
func BenchmarkWrite(b *testing.B) {
	for name, writers := range map[string]int{"alone": 1, "32 writers": 32} {
		b.Run(name, func(b *testing.B) {
			f := openTemp(b)
			table := f.Table()
			var mu sync.Mutex
			var took []time.Duration
			work := make(chan int)
			var group sync.WaitGroup
			for range writers {
				group.Go(func() {
					for i := range work {
						key := store.Key{PK: "p" + strings.Repeat("x", i%50), SK: time.Now().Format(time.RFC3339Nano)}
						start := time.Now()
						err := table.Write(b.Context(), store.Op{Kind: store.Put, Key: key,
							Item: store.Item{"body": &types.AttributeValueMemberS{Value: strings.Repeat("x", 300)}}})
						if err != nil {
							b.Error(err)
						}
						mu.Lock()
						took = append(took, time.Since(start))
						mu.Unlock()
					}
				})
			}
			for i := range b.N {
				work <- i
			}
			close(work)
			group.Wait()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-us")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-us")
		})
	}
}
