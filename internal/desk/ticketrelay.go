package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// relayTicket files a ticket that was made or changed into its lists, and tells who shows it and who became responsible for it. What
// only filing wrote is nobody's news.
func (d *Desk) relayTicket(ctx context.Context, account AccountID, f TicketFact) error {
	if f.Was != nil && f.Was.Version == f.Now.Version {
		return nil
	}
	books := d.Store.Account(account)
	if err := settled(books.FileTicket(ctx, f.Now.Number)); err != nil {
		return err
	}
	if err := books.IndexTicket(ctx, f.Was, f.Now); err != nil {
		return err
	}
	t := f.Now
	d.announceTicket(ctx, account, t)
	if err := d.announceToRequester(ctx, books, f); err != nil {
		return err
	}
	if t.gone() {
		return d.relayGone(ctx, account, books, t)
	}
	if f.Was != nil && f.Was.MergedInto != 0 {
		if err := d.relayBack(ctx, account, books, *f.Was); err != nil {
			return err
		}
	}
	if err := d.relayClocks(ctx, books, f); err != nil {
		return err
	}
	fresh := f.Was == nil || f.Was.Responsible != t.Responsible
	if !fresh || t.Responsible == "" || string(t.Responsible) == t.UpdatedBy.ID {
		return nil
	}
	name := derivedID(string(account), "ticket", number(t.Number), strconv.Itoa(t.Version))
	return d.notify(ctx, books, Notification{
		ID: string(PlaceAt(t.UpdatedAt)[:10]) + name[10:], Agent: t.Responsible, Kind: NotifyResponsible, Ticket: t.Number, By: t.UpdatedBy,
		Text: t.Subject,
	})
}

// relayAction does what a new action causes: the responsible is notified (B108), and a public one goes to the requester
// and to those in Cc. What was done is marked on the action (B111).
func (d *Desk) relayAction(ctx context.Context, account AccountID, f ActionFact) error {
	books, a := d.Store.Account(account), f.Now
	if f.Was == nil && (a.MovedFrom != 0 || a.Returned) { // it came here, and was told of before
		t, err := books.Ticket(ctx, a.Ticket)
		if err != nil {
			return settled(err)
		}
		if err := fileAction(ctx, books, t, nil, a); err != nil {
			return err
		}
		return d.announceToldAction(ctx, books, t, a)
	}
	if f.Was != nil && f.Was.Version == a.Version { // only marked with what it set off, or deleted with its ticket
		if len(f.Was.Effects) == len(a.Effects) {
			return nil
		}
		d.announce(ctx, Announcement{
			Account: account, ID: "action/" + a.ID + "/" + strconv.Itoa(len(a.Effects)), Kind: AnnounceTicket,
			Ticket: &TicketNews{Number: a.Ticket, Action: a.ID},
		})
		return nil
	}
	t, err := books.Ticket(ctx, a.Ticket)
	if err != nil {
		return settled(err)
	}
	if err := fileAction(ctx, books, t, f.Was, a); err != nil {
		return err
	}
	if err := d.announceToldAction(ctx, books, t, a); err != nil || f.Was != nil {
		return err
	}
	var effects []Effect
	if t.Responsible != "" && string(t.Responsible) != a.Author.ID && a.Kind != DescriptionAction {
		err := d.notify(ctx, books, Notification{
			ID: a.ID, Agent: t.Responsible, Kind: NotifyAction, Ticket: t.Number, By: a.Author, Text: firstLine(a.Text, 200),
		})
		if err != nil {
			return err
		}
		effects = append(effects, Effect{EffectNotified, string(t.Responsible)})
	}
	if a.leaves() {
		sent, err := d.sendAction(ctx, books, t, a)
		if err != nil {
			return err
		}
		effects = append(effects, sent...)
	}
	if len(effects) == 0 {
		return nil
	}
	return settled(books.MarkAction(ctx, t.Number, a.ID, effects...))
}

// fileAction files the words of an action. Another shard may have moved it to another ticket meanwhile, and a repeat may hear
// of it long after: what then was filed here, or still is, nobody else takes away.
func fileAction(ctx context.Context, books Books, t Ticket, was *TicketAction, a TicketAction) error {
	if err := books.IndexAction(ctx, t, was, a); err != nil {
		return err
	}
	_, err := books.Action(ctx, t.Number, a.ID)
	if !Is(err, NotFound) {
		return err
	}
	gone := a
	gone.Text = ""
	return books.IndexAction(ctx, t, &a, gone)
}

// announceTicket tells who shows the ticket, or a list that it may stand in. It is filed by now, so that what they read
// is what they are told of.
func (d *Desk) announceTicket(ctx context.Context, account AccountID, t Ticket) {
	d.announce(ctx, Announcement{
		Account: account, ID: "ticket/" + number(t.Number) + "/" + strconv.Itoa(t.Version), Kind: AnnounceTicket,
		Ticket: &TicketNews{Number: t.Number, Version: t.Version},
	})
}

// leaves reports whether the action goes out: public, and written. The history of a conversation the requester has.
func (a TicketAction) leaves() bool { return a.Public && a.Kind == WrittenAction }

// replies reports whether it is the desk's word to the requester, and not his own.
func (a TicketAction) replies() bool { return a.leaves() && a.Author.Kind != ByCustomer }

// sendAction hands a public action to the requester, in the conversation that he has with the desk or by e-mail, and to
// those in Cc by e-mail. A repeat stores the same messages and queues the same jobs.
func (d *Desk) sendAction(ctx context.Context, books Books, t Ticket, a TicketAction) ([]Effect, error) {
	if t.Type != PublicTicket {
		return nil, nil
	}
	to := slices.Clone(t.CC)
	settings, err := books.Settings(ctx)
	if err != nil {
		return nil, err
	}
	if settings.Tickets.Off(CCField) {
		to = nil
	}
	contact, err := books.Contact(ctx, t.Requester)
	if err != nil {
		return nil, settled(err)
	}
	var effects []Effect
	if a.replies() {
		if effects, to, err = d.tellRequester(ctx, books, t, a, contact, to); err != nil {
			return nil, err
		}
	} else { // he knows what he wrote
		to = slices.DeleteFunc(to, func(address string) bool { return strings.EqualFold(address, contact.Email) })
	}
	for _, address := range to {
		err := d.enqueue(ctx, TranscriptQueue, "", "", TranscriptJob{Account: books.ID(), Ticket: t.Number, Action: a.ID, To: address})
		if err != nil {
			return nil, err
		}
	}
	return effects, nil
}

// tellRequester hands a public action to the requester; without a conversation his address joins those to be mailed to.
func (d *Desk) tellRequester(ctx context.Context, books Books, t Ticket, a TicketAction, contact Contact, to []string) ([]Effect, []string, error) {
	c, err := d.conversationWith(ctx, books, t, contact.ID)
	if err != nil {
		return nil, nil, err
	}
	if c != nil {
		return []Effect{{EffectReply, string(c.ID)}}, to, d.replyAction(ctx, books, c, a)
	}
	if contact.Email != "" && !slices.Contains(to, contact.Email) {
		to = append(to, contact.Email)
	}
	return nil, to, nil
}

// conversationWith finds where the requester hears the desk: what he has open in the inbox of the newest linked
// conversation, else that conversation itself; nil if none is linked.
func (d *Desk) conversationWith(ctx context.Context, books Books, t Ticket, contact ContactID) (*Conversation, error) {
	for _, id := range slices.Backward(t.Conversations) {
		c, err := books.Conversation(ctx, id)
		if Is(err, NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if c.Contact != contact { // linked to the ticket, but another's
			continue
		}
		open, err := books.Receiving(ctx, true, contact, c.Inbox)
		if Is(err, NotFound) || open == c.ID {
			return c, nil
		}
		if err != nil {
			return nil, err
		}
		return books.Conversation(ctx, open)
	}
	return nil, nil //nolint:nilnil // none is linked
}

// whatsAppText is the most characters that WhatsApp takes in a message.
const whatsAppText = 4096

// actionIdentity begins the identity of a message that hands on a ticket's action.
const actionIdentity = "action/"

// replyAction stores an action as messages of a conversation, each once: one, but on WhatsApp as many as its limits ask
// for.
func (d *Desk) replyAction(ctx context.Context, books Books, c *Conversation, a TicketAction) error {
	m := Message{
		Conversation: c.ID, Inbox: c.Inbox, Kind: MessageText, Author: a.Author, Content: TextContent, Text: a.Text, HTML: a.HTML,
		Attachments: a.Attachments,
	}
	messages := []Message{m}
	if c.Channel == WhatsApp {
		messages, m.HTML = messages[:0], ""
		for part := range slices.Chunk([]rune(a.Text), whatsAppText) {
			m.Text, m.Attachments = string(part), nil
			messages = append(messages, m)
		}
		for _, attachment := range a.Attachments {
			m.Text, m.Attachments = "", []Attachment{attachment}
			messages = append(messages, m)
		}
	}
	for i, m := range messages {
		m.ID, m.ExternalID = MessageID(d.newID()), actionIdentity+a.ID+"/"+strconv.Itoa(i)
		if _, _, err := books.StoreMessage(ctx, m); err != nil {
			return err
		}
	}
	return nil
}
