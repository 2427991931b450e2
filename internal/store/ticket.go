package store

import (
	"context"
	"fmt"
	"strconv"

	"github.com/relevo/relevo/internal/desk"
)

// ticketVersion counts the changes of a ticket.
const ticketVersion = "v"

// ticketForm: the number is in the key. q requester · s subject · st status · r responsible · cs conversations
// t created, tb by · u updated · ci client id · v version
func ticketForm(f *form, v *desk.Ticket) {
	number(f, ticketVersion, &v.Version)
	text(f, "q", &v.Requester)
	text(f, "s", &v.Subject)
	text(f, "st", &v.Status)
	text(f, "r", &v.Responsible)
	texts(f, "cs", &v.Conversations)
	instant(f, "t", &v.CreatedAt)
	inner(f, "tb", func(f *form) { actorForm(f, &v.CreatedBy) })
	instant(f, "u", &v.UpdatedAt)
	text(f, "ci", &v.ClientID)
}

// actionForm: ticket and id are in the key. k kind · pu public · by author · x text · c conversation, f and to its range
// ci client id
func actionForm(f *form, v *desk.TicketAction) {
	text(f, "k", &v.Kind)
	flag(f, "pu", &v.Public)
	inner(f, "by", func(f *form) { actorForm(f, &v.Author) })
	text(f, "x", &v.Text)
	text(f, "c", &v.Conversation)
	id(f, "f", &v.From)
	id(f, "to", &v.To)
	text(f, "ci", &v.ClientID)
}

func decodeTicket(item Item) (desk.Ticket, error) {
	t, err := decode(item, ticketForm)
	if err != nil {
		return t, err
	}
	t.Number, err = strconv.ParseInt(last(keyOf(item).PK), 10, 64)
	return t, desk.Wrap(desk.Internal, err, "reading a ticket's number")
}

func decodeAction(item Item) (desk.TicketAction, error) {
	a, err := decode(item, actionForm)
	if err != nil {
		return a, err
	}
	key := keyOf(item)
	a.ID = key.SK[len(actionPrefix):]
	a.Ticket, err = strconv.ParseInt(last(key.PK), 10, 64)
	return a, desk.Wrap(desk.Internal, err, "reading a ticket's number")
}

// Ticket reads one by number, consistently.
func (b *Books) Ticket(ctx context.Context, number int64) (desk.Ticket, error) {
	item, err := get(ctx, b.table, b.ticketKey(number), "ticket")
	if err != nil {
		return desk.Ticket{}, err
	}
	return decodeTicket(item)
}

// SaveTicket creates or changes a ticket, with actions and the look-ups of the requests that made them.
func (b *Books) SaveTicket(ctx context.Context, ticket desk.Ticket, actions []desk.TicketAction) error {
	var p plan
	if ticket.Version == 0 && ticket.ClientID != "" {
		p.add(b.putRequest("T", ticket.ClientID, strconv.FormatInt(ticket.Number, 10)), "the request made a ticket before")
	}
	for _, a := range actions {
		if a.ClientID != "" {
			p.add(b.putRequest(strconv.FormatInt(ticket.Number, 10), a.ClientID, a.ID), "the request made an action before")
		}
	}
	if err := b.planTicket(ctx, &p, ticket, actions); err != nil {
		return err
	}
	return p.write(ctx, b.table, "saving a ticket")
}

// planTicket adds the ticket under its version, its row under the contact who asked, and its actions.
func (b *Books) planTicket(ctx context.Context, p *plan, t desk.Ticket, actions []desk.TicketAction) error {
	version := t.Version
	t.Version++
	op := Op{Kind: Put, Key: b.ticketKey(t.Number), Item: encode(t, ticketForm), If: []Condition{unlessSince(ticketVersion, version)}}
	for index, entry := range b.ticketEntries(t) {
		pk, sk := index.Keys()
		op.Item[pk], op.Item[sk] = str(entry.pk), str(entry.sort)
	}
	requester := b.requesterRowKey(t.Requester, t.Number)
	if version == 0 {
		p.add(op, "the ticket exists")
		p.add(Op{Kind: Put, Key: requester}, "")
	} else {
		was, err := b.Ticket(ctx, t.Number)
		if err != nil {
			return err
		}
		p.must(op, "ticket", fmt.Sprintf("the ticket moved on from version %d", version))
		if before := b.requesterRowKey(was.Requester, t.Number); before != requester {
			p.add(Op{Kind: Delete, Key: before}, "")
			p.add(Op{Kind: Put, Key: requester}, "")
		}
	}
	for _, a := range actions {
		p.add(Op{Kind: Put, Key: b.actionKey(t.Number, a.ID), Item: encode(a, actionForm)}, "")
	}
	return nil
}

// ticketEntries tells where the ticket stands in the indexes, by creation.
func (b *Books) ticketEntries(t desk.Ticket) map[Index]entry {
	status, sort := initial(t.Status), sortText(t.CreatedAt, fmt.Sprintf("%03d", t.Number))
	entries := map[Index]entry{ByStatus: {b.pk("T", status), sort}}
	if t.Responsible != "" {
		entries[ByOwner] = entry{b.pk("R", string(t.Responsible), status), sort}
	}
	return entries
}

// Tickets lists tickets of a status, or of a responsible in a status, newest first.
func (b *Books) Tickets(ctx context.Context, status desk.TicketStatus, responsible desk.AgentID, page desk.PageRequest) (
	[]desk.Ticket, desk.Cursor, error,
) {
	l := listing{kind: ticketList, lanes: []lane{{index: ByStatus, pk: b.pk("T", initial(status))}}}
	if responsible != "" {
		l = listing{kind: responsibleList, lanes: []lane{{index: ByOwner, pk: b.pk("R", string(responsible), initial(status))}}}
	}
	return b.tickets(ctx, l, page, func(t desk.Ticket) bool {
		return t.Status == status && (responsible == "" || t.Responsible == responsible)
	})
}

// TicketsOf lists the tickets whose requester is the contact, newest first.
func (b *Books) TicketsOf(ctx context.Context, contact desk.ContactID, page desk.PageRequest) ([]desk.Ticket, desk.Cursor, error) {
	l := listing{kind: requesterList, consistent: true, lanes: []lane{{pk: b.contactKey(contact).PK, prefix: "TICKET#"}}}
	return b.tickets(ctx, l, page, func(t desk.Ticket) bool { return t.Requester == contact })
}

func (b *Books) tickets(ctx context.Context, l listing, page desk.PageRequest, belongs func(desk.Ticket) bool) (
	[]desk.Ticket, desk.Cursor, error,
) {
	l.backward = true
	l.target = func(id string) Key {
		number, _ := strconv.ParseInt(id, 10, 64) // rows pad it; a cursor may hold anything, and is then only a position
		return b.ticketKey(number)
	}
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

// Actions reads a ticket's proceedings, oldest first.
func (b *Books) Actions(ctx context.Context, number int64, page desk.PageRequest) ([]desk.TicketAction, desk.Cursor, error) {
	l := listing{kind: actionList}
	items, next, err := l.whole(ctx, b.table, Query{PK: b.ticketKey(number).PK, Prefix: actionPrefix, Consistent: true}, page)
	if err != nil {
		return nil, "", err
	}
	actions := make([]desk.TicketAction, len(items))
	for i, item := range items {
		if actions[i], err = decodeAction(item); err != nil {
			return nil, "", err
		}
	}
	return actions, next, nil
}
