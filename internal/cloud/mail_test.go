package cloud_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"net/http"
	netmail "net/mail"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ses"

	"github.com/relevo/relevo/internal/channel/email"
	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
)

// post lies between the mailer and the emulator, and keeps the mails that the emulator has taken: SES has no request that
// reads a mail, and what an emulator shows of its own accord differs.
type post struct {
	mu   sync.Mutex
	sent map[string][]desktest.SentMail // by recipient, newest first
}

// newPost gives a post and the address at which it takes requests for the endpoint.
func newPost(t *testing.T, endpoint string) (*post, string) {
	t.Helper()
	p := &post{sent: map[string][]desktest.SentMail{}}
	return p, serving(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		on, err := http.NewRequestWithContext(r.Context(), r.Method, endpoint+r.URL.RequestURI(), bytes.NewReader(body))
		if err != nil {
			t.Error(err)
			return
		}
		on.Header = r.Header.Clone()
		answer, err := http.DefaultClient.Do(on)
		if err != nil {
			t.Error(err)
			return
		}
		defer answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			p.keep(t, body)
		}
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body)
	})
}

// keep reads a mail that was taken, as it goes out.
func (p *post) keep(t *testing.T, body []byte) {
	t.Helper()
	form, err := url.ParseQuery(string(body))
	if err != nil {
		t.Error(err)
		return
	}
	raw, err := base64.StdEncoding.DecodeString(form.Get("RawMessage.Data"))
	if err != nil {
		t.Error(err)
		return
	}
	sent, err := desktest.ReadMail(raw)
	if err != nil {
		t.Error(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	to := form.Get("Destinations.member.1")
	p.sent[to] = append([]desktest.SentMail{sent}, p.sent[to]...)
}

func (p *post) mails(_ context.Context, to string) ([]desktest.SentMail, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.sent[to]), nil
}

func TestMailerContract(t *testing.T) {
	client, from := emulator(t, "ses"), "desk-"+unique()+"@relevo.test"
	if _, err := ses.NewFromConfig(client.Config()).VerifyEmailIdentity(t.Context(), &ses.VerifyEmailIdentityInput{EmailAddress: &from}); err != nil {
		t.Fatal(err)
	}
	post, address := newPost(t, strings.TrimRight(desktest.Endpoint(t), "/"))
	desktest.Mailer(t, func(t *testing.T) desktest.MailerSubject {
		t.Helper()
		mailer := cloud.NewMailer(cloud.NewClient(access(address)), cloud.MailOptions{Write: email.Compose, From: from, Stage: "dev"})
		return desktest.MailerSubject{Mailer: mailer, From: from, Patience: 10 * time.Second, Mails: post.mails}
	})
}

// What the emulator does not show: headers, the configuration set and tags.
func TestMailerRequest(t *testing.T) {
	var form url.Values
	address := serving(t, func(w http.ResponseWriter, r *http.Request) {
		if r.ParseForm() == nil {
			form = r.PostForm
		}
		w.Write([]byte(`<SendRawEmailResponse><SendRawEmailResult><MessageId>1</MessageId></SendRawEmailResult></SendRawEmailResponse>`))
	})
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", -5*3600))
	m := cloud.NewMailer(cloud.NewClient(access(address)), cloud.MailOptions{Write: email.Compose, From: "desk@relevo.test", Set: "relevo-dev", Stage: "dev",
		Now: func() time.Time { return at }})
	err := m.Send(t.Context(), desk.Mail{Account: "demo", ID: "1", FromName: "Tienda \"Ñandú\"", To: "ana@example.com", Subject: "Señal №1", Text: "T", HTML: "<p>T</p>"})
	if err != nil {
		t.Fatal(err)
	}
	if form.Get("ConfigurationSetName") != "relevo-dev" || form.Get("Tags.member.1.Name") != cloud.AccountTag || form.Get("Tags.member.1.Value") != "demo" ||
		form.Get("Tags.member.2.Name") != "stage" || form.Get("Tags.member.2.Value") != "dev" || form.Get("Source") != "desk@relevo.test" || form.Get("Destinations.member.1") != "ana@example.com" || form.Get("Destinations.member.2") != "" {
		t.Errorf("sent %v", form)
	}
	raw, err := base64.StdEncoding.DecodeString(form.Get("RawMessage.Data"))
	if err != nil {
		t.Fatal(err)
	}
	mail, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	from, err := mail.Header.AddressList("From")
	if err != nil || len(from) != 1 || from[0].Name != `Tienda "Ñandú"` || from[0].Address != "desk@relevo.test" {
		t.Errorf("from %v, %v", from, err)
	}
	date, err := mail.Header.Date()
	kind, _, _ := mime.ParseMediaType(mail.Header.Get("Content-Type"))
	subject, _ := new(mime.WordDecoder).DecodeHeader(mail.Header.Get("Subject"))
	if err != nil || !date.Equal(at) || kind != "multipart/alternative" || subject != "Señal №1" || !strings.HasSuffix(mail.Header.Get("Message-ID"), "@relevo.test>") {
		t.Errorf("headers %v, %v", mail.Header, err)
	}
}

func TestMailerRefused(t *testing.T) {
	mail := desk.Mail{ID: "1", From: "desk@relevo.test", To: "ana@example.com", Subject: "S", Text: "T"}
	for _, c := range []struct {
		code string
		want desk.Code
	}{
		{"MessageRejected", desk.Invalid},
		{"InvalidParameterValue", desk.Invalid},
		{"Throttling", desk.Limited},
		{"AccountSendingPausedException", desk.Unavailable},
		{"MailFromDomainNotVerifiedException", desk.Unavailable},
		{"AccessDenied", desk.Internal},
		{"ConfigurationSetDoesNotExist", desk.Internal},
	} {
		t.Run(c.code, func(t *testing.T) {
			address := answering(t, http.StatusBadRequest,
				`<ErrorResponse><Error><Type>Sender</Type><Code>`+c.code+`</Code><Message>failed the check: `+mail.To+`</Message></Error></ErrorResponse>`)
			err := cloud.NewMailer(cloud.NewClient(access(address)), cloud.MailOptions{Write: email.Compose}).Send(t.Context(), mail)
			wantCode(t, err, c.want)
			if c.want == desk.Invalid && strings.Contains(err.Error(), mail.To) {
				t.Errorf("the error names the recipient: %v", err)
			}
		})
	}
	t.Run("ErrUnavailable", func(t *testing.T) {
		wantCode(t, cloud.NewMailer(cloud.NewClient(access(answering(t, http.StatusInternalServerError, ""))), cloud.MailOptions{Write: email.Compose}).Send(t.Context(), mail), desk.Unavailable)
	})
}
