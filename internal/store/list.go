package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/relevo/relevo/internal/desk"
)

// Conversations reads one page of a list: the rows by their index or queue, then the conversations. Rows of an index that
// lag behind the conversation's state are dropped.
func (b *Books) Conversations(ctx context.Context, query desk.ListQuery) ([]*desk.Conversation, desk.Cursor, error) {
	if query.WaitsFor != "" || len(query.Unassigned) > 0 {
		return b.queue(ctx, query)
	}
	l, belongs, err := b.listing(ctx, query)
	if err != nil {
		return nil, "", err
	}
	found, next, err := b.fill(ctx, l, query.Page, query.Sees, func(rows []row) (map[string]*desk.Conversation, error) {
		items, err := l.fetch(ctx, b.table, rows, l.consistent)
		if err != nil {
			return nil, err
		}
		return those(items, func(c *desk.Conversation) bool { return c.Status == query.Status && belongs(c) })
	})
	if l.kind == allList {
		slices.SortStableFunc(found, func(a, b *desk.Conversation) int { return -cmp.Compare(a.Thread.Last, b.Thread.Last) })
	}
	return found, next, err
}

// pagesRead is the most pages of rows that are read for one page of a list; what follows is left to the next call.
const pagesRead = 10

// fill reads pages of rows until the page is full of what belongs there and is seen, or the list ends. read gives the
// conversations that belong there by their ids. The cursor names a conversation that was given or, where none was for long,
// an instant: never one that is not seen.
func (b *Books) fill(ctx context.Context, l listing, page desk.PageRequest, sees func(*desk.Conversation) bool,
	read func(rows []row) (map[string]*desk.Conversation, error)) ([]*desk.Conversation, desk.Cursor, error) {
	found := []*desk.Conversation{}
	for reads := 1; ; reads++ {
		rows, next, err := l.read(ctx, b.table, page)
		if err != nil {
			return nil, "", err
		}
		belong, err := read(rows)
		if err != nil {
			return nil, "", err
		}
		shown := false
		for i, row := range rows {
			c := belong[row.id]
			if shown = c != nil && (sees == nil || sees(c)); !shown {
				continue
			}
			delete(belong, row.id) // it may just have moved between two queues
			found = append(found, c)
			if len(found) == page.Limit && (i+1 < len(rows) || next != "") {
				return found, l.cursor(row), nil
			}
		}
		switch {
		case next == "":
			return found, "", nil
		case reads < pagesRead:
			page.After = next
		case shown || sees == nil:
			return found, next, nil
		default:
			return found, l.cursor(rows[len(rows)-1].veiled()), nil
		}
	}
}

// The kinds of lists, in cursors.
const (
	allList          = "S"
	ownerList        = "A"
	labelList        = "L"
	inboxList        = "I"
	departmentList   = "D"
	waitingList      = "W"
	contactList      = "C"
	contactsList     = "P"
	ticketList       = "T"
	dueList          = "U"
	requesterList    = "Q"
	actionList       = "X"
	newestActionList = "Y"
	historyList      = "H"
	notificationList = "N"
)

// listing chooses the partitions of a list, and the test that a conversation still belongs there.
func (b *Books) listing(ctx context.Context, query desk.ListQuery) (listing, func(*desk.Conversation) bool, error) {
	status := initial(query.Status)
	l := listing{backward: true, target: b.conversationTarget}
	switch {
	case query.Owner != "":
		l.kind, l.lanes = ownerList, []lane{{index: ByOwner, pk: b.pk("A", string(query.Owner), status)}}
		return l, func(c *desk.Conversation) bool { return c.Assignee == query.Owner }, nil
	case query.Label != "":
		l.kind, l.lanes = labelList, []lane{{pk: b.labelPK(query.Label, query.Status)}}
		return l, func(c *desk.Conversation) bool { return slices.Contains(c.Labels, query.Label) }, nil
	case query.Inbox != "":
		l.kind, l.lanes = inboxList, []lane{{index: ByInbox, pk: b.pk("I", string(query.Inbox), status)}}
		return l, func(c *desk.Conversation) bool { return c.Inbox == query.Inbox }, nil
	case len(query.Departments) > 0:
		l.kind = departmentList
		for _, id := range query.Departments {
			l.lanes = append(l.lanes, lane{index: ByDepartment, pk: b.pk("D", string(id), status)})
		}
		return l, func(c *desk.Conversation) bool { return slices.Contains(query.Departments, c.Department) }, nil
	default:
		settings, err := b.Settings(ctx)
		if err != nil {
			return l, nil, err
		}
		l.kind = allList
		for i := range max(1, settings.Account.Shards) {
			l.lanes = append(l.lanes, lane{index: ByStatus, pk: b.statusPK(query.Status, i)})
		}
		return l, func(*desk.Conversation) bool { return true }, nil
	}
}

func (b *Books) conversationTarget(id string) Key { return b.conversationKey(desk.ConversationID(id)) }

// queue reads those who wait, oldest first. The rows are written by the act; distribution and an agent's pending list
// read them consistently, people who look over departments' queues, each two lanes, at half the price.
func (b *Books) queue(ctx context.Context, query desk.ListQuery) ([]*desk.Conversation, desk.Cursor, error) {
	l := listing{kind: waitingList, consistent: query.OnlyAuto || query.WaitsFor != "", target: b.conversationTarget}
	l.lanes = b.queueLanes(query)
	waits := func(c *desk.Conversation) bool {
		wait, ok := c.Waits()
		return ok && (wait.Agent != "" && wait.Agent == query.WaitsFor ||
			wait.Agent == "" && slices.Contains(query.Unassigned, wait.Department))
	}
	return b.byRows(ctx, l, query.Page, query.Sees, waits)
}

func (b *Books) queueLanes(query desk.ListQuery) (lanes []lane) {
	if query.WaitsFor != "" {
		lanes = []lane{{pk: b.agentPK(query.WaitsFor), prefix: waitRange(false)}}
	}
	for _, id := range query.Unassigned {
		lanes = append(lanes, lane{pk: b.departmentPK(id), prefix: waitRange(true)})
		if !query.OnlyAuto {
			lanes = append(lanes, lane{pk: b.departmentPK(id), prefix: waitRange(false)})
		}
	}
	return lanes
}

// byRows reads a list whose rows are base items, written with the conversation's state. Of the conversations only those
// that seem not to belong, because the cheap read was late, are read again.
func (b *Books) byRows(ctx context.Context, l listing, page desk.PageRequest, sees, belongs func(*desk.Conversation) bool) (
	[]*desk.Conversation, desk.Cursor, error,
) {
	return b.fill(ctx, l, page, sees, func(rows []row) (map[string]*desk.Conversation, error) {
		known := map[string]*desk.Conversation{}
		for _, consistent := range []bool{false, true} {
			missing := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return known[r.id] != nil })
			items, err := l.fetch(ctx, b.table, missing, consistent)
			if err != nil {
				return nil, err
			}
			found, err := those(items, belongs)
			if err != nil {
				return nil, err
			}
			maps.Copy(known, found)
		}
		return known, nil
	})
}

// ConversationsOf lists a contact's conversations, newest first.
func (b *Books) ConversationsOf(ctx context.Context, contact desk.ContactID, sees func(*desk.Conversation) bool, page desk.PageRequest) (
	[]*desk.Conversation, desk.Cursor, error,
) {
	l := listing{
		kind: contactList, backward: true, consistent: true, target: b.conversationTarget,
		lanes: []lane{{pk: b.contactKey(contact).PK, prefix: "CONV#"}},
	}
	return b.byRows(ctx, l, page, sees, func(c *desk.Conversation) bool { return c.Contact == contact })
}

// those decodes conversations and keeps those that belong, by their ids.
func those(items []Item, belong func(*desk.Conversation) bool) (map[string]*desk.Conversation, error) {
	found := make(map[string]*desk.Conversation, len(items))
	for _, item := range items {
		c, err := decodeConversation(item)
		if err != nil {
			return nil, err
		}
		if belong(c) {
			found[string(c.ID)] = c
		}
	}
	return found, nil
}
