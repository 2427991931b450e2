package desk

import (
	"slices"
	"time"
)

// Status is the state of a conversation (B52).
type Status string

// The states. A new conversation is open (B53), or pending while a bot has it (B54).
const (
	Pending  Status = "pending"
	Open     Status = "open"
	Snoozed  Status = "snoozed"
	Resolved Status = "resolved"
)

// Statuses lists every state.
var Statuses = []Status{Pending, Open, Snoozed, Resolved}

// Priority orders conversations by hand.
type Priority string

// The priorities; the empty one is none.
const (
	NoPriority Priority = ""
	Low        Priority = "low"
	Medium     Priority = "medium"
	High       Priority = "high"
	Urgent     Priority = "urgent"
)

// priorities lists them, the least first.
var priorities = []Priority{NoPriority, Low, Medium, High, Urgent}

// Valid reports whether the priority exists.
func (p Priority) Valid() bool { return slices.Contains(priorities, p) }

// MaxLabels limits the labels of one conversation.
const MaxLabels = 10

// Conversation is what a customer and the desk have to say to each other in one inbox, from the first message to the
// close. Acts own its own fields, guarded by Version; messages own Thread, guarded by Thread.Version: neither
// overwrites the other.
type Conversation struct {
	ID           ConversationID
	Number       int64 // sequential in the account
	Contact      ContactID
	ContactName  string // as shown in lists
	ContactEmail string
	Address      string // the identity that it runs with
	Inbox        InboxID
	Channel      Channel
	CreatedAt    time.Time

	Department     DepartmentID
	Status         Status
	StatusAt       time.Time // when it came into this state
	SeenTo         MessageID // the customer's newest message when it was snoozed or closed: a later one wakes or reopens it
	Assignee       AgentID   // who attends it; counts in his load while it is open
	WaitsFor       AgentID   // whose acceptance it waits for (B50); then there is no assignee
	WaitsSince     time.Time
	HandedAt       time.Time // when it came to its assignee or waiting list (B49)
	Auto           bool      // the inbox distributes automatically
	SnoozedUntil   time.Time // zero: until the customer's next message (B56)
	Muted          bool      // (B35)
	Priority       Priority
	Labels         []LabelID
	Ticket         int64  // number of the linked ticket; 0: none
	ProposedTicket int64  // that the customer would link (B80); 0: none
	Clocks         Clocks // of what its contract promises
	EmailStep      EmailStep
	EmailAt        MessageID // the customer's last message that was looked at for an address
	ClosedAt       time.Time
	ClosedBy       Actor
	Note           ClosingNote
	Survey         Survey // (B71)
	Version        int

	Thread Thread
}

// EmailStep is how far the desk has come in asking for the e-mail address (B14).
type EmailStep string

// The steps.
const (
	EmailNotAsked EmailStep = ""
	EmailAsked    EmailStep = "asked"
	EmailAgain    EmailStep = "again" // an answer was no address; asked once more
	EmailDone     EmailStep = "done"
)

// ClosingNote is what an agent leaves for managers at the close (B63-B65).
type ClosingNote struct {
	Category string
	Summary  string
}

// Validate checks a closing note; an empty one is fine.
func (n ClosingNote) Validate() error {
	if err := within("note.category", n.Category, 0, 100); err != nil {
		return err
	}
	return within("note.summary", n.Summary, 0, 2000)
}

// holds reports whether the conversation is the agent's: attended by him or waiting for him.
func (c *Conversation) holds(a AgentID) bool { return a != "" && (c.Assignee == a || c.WaitsFor == a) }

// LoadOn names the agent in whose load the conversation counts; "" for nobody.
func (c *Conversation) LoadOn() AgentID {
	if c.Status == Open {
		return c.Assignee
	}
	return ""
}

// Wait is a place in a queue: a department's unassigned conversations or an agent's pending list.
type Wait struct {
	Agent      AgentID // the agent whose list it is, or "" for the department's queue
	Department DepartmentID
	Auto       bool // the desk hands it out by itself
	Since      time.Time
}

// Waits tells in which queue the conversation stands now; ok is false if in none.
func (c *Conversation) Waits() (wait Wait, ok bool) {
	switch {
	case c.Status != Open || c.Assignee != "":
		return Wait{}, false
	case c.WaitsFor != "":
		return Wait{Agent: c.WaitsFor, Since: c.WaitsSince}, true
	default:
		return Wait{Department: c.Department, Auto: c.Auto, Since: c.WaitsSince}, true
	}
}

// Receives reports whether the contact's next message in this inbox goes here: until it is resolved, and beyond if it
// is muted.
func (c *Conversation) Receives() bool { return c.Status != Resolved || c.Muted }

// clone gives a copy that rules may change.
func (c *Conversation) clone() *Conversation {
	d := *c
	d.Labels = slices.Clone(c.Labels)
	d.Thread.Unread = slices.Clone(c.Thread.Unread)
	return &d
}

// give makes the agent the one who attends it.
func (c *Conversation) give(agent AgentID, now time.Time) {
	c.Assignee, c.WaitsFor, c.WaitsSince, c.HandedAt = agent, "", time.Time{}, now
}

// waitFor puts it into the agent's pending list.
func (c *Conversation) waitFor(agent AgentID, now time.Time) {
	c.Assignee, c.WaitsFor, c.WaitsSince, c.HandedAt = "", agent, now, now
}

// queue puts it among the unassigned of its department.
func (c *Conversation) queue(now time.Time) {
	c.Assignee, c.WaitsFor, c.WaitsSince, c.HandedAt = "", "", now, time.Time{}
}

// holder is who attends it or is to accept it.
func (c *Conversation) holder() AgentID {
	if c.Assignee != "" {
		return c.Assignee
	}
	return c.WaitsFor
}

// resume makes it open again for whom it belonged to: his, if he can take it now, else in his pending list.
func (c *Conversation) resume(seat Seat, now time.Time) {
	c.Status, c.StatusAt, c.SnoozedUntil, c.SeenTo = Open, now, time.Time{}, ""
	holder := c.holder()
	switch {
	case holder == "":
		c.queue(now)
	case c.Assignee == holder && seat.Agent == holder && seat.Available(now):
		c.give(holder, now)
	default:
		c.waitFor(holder, now)
	}
}
