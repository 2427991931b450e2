package desk

import (
	"slices"
	"time"
)

// ActorKind says who did something. Every event names its actor: activity lines, the audit trail and workflows read it.
type ActorKind string

// The kinds of actors.
const (
	ByCustomer ActorKind = "customer"
	ByUser     ActorKind = "user" // an agent, operator or administrator
	ByBot      ActorKind = "bot"
	ByAPI      ActorKind = "api"
	ByWorkflow ActorKind = "workflow"
	BySystem   ActorKind = "system"
)

// Actor is who wrote a message or did an act, with the name as it was then.
type Actor struct {
	Kind ActorKind `json:"kind"`
	ID   string    `json:"id,omitempty"`
	Name string    `json:"name,omitempty"`
}

// System is the desk itself: greetings, timers, distribution.
var System = Actor{Kind: BySystem, Name: "Relevo"}

// Role is what an agent may do at all.
type Role string

// The roles. A viewer reads and changes nothing. An agent works the conversations that are his, his departments' or
// unassigned in them. An operator works every conversation and ticket. An administrator does all that, and settings.
const (
	Viewer        Role = "viewer"
	AgentRole     Role = "agent"
	Operator      Role = "operator"
	Administrator Role = "administrator"
)

// Roles lists every role, the least first.
var Roles = []Role{Viewer, AgentRole, Operator, Administrator}

// Valid reports whether the role exists.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Works reports whether the role attends conversations (B1).
func (r Role) Works() bool { return r == AgentRole || r == Operator || r == Administrator }

// WorksAll reports whether the role works every conversation of the account.
func (r Role) WorksAll() bool { return r == Operator || r == Administrator }

// Who is the member of staff, or the bot, who asks: known from the token, bound to one account.
type Who struct {
	Account     AccountID
	Actor       Actor
	Role        Role
	Agent       AgentID        // "" for a bot
	Departments []DepartmentID // of the agent
	Inbox       InboxID        // a bot works this inbox only; "" for agents

	settings *Settings // as they were when he was let in
	at       time.Time // when that was
}

// Clocks gives the clocks of a conversation as they stood when the caller was let in.
func (w Who) Clocks(c *Conversation) []Clock {
	if w.settings == nil { // the desk itself, which looks at no clock so
		return nil
	}
	return w.settings.Clocks(c, w.at)
}

// SeesAll reports whether the caller may read every conversation.
func (w Who) SeesAll() bool { return w.Role == Viewer || w.Role.WorksAll() }

// sees reports whether the caller may know that the conversation exists.
func (w Who) sees(c *Conversation) bool {
	if w.Inbox != "" {
		return c.Inbox == w.Inbox
	}
	if w.SeesAll() || c.holds(w.Agent) {
		return true
	}
	return slices.Contains(w.Departments, c.Department)
}

// mayWork refuses a viewer.
func (w Who) mayWork() error {
	if !w.Role.Works() {
		return &Error{Code: Forbidden, Field: "role", Message: "a viewer changes nothing"}
	}
	return nil
}

// mayAdminister refuses everyone but administrators.
func (w Who) mayAdminister() error {
	if w.Role != Administrator {
		return &Error{Code: Forbidden, Field: "role", Message: "only an administrator changes settings"}
	}
	return nil
}

// Visitor is a customer who asks through the web chat: known from a short-lived token bound to all three.
type Visitor struct {
	Account AccountID
	Inbox   InboxID
	Contact ContactID
	// Identified: the desk knows who he is, by his site's word or by a code that he got at his address.
	Identified bool
	Session    string // names the secret by which he is known; "": his site's word
	Page       string // that he was on when his session began; at most 500 characters, kept with the contact alone
}
