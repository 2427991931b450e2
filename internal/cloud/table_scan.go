package cloud

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/store"
)

var _ store.Scanner = (*Table)(nil)

// Scan implements [store.Scanner]: half a read unit for each 4 KiB of the table, page by page.
func (t *Table) Scan(ctx context.Context, sk string, each func(store.Item) error) error {
	var e expression
	filter := e.name("SK") + " = " + e.value(text(sk))
	in := &dynamodb.ScanInput{TableName: &t.name, FilterExpression: &filter, ExpressionAttributeNames: e.names, ExpressionAttributeValues: e.values,
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal}
	for {
		var out *dynamodb.ScanOutput
		err := repeat(ctx, unread, func(ctx context.Context, _ bool) (err error) {
			out, err = t.client.Scan(ctx, in)
			return err
		})
		if err != nil {
			return err
		}
		charge(ctx, consumed(out.ConsumedCapacity))
		for _, item := range out.Items {
			if err := each(item); err != nil {
				return err
			}
		}
		if len(out.LastEvaluatedKey) == 0 {
			return nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}
