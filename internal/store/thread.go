package store

import (
	"context"
	"slices"

	"github.com/relevo/relevo/internal/desk"
)

// Thread reads a conversation with a page of its messages. The conversation sorts behind its messages: one backward
// query reads it with the newest of them. A page further up takes a read of each, at the same time.
func (b *Books) Thread(ctx context.Context, id desk.ConversationID, query desk.ThreadQuery) (
	c *desk.Conversation, messages []desk.Message, more bool, err error,
) {
	key := b.conversationKey(id)
	limit := query.Limit
	newest := query.Before == "" && query.After == ""
	var item Item
	var items []Item
	if newest && limit > 0 {
		items, err = atMost(ctx, b.table, Query{PK: key.PK, Backward: true, Consistent: query.Fresh}, limit+2)
		if err == nil && len(items) > 0 && keyOf(items[0]) == key {
			item, items = items[0], items[1:]
		}
	} else {
		err = parallel(2, func(i int) (err error) {
			switch {
			case i == 0:
				item, _, err = b.table.Get(ctx, key, query.Fresh)
			case limit > 0:
				items, err = b.threadPage(ctx, id, query)
			}
			return err
		})
	}
	if err != nil {
		return nil, nil, false, desk.Wrap(desk.Internal, err, "reading a thread")
	}
	if item == nil {
		return nil, nil, false, desk.Errorf(desk.NotFound, "no such conversation")
	}
	if c, err = decodeConversation(item); err != nil {
		return nil, nil, false, err
	}
	more = len(items) > limit
	for _, item := range items[:min(len(items), limit)] {
		m, err := decodeMessage(item)
		if err != nil {
			return nil, nil, false, err
		}
		messages = append(messages, m)
	}
	return c, messages, more, nil
}

// threadPage reads one message more than the page has, so that it is known whether more follow.
func (b *Books) threadPage(ctx context.Context, id desk.ConversationID, query desk.ThreadQuery) ([]Item, error) {
	q := Query{PK: b.conversationKey(id).PK, Consistent: query.Fresh, From: messagePrefix}
	edge := query.After
	if edge != "" {
		q.From, q.To = messagePrefix+string(edge), messagePrefix+"~"
	} else {
		edge = query.Before
		q.To, q.Backward = messagePrefix+string(edge), true
	}
	items, err := atMost(ctx, b.table, q, query.Limit+2) // one may be the edge itself
	if err != nil {
		return nil, err
	}
	items = slices.DeleteFunc(items, func(item Item) bool { return keyOf(item).SK == messagePrefix+string(edge) })
	return items[:min(len(items), query.Limit+1)], nil
}
