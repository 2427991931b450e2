package desk

import "slices"

// TicketsView chooses tickets: [ViewFilter.Tickets] says which.
const TicketsView ListView = "tickets"

// Myself stands in a saved view for whoever looks at it.
const Myself AgentID = "me"

// TicketView is a list or board of tickets that a saved view chooses (B85). The console asks for the list that it
// describes, as [TicketList] or by its text.
type TicketView struct {
	Status      TicketStatus // one, OpenTickets or DoneTickets; "": open
	Requester   ContactID    // "": any
	Responsible AgentID      // "": any; NoChoice: nobody's; Myself
	Priority    ChoiceID     // "": any; NoChoice: without
	Service     ChoiceID     // likewise
	Category    ChoiceID     // "": any
	Type        TicketType   // "": any
	Tag         string       // "": any
	Text        string       // to be found in them
	Sort        TicketSort   // "": newest
	By          string       // the groups or columns: status, responsible, priority or service; "": none
	Board       bool         // shown as a board
	Columns     string       // names of columns, with commas between them, as the console knows them
}

func (v TicketView) validate(s *Settings) error {
	if v.Status != "" && !slices.Contains(append([]TicketStatus{OpenTickets, DoneTickets}, TicketStatuses...), v.Status) {
		return InvalidField("filter.tickets.status", "want a status, open or done")
	}
	if v.Type != "" && v.Type != PublicTicket && v.Type != InternalTicket {
		return InvalidField("filter.tickets.type", "want public or internal")
	}
	if !slices.Contains([]TicketSort{"", NewestTickets, OldestTickets, DueTickets}, v.Sort) {
		return InvalidField("filter.tickets.sort", "want newest, oldest or due")
	}
	if !slices.Contains([]string{"", "status", "responsible", "priority", "service"}, v.By) {
		return InvalidField("filter.tickets.by", "want status, responsible, priority or service")
	}
	for field, text := range map[string]struct {
		is  string
		max int
	}{"requester": {string(v.Requester), 100}, "tag": {v.Tag, 50}, "text": {v.Text, 200}, "columns": {v.Columns, 200}} {
		if err := within("filter.tickets."+field, text.is, 0, text.max); err != nil {
			return err
		}
	}
	if v.Responsible != "" && v.Responsible != Myself && v.Responsible != NoChoice {
		if _, ok := s.Agents[v.Responsible]; !ok {
			return InvalidField("filter.tickets.responsible", "no such agent")
		}
	}
	for field, choice := range map[string]struct {
		is   ChoiceID
		from []Choice
	}{"priority": {v.Priority, s.Tickets.Priorities}, "service": {v.Service, s.Tickets.Services}, "category": {v.Category, s.Tickets.Categories}} {
		known := slices.ContainsFunc(choice.from, func(c Choice) bool { return c.ID == choice.is })
		if choice.is != "" && choice.is != NoChoice && !known {
			return InvalidField("filter.tickets."+field, "no such %s", field)
		}
	}
	return nil
}
