package e2e

import "time"

// The parts of the answers that scenarios look at; openapi.yaml says what the fields mean.

// Actor is who wrote or did something.
type Actor struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ClosingNote is what a close left for managers.
type ClosingNote struct {
	Category string `json:"category,omitempty"`
	Summary  string `json:"summary,omitempty"`
}

// Conversation is one as agents see it; customers see fewer fields of it.
type Conversation struct {
	ID      string `json:"id"`
	Number  int64  `json:"number"`
	Contact struct {
		ID    string `json:"id"`
		Name  string `json:"name"`
		Email string `json:"email"`
	} `json:"contact"`
	Inbox        string      `json:"inbox"`
	Channel      string      `json:"channel"`
	Department   string      `json:"department"`
	Status       string      `json:"status"`
	Assignee     string      `json:"assignee"`
	WaitsFor     string      `json:"waits_for"`
	WaitsSince   time.Time   `json:"waits_since"`
	SnoozedUntil time.Time   `json:"snoozed_until"`
	Muted        bool        `json:"muted"`
	Priority     string      `json:"priority"`
	Labels       []string    `json:"labels"`
	Ticket       int64       `json:"ticket"`
	Breached     bool        `json:"breached"`
	Clocks       Clocks      `json:"clocks"`
	CreatedAt    time.Time   `json:"created_at"`
	Note         ClosingNote `json:"note"`
	Survey       Survey      `json:"survey"`
	Unread       int         `json:"unread"`
	ReadTo       string      `json:"read_to"`
	CustomerRead string      `json:"customer_read"`
	Version      int         `json:"version"`
	Allowed      []string    `json:"allowed"`
	Preview      struct {
		Text string `json:"text"`
		Kind string `json:"kind"`
	} `json:"preview"`
}

// Clocks are those of what a contract promises.
type Clocks struct {
	FirstResponse Clock `json:"first_response"`
	NextResponse  Clock `json:"next_response"`
	Resolution    Clock `json:"resolution"`
}

// Clock is one promise as it stands.
type Clock struct {
	Promised int64     `json:"promised_seconds"`
	Due      time.Time `json:"due"`
	EndedAt  time.Time `json:"ended_at"`
	Paused   bool      `json:"paused"`
	Breached bool      `json:"breached"`
}

// Survey is what the customer was asked at the close, and his answer.
type Survey struct {
	AskedAt time.Time `json:"asked_at"`
	Rating  int       `json:"rating"`
	Comment string    `json:"comment"`
}

// Attachment is a file of a message.
type Attachment struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	URL    string `json:"url"`
	Failed string `json:"failed"`
}

// Delivery is how far an outbound message came.
type Delivery struct {
	State string `json:"state"`
	Error string `json:"error"`
}

// Message is an entry of a thread; customers see fewer fields of it.
type Message struct {
	ID           string            `json:"id"`
	Conversation string            `json:"conversation"`
	Kind         string            `json:"kind"`
	Author       Actor             `json:"author"`
	Content      string            `json:"content"`
	Text         string            `json:"text"`
	HTML         string            `json:"html"`
	Data         map[string]string `json:"data"`
	Attachments  []Attachment      `json:"attachments"`
	ReplyTo      string            `json:"reply_to"`
	Event        string            `json:"event"`
	ClientID     string            `json:"client_id"`
	Delivery     Delivery          `json:"delivery"`
	Automatic    bool              `json:"automatic"`
	At           time.Time         `json:"at"`
	EditedAt     time.Time         `json:"edited_at"`
	DeletedAt    time.Time         `json:"deleted_at"`
}

// Thread is part of a thread, oldest first, with what stands around it.
type Thread struct {
	Conversation Conversation `json:"conversation"`
	Messages     []Message    `json:"messages"`
	More         bool         `json:"more"`
	Contact      Contact      `json:"contact"`
}

// Contact is a customer as agents see him.
type Contact struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Email      string `json:"email"`
	Phone      string `json:"phone"`
	Identities []struct {
		Inbox   string `json:"inbox"`
		Address string `json:"address"`
	} `json:"identities"`
}

// Ticket is what conversations leave behind.
type Ticket struct {
	Number    int64  `json:"number"`
	Requester string `json:"requester"`
	Subject   string `json:"subject"`
	Type      string `json:"type"`
	Status    string `json:"status"`
	Priority  string `json:"priority"`
	Due       struct {
		At time.Time `json:"at"`
		By string    `json:"by"`
	} `json:"due"`
	Responsible   string   `json:"responsible"`
	Conversations []string `json:"conversations"`
	MergedInto    int64    `json:"merged_into"`
	Version       int      `json:"version"`
}

// TicketAction is an entry of a ticket's proceedings.
type TicketAction struct {
	ID           string `json:"id"`
	Kind         string `json:"kind"`
	Public       bool   `json:"public"`
	Text         string `json:"text"`
	EditedAt     string `json:"edited_at"`
	Conversation string `json:"conversation"`
	From         string `json:"from"`
	To           string `json:"to"`
	MovedFrom    int64  `json:"moved_from"`
	Version      int    `json:"version"`
}

// OpenedTicket is a ticket with its proceedings.
type OpenedTicket struct {
	Ticket  Ticket         `json:"ticket"`
	Actions []TicketAction `json:"actions"`
}

// TicketChange is an entry of a ticket's history.
type TicketChange struct {
	Trigger string `json:"trigger"`
	Fields  []struct {
		Field string `json:"field"`
		From  string `json:"from"`
		To    string `json:"to"`
	} `json:"fields"`
}

// Closed is the answer to a close.
type Closed struct {
	Conversation Conversation `json:"conversation"`
	Ticket       Ticket       `json:"ticket"`
}

// Seat is an agent's presence and load.
type Seat struct {
	Agent     string `json:"agent"`
	Presence  string `json:"presence"`
	Capacity  int    `json:"capacity"`
	Load      int    `json:"load"`
	Available bool   `json:"available"`
}

// Notification tells an agent of something.
type Notification struct {
	ID           string `json:"id"`
	Kind         string `json:"kind"`
	Conversation string `json:"conversation"`
	Text         string `json:"text"`
	Read         bool   `json:"read"`
	By           Actor  `json:"by"`
}

// Page is a page of a list.
type Page[T any] struct {
	Items  []T    `json:"items"`
	Cursor string `json:"cursor"`
}
