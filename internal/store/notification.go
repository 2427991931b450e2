package store

import (
	"context"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

const notificationLasts = 30 * 24 * time.Hour

// notificationForm: agent and id are in the key; whether it is read follows from the agent's mark.
// k kind · c conversation, n its number · tk number of a ticket · by who · x text
func notificationForm(f *form, v *desk.Notification) {
	text(f, "k", &v.Kind)
	text(f, "c", &v.Conversation)
	number(f, "n", &v.Number)
	number(f, "tk", &v.Ticket)
	inner(f, "by", func(f *form) { actorForm(f, &v.By) })
	text(f, "x", &v.Text)
}

// Notify stores a notification; the same id again is a conflict.
func (b *Books) Notify(ctx context.Context, n desk.Notification) error {
	op := Op{
		Kind: Put, Key: Key{PK: b.agentPK(n.Agent), SK: notePrefix + n.ID},
		Item: b.store.lasting(encode(n, notificationForm), notificationLasts),
		If:   []Condition{{Attr: TTL, Test: Absent}},
	}
	var p plan
	p.add(op, "the agent was notified of this before")
	return p.write(ctx, b.table, "storing a notification")
}

// readMark is the one item that holds up to which notification the agent has read: one write, however many they are.
func (b *Books) readMark(agent desk.AgentID) Key { return Key{PK: b.agentPK(agent), SK: "READ"} }

const readUpTo = "u"

// Notifications lists an agent's, newest first.
func (b *Books) Notifications(ctx context.Context, agent desk.AgentID, page desk.PageRequest) ([]desk.Notification, desk.Cursor, error) {
	l := listing{kind: notificationList, backward: true}
	var items []Item
	var next desk.Cursor
	var upTo string
	err := parallel(2, func(i int) (err error) {
		if i == 0 {
			items, next, err = l.whole(ctx, b.table, Query{PK: b.agentPK(agent), Prefix: notePrefix}, page)
			return err
		}
		mark, _, err := b.table.Get(ctx, b.readMark(agent), false)
		text(&form{item: mark, read: true}, readUpTo, &upTo)
		return desk.Wrap(desk.Internal, err, "reading an agent's mark")
	})
	if err != nil {
		return nil, "", err
	}
	notes := make([]desk.Notification, 0, len(items))
	for _, item := range items {
		if b.store.expired(item) { // and all older ones
			return notes, "", nil
		}
		n, err := decode(item, notificationForm)
		if err != nil {
			return nil, "", err
		}
		n.Agent, n.ID = agent, keyOf(item).SK[len(notePrefix):]
		n.Read = n.ID <= upTo
		notes = append(notes, n)
	}
	return notes, next, nil
}

// ReadNotifications moves the agent's mark, never back.
func (b *Books) ReadNotifications(ctx context.Context, agent desk.AgentID, upTo string) error {
	err := b.table.Write(ctx, Op{
		Kind: Update, Key: b.readMark(agent), Set: Item{readUpTo: str(upTo)},
		If: []Condition{{Attr: readUpTo, Test: BelowOrAbsent, To: str(upTo)}},
	})
	if _, further := refused(err); further {
		return nil
	}
	return desk.Wrap(desk.Internal, err, "marking notifications as read")
}

// closingForm: n number · b by · i inbox · d department · a assignee · k ticket · fr first response · rs resolution
// nc and ns category and summary; instant and conversation are in the key.
func closingForm(f *form, v *desk.ClosingRecord) {
	number(f, "n", &v.Number)
	inner(f, "b", func(f *form) { actorForm(f, &v.ClosedBy) })
	text(f, "i", &v.Inbox)
	text(f, "d", &v.Department)
	text(f, "a", &v.Assignee)
	number(f, "k", &v.Ticket)
	span(f, "fr", &v.FirstResponse)
	span(f, "rs", &v.Resolution)
	text(f, "nc", &v.Note.Category)
	text(f, "ns", &v.Note.Summary)
}

// ratingForm is what the customer answered, beside the record: sr rating · sc comment.
func ratingForm(f *form, v *desk.Survey) {
	number(f, "sr", &v.Rating)
	text(f, "sc", &v.Comment)
}

func (b *Books) closingKey(at time.Time, id desk.ConversationID) Key {
	return Key{PK: b.pk("CLOSED", at.UTC().Format("2006-01")), SK: join(millis(at), string(id))}
}

// RecordClose stores the closing record of a resolved conversation; a repeat writes the same, and leaves the rating alone.
func (b *Books) RecordClose(ctx context.Context, record desk.ClosingRecord) error {
	err := b.table.Write(ctx, update(b.closingKey(record.ClosedAt, record.Conversation), record, closingForm))
	return desk.Wrap(desk.Internal, err, "storing a closing record")
}

// RateClose adds the customer's answer to the record of the close that asked for it.
func (b *Books) RateClose(ctx context.Context, conversation desk.ConversationID, survey desk.Survey) error {
	err := b.table.Write(ctx, update(b.closingKey(survey.AskedAt, conversation), survey, ratingForm))
	return desk.Wrap(desk.Internal, err, "rating a close")
}
