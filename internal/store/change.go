package store

import (
	"context"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// ChangeMessage applies a change with one conditional update and no read before it, but for the receipt of a send, which
// also makes the provider's id an identity.
func (b *Books) ChangeMessage(ctx context.Context, conversation desk.ConversationID, id desk.MessageID, change desk.MessageChange) error {
	key := b.messageKey(conversation, id)
	switch {
	case !change.Claim.IsZero():
		op := amend(key, Item{messageClaim: num(change.Claim.UnixMilli())},
			Condition{Attr: messageClaim, Test: Absent}, Condition{Attr: messageRank, Test: Absent})
		return b.change(ctx, op, "message", "the message was claimed or sent before")
	case change.Release:
		op := amend(key, nil, Condition{Attr: messageClaim, Test: Exists})
		op.Remove = []string{messageClaim}
		return b.change(ctx, op, "message", "the message is not claimed")
	case change.Delivery != nil:
		return b.change(ctx, deliver(key, *change.Delivery), "message", "the message has come further already")
	case change.Receipt != nil:
		return b.receipt(ctx, address{conversation, id}, *change.Receipt)
	case !change.Delete.IsZero():
		return b.change(ctx, empty(key, change.Delete), "message", "the message is deleted")
	case change.Edit != nil:
		at := num(change.Edit.At.UnixMilli())
		op := amend(key, Item{"x": str(change.Edit.Text), messageEdited: at},
			Condition{Attr: messageDeleted, Test: Absent}, Condition{Attr: messageEdited, Test: BelowOrAbsent, To: at})
		op.Remove = []string{"hx"}
		return b.change(ctx, op, "message", "the message is deleted, or was edited later")
	case change.Attachment != nil:
		attr := attachmentAttr(change.Attachment.Index)
		op := update(key, change.Attachment.Attachment, func(f *form, v *desk.Attachment) {
			inner(f, attr, func(f *form) { attachmentForm(f, v) })
		})
		op.If = []Condition{{Attr: messageKind, Test: Exists}, {Attr: attr, Test: Exists}}
		return b.change(ctx, op, "message", "the message has no such attachment")
	case !change.Retry.IsZero():
		op := amend(key, Item{messageRetried: num(change.Retry.UnixMilli())}, Condition{Attr: messageRank, Test: Equals, To: num(desk.Failed.Rank())})
		op.Remove = []string{messageRank, messageError, messageAt, messageClaim}
		return b.change(ctx, op, "message", "the message did not fail")
	default:
		return desk.Errorf(desk.Internal, "an empty change of a message")
	}
}

// amend is an update of a message that exists.
func amend(key Key, set Item, conditions ...Condition) Op {
	return Op{Kind: Update, Key: key, Set: set, If: append(conditions, Condition{Attr: messageKind, Test: Exists})}
}

// deliver raises the delivery state; it never falls.
func deliver(key Key, d desk.Delivery) Op {
	op := update(key, d, deliveryForm)
	op.If = []Condition{
		{Attr: messageKind, Test: Exists},
		{Attr: messageRank, Test: BelowOrAbsent, To: num(d.State.Rank())},
	}
	return op
}

// empty leaves of a message only that it was there.
func empty(key Key, at time.Time) Op {
	op := update(key, desk.Message{}, contentForm)
	op.Set[messageDeleted] = num(at.UnixMilli())
	op.If = []Condition{{Attr: messageKind, Test: Exists}, {Attr: messageDeleted, Test: Absent}}
	return op
}

// receipt makes the provider's id an identity, so that states that it reports later find the message, and then marks the
// message as sent. A state reported before the answer of the send was stored is not lowered.
func (b *Books) receipt(ctx context.Context, at address, receipt desk.Receipt) error {
	m, err := b.Message(ctx, at.conversation, at.id)
	if err != nil {
		return err
	}
	if holds, known, err := b.reserve(ctx, b.externalKey(m.Inbox, receipt.Provider), at); err != nil {
		return err
	} else if known && holds != at {
		return desk.Errorf(desk.Conflict, "another message has the provider's id")
	}
	key := b.messageKey(at.conversation, at.id)
	op := deliver(key, desk.Delivery{State: desk.Sent, At: receipt.At})
	op.Set[messageProvider] = str(receipt.Provider)
	err = b.change(ctx, op, "message", "the message has come further already")
	if !desk.Is(err, desk.Conflict) {
		return err
	}
	return b.change(ctx, amend(key, Item{messageProvider: str(receipt.Provider)}), "message", "the message is gone")
}
