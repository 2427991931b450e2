package local

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// DynamoDB's limits of keys and of a transaction, in bytes, and of a page, in items.
const (
	maxPartitionBytes = 2048
	maxSortBytes      = 1024
	maxWriteBytes     = 4 << 20
	maxLimit          = 1000
)

func checkKey(key store.Key) error {
	if err := checkKeyText("PK", key.PK, maxPartitionBytes); err != nil {
		return err
	}
	return checkKeyText("SK", key.SK, maxSortBytes)
}

func checkKeyText(name, text string, limit int) error {
	if text == "" {
		return desk.InvalidField(name, "a key must not be empty")
	}
	if len(text) > limit {
		return desk.InvalidField(name, "a key of %d bytes is over the limit of %d", len(text), limit)
	}
	if _, err := validText(text); err != nil {
		return desk.InvalidField(name, "a key must be UTF-8")
	}
	return nil
}

func checkBatch(keys []store.Key) error {
	if len(keys) > store.MaxBatchGet {
		return desk.Errorf(desk.Invalid, "%d keys are over the limit of %d in one read", len(keys), store.MaxBatchGet)
	}
	seen := make(map[store.Key]bool, len(keys))
	for _, key := range keys {
		if err := checkKey(key); err != nil {
			return err
		}
		if seen[key] {
			return desk.Errorf(desk.Invalid, "a read names one item twice")
		}
		seen[key] = true
	}
	return nil
}

func checkQuery(q store.Query) error {
	pkName, skName := q.Index.Keys()
	if err := checkKeyText(pkName, q.PK, maxPartitionBytes); err != nil {
		return err
	}
	switch {
	case q.Limit < 1 || q.Limit > maxLimit:
		return desk.InvalidField("Limit", "must be 1 to %d", maxLimit)
	case q.Prefix != "" && (q.From != "" || q.To != ""):
		return desk.InvalidField("Prefix", "does not go with From or To")
	case q.From != "" && q.To != "" && q.From > q.To:
		return desk.InvalidField("From", "is above To")
	case q.Consistent && q.Index != store.Base:
		return desk.InvalidField("Consistent", "an index is never read consistently")
	case max(len(q.Prefix), len(q.From), len(q.To)) > maxSortBytes:
		return desk.InvalidField(skName, "a key is at most %d bytes long", maxSortBytes)
	}
	return nil
}

func checkOps(ops []store.Op) error {
	if len(ops) == 0 || len(ops) > store.MaxWriteOps {
		return desk.Errorf(desk.Invalid, "a write has 1 to %d operations, not %d", store.MaxWriteOps, len(ops))
	}
	seen := make(map[store.Key]bool, len(ops))
	total := 0
	for _, op := range ops {
		if err := checkKey(op.Key); err != nil {
			return err
		}
		if seen[op.Key] {
			return desk.Errorf(desk.Invalid, "a write names one item twice")
		}
		seen[op.Key] = true
		if err := checkOp(op); err != nil {
			return err
		}
		if len(ops) > 1 && op.Kind == store.Update && changesNothing(op) {
			return desk.Errorf(desk.Invalid, "an update within a transaction must change something")
		}
		total += itemSize(op.Item) + itemSize(op.Set)
	}
	if len(ops) > 1 && total > maxWriteBytes {
		return desk.Errorf(desk.Invalid, "a write of %d bytes is over the limit of %d", total, maxWriteBytes)
	}
	return nil
}

// changesNothing says that an update names no change; alone it may still create the item.
func changesNothing(op store.Op) bool {
	return len(op.Set)+len(op.Add)+len(op.AddTo)+len(op.TakeFrom)+len(op.Remove) == 0
}

func checkOp(op store.Op) error {
	switch op.Kind {
	case store.Put, store.Delete:
	case store.Update:
		if err := checkUpdate(op); err != nil {
			return err
		}
	case store.Check:
		if len(op.If) == 0 {
			return desk.Errorf(desk.Invalid, "a check has no condition")
		}
	default:
		return desk.Errorf(desk.Invalid, "operation kind %d is unknown", op.Kind)
	}
	for _, c := range op.If {
		if err := checkCondition(c); err != nil {
			return err
		}
	}
	return nil
}

// checkUpdate refuses an attribute named twice, a key, and an empty set.
func checkUpdate(op store.Op) error {
	seen := map[string]bool{"PK": true, "SK": true}
	once := func(name string) error {
		if name == "" || seen[name] {
			return desk.InvalidField(name, "an update names a key, or an attribute twice")
		}
		seen[name] = true
		return nil
	}
	names := append(attributeNames(op.Set), op.Remove...)
	for name := range op.Add {
		names = append(names, name)
	}
	for _, sets := range []map[string][]string{op.AddTo, op.TakeFrom} {
		for name, members := range sets {
			names = append(names, name)
			if _, err := appendSet(nil, members, validText); err != nil {
				return desk.Wrap(desk.Invalid, err, "attribute "+name)
			}
		}
	}
	for _, name := range names {
		if err := once(name); err != nil {
			return err
		}
	}
	return nil
}

func checkCondition(c store.Condition) error {
	if c.Attr == "" {
		return desk.Errorf(desk.Invalid, "a condition names no attribute")
	}
	bad := func() error { return desk.InvalidField(c.Attr, "a condition compares with a value of the wrong kind") }
	switch c.Test {
	case store.Exists, store.Absent:
		return nil
	case store.Equals:
		_, err := appendValue(nil, c.To, 0)
		return err
	case store.Below, store.BelowOrAbsent:
		if !ordered(c.To) {
			return bad()
		}
		_, err := appendValue(nil, c.To, 0)
		return err
	case store.BelowAttr:
		if c.Attr2 == "" {
			return bad()
		}
		return nil
	case store.Holds, store.Lacks:
		if _, ok := textOf(c.To); !ok {
			return bad()
		}
		return nil
	default:
		return desk.InvalidField(c.Attr, "test %d is unknown", c.Test)
	}
}

func ordered(v types.AttributeValue) bool {
	switch v.(type) {
	case *types.AttributeValueMemberS, *types.AttributeValueMemberN, *types.AttributeValueMemberB:
		return true
	default:
		return false
	}
}

// checkIndexKeys refuses index attributes that are no key: not a string, empty, or too long.
func checkIndexKeys(item store.Item) error {
	for _, index := range store.Indexes {
		pName, sName := index.Keys()
		for name, limit := range map[string]int{pName: maxPartitionBytes, sName: maxSortBytes} {
			v, has := item[name]
			if !has {
				continue
			}
			text, ok := textOf(v)
			if !ok {
				return desk.InvalidField(name, "an index key must be a string")
			}
			if err := checkKeyText(name, text, limit); err != nil {
				return err
			}
		}
	}
	return nil
}
