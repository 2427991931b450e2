package desk

import (
	"context"
	"errors"
	"time"
)

// Deliver sends one message through the conversation's provider. It claims the message before it sends: a claim
// without an answer is an uncertain send, marked as failed and settled by a later status, and never sent again by
// itself (I3).
func (d *Desk) Deliver(ctx context.Context, job DeliverJob) error {
	books := d.Store.Account(job.Account)
	m, err := books.Message(ctx, job.Conversation, job.Message)
	if Is(err, NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if m.Delivery.State != NoDelivery || !m.DeletedAt.IsZero() {
		return nil
	}
	c, err := books.Conversation(ctx, job.Conversation)
	if err != nil {
		return err
	}
	if m.Content != TemplateContent {
		err := d.checkWindow(ctx, books, c)
		if Is(err, Conflict) {
			return d.failed(ctx, books, m, "WhatsApp's 24 hours were over before it was sent")
		}
		if err != nil {
			return err
		}
	}
	err = books.ChangeMessage(ctx, c.ID, m.ID, MessageChange{Claim: d.now()})
	if Is(err, Conflict) {
		return d.claimed(ctx, books, m)
	}
	if err != nil {
		return err
	}
	return d.send(ctx, books, c, m, job)
}

// The times of a delivery. A claim without an answer is uncertain once no send can be under way any more; a message
// that the provider keeps refusing for now is given up, so that the agent sees it and can send it again.
const (
	uncertainAfter = time.Minute
	giveUpAfter    = 90 * time.Second
)

// uncertain is what an agent reads of a send whose answer was lost.
const uncertain = "uncertain: it may have been delivered"

// claimed decides about a message that another delivery has in hand, or had when it died.
func (d *Desk) claimed(ctx context.Context, books Books, m Message) error {
	if m.ClaimedAt.IsZero() || d.now().Sub(m.ClaimedAt) < uncertainAfter {
		return &Error{Code: Unavailable, Message: "another delivery has the message in hand", RetryAfter: uncertainAfter}
	}
	return d.failed(ctx, books, m, uncertain)
}

// send hands a claimed message to the provider and stores the answer.
func (d *Desk) send(ctx context.Context, books Books, c *Conversation, m Message, job DeliverJob) error {
	out, provider, err := d.outbound(ctx, books, c, m, job)
	if err != nil && CodeOf(err).Retryable() {
		return errors.Join(err, books.ChangeMessage(ctx, c.ID, m.ID, MessageChange{Release: true}))
	}
	if err != nil {
		return d.failed(ctx, books, m, refusal(err))
	}
	id, err := provider.Send(ctx, out)
	switch {
	case err == nil:
		return settled(books.ChangeMessage(ctx, c.ID, m.ID, MessageChange{Receipt: &Receipt{Provider: id, At: d.now()}}))
	case errors.Is(err, ErrUncertain):
		return d.failed(ctx, books, m, uncertain)
	case CodeOf(err).Retryable() && d.now().Sub(m.tried()) < giveUpAfter:
		if released := books.ChangeMessage(ctx, c.ID, m.ID, MessageChange{Release: true}); released != nil {
			return released
		}
		return err
	default:
		return d.failed(ctx, books, m, refusal(err))
	}
}

// tried is when the message was first to be sent: when it was written, or asked for again.
func (m Message) tried() time.Time {
	if m.RetriedAt.After(m.ID.Time()) {
		return m.RetriedAt
	}
	return m.ID.Time()
}

// refusal is what the agent reads of a provider's refusal.
func refusal(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return firstLine(e.Message, 300)
	}
	return "the provider refused it"
}

func (d *Desk) failed(ctx context.Context, books Books, m Message, why string) error {
	return settled(books.ChangeMessage(ctx, m.Conversation, m.ID,
		MessageChange{Delivery: &Delivery{State: Failed, Error: why, At: d.now()}}))
}

// outbound gathers what the provider needs.
func (d *Desk) outbound(ctx context.Context, books Books, c *Conversation, m Message, job DeliverJob) (Outbound, Provider, error) {
	settings, err := books.Settings(ctx)
	if err != nil {
		return Outbound{}, nil, err
	}
	inbox, err := settings.inbox(c.Inbox)
	if err != nil {
		return Outbound{}, nil, err
	}
	provider, ok := d.Providers[c.Channel]
	if !ok {
		return Outbound{}, nil, Errorf(Internal, "no provider for channel %s", c.Channel)
	}
	out := Outbound{Account: job.Account, Inbox: inbox, To: c.Address, Message: m, Template: m.templateUse(), Key: key(c.ID, m.ID)}
	for _, a := range m.Attachments {
		url, err := d.DownloadURL(ctx, a)
		if err != nil {
			return Outbound{}, nil, err
		}
		out.AttachmentURLs = append(out.AttachmentURLs, url)
	}
	if m.ReplyTo != "" {
		meant, err := books.Message(ctx, c.ID, m.ReplyTo)
		if err != nil && !Is(err, NotFound) {
			return Outbound{}, nil, err
		}
		out.ReplyTo = meant.Provider
		if meant.Author.Kind == ByCustomer {
			out.ReplyTo = meant.ExternalID
		}
	}
	return out, provider, nil
}
