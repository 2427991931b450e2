package e2e

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Mail is a mail that the desk has sent.
type Mail struct {
	MessageID string    `json:"message_id"`
	To        string    `json:"to"`
	From      string    `json:"from"`
	Subject   string    `json:"subject"`
	Date      time.Time `json:"date"`
	Text      string    `json:"text"`
	HTML      string    `json:"html"`
}

// Host is a desk that scenarios reach: what differs between the local desk and a deployed one, and nothing more.
type Host interface {
	// URL is the desk's address, without a slash at its end.
	URL() string
	// Token gives an access token of the agent who signs in with this e-mail address.
	Token(ctx context.Context, email string) (string, error)
	// SignIn gives issuer and subject under which an agent with this e-mail address will sign in, who may be new.
	SignIn(ctx context.Context, email string) (issuer, subject string, err error)
	// Mails gives the mails that the desk has sent, in no order.
	Mails(ctx context.Context) ([]Mail, error)
	// Phone is the WhatsApp phone that stands before the inbox whatsapp.
	Phone() Phone
}

// Local is a desk that runs as `relevo run` does: it makes tokens and shows its mails and its phone by itself.
type Local struct {
	client Client
}

var _ Host = Local{}

// NewLocal is the local desk at an address.
func NewLocal(address string) Local {
	return Local{Client{Base: address, HTTP: &http.Client{Timeout: requestTime}}}
}

// URL implements [Host].
func (l Local) URL() string { return l.client.Base }

// Token implements [Host] with POST /dev/token.
func (l Local) Token(ctx context.Context, email string) (string, error) {
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := l.client.Do(ctx, http.MethodPost, "/dev/token", map[string]string{"email": email}, &token); err != nil {
		return "", fmt.Errorf("token of %s: %w", email, err)
	}
	return token.AccessToken, nil
}

// SignIn implements [Host]: at the desk's own issuer an agent's subject is his address.
func (l Local) SignIn(ctx context.Context, email string) (issuer, subject string, err error) {
	var settings struct{ Issuer string }
	err = l.client.Do(ctx, http.MethodGet, "/config.json", nil, &settings)
	return settings.Issuer, email, err
}

// Mails implements [Host] with the page /mailbox.
func (l Local) Mails(ctx context.Context) ([]Mail, error) {
	var page Page[Mail]
	err := l.client.Do(ctx, http.MethodGet, "/mailbox", nil, &page)
	return page.Items, err
}

// Phone implements [Host] with the page /phone.
func (l Local) Phone() Phone { return Phone{l.client} }
