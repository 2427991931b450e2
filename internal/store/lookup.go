package store

import (
	"context"

	"github.com/relevo/relevo/internal/desk"
)

// owner is whom a look-up leads to.
type owner struct {
	account desk.AccountID
	id      string
}

// ownerForm: a account, i id of the noun in it.
func ownerForm(f *form, v *owner) {
	text(f, "a", &v.account)
	text(f, "i", &v.id)
}

// lookupOf gives the global key by which a setting is found; the zero key if it has none, or is deleted.
func lookupOf(setting desk.Setting) Key {
	switch v := setting.(type) {
	case desk.Agent:
		if !v.Deleted && v.Subject != "" {
			return signInKey(v.Issuer, v.Subject)
		}
	case desk.Inbox:
		if !v.Deleted && v.Key != "" {
			return global("INBOX", v.Key)
		}
	case desk.Bot:
		if !v.Deleted && v.TokenHash != "" {
			return global("BOT", v.TokenHash)
		}
	}
	return Key{}
}

// lookup reads a look-up, consistently: what was revoked a moment ago must not open the door.
func (s *Store) lookup(ctx context.Context, key Key, what string) (owner, error) {
	item, err := get(ctx, s.table, key, what)
	if err != nil {
		return owner{}, err
	}
	return decode(item, ownerForm)
}

// AgentBySubject finds who signs in.
func (s *Store) AgentBySubject(ctx context.Context, issuer, subject string) (desk.AccountID, desk.AgentID, error) {
	found, err := s.lookup(ctx, signInKey(issuer, subject), "agent")
	return found.account, desk.AgentID(found.id), err
}

// BotByToken finds the bot by the hash of its token.
func (s *Store) BotByToken(ctx context.Context, hash string) (desk.AccountID, desk.BotID, error) {
	found, err := s.lookup(ctx, global("BOT", hash), "bot")
	return found.account, desk.BotID(found.id), err
}

// InboxByKey finds the inbox of a public key.
func (s *Store) InboxByKey(ctx context.Context, key string) (desk.AccountID, desk.InboxID, error) {
	found, err := s.lookup(ctx, global("INBOX", key), "inbox")
	return found.account, desk.InboxID(found.id), err
}
