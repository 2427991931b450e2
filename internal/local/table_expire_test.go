package local_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/store"
)

func TestExpire(t *testing.T) {
	table := openFile(t, t.TempDir()).Table()
	now := time.Unix(1_800_000_000, 0)
	put := func(sk string, ttl int64) {
		item := store.Item{}
		if ttl != 0 {
			item[store.TTL] = &types.AttributeValueMemberN{Value: strconv.FormatInt(ttl, 10)}
		}
		if err := table.Write(t.Context(), store.Op{Kind: store.Put, Key: store.Key{PK: "p", SK: sk}, Item: item}); err != nil {
			t.Fatal(err)
		}
	}
	const many = 1200 // more than one chunk
	ops := make([]store.Op, 0, many)
	for i := range many {
		ops = append(ops, store.Op{Kind: store.Put, Key: store.Key{PK: "kept", SK: fmt.Sprint(i)}, Item: store.Item{}})
	}
	for len(ops) > 0 {
		n := min(len(ops), store.MaxWriteOps)
		if err := table.Write(t.Context(), ops[:n]...); err != nil {
			t.Fatal(err)
		}
		ops = ops[n:]
	}
	put("lasting", 0)
	put("due", now.Unix()-1)
	put("later", now.Unix()+1)
	removed, err := table.Expire(t.Context(), now)
	if err != nil || removed != 1 {
		t.Fatalf("removed %d, %v", removed, err)
	}
	page, err := table.Query(t.Context(), store.Query{PK: "p", Limit: 10})
	if err != nil || len(page.Items) != 2 {
		t.Fatalf("left %v, %v", page.Items, err)
	}
}
