package store

import (
	"maps"
	"slices"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

// FactKeys are the forms of the keys of all records that [Decode] makes facts of. What starts a function with the change
// stream asks for these alone, so that all else costs no invocation.
var FactKeys = []KeyForm{{SortPrefix: messagePrefix}, {PartitionSuffix: "#" + seatsPart}, {Sort: ticketSK}, {SortPrefix: actionPrefix}, {Sort: contactSK}}

// KeyForm is what keys of one kind have in common: one of its fields says what.
type KeyForm struct {
	PartitionSuffix string // the partition key's end
	Sort            string // the whole sort key
	SortPrefix      string // the sort key's beginning
}

func (f KeyForm) fits(key Key) bool {
	switch {
	case f.PartitionSuffix != "":
		return strings.HasSuffix(key.PK, f.PartitionSuffix)
	case f.Sort != "":
		return key.SK == f.Sort
	default:
		return strings.HasPrefix(key.SK, f.SortPrefix)
	}
}

// Decode makes the desk's fact of a record of the change stream: an entry of a thread, a seat, a ticket, an action or a contact. Everything else follows
// from these, or is nobody's news: ok is false.
func Decode(change Change) (fact desk.Fact, ok bool, err error) {
	if change.New == nil || !slices.ContainsFunc(FactKeys, func(f KeyForm) bool { return f.fits(change.Key) }) {
		return desk.Fact{}, false, nil
	}
	key := split(change.Key.PK)
	if key[0] == "" || len(key) < 2 {
		return desk.Fact{}, false, nil
	}
	fact.Account = desk.AccountID(key[0])
	switch {
	case key[1] == "CONV" && strings.HasPrefix(change.Key.SK, messagePrefix):
		was, now, err := images(change, decodeMessage)
		fact.Message = &desk.MessageFact{Was: was, Now: now}
		return fact, err == nil, err
	case key[1] == seatsPart:
		was, now, err := images(change, func(item Item) (desk.Seat, error) { return decode(item, seatForm) })
		fact.Seat = &desk.SeatFact{Was: was, Now: now}
		return fact, err == nil, err
	case key[1] == "TICKET" && change.Key.SK == ticketSK:
		was, now, err := images(change, decodeTicket)
		fact.Ticket = &desk.TicketFact{Was: was, Now: now}
		return fact, err == nil, err
	case key[1] == "TICKET" && strings.HasPrefix(change.Key.SK, actionPrefix):
		was, now, err := images(change, decodeAction)
		fact.Action = &desk.ActionFact{Was: was, Now: now}
		return fact, err == nil, err
	case key[1] == "CONTACT":
		was, now, err := images(change, decodeContact)
		fact.Contact = &desk.ContactFact{Was: was, Now: now}
		return fact, err == nil, err
	default:
		return desk.Fact{}, false, nil
	}
}

// images decodes both sides of a record; was is nil for an item that is new.
func images[T any](change Change, decode func(Item) (T, error)) (was *T, now T, err error) {
	now, err = decode(image(change.Key, change.New))
	if err == nil && change.Old != nil {
		var before T
		before, err = decode(image(change.Key, change.Old))
		was = &before
	}
	return was, now, desk.Wrap(desk.Internal, err, "reading a record of the change stream")
}

// image adds the key to a record's item: whether it holds it is the driver's choice.
func image(key Key, item Item) Item {
	whole := maps.Clone(item)
	whole["PK"], whole["SK"] = str(key.PK), str(key.SK)
	return whole
}
