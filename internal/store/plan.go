package store

import (
	"context"

	"github.com/relevo/relevo/internal/desk"
)

// plan gathers the operations of one write, and what it means if the condition of one does not hold. A plan of one
// operation is a plain write, at half the price of a transaction.
type plan struct {
	ops   []Op
	steps []step
}

type step struct {
	why      string // the conflict to tell of
	stale    bool   // which loading again may settle
	missing  string // what is not_found if the item does not exist; needs WantOld
	optional bool   // write the rest without it
}

// add adds an operation; why says what its failed condition means.
func (p *plan) add(op Op, why string) {
	p.ops, p.steps = append(p.ops, op), append(p.steps, step{why: why})
}

// unless adds an operation whose condition is that nobody was faster.
func (p *plan) unless(op Op, why string) {
	p.ops, p.steps = append(p.ops, op), append(p.steps, step{why: why, stale: true})
}

// must adds an operation on an item that has to exist, what names it, and that nobody was to change meanwhile.
func (p *plan) must(op Op, what, why string) {
	op.WantOld = true
	p.ops, p.steps = append(p.ops, op), append(p.steps, step{why: why, missing: what, stale: true})
}

// may adds an operation that is left out if its condition does not hold.
func (p *plan) may(op Op) {
	p.ops, p.steps = append(p.ops, op), append(p.steps, step{optional: true})
}

// write does all of it or nothing.
func (p *plan) write(ctx context.Context, table Table, tried string) error {
	for len(p.ops) > 0 {
		err := table.Write(ctx, p.ops...)
		failed, ok := refused(err)
		if !ok {
			return desk.Wrap(desk.Internal, err, tried)
		}
		step := p.steps[failed.Op]
		switch {
		case step.optional:
			p.drop(failed.Op)
		case step.missing != "" && failed.Old == nil:
			return desk.Errorf(desk.NotFound, "no such %s", step.missing)
		case step.stale:
			return desk.Stale(step.why)
		default:
			return desk.Errorf(desk.Conflict, "%s", step.why)
		}
	}
	return nil
}

func (p *plan) drop(i int) {
	p.ops = append(append([]Op{}, p.ops[:i]...), p.ops[i+1:]...)
	p.steps = append(append([]step{}, p.steps[:i]...), p.steps[i+1:]...)
}

// change does one conditional update of an item that has to exist.
func (b *Books) change(ctx context.Context, op Op, what, why string) error {
	var p plan
	p.must(op, what, why)
	return p.write(ctx, b.table, "changing the "+what)
}

// keyOf gives the key attributes of an item.
func keyOf(item Item) Key {
	var key Key
	f := form{item: item, read: true}
	text(&f, "PK", &key.PK)
	text(&f, "SK", &key.SK)
	return key
}

// unlessSince is the condition that a version did not move: absent means 0.
func unlessSince(attr string, version int) Condition {
	if version == 0 {
		return Condition{Attr: attr, Test: Absent}
	}
	return Condition{Attr: attr, Test: Equals, To: num(version)}
}
