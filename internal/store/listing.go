package store

import (
	"cmp"
	"context"
	"encoding/base64"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/relevo/relevo/internal/desk"
)

// listing is one list to be read by pages: one or more lanes, merged by their sort text.
type listing struct {
	kind       string // one letter; a cursor is good only for lists of its kind
	lanes      []lane
	backward   bool
	consistent bool
	target     func(id string) Key // the item that a row of the list is about
}

// lane is one partition of a listing. In an index the rows are the listed items themselves; in the table they are rows
// whose sort key ends in the id.
type lane struct {
	index  Index
	pk     string
	prefix string // of the sort keys, in the table
}

// row is one entry of a listing.
type row struct{ sort, id string }

// veiled is a place just before all rows of the row's instant, for lists that are read backward: who goes on from there
// meets the row again, and the place does not name it.
func (r row) veiled() row {
	return row{sort: r.sort[:min(len(r.sort), len(millis(time.Time{})))] + "~", id: "~"}
}

// read gives one page of rows, and where the next one begins.
func (l listing) read(ctx context.Context, table Table, page desk.PageRequest) ([]row, desk.Cursor, error) {
	if page.Limit < 1 || page.Limit > MaxBatchGet {
		return nil, "", desk.InvalidField("limit", "want 1 to %d", MaxBatchGet)
	}
	after, err := l.parse(page.After)
	if err != nil {
		return nil, "", err
	}
	found := make([][]row, len(l.lanes))
	err = parallel(len(l.lanes), func(i int) error {
		lane := l.lanes[i]
		query := Query{
			Index: lane.index, PK: lane.pk, Prefix: lane.prefix, Backward: l.backward, Consistent: l.consistent && lane.index == Base,
		}
		if after != (row{}) {
			query.After = l.start(lane, after)
		}
		items, err := atMost(ctx, table, query, page.Limit+1)
		for _, item := range items {
			found[i] = append(found[i], lane.row(item))
		}
		return err
	})
	if err != nil {
		return nil, "", desk.Wrap(desk.Internal, err, "reading a list")
	}
	rows := slices.Concat(found...)
	slices.SortFunc(rows, func(a, b row) int {
		order := cmp.Or(strings.Compare(a.sort, b.sort), strings.Compare(a.id, b.id))
		if l.backward {
			return -order
		}
		return order
	})
	rows = slices.Compact(rows)
	if len(rows) <= page.Limit {
		return rows, "", nil
	}
	rows = rows[:page.Limit]
	return rows, l.cursor(rows[len(rows)-1]), nil
}

func (l lane) row(item Item) row {
	key := keyOf(item)
	if l.index == Base {
		return row{sort: key.SK[len(l.prefix):], id: last(key.SK)}
	}
	_, attr := l.index.Keys()
	var sort string
	text(&form{item: item, read: true}, attr, &sort)
	return row{sort: sort, id: last(key.PK)}
}

// start gives the keys after which the lane goes on; the row itself may stand in another lane.
func (l listing) start(lane lane, after row) *Item {
	if lane.index == Base {
		return &Item{"PK": str(lane.pk), "SK": str(lane.prefix + after.sort)}
	}
	pk, sk := lane.index.Keys()
	target := l.target(after.id)
	return &Item{"PK": str(target.PK), "SK": str(target.SK), pk: str(lane.pk), sk: str(after.sort)}
}

// cursorVersion begins every cursor; cursors of another layout are refused.
const cursorVersion = "1"

const maxCursor = 512

// cursor writes a position: version, kind of list, sum of both list and position, sort text and id of the last row.
func (l listing) cursor(at row) desk.Cursor {
	return desk.Cursor(base64.RawURLEncoding.EncodeToString([]byte(cursorVersion + l.kind + l.sum(at) + "\n" + at.sort + "\n" + at.id)))
}

// sum binds a position to the partitions of the list that it was made for, and tells if it is whole.
func (l listing) sum(at row) string {
	sum := fnv.New32a()
	for _, lane := range l.lanes {
		sum.Write([]byte(lane.pk + "\n" + lane.prefix + "\n"))
	}
	sum.Write([]byte(at.sort + "\n" + at.id))
	return strconv.FormatUint(uint64(sum.Sum32()), 36)
}

func (l listing) parse(c desk.Cursor) (row, error) {
	if c == "" {
		return row{}, nil
	}
	bad := desk.InvalidField("cursor", "was not made for this list")
	if len(c) > maxCursor {
		return row{}, bad
	}
	plain, err := base64.RawURLEncoding.Strict().DecodeString(string(c))
	if err != nil || !utf8.Valid(plain) {
		return row{}, bad
	}
	position, ours := strings.CutPrefix(string(plain), cursorVersion+l.kind)
	sum, position, _ := strings.Cut(position, "\n")
	sort, id, _ := strings.Cut(position, "\n")
	at := row{sort: sort, id: id}
	if !ours || sort == "" || id == "" || sum != l.sum(at) || strings.ContainsFunc(sort+id, func(r rune) bool { return r < ' ' }) {
		return row{}, bad
	}
	return at, nil
}

// fetch reads the targets of rows, in their order; those that are gone are left out.
func (l listing) fetch(ctx context.Context, table Table, rows []row, consistent bool) ([]Item, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	keys := make([]Key, len(rows))
	for i, row := range rows {
		keys[i] = l.target(row.id)
	}
	slices.SortFunc(keys, func(a, b Key) int { return cmp.Or(strings.Compare(a.PK, b.PK), strings.Compare(a.SK, b.SK)) })
	found, err := table.BatchGet(ctx, slices.Compact(keys), consistent)
	if err != nil {
		return nil, desk.Wrap(desk.Internal, err, "reading what a list names")
	}
	items := make([]Item, 0, len(rows))
	for _, row := range rows {
		if item, ok := found[l.target(row.id)]; ok {
			items = append(items, item)
		}
	}
	return items, nil
}

// page reads the page and its targets: two round trips.
func (l listing) page(ctx context.Context, table Table, page desk.PageRequest) ([]Item, desk.Cursor, error) {
	rows, next, err := l.read(ctx, table, page)
	if err != nil {
		return nil, "", err
	}
	items, err := l.fetch(ctx, table, rows, l.consistent)
	return items, next, err
}

// whole reads a page of a list whose rows are the items themselves, of one partition.
func (l listing) whole(ctx context.Context, table Table, query Query, page desk.PageRequest) ([]Item, desk.Cursor, error) {
	if page.Limit < 1 || page.Limit > MaxBatchGet {
		return nil, "", desk.InvalidField("limit", "want 1 to %d", MaxBatchGet)
	}
	after, err := l.parse(page.After)
	if err != nil {
		return nil, "", err
	}
	lane := lane{pk: query.PK, prefix: query.Prefix}
	if after != (row{}) {
		query.After = l.start(lane, after)
	}
	query.Backward = l.backward
	items, err := atMost(ctx, table, query, page.Limit+1)
	if err != nil {
		return nil, "", desk.Wrap(desk.Internal, err, "reading a list")
	}
	if len(items) <= page.Limit {
		return items, "", nil
	}
	items = items[:page.Limit]
	return items, l.cursor(lane.row(items[len(items)-1])), nil
}
