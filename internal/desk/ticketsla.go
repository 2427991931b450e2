package desk

import "context"

// TicketSLA is what a ticket is promised, by which contract, and how that stands (B98, B105).
type TicketSLA struct {
	Contract Contract // by which its clocks run; the zero one: none holds
	Promise  Promise  // of the contract for its priority
	Hours    *Hours   // in which its clocks run; nil: around the clock
	Clocks   []Clock  // as they stood when the caller was let in
}

// TicketSLA reads what a ticket is promised; all four roles may (B2).
func (d *Desk) TicketSLA(ctx context.Context, who Who, n int64) (TicketSLA, error) {
	t, err := d.Store.Account(who.Account).Ticket(ctx, n)
	if err != nil {
		return TicketSLA{}, err
	}
	k := who.TicketContract(t)
	if k.ID == "" {
		return TicketSLA{}, nil
	}
	return TicketSLA{Contract: k, Promise: k.promise(Priority(t.Priority)), Hours: who.settings.hours(k.Hours), Clocks: who.TicketClocks(t)}, nil
}

// TicketContract gives the contract by which a ticket's clocks run, deleted or not; the zero one if none does.
func (w Who) TicketContract(t Ticket) Contract {
	if w.settings == nil || t.Clocks.Contract == "" {
		return Contract{}
	}
	return w.settings.Contracts[t.Clocks.Contract]
}
