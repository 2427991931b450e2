package store

import (
	"context"
	"fmt"

	"github.com/relevo/relevo/internal/desk"
)

// receiver names the conversation in the item that holds who receives.
const receiver = "c"

// Save applies an act: the conversation under its version, and in the same transaction what follows from the difference
// between Was and Now. Index keys are left to [Books.File].
func (b *Books) Save(ctx context.Context, change desk.Change) error {
	p, next := b.conversationPlan(change)
	b.planReceiving(p, change, false)
	b.planLoad(p, change)
	b.planWait(p, change)
	b.planLines(p, next.ID, change.Lines)
	if change.Ticket != nil {
		if err := b.planTicket(ctx, p, desk.TicketSave{Ticket: *change.Ticket, Actions: change.Actions, History: change.History}); err != nil {
			return err
		}
	}
	if err := p.write(ctx, b.table, "saving a conversation"); err != nil {
		return err
	}
	change.Now.Version = next.Version
	if change.Ticket != nil {
		change.Ticket.Version++
	}
	return nil
}

// MoveConversation hands a conversation to the heir of its contact. It receives the heir's messages unless another
// conversation of his does.
func (b *Books) MoveConversation(ctx context.Context, was, now *desk.Conversation, line desk.Message) error {
	change := desk.Change{Was: was, Now: now, Lines: []desk.Message{line}}
	p, next := b.conversationPlan(change)
	b.planReceiving(p, change, true)
	b.planLoad(p, change)
	b.planWait(p, change)
	b.planLines(p, next.ID, change.Lines)
	if err := p.write(ctx, b.table, "moving a conversation"); err != nil {
		return err
	}
	now.Version = next.Version
	return nil
}

// conversationPlan begins a plan with the conversation itself and its row under the contact.
func (b *Books) conversationPlan(change desk.Change) (*plan, desk.Conversation) {
	p, next, was := &plan{}, *change.Now, change.Was
	key := b.conversationKey(next.ID)
	if was == nil {
		next.Version = 1
		op := Op{Kind: Put, Key: key, Item: encode(next, conversationForm), If: []Condition{{Attr: actsVersion, Test: Absent}}}
		p.add(op, "the conversation exists")
		p.add(Op{Kind: Put, Key: b.contactRowKey(&next)}, "")
		return p, next
	}
	next.Version = was.Version + 1
	op := update(key, next, actsForm)
	op.If = []Condition{unlessSince(actsVersion, was.Version)}
	p.must(op, "conversation", fmt.Sprintf("the conversation moved on from version %d", was.Version))
	if from, to := b.contactRowKey(was), b.contactRowKey(&next); from != to {
		p.add(Op{Kind: Delete, Key: from}, "")
		p.add(Op{Kind: Put, Key: to}, "")
	}
	return p, next
}

// planReceiving keeps which conversation takes the contact's next message. A merged contact may have had several, of
// which one receives: so a conversation only ever takes away its own being the one, and with yield it takes nobody's place.
func (b *Books) planReceiving(p *plan, change desk.Change, yield bool) {
	var from, to Key
	if was := change.Was; was != nil && was.Receives() {
		from = b.receivingKey(was.Contact, was.Inbox)
	}
	if now := change.Now; now.Receives() {
		to = b.receivingKey(now.Contact, now.Inbox)
	}
	if from == to {
		return
	}
	id := str(string(change.Now.ID))
	if from.PK != "" {
		p.may(Op{Kind: Delete, Key: from, If: []Condition{{Attr: receiver, Test: Equals, To: id}}})
	}
	if to.PK == "" {
		return
	}
	op := Op{Kind: Put, Key: to, Item: Item{receiver: id}, If: []Condition{{Attr: receiver, Test: Absent}}}
	if yield {
		p.may(op)
	} else {
		p.add(op, "the contact has another conversation that receives in this inbox")
	}
}

// planLoad moves the conversation from one agent's load to the other's, whose capacity is the condition.
func (b *Books) planLoad(p *plan, change desk.Change) {
	var from desk.AgentID
	if change.Was != nil {
		from = change.Was.LoadOn()
	}
	to := change.Now.LoadOn()
	if from == to {
		return
	}
	if to != "" {
		op := Op{
			Kind: Update, Key: b.seatKey(to), Add: map[string]int64{seatLoad: 1},
			Set: Item{seatIdle: num(b.store.now().UnixMilli())},
		}
		if !change.Force {
			op.If = []Condition{{Attr: seatLoad, Test: BelowAttr, Attr2: seatCapacity}}
		}
		p.unless(op, "the agent's load is at his capacity")
	}
	if from != "" {
		p.add(Op{Kind: Update, Key: b.seatKey(from), Add: map[string]int64{seatLoad: -1}}, "")
	}
}

// planWait moves the conversation between the queues.
func (b *Books) planWait(p *plan, change desk.Change) {
	var from, to Key
	if was := change.Was; was != nil {
		if wait, ok := was.Waits(); ok {
			from = b.waitKey(wait, was.ID)
		}
	}
	if wait, ok := change.Now.Waits(); ok {
		to = b.waitKey(wait, change.Now.ID)
	}
	if from == to {
		return
	}
	if from.PK != "" {
		p.add(Op{Kind: Delete, Key: from}, "")
	}
	if to.PK != "" {
		p.add(Op{Kind: Put, Key: to}, "")
	}
}

func (b *Books) planLines(p *plan, id desk.ConversationID, lines []desk.Message) {
	for _, line := range lines {
		p.add(Op{Kind: Put, Key: b.messageKey(id, line.ID), Item: encode(line, messageForm)}, "")
	}
}
