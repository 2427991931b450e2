package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// setTickets changes what is set of tickets.
func (w *world) setTickets(change func(*desk.TicketSettings)) {
	w.t.Helper()
	s := desk.DefaultTicketSettings()
	s.Services = []desk.Choice{{ID: "refunds", Name: "Refunds", Sector: "Sales"}, {ID: "old", Name: "Old", Archived: true}}
	s.Categories = []desk.Choice{{ID: "shoes", Name: "Shoes"}}
	s.Priorities = append(s.Priorities, desk.Choice{ID: "vip", Name: "VIP"})
	s.Justifications = []desk.Choice{{ID: "carrier", Name: "Carrier", Status: desk.TicketPending}}
	if change != nil {
		change(&s)
	}
	_, err := w.SaveTicketSettings(w.t.Context(), w.who("ana"), s)
	check(w.t, err)
}

// ticket makes one of a new contact with an e-mail address.
func (w *world) ticket(who desk.AgentID, set desk.TicketPatch) desk.Ticket {
	w.t.Helper()
	t, err := w.CreateTicket(w.t.Context(), w.who(who), desk.NewTicket{
		ClientID: desk.NewID(w.clock()), Subject: "Zapatos", Requester: w.contact("Rosa", "rosa@example.com"), Set: set,
	})
	check(w.t, err)
	w.settle()
	return t
}

func (w *world) contact(name, email string) desk.ContactID {
	w.t.Helper()
	c, err := w.CreateContact(w.t.Context(), w.who("ana"), desk.NewID(w.clock()), desk.Contact{Name: name, Email: email})
	check(w.t, err)
	return c.ID
}

func ptr[T any](v T) *T { return &v }

// TestTicketFields is the table of what people may set on a ticket: B87, B90, B92-B97, B99-B101, B103, B104.
func TestTicketFields(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	due := monday.Add(48 * time.Hour)
	for name, r := range map[string]struct {
		who   desk.AgentID
		set   desk.TicketPatch
		code  desk.Code
		field string
		wants func(desk.Ticket) bool
	}{
		"B90 to internal":           {who: "ines", set: desk.TicketPatch{Type: ptr(desk.InternalTicket)}, wants: func(t desk.Ticket) bool { return t.Type == desk.InternalTicket }},
		"B87 no such type":          {who: "ines", set: desk.TicketPatch{Type: ptr(desk.TicketType("secret"))}, code: desk.Invalid, field: "type"},
		"B93 service":               {who: "ines", set: desk.TicketPatch{Service: ptr(desk.ChoiceID("refunds"))}, wants: func(t desk.Ticket) bool { return t.Service == "refunds" }},
		"B93 no such service":       {who: "ines", set: desk.TicketPatch{Service: ptr(desk.ChoiceID("x"))}, code: desk.Invalid, field: "service"},
		"B93 archived service":      {who: "ines", set: desk.TicketPatch{Service: ptr(desk.ChoiceID("old"))}, code: desk.Invalid, field: "service"},
		"B94 category":              {who: "ines", set: desk.TicketPatch{Category: ptr(desk.ChoiceID("shoes"))}, wants: func(t desk.Ticket) bool { return t.Category == "shoes" }},
		"B94 no such category":      {who: "ines", set: desk.TicketPatch{Category: ptr(desk.ChoiceID("refunds"))}, code: desk.Invalid, field: "category"},
		"B95 standard priority":     {who: "ines", set: desk.TicketPatch{Priority: ptr(desk.ChoiceID("urgent"))}, wants: func(t desk.Ticket) bool { return t.Priority == "urgent" }},
		"B95 own priority":          {who: "ines", set: desk.TicketPatch{Priority: ptr(desk.ChoiceID("vip"))}, wants: func(t desk.Ticket) bool { return t.Priority == "vip" }},
		"B95 no such priority":      {who: "ines", set: desk.TicketPatch{Priority: ptr(desk.ChoiceID("x"))}, code: desk.Invalid, field: "priority"},
		"B97 due without the right": {who: "ines", set: desk.TicketPatch{Due: &due}, code: desk.Forbidden, field: "due"},
		"B97 due with the right":    {who: "otto", set: desk.TicketPatch{Due: &due}, wants: func(t desk.Ticket) bool { return t.Due == desk.Due{At: due, By: desk.DueByHand} }},
		"B96 due undefined":         {who: "ines", wants: func(t desk.Ticket) bool { return t.Due == desk.Due{} }},
		"B99 responsible":           {who: "ines", set: desk.TicketPatch{Responsible: ptr(desk.AgentID("luis"))}, wants: func(t desk.Ticket) bool { return t.Responsible == "luis" }},
		"B99 nobody":                {who: "ines", set: desk.TicketPatch{Responsible: ptr(desk.AgentID(""))}, wants: func(t desk.Ticket) bool { return t.Responsible == "" }},
		"B99 a viewer":              {who: "ines", set: desk.TicketPatch{Responsible: ptr(desk.AgentID("vera"))}, code: desk.Invalid, field: "responsible"},
		"B100 cc once each": {who: "ines", set: desk.TicketPatch{CC: &[]string{"a@Example.com", "a@example.com", "b@example.com"}},
			wants: func(t desk.Ticket) bool { return slices.Equal(t.CC, []string{"a@example.com", "b@example.com"}) }},
		"B100 no address":     {who: "ines", set: desk.TicketPatch{CC: &[]string{"a@example.com", "b"}}, code: desk.Invalid, field: "cc.1"},
		"B101 tags":           {who: "ines", set: desk.TicketPatch{Tags: &[]string{" red ", "Red", "big"}}, wants: func(t desk.Ticket) bool { return slices.Equal(t.Tags, []string{"red", "big"}) }},
		"B101 empty tag":      {who: "ines", set: desk.TicketPatch{Tags: &[]string{""}}, code: desk.Invalid, field: "tags.0"},
		"B103 status":         {who: "ines", set: desk.TicketPatch{Status: ptr(desk.TicketPending)}, wants: func(t desk.Ticket) bool { return t.Status == desk.TicketPending }},
		"B103 no such status": {who: "ines", set: desk.TicketPatch{Status: ptr(desk.TicketStatus("lost"))}, code: desk.Invalid, field: "status"},
		"B104 justification of its status": {who: "ines", set: desk.TicketPatch{Status: ptr(desk.TicketPending), Justification: ptr(desk.ChoiceID("carrier"))},
			wants: func(t desk.Ticket) bool { return t.Justification == "carrier" }},
		"B104 justification of another status": {who: "ines", set: desk.TicketPatch{Justification: ptr(desk.ChoiceID("carrier"))}, code: desk.Invalid, field: "justification"},
		"B104 subject too long":                {who: "ines", set: desk.TicketPatch{Subject: ptr(strings.Repeat("x", 201))}, code: desk.Invalid, field: "subject"},
		"B2 a viewer":                          {who: "vera", set: desk.TicketPatch{Priority: ptr(desk.ChoiceID("low"))}, code: desk.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			made, err := w.CreateTicket(t.Context(), w.who(r.who), desk.NewTicket{
				ClientID: name, Subject: "Zapatos", Requester: w.contact("Rosa", ""), Set: r.set,
			})
			mayRefuse(t, err, r.code, r.field)
			before := w.ticket("ana", desk.TicketPatch{})
			r.set.Version = before.Version
			changed, err := w.UpdateTicket(t.Context(), w.who(r.who), before.Number, r.set)
			mayRefuse(t, err, r.code, r.field)
			if r.code != "" {
				if now, err := w.books.Ticket(t.Context(), before.Number); err != nil || now.Version != before.Version {
					t.Fatalf("a refused change left %+v, %v", now, err)
				}
				return
			}
			if !r.wants(made) || !r.wants(changed) {
				t.Fatalf("made %+v, changed %+v", made, changed)
			}
		})
	}
}

// mayRefuse wants a refusal that names its culprit, if any is named, or with code "" that there was none.
func mayRefuse(t *testing.T, err error, code desk.Code, field string) {
	t.Helper()
	if field == "" {
		wantCode(t, err, code)
		return
	}
	wantField(t, err, code, field)
}

// B102: the history does not tell what the description was, where it is switched off; other actions it does.
func TestTicketHistory_DescriptionOff(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	contact := w.visitor("shop").Contact
	check(t, w.books.SaveContact(t.Context(), nil, desk.Contact{ID: contact, Name: "Rosa", CreatedAt: w.clock()}))
	made, err := w.CreateTicket(t.Context(), w.who("otto"), desk.NewTicket{ClientID: "d", Subject: "Molino", Description: "roto", Requester: contact})
	check(t, err)
	w.settle()
	opened, err := w.Ticket(t.Context(), w.who("otto"), made.Number, desk.PageRequest{Fresh: true})
	check(t, err)
	for _, id := range []string{opened.Actions[0].ID, w.act("otto", made.Number, "llamar", false).ID} {
		_, err := w.EditAction(t.Context(), w.who("otto"), made.Number, id, desk.ActionPatch{ActionText: desk.ActionText{Text: "otra cosa"}})
		check(t, err)
	}
	texts := func() (was []string) {
		history, _, err := w.TicketHistory(t.Context(), w.who("vera"), made.Number, desk.PageRequest{Limit: 50, Fresh: true})
		check(t, err)
		for _, c := range history {
			for _, f := range c.Fields {
				if f.Field == "text" {
					was = append(was, f.From)
				}
			}
		}
		slices.Sort(was)
		return was
	}
	if got := texts(); !slices.Equal(got, []string{"llamar", "roto"}) {
		t.Fatalf("edited were %q", got)
	}
	w.setTickets(func(s *desk.TicketSettings) { s.Disabled = []desk.TicketField{desk.DescriptionField} })
	if got := texts(); !slices.Equal(got, []string{"llamar"}) {
		t.Errorf("switched off, the history tells %q", got)
	}
}

func TestTicketFieldsSwitchedOff(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	full := w.ticket("otto", desk.TicketPatch{
		Priority: ptr(desk.ChoiceID("high")), Service: ptr(desk.ChoiceID("refunds")), CC: &[]string{"a@example.com"}, Tags: &[]string{"red"}, Due: ptr(monday),
	})
	w.setTickets(func(s *desk.TicketSettings) { s.Disabled = desk.TicketFields })
	for field, set := range map[string]desk.TicketPatch{
		"type": {Type: ptr(desk.PublicTicket)}, "subject": {Subject: ptr("x")}, "status": {Status: ptr(desk.TicketClosed)}, "justification": {Justification: ptr(desk.ChoiceID(""))},
		"service": {Service: ptr(desk.ChoiceID(""))}, "category": {Category: ptr(desk.ChoiceID(""))}, "priority": {Priority: ptr(desk.ChoiceID("low"))},
		"due": {Due: ptr(time.Time{})}, "cc": {CC: &[]string{}}, "tags": {Tags: &[]string{}},
	} {
		t.Run("B102 "+field, func(t *testing.T) {
			set.Version = full.Version
			_, err := w.UpdateTicket(t.Context(), w.who("ana"), full.Number, set)
			wantField(t, err, desk.Invalid, field)
			_, err = w.CreateTicket(t.Context(), w.who("ana"), desk.NewTicket{ClientID: field, Requester: full.Requester, Set: set})
			wantField(t, err, desk.Invalid, field)
		})
	}
	t.Run("B102 not returned", func(t *testing.T) {
		opened, err := w.Ticket(t.Context(), w.who("vera"), full.Number, desk.PageRequest{Fresh: true})
		check(t, err)
		got := opened.Ticket
		if got.Type != "" || got.Subject != "" || got.Status != "" || got.Priority != "" || got.Service != "" || got.CC != nil || got.Tags != nil || got.Due != (desk.Due{}) {
			t.Fatalf("shows %+v", got)
		}
		if got.Requester != full.Requester || got.Responsible != "otto" {
			t.Fatalf("hides requester or responsible: %+v", got)
		}
	})
	t.Run("B92 made without what is off", func(t *testing.T) {
		made, err := w.CreateTicket(t.Context(), w.who("ana"), desk.NewTicket{ClientID: "bare", Requester: full.Requester})
		check(t, err)
		if made.Number == 0 {
			t.Fatalf("made %+v", made)
		}
		_, err = w.CreateTicket(t.Context(), w.who("ana"), desk.NewTicket{ClientID: "d", Requester: full.Requester, Description: "x"})
		wantField(t, err, desk.Invalid, "description")
	})
	t.Run("nothing was lost", func(t *testing.T) {
		w.setTickets(nil)
		opened, err := w.Ticket(t.Context(), w.who("vera"), full.Number, desk.PageRequest{Fresh: true})
		check(t, err)
		if opened.Ticket.Priority != "high" || opened.Ticket.Subject != "Zapatos" {
			t.Fatalf("got %+v", opened.Ticket)
		}
	})
}

func TestTicketSettings(t *testing.T) {
	w := newWorld(t)
	w.setTickets(nil)
	w.setTickets(func(s *desk.TicketSettings) { s.Services = nil })
	s, err := w.books.Settings(t.Context())
	check(t, err)
	if i := slices.IndexFunc(s.Tickets.Services, func(c desk.Choice) bool { return c.ID == "refunds" }); i < 0 || !s.Tickets.Services[i].Archived {
		t.Fatalf("what is left out is not archived: %+v", s.Tickets.Services)
	}
	for name, r := range map[string]struct {
		change func(*desk.TicketSettings)
		field  string
	}{
		"requester stays on": {func(s *desk.TicketSettings) { s.Disabled = []desk.TicketField{"requester"} }, "disabled.0"},
		"twice":              {func(s *desk.TicketSettings) { s.Categories = []desk.Choice{{ID: "a", Name: "A"}, {ID: "a", Name: "B"}} }, "categories.1.id"},
		"no name":            {func(s *desk.TicketSettings) { s.Priorities = []desk.Choice{{ID: "a"}} }, "priorities.0.name"},
		"no status":          {func(s *desk.TicketSettings) { s.Justifications = []desk.Choice{{ID: "a", Name: "A"}} }, "justifications.0.status"},
		"viewer":             {func(s *desk.TicketSettings) { s.DueByHand = []desk.Role{desk.Viewer} }, "due_by_hand.0"},
	} {
		t.Run(name, func(t *testing.T) {
			now := desk.DefaultTicketSettings()
			r.change(&now)
			_, err := w.SaveTicketSettings(t.Context(), w.who("ana"), now)
			wantField(t, err, desk.Invalid, r.field)
		})
	}
	_, err = w.SaveTicketSettings(t.Context(), w.who("otto"), desk.DefaultTicketSettings())
	wantCode(t, err, desk.Forbidden)
}
