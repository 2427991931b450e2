package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/relevo/relevo/internal/desk"
)

// Tickets and contacts are found by words: one row for each word of each, in the partition of the word's first letters,
// so that a prefix is one range.
const (
	ticketIndex  = "WORD"
	contactIndex = "WHO"
)

// Within a word the newest tickets come first. A row of theirs says where the word stands: in the ticket's fields, in its
// description, or in which of its actions, so that it goes when the last of them loses it. What stands in fields or in a
// description is found only while the account shows them.
const (
	wordInFields = "t"
	wordInAbout  = "d" // set of marks of descriptions: a merged ticket brings its own
	wordInAction = "s" // set of marks of actions
	wordBefore   = "a" // in some action that has no mark: filed before marks were kept, or after so many that more make a row too large
	wordMarked   = "k" // how often a mark of an action was put; a repeat counts again
)

// mostMarks bounds a row: a ticket has any number of actions, and a row of more than 400 KB cannot be written.
const mostMarks = 300

// markOf tells the actions of one ticket apart, in the few bytes that each row pays for.
func markOf(action string) string { return action[max(0, len(action)-5):] }

// marksOf is what a row of a word of the action holds of it.
func marksOf(a desk.TicketAction) map[string][]string {
	where := wordInAction
	if a.Kind == desk.DescriptionAction {
		where = wordInAbout
	}
	return map[string][]string{where: {markOf(a.ID)}}
}

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

// indexed chooses the words that are worth a row, or being looked for: the longest, if there are too many.
func indexed(most int, texts ...string) []string {
	return longest(wordsOf(texts...), most)
}

// longest gives all words, or the longest of too many; it may sort them.
func longest(words []string, most int) []string {
	if len(words) > most {
		slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
		words = words[:most]
	}
	return words
}

// without gives those that are not taken.
func without(all, taken []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(one string) bool { return slices.Contains(taken, one) })
}

// ticketWords are the words of a ticket's fields; none of one that was merged or deleted.
func ticketWords(t desk.Ticket) []string {
	if t.MergedInto != 0 || !t.DeletedAt.IsZero() {
		return nil
	}
	return indexed(fieldWords, fieldTexts(t)...)
}

func fieldTexts(t desk.Ticket) []string {
	return append([]string{t.Subject, t.RequesterName}, t.Tags...)
}

// wordPK is the partition of all words of an index that begin with the same two letters.
func (b *Books) wordPK(index, word string) string {
	return b.pk(index, string([]rune(word)[:leastWord]))
}

// newestFirst writes a number so that greater ones sort first.
func newestFirst(number int64) string { return fmt.Sprintf("%012d", 999_999_999_999-number) }

func (b *Books) wordKey(word string, number int64) Key {
	return Key{PK: b.wordPK(ticketIndex, word), SK: join(word, newestFirst(number))}
}

// IndexTicket files the words of a ticket's fields and takes away those that it lost.
func (b *Books) IndexTicket(ctx context.Context, was *desk.Ticket, now desk.Ticket) error {
	var before []string
	if was != nil {
		before = ticketWords(*was)
	}
	words := ticketWords(now)
	err := b.fileWords(ctx, now.Number, without(words, before), func(op *Op) { op.Set = Item{wordInFields: num(1)} })
	if err != nil {
		return err
	}
	return b.takeWords(ctx, now.Number, without(before, words), func(op *Op) { op.Remove = []string{wordInFields} })
}

// takeWords takes away words from where they stood; the row goes if they stand nowhere else.
func (b *Books) takeWords(ctx context.Context, number int64, words []string, from func(*Op)) error {
	return some(len(words), func(i int) error {
		op := Op{Kind: Update, Key: b.wordKey(words[i], number)}
		from(&op)
		if err := b.table.Write(ctx, op); err != nil {
			return desk.Wrap(desk.Internal, err, "taking away a ticket's word")
		}
		op = Op{Kind: Delete, Key: op.Key}
		for _, where := range []string{wordInFields, wordInAbout, wordInAction, wordBefore} {
			op.If = append(op.If, Condition{Attr: where, Test: Absent})
		}
		err := b.table.Write(ctx, op)
		if _, stays := refused(err); stays {
			return nil
		}
		return desk.Wrap(desk.Internal, err, "taking away a ticket's word")
	})
}

// IndexAction files the words of an action, and takes away those that an edit took from it; a description shares the limit
// of its ticket.
func (b *Books) IndexAction(ctx context.Context, t desk.Ticket, was *desk.TicketAction, now desk.TicketAction) error {
	most := actionWords
	if now.Kind == desk.DescriptionAction {
		most = createdWords - len(ticketWords(t))
	}
	words := indexed(most, now.Text)
	var before []string
	if was != nil {
		before = indexed(most, was.Text)
	}
	err := b.fileWords(ctx, t.Number, without(words, before), func(op *Op) {
		op.AddTo = marksOf(now)
		if now.Kind != desk.DescriptionAction { // of those there are only as many as tickets that were merged
			op.Add = map[string]int64{wordMarked: 1}
			op.If = []Condition{{Attr: wordMarked, Test: BelowOrAbsent, To: num(mostMarks)}}
		}
	})
	if err != nil || was == nil {
		return err
	}
	return b.takeAction(ctx, t.Number, *was, words)
}

// takeAction takes away the words of an action, but for those that stay. How many of a description were filed depends on
// what its ticket was then: the most that there may be are taken.
func (b *Books) takeAction(ctx context.Context, number int64, a desk.TicketAction, stay []string) error {
	return b.takeWords(ctx, number, without(indexed(actionWords, a.Text), stay), func(op *Op) { op.TakeFrom = marksOf(a) })
}

// fileWords files words of a ticket; where says in what they stand. A word that has too many marks already is known to stand in
// some action from then on: it stays, whatever becomes of them.
func (b *Books) fileWords(ctx context.Context, number int64, words []string, where func(*Op)) error {
	return some(len(words), func(i int) error {
		op := Op{Kind: Update, Key: b.wordKey(words[i], number)}
		where(&op)
		err := b.table.Write(ctx, op)
		if _, full := refused(err); full {
			err = b.table.Write(ctx, Op{Kind: Update, Key: op.Key, Set: Item{wordBefore: num(1)}})
		}
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
