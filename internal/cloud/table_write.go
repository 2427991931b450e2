package cloud

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/store"
)

// Write implements [store.Table]. If the answer to an attempt was lost, the write is settled so:
//
//   - Several operations, or a lone check, are a transaction; every attempt carries the same token, by which DynamoDB
//     knows for ten minutes what it has done. Nothing is done twice, and a refusal is a true one.
//   - A single put, delete or update without Add is sent again: doing it twice leaves the same item.
//   - If it then fails its conditions, DynamoDB sends the item along. A put whose item stands there, and an update of which
//     everything shows (set, removed, in or out of its sets), is done. A put or update of which it does not was not done, or
//     another write came after it: a ConditionError, because the item is not as its writer left it.
//   - A delete that then finds no item may have been ours or another's, and of many who delete only one may think it was
//     him: unavailable.
//   - A single update with an Add other than 0 is sent again only if its conditions cannot hold a second time (see
//     [guarded]); else whether it was done is not known: unavailable.
func (t *Table) Write(ctx context.Context, ops ...store.Op) error {
	if err := checkOps(ops); err != nil {
		return err
	}
	if len(ops) == 1 && ops[0].Kind != store.Check {
		return t.writeOne(ctx, ops[0])
	}
	return t.writeAll(ctx, ops)
}

func (t *Table) writeOne(ctx context.Context, op store.Op) error {
	send := t.sender(op)
	return repeat(ctx, unwritten, func(ctx context.Context, unsure bool) error {
		if unsure && !repeatable(op) {
			return errUnknown()
		}
		capacity, err := send(ctx, op.WantOld || unsure)
		if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
			charge(ctx, units{write: 1})
			return settle(op, failed.Item, unsure)
		}
		if err != nil {
			return err
		}
		if capacity == nil {
			capacity = &types.ConsumedCapacity{} // an emulator that does not count
		}
		charge(ctx, written(*capacity))
		return nil
	})
}

// sender gives the function that sends a single operation, and with old asks for the item if a condition fails.
func (t *Table) sender(op store.Op) func(ctx context.Context, old bool) (*types.ConsumedCapacity, error) {
	switch item := t.transactItem(op); {
	case item.Put != nil:
		return t.putter(item.Put)
	case item.Update != nil:
		return t.updater(item.Update)
	default:
		return t.deleter(item.Delete)
	}
}

func (t *Table) putter(p *types.Put) func(ctx context.Context, old bool) (*types.ConsumedCapacity, error) {
	return func(ctx context.Context, old bool) (*types.ConsumedCapacity, error) {
		out, err := t.client.PutItem(ctx, &dynamodb.PutItemInput{
			TableName: p.TableName, Item: p.Item, ConditionExpression: p.ConditionExpression,
			ExpressionAttributeNames: p.ExpressionAttributeNames, ExpressionAttributeValues: p.ExpressionAttributeValues,
			ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal, ReturnValuesOnConditionCheckFailure: tellOld(old),
		})
		if err != nil {
			return nil, err
		}
		return out.ConsumedCapacity, nil
	}
}

func (t *Table) updater(u *types.Update) func(ctx context.Context, old bool) (*types.ConsumedCapacity, error) {
	return func(ctx context.Context, old bool) (*types.ConsumedCapacity, error) {
		out, err := t.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName: u.TableName, Key: u.Key, UpdateExpression: u.UpdateExpression, ConditionExpression: u.ConditionExpression,
			ExpressionAttributeNames: u.ExpressionAttributeNames, ExpressionAttributeValues: u.ExpressionAttributeValues,
			ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal, ReturnValuesOnConditionCheckFailure: tellOld(old),
		})
		if err != nil {
			return nil, err
		}
		return out.ConsumedCapacity, nil
	}
}

func (t *Table) deleter(d *types.Delete) func(ctx context.Context, old bool) (*types.ConsumedCapacity, error) {
	return func(ctx context.Context, old bool) (*types.ConsumedCapacity, error) {
		out, err := t.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
			TableName: d.TableName, Key: d.Key, ConditionExpression: d.ConditionExpression,
			ExpressionAttributeNames: d.ExpressionAttributeNames, ExpressionAttributeValues: d.ExpressionAttributeValues,
			ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal, ReturnValuesOnConditionCheckFailure: tellOld(old),
		})
		if err != nil {
			return nil, err
		}
		return out.ConsumedCapacity, nil
	}
}

func tellOld(old bool) types.ReturnValuesOnConditionCheckFailure {
	if old {
		return types.ReturnValuesOnConditionCheckFailureAllOld
	}
	return types.ReturnValuesOnConditionCheckFailureNone
}

func (t *Table) writeAll(ctx context.Context, ops []store.Op) error {
	in := &dynamodb.TransactWriteItemsInput{ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal}
	for _, op := range ops {
		in.TransactItems = append(in.TransactItems, t.transactItem(op))
	}
	return repeat(ctx, unwritten, func(ctx context.Context, unsure bool) error {
		if !unsure { // a token whose transaction was cancelled is spent
			in.ClientRequestToken = aws.String(rand.Text())
		}
		out, err := t.client.TransactWriteItems(ctx, in)
		if refusal := refusalIn(err, ops); refusal != nil {
			charge(ctx, units{write: 2 * float64(len(ops))})
			return refusal
		}
		if err != nil {
			return err
		}
		charge(ctx, written(out.ConsumedCapacity...))
		return nil
	})
}

// refusalIn gives the first condition that failed in a transaction; nil if err says nothing of the kind.
func refusalIn(err error, ops []store.Op) error {
	cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok {
		return nil
	}
	for i, reason := range cancelled.CancellationReasons {
		if aws.ToString(reason.Code) == "ConditionalCheckFailed" && i < len(ops) {
			return conditionError(i, ops[i], reason.Item)
		}
	}
	return nil
}

// conditionError tells the item as it stands only to who wants it.
func conditionError(i int, op store.Op, old store.Item) error {
	refusal := &store.ConditionError{Op: i}
	if op.WantOld && len(old) > 0 {
		refusal.Old = old
	}
	return refusal
}

// transactItem is the operation as DynamoDB takes it in a transaction.
func (t *Table) transactItem(op store.Op) types.TransactWriteItem {
	var e expression
	condition, old := e.condition(op.If), tellOld(op.WantOld)
	switch op.Kind {
	case store.Put:
		return types.TransactWriteItem{Put: &types.Put{
			TableName: &t.name, Item: itemOfPut(op), ConditionExpression: condition, ReturnValuesOnConditionCheckFailure: old,
			ExpressionAttributeNames: e.names, ExpressionAttributeValues: e.values,
		}}
	case store.Update:
		change := e.change(op)
		return types.TransactWriteItem{Update: &types.Update{
			TableName: &t.name, Key: keyItem(op.Key), UpdateExpression: change, ConditionExpression: condition,
			ReturnValuesOnConditionCheckFailure: old, ExpressionAttributeNames: e.names, ExpressionAttributeValues: e.values,
		}}
	case store.Delete:
		return types.TransactWriteItem{Delete: &types.Delete{
			TableName: &t.name, Key: keyItem(op.Key), ConditionExpression: condition, ReturnValuesOnConditionCheckFailure: old,
			ExpressionAttributeNames: e.names, ExpressionAttributeValues: e.values,
		}}
	default: // Check; checkOps lets no other pass
		return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
			TableName: &t.name, Key: keyItem(op.Key), ConditionExpression: condition, ReturnValuesOnConditionCheckFailure: old,
			ExpressionAttributeNames: e.names, ExpressionAttributeValues: e.values,
		}}
	}
}

// itemOfPut is the whole item that a put writes.
func itemOfPut(op store.Op) store.Item {
	item := make(store.Item, len(op.Item)+2)
	maps.Copy(item, op.Item)
	maps.Copy(item, keyItem(op.Key))
	return item
}
