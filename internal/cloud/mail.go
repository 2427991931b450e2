package cloud

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	"github.com/relevo/relevo/internal/desk"
)

// MailOptions say how mail leaves.
type MailOptions struct {
	From  string           // the desk's own address, or one of a domain, that SES has verified
	Set   string           // configuration set, which reports bounces and complaints; "" for none
	Stage string           // tags the mail
	Now   func() time.Time // dates the mail; nil: time.Now

	// Write writes the mail as MIME wants it, dated at. It is not done here, for what writes mail makes a function
	// larger, and but one of them sends any.
	Write func(mail desk.Mail, at time.Time) ([]byte, error)
}

// Mailer sends mail through SES ("SendRawEmail" of its API of 2010-12-01).
type Mailer struct {
	client *Client
	MailOptions
}

var _ desk.Mailer = (*Mailer)(nil)

// NewMailer gives a mailer.
func NewMailer(client *Client, options MailOptions) *Mailer {
	if options.Now == nil {
		options.Now = time.Now
	}
	return &Mailer{client: client, MailOptions: options}
}

// Send hands the mail to SES, once: whether a mail whose answer was lost went out is for the caller to decide. SES gives
// every mail a Message-ID of its own. Codes: invalid (address, header, or SES rejects the mail), limited (sending rate or
// daily quota), unavailable (SES fails, or sending is paused), internal (a right or the configuration set is missing).
func (m *Mailer) Send(ctx context.Context, mail desk.Mail) error {
	if mail.From == "" {
		mail.From = m.From
	}
	if err := mail.Validate(); err != nil {
		return err
	}
	raw, err := m.Write(mail, m.Now())
	if err != nil {
		return desk.Wrap(desk.Internal, err, "write a mail")
	}
	form := url.Values{"Action": {"SendRawEmail"}, "Version": {"2010-12-01"}, "Source": {mail.From}, "Destinations.member.1": {mail.To},
		"RawMessage.Data": {base64.StdEncoding.EncodeToString(raw)}}
	if m.Set != "" {
		form.Set("ConfigurationSetName", m.Set)
	}
	tag(form, 1, AccountTag, string(mail.Account))
	tag(form, 2, "stage", m.Stage)
	answer, err := m.client.send(ctx, signed{service: "ses", method: http.MethodPost, url: m.client.endpoint("email") + "/",
		header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, body: []byte(form.Encode())})
	if err == nil {
		_ = answer.Body.Close() // SES has taken the mail, whatever becomes of the rest of its answer
		return nil
	}
	if known := meaning(err, mailRefused(err)); known != nil {
		return known
	}
	return judge(err).wrap(err, "send a mail")
}

// tag sets the n-th tag of a mail; SES brings tags back with what became of it.
func tag(form url.Values, n int, name, value string) {
	member := "Tags.member." + strconv.Itoa(n)
	form.Set(member+".Name", name)
	form.Set(member+".Value", cmp.Or(value, "none"))
}

// mailRefused gives SES's refusals their codes.
func mailRefused(err error) func(int, string) error {
	return func(_ int, code string) error {
		switch code {
		case "MessageRejected":
			return desk.Wrap(desk.Invalid, reason(err), "SES rejects the mail")
		case "InvalidParameterValue":
			return &desk.Error{Code: desk.Invalid, Field: "to", Message: "SES does not take the address", Cause: reason(err)}
		case "AccountSendingPausedException", "ConfigurationSetSendingPausedException", "MailFromDomainNotVerifiedException":
			return desk.Wrap(desk.Unavailable, err, "sending mail is paused in SES, or the domain is not verified yet")
		}
		return nil
	}
}

// reason is what SES says of its refusal, without the addresses that it names behind a colon: they belong in no log.
func reason(err error) error {
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		return err
	}
	said, _, _ := strings.Cut(api.ErrorMessage(), ":")
	return errors.New(api.ErrorCode() + ": " + said)
}
