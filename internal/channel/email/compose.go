// Package email writes mails as they travel. It exists so that only what sends mail is made of what writes it.
package email

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/relevo/relevo/internal/desk"
)

// Compose writes a mail as RFC 5322 and MIME want it, dated at. Its Message-ID is made of the mail's id alone, so one that
// is sent again is the same mail. The mail is valid and has a sender. An error is a fault of ours.
func Compose(m desk.Mail, at time.Time) ([]byte, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&mail.Address{Name: m.FromName, Address: m.From})
	msg.ToMailAddress(&mail.Address{Address: m.To})
	msg.SetMessageIDWithValue(messageID(m))
	msg.SetDateWithValue(at.UTC())
	msg.Subject(m.Subject)
	switch {
	case m.HTML == "":
		msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	case m.Text == "":
		msg.SetBodyString(gomail.TypeTextHTML, m.HTML)
	default:
		msg.SetBodyString(gomail.TypeTextPlain, m.Text)
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	var raw bytes.Buffer
	_, err := msg.WriteTo(&raw)
	return raw.Bytes(), err
}

func messageID(m desk.Mail) string {
	sum := sha256.Sum256([]byte(m.ID))
	return hex.EncodeToString(sum[:16]) + m.From[strings.LastIndexByte(m.From, '@'):]
}
