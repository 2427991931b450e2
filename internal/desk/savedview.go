package desk

import (
	"context"
	"slices"
)

// SavedViewID names a saved view.
type SavedViewID string

// SavedView is a choice of conversations or tickets under a name: an agent's own, or shared with everybody in the account.
type SavedView struct {
	ID     SavedViewID
	Name   string
	Author AgentID // whose it is; he or an administrator changes a shared one
	Shared bool
	Filter ViewFilter
}

// ViewFilter is what a saved view chooses. The desk keeps it for the console, which asks for the list that it names and
// narrows and sorts what it shows.
type ViewFilter struct {
	View       ListView
	Status     Status // "": open
	Department DepartmentID
	Inbox      InboxID
	Label      LabelID
	Priority   PriorityFilter
	Sort       ViewSort
	Tickets    TicketView // of a TicketsView, which sets nothing else
}

// MentionsView lists the conversations in which the caller was mentioned; the console makes it of his notifications.
const MentionsView ListView = "mentions"

// PriorityFilter is a priority, or "none" for conversations without; "" takes all.
type PriorityFilter string

// WithoutPriority chooses conversations that have none.
const WithoutPriority PriorityFilter = "none"

// ViewSort is an order of a list.
type ViewSort string

// The orders; the empty one is by activity.
const (
	ByActivity ViewSort = "activity" // the newest first
	ByWaiting  ViewSort = "waiting"  // who waits longest first
)

// MaxSavedViews limits an agent's own views, and the account's shared ones.
const MaxSavedViews = 50

// SavedViews reads the caller's own views and the shared ones, in the order of their ids.
func (d *Desk) SavedViews(ctx context.Context, who Who) ([]SavedView, error) {
	return d.Store.Account(who.Account).SavedViews(ctx, who.Agent)
}

// CreateView saves a view for the caller. The same clientID again gives the view of then, as it is now.
func (d *Desk) CreateView(ctx context.Context, who Who, clientID string, v SavedView) (SavedView, error) {
	if err := who.mayWork(); err != nil {
		return SavedView{}, err
	}
	if err := within("client_id", clientID, 1, 100); err != nil {
		return SavedView{}, err
	}
	books := d.Store.Account(who.Account)
	if err := checkView(ctx, books, v); err != nil {
		return SavedView{}, err
	}
	v.ID, v.Author = SavedViewID(derivedID(string(who.Account), "view", who.Actor.ID, clientID)), who.Agent
	known, err := books.SavedView(ctx, who.Agent, v.ID)
	if !Is(err, NotFound) {
		return known, err
	}
	if err := roomFor(ctx, books, v); err != nil {
		return SavedView{}, err
	}
	return v, books.SaveView(ctx, nil, v)
}

// roomFor refuses a view too many.
func roomFor(ctx context.Context, books Books, v SavedView) error {
	all, err := books.SavedViews(ctx, v.Author)
	if err != nil {
		return err
	}
	if of := slices.DeleteFunc(all, func(other SavedView) bool { return other.Shared != v.Shared }); len(of) >= MaxSavedViews {
		return conflictf("there are %d such views; delete one first", MaxSavedViews)
	}
	return nil
}

// SaveView replaces name, filter and sharing of a view.
func (d *Desk) SaveView(ctx context.Context, who Who, id SavedViewID, v SavedView) (SavedView, error) {
	books := d.Store.Account(who.Account)
	was, err := ownView(ctx, books, who, id)
	if err != nil {
		return SavedView{}, err
	}
	if err := checkView(ctx, books, v); err != nil {
		return SavedView{}, err
	}
	v.ID, v.Author = was.ID, was.Author
	if v.Shared != was.Shared {
		if err := roomFor(ctx, books, v); err != nil {
			return SavedView{}, err
		}
	}
	return v, books.SaveView(ctx, &was, v)
}

// DeleteView deletes a view.
func (d *Desk) DeleteView(ctx context.Context, who Who, id SavedViewID) error {
	books := d.Store.Account(who.Account)
	was, err := ownView(ctx, books, who, id)
	if err != nil {
		return err
	}
	return books.DeleteView(ctx, was)
}

// ownView reads a view that the caller may change: his own or, for an administrator, a shared one.
func ownView(ctx context.Context, books Books, who Who, id SavedViewID) (SavedView, error) {
	if err := who.mayWork(); err != nil {
		return SavedView{}, err
	}
	v, err := books.SavedView(ctx, who.Agent, id)
	if err != nil {
		return SavedView{}, err
	}
	if v.Author != who.Agent && who.Role != Administrator {
		return SavedView{}, &Error{Code: Forbidden, Message: "only its author or an administrator changes a shared view"}
	}
	return v, nil
}

// checkView checks what people give of a view.
func checkView(ctx context.Context, books Books, v SavedView) error {
	if err := within("name", v.Name, 1, 100); err != nil {
		return err
	}
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	return v.Filter.validate(settings)
}

func (f ViewFilter) validate(s *Settings) error {
	if f.View == TicketsView {
		if f != (ViewFilter{View: TicketsView, Tickets: f.Tickets}) {
			return InvalidField("filter.view", "a view of tickets chooses by tickets alone")
		}
		return f.Tickets.validate(s)
	}
	if f.Tickets != (TicketView{}) {
		return InvalidField("filter.tickets", "is for views of tickets")
	}
	switch f.View {
	case AllView, MineView, WaitingView, UnassignedView, MentionsView:
	default:
		return InvalidField("filter.view", "want all, mine, waiting, unassigned, mentions or tickets")
	}
	if f.Status != "" && !slices.Contains(Statuses, f.Status) {
		return InvalidField("filter.status", "want pending, open, snoozed or resolved")
	}
	if f.Priority != WithoutPriority && !Priority(f.Priority).Valid() {
		return InvalidField("filter.priority", "want none, low, medium, high or urgent")
	}
	if f.Sort != "" && f.Sort != ByActivity && f.Sort != ByWaiting {
		return InvalidField("filter.sort", "want activity or waiting")
	}
	if f.Department != "" {
		if _, err := s.department("filter.department", f.Department); err != nil {
			return err
		}
	}
	if i, ok := s.Inboxes[f.Inbox]; f.Inbox != "" && (!ok || i.Deleted) {
		return InvalidField("filter.inbox", "no such inbox")
	}
	if l, ok := s.Labels[f.Label]; f.Label != "" && (!ok || l.Deleted) {
		return InvalidField("filter.label", "no such label")
	}
	return nil
}
