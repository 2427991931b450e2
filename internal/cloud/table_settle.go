package cloud

import (
	"bytes"
	"math/big"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// errUnknown says that a write may have been done, and that its caller has to look.
func errUnknown() error {
	return desk.Errorf(desk.Unavailable, "whether the write was done is not known: its answer was lost")
}

// settle says what the failed condition of a single operation means, from the item as it stands (nil for none). With
// unsure an earlier attempt may have been carried out.
func settle(op store.Op, stands store.Item, unsure bool) error {
	switch {
	case !unsure:
	case op.Kind == store.Delete && len(stands) == 0:
		return errUnknown()
	case op.Kind == store.Put && sameItems(itemOfPut(op), stands), op.Kind == store.Update && shows(op, stands):
		return nil
	}
	return conditionError(0, op, stands)
}

// repeatable says that doing the operation twice leaves what doing it once leaves, or that it cannot be done twice.
func repeatable(op store.Op) bool {
	for _, n := range op.Add {
		if n != 0 {
			return guarded(op)
		}
	}
	return true
}

// guarded says that a condition of the update does not hold any more once the update was done, and that [shows] can see it.
func guarded(op store.Op) bool {
	return slices.ContainsFunc(op.If, func(c store.Condition) bool {
		set, sets := op.Set[c.Attr]
		removes := slices.Contains(op.Remove, c.Attr)
		switch c.Test {
		case store.Absent:
			return sets || len(op.AddTo[c.Attr]) > 0
		case store.Exists:
			return removes
		case store.Equals:
			return removes || sets && !same(set, c.To)
		case store.Lacks:
			return slices.Contains(op.AddTo[c.Attr], textIn(c.To))
		case store.Holds:
			return removes || slices.Contains(op.TakeFrom[c.Attr], textIn(c.To))
		default:
			return false
		}
	})
}

// shows says that an item holds everything that the update sets; what it adds cannot be seen.
func shows(op store.Op, item store.Item) bool {
	if len(item) == 0 {
		return false
	}
	for attr, v := range op.Set {
		if !same(v, item[attr]) {
			return false
		}
	}
	for _, attr := range op.Remove {
		if item[attr] != nil {
			return false
		}
	}
	return showsSets(op.AddTo, item, true) && showsSets(op.TakeFrom, item, false)
}

func showsSets(sets map[string][]string, item store.Item, in bool) bool {
	for attr, members := range sets {
		var has []string
		if set, ok := item[attr].(*types.AttributeValueMemberSS); ok {
			has = set.Value
		}
		for _, member := range members {
			if slices.Contains(has, member) != in {
				return false
			}
		}
	}
	return true
}

func textIn(v types.AttributeValue) string {
	if s, ok := v.(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

func sameItems(a, b store.Item) bool {
	if len(a) != len(b) {
		return false
	}
	for attr, v := range a {
		if !same(v, b[attr]) {
			return false
		}
	}
	return true
}

// same compares as DynamoDB does: numbers by value, sets in any order.
func same(a, b types.AttributeValue) bool {
	switch a := a.(type) {
	case *types.AttributeValueMemberS:
		b, ok := b.(*types.AttributeValueMemberS)
		return ok && a.Value == b.Value
	case *types.AttributeValueMemberN:
		b, ok := b.(*types.AttributeValueMemberN)
		return ok && sameNumbers(a.Value, b.Value)
	case *types.AttributeValueMemberB:
		b, ok := b.(*types.AttributeValueMemberB)
		return ok && bytes.Equal(a.Value, b.Value)
	case *types.AttributeValueMemberBOOL:
		b, ok := b.(*types.AttributeValueMemberBOOL)
		return ok && a.Value == b.Value
	case *types.AttributeValueMemberNULL:
		_, ok := b.(*types.AttributeValueMemberNULL)
		return ok
	case *types.AttributeValueMemberSS:
		b, ok := b.(*types.AttributeValueMemberSS)
		return ok && sameSets(a.Value, b.Value, func(x, y string) bool { return x == y })
	case *types.AttributeValueMemberNS:
		b, ok := b.(*types.AttributeValueMemberNS)
		return ok && sameSets(a.Value, b.Value, sameNumbers)
	case *types.AttributeValueMemberBS:
		b, ok := b.(*types.AttributeValueMemberBS)
		return ok && sameSets(a.Value, b.Value, bytes.Equal)
	case *types.AttributeValueMemberL:
		b, ok := b.(*types.AttributeValueMemberL)
		return ok && slices.EqualFunc(a.Value, b.Value, same)
	case *types.AttributeValueMemberM:
		b, ok := b.(*types.AttributeValueMemberM)
		return ok && sameItems(a.Value, b.Value)
	default:
		return false
	}
}

func sameNumbers(a, b string) bool {
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return okX && okY && x.Cmp(y) == 0
}

// sameSets compares sets, whose members are distinct.
func sameSets[T any](a, b []T, equal func(T, T) bool) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(x T) bool {
		return !slices.ContainsFunc(b, func(y T) bool { return equal(x, y) })
	})
}
