package store

import (
	"context"
	"strconv"

	"github.com/relevo/relevo/internal/desk"
)

// What a request made is known as long as a message's identity: a repeat comes soon, if at all. of is "T" for tickets, or
// the number of the ticket whose action it made.
func (b *Books) requestKey(of, clientID string) Key {
	return Key{PK: b.pk("REQ", of, clientID), SK: "REQ"}
}

// requestMade names what the request made.
const requestMade = "m"

func (b *Books) putRequest(of, clientID, made string) Op {
	item := b.store.lasting(Item{requestMade: str(made)}, identityLasts)
	return Op{Kind: Put, Key: b.requestKey(of, clientID), Item: item, If: []Condition{{Attr: requestMade, Test: Absent}}}
}

// madeBy gives what the request made.
func (b *Books) madeBy(ctx context.Context, of, clientID, what string) (string, error) {
	item, err := get(ctx, b.table, b.requestKey(of, clientID), what)
	if err != nil {
		return "", err
	}
	var made string
	text(&form{item: item, read: true}, requestMade, &made)
	return made, nil
}

// TicketByClientID finds a ticket that SaveTicket created.
func (b *Books) TicketByClientID(ctx context.Context, clientID string) (desk.Ticket, error) {
	made, err := b.madeBy(ctx, "T", clientID, "ticket")
	if err != nil {
		return desk.Ticket{}, err
	}
	number, err := strconv.ParseInt(made, 10, 64)
	if err != nil {
		return desk.Ticket{}, desk.Wrap(desk.Internal, err, "reading which ticket a request made")
	}
	return b.Ticket(ctx, number)
}

// ActionByClientID names an action that was made in a ticket.
func (b *Books) ActionByClientID(ctx context.Context, number int64, clientID string) (string, error) {
	return b.madeBy(ctx, strconv.FormatInt(number, 10), clientID, "action")
}
