package local

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// streamQueue names the dead letters of the change stream.
const streamQueue = "stream"

// deadChange is the body of a change's dead letter, as changeJSON writes it.
type deadChange struct {
	PK  string                `json:"pk"`
	SK  string                `json:"sk"`
	Old map[string]plainValue `json:"old"`
	New map[string]plainValue `json:"new"`
}

// Redrive puts a buried change at the end of the stream and takes it off the dead-letter list. It comes after newer
// changes of its item, which the handler of changes must bear anyway. Codes: not_found, unavailable.
func (s *Stream) Redrive(_ context.Context, id string) error {
	err := s.file.commits.Do(func(tx *bbolt.Tx) error {
		var dead deadChange
		if err := takeDead(tx, streamQueue, id, &dead); err != nil {
			return err
		}
		var images [2][]byte
		for i, image := range []map[string]plainValue{dead.Old, dead.New} {
			if image == nil {
				continue
			}
			var err error
			if images[i], _, err = encodeItem(itemOf(image)); err != nil {
				return err
			}
		}
		return recordChange(tx, store.Key{PK: dead.PK, SK: dead.SK}, images[0], images[1])
	})
	if err != nil {
		return desk.Wrap(desk.Unavailable, err, "redrive the change "+id)
	}
	s.wakeUp()
	return nil
}

// plainValue is an attribute in DynamoDB's JSON; one field is set.
type plainValue struct {
	S    *string
	N    *string
	B    []byte
	BOOL *bool
	SS   []string
	NS   []string
	BS   [][]byte
	M    map[string]plainValue
	L    []plainValue
}

func itemOf(image map[string]plainValue) store.Item {
	item := make(store.Item, len(image))
	for name, v := range image {
		item[name] = v.value()
	}
	return item
}

func (v plainValue) value() types.AttributeValue {
	switch {
	case v.S != nil:
		return &types.AttributeValueMemberS{Value: *v.S}
	case v.N != nil:
		return &types.AttributeValueMemberN{Value: *v.N}
	case v.B != nil:
		return &types.AttributeValueMemberB{Value: v.B}
	case v.BOOL != nil:
		return &types.AttributeValueMemberBOOL{Value: *v.BOOL}
	case v.SS != nil:
		return &types.AttributeValueMemberSS{Value: v.SS}
	case v.NS != nil:
		return &types.AttributeValueMemberNS{Value: v.NS}
	case v.BS != nil:
		return &types.AttributeValueMemberBS{Value: v.BS}
	case v.M != nil:
		return &types.AttributeValueMemberM{Value: itemOf(v.M)}
	case v.L != nil:
		list := make([]types.AttributeValue, len(v.L))
		for i, e := range v.L {
			list[i] = e.value()
		}
		return &types.AttributeValueMemberL{Value: list}
	default:
		return &types.AttributeValueMemberNULL{Value: true}
	}
}
