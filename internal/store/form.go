package store

import (
	"encoding/base32"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
)

// form goes through the fields of a noun, one call a field, and either writes them into an item or reads them from it:
// so the layout of a noun stands in one function, for both ways. Zero values are not stored. Names are short because
// every byte of an item is paid for with each write.
type form struct {
	item  Item
	read  bool
	names []string // every attribute that the layout knows, stored or not
	err   error    // an attribute of another type than the layout's
}

// layout describes a noun to a form.
type layout[T any] func(f *form, v *T)

// encode makes an item of a noun.
func encode[T any](v T, fields layout[T]) Item {
	f := form{item: Item{}}
	fields(&f, &v)
	return f.item
}

// decode makes a noun of an item.
func decode[T any](item Item, fields layout[T]) (T, error) {
	var v T
	f := form{item: item, read: true}
	fields(&f, &v)
	if f.err != nil {
		return v, desk.Wrap(desk.Internal, f.err, "reading an item")
	}
	return v, nil
}

// update makes the operation that replaces the noun's attributes and leaves all others of the item alone.
func update[T any](key Key, v T, fields layout[T]) Op {
	f := form{item: Item{}}
	fields(&f, &v)
	op := Op{Kind: Update, Key: key, Set: f.item}
	for _, name := range f.names {
		if _, set := f.item[name]; !set {
			op.Remove = append(op.Remove, name)
		}
	}
	return op
}

// put stores a field unless it is zero.
func (f *form) put(name string, set bool, v types.AttributeValue) {
	f.names = append(f.names, name)
	if set {
		f.item[name] = v
	}
}

// stored gives the attribute of a field; ok is false if it is absent.
func stored[A types.AttributeValue](f *form, name string) (a A, ok bool) {
	v, present := f.item[name]
	if !present {
		return a, false
	}
	a, ok = v.(A)
	if !ok {
		f.fail(name, fmt.Errorf("is a %T", v))
	}
	return a, ok
}

func (f *form) fail(name string, err error) {
	if f.err == nil {
		f.err = fmt.Errorf("attribute %s: %w", name, err)
	}
}

func str(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }

func num[T ~int | ~int64](v T) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(int64(v), 10)}
}

// text is a string.
func text[T ~string](f *form, name string, v *T) {
	if !f.read {
		f.put(name, *v != "", str(string(*v)))
	} else if a, ok := stored[*types.AttributeValueMemberS](f, name); ok {
		*v = T(a.Value)
	}
}

// number is a whole number.
func number[T ~int | ~int64](f *form, name string, v *T) {
	if !f.read {
		f.put(name, *v != 0, num(*v))
		return
	}
	if a, ok := stored[*types.AttributeValueMemberN](f, name); ok {
		n, err := strconv.ParseInt(a.Value, 10, 64)
		if err != nil {
			f.fail(name, err)
		}
		*v = T(n)
	}
}

// flag is true or absent.
func flag(f *form, name string, v *bool) {
	if !f.read {
		f.put(name, *v, &types.AttributeValueMemberBOOL{Value: *v})
	} else if a, ok := stored[*types.AttributeValueMemberBOOL](f, name); ok {
		*v = a.Value
	}
}

// instant is a number of milliseconds since 1970.
func instant(f *form, name string, v *time.Time) {
	var ms int64
	if !f.read && !v.IsZero() {
		ms = v.UnixMilli()
	}
	number(f, name, &ms)
	if f.read && ms != 0 {
		*v = time.UnixMilli(ms).UTC()
	}
}

// span is a number of milliseconds.
func span(f *form, name string, v *time.Duration) {
	ms := v.Milliseconds()
	number(f, name, &ms)
	if f.read {
		*v = time.Duration(ms) * time.Millisecond
	}
}

// texts is a list of strings.
func texts[T ~string](f *form, name string, v *[]T) {
	if !f.read {
		values := make([]types.AttributeValue, len(*v))
		for i, s := range *v {
			values[i] = str(string(s))
		}
		f.put(name, len(values) > 0, &types.AttributeValueMemberL{Value: values})
		return
	}
	if a, ok := stored[*types.AttributeValueMemberL](f, name); ok {
		for _, value := range a.Value {
			s, ok := value.(*types.AttributeValueMemberS)
			if !ok {
				f.fail(name, fmt.Errorf("holds a %T", value))
				return
			}
			*v = append(*v, T(s.Value))
		}
	}
}

// dictionary is a map of strings.
func dictionary(f *form, name string, v *map[string]string) {
	inner(f, name, func(g *form) {
		if !g.read {
			for key, value := range *v {
				g.item[key] = str(value)
			}
			return
		}
		*v = make(map[string]string, len(g.item))
		for key := range g.item {
			var value string
			text(g, key, &value)
			(*v)[key] = value
		}
	})
}

// inner is a noun within the noun.
func inner(f *form, name string, fields func(*form)) {
	if !f.read {
		g := form{item: Item{}}
		fields(&g)
		f.put(name, len(g.item) > 0, &types.AttributeValueMemberM{Value: g.item})
		return
	}
	if a, ok := stored[*types.AttributeValueMemberM](f, name); ok {
		g := form{item: a.Value, read: true}
		fields(&g)
		if g.err != nil {
			f.fail(name, g.err)
		}
	}
}

// list is a list of nouns.
func list[T any](f *form, name string, v *[]T, fields layout[T]) {
	if !f.read {
		values := make([]types.AttributeValue, len(*v))
		for i, element := range *v {
			values[i] = &types.AttributeValueMemberM{Value: encode(element, fields)}
		}
		f.put(name, len(values) > 0, &types.AttributeValueMemberL{Value: values})
		return
	}
	a, ok := stored[*types.AttributeValueMemberL](f, name)
	if !ok {
		return
	}
	for _, value := range a.Value {
		m, ok := value.(*types.AttributeValueMemberM)
		if !ok {
			f.fail(name, fmt.Errorf("holds a %T", value))
			return
		}
		element, err := decode(m.Value, fields)
		if err != nil {
			f.fail(name, err)
		}
		*v = append(*v, element)
	}
}

// placeText is how ids of 24 characters are written out; packed they are 15 bytes.
var placeText = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

const packedBytes = 15

// pack gives the 15 bytes of an id; ok is false for an id that the desk did not make.
func pack(id string) (packed []byte, ok bool) {
	packed, err := placeText.DecodeString(id)
	return packed, err == nil && len(packed) == packedBytes
}

// id is an id, packed where that is possible: a conversation holds up to two dozen of them, and shall stay below 1 KiB.
func id[T ~string](f *form, name string, v *T) {
	var one []T
	if *v != "" {
		one = append(one, *v)
	}
	ids(f, name, &one)
	if f.read && len(one) == 1 {
		*v = one[0]
	}
}

// ids are ids, packed one after another; a list of strings if one of them cannot be.
func ids[T ~string](f *form, name string, v *[]T) {
	if f.read {
		a, packed := f.item[name].(*types.AttributeValueMemberB)
		if !packed {
			texts(f, name, v)
			return
		}
		for some := range slices.Chunk(a.Value, packedBytes) {
			*v = append(*v, T(placeText.EncodeToString(some)))
		}
		return
	}
	var value []byte
	for _, one := range *v {
		packed, ok := pack(string(one))
		if !ok {
			texts(f, name, v)
			return
		}
		value = append(value, packed...)
	}
	f.put(name, len(value) > 0, &types.AttributeValueMemberB{Value: value})
}

// set is a string set, which operations grow and shrink.
func set[T ~string](values []T) types.AttributeValue {
	ss := make([]string, len(values))
	for i, v := range values {
		ss[i] = string(v)
	}
	return &types.AttributeValueMemberSS{Value: ss}
}

func setOf(item Item, name string) []string {
	if a, ok := item[name].(*types.AttributeValueMemberSS); ok {
		return slices.Sorted(slices.Values(a.Value))
	}
	return nil
}
