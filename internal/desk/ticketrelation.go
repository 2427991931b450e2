package desk

import (
	"context"
	"slices"
	"strings"
)

// RelationKind says what a ticket is to another.
type RelationKind string

// The kinds; each but the last has its inverse, which stands on the other ticket.
const (
	ParentOf     RelationKind = "parent"
	ChildOf      RelationKind = "child"
	Blocks       RelationKind = "blocks"
	BlockedBy    RelationKind = "blocked_by"
	Duplicates   RelationKind = "duplicates"
	DuplicatedBy RelationKind = "duplicated_by"
	RelatedTo    RelationKind = "related"
)

var inverses = map[RelationKind]RelationKind{
	ParentOf: ChildOf, ChildOf: ParentOf, Blocks: BlockedBy, BlockedBy: Blocks, Duplicates: DuplicatedBy, DuplicatedBy: Duplicates,
	RelatedTo: RelatedTo,
}

// Relation is what a ticket is to another one (B106): parent means that it is the parent of that one.
type Relation struct {
	Kind   RelationKind
	Ticket int64
}

// maxRelations limits the relations of one ticket.
const maxRelations = 20

// relate sets what the ticket is to another; between two tickets there is one relation.
func (t *Ticket) relate(kind RelationKind, other int64) error {
	t.unrelate(other)
	if len(t.Relations) == maxRelations {
		return conflictOf("relations", "ticket %d has %d relations already", t.Number, maxRelations)
	}
	t.Relations = append(t.Relations, Relation{kind, other})
	return nil
}

func (t *Ticket) unrelate(other int64) {
	t.Relations = slices.DeleteFunc(slices.Clone(t.Relations), func(r Relation) bool { return r.Ticket == other })
}

func relationList(relations []Relation) string {
	texts := make([]string, len(relations))
	for i, r := range relations {
		texts[i] = string(r.Kind) + " " + number(r.Ticket)
	}
	return strings.Join(texts, ", ")
}

// RelateTickets says what a ticket is to another: on both of them, at once. No ticket is above itself, whichever way one
// goes up.
func (d *Desk) RelateTickets(ctx context.Context, who Who, n int64, kind RelationKind, other int64) (Ticket, error) {
	inverse, known := inverses[kind]
	if !known {
		return Ticket{}, InvalidField("kind", "no such relation")
	}
	if n == other {
		return Ticket{}, InvalidField("ticket", "a ticket has no relation to itself")
	}
	return d.changeTwo(ctx, who, n, other, TriggerRelation, func(t, o *Ticket) error {
		top, bottom := t, o
		switch kind {
		case ChildOf, BlockedBy:
			top, bottom = o, t
		case ParentOf, Blocks:
		default:
			top = nil
		}
		if top != nil {
			read := readingAs(ctx, d.Store.Account(who.Account), nil)
			if err := notAbove(read, *bottom, *top); err != nil {
				return err
			}
		}
		if err := t.relate(kind, other); err != nil {
			return err
		}
		return o.relate(inverse, n)
	})
}

// UnrelateTickets takes the relation of two tickets away.
func (d *Desk) UnrelateTickets(ctx context.Context, who Who, n, other int64) (Ticket, error) {
	t, err := d.changeTwo(ctx, who, n, other, TriggerRelation, func(t, o *Ticket) error {
		t.unrelate(other)
		o.unrelate(n)
		return nil
	})
	if Is(err, Invalid) { // the other is named by the path
		err = &Error{Code: NotFound, Message: "no such ticket"}
	}
	return t, err
}

// upwards bounds how many tickets are read to find out that none is above itself.
const upwards = 50

// readingAs reads tickets as they will be: those in will are changed by the act that asks.
func readingAs(ctx context.Context, books Books, will map[int64]Ticket) func(n int64) (Ticket, error) {
	return func(n int64) (Ticket, error) {
		if t, known := will[n]; known {
			return t, nil
		}
		return books.Ticket(ctx, n)
	}
}

// notAbove refuses a relation that would put a ticket above one that is above it already.
func notAbove(read func(n int64) (Ticket, error), bottom, top Ticket) error {
	seen, ahead := map[int64]bool{}, []Ticket{top}
	for len(ahead) > 0 {
		t := ahead[0]
		ahead = ahead[1:]
		for _, r := range t.Relations {
			if r.Kind != ChildOf && r.Kind != BlockedBy || seen[r.Ticket] {
				continue
			}
			seen[r.Ticket] = true
			up, err := read(r.Ticket)
			if Is(err, NotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if up.Number == bottom.Number || len(seen) > upwards {
				return conflictOf("ticket", "the relation would close a circle")
			}
			ahead = append(ahead, up)
		}
	}
	return nil
}

// changeTwo changes two tickets in one transaction, each with its history, and gives the first.
func (d *Desk) changeTwo(ctx context.Context, who Who, n, other int64, trigger Trigger, change func(t, o *Ticket) error) (Ticket, error) {
	books, settings, err := d.atWork(ctx, who)
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = retry(func() error {
		var err error
		if t, err = d.standing(ctx, books, n); err != nil {
			return err
		}
		o, err := d.standing(ctx, books, other)
		switch {
		case Is(err, NotFound):
			return InvalidField("ticket", "no such ticket")
		case Is(err, Conflict):
			return conflictOf("ticket", "ticket %d was merged into another", other)
		case err != nil:
			return err
		}
		was, before := t, o
		if err := change(&t, &o); err != nil {
			return err
		}
		saves := []TicketSave{d.touched(was, &t, who.Actor, trigger), d.touched(before, &o, who.Actor, trigger)}
		if t.MergedInto != 0 {
			d.tellHeir(&saves[1], who.Actor, trigger, FieldChange{Field: "merged_from", To: number(n)})
		}
		saves = slices.DeleteFunc(saves, func(s TicketSave) bool { return len(s.History) == 0 })
		if len(saves) == 0 {
			return nil
		}
		if err := books.SaveTicket(ctx, saves...); err != nil {
			return err
		}
		if saves[0].Ticket.Number == n {
			t.Version++
		}
		return nil
	})
	return settings.Tickets.Shown(t), err
}

// touched is a changed ticket with its history; none if nothing differs.
func (d *Desk) touched(was Ticket, now *Ticket, by Actor, trigger Trigger) TicketSave {
	history := d.changed(was, *now, by, trigger)
	if len(history) > 0 {
		now.UpdatedAt, now.UpdatedBy = d.now(), by
	}
	return TicketSave{Ticket: *now, History: history}
}

// tellHeir adds to an heir's history which ticket came or went.
func (d *Desk) tellHeir(heir *TicketSave, by Actor, trigger Trigger, merged FieldChange) {
	if len(heir.History) == 0 {
		heir.Ticket.UpdatedAt, heir.Ticket.UpdatedBy = d.now(), by
		heir.History = []TicketChange{{ID: d.newID(), Ticket: heir.Ticket.Number, By: by, Trigger: trigger}}
	}
	heir.History[0].Fields = append(heir.History[0].Fields, merged)
}

// standing reads a ticket that can still be changed: one that was merged is a conflict of the field merged_into.
func (d *Desk) standing(ctx context.Context, books Books, n int64) (Ticket, error) {
	t, err := books.Ticket(ctx, n)
	if err == nil {
		err = t.standing()
	}
	return t, err
}

func (t Ticket) standing() error {
	if t.MergedInto == 0 {
		return nil
	}
	return conflictOf("merged_into", "ticket %d was merged into ticket %d", t.Number, t.MergedInto)
}

// DuplicateTicket makes a new ticket of what another is about: its fields and description, not what was done. The same
// ClientID again gives the ticket of then.
func (d *Desk) DuplicateTicket(ctx context.Context, who Who, n int64, clientID string) (Ticket, error) {
	if err := who.mayWork(); err != nil {
		return Ticket{}, err
	}
	if err := within("client_id", clientID, 1, 100); err != nil {
		return Ticket{}, err
	}
	books := d.Store.Account(who.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return Ticket{}, err
	}
	if made, err := books.TicketByClientID(ctx, who.request(clientID)); !Is(err, NotFound) {
		return settings.Tickets.Shown(made), err
	}
	of, err := d.standing(ctx, books, n)
	if err != nil {
		return Ticket{}, err
	}
	var reserved int64
	var t Ticket
	err = retry(func() error {
		if of, err = d.standing(ctx, books, n); err != nil {
			return err
		}
		if reserved == 0 {
			if reserved, err = books.NextNumber(ctx, "ticket"); err != nil {
				return err
			}
		}
		first, _, err := books.Actions(ctx, n, PageRequest{Limit: 1, Fresh: true})
		if err != nil {
			return err
		}
		t = of.copied(reserved, who, d.now())
		t.ClientID = who.request(clientID)
		settings.ClockTicket(nil, &t, d.now())
		was := of
		if err := of.relate(RelatedTo, t.Number); err != nil {
			return err
		}
		made := TicketSave{Ticket: t}
		if len(first) == 1 && first[0].Kind == DescriptionAction {
			about := first[0]
			made.Actions = []TicketAction{{ID: d.newID(), Ticket: t.Number, Kind: DescriptionAction, Public: about.Public, Author: who.Actor, Text: about.Text}}
		}
		return books.SaveTicket(ctx, made, d.touched(was, &of, who.Actor, TriggerDuplicate))
	})
	if err != nil {
		return Ticket{}, err
	}
	t.Version = 1
	return settings.Tickets.Shown(t), nil
}
