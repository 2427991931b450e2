package desk_test

import (
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// B98, B105: what a ticket is promised, with the contract that promises it, to be looked at by all four roles.
func TestTicketSLA_B105(t *testing.T) {
	w := ticketed(t)
	w.at(6, 16, 0)
	n := w.opensTicket("repair").Number
	looks := func(role desk.AgentID, n int64) (desk.TicketSLA, error) {
		w.t.Helper()
		return w.TicketSLA(t.Context(), w.who(role), n)
	}

	t.Run("OK", func(t *testing.T) {
		sla, err := looks("vera", n)
		check(t, err)
		if sla.Contract.ID == "" || sla.Contract.WarnAt != 80 || sla.Hours == nil || sla.Hours.TimeZone != "America/Bogota" {
			t.Errorf("contract %+v in the hours %+v", sla.Contract, sla.Hours)
		}
		if sla.Promise.FirstResponse == 0 || len(sla.Clocks) != 2 {
			t.Errorf("promises %+v, clocks %+v", sla.Promise, sla.Clocks)
		}
		for _, c := range sla.Clocks {
			if c.Paused || c.Breached || c.Due.IsZero() || c.WarnAt.IsZero() {
				t.Errorf("%s: %+v", c.Target, c)
			}
		}
	})
	t.Run("paused", func(t *testing.T) {
		pending := desk.TicketPending
		w.patches(n, desk.TicketPatch{Status: &pending})
		w.pass(time.Hour)
		sla, err := looks("ines", n)
		check(t, err)
		for _, c := range sla.Clocks {
			if !c.Paused || !c.Due.IsZero() || c.Remaining <= 0 {
				t.Errorf("%s: %+v", c.Target, c)
			}
		}
	})
	t.Run("no contract", func(t *testing.T) {
		sale := desk.ChoiceID("sale")
		w.patches(n, desk.TicketPatch{Service: &sale})
		sla, err := looks("ines", n)
		check(t, err)
		if sla.Contract.ID != "" || sla.Hours != nil || len(sla.Clocks) > 0 {
			t.Errorf("where none holds: %+v", sla)
		}
	})
	t.Run("ErrNotFound", func(t *testing.T) {
		if _, err := looks("ines", n+1); !desk.Is(err, desk.NotFound) {
			t.Errorf("another ticket: %v", err)
		}
	})
}
