package cloud

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/store"
)

// expression collects the names and values of DynamoDB's expressions, which speak of both only by place-holders: so no
// reserved word and no customer's text can be misread.
type expression struct {
	names  map[string]string
	values store.Item
}

func (e *expression) name(attribute string) string {
	if e.names == nil {
		e.names = map[string]string{}
	}
	holder := "#" + strconv.Itoa(len(e.names))
	e.names[holder] = attribute
	return holder
}

func (e *expression) value(v types.AttributeValue) string {
	if e.values == nil {
		e.values = store.Item{}
	}
	holder := ":" + strconv.Itoa(len(e.values))
	e.values[holder] = v
	return holder
}

// within is the part of a key condition that narrows the sort key; it begins with AND, or is empty.
func (e *expression) within(sk string, q store.Query) string {
	switch {
	case q.Prefix != "":
		return " AND begins_with(" + e.name(sk) + ", " + e.value(text(q.Prefix)) + ")"
	case q.From != "" && q.To != "":
		return " AND " + e.name(sk) + " BETWEEN " + e.value(text(q.From)) + " AND " + e.value(text(q.To))
	case q.From != "":
		return " AND " + e.name(sk) + " >= " + e.value(text(q.From))
	case q.To != "":
		return " AND " + e.name(sk) + " <= " + e.value(text(q.To))
	default:
		return ""
	}
}

// condition gives the condition expression; nil for no conditions.
func (e *expression) condition(conditions []store.Condition) *string {
	if len(conditions) == 0 {
		return nil
	}
	parts := make([]string, len(conditions))
	for i, c := range conditions {
		parts[i] = e.test(c)
	}
	return aws.String(strings.Join(parts, " AND "))
}

func (e *expression) test(c store.Condition) string {
	attr := e.name(c.Attr)
	absent := "attribute_not_exists(" + attr + ")"
	switch c.Test {
	case store.Exists:
		return "attribute_exists(" + attr + ")"
	case store.Absent:
		return absent
	case store.Equals:
		return attr + " = " + e.value(c.To)
	case store.Below:
		return attr + " < " + e.value(c.To)
	case store.BelowOrAbsent:
		return "(" + absent + " OR " + attr + " < " + e.value(c.To) + ")"
	case store.BelowAttr:
		return attr + " < " + e.name(c.Attr2)
	case store.Holds:
		return "contains(" + attr + ", " + e.value(c.To) + ")"
	default: // Lacks; checkCondition lets no other pass
		return "NOT contains(" + attr + ", " + e.value(c.To) + ")"
	}
}

// change gives the update expression; nil for an update of nothing, which only makes sure that there is an item.
func (e *expression) change(op store.Op) *string {
	var set, add, take, remove []string
	for attr, v := range op.Set {
		set = append(set, e.name(attr)+" = "+e.value(v))
	}
	for attr, n := range op.Add {
		add = append(add, e.name(attr)+" "+e.value(&types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}))
	}
	for attr, members := range op.AddTo {
		add = append(add, e.name(attr)+" "+e.value(&types.AttributeValueMemberSS{Value: members}))
	}
	for attr, members := range op.TakeFrom {
		take = append(take, e.name(attr)+" "+e.value(&types.AttributeValueMemberSS{Value: members}))
	}
	for _, attr := range op.Remove {
		remove = append(remove, e.name(attr))
	}
	var clauses []string
	clause := func(word string, parts []string) {
		if len(parts) > 0 {
			clauses = append(clauses, word+" "+strings.Join(parts, ", "))
		}
	}
	clause("SET", set)
	clause("ADD", add)
	clause("DELETE", take)
	clause("REMOVE", remove)
	if len(clauses) == 0 {
		return nil
	}
	return aws.String(strings.Join(clauses, " "))
}
