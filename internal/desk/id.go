package desk

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"sync/atomic"
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

// issued is the millisecond of the newest id that this process made, and how many that millisecond had before it.
var issued atomic.Uint64

// NewID makes an id of 24 characters that sorts by time (48 bits of milliseconds), within one millisecond by the order
// in which this process made them (16 bits), and cannot be guessed (56 random bits).
func NewID(now time.Time) string {
	var b [15]byte
	putMillis(b[:6], now)
	binary.BigEndian.PutUint16(b[6:8], turn(uint64(now.UnixMilli())))
	rand.Read(b[8:])
	return idText.EncodeToString(b[:])
}

// turn counts the ids of one millisecond, from 0. Past 65,535 it begins anew: the random bits keep ids apart.
func turn(ms uint64) uint16 {
	for {
		last := issued.Load()
		next := ms << 16
		if last>>16 == ms&(1<<48-1) {
			next |= (last + 1) & 0xffff
		}
		if issued.CompareAndSwap(last, next) {
			return uint16(next & 0xffff)
		}
	}
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
