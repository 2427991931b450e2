package desk

import (
	"slices"
	"time"
)

// TicketStatus is the state of a ticket.
type TicketStatus string

// The states of a ticket.
const (
	TicketNew        TicketStatus = "new"
	TicketInProgress TicketStatus = "in_progress"
	TicketPending    TicketStatus = "pending"
	TicketResolved   TicketStatus = "resolved"
	TicketClosed     TicketStatus = "closed"
)

// TicketStatuses lists every state.
var TicketStatuses = []TicketStatus{TicketNew, TicketInProgress, TicketPending, TicketResolved, TicketClosed}

// Ticket is what conversations leave behind.
type Ticket struct {
	Number        int64 // sequential in the account, never given twice (B91)
	Requester     ContactID
	Subject       string
	Status        TicketStatus
	Responsible   AgentID
	Conversations []ConversationID // linked, newest last, at most MaxTicketConversations
	CreatedAt     time.Time
	CreatedBy     Actor
	UpdatedAt     time.Time
	ClientID      string // of the request that made it
	Version       int
}

// MaxTicketConversations limits the conversations linked to one ticket.
const MaxTicketConversations = 100

// TicketAction is one entry of a ticket's proceedings.
type TicketAction struct {
	ID           string // sorts by time
	Ticket       int64
	Kind         ActionKind
	Public       bool
	Author       Actor
	Text         string
	Conversation ConversationID // of a history: the thread that it refers to,
	From, To     MessageID      // and the range of its messages; nothing is copied
	ClientID     string         // of the request that made it
}

// ActionKind tells apart written actions and the history of a conversation (B61).
type ActionKind string

// The kinds of actions.
const (
	WrittenAction ActionKind = "action"
	HistoryAction ActionKind = "history"
)

// Validate checks what people set on a ticket; the requester is mandatory (B92).
func (t Ticket) Validate() error {
	if t.Requester == "" {
		return InvalidField("requester", "is required")
	}
	if err := within("subject", t.Subject, 1, 200); err != nil {
		return err
	}
	if !slices.Contains(TicketStatuses, t.Status) {
		return InvalidField("status", "want new, in_progress, pending, resolved or closed")
	}
	return nil
}
