package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode"
)

// A site can vouch for its visitor: its server signs who he is with a secret of the inbox. The secret lies with the other
// secrets, not in the settings, for everybody who holds it can read any identified customer's conversations. A new one
// takes its place, and the one before stays good for a day; two new ones at once end one that leaked.

// IdentitySecret is the name of the secret with which an inbox's site vouches for its visitors.
func IdentitySecret(inbox InboxID) string { return "identity/" + string(inbox) + "/secret" }

// identityOverlap is how long a secret stays good after a newer one was made.
const identityOverlap = 24 * time.Hour

// VouchedFor is who a visitor is, as his site says, and the proof.
type VouchedFor struct {
	UserID string // how the site knows him; at most 200 characters
	Name   string
	Email  string
	Hash   string // lower-case hex HMAC-SHA256 under the inbox's secret of [VouchedFor.Canonical]
}

// Canonical is the text that the site signs: user id, e-mail address and name, a line feed between them; what is not said
// is empty.
func (i VouchedFor) Canonical() string { return i.UserID + "\n" + i.Email + "\n" + i.Name }

// validate checks the form. Control characters are none of a name, and one of them parts the signed text.
func (i VouchedFor) validate() error {
	for _, field := range []struct {
		name, value string
		least, most int
	}{{"identity.user_id", i.UserID, 1, 200}, {"identity.name", i.Name, 0, 100}, {"identity.email", i.Email, 0, 254}} {
		if err := within(field.name, field.value, field.least, field.most); err != nil {
			return err
		}
		if strings.ContainsFunc(field.value, unicode.IsControl) {
			return InvalidField(field.name, "holds control characters")
		}
	}
	if i.Email != "" {
		if _, err := EmailAddress("identity.email", i.Email); err != nil {
			return err
		}
	}
	return nil
}

// MakeIdentitySecret makes a new secret with which the inbox's site vouches for its visitors. It is shown this once.
func (d *Desk) MakeIdentitySecret(ctx context.Context, who Who, id InboxID) (string, error) {
	if err := who.mayAdminister(); err != nil {
		return "", err
	}
	settings, err := d.Settings(ctx, who.Account)
	if err != nil {
		return "", err
	}
	inbox, err := settings.inbox(id)
	if err != nil || inbox.Deleted || inbox.Channel != WebChat {
		return "", &Error{Code: NotFound, Message: "no such inbox"}
	}
	values, err := d.Secrets.Secret(ctx, who.Account, IdentitySecret(id))
	if err != nil && !Is(err, NotFound) {
		return "", err
	}
	inbox.Identity = true
	if err := d.saveAudited(ctx, who, inbox, "identity_secret"); err != nil { // first: an inbox that says so without a secret only refuses
		return "", err
	}
	secret := StampedSecret("id", d.now())
	return secret, d.Secrets.SetSecret(ctx, who.Account, IdentitySecret(id), append([]string{secret}, values[:min(len(values), 1)]...)...)
}

// verify checks the proof under the secrets of the inbox that are good now.
func (d *Desk) verify(ctx context.Context, account AccountID, inbox Inbox, i VouchedFor) error {
	if err := i.validate(); err != nil {
		return err
	}
	refused := &Error{Code: Forbidden, Field: "identity.hash", Message: "this is no proof of who the visitor is"}
	if !inbox.Identity {
		return refused
	}
	values, err := d.Secrets.Secret(ctx, account, IdentitySecret(inbox.ID))
	if Is(err, NotFound) {
		return refused
	}
	if err != nil {
		return err
	}
	given, err := hex.DecodeString(i.Hash)
	if err != nil || strings.ToLower(i.Hash) != i.Hash {
		return refused
	}
	for n, secret := range values {
		if n > 0 && !d.now().Before(SecretMade(values[n-1]).Add(identityOverlap)) {
			break
		}
		proof := hmac.New(sha256.New, []byte(secret))
		proof.Write([]byte(i.Canonical()))
		if hmac.Equal(proof.Sum(nil), given) {
			return nil
		}
	}
	return refused
}

// vouched gives the contact for whom the site vouches, made if he is new, with the name and address that it says. He is
// never joined with an anonymous one: only people merge.
func (d *Desk) vouched(ctx context.Context, account AccountID, inbox InboxID, i VouchedFor, page string) (Contact, error) {
	books := d.Store.Account(account)
	from := Sender{Address: "user:" + i.UserID, Name: i.Name}
	c, err := d.contactBehind(ctx, books, inbox, from)
	if Is(err, NotFound) {
		c, err = d.contactFor(ctx, books, inbox, from, "")
	}
	if err != nil {
		return Contact{}, err
	}
	email := i.Email
	if email != "" {
		if email, err = EmailAddress("identity.email", email); err != nil {
			return Contact{}, err
		}
	}
	told := func(c *Contact) {
		for _, pair := range []struct {
			to   *string
			from string
		}{{&c.Name, i.Name}, {&c.Email, email}, {&c.Page, page}} {
			if pair.from != "" {
				*pair.to = pair.from
			}
		}
	}
	now := c
	told(&now)
	switch {
	case now.Name != c.Name || now.Email != c.Email:
		err = d.changeContact(ctx, account, c.ID, func(c *Contact) error { told(c); return nil })
	case now.Page != c.Page:
		err = d.notePage(ctx, account, c.ID, page)
	}
	return now, err
}

// notePage keeps the page that a known contact is on. Nobody is told: it shows when his conversation is next opened.
func (d *Desk) notePage(ctx context.Context, account AccountID, id ContactID, page string) error {
	_, err := d.saveContact(ctx, account, id, func(c *Contact) error { c.Page = page; return nil })
	return err
}

// seenOn notes the page of a visitor whom the desk knows already; of one who only looks nothing is kept.
func (d *Desk) seenOn(ctx context.Context, v Visitor) error {
	if v.Page == "" {
		return nil
	}
	c, err := d.Store.Account(v.Account).Contact(ctx, v.Contact)
	if Is(err, NotFound) {
		return nil
	}
	if err != nil || c.Page == v.Page {
		return err
	}
	return d.notePage(ctx, v.Account, c.ID, v.Page)
}
