package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Thread is what messages tell of their conversation. It follows from the messages alone: taking one in twice, or
// late, changes nothing more.
type Thread struct {
	Last          MessageID // newest message or note, automatic ones apart
	Preview       string    // its first line, at most 80 bytes
	PreviewKind   MessageKind
	PreviewBy     ActorKind
	FirstCustomer MessageID   // oldest message of the customer
	LastCustomer  MessageID   // newest message of the customer
	LastReply     MessageID   // newest message of a person at the desk
	Unread        []MessageID // the customer's messages that nobody at the desk has read, at most MaxUnread
	ReadTo        MessageID   // the desk has read up to here
	CustomerRead  MessageID   // the customer has read up to here
	CustomerAt    time.Time   // newest provider instant of a message of the customer: opens WhatsApp's window
	AwaitingSince time.Time   // the customer's first message without an answer; zero: answered
	FirstReplyAt  time.Time
	Version       int
}

// MaxUnread is the most unread messages that are told apart; lists show it as "9+".
const MaxUnread = 10

const maxPreview = 80

// absorb takes a message into the account of the thread.
func (t Thread) absorb(m Message) Thread {
	if m.Kind == ActivityKind {
		return t
	}
	t.Unread = slices.Clone(t.Unread)
	if m.ID > t.Last && (!m.Automatic || t.Last == "") { // what the desk says by itself hides nobody's line
		t.Last, t.Preview, t.PreviewKind, t.PreviewBy = m.ID, m.preview(), m.Kind, m.Author.Kind
	}
	if m.Kind != MessageText {
		return t
	}
	switch {
	case m.Author.Kind == ByCustomer:
		t.absorbCustomer(m)
	case m.isReply():
		t.absorbReply(m)
	}
	return t
}

func (t *Thread) absorbCustomer(m Message) {
	t.LastCustomer = max(t.LastCustomer, m.ID)
	if t.FirstCustomer == "" || m.ID < t.FirstCustomer {
		t.FirstCustomer = m.ID
	}
	if sent := m.SentAt(); sent.After(t.CustomerAt) {
		t.CustomerAt = sent
	}
	if at := m.ID.Time(); m.ID > t.LastReply && (t.AwaitingSince.IsZero() || at.Before(t.AwaitingSince)) {
		t.AwaitingSince = at
	}
	if m.ID > t.ReadTo && len(t.Unread) < MaxUnread && !slices.Contains(t.Unread, m.ID) {
		t.Unread = append(t.Unread, m.ID)
	}
}

func (t *Thread) absorbReply(m Message) {
	at := m.ID.Time()
	if t.FirstReplyAt.IsZero() || at.Before(t.FirstReplyAt) {
		t.FirstReplyAt = at
	}
	t.LastReply = max(t.LastReply, m.ID)
	if t.LastReply > t.LastCustomer {
		t.AwaitingSince = time.Time{}
	}
}

// amend takes a change of a message, an edit or a deletion, into what lists show of it.
func (t Thread) amend(m Message) Thread {
	if m.Kind == ActivityKind {
		return t
	}
	if m.ID == t.Last {
		t.Preview = m.preview()
	}
	if !m.DeletedAt.IsZero() {
		t.Unread = slices.DeleteFunc(slices.Clone(t.Unread), func(id MessageID) bool { return id == m.ID })
	}
	return t
}

// read moves the desk's mark, never back; what was marked as unread is read, too.
func (t Thread) read(to MessageID) Thread {
	t.ReadTo = max(t.ReadTo, to)
	t.Unread = slices.DeleteFunc(slices.Clone(t.Unread), func(id MessageID) bool { return id <= to })
	return t
}

// unread makes the customer's newest message one that nobody has read. What he was told stays: the desk's mark does not
// move back.
func (t Thread) unread() Thread {
	if !slices.Contains(t.Unread, t.LastCustomer) && len(t.Unread) < MaxUnread {
		t.Unread = append(slices.Clone(t.Unread), t.LastCustomer)
	}
	return t
}

// customerRead moves the customer's mark.
func (t Thread) customerRead(to MessageID) Thread {
	t.CustomerRead = max(t.CustomerRead, to)
	return t
}

// equal reports whether nothing is to be saved.
func (t Thread) equal(u Thread) bool {
	return slices.Equal(t.Unread, u.Unread) && t.Last == u.Last && t.Preview == u.Preview && t.PreviewKind == u.PreviewKind &&
		t.PreviewBy == u.PreviewBy && t.FirstCustomer == u.FirstCustomer && t.LastCustomer == u.LastCustomer && t.LastReply == u.LastReply &&
		t.ReadTo == u.ReadTo && t.CustomerRead == u.CustomerRead && t.CustomerAt.Equal(u.CustomerAt) &&
		t.AwaitingSince.Equal(u.AwaitingSince) && t.FirstReplyAt.Equal(u.FirstReplyAt)
}

// firstLine cuts a text to its first line of at most n bytes, whole characters only.
func firstLine(text string, n int) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if len(line) <= n {
		return line
	}
	line = line[:n-len("…")]
	for !utf8.ValidString(line) {
		line = line[:len(line)-1]
	}
	return line + "…"
}

// moveThread is the one loop of load, move, save for what messages and marks tell of a conversation: move gives its thread
// as it is to be. moved is false if there was nothing to save.
func (d *Desk) moveThread(ctx context.Context, account AccountID, id ConversationID, move func(*Conversation) (Thread, error)) (
	c *Conversation, moved bool, err error,
) {
	books := d.Store.Account(account)
	err = retry(func() error {
		var err error
		if c, err = books.Conversation(ctx, id); err != nil {
			return err
		}
		was := c.Thread
		if c.Thread, err = move(c); err != nil {
			return err
		}
		if moved = !c.Thread.equal(was); !moved {
			return nil
		}
		return books.SaveThread(ctx, c.ID, was, c.Thread)
	})
	return c, moved, err
}
