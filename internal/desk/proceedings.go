package desk

import (
	"context"
	"slices"
)

// ActionText is what an action says: plain, or with HTML, from which the plain text is derived then.
type ActionText struct{ Text, HTML string }

// actionText cleans what an action is to say.
func (d *Desk) actionText(t ActionText) (ActionText, error) {
	if t.HTML != "" {
		if d.Rich == nil {
			return ActionText{}, Errorf(Internal, "this function cleans no rich text")
		}
		if len(t.HTML) > MaxText {
			return ActionText{}, InvalidField("html", "is larger than %d bytes", MaxText)
		}
		t.HTML, t.Text = d.Rich(t.HTML)
	}
	return t, within("text", t.Text, 1, maxActionText)
}

// NewAction is a written action.
type NewAction struct {
	ActionText

	ClientID    string
	Public      bool
	Attachments []Attachment // Key and Name of uploads of the caller
}

func (a NewAction) validate() error {
	if err := within("client_id", a.ClientID, 1, 100); err != nil {
		return err
	}
	if len(a.Attachments) > maxActionAttachments {
		return InvalidField("attachments", "want at most %d", maxActionAttachments)
	}
	return nil
}

// AddAction writes an action into a ticket's proceedings (B112). The same ClientID again is the same action, wherever merges
// took it; with other content it is a conflict of the field client_id.
func (d *Desk) AddAction(ctx context.Context, who Who, n int64, ask NewAction) (TicketAction, error) {
	if err := who.mayWork(); err != nil {
		return TicketAction{}, err
	}
	if err := ask.validate(); err != nil {
		return TicketAction{}, err
	}
	said, err := d.actionText(ask.ActionText)
	if err != nil {
		return TicketAction{}, err
	}
	books := d.Store.Account(who.Account)
	wanted := TicketAction{
		Ticket: n, Kind: WrittenAction, Public: ask.Public, Author: who.Actor, Text: said.Text, HTML: said.HTML, Attachments: ask.Attachments,
		ClientID: who.request(ask.ClientID),
	}
	var action TicketAction
	err = retry(func() error {
		t, err := books.Ticket(ctx, n)
		if err != nil {
			return err
		}
		if action, err = d.madeAction(ctx, books, t, wanted); !Is(err, NotFound) {
			return err
		}
		if err := t.standing(); err != nil {
			return err
		}
		if err := t.mayAct(ask.Public); err != nil {
			return err
		}
		attachments, err := d.uploaded(ctx, who.Account, who.Actor.ID, ask.Attachments)
		if err != nil {
			return err
		}
		t.UpdatedAt, t.UpdatedBy = d.now(), who.Actor
		action = wanted
		action.ID, action.Attachments = d.newID(), attachments
		t.answer(action, d.now())
		if ask.Public {
			t.PublicAt = t.UpdatedAt
		}
		return books.SaveTicket(ctx, TicketSave{Ticket: t, Actions: []TicketAction{action}})
	})
	return d.madeMeanwhile(ctx, books, n, wanted, action, err)
}

// madeAction gives what an earlier try of the same request made, in the ticket or in one that stands for it, wherever that
// is by now: not_found, or a conflict if the request is for something else.
func (d *Desk) madeAction(ctx context.Context, books Books, t Ticket, wanted TicketAction) (TicketAction, error) {
	for {
		id, err := books.ActionByClientID(ctx, t.Number, wanted.ClientID)
		if err == nil {
			made, err := d.actionNow(ctx, books, t, id)
			if err == nil && !wanted.sameRequest(made) {
				return TicketAction{}, usedBefore()
			}
			return made, err
		}
		if !Is(err, NotFound) || t.MergedInto == 0 {
			return TicketAction{}, err
		}
		if t, err = books.Ticket(ctx, t.MergedInto); err != nil {
			return TicketAction{}, err
		}
	}
}

// madeMeanwhile gives what another try of the same request made, if that was faster; else what this one came to.
func (d *Desk) madeMeanwhile(ctx context.Context, books Books, n int64, wanted, action TicketAction, err error) (TicketAction, error) {
	if !Is(err, Conflict) {
		return action, err
	}
	t, again := books.Ticket(ctx, n)
	if again != nil {
		return TicketAction{}, err
	}
	if made, again := d.madeAction(ctx, books, t, wanted); again == nil {
		return made, nil
	}
	return TicketAction{}, err
}

// sameRequest reports whether what was made is what the request asks for. An edit may have changed its text since, and a
// merge whether it is public.
func (a TicketAction) sameRequest(made TicketAction) bool {
	names := func(x, y Attachment) bool { return x.Name == y.Name }
	return (a.Public == made.Public || made.MovedFrom != 0) && slices.EqualFunc(a.Attachments, made.Attachments, names) &&
		(!made.EditedAt.IsZero() || a.Text == made.Text && a.HTML == made.HTML)
}

// ActionPatch is what an action is to say. Version is that of the action that the caller saw.
type ActionPatch struct {
	ActionText

	Version int
}

// EditAction changes the text of an action; what it was stands in the history (B112), unless only its look changed. An edit
// of what is not any more as the caller saw it is a conflict of the field version.
func (d *Desk) EditAction(ctx context.Context, who Who, n int64, id string, patch ActionPatch) (TicketAction, error) {
	if err := who.mayWork(); err != nil {
		return TicketAction{}, err
	}
	text, err := d.actionText(patch.ActionText)
	if err != nil {
		return TicketAction{}, err
	}
	books := d.Store.Account(who.Account)
	var action TicketAction
	err = retry(func() error {
		t, err := d.standing(ctx, books, n)
		if err != nil {
			return err
		}
		if action, err = books.Action(ctx, n, id); err != nil {
			return err
		}
		if err := action.mayEdit(who, patch.Version); err != nil {
			return err
		}
		look := action.HTML
		change := action.edit(who, text, d.now())
		if change.From == change.To && look == action.HTML {
			return nil
		}
		t.UpdatedAt, t.UpdatedBy = d.now(), who.Actor
		save := TicketSave{Ticket: t, Edited: []TicketAction{action}}
		if change.From != change.To {
			save.History = []TicketChange{{ID: d.newID(), Ticket: n, By: who.Actor, Trigger: TriggerAction, Action: id, Fields: []FieldChange{change}}}
		}
		err = books.SaveTicket(ctx, save)
		action.Version++
		return err
	})
	return action, err
}

// ActionFilter chooses actions of a ticket's proceedings (B109).
type ActionFilter string

// The filters; the history of changes is read apart, see [Desk.TicketHistory].
const (
	AllActions      ActionFilter = ""
	PublicActions   ActionFilter = "public"
	InternalActions ActionFilter = "internal" // and the histories of conversations, whose notes are internal (B30)
)

// Actions reads a page of a ticket's proceedings, oldest first unless the page says newest; a page of one kind may hold fewer than asked for and
// still not be the last.
func (d *Desk) Actions(ctx context.Context, who Who, n int64, filter ActionFilter, page PageRequest) ([]TicketAction, Cursor, error) {
	books := d.Store.Account(who.Account)
	settings, err := d.ofTicket(ctx, books, n)
	if err != nil {
		return nil, "", err
	}
	if filter == AllActions {
		actions, next, err := books.Actions(ctx, n, page)
		return settings.Tickets.shownActions(actions), next, err
	}
	return chosenActions(ctx, books, settings, n, filter, page)
}

// shows reports whether an action is of the kind. A history is of both where it is public: its messages are, its notes are not.
func (f ActionFilter) shows(a TicketAction) bool {
	switch f {
	case PublicActions:
		return a.Public
	case InternalActions:
		return !a.Public || a.Kind == HistoryAction
	default:
		return true
	}
}

// chosenActions reads a page of a ticket's public actions, or of its internal ones, reading on as far as a few pages give
// half of what is asked for.
func chosenActions(ctx context.Context, books Books, s *Settings, n int64, filter ActionFilter, page PageRequest) ([]TicketAction, Cursor, error) {
	want := page.Limit
	var chosen []TicketAction
	for range filterPages {
		page.Limit = want - len(chosen)
		actions, next, err := books.Actions(ctx, n, page)
		if err != nil {
			return nil, "", err
		}
		for _, a := range s.Tickets.shownActions(actions) {
			if filter.shows(a) {
				chosen = append(chosen, a)
			}
		}
		if page.After = next; next == "" || len(chosen) >= (want+1)/2 {
			break
		}
	}
	return chosen, page.After, nil
}

// filterPages bounds how many pages are read to fill one of a filter.
const filterPages = 4

// TicketHistory reads a page of what was changed, newest first (B109).
func (d *Desk) TicketHistory(ctx context.Context, who Who, n int64, page PageRequest) ([]TicketChange, Cursor, error) {
	books := d.Store.Account(who.Account)
	settings, err := d.ofTicket(ctx, books, n)
	if err != nil {
		return nil, "", err
	}
	history, next, err := books.TicketHistory(ctx, n, page)
	if err != nil {
		return nil, "", err
	}
	history, err = withoutDescription(ctx, books, settings, history)
	return settings.Tickets.shownHistory(history), next, err
}

// withoutDescription leaves out how the description was edited, where it is switched off.
func withoutDescription(ctx context.Context, books Books, s *Settings, all []TicketChange) ([]TicketChange, error) {
	if !s.Tickets.Off(DescriptionField) {
		return all, nil
	}
	var shown []TicketChange
	for _, c := range all {
		if c.Action != "" {
			a, err := books.Action(ctx, c.Ticket, c.Action)
			if err != nil && !Is(err, NotFound) {
				return nil, err
			}
			if err != nil || a.Kind == DescriptionAction { // one that moved away may have been it
				continue
			}
		}
		shown = append(shown, c)
	}
	return shown, nil
}

// ofTicket reads the settings, and refuses a ticket that does not exist.
func (d *Desk) ofTicket(ctx context.Context, books Books, n int64) (*Settings, error) {
	if _, err := books.Ticket(ctx, n); err != nil {
		return nil, err
	}
	return books.Settings(ctx)
}

// shownActions leaves out what is switched off: the description.
func (s TicketSettings) shownActions(all []TicketAction) []TicketAction {
	if !s.Off(DescriptionField) {
		return all
	}
	return slices.DeleteFunc(all, func(a TicketAction) bool { return a.Kind == DescriptionAction })
}
