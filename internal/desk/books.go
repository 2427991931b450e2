package desk

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// Store opens accounts' books. It is the desk's way to the table; the room store keeps it over a driver. Only these
// three look-ups work without an account.
type Store interface {
	// Account gives the books of one account; it reads nothing.
	Account(AccountID) Books
	// AgentBySubject finds who signs in; not_found.
	AgentBySubject(ctx context.Context, issuer, subject string) (AccountID, AgentID, error)
	// BotByToken finds the bot by the hash of its token; not_found.
	BotByToken(ctx context.Context, hash string) (AccountID, BotID, error)
	// InboxByKey finds the inbox of a public key; not_found.
	InboxByKey(ctx context.Context, key string) (AccountID, InboxID, error)
	// Connection tells whose a live connection is; not_found.
	Connection(ctx context.Context, id ConnectionID) (Connection, error)
	// TakeTicket redeems a one-time ticket for a live connection: the second time, or after 60 s, it is not_found.
	TakeTicket(ctx context.Context, hash string) (Connection, error)
}

// Books are everything kept of one account. Every method reads or writes this account only; a foreign id is not_found.
// Writes are atomic, and a repeat of the same write is harmless or a conflict, never a second effect. Where a
// method says stale, it returns [Stale]: someone was faster, load again and decide again.
type Books interface { //nolint:interfacebloat // it only gathers the books, each of at most six methods
	// ID is the account whose books these are.
	ID() AccountID
	SettingsBook
	SeatBook
	ContactBook
	HoldBook
	ConversationBook
	MessageBook
	TicketBook
	ProceedingsBook
	SearchBook
	RequestBook
	NotificationBook
	ViewBook
	MailBook
	CodeBook
	LiveBook
}

// SettingsBook keeps the settings.
type SettingsBook interface {
	// Settings reads everything that is set; of an account that does not exist nothing is. It may be up to five seconds old;
	// a change made through this Store shows at once.
	Settings(ctx context.Context) (*Settings, error)
	// SaveSetting puts one noun, its look-ups (sign-in, public key, token) and the audit line of the change.
	// conflict: another noun owns that look-up.
	SaveSetting(ctx context.Context, setting Setting, audit Audit) error
	// NextNumber gives the next of a sequence ("conversation", "ticket"), never the same twice.
	NextNumber(ctx context.Context, sequence string) (int64, error)
}

// Audit is the line that a change of settings leaves.
type Audit struct {
	ID   string // sorts by time
	By   Actor
	Type EventType // "agent.saved", "inbox.deleted", ...
	Kind SettingKind
	Of   string // id of the noun
}

// SeatBook keeps the agents' seats.
type SeatBook interface {
	// Seats reads all seats of the account consistently.
	Seats(ctx context.Context) ([]Seat, error)
	// Seat reads one; a seat never saved is disconnected and empty.
	Seat(ctx context.Context, agent AgentID) (Seat, error)
	// SetPresence saves the chosen state and the lease.
	SetPresence(ctx context.Context, agent AgentID, chosen Presence, lease time.Time) error
	// RenewLease moves the lease forward, never back.
	RenewLease(ctx context.Context, agent AgentID, lease time.Time) error
	// SetCapacity saves the capacity; load stays.
	SetCapacity(ctx context.Context, agent AgentID, capacity int) error
}

// ContactBook keeps contacts and their identities.
type ContactBook interface {
	// Contact reads one, following a merge to the one that it became.
	Contact(ctx context.Context, id ContactID) (Contact, error)
	// Identity finds the contact behind an address; not_found.
	Identity(ctx context.Context, inbox InboxID, address string) (Identity, error)
	// SaveContact creates (was nil) or replaces a contact with its identities; stale on Version, conflict if an identity
	// belongs to someone else.
	SaveContact(ctx context.Context, was *Contact, now Contact) error
	// MergeContacts saves the heir with everything he got and turns the other into an alias of him.
	MergeContacts(ctx context.Context, heirWas, heir Contact, other Contact) error
	// Contacts lists contacts, newest first.
	Contacts(ctx context.Context, page PageRequest) ([]Contact, Cursor, error)
	// MoveConversation hands a conversation of the other contact to the heir, its listings and, unless the heir has an
	// open one in that inbox, its being the one that receives.
	MoveConversation(ctx context.Context, was, now *Conversation, line Message) error
}

// HoldBook keeps whose messages go by the queue for a while.
type HoldBook interface {
	// Hold marks an address from now on for so long; a later call prolongs it.
	Hold(ctx context.Context, inbox InboxID, address string, span time.Duration) error
	// Held reports whether it is marked; it sees every Hold that ended before.
	Held(ctx context.Context, inbox InboxID, address string) (bool, error)
}

// Cursor is where the next page begins; opaque outside the store, "" at the end.
type Cursor string

// PageRequest asks for a page.
type PageRequest struct {
	After Cursor
	Limit int  // 1..100
	Fresh bool // of a ticket's proceedings, or a requester's tickets: consistent, for who has just written; costs twice

	Newest bool // of a ticket's proceedings: newest first
}

// ListQuery chooses conversations. Exactly one list is read: that of the owner, the pending list, the queues of
// departments, a label, an inbox, departments, or all.
type ListQuery struct {
	Status      Status
	Owner       AgentID        // attended by him
	WaitsFor    AgentID        // waiting for his acceptance
	Unassigned  []DepartmentID // in the queues of these departments
	OnlyAuto    bool           // with Unassigned: only those that the desk hands out by itself
	Label       LabelID
	Inbox       InboxID
	Departments []DepartmentID           // in these departments
	Sees        func(*Conversation) bool // nil: all of the list
	Page        PageRequest
}

// ConversationBook keeps conversations.
type ConversationBook interface {
	// Conversation reads one, consistently.
	Conversation(ctx context.Context, id ConversationID) (*Conversation, error)
	// Receiving finds the conversation that takes the contact's next message in the inbox; not_found. Unless it is to be
	// fresh, it may be the one that did a second ago, but none only if there is none now.
	Receiving(ctx context.Context, fresh bool, contact ContactID, inbox InboxID) (ConversationID, error)
	// Save applies an act: see [Change]. Stale: the version moved on, or the agent's load is at his capacity;
	// conflict: the contact has another receiving conversation.
	Save(ctx context.Context, change Change) error
	// SaveThread saves what messages tell, if the thread's version still is was.Version; stale otherwise.
	SaveThread(ctx context.Context, id ConversationID, was, now Thread) error
	// Conversations reads one page of a list, eventually consistent. All is ordered by newest activity, within five
	// minutes; the others by the time at which the conversation came there, newest first, queues oldest first. A page
	// is filled with what is seen; it may come short and not be the last where much of the list is not seen, or stale.
	Conversations(ctx context.Context, query ListQuery) ([]*Conversation, Cursor, error)
	// ConversationsOf lists those of a contact's conversations that are seen (nil: all), newest first.
	ConversationsOf(ctx context.Context, contact ContactID, sees func(*Conversation) bool, page PageRequest) ([]*Conversation, Cursor, error)
}

// ViewBook keeps saved views, and counts what views choose.
type ViewBook interface {
	// Listed gives the ids in several lists, of each at most that many for each partition that it is kept in, eventually
	// consistent: it reads rows only, and a row may lag behind its conversation. Pages of the queries are not looked at.
	Listed(ctx context.Context, queries []ListQuery, most int) ([][]ConversationID, error)
	// SavedViews reads an agent's own views and the shared ones, in the order of their ids.
	SavedViews(ctx context.Context, agent AgentID) ([]SavedView, error)
	// SavedView reads a shared view or one of the agent's own; not_found.
	SavedView(ctx context.Context, agent AgentID, id SavedViewID) (SavedView, error)
	// SaveView creates (was nil) or replaces a view; conflict if it is there already, not_found if it is there no more.
	SaveView(ctx context.Context, was *SavedView, now SavedView) error
	// DeleteView deletes a view; harmless to repeat.
	DeleteView(ctx context.Context, v SavedView) error
}

// Change is one act on a conversation, saved in one transaction together with everything that follows from the
// difference between Was and Now: the place in a queue, the loads of agents, which conversation receives.
type Change struct {
	Was     *Conversation // nil: a new conversation
	Now     *Conversation
	Lines   []Message      // activity lines
	Ticket  *Ticket        // made (Version 0) or changed
	Actions []TicketAction // added to the ticket
	History []TicketChange // of the ticket
	Force   bool           // let the new assignee's load pass his capacity: never set by distribution or by people
}

// ThreadQuery chooses messages of a conversation, newest first unless After is set.
type ThreadQuery struct {
	Before, After MessageID // exclusive; at most one of them
	Limit         int       // 1..100
	Fresh         bool      // consistent, for a client that reconnects; costs twice
}

// MessageBook keeps the entries of threads.
type MessageBook interface {
	// StoreMessage stores a message under its identity (inbox + ExternalID). If the identity is known, it makes sure that
	// the message of then is stored, and gives that back with fresh false.
	StoreMessage(ctx context.Context, m Message) (stored Message, fresh bool, err error)
	// Message reads one.
	Message(ctx context.Context, conversation ConversationID, id MessageID) (Message, error)
	// MessageByIdentity finds a message by its ExternalID or the provider's id; not_found.
	MessageByIdentity(ctx context.Context, inbox InboxID, identity string) (ConversationID, MessageID, error)
	// ChangeMessage applies a change to one message; conflict if it does not apply any more.
	ChangeMessage(ctx context.Context, conversation ConversationID, id MessageID, change MessageChange) error
	// Thread reads a conversation with a page of its messages in one round trip; limit 0 messages reads only the
	// conversation.
	Thread(ctx context.Context, id ConversationID, query ThreadQuery) (c *Conversation, messages []Message, more bool, err error)
	// File puts the conversation into the lists (status, owner, department, inbox, labels) in which it belongs now and
	// takes it out of the others. It reads the state itself, so that a late or repeated call files rightly.
	File(ctx context.Context, id ConversationID) error
}

// MessageChange is one change of a stored message; exactly one of the fields is set.
type MessageChange struct {
	Claim      time.Time     // deliver takes it in hand; conflict if it was claimed or sent before
	Release    bool          // the send is known not to have happened
	Delivery   *Delivery     // only if it ranks higher than the state now
	Receipt    *Receipt      // the provider took it: state sent, and its id becomes an identity
	Delete     time.Time     // empties it
	Edit       *Edit         // the customer changed it
	Attachment *AttachmentAt // fetched, or failed for good
	Retry      time.Time     // of a failed message: state and claim are cleared
}

// Receipt is the provider's answer to a send.
type Receipt struct {
	Provider string
	At       time.Time
}

// Edit is a customer's change of his message.
type Edit struct {
	Text string
	At   time.Time
}

// AttachmentAt replaces one attachment of a message.
type AttachmentAt struct {
	Index int
	Attachment
}

// TicketBook keeps tickets.
type TicketBook interface {
	// Ticket reads one by number; not_found, also if it was deleted. One that was merged is given as it is.
	Ticket(ctx context.Context, number int64) (Ticket, error)
	// OpenTicket reads a ticket, consistently, with its first actions, in one round trip; the cursor is one of Actions.
	OpenTicket(ctx context.Context, number int64, actions PageRequest) (Ticket, []TicketAction, Cursor, error)
	// SaveTicket creates (Version 0) or changes tickets, all or none; stale on a Version. The ClientIDs of a new ticket and
	// of new actions become look-ups in the same transaction: a second one with the same is a conflict.
	SaveTicket(ctx context.Context, saves ...TicketSave) error
	// FileTicket puts the ticket into the lists in which it belongs now and takes it out of the others. It reads the state
	// itself, so that a late or repeated call files rightly.
	FileTicket(ctx context.Context, number int64) error
	// Tickets reads one page of a list, eventually consistent; it may hold fewer than asked for and still not be the last.
	Tickets(ctx context.Context, list TicketList) ([]Ticket, Cursor, error)
	// TicketsOf lists the tickets whose requester is the contact, newest first.
	TicketsOf(ctx context.Context, contact ContactID, page PageRequest) ([]Ticket, Cursor, error)
}

// TicketSave is a ticket to be saved, with what belongs to it.
type TicketSave struct {
	Ticket  Ticket
	Actions []TicketAction // new
	Edited  []TicketAction // each under its Version
	History []TicketChange
}

// ProceedingsBook keeps what was done and changed in tickets.
type ProceedingsBook interface {
	// Actions reads a ticket's proceedings, oldest first.
	Actions(ctx context.Context, number int64, page PageRequest) ([]TicketAction, Cursor, error)
	// Action reads one; not_found.
	Action(ctx context.Context, number int64, id string) (TicketAction, error)
	// MarkAction adds to what an action set off; harmless to repeat.
	MarkAction(ctx context.Context, number int64, id string, effects ...Effect) error
	// MoveActions moves actions that stand in a ticket to where they belong, words and all; home tells it for those that
	// were written in a ticket. Stale if one of them was edited meanwhile; a repeat moves the rest.
	MoveActions(ctx context.Context, number int64, home func(origin int64) (ActionHome, error)) error
	// PurgeTicket lets all that was done and changed in a deleted ticket expire thirty days after the deletion, and takes it
	// from its requester; harmless to repeat.
	PurgeTicket(ctx context.Context, t Ticket) error
	// TicketHistory reads what was changed in a ticket, newest first.
	TicketHistory(ctx context.Context, number int64, page PageRequest) ([]TicketChange, Cursor, error)
}

// ActionHome is where actions that were written in one ticket belong by now.
type ActionHome struct {
	Ticket int64 // 0: where they are
	Public bool  // those that were written as public are public there
}

// SearchBook finds tickets and contacts by their words, folded: without case and accents.
type SearchBook interface {
	// IndexTicket files the words of a ticket's fields (at most 24 rows) and takes away those that it lost; harmless to repeat.
	IndexTicket(ctx context.Context, was *Ticket, now Ticket) error
	// IndexAction files the words of an action: at most 32 rows, a ticket's description 32 together with the ticket's own;
	// and takes away those that it lost, unless they stand elsewhere in the ticket.
	IndexAction(ctx context.Context, t Ticket, was *TicketAction, now TicketAction) error
	// SearchTickets finds tickets that have all of the words, each from its beginning; of a single word in the order of
	// words, the newest first. Of several words it looks at the first 150 rows of each. Fields that are switched off are not
	// found by.
	SearchTickets(ctx context.Context, s TicketSettings, text string, limit int) ([]Ticket, error)
	// IndexContact files what a contact is found by (at most 11 rows) and takes away what he lost; harmless to repeat.
	IndexContact(ctx context.Context, was *Contact, now Contact) error
	// SearchContacts finds contacts by words of the name, the e-mail address or the phone number, each from its beginning,
	// in the order of words. Of several it looks at the first 150 rows of each.
	SearchContacts(ctx context.Context, text string, limit int) ([]Contact, error)
	// ContactsByEmail finds the contacts with the address, whatever its case, of the first 25 that are filed with it; those
	// of the last seconds may be missing.
	ContactsByEmail(ctx context.Context, email string) ([]Contact, error)
}

// RequestBook finds what an earlier try of the same request made.
type RequestBook interface {
	// TicketByClientID finds a ticket that SaveTicket created; not_found.
	TicketByClientID(ctx context.Context, clientID string) (Ticket, error)
	// ActionByClientID names the action that a request to a ticket made, which may have moved since; not_found.
	ActionByClientID(ctx context.Context, number int64, clientID string) (string, error)
}

// NotificationBook keeps what agents are told, and records for reports. Notifications expire after 30 days.
type NotificationBook interface {
	// Notify stores a notification; the same id again changes nothing and is a conflict.
	Notify(ctx context.Context, n Notification) error
	// Notifications lists an agent's, newest first.
	Notifications(ctx context.Context, agent AgentID, page PageRequest) ([]Notification, Cursor, error)
	// ReadNotifications marks those up to the id as read.
	ReadNotifications(ctx context.Context, agent AgentID, upTo string) error
	// RecordClose stores the closing record of a resolved conversation for reports.
	RecordClose(ctx context.Context, record ClosingRecord) error
	// RateClose adds the customer's answer to the closing record of that conversation and instant, which may come later.
	RateClose(ctx context.Context, conversation ConversationID, survey Survey) error
}

// ClosingRecord is what reports know of one close.
type ClosingRecord struct {
	Conversation  ConversationID
	Number        int64
	ClosedAt      time.Time
	ClosedBy      Actor
	Inbox         InboxID
	Department    DepartmentID
	Assignee      AgentID
	Ticket        int64
	FirstResponse time.Duration // 0: never answered
	Resolution    time.Duration
	Note          ClosingNote
}

// MailBook keeps which addresses mail must not go to.
type MailBook interface {
	// MarkAddress marks an address whose mail comes back, or whose owner complained, for 180 days; a later mark replaces
	// an earlier one.
	MarkAddress(ctx context.Context, mark AddressMark) error
	// AddressMark reads the mark of an address; not_found: mail may go there.
	AddressMark(ctx context.Context, address string) (AddressMark, error)
	// ClaimMail takes the mail of a name in hand; sent tells that it went out before. Conflict: a delivery that began less
	// than busy ago has it. Names are known for 30 days.
	ClaimMail(ctx context.Context, name string, now time.Time, busy time.Duration) (sent bool, err error)
	// SettleMail marks a claimed mail as sent, or gives the claim back.
	SettleMail(ctx context.Context, name string, sent bool) error
}

// CodeBook keeps one-time codes: one for each visitor and address, until an hour after it was made. Addresses are in lower
// case.
type CodeBook interface {
	// Count counts one of what is limited, for all instances; limited, with RetryAfter, once there were so many in the
	// stretch of time of now.
	Count(ctx context.Context, of Quota, now time.Time) error
	// PutCode stores a code in the place of an earlier one.
	PutCode(ctx context.Context, code OneTimeCode) error
	// TryCode counts a guess and gives the code; not_found if there is none, or it was guessed that often. Of guesses at once
	// each is counted, and one that loses is not_found.
	TryCode(ctx context.Context, visitor ContactID, email string, most int) (OneTimeCode, error)
	// SpendCode takes the code away; not_found if another request did, or a newer one is in its place.
	SpendCode(ctx context.Context, code OneTimeCode) error
}

// Quota limits something to so many in each stretch of time of that length, as clocks cut them in UTC.
type Quota struct {
	Of     string // what
	Most   int
	Within time.Duration // at least an hour
}

// AddressMark says why no mail goes to an address.
type AddressMark struct {
	Address   string
	Complaint bool
	Reason    string
	At        time.Time
}

// Connection is one live socket, or the ticket for it: an agent's console or a visitor's widget.
type Connection struct {
	ID      ConnectionID
	Account AccountID
	Agent   AgentID // or
	Visitor Visitor
	Line    LineName
	Topics  []Topic // heard since the connection
}

// LineName is how a message names the live connection of its writer, of which only he knows the ticket; "" for none.
type LineName string

// LineOf names the connection that was opened with a ticket.
func LineOf(ticket string) LineName {
	if ticket == "" {
		return ""
	}
	return LineName(hash(ticket)[:lineName])
}

// lineName is short, for every message bears it: it tells apart the few connections of one visitor.
const lineName = 8

// Listener is a connection that is to be told, and its name.
type Listener struct {
	ID   ConnectionID
	Line LineName
}

// Topic is what connections listen to.
type Topic string

// Watched reports whether connections begin to hear the topic while they are open, by [LiveBook.Listen]. The others are
// heard from their opening on, after which a client reads twice what it shows, the second time seconds later.
func (t Topic) Watched() bool {
	return strings.HasPrefix(string(t), string(ConversationTopic(""))) || strings.HasPrefix(string(t), "ticket")
}

// AgentTopic is what concerns the agent himself.
func AgentTopic(id AgentID) Topic { return Topic("agent/" + id) }

// DepartmentTopic is what concerns all agents of a department: its unassigned conversations.
func DepartmentTopic(id DepartmentID) Topic { return Topic("department/" + id) }

// ConversationTopic is heard by those who look at the conversation.
func ConversationTopic(id ConversationID) Topic { return Topic("conversation/" + id) }

// TicketTopic is heard by those who look at the ticket.
func TicketTopic(number int64) Topic { return Topic("ticket/" + strconv.FormatInt(number, 10)) }

// TicketsTopic is heard by those who look at lists of tickets.
const TicketsTopic Topic = "tickets"

// CustomerTopic is heard by the widgets of a contact in an inbox.
func CustomerTopic(contact ContactID, inbox InboxID) Topic {
	return Topic("customer/" + string(inbox) + "/" + string(contact))
}

// RequesterTopic is heard by the widgets that know whose they are, where customers see their tickets.
func RequesterTopic(contact ContactID) Topic { return Topic("requester/" + contact) }

// LiveBook keeps live connections and visitors' sessions.
type LiveBook interface {
	// PutTicket stores a one-time ticket for a connection, by its hash.
	PutTicket(ctx context.Context, hash string, who Connection, expires time.Time) error
	// Live connections.
	ConnectionBook
	// Visitors' sessions.
	VisitorBook
}

// ConnectionBook keeps live connections and what they hear. They expire after three hours.
type ConnectionBook interface {
	// Connect stores a connection under its topics.
	Connect(ctx context.Context, c Connection) error
	// Disconnect forgets it and all its subscriptions; harmless to repeat.
	Disconnect(ctx context.Context, id ConnectionID) error
	// Lost is Disconnect for a connection that a push did not find. One that began within the last half minute stays: what
	// it waits for may be pushed before its handshake is done, and API Gateway calls such a connection gone.
	Lost(ctx context.Context, id ConnectionID) error
	// Listen adds (on) or removes a topic of a connection.
	Listen(ctx context.Context, id ConnectionID, topic Topic, on bool) error
	// Listeners finds the connections of several topics in one round trip, each once. Unless it is to be fresh, it may miss
	// those that opened within the last second, but never who began to watch: see [Topic.Watched].
	Listeners(ctx context.Context, fresh bool, topics ...Topic) ([]Listener, error)
}

// VisitorBook keeps visitors' lasting secrets.
type VisitorBook interface {
	// PutVisitor stores a visitor's secret by its hash.
	PutVisitor(ctx context.Context, hash string, v Visitor) error
	// VisitorBySecret finds the visitor; not_found if unknown or revoked.
	VisitorBySecret(ctx context.Context, hash string) (Visitor, error)
	// RevokeVisitor forgets the secret.
	RevokeVisitor(ctx context.Context, hash string) error
}
