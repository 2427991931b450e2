package store

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Item is one item of the table, key attributes included.
type Item = map[string]types.AttributeValue

// Key names one item.
type Key struct{ PK, SK string }

// Index names a global secondary index. Its keys are the attributes P<n> and S<n> of the items; an item without P<n>
// is not in it. Every index projects keys only.
type Index string

// The indexes. Base means the table itself.
const (
	Base         Index = ""
	ByStatus     Index = "1" // conversations and tickets by status, contacts of an account
	ByOwner      Index = "2" // by assignee or responsible
	ByDepartment Index = "3"
	ByInbox      Index = "4"
)

// Indexes lists every index of the table.
var Indexes = []Index{ByStatus, ByOwner, ByDepartment, ByInbox}

// Keys gives the names of the partition and the sort attribute of the index.
func (i Index) Keys() (pk, sk string) {
	if i == Base {
		return "PK", "SK"
	}
	return "P" + string(i), "S" + string(i)
}

// Name is what the index is called in DynamoDB, which wants at least three characters; "" for Base.
func (i Index) Name() string {
	if i == Base {
		return ""
	}
	return "by" + string(i)
}

// TTL is the number attribute (epoch seconds) after which an item may vanish. Readers must not rely on its being gone:
// the store checks the instant itself.
const TTL = "ttl"

// Limits that every driver enforces with desk.Invalid, as DynamoDB does.
const (
	MaxItemBytes = 400 << 10
	MaxWriteOps  = 100
	MaxBatchGet  = 100
)

// Table is the driver under the store: what DynamoDB can do, no more. Every call adds its cost to the [Meter] of its
// context. Calls are safe concurrently. Errors carry desk codes: unavailable (a repeat may succeed), limited
// (throttled), invalid (a limit exceeded); a condition that does not hold is a [*ConditionError].
type Table interface {
	// Get reads one item; ok is false if there is none. A consistent read sees every write that ended before it began.
	Get(ctx context.Context, key Key, consistent bool) (item Item, ok bool, err error)
	// BatchGet reads at most MaxBatchGet items in one round trip; absent ones are missing from the map.
	BatchGet(ctx context.Context, keys []Key, consistent bool) (map[Key]Item, error)
	// Query reads items of one partition in the order of the sort key. On an index it is eventually consistent and the
	// items hold only PK, SK and the index's own keys.
	Query(ctx context.Context, query Query) (Page, error)
	// Write does one operation, or several atomically: all or none, each on an item of its own. When several have
	// conditions, the error names the first that failed. What is written is in the change stream.
	Write(ctx context.Context, ops ...Op) error
}

// Query is a range of one partition.
type Query struct {
	Index      Index
	PK         string
	Prefix     string // sort keys that begin so; "" for all. Not together with From or To
	From, To   string // sort keys from From to To, both included; "" leaves an end open
	After      *Item  // exclusive start: the Next of the page before
	Backward   bool   // newest first
	Limit      int    // 1..1000
	Consistent bool   // base table only
}

// Page is one page of a query. DynamoDB also ends a page at 1 MiB.
type Page struct {
	Items []Item
	Next  *Item // keys to go on after; nil at the end of the range
}

// OpKind says what an operation does.
type OpKind int

// The operations.
const (
	Put    OpKind = iota + 1 // replace or create the whole item
	Update                   // change some attributes; creates the item if there is none
	Delete                   // remove the item; harmless if there is none
	Check                    // only the conditions
)

// Op is one operation of a write.
type Op struct {
	Kind OpKind
	Key  Key
	Item Item // Put: all attributes but the key (PK and SK are taken from Key)

	Set      Item                // Update: attributes to set
	Add      map[string]int64    // Update: numbers to add to (absent counts as 0)
	AddTo    map[string][]string // Update: string sets to grow
	TakeFrom map[string][]string // Update: string sets to shrink; an emptied set is removed
	Remove   []string            // Update: attributes to remove
	If       []Condition         // all must hold
	WantOld  bool                // the ConditionError of a failed condition carries the item
}

// Condition is one demand on the item as it stands before the operation.
type Condition struct {
	Attr  string
	Test  Test
	To    types.AttributeValue // for Equals, Below, BelowOrAbsent
	Attr2 string               // for BelowAttr
}

// Test is how a condition compares.
type Test int

// The tests. An item that does not exist has no attributes.
const (
	Exists        Test = iota + 1
	Absent             // the attribute, or the item, does not exist
	Equals             // exists and is equal
	Below              // exists, has the same type and is less
	BelowOrAbsent      // absent, or less
	BelowAttr          // Attr is less than Attr2; both exist
	Holds              // the string set Attr holds the string To
	Lacks              // it does not, or is absent
)

// ConditionError says that a condition did not hold and that nothing was written.
type ConditionError struct {
	Op  int  // the index of the operation
	Old Item // the item as it stands, if WantOld was set and it exists
}

func (e *ConditionError) Error() string {
	return fmt.Sprintf("condition of operation %d does not hold", e.Op)
}

// Change is one record of the change stream: an item before and after a write. Records of one item come in order, each
// at least once.
type Change struct {
	ID  string // unique and rising within a partition key
	Key Key
	Old Item // nil: created
	New Item // nil: removed
}
