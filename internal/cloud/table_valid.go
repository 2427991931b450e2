package cloud

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// checkOps refuses what the SDK or DynamoDB would take, and understand in another way than the store's contract does: a
// value of nil is silently left out, an operation of no kind would be none. All else DynamoDB refuses itself.
func checkOps(ops []store.Op) error {
	if len(ops) == 0 || len(ops) > store.MaxWriteOps {
		return desk.Errorf(desk.Invalid, "a write has 1 to %d operations, not %d", store.MaxWriteOps, len(ops))
	}
	for _, op := range ops {
		if op.Kind < store.Put || op.Kind > store.Check {
			return desk.Errorf(desk.Invalid, "operation kind %d is unknown", op.Kind)
		}
		if op.Kind == store.Check && len(op.If) == 0 {
			return desk.Errorf(desk.Invalid, "a check has no condition")
		}
		for _, item := range []store.Item{op.Item, op.Set} {
			for attr, v := range item {
				if v == nil {
					return desk.InvalidField(attr, "has no value")
				}
			}
		}
		for _, c := range op.If {
			if err := checkCondition(c); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkCondition(c store.Condition) error {
	switch c.Test {
	case store.Exists, store.Absent:
	case store.Equals, store.Below, store.BelowOrAbsent:
		if c.To == nil {
			return desk.InvalidField(c.Attr, "a condition compares with nothing")
		}
	case store.BelowAttr:
		if c.Attr2 == "" {
			return desk.InvalidField(c.Attr, "a condition compares with nothing")
		}
	case store.Holds, store.Lacks:
		if _, ok := c.To.(*types.AttributeValueMemberS); !ok {
			return desk.InvalidField(c.Attr, "only a string is in a set of strings")
		}
	default:
		return desk.InvalidField(c.Attr, "test %d is unknown", c.Test)
	}
	return nil
}
