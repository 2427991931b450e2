package cloud

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// Table is the [store.Table] on DynamoDB. Units are those that DynamoDB tells (ReturnConsumedCapacity). Its errors tell
// none, so a refused write is charged here by the least that DynamoDB bills for it: one unit an operation, two in a
// transaction. What an attempt cost that failed in another way, or whose answer was lost, is not known and not counted.
//
// Throttling, failures and lost answers are repeated as [repeat] says; what that means for a write, see [Table.Write].
type Table struct {
	client *dynamodb.Client
	name   string
}

var _ store.Table = (*Table)(nil)

// NewTable gives the table of that name. It leaves the client as it is and itself repeats what fails: only so is it
// known, when a condition fails at last, that an earlier attempt may be the reason.
func NewTable(client *dynamodb.Client, name string) *Table {
	once := func(o *dynamodb.Options) { o.Retryer = aws.NopRetryer{} }
	return &Table{client: dynamodb.New(client.Options(), once), name: name}
}

const (
	unread    = "the table could not be read"
	unwritten = "the table could not be written"
)

// Get implements [store.Table].
func (t *Table) Get(ctx context.Context, key store.Key, consistent bool) (store.Item, bool, error) {
	in := &dynamodb.GetItemInput{
		TableName: &t.name, Key: keyItem(key), ConsistentRead: &consistent, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	var out *dynamodb.GetItemOutput
	err := repeat(ctx, unread, func(ctx context.Context, _ bool) (err error) {
		out, err = t.client.GetItem(ctx, in)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	charge(ctx, consumed(out.ConsumedCapacity))
	if len(out.Item) == 0 {
		return nil, false, nil
	}
	return out.Item, true, nil
}

// BatchGet implements [store.Table]. No keys is no call; a key twice is invalid. DynamoDB answers at most 16 MiB at
// once; the rest is asked for again, which the meter counts as the same call.
func (t *Table) BatchGet(ctx context.Context, keys []store.Key, consistent bool) (map[store.Key]store.Item, error) {
	items := make(map[store.Key]store.Item, len(keys))
	if len(keys) == 0 {
		return items, nil
	}
	wanted := types.KeysAndAttributes{ConsistentRead: &consistent}
	for _, key := range keys {
		wanted.Keys = append(wanted.Keys, keyItem(key))
	}
	in := &dynamodb.BatchGetItemInput{
		RequestItems: map[string]types.KeysAndAttributes{t.name: wanted}, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	var spent units
	for len(in.RequestItems) > 0 {
		out, err := t.someOf(ctx, in)
		if err != nil {
			return nil, err
		}
		spent = spent.plus(out.ConsumedCapacity...)
		for _, item := range out.Responses[t.name] {
			items[keyIn(item)] = item
		}
		in.RequestItems = out.UnprocessedKeys
	}
	charge(ctx, spent)
	return items, nil
}

// someOf reads at least one of the items; that none was read means throttling.
func (t *Table) someOf(ctx context.Context, in *dynamodb.BatchGetItemInput) (*dynamodb.BatchGetItemOutput, error) {
	var out *dynamodb.BatchGetItemOutput
	err := repeat(ctx, unread, func(ctx context.Context, _ bool) (err error) {
		out, err = t.client.BatchGetItem(ctx, in)
		if err == nil && len(out.UnprocessedKeys[t.name].Keys) == len(in.RequestItems[t.name].Keys) {
			return errNothingRead
		}
		return err
	})
	return out, err
}

// Query implements [store.Table].
func (t *Table) Query(ctx context.Context, query store.Query) (store.Page, error) {
	if err := checkQuery(query); err != nil {
		return store.Page{}, err
	}
	in := t.queryInput(query)
	var out *dynamodb.QueryOutput
	err := repeat(ctx, unread, func(ctx context.Context, _ bool) (err error) {
		out, err = t.client.Query(ctx, in)
		return err
	})
	if err != nil {
		return store.Page{}, err
	}
	charge(ctx, consumed(out.ConsumedCapacity))
	page := store.Page{Items: out.Items}
	if len(out.LastEvaluatedKey) > 0 {
		page.Next = &out.LastEvaluatedKey
	}
	return page, nil
}

func (t *Table) queryInput(q store.Query) *dynamodb.QueryInput {
	var e expression
	pk, sk := q.Index.Keys()
	in := &dynamodb.QueryInput{
		TableName: &t.name, Limit: aws.Int32(int32(q.Limit)), ConsistentRead: &q.Consistent, ScanIndexForward: aws.Bool(!q.Backward),
		KeyConditionExpression: aws.String(e.name(pk) + " = " + e.value(text(q.PK)) + e.within(sk, q)),
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	in.ExpressionAttributeNames, in.ExpressionAttributeValues = e.names, e.values
	if q.Index != store.Base {
		in.IndexName = aws.String(q.Index.Name())
	}
	if q.After != nil {
		in.ExclusiveStartKey = *q.After
	}
	return in
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func keyItem(key store.Key) store.Item { return store.Item{"PK": text(key.PK), "SK": text(key.SK)} }

// keyIn gives the key of an item of the table, which always has one.
func keyIn(item store.Item) store.Key {
	var key store.Key
	if pk, ok := item["PK"].(*types.AttributeValueMemberS); ok {
		key.PK = pk.Value
	}
	if sk, ok := item["SK"].(*types.AttributeValueMemberS); ok {
		key.SK = sk.Value
	}
	return key
}

// units is what a call consumed, its indexes included.
type units struct{ read, write float64 }

// consumed reads the answer to a read.
func consumed(c *types.ConsumedCapacity) units {
	if c == nil {
		return units{}
	}
	return units{}.plus(*c)
}

func (u units) plus(all ...types.ConsumedCapacity) units {
	for _, c := range all {
		u.read += aws.ToFloat64(c.CapacityUnits)
	}
	return u
}

// written reads the answer to a write. A transaction repeated with the token of one that was done consumes read units
// ("TransactWriteItems", ClientRequestToken).
func written(all ...types.ConsumedCapacity) units {
	var u units
	for _, c := range all {
		read := aws.ToFloat64(c.ReadCapacityUnits)
		u.read += read
		u.write += aws.ToFloat64(c.CapacityUnits) - read
	}
	return u
}

func charge(ctx context.Context, u units) { store.Charge(ctx, u.read, u.write) }

// checkQuery refuses what DynamoDB would answer in another way than the store expects.
func checkQuery(q store.Query) error {
	const maxLimit = 1000
	switch {
	case q.Limit < 1 || q.Limit > maxLimit:
		return desk.InvalidField("Limit", "must be 1 to %d", maxLimit)
	case q.Prefix != "" && (q.From != "" || q.To != ""):
		return desk.InvalidField("Prefix", "does not go with From or To")
	case q.After != nil && len(*q.After) == 0:
		return desk.InvalidField("After", "the keys of the page before are missing")
	}
	return nil
}
