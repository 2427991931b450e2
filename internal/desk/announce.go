package desk

import "context"

// AnnouncementKind names what listeners are told.
type AnnouncementKind string

// The kinds of announcements. A client treats a message.* as "put this version of it in its place".
const (
	AnnounceMessage      AnnouncementKind = "message.created"
	AnnounceChange       AnnouncementKind = "message.updated" // delivery state, deletion, edit, attachment
	AnnounceConversation AnnouncementKind = "conversation.updated"
	AnnounceTyping       AnnouncementKind = "typing"
	AnnounceRead         AnnouncementKind = "read" // marks of the conversation's Thread moved
	AnnounceNotification AnnouncementKind = "notification"
	AnnounceTranscript   AnnouncementKind = "transcript" // progress, for the customer's widget
	AnnounceSeat         AnnouncementKind = "seat"       // the agent's own presence or load
	AnnounceTicket       AnnouncementKind = "ticket.changed"
)

// Announcement is one thing for live listeners. Who hears it, and which part of it a customer may see, is decided by
// the room live.
type Announcement struct {
	Account      AccountID
	ID           string // the same for every repeat of the same announcement, so that clients drop doubles
	Kind         AnnouncementKind
	Conversation *Conversation // of everything but notifications, seats and tickets
	Message      *Message      // of message.created, message.updated; with conversation.updated its activity line
	Typing       *Typing
	Notification *Notification
	Seat         *Seat
	Ticket       *TicketNews
	Transcript   string       // "sending", "sent" or "failed"
	By           ConnectionID // the connection on which a mark was moved, which needs not be told; "" if it came otherwise
}

type lineKey struct{}

// OnLine tells the acts in it by which connection they were asked for.
func OnLine(ctx context.Context, id ConnectionID) context.Context {
	return context.WithValue(ctx, lineKey{}, id)
}

func lineOf(ctx context.Context) ConnectionID {
	id, _ := ctx.Value(lineKey{}).(ConnectionID)
	return id
}

// Typing tells that someone writes, or stopped.
type Typing struct {
	By Actor
	On bool
}

// TicketNews tells that a ticket changed, and no more: who shows it reads it again.
type TicketNews struct {
	Number    int64
	Version   int       // of the ticket; who has it already knows what became of the ticket
	Action    string    // of the action on which it was marked what it set off (B111), or "moved", and no version; "": the ticket itself changed
	Requester ContactID // he alone is told, without a version; Action is then the public one that is new or edited. "": the desk
}

// Announcer tells live listeners. It is a hint: an error loses nothing, a client that missed one re-reads.
type Announcer func(ctx context.Context, a Announcement) error
