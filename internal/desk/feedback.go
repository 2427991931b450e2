package desk

import (
	"context"
	"strings"
)

// Feedback marks addresses whose mail came back for good, or whose owners complained: no mail goes there any more, and
// whoever asks for one reads why.
func (d *Desk) Feedback(ctx context.Context, job FeedbackJob) error {
	if job.Account == "" {
		return InvalidField("account", "is required")
	}
	if job.At.IsZero() {
		job.At = d.now()
	}
	for _, told := range job.Addresses {
		address, err := EmailAddress("addresses", told)
		if err != nil {
			return err
		}
		err = d.Store.Account(job.Account).MarkAddress(ctx, AddressMark{
			Address: strings.ToLower(address), Complaint: job.Complaint, Reason: firstLine(job.Reason, 200), At: job.At,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// mayMail refuses an address that is marked.
func (d *Desk) mayMail(ctx context.Context, account AccountID, address string) error {
	mark, err := d.Store.Account(account).AddressMark(ctx, strings.ToLower(address))
	switch {
	case Is(err, NotFound):
		return nil
	case err != nil:
		return err
	case mark.Complaint:
		return InvalidField("email", "the owner of this address wants no mail from here")
	default:
		return InvalidField("email", "mail to this address comes back")
	}
}
