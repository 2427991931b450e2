package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// TicketAction is one entry of a ticket's proceedings.
type TicketAction struct {
	ID           string // sorts by time
	Ticket       int64
	Kind         ActionKind
	Public       bool
	Author       Actor
	Text         string // plain; for rich text derived from HTML
	HTML         string // allow-listed; "" for plain text
	Attachments  []Attachment
	Conversation ConversationID // of a history: the thread that it refers to,
	From, To     MessageID      // and the range of its messages; nothing is copied
	EditedAt     time.Time      // zero: never; the earlier texts stand in the history
	EditedBy     Actor
	Effects      []string // what the action set off, see [Effect]: sorted
	MovedFrom    int64    // the merged ticket that it was written in; 0: this one
	Returned     bool     // it was in an heir of this ticket meanwhile
	ClientID     string   // of the request that made it
	Version      int      // counts its edits
}

// ActionKind tells apart what stands in a ticket's proceedings.
type ActionKind string

// The kinds of actions.
const (
	WrittenAction     ActionKind = "action"
	DescriptionAction ActionKind = "description" // what the ticket is about, told when it was made
	HistoryAction     ActionKind = "history"     // of a conversation (B61)
)

// Valid reports whether the kind exists.
func (k ActionKind) Valid() bool {
	return k == WrittenAction || k == DescriptionAction || k == HistoryAction
}

// Limits of an action.
const (
	maxActionText        = 20000 // characters
	maxActionAttachments = 10
)

// EffectKind says what an action set off (B111).
type EffectKind string

// The kinds of effects.
const (
	EffectNotified EffectKind = "notified" // an agent, in his notifications (B108)
	EffectReply    EffectKind = "reply"    // the requester, in a conversation
	EffectMail     EffectKind = "mail"     // an address, by e-mail
	EffectNoMail   EffectKind = "no_mail"  // an address that no mail may go to
)

// Effect is one thing that an action set off, and whom it reached: an agent, a conversation or an address.
type Effect struct {
	Kind EffectKind
	To   string
}

// String writes an effect as it is kept: the kind, a space, whom it reached.
func (e Effect) String() string { return string(e.Kind) + " " + e.To }

// ParseEffect reads what String wrote.
func ParseEffect(text string) Effect {
	kind, to, _ := strings.Cut(text, " ")
	return Effect{EffectKind(kind), to}
}

// TicketChange is one entry of a ticket's history: what an act changed, and what set it off.
type TicketChange struct {
	ID      string // sorts by time
	Ticket  int64
	By      Actor
	Trigger Trigger
	Action  string // of an edited action: its id
	Fields  []FieldChange
}

// Trigger says in which way a ticket came to be changed.
type Trigger string

// The triggers of changes.
const (
	TriggerEdit         Trigger = "edit"         // someone changed fields
	TriggerAction       Trigger = "action"       // someone edited an action, or its requester answered
	TriggerClose        Trigger = "close"        // a conversation was closed with it
	TriggerConversation Trigger = "conversation" // a conversation was linked or unlinked
	TriggerContact      Trigger = "contact"      // contacts were merged
	TriggerContract     Trigger = "contract"     // an SLA contract's rules
	TriggerRelation     Trigger = "relation"     // someone related two tickets
	TriggerDuplicate    Trigger = "duplicate"    // someone made another of it
	TriggerMerge        Trigger = "merge"        // a ticket was merged
	TriggerUnmerge      Trigger = "unmerge"      // a merge was taken back
	TriggerDelete       Trigger = "delete"       // a ticket was deleted
)

// FieldChange is what became of one field. Ids stand as ids, instants in RFC 3339, lists joined by commas; empty is
// none.
type FieldChange struct {
	Field string
	From  string
	To    string
}

// changes lists the fields in which two states of a ticket differ, in the order in which people see them.
func (t Ticket) changes(now Ticket) []FieldChange {
	var out []FieldChange
	for _, f := range []FieldChange{
		{"type", string(t.Type), string(now.Type)},
		{"requester", string(t.Requester), string(now.Requester)},
		{"subject", t.Subject, now.Subject},
		{"status", string(t.Status), string(now.Status)},
		{"justification", string(t.Justification), string(now.Justification)},
		{"service", string(t.Service), string(now.Service)},
		{"category", string(t.Category), string(now.Category)},
		{"priority", string(t.Priority), string(now.Priority)},
		{"due", t.Due.text(), now.Due.text()},
		{"responsible", string(t.Responsible), string(now.Responsible)},
		{"cc", strings.Join(t.CC, ", "), strings.Join(now.CC, ", ")},
		{"tags", strings.Join(t.Tags, ", "), strings.Join(now.Tags, ", ")},
		{"relations", relationList(t.Relations), relationList(now.Relations)},
		{"merged_into", number(t.MergedInto), number(now.MergedInto)},
		{"conversations", conversationList(t.Conversations), conversationList(now.Conversations)},
	} {
		if f.From != f.To {
			out = append(out, f)
		}
	}
	return out
}

func (d Due) text() string {
	if d.At.IsZero() {
		return ""
	}
	return d.At.UTC().Format("2006-01-02T15:04:05.000Z")
}

// conversationList names the newest linked conversation and their number: a hundred ids would say no more.
func conversationList(ids []ConversationID) string {
	if len(ids) == 0 {
		return ""
	}
	return string(ids[len(ids)-1]) + " (" + strconv.Itoa(len(ids)) + ")"
}

// changed makes the history of an act on a ticket; none if nothing differs.
func (d *Desk) changed(was, now Ticket, by Actor, trigger Trigger) []TicketChange {
	fields := was.changes(now)
	if len(fields) == 0 {
		return nil
	}
	return []TicketChange{{ID: d.newID(), Ticket: now.Number, By: by, Trigger: trigger, Fields: fields}}
}

// mayAct refuses a public action on an internal ticket (B89).
func (t Ticket) mayAct(public bool) error {
	if public && t.Type == InternalTicket {
		return &Error{Code: Conflict, Field: "public", Message: "an internal ticket takes internal actions only"}
	}
	return nil
}

// mayEdit refuses whoever is neither its author nor an operator (B112), and who saw another version.
func (a *TicketAction) mayEdit(who Who, seen int) error {
	switch {
	case a.Author.ID != who.Actor.ID && !who.Role.WorksAll():
		return &Error{Code: Forbidden, Field: "role", Message: "only its author or an operator edits an action"}
	case a.Kind == HistoryAction:
		return conflictOf("kind", "the history of a conversation is not edited")
	case a.Version != seen:
		return conflictOf("version", "the action was edited meanwhile")
	default:
		return nil
	}
}

// edit changes the text of an action. What it was is given back for the history.
func (a *TicketAction) edit(who Who, text ActionText, now time.Time) FieldChange {
	change := FieldChange{Field: "text", From: a.Text, To: text.Text}
	a.Text, a.HTML, a.EditedAt, a.EditedBy = text.Text, text.HTML, now, who.Actor
	return change
}

// shownHistory leaves out of a history what is switched off. The text of an action is told of whatever the action is.
func (s TicketSettings) shownHistory(all []TicketChange) []TicketChange {
	for i := range all {
		all[i].Fields = slices.DeleteFunc(all[i].Fields, func(f FieldChange) bool { return s.Off(TicketField(f.Field)) })
	}
	return slices.DeleteFunc(all, func(c TicketChange) bool { return len(c.Fields) == 0 })
}
