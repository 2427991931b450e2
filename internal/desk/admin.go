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
	if err := d.save1(ctx, who, setting, "saved"); err != nil {
		return err
	}
	if a, ok := setting.(Agent); ok {
		return books.SetCapacity(ctx, a.ID, a.Capacity)
	}
	return nil
}

// save1 writes a setting and its audit line.
func (d *Desk) save1(ctx context.Context, who Who, setting Setting, done string) error {
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
	return conflictf("the account needs an administrator")
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
	settings, err := d.Settings(ctx, who.Account)
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
	if err := d.save1(ctx, who, setting, "deleted"); err != nil {
		return err
	}
	if a, ok := setting.(Agent); ok {
		return d.Store.Account(who.Account).SetPresence(ctx, a.ID, Disconnected, d.now())
	}
	return nil
}

// deleted gives the noun with its mark of deletion; ok is false if there is none.
func (s *Settings) deleted(kind SettingKind, id string) (Setting, bool) {
	switch kind {
	case AgentSetting:
		v, ok := s.Agents[AgentID(id)]
		gone := v.Deleted
		v.Deleted = true
		return v, ok && !gone
	case DepartmentSetting:
		v, ok := s.Departments[DepartmentID(id)]
		gone := v.Deleted
		v.Deleted = true
		return v, ok && !gone
	case InboxSetting:
		v, ok := s.Inboxes[InboxID(id)]
		gone := v.Deleted
		v.Deleted = true
		return v, ok && !gone
	case LabelSetting:
		v, ok := s.Labels[LabelID(id)]
		gone := v.Deleted
		v.Deleted = true
		return v, ok && !gone
	case CannedSetting:
		v, ok := s.Canned[CannedID(id)]
		gone := v.Deleted
		v.Deleted = true
		return v, ok && !gone
	case BotSetting:
		v, ok := s.Bots[BotID(id)]
		gone := v.Deleted
		v.Deleted = true
		return v, ok && !gone
	default:
		return nil, false
	}
}

// mayGo refuses a deletion that would leave something without its place.
func (s *Settings) mayGo(setting Setting) error {
	switch v := setting.(type) {
	case Agent:
		if v.Role == Administrator {
			return s.anotherAdministrator(v.ID)
		}
	case Department:
		for _, i := range s.Inboxes {
			if i.Department == v.ID && !i.Deleted {
				return conflictf("inbox %s begins in this department", i.Name)
			}
		}
	}
	return nil
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
