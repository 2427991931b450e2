package desk

import (
	"context"
	"sync/atomic"
)

// SettingsUse is how the settings are read on behalf of one piece of work. A warm function believes for some seconds
// what it read, and another one may change them meanwhile: what was refused on account of that is tried again with
// settings read anew. It is safe concurrently.
type SettingsUse struct{ renew, remembered atomic.Bool }

type settingsUseKey struct{}

// WithSettingsUse gives a context whose reads of the settings are noted; with renew they are read anew.
func WithSettingsUse(ctx context.Context, renew bool) (context.Context, *SettingsUse) {
	use := &SettingsUse{}
	use.renew.Store(renew)
	return context.WithValue(ctx, settingsUseKey{}, use), use
}

// SettingsUseOf gives what [WithSettingsUse] put there; one that nobody looks at otherwise.
func SettingsUseOf(ctx context.Context) *SettingsUse {
	if use, ok := ctx.Value(settingsUseKey{}).(*SettingsUse); ok {
		return use
	}
	return &SettingsUse{}
}

// Renew tells a store to read them anew.
func (u *SettingsUse) Renew() bool { return u.renew.Load() }

// Remembered is called by a store that gave settings which it had read before.
func (u *SettingsUse) Remembered() { u.remembered.Store(true) }

// Stale reports whether any were remembered, and so may have changed.
func (u *SettingsUse) Stale() bool { return u.remembered.Load() }

// knowing gives settings that know the contract by which a case's clocks run. Those that are remembered may not: another
// function made it a moment ago, and counting without it would lose what it promises.
func knowing(ctx context.Context, books Books, s *Settings, contract ContractID) (*Settings, error) {
	if _, known := s.Contracts[contract]; known || contract == "" {
		return s, nil
	}
	anew, _ := WithSettingsUse(ctx, true)
	return books.Settings(anew)
}

// settingsKnowing reads such settings.
func settingsKnowing(ctx context.Context, books Books, contract ContractID) (*Settings, error) {
	s, err := books.Settings(ctx)
	if err != nil {
		return nil, err
	}
	return knowing(ctx, books, s, contract)
}
