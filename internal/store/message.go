package store

import (
	"context"
	"fmt"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// Attributes of a message that changes name.
const (
	messageKind     = "k" // every message has one: it exists if this does
	messageRank     = "d"
	messageError    = "de"
	messageAt       = "dt"
	messageClaim    = "cl"
	messageRetried  = "rt"
	messageProvider = "pv"
	messageDeleted  = "dl"
	messageEdited   = "e"
)

// messageForm: conversation and place are in the key.
//
//	k kind · by author · i inbox · ct content · x text · hx HTML · da data · a0 to a9 attachments · re answers · me mentions
//	ev event · ei identity · pv the provider's id, pa its instant · d rank of the delivery state, de error, dt its instant
//	cl claimed, rt to be sent again · au automatic · e edited · dl deleted
func messageForm(f *form, v *desk.Message) {
	text(f, messageKind, &v.Kind)
	inner(f, "by", func(f *form) { actorForm(f, &v.Author) })
	id(f, "i", &v.Inbox)
	text(f, "ct", &v.Content)
	contentForm(f, v)
	id(f, "re", &v.ReplyTo)
	texts(f, "me", &v.Mentions)
	text(f, "ev", &v.Event)
	text(f, "ei", &v.ExternalID)
	text(f, messageProvider, &v.Provider)
	instant(f, "pa", &v.ProviderAt)
	deliveryForm(f, &v.Delivery)
	instant(f, messageClaim, &v.ClaimedAt)
	instant(f, messageRetried, &v.RetriedAt)
	flag(f, "au", &v.Automatic)
	text(f, "ln", &v.Line)
	instant(f, messageEdited, &v.EditedAt)
	instant(f, messageDeleted, &v.DeletedAt)
}

// contentForm is what a deletion empties. Each attachment has an attribute of its own, so that it is replaced without
// reading the others.
func contentForm(f *form, v *desk.Message) {
	text(f, "x", &v.Text)
	text(f, "hx", &v.HTML)
	dictionary(f, "da", &v.Data)
	for i := range desk.MaxAttachments {
		var a desk.Attachment
		if !f.read && i < len(v.Attachments) {
			a = v.Attachments[i]
		}
		inner(f, attachmentAttr(i), func(f *form) { attachmentForm(f, &a) })
		if _, there := f.item[attachmentAttr(i)]; f.read && there {
			v.Attachments = append(v.Attachments, a)
		}
	}
}

func attachmentAttr(i int) string { return fmt.Sprintf("a%d", i) }

// attachmentForm: k key in the blob store, n name, t media type, s bytes, p the provider's id, f why it failed.
func attachmentForm(f *form, v *desk.Attachment) {
	text(f, "k", &v.Key)
	text(f, "n", &v.Name)
	text(f, "t", &v.Type)
	number(f, "s", &v.Size)
	text(f, "p", &v.ProviderID)
	text(f, "f", &v.Failed)
}

// deliveries are the states by their rank, which is what is stored: so a condition can compare it.
var deliveries = [...]desk.DeliveryState{desk.NoDelivery, desk.Sent, desk.Failed, desk.Delivered, desk.Read}

func deliveryForm(f *form, v *desk.Delivery) {
	rank := v.State.Rank()
	number(f, messageRank, &rank)
	if f.read && rank >= 0 && rank < len(deliveries) {
		v.State = deliveries[rank]
	}
	text(f, messageError, &v.Error)
	instant(f, messageAt, &v.At)
}

func decodeMessage(item Item) (desk.Message, error) {
	m, err := decode(item, messageForm)
	key := keyOf(item)
	m.Conversation = desk.ConversationID(last(key.PK))
	m.ID = desk.MessageID(key.SK[len(messagePrefix):])
	return m, err
}

// identityLasts is how long a message's identity is known, and with it how late a repeat may come.
const identityLasts = 30 * 24 * time.Hour

// address is where a message lies.
type address struct {
	conversation desk.ConversationID
	id           desk.MessageID
}

// addressForm: c conversation, m place.
func addressForm(f *form, v *address) {
	id(f, "c", &v.conversation)
	id(f, "m", &v.id)
}

// StoreMessage writes the identity first, which holds the place, and then the message: two plain writes. Whoever comes
// later with the same identity, because the first call crashed between the two or because the message came again,
// writes or finds the message at that very place.
func (b *Books) StoreMessage(ctx context.Context, m desk.Message) (stored desk.Message, fresh bool, err error) {
	if m.ExternalID == "" {
		fresh, err = b.putMessage(ctx, m)
		return m, fresh, err
	}
	at, known, err := b.reserve(ctx, b.externalKey(m.Inbox, m.ExternalID), address{m.Conversation, m.ID})
	if err != nil {
		return desk.Message{}, false, err
	}
	if !known {
		_, err = b.putMessage(ctx, m)
		return m, err == nil, err
	}
	stored, err = b.Message(ctx, at.conversation, at.id)
	if !desk.Is(err, desk.NotFound) {
		return stored, false, err
	}
	m.Conversation, m.ID = at.conversation, at.id
	if put, err := b.putMessage(ctx, m); put || err != nil {
		return m, false, err
	}
	stored, err = b.Message(ctx, at.conversation, at.id)
	return stored, false, err
}

// reserve puts the identity; if it is known, it gives the address that it holds.
func (b *Books) reserve(ctx context.Context, key Key, at address) (holds address, known bool, err error) {
	op := Op{
		Kind: Put, Key: key, Item: b.store.lasting(encode(at, addressForm), identityLasts),
		If: []Condition{{Attr: "c", Test: Absent}}, WantOld: true,
	}
	for {
		err = b.table.Write(ctx, op)
		failed, ok := refused(err)
		switch {
		case !ok:
			return at, false, desk.Wrap(desk.Internal, err, "reserving a message's identity")
		case failed.Old == nil || b.store.expired(failed.Old): // it went, or should have gone
			op.If = []Condition{unlessMoved(TTL, failed.Old)}
		default:
			holds, err = decode(failed.Old, addressForm)
			return holds, true, err
		}
	}
}

// putMessage writes the message unless it is there.
func (b *Books) putMessage(ctx context.Context, m desk.Message) (put bool, err error) {
	err = b.table.Write(ctx, Op{
		Kind: Put, Key: b.messageKey(m.Conversation, m.ID), Item: encode(m, messageForm),
		If: []Condition{{Attr: messageKind, Test: Absent}},
	})
	if _, there := refused(err); there {
		return false, nil
	}
	return err == nil, desk.Wrap(desk.Internal, err, "storing a message")
}

// Message reads one, consistently.
func (b *Books) Message(ctx context.Context, conversation desk.ConversationID, id desk.MessageID) (desk.Message, error) {
	item, err := get(ctx, b.table, b.messageKey(conversation, id), "message")
	if err != nil {
		return desk.Message{}, err
	}
	return decodeMessage(item)
}

// MessageByIdentity finds a message by its own identity or by the provider's id of it.
func (b *Books) MessageByIdentity(ctx context.Context, inbox desk.InboxID, identity string) (desk.ConversationID, desk.MessageID, error) {
	item, err := get(ctx, b.table, b.externalKey(inbox, identity), "message")
	if err == nil && b.store.expired(item) {
		err = desk.Errorf(desk.NotFound, "no such message")
	}
	if err != nil {
		return "", "", err
	}
	at, err := decode(item, addressForm)
	return at.conversation, at.id, err
}
