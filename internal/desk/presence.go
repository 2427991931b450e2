package desk

import (
	"context"
)

// SetPresence saves the state that the caller chose (B3, B9).
func (d *Desk) SetPresence(ctx context.Context, who Who, p Presence) (Seat, error) {
	if err := who.mayWork(); err != nil {
		return Seat{}, err
	}
	if who.Agent == "" {
		return Seat{}, &Error{Code: Forbidden, Message: "a bot has no presence"}
	}
	if !p.Valid() {
		return Seat{}, InvalidField("presence", "want connected, pre_pause, pause or disconnected")
	}
	books := d.Store.Account(who.Account)
	seat, err := books.Seat(ctx, who.Agent)
	if err != nil {
		return Seat{}, err
	}
	seat.Chosen = p
	if p != Disconnected && seat.Lease.Before(d.now().Add(leaseLeast)) {
		seat.Lease = d.now().Add(leaseFor)
	}
	return seat, books.SetPresence(ctx, who.Agent, p, seat.Lease)
}

// renew keeps the caller present while a console of his is open.
func (d *Desk) renew(ctx context.Context, account AccountID, agent AgentID) error {
	books := d.Store.Account(account)
	seat, err := books.Seat(ctx, agent)
	if err != nil {
		return err
	}
	now := d.now()
	if seat.Lease.Sub(now) >= leaseLeast {
		return nil
	}
	if seat.Chosen == "" {
		return books.SetPresence(ctx, agent, Connected, now.Add(leaseFor))
	}
	return books.RenewLease(ctx, agent, now.Add(leaseFor))
}

// Seats reads all seats of the account.
func (d *Desk) Seats(ctx context.Context, who Who) ([]Seat, error) {
	return d.Store.Account(who.Account).Seats(ctx)
}

// Me reads the caller himself.
func (d *Desk) Me(ctx context.Context, who Who) (Agent, Seat, error) {
	books := d.Store.Account(who.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return Agent{}, Seat{}, err
	}
	agent, ok := settings.Agents[who.Agent]
	if !ok {
		return Agent{ID: "", Name: who.Actor.Name, Role: who.Role}, Seat{}, nil
	}
	seat, err := books.Seat(ctx, who.Agent)
	return agent, seat, err
}
