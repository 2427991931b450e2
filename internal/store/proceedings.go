package store

import (
	"context"
	"strconv"

	"github.com/relevo/relevo/internal/desk"
)

// Attributes of actions that conditions and updates name: the kind, which every action has, the number of edits, and what
// it set off.
const (
	actionKind    = "k"
	actionVersion = "v"
	actionEffects = "fx"
)

// actionForm: ticket and id are in the key. k kind · pu public · by author · x text · hx HTML · a attachments · c conversation, f and to
// its range · e edited, eb by · ci client id
// m moved from · rt returned · v edits. What it set off (fx) is a set that grows by itself; that it was public where it was
// written (mp) is for moves alone.
func actionForm(f *form, v *desk.TicketAction) {
	text(f, actionKind, &v.Kind)
	flag(f, "pu", &v.Public)
	inner(f, "by", func(f *form) { actorForm(f, &v.Author) })
	text(f, "x", &v.Text)
	text(f, "hx", &v.HTML)
	list(f, "a", &v.Attachments, attachmentForm)
	text(f, "c", &v.Conversation)
	id(f, "f", &v.From)
	id(f, "to", &v.To)
	instant(f, "e", &v.EditedAt)
	inner(f, "eb", func(f *form) { actorForm(f, &v.EditedBy) })
	text(f, "ci", &v.ClientID)
	number(f, "m", &v.MovedFrom)
	flag(f, "rt", &v.Returned)
	number(f, actionVersion, &v.Version)
}

// historyForm: ticket and id are in the key. by who · tr trigger · a action · fs fields
func historyForm(f *form, v *desk.TicketChange) {
	inner(f, "by", func(f *form) { actorForm(f, &v.By) })
	text(f, "tr", &v.Trigger)
	text(f, "a", &v.Action)
	list(f, "fs", &v.Fields, fieldChangeForm)
}

// fieldChangeForm: n name · f from · t to
func fieldChangeForm(f *form, v *desk.FieldChange) {
	text(f, "n", &v.Field)
	text(f, "f", &v.From)
	text(f, "t", &v.To)
}

func decodeAction(item Item) (desk.TicketAction, error) {
	a, err := decode(item, actionForm)
	if err != nil {
		return a, err
	}
	key := keyOf(item)
	a.ID, a.Effects = key.SK[len(actionPrefix):], setOf(item, actionEffects)
	a.Ticket, err = strconv.ParseInt(last(key.PK), 10, 64)
	return a, desk.Wrap(desk.Internal, err, "reading a ticket's number")
}

func decodeHistory(item Item) (desk.TicketChange, error) {
	c, err := decode(item, historyForm)
	if err != nil {
		return c, err
	}
	key := keyOf(item)
	c.ID = key.SK[len(historyPrefix):]
	c.Ticket, err = strconv.ParseInt(last(key.PK), 10, 64)
	return c, desk.Wrap(desk.Internal, err, "reading a ticket's number")
}

// Actions reads a ticket's proceedings, oldest first unless the page says newest.
func (b *Books) Actions(ctx context.Context, number int64, page desk.PageRequest) ([]desk.TicketAction, desk.Cursor, error) {
	l := listing{kind: actionList}
	if page.Newest {
		l = listing{kind: newestActionList, backward: true}
	}
	items, next, err := l.whole(ctx, b.table, Query{PK: b.ticketKey(number).PK, Prefix: actionPrefix, Consistent: page.Fresh}, page)
	if err != nil {
		return nil, "", err
	}
	actions, err := decodeEach(items, decodeAction)
	return actions, next, err
}

// Action reads one, consistently.
func (b *Books) Action(ctx context.Context, number int64, id string) (desk.TicketAction, error) {
	item, err := get(ctx, b.table, b.actionKey(number, id), "action")
	if err != nil {
		return desk.TicketAction{}, err
	}
	return decodeAction(item)
}

// MarkAction adds to the set of what an action set off.
func (b *Books) MarkAction(ctx context.Context, number int64, id string, effects ...desk.Effect) error {
	texts := make([]string, len(effects))
	for i, e := range effects {
		texts[i] = e.String()
	}
	return b.change(ctx, Op{
		Kind: Update, Key: b.actionKey(number, id), AddTo: map[string][]string{actionEffects: texts},
		If: []Condition{{Attr: actionKind, Test: Exists}},
	}, "action", "the action is gone")
}

// TicketHistory reads what was changed in a ticket, newest first.
func (b *Books) TicketHistory(ctx context.Context, number int64, page desk.PageRequest) ([]desk.TicketChange, desk.Cursor, error) {
	l := listing{kind: historyList, backward: true}
	items, next, err := l.whole(ctx, b.table, Query{PK: b.ticketKey(number).PK, Prefix: historyPrefix}, page)
	if err != nil {
		return nil, "", err
	}
	changes, err := decodeEach(items, decodeHistory)
	return changes, next, err
}

func decodeEach[T any](items []Item, decode func(Item) (T, error)) ([]T, error) {
	all := make([]T, len(items))
	for i, item := range items {
		var err error
		if all[i], err = decode(item); err != nil {
			return nil, err
		}
	}
	return all, nil
}
