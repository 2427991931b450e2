package desk

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// Relay does what follows from one stored fact. Every part of it is harmless to repeat, so a crash anywhere converges
// when the fact is delivered again.
func (d *Desk) Relay(ctx context.Context, f Fact) error { return again(d.relay(ctx, f)) }

func (d *Desk) relay(ctx context.Context, f Fact) error {
	switch {
	case f.Seat != nil:
		return d.relaySeat(ctx, f.Account, *f.Seat)
	case f.Ticket != nil:
		return d.relayTicket(ctx, f.Account, *f.Ticket)
	case f.Action != nil:
		return d.relayAction(ctx, f.Account, *f.Action)
	case f.Contact != nil:
		return d.relayContact(ctx, f.Account, *f.Contact)
	case f.Message == nil:
		return nil
	case f.Message.Was != nil:
		return d.relayChange(ctx, f.Account, *f.Message)
	case f.Message.Now.Kind == ActivityKind:
		return d.relayActivity(ctx, f.Account, f.Message.Now)
	default:
		return d.relayMessage(ctx, f.Account, f.Message.Now)
	}
}

// relayMessage takes a new message or note into its conversation and does what it causes.
func (d *Desk) relayMessage(ctx context.Context, account AccountID, m Message) error {
	books := d.Store.Account(account)
	c, err := d.absorb(ctx, account, m)
	if err != nil {
		return err
	}
	switch {
	case m.Kind == NoteKind:
		return d.notifyMentioned(ctx, books, c, m)
	case m.Author.Kind == ByCustomer:
		return d.relayCustomer(ctx, account, c, m)
	case c.Channel != WebChat:
		return d.enqueue(ctx, OutboundQueue, string(account)+"/"+string(c.ID), string(m.ID)+"/0",
			DeliverJob{Account: account, Conversation: c.ID, Message: m.ID})
	default:
		return nil
	}
}

// absorb saves what the message tells of its conversation, and tells listeners of it. In the web chat they are told
// first: the message is stored, so nobody need wait for the rest; if somebody was faster there, they are told of the
// conversation as it came to be. Elsewhere an answer may depend on what is saved: WhatsApp's window.
func (d *Desk) absorb(ctx context.Context, account AccountID, m Message) (*Conversation, error) {
	told, again := false, false
	tell := func(c *Conversation) {
		d.announce(ctx, Announcement{Account: account, ID: string(m.ID), Kind: AnnounceMessage, Conversation: c, Message: &m})
		told = true
	}
	c, _, err := d.moveThread(ctx, account, m.Conversation, func(c *Conversation) (Thread, error) {
		c.Thread = c.Thread.absorb(m)
		again = told
		if c.Channel == WebChat && !told {
			tell(c)
		}
		return c.Thread, nil
	})
	switch {
	case err != nil:
	case again:
		err = d.announceConversation(ctx, account, c.ID)
	case !told:
		tell(c)
	}
	return c, err
}

// relayCustomer does what a customer's message causes. In a muted conversation it causes nothing but its attachments
// (B35).
func (d *Desk) relayCustomer(ctx context.Context, account AccountID, c *Conversation, m Message) error {
	for i, a := range m.Attachments {
		if a.ProviderID == "" {
			continue
		}
		if err := d.enqueue(ctx, MediaQueue, "", "", MediaJob{Account: account, Conversation: c.ID, Message: m.ID, Index: i}); err != nil {
			return err
		}
	}
	if err := d.setWait(ctx, d.Store.Account(account), c, m); err != nil {
		return err
	}
	switch {
	case c.Muted:
		return nil
	case c.Status == Snoozed:
		if err := d.wake(ctx, account, c.ID, m); err != nil {
			return err
		}
		return d.answer(ctx, account, c, m)
	case c.Status == Resolved:
		return d.continueLate(ctx, account, c, m)
	case c.Status == Open || c.Status == Pending:
		return d.answer(ctx, account, c, m)
	default:
		return nil
	}
}

// wake ends a snooze by a message that came after it began.
func (d *Desk) wake(ctx context.Context, account AccountID, id ConversationID, m Message) error {
	_, err := d.act(ctx, systemWho(account), id, d.waking(ctx, account, m))
	return err
}

// continueLate handles a message that was stored in a conversation while someone closed it without having seen it: it
// belongs to the newer conversation, if there is one, else it reopens this one.
func (d *Desk) continueLate(ctx context.Context, account AccountID, c *Conversation, m Message) error {
	if m.ID <= c.SeenTo {
		return nil
	}
	books := d.Store.Account(account)
	newer, err := books.Receiving(ctx, true, c.Contact, c.Inbox)
	if err == nil && newer != c.ID {
		n, err := books.Conversation(ctx, newer)
		if err != nil {
			return err
		}
		return d.tell(ctx, books, n, System, "late/"+string(m.ID),
			event(ConversationContinued, "conversation", string(c.ID), "number", number(c.Number), "message", string(m.ID)))
	}
	if err != nil && !Is(err, NotFound) {
		return err
	}
	return d.wake(ctx, account, c.ID, m)
}

// relayChange tells listeners of a changed message, and sends a failed one again that was asked for.
func (d *Desk) relayChange(ctx context.Context, account AccountID, f MessageFact) error {
	m := f.Now
	if m.state() == f.Was.state() {
		return nil // deliver's own marks, which nobody sees
	}
	c, err := d.amend(ctx, account, m)
	if err != nil {
		return err
	}
	d.announce(ctx, Announcement{Account: account, Kind: AnnounceChange, Conversation: c, Message: &m, ID: m.state()})
	if !m.DeletedAt.IsZero() {
		if err := d.dropFiles(ctx, *f.Was); err != nil {
			return err
		}
	}
	if f.Was.Delivery.State == Failed && m.Delivery.State == NoDelivery {
		return d.enqueue(ctx, OutboundQueue, string(account)+"/"+string(c.ID), string(m.ID)+"/"+strconv.FormatInt(f.Was.Delivery.At.UnixMilli(), 36),
			DeliverJob{Account: account, Conversation: c.ID, Message: m.ID})
	}
	return nil
}

// amend saves what a changed message tells of its conversation.
func (d *Desk) amend(ctx context.Context, account AccountID, m Message) (*Conversation, error) {
	c, _, err := d.moveThread(ctx, account, m.Conversation, func(c *Conversation) (Thread, error) { return c.Thread.amend(m), nil })
	return c, err
}

// state names how far the message came, so that every change of it is announced under a name of its own.
func (m Message) state() string {
	parts := []string{string(m.ID), strconv.Itoa(m.Delivery.State.Rank()), strconv.Itoa(fetched(m))}
	for _, at := range []time.Time{m.EditedAt, m.DeletedAt} {
		if !at.IsZero() {
			parts = append(parts, strconv.FormatInt(at.UnixMilli(), 36))
		}
	}
	return strings.Join(parts, "/")
}

// fetched counts the attachments that are settled.
func fetched(m Message) int {
	n := 0
	for _, a := range m.Attachments {
		if a.Key != "" || a.Failed != "" {
			n++
		}
	}
	return n
}

// relaySeat tells the agent, and hands him waiting customers if he became able to take some.
func (d *Desk) relaySeat(ctx context.Context, account AccountID, f SeatFact) error {
	now := d.now()
	seat := f.Now
	if f.Was == nil || f.Was.Chosen != seat.Chosen || f.Was.Load != seat.Load || f.Was.Capacity != seat.Capacity {
		d.announce(ctx, Announcement{
			Account: account, Kind: AnnounceSeat, Seat: &seat,
			ID: "seat/" + string(seat.Agent) + "/" + string(seat.Chosen) + "/" + strconv.Itoa(seat.Load) + "/" + d.newID(),
		})
	}
	gained := f.Was == nil || f.Was.Chosen != seat.Chosen || f.Was.Capacity < seat.Capacity || f.Was.Load > seat.Load ||
		!f.Was.Lease.After(now)
	if !gained || !seat.Available(now) {
		return nil
	}
	settings, err := d.Store.Account(account).Settings(ctx)
	if err != nil {
		return err
	}
	for _, department := range settings.Agents[seat.Agent].Departments {
		if err := d.wantDistribution(ctx, account, department); err != nil {
			return err
		}
	}
	return nil
}
