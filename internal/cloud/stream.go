package cloud

import (
	"context"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// HandleStream gives the changes of one DynamoDB stream event ("Using AWS Lambda with Amazon DynamoDB Streams", view
// NEW_AND_OLD_IMAGES) to h.Relay, one by one and in order. At the first that fails it stops and answers with
// that record's SequenceNumber: Lambda takes the lowest one reported as the place to go on from, so whatever came
// after it will come again anyway. (The eventID, which looks like an identifier, is none: with it Lambda would repeat
// the whole batch.) A record that fails for good goes to the mapping's on-failure destination when its attempts are
// spent; with BisectBatchOnFunctionError the rest of its batch does not go with it.
//
// Code: invalid, if the event cannot be read at all.
func HandleStream(ctx context.Context, h Host, payload []byte) ([]byte, error) {
	var event events.DynamoDBEvent
	if err := decode(payload, &event); err != nil {
		return nil, err
	}
	failed := newFailures()
	for _, record := range event.Records {
		place := record.Change.SequenceNumber
		if place == "" {
			return nil, desk.InvalidField("SequenceNumber", "a record of a stream has one")
		}
		ctx := withRequestID(ctx, record.EventID)
		change, err := changeOf(record)
		if err == nil {
			err = desk.Wrap(desk.Unavailable, ctx.Err(), "no time was left for the change")
		}
		if err == nil {
			err = safely("the handler of changes", func() error { return h.Relay(ctx, []store.Change{change}) })
		}
		if err != nil {
			h.log().WarnContext(ctx, "change not handled", "change", place, "request_id", RequestID(ctx), "error", err)
			failed.add(place)
			break
		}
	}
	return encode(failed)
}

// sequenceDigits is the length of the longest sequence number; the ids of changes are filled up to it, so that they
// sort as the changes came.
const sequenceDigits = 40

// changeOf makes the store's change of a stream record. The images hold the whole item, its keys included.
func changeOf(record events.DynamoDBEventRecord) (store.Change, error) {
	r := record.Change
	key, err := keyOf(r.Keys)
	if err != nil {
		return store.Change{}, err
	}
	if r.NewImage == nil && record.EventName != string(events.DynamoDBOperationTypeRemove) {
		return store.Change{}, desk.InvalidField("NewImage", "the record has none: the stream's view must be NEW_AND_OLD_IMAGES")
	}
	change := store.Change{ID: strings.Repeat("0", max(0, sequenceDigits-len(r.SequenceNumber))) + r.SequenceNumber, Key: key}
	if change.Old, err = itemOf(r.OldImage); err != nil {
		return store.Change{}, err
	}
	change.New, err = itemOf(r.NewImage)
	return change, err
}

func keyOf(keys map[string]events.DynamoDBAttributeValue) (store.Key, error) {
	pk, sk := keys["PK"], keys["SK"]
	if pk.DataType() != events.DataTypeString || sk.DataType() != events.DataTypeString {
		return store.Key{}, desk.InvalidField("Keys", "the record has no PK and SK: the stream is of another table")
	}
	return store.Key{PK: pk.String(), SK: sk.String()}, nil
}

// itemOf converts an image; an absent one is nil.
func itemOf(image map[string]events.DynamoDBAttributeValue) (store.Item, error) {
	if image == nil {
		return nil, nil
	}
	item := make(store.Item, len(image))
	for name, value := range image {
		converted, err := valueOf(value)
		if err != nil {
			return nil, err
		}
		item[name] = converted
	}
	return item, nil
}

// valueOf converts one value; the two libraries of AWS have each a type of its own for it.
func valueOf(v events.DynamoDBAttributeValue) (types.AttributeValue, error) {
	switch v.DataType() {
	case events.DataTypeString:
		return &types.AttributeValueMemberS{Value: v.String()}, nil
	case events.DataTypeNumber:
		return &types.AttributeValueMemberN{Value: v.Number()}, nil
	case events.DataTypeBinary:
		return &types.AttributeValueMemberB{Value: v.Binary()}, nil
	case events.DataTypeBoolean:
		return &types.AttributeValueMemberBOOL{Value: v.Boolean()}, nil
	case events.DataTypeNull:
		return &types.AttributeValueMemberNULL{Value: true}, nil
	case events.DataTypeStringSet:
		return &types.AttributeValueMemberSS{Value: v.StringSet()}, nil
	case events.DataTypeNumberSet:
		return &types.AttributeValueMemberNS{Value: v.NumberSet()}, nil
	case events.DataTypeBinarySet:
		return &types.AttributeValueMemberBS{Value: v.BinarySet()}, nil
	case events.DataTypeMap:
		inner, err := itemOf(v.Map())
		return &types.AttributeValueMemberM{Value: inner}, err
	case events.DataTypeList:
		list := make([]types.AttributeValue, len(v.List()))
		for i, e := range v.List() {
			var err error
			if list[i], err = valueOf(e); err != nil {
				return nil, err
			}
		}
		return &types.AttributeValueMemberL{Value: list}, nil
	default:
		return nil, desk.Errorf(desk.Invalid, "an attribute of the record has an unknown type")
	}
}
