package local

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/store"
)

// change computes the item after an update of the item before it (nil if there is none).
func change(op store.Op, before store.Item) (store.Item, error) {
	item := withKeys(before, op.Key)
	maps.Copy(item, op.Set)
	for _, name := range op.Remove {
		delete(item, name)
	}
	for name, n := range op.Add {
		sum, err := added(before[name], n)
		if err != nil {
			return nil, err
		}
		item[name] = sum
	}
	for name, members := range op.AddTo {
		have, err := membersOf(before[name])
		if err != nil {
			return nil, err
		}
		item[name] = setOf(append(slices.Clone(have), members...))
	}
	for name, members := range op.TakeFrom {
		have, err := membersOf(before[name])
		if err != nil {
			return nil, err
		}
		delete(item, name)
		rest := slices.DeleteFunc(slices.Clone(have), func(m string) bool { return slices.Contains(members, m) })
		if len(rest) > 0 {
			item[name] = setOf(rest)
		}
	}
	return item, nil
}

func added(v types.AttributeValue, n int64) (types.AttributeValue, error) {
	if v == nil {
		return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}, nil
	}
	number, ok := v.(*types.AttributeValueMemberN)
	if !ok {
		return nil, errWrongKind
	}
	d, err := parseDecimal(number.Value)
	if err != nil {
		return nil, err
	}
	sum, err := d.plus(n)
	return &types.AttributeValueMemberN{Value: sum.String()}, err
}

// membersOf gives the members of a string set; an absent one has none.
func membersOf(v types.AttributeValue) ([]string, error) {
	if v == nil {
		return nil, nil
	}
	set, ok := v.(*types.AttributeValueMemberSS)
	if !ok {
		return nil, errWrongKind
	}
	return set.Value, nil
}

func setOf(members []string) types.AttributeValue {
	slices.Sort(members)
	return &types.AttributeValueMemberSS{Value: slices.Compact(members)}
}

func textOf(v types.AttributeValue) (string, bool) {
	s, ok := v.(*types.AttributeValueMemberS)
	if !ok {
		return "", false
	}
	return s.Value, true
}

// holds says whether a checked condition is true of an item; nil is an item that does not exist.
func holds(c store.Condition, item store.Item) bool {
	have := item[c.Attr]
	switch c.Test {
	case store.Exists:
		return have != nil
	case store.Absent:
		return have == nil
	case store.Equals:
		return have != nil && equal(have, c.To)
	case store.Below:
		return below(have, c.To)
	case store.BelowOrAbsent:
		return have == nil || below(have, c.To)
	case store.BelowAttr:
		return below(have, item[c.Attr2])
	case store.Holds:
		return contains(have, c.To)
	case store.Lacks:
		return !contains(have, c.To)
	default:
		return false
	}
}

// below compares two strings, numbers or binaries; values of different kinds are never below one another.
func below(a, b types.AttributeValue) bool {
	switch a := a.(type) {
	case *types.AttributeValueMemberS:
		b, ok := b.(*types.AttributeValueMemberS)
		return ok && a.Value < b.Value
	case *types.AttributeValueMemberN:
		b, ok := b.(*types.AttributeValueMemberN)
		return ok && compareNumbers(a.Value, b.Value) < 0
	case *types.AttributeValueMemberB:
		b, ok := b.(*types.AttributeValueMemberB)
		return ok && string(a.Value) < string(b.Value)
	default:
		return false
	}
}

// compareNumbers compares numbers that were accepted before.
func compareNumbers(a, b string) int {
	x, errX := parseDecimal(a)
	y, errY := parseDecimal(b)
	if errX != nil || errY != nil {
		return cmp.Compare(a, b)
	}
	return x.compare(y)
}

// contains is DynamoDB's contains(): a member of a string set or, in a string, a part of it.
func contains(have, to types.AttributeValue) bool {
	text, ok := textOf(to)
	if !ok {
		return false
	}
	switch have := have.(type) {
	case *types.AttributeValueMemberSS:
		return slices.Contains(have.Value, text)
	case *types.AttributeValueMemberS:
		return strings.Contains(have.Value, text)
	default:
		return false
	}
}

// equal compares by the stored form, in which equal values are equal bytes.
func equal(a, b types.AttributeValue) bool {
	x, errX := appendValue(nil, a, 0)
	y, errY := appendValue(nil, b, 0)
	return errX == nil && errY == nil && string(x) == string(y)
}
