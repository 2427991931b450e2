package store

import (
	"context"
	"fmt"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// Versions of a conversation: acts and messages each guard their own attributes.
const (
	actsVersion   = "v"
	threadVersion = "tv"
)

// actsForm are the attributes that acts own; the id is in the key.
//
//	v version · n number · c contact, cn and ce its name and e-mail as shown in lists · ad address · i inbox · ch channel
//	t created · d department · st status, sa since, se seen to · a assignee · w waits for, ws since · h handed · au automatic · sz snoozed until
//	mu muted · pr priority · lb labels · k ticket, kp proposed · g clocks (gc their contract) · es e-mail step, ea message looked at
//	x closed if not with sa, xb by · nc and ns category and summary of the closing note · sv survey
func actsForm(f *form, v *desk.Conversation) {
	number(f, actsVersion, &v.Version)
	number(f, "n", &v.Number)
	id(f, "c", &v.Contact)
	text(f, "cn", &v.ContactName)
	text(f, "ce", &v.ContactEmail)
	id(f, "ad", &v.Address)
	id(f, "i", &v.Inbox)
	text(f, "ch", &v.Channel)
	instant(f, "t", &v.CreatedAt)
	id(f, "d", &v.Department)
	text(f, "st", &v.Status)
	instant(f, "sa", &v.StatusAt)
	id(f, "se", &v.SeenTo)
	id(f, "a", &v.Assignee)
	id(f, "w", &v.WaitsFor)
	instant(f, "ws", &v.WaitsSince)
	instant(f, "h", &v.HandedAt)
	flag(f, "au", &v.Auto)
	instant(f, "sz", &v.SnoozedUntil)
	flag(f, "mu", &v.Muted)
	text(f, "pr", &v.Priority)
	ids(f, "lb", &v.Labels)
	number(f, "k", &v.Ticket)
	number(f, "kp", &v.ProposedTicket)
	clocks(f, v.CreatedAt, &v.Clocks)
	text(f, "es", &v.EmailStep)
	id(f, "ea", &v.EmailAt)
	inner(f, "xb", func(f *form) { actorForm(f, &v.ClosedBy) })
	closedForm(f, v)
	text(f, "nc", &v.Note.Category)
	text(f, "ns", &v.Note.Summary)
	inner(f, "sv", func(f *form) { surveyForm(f, &v.Survey) })
}

// surveyForm: a asked · r rating · c comment.
func surveyForm(f *form, v *desk.Survey) {
	instant(f, "a", &v.AskedAt)
	number(f, "r", &v.Rating)
	text(f, "c", &v.Comment)
}

// closedForm keeps when it was closed, unless that is when it came into its state, as it mostly is: nine bytes less.
func closedForm(f *form, v *desk.Conversation) {
	at := v.ClosedAt
	asState := v.Status == desk.Resolved && v.ClosedBy.Kind != "" && !v.StatusAt.IsZero()
	if asState && at.Equal(v.StatusAt) {
		at = time.Time{}
	}
	instant(f, "x", &at)
	if f.read && at.IsZero() && asState {
		at = v.StatusAt
	}
	if f.read {
		v.ClosedAt = at
	}
}

// threadForm are the attributes that messages own.
//
//	tv version · l last, p preview, pk its kind, pb its author's kind · fc first, lc last of the customer · lr last reply
//	u unread · r read to · cr read by the customer to · ca customer's newest instant · aw awaiting since · fr first reply
func threadForm(f *form, v *desk.Thread) {
	number(f, threadVersion, &v.Version)
	id(f, "l", &v.Last)
	text(f, "p", &v.Preview)
	text(f, "pk", &v.PreviewKind)
	text(f, "pb", &v.PreviewBy)
	id(f, "fc", &v.FirstCustomer)
	id(f, "lc", &v.LastCustomer)
	id(f, "lr", &v.LastReply)
	ids(f, "u", &v.Unread)
	id(f, "r", &v.ReadTo)
	id(f, "cr", &v.CustomerRead)
	instant(f, "ca", &v.CustomerAt)
	instant(f, "aw", &v.AwaitingSince)
	instant(f, "fr", &v.FirstReplyAt)
}

// conversationForm is the whole item but the index keys, which [Books.File] owns.
func conversationForm(f *form, v *desk.Conversation) {
	actsForm(f, v)
	threadForm(f, &v.Thread)
}

func decodeConversation(item Item) (*desk.Conversation, error) {
	c, err := decode(item, conversationForm)
	if err != nil {
		return nil, err
	}
	c.ID = desk.ConversationID(last(keyOf(item).PK))
	return &c, nil
}

// Conversation reads one, consistently.
func (b *Books) Conversation(ctx context.Context, id desk.ConversationID) (*desk.Conversation, error) {
	item, err := get(ctx, b.table, b.conversationKey(id), "conversation")
	if err != nil {
		return nil, err
	}
	return decodeConversation(item)
}

// Receiving finds the conversation that takes the contact's next message in the inbox. Unless it is to be fresh, it is read
// at half the price.
func (b *Books) Receiving(ctx context.Context, fresh bool, contact desk.ContactID, inbox desk.InboxID) (desk.ConversationID, error) {
	read := late
	if fresh {
		read = get
	}
	item, err := read(ctx, b.table, b.receivingKey(contact, inbox), "receiving conversation")
	if err != nil {
		return "", err
	}
	var id desk.ConversationID
	text(&form{item: item, read: true}, receiver, &id)
	return id, nil
}

// listedWithin is how exact the order of the list of all is: its index entry moves with the first message of each such
// span, so at most once in it.
const listedWithin = 5 * time.Minute

// activity is the conversation's place among all: the span of its newest message, else of its creation. It follows from
// the state alone, so that SaveThread and File always agree on it.
func activity(last desk.MessageID, created time.Time) time.Time {
	at := last.Time()
	if at.IsZero() {
		at = created
	}
	return at.Truncate(listedWithin)
}

// SaveThread saves what messages tell with one update, which also moves the conversation up in the list of all if its
// newest message begins another span.
func (b *Books) SaveThread(ctx context.Context, id desk.ConversationID, was, now desk.Thread) error {
	now.Version = was.Version + 1
	op := update(b.conversationKey(id), now, threadForm)
	op.If = []Condition{{Attr: actsVersion, Test: Exists}, unlessSince(threadVersion, was.Version)}
	if at := activity(now.Last, time.Time{}); now.Last != "" && !at.Equal(activity(was.Last, time.Time{})) {
		_, sk := ByStatus.Keys()
		op.Set[sk] = str(sortText(at, string(id)))
	}
	return b.change(ctx, op, "conversation",
		fmt.Sprintf("the thread moved on from version %d", was.Version))
}
