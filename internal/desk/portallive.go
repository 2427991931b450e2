package desk

import (
	"context"
	"strconv"
)

// What becomes of a customer's ticket he is told of at once, in each of his widgets that knows who he is: that there is
// something new for him, and nothing of what it is. He reads it where he reads his tickets (B84, B88).

// hasPortal reports whether customers of any inbox see tickets.
func (s *Settings) hasPortal() bool {
	for _, inbox := range s.Inboxes {
		if inbox.Portal.Enabled && !inbox.Deleted {
			return true
		}
	}
	return false
}

// requesterSees is what a requester sees of his ticket, apart from its actions; the zero one: nothing.
type requesterSees struct {
	requester ContactID
	subject   string
	status    TicketStatus
}

func (s *Settings) requesterSees(t *Ticket) requesterSees {
	if t == nil || !t.holds(t.Requester) || t.MergedInto != 0 {
		return requesterSees{}
	}
	shown := s.Tickets.Shown(*t)
	return requesterSees{t.Requester, shown.Subject, shown.Status}
}

// announceToRequester tells the requester that his ticket changed, as far as he sees it, and whoever was the requester
// that it is his no more.
func (d *Desk) announceToRequester(ctx context.Context, books Books, f TicketFact) error {
	settings, err := books.Settings(ctx)
	if err != nil || !settings.hasPortal() {
		return err
	}
	was, now := settings.requesterSees(f.Was), settings.requesterSees(&f.Now)
	if was == now {
		return nil
	}
	name := number(f.Now.Number) + "/" + strconv.Itoa(f.Now.Version)
	if was.requester != "" && was.requester != now.requester {
		d.announceOwnTicket(ctx, books, "left/"+name, TicketNews{Number: f.Now.Number, Requester: was.requester})
	}
	if now.requester != "" {
		d.announceOwnTicket(ctx, books, name, TicketNews{Number: f.Now.Number, Requester: now.requester})
	}
	return nil
}

// announceToldAction tells the requester of a public action in his ticket that is new, or edited.
func (d *Desk) announceToldAction(ctx context.Context, books Books, t Ticket, a TicketAction) error {
	settings, err := books.Settings(ctx)
	if err != nil || !settings.hasPortal() {
		return err
	}
	seen := settings.requesterSees(&t)
	if seen.requester == "" || len(settings.Tickets.shownActions([]TicketAction{a})) == 0 || !a.Public {
		return nil
	}
	d.announceOwnTicket(ctx, books, a.ID+"/"+strconv.Itoa(a.Version), TicketNews{Number: t.Number, Action: a.ID, Requester: seen.requester})
	return nil
}

// announceOwnTicket tells a requester. The frame's name says nothing: a customer is not to count what the desk does.
func (d *Desk) announceOwnTicket(ctx context.Context, books Books, name string, news TicketNews) {
	d.announce(ctx, Announcement{Account: books.ID(), ID: derivedID(string(books.ID()), "own", name), Kind: AnnounceTicket, Ticket: &news})
}
