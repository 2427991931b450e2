package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

// rowsOf reads the first rows of an index for each of the beginnings, in one round trip.
func (b *Books) rowsOf(ctx context.Context, index string, beginnings []string) ([][]Item, error) {
	rows := rowsOfMany
	if len(beginnings) == 1 {
		rows = rowsOfOne
	}
	found := make([][]Item, len(beginnings))
	err := parallel(len(beginnings), func(i int) error {
		page, err := b.table.Query(ctx, Query{PK: b.wordPK(index, beginnings[i]), Prefix: join(beginnings[i]), Limit: rows})
		found[i] = page.Items
		return desk.Wrap(desk.Internal, err, "searching for a word")
	})
	return found, err
}

// common gives what stands in every list, in the order of the first, each once.
func common[T comparable](lists [][]T, most int) []T {
	var in []T
	for _, one := range lists[0] {
		everywhere := !slices.Contains(in, one)
		for _, other := range lists[1:] {
			everywhere = everywhere && slices.Contains(other, one)
		}
		if everywhere && len(in) < most {
			in = append(in, one)
		}
	}
	return in
}

// SearchTickets finds tickets that have all the words asked for, each as the beginning of one of theirs: the words, and
// then the tickets, in two round trips. Of several words the first rows of each are looked at. What the settings switch
// off is not found by.
func (b *Books) SearchTickets(ctx context.Context, s desk.TicketSettings, text string, limit int) ([]desk.Ticket, error) {
	words := indexed(searchWords, text)
	if len(words) == 0 {
		return nil, nil
	}
	rows, err := b.rowsOf(ctx, ticketIndex, words)
	if err != nil {
		return nil, err
	}
	found, inActions := make([][]int64, len(words)), make([]map[int64]bool, len(words))
	for i, items := range rows {
		inActions[i] = map[int64]bool{}
		for _, item := range items {
			n, shown, inAction := ticketRow(item, s)
			if !shown {
				continue
			}
			found[i] = append(found[i], n)
			inActions[i][n] = inActions[i][n] || inAction
		}
	}
	tickets, err := b.ticketsByNumber(ctx, common(found, limit))
	return slices.DeleteFunc(tickets, func(t desk.Ticket) bool {
		fields := wordsOf(fieldTexts(s.Shown(t))...)
		for i, word := range words {
			if !inActions[i][t.Number] && !slices.ContainsFunc(fields, func(w string) bool { return strings.HasPrefix(w, word) }) {
				return true
			}
		}
		return false
	}), err
}

// ticketRow reads of a row whose word it is, whether it stands where the settings show it, and whether in an action. What
// stands in fields alone is looked up in the ticket itself.
func ticketRow(item Item, s desk.TicketSettings) (number int64, shown, inAction bool) {
	inverted, err := strconv.ParseInt(last(keyOf(item).SK), 10, 64)
	has := func(where string) bool { _, ok := item[where]; return ok }
	inAction = has(wordInAction) || has(wordBefore) || has(wordInAbout) && !s.Off(desk.DescriptionField)
	return 999_999_999_999 - inverted, err == nil && (inAction || has(wordInFields)), inAction
}

// ticketsByNumber reads tickets in the order of their numbers given; those that are gone are left out.
func (b *Books) ticketsByNumber(ctx context.Context, numbers []int64) ([]desk.Ticket, error) {
	keys := make([]Key, len(numbers))
	for i, n := range numbers {
		keys[i] = b.ticketKey(n)
	}
	return these(ctx, b.table, keys, false, decodeTicket, func(t desk.Ticket) bool { return t.MergedInto == 0 && t.DeletedAt.IsZero() })
}

// these reads items in the order of their keys, and leaves out those that are gone, or that do not belong.
func these[T any](ctx context.Context, table Table, keys []Key, consistent bool, decode func(Item) (T, error), belongs func(T) bool) ([]T, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	items, err := table.BatchGet(ctx, keys, consistent)
	if err != nil {
		return nil, desk.Wrap(desk.Internal, err, "reading what a search found")
	}
	var found []T
	for _, key := range keys {
		item, ok := items[key]
		if !ok {
			continue
		}
		one, err := decode(item)
		if err != nil {
			return nil, err
		}
		if belongs(one) {
			found = append(found, one)
		}
	}
	return found, nil
}
