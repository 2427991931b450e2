package store

import (
	"context"
	"slices"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

// Contacts are found by the words of their names, by their e-mail address and the words before its @, and by the digits of
// their phone number, each from its beginning. Most contacts are visitors without any of these, and cost no row.
const (
	nameWords    = 6
	addressWords = 3
	longestTerm  = 64 // letters of an address or digits of a number; of longer ones the beginning is kept
)

// contactTerms are what a contact is found by; nothing of one that was merged.
func contactTerms(c desk.Contact) []string {
	if c.MergedInto != "" {
		return nil
	}
	terms := indexed(nameWords, c.Name)
	if c.Email != "" {
		local, _, _ := strings.Cut(c.Email, "@")
		terms = append(append(terms, addressTerm(c.Email)), indexed(addressWords, local)...)
	}
	if digits := digitsOf(c.Phone); len(digits) >= leastWord {
		terms = append(terms, cut(digits))
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

func addressTerm(email string) string { return cut(folded(email)) }

func cut(term string) string {
	letters := []rune(term)
	return string(letters[:min(len(letters), longestTerm)])
}

func digitsOf(phone string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
}

// soughtTerms makes of what is typed the beginnings that are looked for: a number as its digits, what has an @ as an
// address, all else as words.
func soughtTerms(text string) []string {
	text = strings.TrimSpace(text)
	if digits := digitsOf(text); len(digits) >= leastWord && strings.Trim(text, "+0123456789 ()-./") == "" {
		return []string{cut(digits)}
	}
	var terms []string
	for _, word := range strings.Fields(text) {
		if strings.ContainsRune(word, '@') && len([]rune(word)) >= leastWord {
			terms = append(terms, addressTerm(word))
			continue
		}
		terms = append(terms, wordsOf(word)...)
	}
	return longest(slices.Compact(slices.Sorted(slices.Values(terms))), searchWords)
}

func (b *Books) termKey(term string, id desk.ContactID) Key {
	return Key{PK: b.wordPK(contactIndex, term), SK: join(term, string(id))}
}

// IndexContact files what a contact is found by, and takes away what he lost.
func (b *Books) IndexContact(ctx context.Context, was *desk.Contact, now desk.Contact) error {
	var before []string
	if was != nil {
		before = contactTerms(*was)
	}
	terms := contactTerms(now)
	var ops []Op
	for _, term := range without(terms, before) {
		ops = append(ops, Op{Kind: Put, Key: b.termKey(term, now.ID)})
	}
	for _, term := range without(before, terms) {
		ops = append(ops, Op{Kind: Delete, Key: b.termKey(term, now.ID)})
	}
	return some(len(ops), func(i int) error { return desk.Wrap(desk.Internal, b.table.Write(ctx, ops[i]), "filing a contact") })
}

// SearchContacts finds contacts that have all that is asked for, in two round trips.
func (b *Books) SearchContacts(ctx context.Context, text string, limit int) ([]desk.Contact, error) {
	terms := soughtTerms(text)
	if len(terms) == 0 {
		return nil, nil
	}
	rows, err := b.rowsOf(ctx, contactIndex, terms)
	if err != nil {
		return nil, err
	}
	found := make([][]desk.ContactID, len(rows))
	for i, items := range rows {
		for _, item := range items {
			found[i] = append(found[i], desk.ContactID(last(keyOf(item).SK)))
		}
	}
	return b.contactsByID(ctx, common(found, limit), false, func(c desk.Contact) bool {
		has := contactTerms(c) // a row may be late
		return !slices.ContainsFunc(terms, func(term string) bool {
			return !slices.ContainsFunc(has, func(h string) bool { return strings.HasPrefix(h, term) })
		})
	})
}

// sameAddress is the most contacts of one address that are looked at.
const sameAddress = 25

// ContactsByEmail finds the contacts who have the address; those of the last seconds may be missing, for relay files them.
func (b *Books) ContactsByEmail(ctx context.Context, email string) ([]desk.Contact, error) {
	term := addressTerm(email)
	if len([]rune(term)) < leastWord {
		return nil, nil
	}
	page, err := b.table.Query(ctx, Query{PK: b.wordPK(contactIndex, term), Prefix: join(term) + "#", Limit: sameAddress, Consistent: true})
	if err != nil {
		return nil, desk.Wrap(desk.Internal, err, "looking for an address")
	}
	ids := make([]desk.ContactID, len(page.Items))
	for i, item := range page.Items {
		ids[i] = desk.ContactID(last(keyOf(item).SK))
	}
	return b.contactsByID(ctx, ids, true, func(c desk.Contact) bool { return c.MergedInto == "" && strings.EqualFold(c.Email, email) })
}

func (b *Books) contactsByID(ctx context.Context, ids []desk.ContactID, consistent bool, belongs func(desk.Contact) bool) ([]desk.Contact, error) {
	keys := make([]Key, len(ids))
	for i, id := range ids {
		keys[i] = b.contactKey(id)
	}
	return these(ctx, b.table, keys, consistent, decodeContact, belongs)
}
