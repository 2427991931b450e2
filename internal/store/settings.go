package store

import (
	"context"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// settingsLast is how long settings that were read may be used again.
const settingsLast = 5 * time.Second

type cachedSettings struct {
	settings *desk.Settings
	readAt   time.Time
}

// Settings reads everything that is set with one query, or gives what this store read in the last five seconds, unless
// the context wants them anew (see [desk.SettingsUse]).
func (b *Books) Settings(ctx context.Context) (*desk.Settings, error) {
	s := b.store
	s.mu.Lock()
	cached, ok := s.settings[b.account]
	generation := s.generation
	s.mu.Unlock()
	now := s.now()
	use := desk.SettingsUseOf(ctx)
	if age := now.Sub(cached.readAt); ok && age >= 0 && age < settingsLast && !use.Renew() {
		use.Remembered()
		return cached.settings, nil
	}
	items, err := all(ctx, b.table, Query{PK: b.pk(), Limit: 1000, Consistent: true})
	if err != nil {
		return nil, desk.Wrap(desk.Internal, err, "reading the settings")
	}
	settings := &desk.Settings{
		Agents: map[desk.AgentID]desk.Agent{}, Departments: map[desk.DepartmentID]desk.Department{},
		Inboxes: map[desk.InboxID]desk.Inbox{}, Labels: map[desk.LabelID]desk.Label{},
		Canned: map[desk.CannedID]desk.Canned{}, Bots: map[desk.BotID]desk.Bot{},
		Tickets: desk.DefaultTicketSettings(),
		Hours:   map[desk.HoursID]desk.Hours{}, Contracts: map[desk.ContractID]desk.Contract{},
	}
	for _, item := range items {
		setting, err := decodeSetting(item)
		if err != nil {
			return nil, err
		}
		collect(settings, setting)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.generation == generation && len(items) > 0 { // of accounts that do not exist nothing is remembered
		s.settings[b.account] = cachedSettings{settings: settings, readAt: now}
	}
	return settings, nil
}

func collect(all *desk.Settings, setting desk.Setting) {
	switch v := setting.(type) {
	case desk.Account:
		all.Account = v
	case desk.Agent:
		all.Agents[v.ID] = v
	case desk.Department:
		all.Departments[v.ID] = v
	case desk.Inbox:
		all.Inboxes[v.ID] = v
	case desk.Label:
		all.Labels[v.ID] = v
	case desk.Canned:
		all.Canned[v.ID] = v
	case desk.Bot:
		all.Bots[v.ID] = v
	case desk.TicketSettings:
		all.Tickets = v
	case desk.Hours:
		all.Hours[v.ID] = v
	case desk.Contract:
		all.Contracts[v.ID] = v
	}
}

// revision is the attribute that a setting's item counts its changes with, so that its look-ups never part from it.
const revision = "v"

// SaveSetting puts one noun, moves its look-up and adds the line to the audit trail, all in one transaction.
func (b *Books) SaveSetting(ctx context.Context, setting desk.Setting, audit desk.Audit) error {
	kind, id := setting.Setting()
	key := b.settingKey(kind, id)
	was, exists, err := b.table.Get(ctx, key, true)
	if err != nil {
		return desk.Wrap(desk.Internal, err, "reading the setting before its change")
	}
	item, err := encodeSetting(setting)
	if err != nil {
		return err
	}
	var count int64
	var oldLookup Key
	if exists {
		number(&form{item: was, read: true}, revision, &count)
		old, err := decodeSetting(was)
		if err != nil {
			return err
		}
		oldLookup = lookupOf(old)
	}
	item[revision] = num(count + 1)
	unchanged := Condition{Attr: revision, Test: Absent}
	if exists {
		unchanged = Condition{Attr: revision, Test: Equals, To: num(count)}
	}
	var p plan
	p.unless(Op{Kind: Put, Key: key, Item: item, If: []Condition{unchanged}}, "the setting was changed meanwhile")
	if lookup := lookupOf(setting); lookup != oldLookup {
		if oldLookup.PK != "" {
			p.add(Op{Kind: Delete, Key: oldLookup}, "")
		}
		if lookup.PK != "" {
			owner := encode(owner{b.account, id}, ownerForm)
			p.add(Op{Kind: Put, Key: lookup, Item: owner, If: []Condition{{Attr: "a", Test: Absent}}},
				"another "+string(kind)+" has this "+strings.ToLower(lookup.SK))
		}
	}
	p.add(Op{Kind: Put, Key: Key{PK: b.pk("AUDIT"), SK: audit.ID}, Item: encode(audit, auditForm)}, "")
	defer b.forgetSettings()
	return p.write(ctx, b.table, "saving a setting")
}

// forgetSettings drops the cache after a change, and keeps a read that is under way from filling it with the old state.
func (b *Books) forgetSettings() {
	b.store.mu.Lock()
	defer b.store.mu.Unlock()
	b.store.generation++
	delete(b.store.settings, b.account)
}

// auditForm: y time-sorted type of the event, k kind and o id of the noun, by the actor.
func auditForm(f *form, v *desk.Audit) {
	text(f, "y", &v.Type)
	text(f, "k", &v.Kind)
	text(f, "o", &v.Of)
	inner(f, "by", func(f *form) { actorForm(f, &v.By) })
}

// actorForm: k kind, i id, n name as it was then.
func actorForm(f *form, v *desk.Actor) {
	text(f, "k", &v.Kind)
	text(f, "i", &v.ID)
	text(f, "n", &v.Name)
}

// numberAttempts bounds how often a number is asked for again when others are faster; each failure means that another
// caller got one.
const numberAttempts = 100

// NextNumber gives the next of a sequence: read, then raised under the condition that nobody was faster.
func (b *Books) NextNumber(ctx context.Context, sequence string) (int64, error) {
	key := Key{PK: b.pk("NUMBER"), SK: sequence}
	item, _, err := b.table.Get(ctx, key, true)
	for range numberAttempts {
		if err != nil {
			return 0, desk.Wrap(desk.Internal, err, "taking the next number")
		}
		var n int64
		number(&form{item: item, read: true}, "n", &n)
		unchanged := Condition{Attr: "n", Test: Absent}
		if n > 0 {
			unchanged = Condition{Attr: "n", Test: Equals, To: num(n)}
		}
		err = b.table.Write(ctx, Op{Kind: Update, Key: key, Set: Item{"n": num(n + 1)}, If: []Condition{unchanged}, WantOld: true})
		if err == nil {
			return n + 1, nil
		}
		if failed, ok := refused(err); ok {
			item, err = failed.Old, nil
		}
	}
	return 0, desk.Errorf(desk.Unavailable, "too many take a %s number at once", sequence)
}
