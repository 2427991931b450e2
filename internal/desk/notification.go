package desk

// NotificationKind says why someone is told.
type NotificationKind string

// The kinds of notifications.
const (
	NotifyAssigned    NotificationKind = "assigned"
	NotifyTransferred NotificationKind = "transferred"
	NotifyMention     NotificationKind = "mention"
	NotifyBreach      NotificationKind = "breach"        // a contract's target passed unmet
	NotifyWarning     NotificationKind = "warning"       // one is about to
	NotifyAction      NotificationKind = "ticket_action" // an action on a ticket for which he is responsible (B108)
	NotifyResponsible NotificationKind = "ticket"        // he became responsible for a ticket
)

// Notification tells an agent of something that concerns him (B31, B50).
type Notification struct {
	ID           string // sorts by time; made from the event, so that a repeat is the same notification
	Agent        AgentID
	Kind         NotificationKind
	Conversation ConversationID // or "", with
	Ticket       int64          // the number of a ticket
	Number       int64          // of the conversation
	By           Actor
	Text         string // a note's first line, a transfer's reason
	Read         bool
}
