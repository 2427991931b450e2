package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/relevo/relevo/internal/desk"
)

// Tickets are found by words: one row for each word of a ticket, in the partition of the word's first letters, so that a
// prefix is one range. Within a word the newest tickets come first. A row says where the word stands: in the ticket's
// fields, which may lose it, or in an action, whose earlier text stays findable as it stays readable in the history.
const (
	wordInFields = "t"
	wordInAction = "a"
)

// Limits of the index. Making a ticket with its description costs at most createdWords rows, an action actionWords.
const (
	fieldWords   = 24
	createdWords = 32
	actionWords  = 32
	leastWord    = 2  // letters
	longestWord  = 24 // letters; of longer ones the beginning is kept
)

// folded takes case and accents out of a text.
func folded(text string) string {
	fold := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), cases.Fold(), norm.NFC)
	out, _, err := transform.String(fold, strings.ToValidUTF8(text, " "))
	if err != nil { // of memory only
		return strings.ToLower(text)
	}
	return out
}

// wordsOf gives the distinct words of texts, in their order.
func wordsOf(texts ...string) []string {
	var words []string
	seen := map[string]bool{}
	for _, text := range texts {
		for _, word := range strings.FieldsFunc(folded(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			letters := []rune(word)
			if len(letters) < leastWord {
				continue
			}
			word = string(letters[:min(len(letters), longestWord)])
			if !seen[word] {
				seen[word] = true
				words = append(words, word)
			}
		}
	}
	return words
}

// indexed chooses the words that are worth a row: the longest, if there are too many.
func indexed(most int, texts ...string) []string {
	words := wordsOf(texts...)
	if len(words) > most {
		slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
		words = words[:most]
	}
	return words
}

// ticketWords are the words of a ticket's fields; none of one that was merged or deleted.
func ticketWords(t desk.Ticket) []string {
	if t.MergedInto != 0 || !t.DeletedAt.IsZero() {
		return nil
	}
	return indexed(fieldWords, append([]string{t.Subject, t.RequesterName}, t.Tags...)...)
}

// wordPK is the partition of all words that begin with the same two letters.
func (b *Books) wordPK(word string) string { return b.pk("WORD", string([]rune(word)[:leastWord])) }

// newestFirst writes a number so that greater ones sort first.
func newestFirst(number int64) string { return fmt.Sprintf("%012d", 999_999_999_999-number) }

func (b *Books) wordKey(word string, number int64) Key {
	return Key{PK: b.wordPK(word), SK: join(word, newestFirst(number))}
}

// IndexTicket files the words of a ticket's fields and takes away those that it lost.
func (b *Books) IndexTicket(ctx context.Context, was *desk.Ticket, now desk.Ticket) error {
	var before []string
	if was != nil {
		before = ticketWords(*was)
	}
	words := ticketWords(now)
	gone := slices.DeleteFunc(slices.Clone(before), func(w string) bool { return slices.Contains(words, w) })
	fresh := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(before, w) })
	if err := b.fileWords(ctx, now.Number, fresh, wordInFields); err != nil {
		return err
	}
	return b.takeWords(ctx, now.Number, gone, wordInFields, wordInAction)
}

// takeWords takes away words from where they stood; the row stays if they also stand elsewhere.
func (b *Books) takeWords(ctx context.Context, number int64, words []string, from, elsewhere string) error {
	return some(len(words), func(i int) error {
		key := b.wordKey(words[i], number)
		err := b.table.Write(ctx, Op{Kind: Delete, Key: key, If: []Condition{{Attr: elsewhere, Test: Absent}}})
		if _, stays := refused(err); stays {
			err = b.table.Write(ctx, Op{Kind: Update, Key: key, Remove: []string{from}})
		}
		return desk.Wrap(desk.Internal, err, "taking away a ticket's word")
	})
}

// IndexAction files the words of an action; a description shares the limit of its ticket.
func (b *Books) IndexAction(ctx context.Context, t desk.Ticket, was *desk.TicketAction, now desk.TicketAction) error {
	most := actionWords
	if now.Kind == desk.DescriptionAction {
		most = createdWords - len(ticketWords(t))
	}
	words := indexed(most, now.Text)
	if was != nil {
		before := indexed(most, was.Text)
		words = slices.DeleteFunc(words, func(w string) bool { return slices.Contains(before, w) })
	}
	return b.fileWords(ctx, t.Number, words, wordInAction)
}

func (b *Books) fileWords(ctx context.Context, number int64, words []string, where string) error {
	return some(len(words), func(i int) error {
		err := b.table.Write(ctx, Op{Kind: Update, Key: b.wordKey(words[i], number), Set: Item{where: num(1)}})
		return desk.Wrap(desk.Internal, err, "filing a ticket's word")
	})
}

// atOnce is how many rows of words are written at the same time.
const atOnce = 8

// some does n writes, a few at a time, and gives the first error.
func some(n int, write func(i int) error) error {
	for from := 0; from < n; from += atOnce {
		if err := parallel(min(atOnce, n-from), func(i int) error { return write(from + i) }); err != nil {
			return err
		}
	}
	return nil
}

// Limits of a search.
const (
	searchWords = 3   // of what is asked for
	rowsOfOne   = 60  // rows read of a single word
	rowsOfMany  = 150 // rows read of each of several words
)

// SearchTickets finds tickets that have all the words asked for, each as the beginning of one of theirs: the words, and
// then the tickets, in two round trips. Of several words the first rows of each are looked at.
func (b *Books) SearchTickets(ctx context.Context, text string, limit int) ([]desk.Ticket, error) {
	words := wordsOf(text)
	if len(words) == 0 {
		return nil, nil
	}
	if len(words) > searchWords {
		slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
		words = words[:searchWords]
	}
	rows := rowsOfMany
	if len(words) == 1 {
		rows = rowsOfOne
	}
	found := make([][]int64, len(words))
	err := parallel(len(words), func(i int) error {
		page, err := b.table.Query(ctx, Query{PK: b.wordPK(words[i]), Prefix: join(words[i]), Limit: rows})
		for _, item := range page.Items {
			if n, ok := numberOfRow(item); ok {
				found[i] = append(found[i], n)
			}
		}
		return desk.Wrap(desk.Internal, err, "searching for a word")
	})
	if err != nil {
		return nil, err
	}
	return b.ticketsByNumber(ctx, common(found, limit))
}

func numberOfRow(item Item) (int64, bool) {
	inverted, err := strconv.ParseInt(last(keyOf(item).SK), 10, 64)
	_, inFields := item[wordInFields]
	_, inAction := item[wordInAction]
	return 999_999_999_999 - inverted, err == nil && (inFields || inAction)
}

// common gives the numbers that stand in every list, in the order of the first, each once.
func common(lists [][]int64, most int) []int64 {
	var numbers []int64
	for _, n := range lists[0] {
		everywhere := !slices.Contains(numbers, n)
		for _, other := range lists[1:] {
			everywhere = everywhere && slices.Contains(other, n)
		}
		if everywhere && len(numbers) < most {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// ticketsByNumber reads tickets in the order of their numbers given; those that are gone are left out.
func (b *Books) ticketsByNumber(ctx context.Context, numbers []int64) ([]desk.Ticket, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	keys := make([]Key, len(numbers))
	for i, n := range numbers {
		keys[i] = b.ticketKey(n)
	}
	items, err := b.table.BatchGet(ctx, keys, false)
	if err != nil {
		return nil, desk.Wrap(desk.Internal, err, "reading what a search found")
	}
	var tickets []desk.Ticket
	for _, key := range keys {
		item, ok := items[key]
		if !ok {
			continue
		}
		t, err := decodeTicket(item)
		if err != nil {
			return nil, err
		}
		if t.MergedInto == 0 && t.DeletedAt.IsZero() {
			tickets = append(tickets, t)
		}
	}
	return tickets, nil
}
