package store

import (
	"context"
	"hash/fnv"
	"slices"
	"strconv"

	"github.com/relevo/relevo/internal/desk"
)

// What a conversation's item remembers of the label rows that are filed for it: the labels, and the status under which.
const (
	filedLabels = "fl"
	filedStatus = "fs"
)

// fileAttempts bounds how often File begins again because the conversation changed meanwhile.
const fileAttempts = 20

// File puts the conversation into the lists in which it belongs now. It reads the state consistently and writes only
// under the condition that this is still the state, so that calls in any order, any number of times, file rightly.
func (b *Books) File(ctx context.Context, id desk.ConversationID) error {
	for range fileAttempts {
		err := b.fileOnce(ctx, id)
		if !desk.Is(err, desk.Conflict) {
			return err
		}
	}
	return desk.Errorf(desk.Unavailable, "the conversation changes too fast to be filed")
}

func (b *Books) fileOnce(ctx context.Context, id desk.ConversationID) error {
	item, err := get(ctx, b.table, b.conversationKey(id), "conversation")
	if err != nil {
		return err
	}
	c, err := decodeConversation(item)
	if err != nil {
		return err
	}
	settings, err := b.Settings(ctx)
	if err != nil {
		return err
	}
	if err := b.fileIndexes(ctx, c, item, settings.Account.Shards); err != nil {
		return err
	}
	return b.fileLabels(ctx, c, item)
}

// place in an index: partition and sort key.
type entry struct{ pk, sort string }

// entries tells where the conversation stands in each index.
func (b *Books) entries(c *desk.Conversation, shards int) map[Index]entry {
	status, id := initial(c.Status), string(c.ID)
	entries := map[Index]entry{
		ByStatus:     {b.statusPK(c.Status, shard(c.ID, shards)), sortText(activity(c.Thread.Last, c.CreatedAt), id)},
		ByDepartment: {b.pk("D", string(c.Department), status), sortText(c.CreatedAt, id)},
		ByInbox:      {b.pk("I", string(c.Inbox), status), sortText(c.CreatedAt, id)},
	}
	if c.Assignee != "" {
		entries[ByOwner] = entry{b.pk("A", string(c.Assignee), status), sortText(c.HandedAt, id)}
	}
	return entries
}

func (b *Books) statusPK(status desk.Status, shard int) string {
	return b.pk("S", initial(status), strconv.Itoa(shard))
}

// shard spreads a hot account's conversations over the partitions of the index by status. Raising their number takes
// hold as conversations are filed again; lowering it would hide those not filed since.
func shard(id desk.ConversationID, shards int) int {
	if shards <= 1 {
		return 0
	}
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32() % uint32(shards))
}

// fileIndexes sets the index keys that differ from where the conversation belongs, with one update.
func (b *Books) fileIndexes(ctx context.Context, c *desk.Conversation, item Item, shards int) error {
	op := Op{Kind: Update, Key: keyOf(item), Set: Item{}, If: []Condition{unlessSince(actsVersion, c.Version)}}
	entries := b.entries(c, shards)
	for _, index := range Indexes {
		place(&op, item, index, entries)
	}
	_, activityKey := ByStatus.Keys()
	if _, moves := op.Set[activityKey]; moves { // messages move it too
		op.If = append(op.If, unlessMoved(activityKey, item))
	}
	if len(op.Set)+len(op.Remove) == 0 {
		return nil
	}
	return b.change(ctx, op, "conversation", "the conversation changed while it was filed")
}

// unlessMoved is the condition that an attribute is as it was read.
func unlessMoved(attr string, item Item) Condition {
	if is, ok := item[attr]; ok {
		return Condition{Attr: attr, Test: Equals, To: is}
	}
	return Condition{Attr: attr, Test: Absent}
}

// fileLabels puts the conversation's row under each of its labels, takes away those of before, and remembers what is
// filed, in one transaction. Messages and most acts change no label and no status, and so never come here.
func (b *Books) fileLabels(ctx context.Context, c *desk.Conversation, item Item) error {
	var labels []desk.LabelID
	var status desk.Status
	f := form{item: item, read: true}
	ids(&f, filedLabels, &labels)
	text(&f, filedStatus, &status)
	have, want := b.labelRows(c, labels, status), b.labelRows(c, c.Labels, c.Status)
	if slices.Equal(have, want) {
		return nil
	}
	op := update(b.conversationKey(c.ID), *c, func(f *form, c *desk.Conversation) {
		ids(f, filedLabels, &c.Labels)
		if len(c.Labels) > 0 {
			text(f, filedStatus, &c.Status)
		}
	})
	op.If = []Condition{unlessSince(actsVersion, c.Version)}
	var p plan
	p.must(op, "conversation", "the conversation changed while it was filed")
	for _, row := range have {
		if !slices.Contains(want, row) {
			p.add(Op{Kind: Delete, Key: row}, "")
		}
	}
	for _, row := range want {
		if !slices.Contains(have, row) {
			p.add(Op{Kind: Put, Key: row}, "")
		}
	}
	return p.write(ctx, b.table, "filing a conversation under its labels")
}

func (b *Books) labelRows(c *desk.Conversation, labels []desk.LabelID, status desk.Status) []Key {
	rows := make([]Key, len(labels))
	for i, label := range labels {
		rows[i] = Key{PK: b.labelPK(label, status), SK: join(millis(c.CreatedAt), string(c.ID))}
	}
	return rows
}
