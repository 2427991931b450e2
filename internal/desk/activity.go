package desk

import (
	"context"
	"strconv"
	"time"
)

// waking ends a snooze, or a resolved state, by a message of the customer that came after it began. It goes back to
// whom it belonged: into his hands if he is available, else into his pending list.
func (d *Desk) waking(ctx context.Context, account AccountID, m Message) rule {
	return func(c *Conversation, s *Settings, now time.Time) ([]Event, error) {
		if (c.Status != Snoozed && c.Status != Resolved) || m.ID <= c.SeenTo || c.Muted {
			return nil, nil
		}
		told := ConversationWoken
		if c.Status == Resolved {
			told = ConversationReopened
		}
		seat, err := d.holderSeat(ctx, account, c, s)
		if err != nil {
			return nil, err
		}
		c.reopen(now)
		c.resume(seat, now)
		return []Event{event(told, "by", "customer", "assignee", string(c.Assignee), "waits_for", string(c.WaitsFor))}, nil
	}
}

// relayActivity files the conversation into its lists, tells listeners, and does what the event causes.
func (d *Desk) relayActivity(ctx context.Context, account AccountID, line Message) error {
	books := d.Store.Account(account)
	if err := books.File(ctx, line.Conversation); err != nil {
		return err
	}
	c, err := books.Conversation(ctx, line.Conversation)
	if err != nil {
		return err
	}
	if err := d.stopWatching(ctx, account, c, line); err != nil {
		return err
	}
	d.announce(ctx, Announcement{Account: account, ID: string(line.ID), Kind: AnnounceConversation, Conversation: c, Message: &line})
	if err := d.followUp(ctx, account, books, c, line); err != nil {
		return err
	}
	if wait, ok := c.Waits(); ok && wait.Auto && !c.Muted {
		return d.wantDistribution(ctx, account, wait.Department)
	}
	return nil
}

// stopWatching takes a conversation that moved on from the eyes of those who may not see it any more.
func (d *Desk) stopWatching(ctx context.Context, account AccountID, c *Conversation, line Message) error {
	if line.Data[WasAssignee] == "" && line.Data[WasWaitingFor] == "" && line.Data[WasDepartment] == "" {
		return nil
	}
	books := d.Store.Account(account)
	topic := ConversationTopic(c.ID)
	watchers, err := books.Listeners(ctx, true, topic)
	if err != nil {
		return err
	}
	for _, watcher := range watchers {
		id := watcher.ID
		who, err := d.watcher(ctx, id)
		if err == nil && who.sees(c) {
			continue
		}
		if err != nil && !Is(err, NotFound) && !Is(err, Unauthenticated) {
			return err
		}
		if err := settled(books.Listen(ctx, id, topic, false)); err != nil {
			return err
		}
	}
	return nil
}

// watcher tells who looks through a connection.
func (d *Desk) watcher(ctx context.Context, id ConnectionID) (Who, error) {
	connection, err := d.Store.Connection(ctx, id)
	if err != nil {
		return Who{}, err
	}
	return d.WhoIs(ctx, connection)
}

// followUp does what one kind of event causes.
func (d *Desk) followUp(ctx context.Context, account AccountID, books Books, c *Conversation, line Message) error {
	switch line.Event {
	case ConversationCreated:
		return d.followCreated(ctx, account, books, c)
	case ConversationAssigned:
		return d.notifyReceiver(ctx, books, c, line, NotifyAssigned)
	case ConversationTransferred:
		return d.notifyReceiver(ctx, books, c, line, NotifyTransferred)
	case ConversationSnoozed:
		return d.setWakeup(ctx, account, c)
	case ConversationWoken, ConversationOpened, ConversationReopened, ConversationPrioritized, ConversationMerged:
		return d.setClocks(ctx, books, c)
	case ConversationWarned:
		return d.notifyClock(ctx, books, c, line, NotifyWarning)
	case ConversationBreached:
		return d.notifyClock(ctx, books, c, line, NotifyBreach)
	case TranscriptAsked:
		return d.queueTranscript(ctx, account, line)
	case ConversationClosed:
		return d.recordClose(ctx, books, c, line)
	case ConversationRated:
		return recordRating(ctx, books, line)
	default:
		return nil
	}
}

// followCreated sets the timer of the clocks and opens the ticket that the inbox wants with every conversation (B83).
func (d *Desk) followCreated(ctx context.Context, account AccountID, books Books, c *Conversation) error {
	if err := d.setClocks(ctx, books, c); err != nil {
		return err
	}
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	inbox, err := settings.inbox(c.Inbox)
	if err != nil || inbox.TicketPolicy != TicketAutomatic {
		return err
	}
	var reserved int64
	_, err = d.actWith(ctx, systemWho(account), c.ID, func(change *Change, s *Settings, now time.Time) ([]Event, error) {
		if change.Now.Ticket != 0 {
			return nil, nil
		}
		subject := automaticSubject(inbox.Language, c.Number)
		return d.linkNew(ctx, systemWho(account), change, s, NewTicket{Subject: subject}, &reserved, now)
	})
	return err
}

// notifyReceiver tells the agent to whom a conversation went, unless he did it himself.
func (d *Desk) notifyReceiver(ctx context.Context, books Books, c *Conversation, line Message, kind NotificationKind) error {
	to := AgentID(line.Data["agent"])
	if to == "" || string(to) == line.Author.ID {
		return nil
	}
	return d.notify(ctx, books, Notification{
		ID: string(line.ID), Agent: to, Kind: kind, Conversation: c.ID, Number: c.Number, By: line.Author, Text: line.Data["reason"],
	})
}

// notifyMentioned tells those whom a note mentions (B31).
func (d *Desk) notifyMentioned(ctx context.Context, books Books, c *Conversation, m Message) error {
	for _, to := range m.Mentions {
		if string(to) == m.Author.ID {
			continue
		}
		err := d.notify(ctx, books, Notification{
			ID: string(m.ID), Agent: to, Kind: NotifyMention, Conversation: c.ID, Number: c.Number, By: m.Author, Text: firstLine(m.Text, 200),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// notify stores a notification and tells the agent, once.
func (d *Desk) notify(ctx context.Context, books Books, n Notification) error {
	if err := books.Notify(ctx, n); err != nil {
		return settled(err)
	}
	d.announce(ctx, Announcement{Account: books.ID(), ID: "notification/" + n.ID, Kind: AnnounceNotification, Notification: &n})
	return nil
}

// setWakeup sets the timer of a snooze that has an end.
func (d *Desk) setWakeup(ctx context.Context, account AccountID, c *Conversation) error {
	if c.Status != Snoozed || c.SnoozedUntil.IsZero() {
		return nil
	}
	return d.setTimer(ctx, WakeupTimer, account, c.ID, c.SnoozedUntil)
}

// recordClose stores what reports need of the close (B65), from its line: by now the conversation may be open again.
func (d *Desk) recordClose(ctx context.Context, books Books, c *Conversation, line Message) error {
	at := line.ID.Time()
	if asked, err := time.Parse(time.RFC3339Nano, line.Data["survey"]); err == nil {
		at = asked
	}
	ticket, _ := strconv.ParseInt(line.Data["ticket"], 10, 64)
	r := ClosingRecord{
		Conversation: c.ID, Number: c.Number, ClosedAt: at, ClosedBy: line.Author, Inbox: c.Inbox, Department: c.Department,
		Assignee: AgentID(line.Data["assignee"]), Ticket: ticket, Resolution: at.Sub(c.CreatedAt),
		Note: ClosingNote{Category: line.Data["category"], Summary: line.Data["summary"]},
	}
	if !c.Thread.FirstReplyAt.IsZero() {
		r.FirstResponse = c.Thread.FirstReplyAt.Sub(c.CreatedAt)
	}
	return books.RecordClose(ctx, r)
}
