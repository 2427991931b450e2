package e2e

import (
	"context"
	"fmt"
	"net/http"
)

// Customer is a visitor of a web chat, from an address of his own.
type Customer struct {
	Client
	Secret string // lasting: the same visitor next week
	Inbox  string // its public key
	Line   string // the ticket of his window's live connection, which then is not told what he writes; "" for none
}

// NewCustomer starts a session in the inbox with this public key. A secret of an earlier visit makes him the same
// visitor; "" a new one. transport is how he calls.
func NewCustomer(ctx context.Context, desk, inbox, secret string, transport http.RoundTripper) (*Customer, error) {
	c := &Customer{
		Client: Client{Base: desk, HTTP: &http.Client{Timeout: requestTime, Transport: transport}},
		Secret: secret, Inbox: inbox,
	}
	return c, c.Renew(ctx)
}

// Renew gets another token for the same visitor.
func (c *Customer) Renew(ctx context.Context) error {
	var session struct{ Token, Secret string }
	want := map[string]string{"inbox": c.Inbox}
	if c.Secret != "" {
		want["secret"] = c.Secret
	}
	if err := c.Do(ctx, http.MethodPost, "/widget/v1/sessions", want, &session); err != nil {
		return fmt.Errorf("start a session: %w", err)
	}
	c.Token = session.Token
	if session.Secret != "" {
		c.Secret = session.Secret
	}
	return nil
}

// Write posts a message under a client id.
func (c *Customer) Write(ctx context.Context, clientID, text string) (Message, error) {
	var m Message
	body := map[string]string{"client_id": clientID, "text": text}
	if c.Line != "" {
		body["line"] = c.Line
	}
	err := c.Do(ctx, http.MethodPost, "/widget/v1/messages", body, &m)
	return m, err
}

// Thread reads his current conversation, as it is this instant.
func (c *Customer) Thread(ctx context.Context) (Thread, error) {
	var t Thread
	err := c.Do(ctx, http.MethodGet, "/widget/v1/messages?limit=100&fresh=true", nil, &t)
	return t, err
}
