package desktest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// MailerSubject is a mail adapter under test.
type MailerSubject struct {
	Mailer desk.Mailer
	// From is an address from which the adapter may send.
	From string
	// Mails gives the mails sent to an address, newest first.
	Mails func(ctx context.Context, to string) ([]SentMail, error)
	// Patience is how long a test waits for a mail.
	Patience time.Duration
}

// SentMail is what a recipient sees of a mail.
type SentMail struct {
	MessageID string // "" where an adapter gives the mail one of its own
	FromName  string
	From      string
	Subject   string
	Text      string
	HTML      string
}

// Mailer tests that an adapter keeps the contract of desk.Mailer.
func Mailer(t *testing.T, open func(t *testing.T) MailerSubject) {
	t.Helper()
	t.Run("OK", func(t *testing.T) { testMailArrives(t, open(t)) })
	t.Run("OKRepeat", func(t *testing.T) { testMailRepeat(t, open(t)) })
	t.Run("ErrInvalid", func(t *testing.T) { testMailInvalid(t, open(t)) })
}

func testMailArrives(t *testing.T, s MailerSubject) {
	t.Helper()
	mail := aMail(s)
	mail.FromName, mail.Subject = "Tienda \"Ñandú\"", "Tu conversación №1 "+strings.Repeat("muy larga ", 20)
	mail.Text, mail.HTML = "¡Hola!\n\nadiós", "<p>¡Hola!</p><p>adiós</p>"
	if err := s.Mailer.Send(t.Context(), mail); err != nil {
		t.Fatal(err)
	}
	got := s.await(t, mail.To, 1)[0]
	got.MessageID = ""
	want := SentMail{FromName: mail.FromName, From: mail.From, Subject: mail.Subject, Text: mail.Text, HTML: mail.HTML}
	got.Subject, want.Subject = strings.TrimSpace(got.Subject), strings.TrimSpace(want.Subject)
	got.Text, got.HTML = plainLines(got.Text), plainLines(got.HTML)
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// plainLines undoes what mail does to the ends of lines.
func plainLines(s string) string { return strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n") }

func aMail(s MailerSubject) desk.Mail {
	id := desk.NewID(time.Now())
	return desk.Mail{ID: id, From: s.From, To: "customer-" + id + "@example.com", Subject: "Hola", Text: "Hola"}
}

func (s MailerSubject) await(t *testing.T, to string, n int) []SentMail {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), s.Patience)
	defer cancel()
	var mails []SentMail
	await(ctx, t, "the mail", func() bool {
		var err error
		if mails, err = s.Mails(ctx, to); err != nil {
			t.Fatalf("read the mailbox: %v", err)
		}
		return len(mails) >= n
	})
	return mails
}

func testMailRepeat(t *testing.T, s MailerSubject) {
	t.Helper()
	mail := aMail(s)
	for range 2 {
		if err := s.Mailer.Send(t.Context(), mail); err != nil {
			t.Fatal(err)
		}
	}
	mails := s.await(t, mail.To, 2)
	if mails[0].MessageID != mails[1].MessageID {
		t.Errorf("the repeat is another mail: %s and %s", mails[0].MessageID, mails[1].MessageID)
	}
}

func testMailInvalid(t *testing.T, s MailerSubject) {
	t.Helper()
	for name, c := range map[string]struct {
		field string
		spoil func(*desk.Mail)
	}{
		"SubjectWithLineBreak":  {"subject", func(m *desk.Mail) { m.Subject = "Hola\r\nBcc: eve@example.com" }},
		"SubjectWithLF":         {"subject", func(m *desk.Mail) { m.Subject = "Hola\nBcc: eve@example.com" }},
		"FromNameWithLineBreak": {"from_name", func(m *desk.Mail) { m.FromName = "Ana\r\nBcc: eve@example.com" }},
		"ToWithLineBreak":       {"to", func(m *desk.Mail) { m.To += "\r\nBcc: eve@example.com" }},
		"ToWithName":            {"to", func(m *desk.Mail) { m.To = "Eve <eve@example.com>" }},
		"ToTwo":                 {"to", func(m *desk.Mail) { m.To += ", eve@example.com" }},
		"ToNone":                {"to", func(m *desk.Mail) { m.To = "" }},
		"ToNoAddress":           {"to", func(m *desk.Mail) { m.To = "nobody" }},
		"FromNoAddress":         {"from", func(m *desk.Mail) { m.From = "nobody" }},
		"NoBody":                {"text", func(m *desk.Mail) { m.Text = "" }},
		"NoID":                  {"id", func(m *desk.Mail) { m.ID = "" }},
	} {
		t.Run(name, func(t *testing.T) {
			mail := aMail(s)
			to := mail.To
			c.spoil(&mail)
			err := s.Mailer.Send(t.Context(), mail)
			if !desk.Is(err, desk.Invalid) {
				t.Fatalf("got %v, want invalid", err)
			}
			if !strings.Contains(err.Error(), c.field+":") {
				t.Errorf("the error %q does not blame %s", err, c.field)
			}
			if mails, err := s.Mails(t.Context(), to); err != nil || len(mails) != 0 {
				t.Errorf("%d mails were sent all the same (%v)", len(mails), err)
			}
		})
	}
}
