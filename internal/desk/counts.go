package desk

import (
	"context"
	"maps"
	"slices"
)

// Counts are the numbers beside the views, of open conversations: exact up to 99, and [ManyMore] stands for more.
type Counts struct {
	Mine, Waiting, Unassigned, All, Mentions int
	Departments                              map[DepartmentID]int // those whose conversations the caller sees
	Inboxes                                  map[InboxID]int      // at most MaxCounted
	Labels                                   map[LabelID]int      // likewise
}

// ManyMore is the count of a list that has more than 99.
const ManyMore = 100

// MaxCounted limits the inboxes, and the labels, of which conversations are counted: the first in the order of their ids.
const MaxCounted = 50

// seenThrough is how deep the lists are read of one who does not see everything: his counts of an inbox or a label are
// those of them that also stand in his departments, or are his own.
const seenThrough = 1000

// counting are lists to be read at once, and what becomes of each, in their order.
type counting struct {
	queries []ListQuery
	count   []func(list []ConversationID)
}

func (c *counting) add(q ListQuery, count func(list []ConversationID)) {
	q.Status = Open
	c.queries, c.count = append(c.queries, q), append(c.count, count)
}

// Counts counts the conversations of the caller's views. It reads the rows of lists only, at most [ManyMore] of each: what
// changed in the last instants may be missing.
func (d *Desk) Counts(ctx context.Context, who Who) (Counts, error) {
	if who.Agent == "" {
		return Counts{}, &Error{Code: Forbidden, Message: "a bot has no views"}
	}
	books := d.Store.Account(who.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return Counts{}, err
	}
	out := Counts{Departments: map[DepartmentID]int{}, Inboxes: map[InboxID]int{}, Labels: map[LabelID]int{}}
	most := ManyMore
	if !who.SeesAll() {
		most = seenThrough
	}
	lists := out.counting(who, settings)
	found, err := books.Listed(ctx, lists.queries, most)
	if err != nil {
		return Counts{}, err
	}
	for i, list := range found {
		lists.count[i](list)
	}
	out.Mentions, err = d.unreadMentions(ctx, books, who)
	return out, err
}

// counting says what is read for the counts. Who does not see everything gets his departments first, then his own: of the
// other lists only those count that were among them.
func (out *Counts) counting(who Who, s *Settings) counting {
	var c counting
	seen := map[ConversationID]bool{}
	note := func(list []ConversationID) {
		for _, id := range list {
			seen[id] = true
		}
	}
	visible := func(list []ConversationID) int {
		if !who.SeesAll() {
			list = slices.DeleteFunc(list, func(id ConversationID) bool { return !seen[id] })
		}
		return upTo(len(list))
	}
	departments := departmentsOf(who, s)
	for _, id := range departments {
		c.add(ListQuery{Departments: []DepartmentID{id}}, func(list []ConversationID) {
			note(list)
			out.Departments[id], out.All = upTo(len(list)), upTo(len(seen))
		})
	}
	if who.SeesAll() {
		c.add(ListQuery{}, func(list []ConversationID) { out.All = upTo(len(list)) })
	}
	if len(departments) > 0 {
		c.add(ListQuery{Unassigned: departments}, func(list []ConversationID) { out.Unassigned = upTo(len(list)) })
	}
	c.add(ListQuery{Owner: who.Agent}, func(list []ConversationID) { note(list); out.Mine = upTo(len(list)) })
	c.add(ListQuery{WaitsFor: who.Agent}, func(list []ConversationID) { note(list); out.Waiting = upTo(len(list)) })
	for _, id := range first(s.Inboxes, func(i Inbox) bool { return !i.Deleted }) {
		c.add(ListQuery{Inbox: id}, func(list []ConversationID) { out.Inboxes[id] = visible(list) })
	}
	for _, id := range first(s.Labels, func(l Label) bool { return !l.Deleted }) {
		c.add(ListQuery{Label: id}, func(list []ConversationID) { out.Labels[id] = visible(list) })
	}
	return c
}

func upTo(n int) int { return min(n, ManyMore) }

// first gives the ids of the first nouns that are to be counted.
func first[K ~string, N any](nouns map[K]N, counts func(N) bool) []K {
	ids := slices.DeleteFunc(slices.Sorted(maps.Keys(nouns)), func(id K) bool { return !counts(nouns[id]) })
	return ids[:min(len(ids), MaxCounted)]
}

// unreadMentions counts the mentions that the caller has not read, among his newest notifications.
func (d *Desk) unreadMentions(ctx context.Context, books Books, who Who) (int, error) {
	newest, _, err := books.Notifications(ctx, who.Agent, PageRequest{Limit: ManyMore})
	n := 0
	for _, note := range newest {
		if note.Kind == NotifyMention && !note.Read {
			n++
		}
	}
	return n, err
}
