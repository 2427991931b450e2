package local

import (
	"bytes"
	"encoding/binary"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// baseKey is where an item lies: its partition (length first, so that none is the beginning of another), then the sort
// key, so that a bucket's order is the sort key's order.
func baseKey(key store.Key) []byte { return append(partitionKey(key.PK), key.SK...) }

func partitionKey(pk string) []byte {
	out := make([]byte, 0, 2+len(pk)+32)
	return append(binary.BigEndian.AppendUint16(out, uint16(len(pk))), pk...)
}

func splitBaseKey(k []byte) (store.Key, error) {
	if len(k) < 2 || len(k) < 2+int(binary.BigEndian.Uint16(k)) {
		return store.Key{}, desk.Errorf(desk.Internal, "a stored key of %d bytes cannot be read", len(k))
	}
	n := 2 + int(binary.BigEndian.Uint16(k))
	return store.Key{PK: string(k[2:n]), SK: string(k[n:])}, nil
}

// entry is an item's place in an index; in says whether it has one.
type entry struct {
	index store.Index
	p, s  string
	item  store.Key
	in    bool
}

// entryOf gives the place of an item (nil for none) in an index.
func entryOf(index store.Index, key store.Key, item store.Item) entry {
	pName, sName := index.Keys()
	p, hasP := item[pName].(*types.AttributeValueMemberS)
	s, hasS := item[sName].(*types.AttributeValueMemberS)
	if !hasP || !hasS {
		return entry{}
	}
	return entry{index: index, p: p.Value, s: s.Value, item: key, in: true}
}

// size is what DynamoDB counts of a keys-only entry.
func (e entry) size() int { return itemSize(e.attributes()) }

func (e entry) attributes() store.Item {
	pName, sName := e.index.Keys()
	return store.Item{"PK": stringValue(e.item.PK), "SK": stringValue(e.item.SK), pName: stringValue(e.p), sName: stringValue(e.s)}
}

// In an index key the sort key ends with entryEnd and its zero bytes are doubled to entryZero, which keeps the order;
// the item's own key follows, so that equal sort keys have different entries.
const (
	entryEnd   = "\x00\x01"
	entryZero  = "\x00\xff"
	entryAfter = "\x00\x02" // sorts after every entry of the sort key before it, and before any longer one
)

func escapeSort(s string) string { return strings.ReplaceAll(s, "\x00", entryZero) }

func (e entry) key() []byte {
	out := append(partitionKey(e.p), escapeSort(e.s)...)
	return append(append(out, entryEnd...), baseKey(e.item)...)
}

func splitEntry(index store.Index, partition string, k []byte) (entry, error) {
	rest := k[2+len(partition):]
	end := bytes.Index(rest, []byte(entryEnd))
	if end < 0 {
		return entry{}, desk.Errorf(desk.Internal, "an entry of index %s cannot be read", index)
	}
	item, err := splitBaseKey(rest[end+len(entryEnd):])
	s := strings.ReplaceAll(string(rest[:end]), entryZero, "\x00")
	return entry{index: index, p: partition, s: s, item: item, in: true}, err
}
