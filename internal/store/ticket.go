package store

import (
	"context"
	"fmt"
	"strconv"

	"github.com/relevo/relevo/internal/desk"
)

// ticketVersion counts the changes of a ticket.
const ticketVersion = "v"

// ticketForm: the number is in the key. ty type · q requester, qn his name · s subject · st status, sa since · j justification
// sv service · cg category · p priority · d due, db by · r responsible · cc copied · tg tags · cs conversations · t created, tb by
// u updated, ub by · rl relations · m merged into · x deleted · ci client id · g clocks (gc their contract) · an answered · ib inbox · pa public action · bq bequest
// v version
func ticketForm(f *form, v *desk.Ticket) {
	number(f, ticketVersion, &v.Version)
	text(f, "ty", &v.Type)
	text(f, "q", &v.Requester)
	text(f, "qn", &v.RequesterName)
	text(f, "s", &v.Subject)
	text(f, "st", &v.Status)
	instant(f, "sa", &v.StatusAt)
	text(f, "j", &v.Justification)
	text(f, "sv", &v.Service)
	text(f, "cg", &v.Category)
	text(f, "p", &v.Priority)
	instant(f, "d", &v.Due.At)
	text(f, "db", &v.Due.By)
	text(f, "r", &v.Responsible)
	texts(f, "cc", &v.CC)
	texts(f, "tg", &v.Tags)
	texts(f, "cs", &v.Conversations)
	instant(f, "t", &v.CreatedAt)
	inner(f, "tb", func(f *form) { actorForm(f, &v.CreatedBy) })
	instant(f, "u", &v.UpdatedAt)
	inner(f, "ub", func(f *form) { actorForm(f, &v.UpdatedBy) })
	list(f, "rl", &v.Relations, relationForm)
	number(f, "m", &v.MergedInto)
	instant(f, "x", &v.DeletedAt)
	text(f, "ci", &v.ClientID)
	clocks(f, v.CreatedAt, &v.Clocks)
	instant(f, "an", &v.AnsweredAt)
	id(f, "ib", &v.Inbox)
	instant(f, "pa", &v.PublicAt)
	inner(f, "bq", func(f *form) { bequestForm(f, &v.Bequest) })
}

// bequestForm: cc copied · tg tags · rl relations
func bequestForm(f *form, v *desk.Bequest) {
	texts(f, "cc", &v.CC)
	texts(f, "tg", &v.Tags)
	list(f, "rl", &v.Relations, relationForm)
}

// relationForm: k kind · n number of the other ticket
func relationForm(f *form, v *desk.Relation) {
	text(f, "k", &v.Kind)
	number(f, "n", &v.Ticket)
}

func decodeTicket(item Item) (desk.Ticket, error) {
	t, err := decode(item, ticketForm)
	if err != nil {
		return t, err
	}
	if t.Type == "" { // made before there were types
		t.Type = desk.PublicTicket
	}
	t.Number, err = strconv.ParseInt(last(keyOf(item).PK), 10, 64)
	return t, desk.Wrap(desk.Internal, err, "reading a ticket's number")
}

// Ticket reads one by number, consistently.
func (b *Books) Ticket(ctx context.Context, number int64) (desk.Ticket, error) {
	item, err := get(ctx, b.table, b.ticketKey(number), "ticket")
	if err != nil {
		return desk.Ticket{}, err
	}
	t, err := decodeTicket(item)
	if err == nil && !t.DeletedAt.IsZero() {
		return desk.Ticket{}, desk.Errorf(desk.NotFound, "no such ticket")
	}
	return t, err
}

// OpenTicket reads a ticket and its first actions at once.
func (b *Books) OpenTicket(ctx context.Context, number int64, actions desk.PageRequest) (desk.Ticket, []desk.TicketAction, desk.Cursor, error) {
	var t desk.Ticket
	var found []desk.TicketAction
	var next desk.Cursor
	err := parallel(2, func(i int) (err error) {
		if i == 0 {
			t, err = b.Ticket(ctx, number)
			return err
		}
		found, next, err = b.Actions(ctx, number, actions)
		return err
	})
	return t, found, next, err
}

// SaveTicket creates or changes tickets, each with its actions, history, and the look-ups of the requests that made them.
func (b *Books) SaveTicket(ctx context.Context, saves ...desk.TicketSave) error {
	var p plan
	for _, save := range saves {
		if t := save.Ticket; t.Version == 0 && t.ClientID != "" {
			p.add(b.putRequest("T", t.ClientID, strconv.FormatInt(t.Number, 10)), "the request made a ticket before")
		}
		for _, a := range save.Actions {
			if a.ClientID != "" {
				p.add(b.putRequest(strconv.FormatInt(save.Ticket.Number, 10), a.ClientID, a.ID), "the request made an action before")
			}
		}
		if err := b.planTicket(ctx, &p, save); err != nil {
			return err
		}
	}
	return p.write(ctx, b.table, "saving a ticket")
}

// planTicket adds the ticket under its version, its row under the contact who asked, its actions and history. Index keys
// are left to [Books.FileTicket].
func (b *Books) planTicket(ctx context.Context, p *plan, save desk.TicketSave) error {
	t := save.Ticket
	version := t.Version
	t.Version++
	key, requester := b.ticketKey(t.Number), b.requesterRowKey(t.Requester, t.Number)
	if version == 0 {
		op := Op{Kind: Put, Key: key, Item: encode(t, ticketForm), If: []Condition{{Attr: ticketVersion, Test: Absent}}}
		p.add(op, "the ticket exists")
		p.add(Op{Kind: Put, Key: requester}, "")
	} else {
		was, err := b.Ticket(ctx, t.Number)
		if err != nil {
			return err
		}
		op := update(key, t, ticketForm)
		op.If = []Condition{unlessSince(ticketVersion, version)}
		if !t.DeletedAt.IsZero() {
			op.Set[TTL] = num(t.DeletedAt.Add(deletedLasts).Unix())
		}
		p.must(op, "ticket", fmt.Sprintf("the ticket moved on from version %d", version))
		if before := b.requesterRowKey(was.Requester, t.Number); before != requester {
			p.add(Op{Kind: Delete, Key: before}, "")
			p.add(Op{Kind: Put, Key: requester}, "")
		}
	}
	for _, a := range save.Actions {
		p.add(Op{Kind: Put, Key: b.actionKey(t.Number, a.ID), Item: encode(a, actionForm)}, "")
	}
	for _, a := range save.Edited {
		version := a.Version
		a.Version++
		op := update(b.actionKey(t.Number, a.ID), a, actionForm)
		op.If = []Condition{unlessSince(actionVersion, version), {Attr: actionKind, Test: Exists}}
		p.must(op, "action", "the action was edited meanwhile")
	}
	for _, c := range save.History {
		p.add(Op{Kind: Put, Key: b.historyKey(t.Number, c.ID), Item: encode(c, historyForm)}, "")
	}
	return nil
}

// TicketsOf lists the tickets whose requester is the contact, newest first; consistently for a fresh page.
func (b *Books) TicketsOf(ctx context.Context, contact desk.ContactID, page desk.PageRequest) ([]desk.Ticket, desk.Cursor, error) {
	l := listing{kind: requesterList, consistent: page.Fresh, lanes: []lane{{pk: b.contactKey(contact).PK, prefix: "TICKET#"}}}
	return b.tickets(ctx, l, page, func(t desk.Ticket) bool { return t.Requester == contact && t.DeletedAt.IsZero() })
}

func (b *Books) tickets(ctx context.Context, l listing, page desk.PageRequest, belongs func(desk.Ticket) bool) (
	[]desk.Ticket, desk.Cursor, error,
) {
	l.backward, l.target = true, b.ticketTarget
	items, next, err := l.page(ctx, b.table, page)
	if err != nil {
		return nil, "", err
	}
	tickets := make([]desk.Ticket, 0, len(items))
	for _, item := range items {
		t, err := decodeTicket(item)
		if err != nil {
			return nil, "", err
		}
		if belongs(t) {
			tickets = append(tickets, t)
		}
	}
	return tickets, next, nil
}
