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
