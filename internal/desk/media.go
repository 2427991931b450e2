package desk

import (
	"context"
	"io"
	"strconv"
	"strings"
)

// FetchMedia brings a provider's attachment into our own store: its address at the provider lives five minutes.
func (d *Desk) FetchMedia(ctx context.Context, job MediaJob) error {
	books := d.Store.Account(job.Account)
	m, err := books.Message(ctx, job.Conversation, job.Message)
	if Is(err, NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if !m.DeletedAt.IsZero() || job.Index >= len(m.Attachments) || m.Attachments[job.Index].Key != "" {
		return nil
	}
	a := m.Attachments[job.Index]
	err = d.fetch(ctx, books, m, &a, job)
	switch CodeOf(err) {
	case "":
	case NotFound, Invalid:
		a.Failed = refusal(err)
	default:
		return err
	}
	err = books.ChangeMessage(ctx, job.Conversation, job.Message, MessageChange{Attachment: &AttachmentAt{Index: job.Index, Attachment: a}})
	if (Is(err, Conflict) || Is(err, NotFound)) && a.Key != "" { // deleted meanwhile
		return d.Blobs.Delete(ctx, a.Key)
	}
	return err
}

// dropFiles deletes the files of a message that was deleted, so that addresses given out before lead nowhere any more.
// Those of a ticket's action stay: they are the ticket's.
func (d *Desk) dropFiles(ctx context.Context, m Message) error {
	if strings.HasPrefix(m.ExternalID, actionIdentity) {
		return nil
	}
	for _, a := range m.Attachments {
		if a.Key == "" {
			continue
		}
		if err := d.Blobs.Delete(ctx, a.Key); err != nil {
			return err
		}
	}
	return nil
}

// fetch copies the file and fills in where it is.
func (d *Desk) fetch(ctx context.Context, books Books, m Message, a *Attachment, job MediaJob) error {
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	inbox, err := settings.inbox(m.Inbox)
	if err != nil {
		return err
	}
	provider, ok := d.Providers[inbox.Channel]
	if !ok {
		return Errorf(Internal, "no provider for channel %s", inbox.Channel)
	}
	blob, body, err := provider.Fetch(ctx, job.Account, inbox, a.ProviderID)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	blob.Key = string(job.Account) + "/media/" + string(job.Conversation) + "/" + string(job.Message) + "/" + strconv.Itoa(job.Index)
	if err := d.Blobs.Put(ctx, blob, &capped{Reader: body, left: d.maxAttachment()}); err != nil {
		return err
	}
	stored, err := d.Blobs.Stat(ctx, blob.Key)
	a.Key, a.Type, a.Size = blob.Key, stored.Type, stored.Size
	return err
}

// capped refuses a file that is larger than an attachment may be.
type capped struct {
	io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, InvalidField("size", "the file is larger than an attachment may be")
	}
	return n, err
}
