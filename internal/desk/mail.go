package desk

import (
	netmail "net/mail"
	"strings"
	"unicode"
)

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
