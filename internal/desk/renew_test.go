package desk_test

import (
	"testing"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// A function that remembers settings from before a contract was made does not drop what the contract promises (B98).
func TestNewContract_RememberedSettings(t *testing.T) {
	w := newWorld(t)
	settings := desk.DefaultTicketSettings()
	settings.Services = []desk.Choice{{ID: "repair", Name: "Repair"}}
	check(t, w.SaveSetting(t.Context(), w.who("ana"), settings))
	other := desk.New(desk.Ports{Store: store.New(w.file.Table(), w.clock), Queue: w.queue, Timers: w.file.Timers(), Now: w.clock})
	_, err := other.Settings(t.Context(), account) // remembers them
	check(t, err)
	w.contract(func(k *desk.Contract) { k.Services = []desk.ChoiceID{"repair"} })
	n := w.opensTicket("repair").Number
	was := w.stored(n)
	if was.Clocks.Contract == "" || was.Due.At.IsZero() {
		t.Fatalf("no contract holds for %+v", was)
	}
	changed, err := other.UpdateTicket(t.Context(), w.who("ines"), n, desk.TicketPatch{Priority: ptr(desk.ChoiceID("high")), Version: was.Version})
	check(t, err)
	if changed.Clocks.Contract != was.Clocks.Contract || changed.Due != was.Due {
		t.Errorf("it counts by %q until %v, before by %q until %v", changed.Clocks.Contract, changed.Due, was.Clocks.Contract, was.Due)
	}
}
