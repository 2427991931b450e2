package live_test

import (
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// TestRequesterHearsHisTicket: B88, on a real socket; who is not known, or is another, hears nothing of it.
func TestRequesterHearsHisTicket(t *testing.T) {
	h := newHost(t, nil)
	h.save(desk.Inbox{ID: "help", Key: "help", Name: "Help", Channel: desk.WebChat, Department: "support", Language: "es",
		TicketPolicy: desk.TicketOptional, Portal: desk.Portal{Enabled: true}})
	visitor := func(identified bool) desk.Visitor {
		v := h.visitor("help")
		h.write(v, "Hola")
		v.Identified = identified
		return v
	}
	rosa, pedro := visitor(true), visitor(true)
	anonymous := rosa
	anonymous.Identified = false
	elsewhere := rosa
	elsewhere.Inbox = "web"
	hers, second := h.connect(widget(rosa)), h.connect(widget(rosa))
	others := map[string]client{"another": h.connect(widget(pedro)), "anonymous": h.connect(widget(anonymous)), "no portal": h.connect(widget(elsewhere))}
	ticket := h.ticketFor("ana", rosa.Contact)
	for _, window := range []client{hers, second} {
		got := window.next("ticket.changed")
		if len(got.Data) != 1 || got.Data["number"] != float64(ticket.Number) || got.ID == "" || got.Conversation != "" {
			t.Errorf("got %+v", got)
		}
	}
	by, err := h.WhoIs(t.Context(), staff("ana"))
	if err != nil {
		t.Fatal(err)
	}
	add := func(text string, public bool) desk.TicketAction {
		t.Helper()
		a, err := h.AddAction(t.Context(), by, ticket.Number, desk.NewAction{
			ClientID: desk.NewID(time.Now()), ActionText: desk.ActionText{Text: text}, Public: public})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Relay(t.Context(), desk.Fact{Account: "demo", Action: &desk.ActionFact{Now: a}}); err != nil {
			t.Fatal(err)
		}
		return a
	}
	add("Entre nosotros", false)
	said := add("Va en camino", true)
	if got := hers.next("ticket.changed"); len(got.Data) != 2 || got.Data["action"] != said.ID {
		t.Errorf("of the actions she got %+v", got)
	}
	for name, window := range others {
		window.send(`{"type":"ping","id":"last"}`)
		if got, err := window.read(); err != nil || got.Type != "pong" {
			t.Errorf("%s heard %+v, %v", name, got, err)
		}
	}
}
