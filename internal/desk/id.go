package desk

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"
)

// Ids are opaque to everyone outside. Each noun has its own type, so that the compiler keeps them apart.
type (
	// AccountID names an account.
	AccountID string
	// AgentID names an agent.
	AgentID string
	// DepartmentID names a department.
	DepartmentID string
	// InboxID names an inbox.
	InboxID string
	// LabelID names a label.
	LabelID string
	// CannedID names a canned reply.
	CannedID string
	// BotID names a bot.
	BotID string
	// HoursID names business hours.
	HoursID string
	// ContractID names an SLA contract.
	ContractID string
	// ContactID names a contact.
	ContactID string
	// ConversationID names a conversation.
	ConversationID string
	// MessageID is the message's place in its conversation: ids sort by the instant at which the desk received the
	// message, and a place never changes, so every viewer sees one order.
	MessageID string
	// ConnectionID names a live connection; the host makes it.
	ConnectionID string
)

var idText = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// NewID makes an id of 24 characters that sorts by time (48 bits of milliseconds) and cannot be guessed (72 random
// bits).
func NewID(now time.Time) string {
	var b [15]byte
	putMillis(b[:6], now)
	rand.Read(b[6:])
	return idText.EncodeToString(b[:])
}

// PlaceAt is the least id of an instant: every id made before it sorts below, every later one above.
func PlaceAt(t time.Time) MessageID {
	var b [15]byte
	putMillis(b[:6], t)
	return MessageID(idText.EncodeToString(b[:]))
}

// Time gives the instant, in milliseconds, at which the desk received the message; zero for a malformed id.
func (id MessageID) Time() time.Time {
	if len(id) < 10 {
		return time.Time{}
	}
	b, err := idText.DecodeString(strings.ToLower(string(id[:10])))
	if err != nil || len(b) < 6 {
		return time.Time{}
	}
	var ms int64
	for _, x := range b[:6] {
		ms = ms<<8 | int64(x)
	}
	return time.UnixMilli(ms).UTC()
}

func putMillis(b []byte, t time.Time) {
	ms := uint64(t.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (8 * (5 - i)))
	}
}
