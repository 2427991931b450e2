package desk

import (
	"strings"
	"time"
	"unicode/utf8"
)

// MessageKind tells apart what stands in a thread.
type MessageKind string

// The kinds. Only messages ever reach a customer.
const (
	MessageText  MessageKind = "message"
	NoteKind     MessageKind = "note"     // private (B30)
	ActivityKind MessageKind = "activity" // an event: what was done, by whom (B33)
)

// Message is one entry of a thread: a message, a private note or an activity line.
type Message struct {
	ID           MessageID
	Conversation ConversationID
	Inbox        InboxID
	Kind         MessageKind
	Author       Actor
	Content      Content
	Text         string            // plain; for rich text derived from HTML
	HTML         string            // allow-listed; "" for plain text
	Data         map[string]string // what the content is made of, or what an event tells
	Attachments  []Attachment
	ReplyTo      MessageID
	Mentions     []AgentID
	Event        EventType // of an activity line
	ExternalID   string    // its identity: the provider's id, or client_id of the writer
	Provider     string    // the provider's id of a message that we sent
	ProviderAt   time.Time // the provider's instant of an inbound message
	Delivery     Delivery
	ClaimedAt    time.Time // deliver took it in hand
	RetriedAt    time.Time // someone asked for it to be sent again
	Automatic    bool      // greeting, questions
	Line         LineName  // of the window it was written in, which is not told of it
	EditedAt     time.Time
	DeletedAt    time.Time // then text, HTML, data and attachments are gone
}

// Content says what a message is made of, in WhatsApp's words.
type Content string

// The contents. Unsupported is kept and shown as "view on the phone".
const (
	TextContent        Content = "text"
	ImageContent       Content = "image"
	VideoContent       Content = "video"
	AudioContent       Content = "audio"
	DocumentContent    Content = "document"
	StickerContent     Content = "sticker"
	LocationContent    Content = "location"
	ContactsContent    Content = "contacts"
	ReactionContent    Content = "reaction"
	ButtonContent      Content = "button"
	InteractiveContent Content = "interactive"
	OrderContent       Content = "order"
	SystemContent      Content = "system"
	TemplateContent    Content = "template"
	UnsupportedContent Content = "unsupported"
)

// Attachment is a file of a message.
type Attachment struct {
	Key        string // in the blob store; "" until it was fetched
	Name       string
	Type       string // media type
	Size       int64  // bytes
	ProviderID string // WhatsApp's media id
	Failed     string // why it could not be fetched
}

// MaxAttachments limits the attachments of one message.
const MaxAttachments = 10

// DeliveryState is how far an outbound message came (sent, delivered, read, failed).
type DeliveryState string

// The states; see [DeliveryState.Rank].
const (
	NoDelivery DeliveryState = ""
	Sent       DeliveryState = "sent"
	Failed     DeliveryState = "failed"
	Delivered  DeliveryState = "delivered"
	Read       DeliveryState = "read"
)

// Rank orders the states: a state is only ever replaced by one of a higher rank (I4). Failed ranks below delivered: an
// uncertain send is settled by a delivery that is reported later.
func (s DeliveryState) Rank() int {
	switch s {
	case Sent:
		return 1
	case Failed:
		return 2
	case Delivered:
		return 3
	case Read:
		return 4
	default:
		return 0
	}
}

// Delivery is the state of an outbound message and, if it failed, why.
type Delivery struct {
	State DeliveryState
	Error string // for the agent; from the provider, or ours
	At    time.Time
}

// SentAt is the provider's instant, else the desk's.
func (m Message) SentAt() time.Time {
	if !m.ProviderAt.IsZero() {
		return m.ProviderAt
	}
	return m.ID.Time()
}

// isReply reports whether a person at the desk, or a program in his name, wrote to the customer.
func (m Message) isReply() bool {
	return m.Kind == MessageText && !m.Automatic && (m.Author.Kind == ByUser || m.Author.Kind == ByAPI)
}

// preview is the line shown in lists.
func (m Message) preview() string {
	switch {
	case !m.DeletedAt.IsZero():
		return ""
	case m.Text != "":
		return firstLine(m.Text, maxPreview)
	case len(m.Attachments) > 0:
		return firstLine(m.Attachments[0].Name, maxPreview)
	default:
		return string(m.Content)
	}
}

// Body is what an agent, a bot or a visitor writes.
type Body struct {
	ClientID    string // made by the writer; the same again is the same message
	Text        string
	HTML        string // agents only
	Attachments []Attachment
	ReplyTo     MessageID
	Line        LineName // customers only: who it names is told of the message by the answer alone
	Mentions    []AgentID
	Template    *TemplateUse // WhatsApp: instead of text
}

// TemplateUse is a template with its parameters.
type TemplateUse struct {
	Name       string
	Language   string
	Parameters []string
}

func (b Body) validate() error {
	if err := within("client_id", b.ClientID, 1, 100); err != nil {
		return err
	}
	if !utf8.ValidString(b.Text) || !utf8.ValidString(b.HTML) {
		return InvalidField("text", "is not valid UTF-8")
	}
	if len(b.Text) > MaxText || len(b.HTML) > MaxText {
		return InvalidField("text", "is larger than %d bytes", MaxText)
	}
	if strings.TrimSpace(b.Text) == "" && len(b.Attachments) == 0 && b.Template == nil {
		return InvalidField("text", "is required")
	}
	if len(b.Attachments) > MaxAttachments {
		return InvalidField("attachments", "are more than %d", MaxAttachments)
	}
	return nil
}
