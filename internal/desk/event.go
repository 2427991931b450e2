package desk

// EventType names what happened. An event is saved with the state as an activity line of the conversation.
type EventType string

// The events of conversations.
const (
	ConversationCreated     EventType = "conversation.created"
	ConversationAssigned    EventType = "conversation.assigned"
	ConversationUnassigned  EventType = "conversation.unassigned"
	ConversationAccepted    EventType = "conversation.accepted"
	ConversationTransferred EventType = "conversation.transferred"
	ConversationSnoozed     EventType = "conversation.snoozed"
	ConversationWoken       EventType = "conversation.woken"
	ConversationPending     EventType = "conversation.pending"
	ConversationOpened      EventType = "conversation.opened"
	ConversationClosed      EventType = "conversation.closed"
	ConversationReopened    EventType = "conversation.reopened"
	ConversationRated       EventType = "conversation.rated" // by the customer, as the survey asked
	ConversationMuted       EventType = "conversation.muted"
	ConversationUnmuted     EventType = "conversation.unmuted"
	ConversationLabelled    EventType = "conversation.labelled"
	ConversationPrioritized EventType = "conversation.prioritized"
	ConversationLinked      EventType = "conversation.linked"    // to a ticket
	ConversationUnlinked    EventType = "conversation.unlinked"  // from its ticket
	ConversationWarned      EventType = "conversation.warned"    // a target is about to pass
	ConversationBreached    EventType = "conversation.breached"  // a target passed unmet
	ConversationContinued   EventType = "conversation.continued" // a late message belongs to a newer conversation
	ConversationMerged      EventType = "conversation.merged"    // its contact was merged
	TranscriptAsked         EventType = "conversation.transcript_asked"
	TranscriptSent          EventType = "conversation.transcript"
	MessageDeleted          EventType = "message.deleted"
	ContactCaptured         EventType = "contact.captured" // the customer told his e-mail address
)

// Event is what a rule tells of what it did. Data never reaches a customer.
type Event struct {
	Type EventType
	Data map[string]string
}

func event(t EventType, pairs ...string) Event {
	e := Event{Type: t}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if e.Data == nil {
			e.Data = map[string]string{}
		}
		e.Data[pairs[i]] = pairs[i+1]
	}
	return e
}

// line makes the activity line of the event.
func (e Event) line(c *Conversation, by Actor, id string) Message {
	return Message{
		ID: MessageID(id), Conversation: c.ID, Inbox: c.Inbox, Kind: ActivityKind, Author: by, Event: e.Type, Data: e.Data,
	}
}

// Data of the first event of an act that took the conversation from someone: who had it before. Listeners who lose it
// take it off their lists.
const (
	WasAssignee   = "was_assignee"
	WasWaitingFor = "was_waiting_for"
	WasDepartment = "was_department"
)

// leaving adds who had the conversation before, where that changed; was is nil for a new one.
func (e Event) leaving(was, now *Conversation) Event {
	if was == nil {
		return e
	}
	for name, pair := range map[string][2]string{
		WasAssignee:   {string(was.Assignee), string(now.Assignee)},
		WasWaitingFor: {string(was.WaitsFor), string(now.WaitsFor)},
		WasDepartment: {string(was.Department), string(now.Department)},
	} {
		if pair[0] == "" || pair[0] == pair[1] {
			continue
		}
		if e.Data == nil {
			e.Data = map[string]string{}
		}
		e.Data[name] = pair[0]
	}
	return e
}
