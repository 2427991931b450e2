package desk

import (
	"context"
	"errors"
	"io"
	"time"
)

// ChannelEventKind says what a provider reported.
type ChannelEventKind string

// The kinds of channel events.
const (
	ChannelMessage  ChannelEventKind = "message"
	ChannelStatus   ChannelEventKind = "status"
	ChannelEdit     ChannelEventKind = "edit"     // the customer changed a message
	ChannelDelete   ChannelEventKind = "delete"   // the customer took a message back
	ChannelIdentity ChannelEventKind = "identity" // the customer has a new address
)

// ChannelEvent is one thing that a provider reported, in the desk's words: what inbound puts on the queue and ingest
// turns into messages and delivery states.
type ChannelEvent struct {
	Account    AccountID
	Inbox      InboxID
	Kind       ChannelEventKind
	ExternalID string    // the provider's id of the message, or of the one that is meant
	At         time.Time // the provider's instant
	From       Sender
	Message    ChannelContent // of a message or an edit
	Target     string         // the provider's id of the message that an edit or a deletion is about
	Delivery   Delivery       // of a status
	Key        string         // of a status: "<conversation>/<message>" that we sent along; "" if the provider lost it
	NewAddress string         // of an identity event
}

// Sender is who wrote at a provider.
type Sender struct {
	Address string // what we answer to, and know him by: wa_id, or the user id of a sender without a phone number
	UserID  string // WhatsApp's user id, known besides the address
	Name    string
	Phone   string // "+" and digits, if he has one
	Page    string `json:"-"` // of the web chat, which has no queue: the page that he is on
}

// ChannelContent is what a customer's message holds.
type ChannelContent struct {
	Content     Content
	Text        string
	Data        map[string]string
	Attachments []Attachment // with ProviderID, without Key
	ReplyTo     string       // the provider's id of the message that it answers
}

// ErrUncertain marks a send that may have happened: the answer was lost.
var ErrUncertain = errors.New("the provider's answer was lost")

// Outbound is one message on its way to a provider.
type Outbound struct {
	Account        AccountID
	Inbox          Inbox
	To             string
	Message        Message
	Template       *TemplateUse
	Key            string   // sent along, and given back by statuses
	AttachmentURLs []string // from which the provider fetches Message.Attachments, in their order
	ReplyTo        string   // the provider's id of the message that this one answers; "" for none
}

// Provider sends to and fetches from a messaging provider.
type Provider interface {
	// Send hands one message to the provider and gives the provider's id of it. Codes: invalid (refused for good; the
	// message is for the agent), limited and unavailable (surely not sent; worth a repeat). An error that wraps
	// ErrUncertain may have been sent.
	Send(ctx context.Context, out Outbound) (id string, err error)
	// Fetch opens an attachment by the provider's media id; Blob has type and size. not_found, invalid: gone for good.
	Fetch(ctx context.Context, account AccountID, inbox Inbox, mediaID string) (Blob, io.ReadCloser, error)
}

// The bodies of queued jobs and timers, as JSON.
type (
	// DistributeJob drains the queue of a department.
	DistributeJob struct {
		Account    AccountID
		Department DepartmentID
	}
	// DeliverJob sends one message through the conversation's channel.
	DeliverJob struct {
		Account      AccountID
		Conversation ConversationID
		Message      MessageID
	}
	// MediaJob fetches one attachment.
	MediaJob struct {
		Account      AccountID
		Conversation ConversationID
		Message      MessageID
		Index        int
	}
	// TranscriptJob e-mails a conversation.
	TranscriptJob struct {
		Account      AccountID
		Conversation ConversationID
		To           string
		ID           string    // the request's; the same again is sent once
		Customer     bool      // asked for by the customer: he is told of its progress
		Ticket       int64     // instead of a conversation:
		Action       string    // the action of this ticket
		Identify     ContactID `json:",omitzero"` // or: the visitor who wants a code,
		Language     string    `json:",omitzero"` // in this language
	}
	// FeedbackJob tells that mail to addresses came back for good, or that their owners complained.
	FeedbackJob struct {
		Account   AccountID
		Addresses []string
		Complaint bool
		Reason    string // of the mail server, for people
		At        time.Time
	}
	// TimerBody says what a timer was set for; it acts only if the state still says so.
	TimerBody struct {
		Account      AccountID
		Conversation ConversationID
		Ticket       int64   `json:",omitzero"` // or its number
		Sweep        *Sweep  `json:",omitzero"` // or all that runs
		Rename       *Rename `json:",omitzero"` // or the tickets of a contact
		Due          time.Time
	}
)
