package desk

import (
	"context"
	"slices"
)

// TranscriptTo says to whom a transcript goes: the assigned agent, or an address (B73).
type TranscriptTo struct {
	ClientID string
	Assignee bool
	Email    string
}

// RequestTranscript asks for the conversation to be e-mailed. The same ClientID again sends nothing more.
func (d *Desk) RequestTranscript(ctx context.Context, who Who, id ConversationID, to TranscriptTo) error {
	if err := who.mayWork(); err != nil {
		return err
	}
	if err := within("client_id", to.ClientID, 1, 100); err != nil {
		return err
	}
	if to.Assignee == (to.Email != "") {
		return InvalidField("email", "give an address, or choose the assignee")
	}
	books := d.Store.Account(who.Account)
	c, err := books.Conversation(ctx, id)
	if err != nil {
		return err
	}
	if !who.sees(c) {
		return notSeen()
	}
	if to.Assignee {
		settings, err := books.Settings(ctx)
		if err != nil {
			return err
		}
		agent, ok := settings.Agents[c.Assignee]
		if !ok || agent.Deleted {
			return conflictf("the conversation has no assignee")
		}
		to.Email = agent.Email
	}
	return d.wantTranscript(ctx, who.Account, c, who.Actor, to.ClientID, to.Email)
}

// VisitorTranscript asks for the visitor's own conversation to be e-mailed to him, once it is resolved (B76). Without
// an address it goes to the one that he gave before.
func (d *Desk) VisitorTranscript(ctx context.Context, v Visitor, id ConversationID, clientID, email string) error {
	if err := within("client_id", clientID, 1, 100); err != nil {
		return err
	}
	c, err := d.ownConversation(ctx, v, id)
	if err != nil {
		return err
	}
	if c.Status != Resolved {
		return conflictf("the transcript can be had when the conversation is resolved")
	}
	if email == "" {
		contact, err := d.VisitorContact(ctx, v)
		if err != nil {
			return err
		}
		if email = contact.Email; email == "" {
			return InvalidField("email", "is required")
		}
	}
	by := Actor{Kind: ByCustomer, ID: string(v.Contact), Name: c.ContactName}
	return d.wantTranscript(ctx, v.Account, c, by, clientID, email)
}

// wantTranscript stores that a transcript was asked for; relay queues it from there, so it is asked for once and never
// forgotten.
func (d *Desk) wantTranscript(ctx context.Context, account AccountID, c *Conversation, by Actor, clientID, email string) error {
	address, err := EmailAddress("email", email)
	if err != nil {
		return err
	}
	if err := d.mayMail(ctx, account, address); err != nil {
		return err
	}
	request := by.ID + "/" + clientID
	return d.tell(ctx, d.Store.Account(account), c, by, "transcript-asked/"+request, event(TranscriptAsked, "to", address, "request", request))
}

// queueTranscript queues what the line asks for.
func (d *Desk) queueTranscript(ctx context.Context, account AccountID, line Message) error {
	return d.enqueue(ctx, TranscriptQueue, "", "", TranscriptJob{
		Account: account, Conversation: line.Conversation, To: line.Data["to"], ID: line.Data["request"],
		Customer: line.Author.Kind == ByCustomer,
	})
}

// SendTranscript e-mails a conversation: its messages only, without notes, activity, or agents' addresses. Its
// activity line is stored once it was sent, and tells a repeat of the job that nothing is left to do.
//
// A job that names an action of a ticket mails that instead, and one that names a visitor his code.
func (d *Desk) SendTranscript(ctx context.Context, job TranscriptJob) error {
	switch {
	case job.Action != "":
		return d.mailAction(ctx, job)
	case job.Identify != "":
		return d.mailCode(ctx, job)
	}
	books := d.Store.Account(job.Account)
	c, err := books.Conversation(ctx, job.Conversation)
	if err != nil {
		return err
	}
	name := "transcript/" + job.ID
	if _, _, err := books.MessageByIdentity(ctx, c.Inbox, lineIdentity(c, name)); !Is(err, NotFound) {
		return err
	}
	begun := false
	err = d.mailOnce(ctx, books, name+"/"+string(c.ID), func() (Mail, error) {
		begun = true
		d.tellTranscript(ctx, job, c, "sending")
		return d.transcript(ctx, books, c, job)
	})
	if err != nil {
		if begun {
			d.tellTranscript(ctx, job, c, "failed")
		}
		if undeliverable(err) {
			d.Log.WarnContext(ctx, "a transcript's address takes no mail", "conversation", c.ID)
			return nil
		}
		return err
	}
	by := System
	if job.Customer {
		by = Actor{Kind: ByCustomer, ID: string(c.Contact), Name: c.ContactName}
	}
	if err := d.tell(ctx, books, c, by, name, event(TranscriptSent, "to", job.To)); err != nil {
		return err
	}
	d.tellTranscript(ctx, job, c, "sent")
	return nil
}

func (d *Desk) tellTranscript(ctx context.Context, job TranscriptJob, c *Conversation, progress string) {
	if job.Customer {
		d.announce(ctx, Announcement{
			Account: job.Account, ID: "transcript/" + job.ID + "/" + progress, Kind: AnnounceTranscript, Conversation: c, Transcript: progress,
		})
	}
}

// transcript makes the mail of a conversation in the inbox's language and the account's time zone.
func (d *Desk) transcript(ctx context.Context, books Books, c *Conversation, job TranscriptJob) (Mail, error) {
	settings, err := books.Settings(ctx)
	if err != nil {
		return Mail{}, err
	}
	loc, err := settings.Account.Location()
	if err != nil {
		return Mail{}, err
	}
	words := transcriptIn[settings.Inboxes[c.Inbox].Language]
	page := transcriptPage{Words: words, Account: settings.Account.Name, Number: c.Number, Began: c.CreatedAt.In(loc).Format("2006-01-02 15:04 MST")}
	query := ThreadQuery{Limit: 100}
	for more := true; more; {
		var messages []Message
		if _, messages, more, err = books.Thread(ctx, c.ID, query); err != nil {
			return Mail{}, err
		}
		for _, m := range messages {
			if m.ForCustomer() {
				page.Lines = append(page.Lines, m.transcriptLine(words, loc, c))
			}
		}
		if len(messages) == 0 {
			break
		}
		query.Before = messages[len(messages)-1].ID
	}
	slices.Reverse(page.Lines)
	return Mail{
		Account: job.Account, ID: derivedID(string(job.Account), string(c.ID), job.ID), FromName: settings.Account.Name, To: job.To,
		Subject: words.Subject + " " + settings.Account.Name, Text: page.text(), HTML: page.html(),
	}, nil
}
