package desk

import (
	"context"
	"errors"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"
)

// mailingFor is how long a mail may be under way: a claim older than that belongs to a process that died, and the mail
// goes out again under the same Message-ID.
const mailingFor = 10 * time.Second

// mailOnce writes and sends the mail of a name unless it went out before; of several deliveries of its job at once one
// sends it and the others are unavailable until that one is surely done. A failed mail may be claimed again at once.
func (d *Desk) mailOnce(ctx context.Context, books Books, name string, write func() (Mail, error)) error {
	sent, err := books.ClaimMail(ctx, name, d.now(), mailingFor)
	switch {
	case Is(err, Conflict):
		return &Error{Code: Unavailable, Message: "another delivery has the mail in hand", RetryAfter: mailingFor}
	case err != nil || sent:
		return err
	}
	mail, err := write()
	if err == nil {
		err = d.Mailer.Send(ctx, mail)
	}
	if err != nil {
		return errors.Join(err, books.SettleMail(ctx, name, false))
	}
	return books.SettleMail(ctx, name, true)
}

// undeliverable reports whether the mailer takes the address for none, for good: another try ends likewise. All else that
// it refuses is the desk's own fault, and people are to see it among the dead letters.
func undeliverable(err error) bool {
	refused, ok := errors.AsType[*Error](err)
	return ok && refused.Code == Invalid && refused.Field == "to"
}

// Validate checks what every mailer refuses before it sends: control characters in a header, a mail without id or body,
// an address that is none. The sender is filled in by then.
func (m Mail) Validate() error {
	headers := []struct{ field, value string }{{"id", m.ID}, {"from_name", m.FromName}, {"from", m.From},
		{"to", m.To}, {"subject", m.Subject}}
	for _, h := range headers {
		if strings.ContainsFunc(h.value, unicode.IsControl) {
			return InvalidField(h.field, "a header has no line breaks or other control characters")
		}
	}
	if m.ID == "" {
		return InvalidField("id", "a mail needs an id")
	}
	if m.Text == "" && m.HTML == "" {
		return InvalidField("text", "a mail needs a body")
	}
	if err := PlainAddress("from", m.From); err != nil {
		return err
	}
	return PlainAddress("to", m.To)
}

// PlainAddress refuses, naming the field, what is no plain address: without name, brackets or comment.
func PlainAddress(field, address string) error {
	parsed, err := netmail.ParseAddress(address)
	if err != nil || parsed.Address != address || len(address) > 254 { // RFC 5321, 4.5.3.1.3
		return InvalidField(field, "not an e-mail address")
	}
	return nil
}
