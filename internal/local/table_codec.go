package local

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// A stored item is its size (uvarint), then its attributes without PK and SK, sorted by name: name, kind, value, each
// text or list led by its length (uvarint). Numbers are in canonical form and sets are sorted, so equal items are equal
// bytes.
const (
	kindString    = 'S'
	kindNumber    = 'N'
	kindBinary    = 'B'
	kindTrue      = 't'
	kindFalse     = 'f'
	kindNull      = '0'
	kindStrings   = 's'
	kindNumbers   = 'n'
	kindBinaries  = 'b'
	kindList      = 'L'
	kindMap       = 'M'
	maxNesting    = 32 // DynamoDB's limit of nested lists and maps
	lengthOfASize = 3  // bytes that a size up to MaxItemBytes takes as uvarint
)

// encodeItem checks and encodes an item that has its keys. It refuses what DynamoDB refuses: bad numbers, bad UTF-8,
// empty or repeating sets, more than MaxItemBytes.
func encodeItem(item store.Item) ([]byte, int, error) {
	size := itemSize(item)
	if size > store.MaxItemBytes {
		return nil, 0, desk.Errorf(desk.Invalid, "an item of %d bytes is over the limit of %d", size, store.MaxItemBytes)
	}
	out := binary.AppendUvarint(make([]byte, 0, size+size/4+lengthOfASize), uint64(size))
	names := attributeNames(item)
	for _, name := range names {
		if name == "PK" || name == "SK" {
			continue
		}
		if name == "" {
			return nil, 0, desk.Errorf(desk.Invalid, "an attribute has no name")
		}
		var err error
		if out, err = appendValue(appendText(out, name), item[name], 0); err != nil {
			return nil, 0, desk.Wrap(desk.Invalid, err, "attribute "+name)
		}
	}
	return out, size, nil
}

func attributeNames(item store.Item) []string { return slices.Sorted(maps.Keys(item)) }

func appendText[T string | []byte](out []byte, text T) []byte {
	return append(binary.AppendUvarint(out, uint64(len(text))), text...)
}

func appendValue(out []byte, v types.AttributeValue, depth int) ([]byte, error) {
	if depth > maxNesting {
		return nil, desk.Errorf(desk.Invalid, "lists and maps are nested deeper than %d", maxNesting)
	}
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		text, err := validText(v.Value)
		return appendText(append(out, kindString), text), err
	case *types.AttributeValueMemberN:
		d, err := parseDecimal(v.Value)
		return appendText(append(out, kindNumber), d.String()), err
	case *types.AttributeValueMemberB:
		return appendText(append(out, kindBinary), v.Value), nil
	case *types.AttributeValueMemberBOOL:
		if v.Value {
			return append(out, kindTrue), nil
		}
		return append(out, kindFalse), nil
	case *types.AttributeValueMemberNULL:
		return append(out, kindNull), nil
	case *types.AttributeValueMemberSS:
		return appendSet(append(out, kindStrings), v.Value, validText)
	case *types.AttributeValueMemberNS:
		return appendSet(append(out, kindNumbers), v.Value, canonicalNumber)
	case *types.AttributeValueMemberBS:
		texts := make([]string, len(v.Value))
		for i, b := range v.Value {
			texts[i] = string(b)
		}
		return appendSet(append(out, kindBinaries), texts, func(s string) (string, error) { return s, nil })
	case *types.AttributeValueMemberL:
		return appendList(out, v.Value, depth)
	case *types.AttributeValueMemberM:
		return appendMap(out, v.Value, depth)
	default:
		return nil, desk.Errorf(desk.Invalid, "a value of kind %T cannot be stored", v)
	}
}

func canonicalNumber(text string) (string, error) {
	d, err := parseDecimal(text)
	return d.String(), err
}

func validText(text string) (string, error) {
	if strings.ToValidUTF8(text, "") != text {
		return "", desk.Errorf(desk.Invalid, "a string is not UTF-8")
	}
	return text, nil
}

func appendSet(out []byte, members []string, normal func(string) (string, error)) ([]byte, error) {
	sorted := make([]string, len(members))
	for i, m := range members {
		var err error
		if sorted[i], err = normal(m); err != nil {
			return nil, err
		}
	}
	slices.Sort(sorted)
	if len(sorted) == 0 || len(slices.Compact(slices.Clone(sorted))) != len(sorted) {
		return nil, desk.Errorf(desk.Invalid, "a set is empty or holds a member twice")
	}
	out = binary.AppendUvarint(out, uint64(len(sorted)))
	for _, m := range sorted {
		out = appendText(out, m)
	}
	return out, nil
}

func appendList(out []byte, values []types.AttributeValue, depth int) ([]byte, error) {
	out = binary.AppendUvarint(append(out, kindList), uint64(len(values)))
	for _, v := range values {
		var err error
		if out, err = appendValue(out, v, depth+1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func appendMap(out []byte, values store.Item, depth int) ([]byte, error) {
	out = binary.AppendUvarint(append(out, kindMap), uint64(len(values)))
	for _, name := range attributeNames(values) {
		var err error
		if out, err = appendValue(appendText(out, name), values[name], depth+1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// decodeItem gives a stored item, its keys included, and its size in bytes.
func decodeItem(key store.Key, raw []byte) (store.Item, int, error) {
	r := reader{rest: raw}
	size := r.length()
	item := store.Item{"PK": stringValue(key.PK), "SK": stringValue(key.SK)}
	for len(r.rest) > 0 && !r.broken {
		name := r.text()
		item[name] = r.value()
	}
	if r.broken {
		return nil, 0, desk.Errorf(desk.Internal, "a stored item cannot be read")
	}
	return item, size, nil
}

func stringValue(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// reader walks through stored bytes; broken says that they ended too early or made no sense.
type reader struct {
	rest   []byte
	broken bool
}

func (r *reader) length() int {
	n, used := binary.Uvarint(r.rest)
	if used <= 0 || n > 1<<31 {
		r.rest, r.broken = nil, true
		return 0
	}
	r.rest = r.rest[used:]
	return int(n)
}

func (r *reader) bytes() []byte {
	n := r.length()
	if n > len(r.rest) {
		r.rest, r.broken = nil, true
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) text() string { return string(r.bytes()) }

func (r *reader) value() types.AttributeValue {
	if len(r.rest) == 0 {
		r.broken = true
		return nil
	}
	kind := r.rest[0]
	r.rest = r.rest[1:]
	switch kind {
	case kindString:
		return stringValue(r.text())
	case kindNumber:
		return &types.AttributeValueMemberN{Value: r.text()}
	case kindBinary:
		return &types.AttributeValueMemberB{Value: bytes.Clone(r.bytes())}
	case kindTrue, kindFalse:
		return &types.AttributeValueMemberBOOL{Value: kind == kindTrue}
	case kindNull:
		return &types.AttributeValueMemberNULL{Value: true}
	case kindStrings:
		return &types.AttributeValueMemberSS{Value: repeat(r, r.text)}
	case kindNumbers:
		return &types.AttributeValueMemberNS{Value: repeat(r, r.text)}
	case kindBinaries:
		return &types.AttributeValueMemberBS{Value: repeat(r, func() []byte { return bytes.Clone(r.bytes()) })}
	case kindList:
		return &types.AttributeValueMemberL{Value: repeat(r, r.value)}
	case kindMap:
		m := store.Item{}
		repeat(r, func() string {
			name := r.text()
			m[name] = r.value()
			return name
		})
		return &types.AttributeValueMemberM{Value: m}
	default:
		r.broken = true
		return nil
	}
}

func repeat[T any](r *reader, one func() T) []T {
	n := r.length()
	out := make([]T, 0, min(n, len(r.rest)))
	for range n {
		if r.broken {
			return out
		}
		out = append(out, one())
	}
	return out
}
