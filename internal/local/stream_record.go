package local

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

var streamBucket = []byte("stream") // sequence (8 bytes) -> base key, item before, item after, each led by its length

// recordChange adds a change to the stream within the transaction that makes it.
func recordChange(tx *bbolt.Tx, key store.Key, before, after []byte) error {
	bucket, err := tx.CreateBucketIfNotExists(streamBucket)
	if err != nil {
		return err
	}
	seq, err := bucket.NextSequence()
	if err != nil {
		return err
	}
	bucket.FillPercent = 1 // always appended
	record := appendText(nil, baseKey(key))
	record = appendText(appendText(record, before), after)
	return bucket.Put(sequenceKey(seq), record)
}

func sequenceKey(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }

// record is a change with its place in the stream.
type record struct {
	seq    uint64
	change store.Change
}

func readRecord(k, v []byte) (record, error) {
	r := reader{rest: v}
	key, err := splitBaseKey(r.bytes())
	if err != nil {
		return record{}, err
	}
	seq := binary.BigEndian.Uint64(k)
	// Twenty digits hold every sequence, so ids sort as the changes came.
	change := store.Change{ID: fmt.Sprintf("%020d", seq), Key: key}
	for _, item := range []*store.Item{&change.Old, &change.New} {
		raw := r.bytes()
		if len(raw) == 0 {
			continue
		}
		if *item, _, err = decodeItem(key, raw); err != nil {
			return record{}, err
		}
	}
	if r.broken {
		return record{}, desk.Errorf(desk.Internal, "change %d cannot be read", seq)
	}
	return record{seq: seq, change: change}, nil
}

// readRecords gives at most limit records from a sequence on.
func (f *File) readRecords(from uint64, limit int) ([]record, error) {
	var records []record
	err := f.db.View(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket(streamBucket)
		if bucket == nil {
			return nil
		}
		c := bucket.Cursor()
		for k, v := c.Seek(sequenceKey(from)); k != nil && len(records) < limit; k, v = c.Next() {
			r, err := readRecord(k, v)
			if err != nil {
				return err
			}
			records = append(records, r)
		}
		return nil
	})
	return records, desk.Wrap(desk.Unavailable, err, "the change stream could not be read")
}

// streamEnds gives the first sequence that is kept, or will be, and the last that was given.
func (f *File) streamEnds() (first, last uint64, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket(streamBucket)
		if bucket == nil {
			first = 1
			return nil
		}
		last = bucket.Sequence()
		first = last + 1
		if k, _ := bucket.Cursor().First(); k != nil {
			first = binary.BigEndian.Uint64(k)
		}
		return nil
	})
	return first, last, desk.Wrap(desk.Unavailable, err, "the change stream could not be read")
}

// trim removes the records below a sequence: what is left is where a restart goes on.
func (f *File) trim(below uint64) error {
	err := f.commits.Do(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket(streamBucket)
		if bucket == nil {
			return nil
		}
		var done [][]byte
		c := bucket.Cursor()
		for k, _ := c.First(); k != nil && binary.BigEndian.Uint64(k) < below; k, _ = c.Next() {
			done = append(done, bytes.Clone(k))
		}
		for _, k := range done {
			if err := bucket.Delete(k); err != nil {
				return err
			}
		}
		return nil
	})
	return desk.Wrap(desk.Unavailable, err, "the change stream could not be trimmed")
}

// changeJSON is a change as a dead letter keeps it; items in DynamoDB's JSON.
func changeJSON(c store.Change) ([]byte, error) {
	return json.Marshal(map[string]any{"id": c.ID, "pk": c.Key.PK, "sk": c.Key.SK,
		"old": itemJSON(c.Old), "new": itemJSON(c.New)})
}

func itemJSON(item store.Item) map[string]any {
	if item == nil {
		return nil
	}
	out := make(map[string]any, len(item))
	for name, v := range item {
		out[name] = valueJSON(v)
	}
	return out
}

func valueJSON(v types.AttributeValue) map[string]any {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return map[string]any{"S": v.Value}
	case *types.AttributeValueMemberN:
		return map[string]any{"N": v.Value}
	case *types.AttributeValueMemberB:
		return map[string]any{"B": v.Value}
	case *types.AttributeValueMemberBOOL:
		return map[string]any{"BOOL": v.Value}
	case *types.AttributeValueMemberSS:
		return map[string]any{"SS": v.Value}
	case *types.AttributeValueMemberNS:
		return map[string]any{"NS": v.Value}
	case *types.AttributeValueMemberBS:
		return map[string]any{"BS": v.Value}
	case *types.AttributeValueMemberM:
		return map[string]any{"M": itemJSON(v.Value)}
	case *types.AttributeValueMemberL:
		list := make([]map[string]any, len(v.Value))
		for i, e := range v.Value {
			list[i] = valueJSON(e)
		}
		return map[string]any{"L": list}
	default:
		return map[string]any{"NULL": true}
	}
}
