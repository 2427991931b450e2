package desk

import (
	"context"
	"slices"
	"time"
)

// pageOfThread is how many messages come with an opened conversation.
const pageOfThread = 50

// View is an opened conversation.
type View struct {
	Conversation *Conversation
	Messages     []Message // the newest, oldest first
	More         bool      // there are older ones
	Contact      Contact
}

// Conversation opens a conversation: it with its last 50 messages in one query, its contact beside it. Fresh reads
// consistently, for a client that reconnects.
func (d *Desk) Conversation(ctx context.Context, who Who, id ConversationID, fresh bool) (View, error) {
	books := d.Store.Account(who.Account)
	c, messages, more, err := books.Thread(ctx, id, ThreadQuery{Limit: pageOfThread, Fresh: fresh})
	if err != nil {
		return View{}, err
	}
	if !who.sees(c) {
		return View{}, notSeen()
	}
	contact, err := books.Contact(ctx, c.Contact)
	if err != nil && !Is(err, NotFound) {
		return View{}, err
	}
	slices.Reverse(messages)
	return View{Conversation: c, Messages: messages, More: more, Contact: contact}, nil
}

// Messages reads a page of a thread, oldest first.
func (d *Desk) Messages(ctx context.Context, who Who, id ConversationID, q ThreadQuery) ([]Message, bool, error) {
	if err := q.validate(); err != nil {
		return nil, false, err
	}
	c, messages, more, err := d.Store.Account(who.Account).Thread(ctx, id, q)
	if err != nil {
		return nil, false, err
	}
	if !who.sees(c) {
		return nil, false, notSeen()
	}
	if q.After == "" {
		slices.Reverse(messages)
	}
	return messages, more, nil
}

func (q ThreadQuery) validate() error {
	if q.Before != "" && q.After != "" {
		return InvalidField("after", "give before or after, not both")
	}
	if q.Before != "" {
		return q.Before.validate("before")
	}
	if q.After != "" {
		return q.After.validate("after")
	}
	return nil
}

// ListView names a list of conversations.
type ListView string

// The views.
const (
	AllView        ListView = "all"
	MineView       ListView = "mine"
	WaitingView    ListView = "waiting" // for the caller's acceptance
	UnassignedView ListView = "unassigned"
)

// List asks for a page of conversations; department, inbox and label narrow the view all, one at a time, department
// also unassigned.
type List struct {
	View       ListView
	Status     Status // "": open
	Department DepartmentID
	Inbox      InboxID
	Label      LabelID
	Page       PageRequest
}

// Conversations reads a page of a list: what the caller may see of it (B18). An agent's "all" are his departments'.
func (d *Desk) Conversations(ctx context.Context, who Who, list List) ([]*Conversation, Cursor, error) {
	books := d.Store.Account(who.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return nil, "", err
	}
	q, err := list.query(who, settings)
	if err != nil {
		return nil, "", err
	}
	if q.everything() && !who.SeesAll() { // an agent of no department
		return nil, "", nil
	}
	if !who.SeesAll() {
		q.Sees = who.sees
	}
	return books.Conversations(ctx, q)
}

// query turns a view into the one list that is read.
func (l List) query(who Who, s *Settings) (ListQuery, error) {
	q := ListQuery{Status: l.Status, Page: l.Page}
	if q.Status == "" {
		q.Status = Open
	}
	if !slices.Contains(Statuses, q.Status) {
		return q, InvalidField("status", "want pending, open, snoozed or resolved")
	}
	if err := l.oneFilter(); err != nil {
		return q, err
	}
	departments := departmentsOf(who, s)
	if l.Department != "" {
		if _, err := s.department("department", l.Department); err != nil || !slices.Contains(departments, l.Department) {
			return q, InvalidField("department", "no such department")
		}
		departments = []DepartmentID{l.Department}
	}
	switch l.View {
	case MineView:
		q.Owner = who.Agent
	case WaitingView:
		q.WaitsFor = who.Agent
	case UnassignedView:
		q.Unassigned = departments
	case AllView, "":
		l.all(&q, who, departments)
	default:
		return q, InvalidField("view", "want all, mine, waiting or unassigned")
	}
	if (l.View == MineView || l.View == WaitingView) && who.Agent == "" {
		return q, InvalidField("view", "a bot has no conversations of its own")
	}
	return q, nil
}

// everything reports whether no list is chosen, which reads all.
func (q ListQuery) everything() bool {
	return q.Owner == "" && q.WaitsFor == "" && len(q.Unassigned) == 0 && q.Label == "" && q.Inbox == "" && len(q.Departments) == 0
}

// all narrows the view all.
func (l List) all(q *ListQuery, who Who, departments []DepartmentID) {
	switch {
	case who.Inbox != "":
		q.Inbox = who.Inbox
	case l.Inbox != "":
		q.Inbox = l.Inbox
	case l.Label != "":
		q.Label = l.Label
	case l.Department != "" || !who.SeesAll():
		q.Departments = departments
	}
}

func (l List) oneFilter() error {
	n := 0
	for _, set := range []bool{l.Department != "", l.Inbox != "", l.Label != ""} {
		if set {
			n++
		}
	}
	if n > 1 {
		return InvalidField("label", "filter by one of department, inbox, label")
	}
	if n == 1 && l.View != AllView && l.View != "" && (l.View != UnassignedView || l.Department == "") {
		return InvalidField("view", "this view has no such filter")
	}
	if l.View == UnassignedView && l.Status != "" && l.Status != Open || l.View == WaitingView && l.Status != "" && l.Status != Open {
		return InvalidField("status", "only open conversations wait")
	}
	return nil
}

// departmentsOf are those whose conversations the caller sees.
func departmentsOf(who Who, s *Settings) []DepartmentID {
	if !who.SeesAll() {
		return slices.Clone(who.Departments)
	}
	var all []DepartmentID
	for id, dep := range s.Departments {
		if !dep.Deleted {
			all = append(all, id)
		}
	}
	slices.Sort(all)
	return all
}

// Notifications lists the caller's, newest first.
func (d *Desk) Notifications(ctx context.Context, who Who, page PageRequest) ([]Notification, Cursor, error) {
	if who.Agent == "" {
		return nil, "", nil
	}
	return d.Store.Account(who.Account).Notifications(ctx, who.Agent, page)
}

// ReadNotifications marks the caller's notifications up to one as read.
func (d *Desk) ReadNotifications(ctx context.Context, who Who, upTo string) error {
	if err := MessageID(upTo).validate("up_to"); err != nil {
		return err
	}
	if who.Agent == "" {
		return nil
	}
	return d.Store.Account(who.Account).ReadNotifications(ctx, who.Agent, upTo)
}

// Mute stops, or allows again, that new messages notify, reopen or distribute (B35).
func (d *Desk) Mute(ctx context.Context, who Who, id ConversationID, muted bool) (*Conversation, error) {
	return d.act(ctx, who, id, func(c *Conversation, _ *Settings, _ time.Time) ([]Event, error) {
		if c.Muted == muted {
			return nil, nil
		}
		c.Muted = muted
		if muted {
			return []Event{event(ConversationMuted)}, nil
		}
		return []Event{event(ConversationUnmuted)}, nil
	})
}

// Label sets the labels of a conversation (B34).
func (d *Desk) Label(ctx context.Context, who Who, id ConversationID, labels []LabelID) (*Conversation, error) {
	return d.act(ctx, who, id, func(c *Conversation, s *Settings, _ time.Time) ([]Event, error) {
		if len(labels) > MaxLabels {
			return nil, InvalidField("labels", "are more than %d", MaxLabels)
		}
		want := slices.Compact(slices.Sorted(slices.Values(labels)))
		for _, l := range want {
			if known, ok := s.Labels[l]; (!ok || known.Deleted) && !slices.Contains(c.Labels, l) {
				return nil, InvalidField("labels", "no such label")
			}
		}
		if slices.Equal(want, c.Labels) {
			return nil, nil
		}
		added, removed := names(s, want, c.Labels), names(s, c.Labels, want)
		c.Labels = want
		return []Event{event(ConversationLabelled, "added", added, "removed", removed)}, nil
	})
}

// names lists the names of the labels that are in one set and not in the other.
func names(s *Settings, in, notIn []LabelID) string {
	text := ""
	for _, l := range in {
		if slices.Contains(notIn, l) {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += s.Labels[l].Name
	}
	return text
}

// Prioritize sets the priority of a conversation.
func (d *Desk) Prioritize(ctx context.Context, who Who, id ConversationID, p Priority) (*Conversation, error) {
	return d.act(ctx, who, id, func(c *Conversation, _ *Settings, _ time.Time) ([]Event, error) {
		if !p.Valid() {
			return nil, InvalidField("priority", "want low, medium, high, urgent or nothing")
		}
		if c.Priority == p {
			return nil, nil
		}
		from := c.Priority
		c.Priority = p
		return []Event{event(ConversationPrioritized, "from", string(from), "to", string(p))}, nil
	})
}
