package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
)

const (
	mailboxSize = 10_000 // mails kept; the oldest go
	mailsListed = 1_000
	smtpTimeout = 30 * time.Second
)

var mailBucket = []byte("mails") // sequence -> StoredMail

// MailOptions set up a mailer; the zero value keeps mail in the mailbox only.
type MailOptions struct {
	SMTPURL string           // smtp://user:password@host:port (STARTTLS if offered) or smtps://...; empty: mailbox only
	From    string           // the desk's own address; empty: desk@localhost
	Now     func() time.Time // the clock; nil: time.Now
}

// Mailer keeps every mail in the file for the mailbox page, after an SMTP server has accepted it if there is one.
type Mailer struct {
	file *File
	smtp *gomail.Client // nil: mailbox only
	from string
	now  func() time.Time
}

var _ desk.Mailer = (*Mailer)(nil)

// StoredMail is a mail as the mailbox page shows it.
type StoredMail struct {
	MessageID string    `json:"message_id"` // with its angle brackets
	FromName  string    `json:"from_name,omitempty"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	Subject   string    `json:"subject"`
	Date      time.Time `json:"date"`
	Text      string    `json:"text"`
	HTML      string    `json:"html,omitempty"`
}

// Mailer gives the file's mailer. Codes: invalid (the SMTP URL or the desk's own address makes no sense).
func (f *File) Mailer(options MailOptions) (*Mailer, error) {
	m := &Mailer{file: f, from: options.From, now: options.Now}
	if m.from == "" {
		m.from = "desk@localhost"
	}
	if m.now == nil {
		m.now = time.Now
	}
	if err := desk.PlainAddress("from", m.from); err != nil {
		return nil, err
	}
	if options.SMTPURL == "" {
		return m, nil
	}
	var err error
	m.smtp, err = smtpClient(options.SMTPURL)
	return m, err
}

// smtpClient understands the URL; its text is never part of an error, since it may hold a password.
func smtpClient(raw string) (*gomail.Client, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, desk.InvalidField("smtp_url", "want smtp://user:password@host:port or smtps://...")
	}
	options := []gomail.Option{gomail.WithTimeout(smtpTimeout)}
	port := 587
	if u.Scheme == "smtps" {
		port = 465
		options = append(options, gomail.WithSSL())
	} else {
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, desk.InvalidField("smtp_url", "the port is no number")
		}
	}
	options = append(options, gomail.WithPort(port))
	if password, ok := u.User.Password(); ok {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, desk.Wrap(desk.Invalid, err, "set up the SMTP client")
	}
	return client, nil
}

// Send hands the mail to the SMTP server, if there is one, and keeps it in the mailbox.
func (m *Mailer) Send(ctx context.Context, mail desk.Mail) error {
	if mail.From == "" {
		mail.From = m.from
	}
	if err := mail.Validate(); err != nil {
		return err
	}
	stored := StoredMail{MessageID: messageID(mail), FromName: mail.FromName, From: mail.From, To: mail.To,
		Subject: mail.Subject, Date: m.now().UTC().Truncate(time.Millisecond), Text: mail.Text, HTML: mail.HTML}
	if m.smtp != nil {
		if err := m.deliver(ctx, stored); err != nil {
			return err
		}
	}
	return desk.Wrap(desk.Unavailable, m.keep(stored), "keep a mail")
}

// messageID is made of the mail's id alone, so that a repeat is the same mail to its reader's mailbox.
func messageID(mail desk.Mail) string {
	sum := sha256.Sum256([]byte(mail.ID))
	return "<" + hex.EncodeToString(sum[:16]) + mail.From[strings.LastIndexByte(mail.From, '@'):] + ">"
}

func (m *Mailer) deliver(ctx context.Context, mail StoredMail) error {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&netmail.Address{Name: mail.FromName, Address: mail.From})
	msg.ToMailAddress(&netmail.Address{Address: mail.To})
	msg.SetMessageIDWithValue(strings.Trim(mail.MessageID, "<>"))
	msg.SetDateWithValue(mail.Date)
	msg.Subject(mail.Subject)
	switch {
	case mail.HTML == "":
		msg.SetBodyString(gomail.TypeTextPlain, mail.Text)
	case mail.Text == "":
		msg.SetBodyString(gomail.TypeTextHTML, mail.HTML)
	default:
		msg.SetBodyString(gomail.TypeTextPlain, mail.Text)
		msg.AddAlternativeString(gomail.TypeTextHTML, mail.HTML)
	}
	err := m.smtp.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() { // what fails after the server took the mail is of no consequence
		return nil
	}
	return smtpError(err)
}

// smtpError tells the server's final no (5xx) from what another try may mend.
func smtpError(err error) error {
	var refused *gomail.SendError
	if !errors.As(err, &refused) || refused.IsTemp() || refused.ErrorCode() < 500 {
		return desk.Wrap(desk.Unavailable, err, "send a mail by SMTP")
	}
	field := ""
	if refused.Reason == gomail.ErrSMTPRcptTo {
		field = "to"
	}
	return &desk.Error{Code: desk.Invalid, Field: field, Cause: err,
		Message: fmt.Sprintf("the mail server refused the mail with %d", refused.ErrorCode())}
}

func (m *Mailer) keep(mail StoredMail) error {
	raw, err := json.Marshal(mail)
	if err != nil {
		return err
	}
	return m.file.db.Update(func(tx *bbolt.Tx) error {
		mails, err := tx.CreateBucketIfNotExists(mailBucket)
		if err != nil {
			return err
		}
		seq, err := mails.NextSequence()
		if err != nil {
			return err
		}
		if seq > mailboxSize {
			if err := mails.Delete(seqKey(seq - mailboxSize)); err != nil {
				return err
			}
		}
		return mails.Put(seqKey(seq), raw)
	})
}

// Mails gives the newest thousand mails, newest first. Codes: unavailable.
func (m *Mailer) Mails(ctx context.Context) ([]StoredMail, error) {
	mails := []StoredMail{}
	err := m.file.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(mailBucket)
		if b == nil {
			return nil
		}
		c := b.Cursor()
		for k, raw := c.Last(); k != nil && len(mails) < mailsListed; k, raw = c.Prev() {
			var mail StoredMail
			if err := json.Unmarshal(raw, &mail); err != nil {
				return err
			}
			mails = append(mails, mail)
		}
		return ctx.Err()
	})
	return mails, desk.Wrap(desk.Unavailable, err, "read the mailbox")
}
