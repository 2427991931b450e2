package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/relevo/relevo/internal/desk"
)

// query are the parameters of a request, read strictly. The first fault stays in err, and every later value is empty.
type query struct {
	values url.Values
	err    error
}

// queryOf reads the parameters; one that is not among the known, or is given twice, is refused.
func queryOf(r *http.Request, known ...string) *query {
	q := &query{}
	q.values, q.err = url.ParseQuery(r.URL.RawQuery)
	if q.err != nil {
		q.err = &desk.Error{Code: desk.Invalid, Message: "the query is malformed"}
		return q
	}
	for _, name := range slices.Sorted(keysOf(q.values)) {
		switch values := q.values[name]; {
		case !slices.Contains(known, name):
			q.fault(strings.ToValidUTF8(name[:min(len(name), maxField)], ""), "is no parameter of this request")
		case len(values) > 1:
			q.fault(name, "is given twice")
		case !utf8.ValidString(values[0]):
			q.fault(name, "is not valid UTF-8")
		}
	}
	return q
}

func keysOf(values url.Values) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range values {
			if !yield(name) {
				return
			}
		}
	}
}

func (q *query) fault(field, message string) {
	if q.err == nil {
		q.err = desk.InvalidField(field, "%s", message)
	}
}

// id takes an id; "" if it is absent.
func (q *query) id(name string) string {
	id := q.values.Get(name)
	if q.values.Has(name) && !plainID(id) {
		q.fault(name, "is no id")
	}
	return id
}

// oneOf takes one of some words; the first of them if it is absent.
func (q *query) oneOf(name string, words ...string) string {
	if !q.values.Has(name) {
		return words[0]
	}
	word := q.values.Get(name)
	if word == "" || !slices.Contains(words, word) {
		q.fault(name, "want "+strings.Join(slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "" }), ", "))
	}
	return word
}

// flag takes true or false; false if it is absent.
func (q *query) flag(name string) bool { return q.oneOf(name, "false", "true") == "true" }

// limit takes the size of a page.
func (q *query) limit(otherwise int) int {
	if !q.values.Has("limit") {
		return otherwise
	}
	n, err := strconv.Atoi(q.values.Get("limit"))
	if err != nil || n < 1 || n > 100 {
		q.fault("limit", "want 1 to 100")
	}
	return n
}

// maxCursor limits a cursor in bytes.
const maxCursor = 2000

// page takes limit and cursor.
func (q *query) page(otherwise int) desk.PageRequest {
	page := desk.PageRequest{After: desk.Cursor(q.values.Get("cursor")), Limit: q.limit(otherwise)}
	if q.values.Has("cursor") && (page.After == "" || len(page.After) > maxCursor) {
		q.fault("cursor", "is no cursor of this list")
	}
	return page
}

// thread takes which messages are wanted.
func (q *query) thread() desk.ThreadQuery {
	t := desk.ThreadQuery{
		Before: desk.MessageID(q.id("before")), After: desk.MessageID(q.id("after")), Limit: q.limit(messagesPage), Fresh: q.flag("fresh"),
	}
	if t.Before != "" && t.After != "" {
		q.fault("before", "give before or after, not both")
	}
	return t
}

// The sizes of pages where the caller does not say.
const (
	listPage     = 25
	messagesPage = 50
	settingsPage = 100
)

// pageOf cuts a page out of a list that is read whole: settings. The cursor is the place of the next item.
func pageOf[T any](items []T, page desk.PageRequest) ([]T, desk.Cursor, error) {
	from := 0
	if page.After != "" {
		var err error
		from, err = strconv.Atoi(strings.TrimPrefix(string(page.After), "at-"))
		if err != nil || from < 1 || page.After != desk.Cursor("at-"+strconv.Itoa(from)) {
			return nil, "", desk.InvalidField("cursor", "is no cursor of this list")
		}
	}
	from = min(from, len(items))
	to := min(from+page.Limit, len(items))
	if to == len(items) {
		return items[from:], "", nil
	}
	return items[from:to], desk.Cursor("at-" + strconv.Itoa(to)), nil
}
