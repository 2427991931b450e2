package desk

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"strings"
)

// SaveSetting validates and saves one noun of the settings, with a line in the audit trail.
func (d *Desk) SaveSetting(ctx context.Context, who Who, setting Setting) error {
	if err := who.mayAdminister(); err != nil {
		return err
	}
	if err := setting.Validate(); err != nil {
		return err
	}
	books := d.Store.Account(who.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	if err := settings.fits(setting); err != nil {
		return err
	}
	switch v := setting.(type) {
	case Hours:
		setting, err = d.knowHolidays(v)
	case Contract:
		err = d.knownCustomers(ctx, books, v, settings.Contracts[v.ID])
	}
	if err != nil {
		return err
	}
	if settings.movesClocks(setting) { // before it is saved: afterwards, a repeat would not know that it moves any
		if err := d.setSweep(ctx, who.Account, Sweep{}); err != nil {
			return err
		}
	}
	if err := d.saveAudited(ctx, who, setting, "saved"); err != nil {
		return err
	}
	if a, ok := setting.(Agent); ok {
		return d.seatAgent(ctx, who, a)
	}
	return nil
}

// seatAgent gives an agent the capacity of his settings, and waiting customers of departments that he may have joined.
func (d *Desk) seatAgent(ctx context.Context, who Who, a Agent) error {
	books := d.Store.Account(who.Account)
	if err := books.SetCapacity(ctx, a.ID, a.Capacity); err != nil {
		return err
	}
	seat, err := books.Seat(ctx, a.ID)
	if err != nil || !seat.Available(d.now()) || !a.Role.Works() {
		return err
	}
	for _, department := range a.Departments {
		if err := d.wantDistribution(ctx, who.Account, department); err != nil {
			return err
		}
	}
	return nil
}

// saveAudited writes a setting and its audit line.
func (d *Desk) saveAudited(ctx context.Context, who Who, setting Setting, done string) error {
	kind, id := setting.Setting()
	return d.Store.Account(who.Account).SaveSetting(ctx, setting, Audit{
		ID: d.newID(), By: who.Actor, Type: EventType(string(kind) + "." + done), Kind: kind, Of: id,
	})
}

// NewSettingID makes the id of a new noun: the same for every repeat of the same request.
func (d *Desk) NewSettingID(who Who, kind SettingKind, clientID string) (string, error) {
	if err := within("client_id", clientID, 1, 100); err != nil {
		return "", err
	}
	return derivedID(string(who.Account), string(kind), who.Actor.ID, clientID), nil
}

// fits checks what a noun says of others: they must exist, and names that people type must be unique.
func (s *Settings) fits(setting Setting) error {
	switch v := setting.(type) {
	case Agent:
		return s.fitsAgent(v)
	case Inbox:
		return s.fitsInbox(v)
	case Canned:
		for _, c := range s.Canned {
			if c.ID != v.ID && !c.Deleted && strings.EqualFold(c.Short, v.Short) {
				return &Error{Code: Conflict, Field: "short", Message: "another canned reply has this short name"}
			}
		}
	case Bot:
		if i, ok := s.Inboxes[v.Inbox]; !ok || i.Deleted {
			return InvalidField("inbox", "no such inbox")
		}
	case Contract:
		return s.fitsContract(v)
	}
	return nil
}

func (s *Settings) fitsAgent(a Agent) error {
	for _, id := range a.Departments {
		if _, err := s.department("departments", id); err != nil {
			return err
		}
	}
	for _, other := range s.Agents {
		if other.ID != a.ID && !other.Deleted && strings.EqualFold(other.Email, a.Email) {
			return &Error{Code: Conflict, Field: "email", Message: "another agent has this address"}
		}
	}
	if was, ok := s.Agents[a.ID]; ok && was.Role == Administrator && a.Role != Administrator {
		return s.anotherAdministrator(a.ID)
	}
	return nil
}

// anotherAdministrator keeps an account from locking itself out.
func (s *Settings) anotherAdministrator(than AgentID) error {
	for _, a := range s.Agents {
		if a.ID != than && a.Role == Administrator && !a.Deleted {
			return nil
		}
	}
	return &Error{Code: Conflict, Field: "role", Message: "the account needs an administrator"}
}

func (s *Settings) fitsInbox(i Inbox) error {
	if _, err := s.department("department", i.Department); err != nil {
		return err
	}
	if i.Bot != "" {
		if b, ok := s.Bots[i.Bot]; !ok || b.Deleted || b.Inbox != i.ID {
			return InvalidField("bot", "no such bot of this inbox")
		}
	}
	return nil
}

// DeleteSetting marks a noun as deleted: it stays for the names in old conversations.
func (d *Desk) DeleteSetting(ctx context.Context, who Who, kind SettingKind, id string) error {
	if err := who.mayAdminister(); err != nil {
		return err
	}
	books := d.Store.Account(who.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	setting, ok := settings.deleted(kind, id)
	if !ok {
		return &Error{Code: NotFound, Message: "no such " + string(kind)}
	}
	if err := settings.mayGo(setting); err != nil {
		return err
	}
	if err := queueIsEmpty(ctx, books, setting); err != nil {
		return err
	}
	if err := d.saveAudited(ctx, who, setting, "deleted"); err != nil {
		return err
	}
	if a, ok := setting.(Agent); ok {
		return d.unseatAgent(ctx, who, a.ID)
	}
	return nil
}

// unseatAgent puts what an agent who leaves had open, or was to accept, back among the unassigned. What was snoozed with
// him comes there when it wakes.
func (d *Desk) unseatAgent(ctx context.Context, who Who, id AgentID) error {
	books := d.Store.Account(who.Account)
	if err := books.SetPresence(ctx, id, Disconnected, d.now()); err != nil {
		return err
	}
	for _, list := range []ListQuery{{Status: Open, Owner: id}, {Status: Open, WaitsFor: id}} {
		list.Page.Limit = 100
		for {
			his, next, err := books.Conversations(ctx, list)
			if err != nil {
				return err
			}
			for _, c := range his {
				if _, err := d.Unassign(ctx, who, c.ID); err != nil && !Is(err, Conflict) {
					return err
				}
			}
			if next == "" {
				break
			}
			list.Page.After = next
		}
	}
	return nil
}

// deleted gives the noun with its mark of deletion; ok is false if there is none.
func (s *Settings) deleted(kind SettingKind, id string) (Setting, bool) {
	switch kind {
	case AgentSetting:
		v, ok := s.Agents[AgentID(id)]
		ok = mark(ok, &v.Deleted)
		return v, ok
	case DepartmentSetting:
		v, ok := s.Departments[DepartmentID(id)]
		ok = mark(ok, &v.Deleted)
		return v, ok
	case InboxSetting:
		v, ok := s.Inboxes[InboxID(id)]
		ok = mark(ok, &v.Deleted)
		return v, ok
	case LabelSetting:
		v, ok := s.Labels[LabelID(id)]
		ok = mark(ok, &v.Deleted)
		return v, ok
	case CannedSetting:
		v, ok := s.Canned[CannedID(id)]
		ok = mark(ok, &v.Deleted)
		return v, ok
	case BotSetting:
		v, ok := s.Bots[BotID(id)]
		ok = mark(ok, &v.Deleted)
		return v, ok
	case HoursSetting:
		v, ok := s.Hours[HoursID(id)]
		ok = mark(ok, &v.Deleted)
		return v, ok
	case ContractSetting:
		v, ok := s.Contracts[ContractID(id)]
		ok = mark(ok, &v.Deleted)
		return v, ok
	default:
		return nil, false
	}
}

// mark sets the mark of deletion of a copy; there is nothing to delete twice.
func mark(known bool, deleted *bool) bool {
	gone := *deleted
	*deleted = true
	return known && !gone
}

// mayGo refuses a deletion that would leave something without its place; the field names what stands in the way.
func (s *Settings) mayGo(setting Setting) error {
	switch v := setting.(type) {
	case Agent:
		if v.Role == Administrator {
			return s.anotherAdministrator(v.ID)
		}
	case Department:
		for _, i := range s.Inboxes {
			if i.Department == v.ID && !i.Deleted {
				return &Error{Code: Conflict, Field: "inboxes", Message: "an inbox begins in this department"}
			}
		}
		if len(s.Members(v.ID)) > 0 {
			return &Error{Code: Conflict, Field: "agents", Message: "agents belong to this department"}
		}
	case Hours:
		for _, k := range s.Contracts {
			if k.Hours == v.ID && !k.Deleted {
				return conflictf("the contract %s counts by these hours", k.Name)
			}
		}
	}
	return nil
}

// queueIsEmpty refuses to delete a department in which customers wait.
func queueIsEmpty(ctx context.Context, books Books, setting Setting) error {
	department, ok := setting.(Department)
	if !ok {
		return nil
	}
	waiting, _, err := books.Conversations(ctx, ListQuery{Unassigned: []DepartmentID{department.ID}, Page: PageRequest{Limit: 1}})
	if err == nil && len(waiting) > 0 {
		return &Error{Code: Conflict, Field: "conversations", Message: "customers wait in this department"}
	}
	return err
}

// CreateBot makes a bot and its API token, which is shown this once (B54).
func (d *Desk) CreateBot(ctx context.Context, who Who, bot Bot) (Bot, string, error) {
	token := "rlv_" + rand.Text()
	bot.TokenHash = hash(token)
	return bot, token, d.SaveSetting(ctx, who, bot)
}

// Sorted gives the values of a settings map in the order of their ids, for stable answers.
func Sorted[K ~string, V any](m map[K]V) []V {
	out := make([]V, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}
