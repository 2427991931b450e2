package live

import (
	"slices"

	"github.com/relevo/relevo/internal/desk"
)

// audience is a group of listeners that gets the same frame. A connection in several audiences of an announcement
// belongs to the first.
type audience struct {
	topics    []desk.Topic
	deaf      bool          // they did it themselves: they are told nothing
	left      bool          // told that the conversation is no longer theirs, instead of what became of it
	wrote     desk.LineName // the one window that needs not be told: it wrote this, and has the answer
	data      any
	listeners []desk.Listener
}

func (a audience) spares(l desk.Listener) bool { return a.wrote != "" && l.Line == a.wrote }

// leftType tells listeners who lose sight of a conversation to take it off their lists.
const leftType = "conversation.left"

func (a audience) frame(what desk.Announcement) frame {
	f := frame{ID: what.ID, Type: string(what.Kind), Data: a.data}
	if what.Conversation != nil {
		f.Conversation = what.Conversation.ID
	}
	if a.left {
		f.Type = leftType
	}
	return f
}

// thread is the data of message.* and conversation.* frames.
type thread struct {
	Message      any `json:"message,omitempty"`
	Conversation any `json:"conversation"`
}

// typing is the data of typing frames.
type typing struct {
	By desk.Actor `json:"by"`
	On bool       `json:"on"`
}

// marks are the data of read frames: both sides have read up to these messages.
type marks struct {
	ReadTo       desk.MessageID `json:"read_to"`
	CustomerRead desk.MessageID `json:"customer_read"`
	Unread       *int           `json:"unread,omitempty"` // by the desk; not for customers
}

// ticket is the data of ticket.changed frames.
type ticket struct {
	Number  int64  `json:"number"`
	Version int    `json:"version,omitempty"`
	Action  string `json:"action,omitempty"`
}

type transcript struct {
	State string `json:"state"`
}

// audiences decides who hears what.
func (a announcer) audiences(what desk.Announcement) ([]audience, error) {
	c := what.Conversation
	switch {
	case what.Kind == desk.AnnounceNotification && what.Notification != nil:
		n := *what.Notification
		return []audience{{topics: []desk.Topic{desk.AgentTopic(n.Agent)}, data: a.shapes.Notification(n)}}, nil
	case what.Kind == desk.AnnounceSeat && what.Seat != nil:
		return []audience{{topics: []desk.Topic{desk.AgentTopic(what.Seat.Agent)}, data: a.shapes.Seat(*what.Seat)}}, nil
	case what.Kind == desk.AnnounceTicket && what.Ticket != nil:
		return ofTicket(*what.Ticket), nil
	case c == nil:
	case (what.Kind == desk.AnnounceMessage || what.Kind == desk.AnnounceChange) && what.Message != nil:
		return a.ofMessage(what.Account, c, *what.Message, what.Kind == desk.AnnounceMessage), nil
	case what.Kind == desk.AnnounceConversation:
		return a.ofConversation(what.Account, c, what.Message), nil
	case what.Kind == desk.AnnounceTyping && what.Typing != nil:
		return ofTyping(c, *what.Typing), nil
	case what.Kind == desk.AnnounceRead:
		return ofMarks(c), nil
	case what.Kind == desk.AnnounceTranscript:
		return customers(c, transcript{State: what.Transcript}), nil
	}
	return nil, desk.Errorf(desk.Internal, "announcement %q without what it is about", what.Kind)
}

// ofMessage: those who attend, look at or could take the conversation, and the customer unless it is internal. Of a
// muted conversation the customer's messages disturb nobody but those who look at it (B35). The window that a customer wrote
// a new message in has it by the answer; his others, with lines of their own, are told.
func (a announcer) ofMessage(account desk.AccountID, c *desk.Conversation, m desk.Message, fresh bool) []audience {
	staff := audience{topics: staffTopics(c), data: thread{
		Message: a.shapes.Message(m, false), Conversation: a.shapes.Conversation(account, c, false)}}
	if c.Muted && m.Author.Kind == desk.ByCustomer {
		staff.topics = []desk.Topic{desk.ConversationTopic(c.ID)}
	}
	if m.Kind != desk.MessageText { // notes and activity (B30, B47)
		return []audience{staff}
	}
	windows := customers(c, thread{Message: a.shapes.Message(m, true), Conversation: a.shapes.Conversation(account, c, true)})
	for i := range windows {
		if fresh {
			windows[i].wrote = m.Line
		}
	}
	return append([]audience{staff}, windows...)
}

// ofConversation: its staff; its whole department if it moved on between people or states, for then it comes into
// lists or leaves them; and those who had it until now. The customer hears only that it began, ended or goes on.
func (a announcer) ofConversation(account desk.AccountID, c *desk.Conversation, line *desk.Message) []audience {
	data := thread{Conversation: a.shapes.Conversation(account, c, false)}
	if line == nil {
		return []audience{{topics: staffTopics(c), data: data}}
	}
	data.Message = a.shapes.Message(*line, false)
	staff := audience{topics: staffTopics(c), data: data}
	if slices.Contains(moves, line.Event) {
		staff.topics = add(staff.topics, desk.DepartmentTopic(c.Department))
	}
	found := []audience{staff}
	if slices.Contains(turns, line.Event) {
		found = append(found, customers(c, thread{Conversation: a.shapes.Conversation(account, c, true)})...)
	}
	if before := leavers(c, *line); len(before) > 0 {
		found = append(found, audience{topics: before, left: true, data: struct{}{}})
	}
	return found
}

// moves are the events that put a conversation into lists of its department, or take it out of them.
var moves = []desk.EventType{
	desk.ConversationCreated, desk.ConversationAssigned, desk.ConversationUnassigned, desk.ConversationAccepted,
	desk.ConversationTransferred, desk.ConversationSnoozed, desk.ConversationWoken, desk.ConversationPending,
	desk.ConversationOpened, desk.ConversationClosed, desk.ConversationReopened,
}

// turns are the events that a customer notices: what happens inside the desk is none of them.
var turns = []desk.EventType{desk.ConversationCreated, desk.ConversationClosed, desk.ConversationReopened, desk.ConversationRated}

// leavers are the topics of those who had the conversation before the act, as its activity line tells.
func leavers(c *desk.Conversation, line desk.Message) []desk.Topic {
	var topics []desk.Topic
	for _, agent := range []string{line.Data[desk.WasAssignee], line.Data[desk.WasWaitingFor]} {
		if id := desk.AgentID(agent); id != "" && id != c.Assignee && id != c.WaitsFor {
			topics = add(topics, desk.AgentTopic(id))
		}
	}
	if id := desk.DepartmentID(line.Data[desk.WasDepartment]); id != "" && id != c.Department {
		topics = add(topics, desk.DepartmentTopic(id))
	}
	return topics
}

// ofTyping: those who look at it, and the other side.
func ofTyping(c *desk.Conversation, t desk.Typing) []audience {
	viewers := []desk.Topic{desk.ConversationTopic(c.ID)}
	if t.By.Kind == desk.ByCustomer {
		if c.Assignee != "" && !c.Muted {
			viewers = append(viewers, desk.AgentTopic(c.Assignee))
		}
		return []audience{{topics: viewers, data: typing{By: t.By, On: t.On}}}
	}
	name := desk.Actor{Kind: t.By.Kind, Name: t.By.Name}
	staff := []audience{{topics: viewers, data: typing{By: t.By, On: t.On}}}
	if t.By.Kind == desk.ByUser {
		staff = append([]audience{{topics: []desk.Topic{desk.AgentTopic(desk.AgentID(t.By.ID))}, deaf: true}}, staff...)
	}
	return append(staff, customers(c, typing{By: name, On: t.On})...)
}

// ofTicket: those who look at the ticket; and, unless only an action was marked, those who look at lists of tickets. What
// is for the requester is for his widgets alone.
func ofTicket(news desk.TicketNews) []audience {
	data := ticket{news.Number, news.Version, news.Action}
	if news.Requester != "" {
		return []audience{{topics: []desk.Topic{desk.RequesterTopic(news.Requester)}, data: data}}
	}
	topics := []desk.Topic{desk.TicketTopic(news.Number)}
	if news.Action == "" {
		topics = append(topics, desk.TicketsTopic)
	}
	return []audience{{topics: topics, data: data}}
}

func ofMarks(c *desk.Conversation) []audience {
	t := c.Thread
	unread := len(t.Unread)
	return append(
		[]audience{{topics: staffTopics(c), data: marks{ReadTo: t.ReadTo, CustomerRead: t.CustomerRead, Unread: &unread}}},
		customers(c, marks{ReadTo: t.ReadTo, CustomerRead: t.CustomerRead})...)
}

// staffTopics are heard by those who look at the conversation, him who attends it or for whom it waits and, while it is
// open and nobody's, the agents of its department.
func staffTopics(c *desk.Conversation) []desk.Topic {
	topics := []desk.Topic{desk.ConversationTopic(c.ID)}
	for _, agent := range []desk.AgentID{c.Assignee, c.WaitsFor} {
		if agent != "" {
			topics = add(topics, desk.AgentTopic(agent))
		}
	}
	if wait, ok := c.Waits(); ok && wait.Agent == "" {
		topics = add(topics, desk.DepartmentTopic(c.Department))
	}
	return topics
}

// customers is the audience of the customer's widgets; only the web chat has any.
func customers(c *desk.Conversation, data any) []audience {
	if c.Channel != desk.WebChat {
		return nil
	}
	return []audience{{topics: []desk.Topic{desk.CustomerTopic(c.Contact, c.Inbox)}, data: data}}
}

func add(topics []desk.Topic, topic desk.Topic) []desk.Topic {
	if slices.Contains(topics, topic) {
		return topics
	}
	return append(topics, topic)
}
