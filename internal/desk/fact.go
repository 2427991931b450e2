package desk

// Fact is one thing that was stored, as relay learns of it from the table's change stream. Exactly one of the fields
// is set.
type Fact struct {
	Account AccountID
	Message *MessageFact
	Seat    *SeatFact
	Ticket  *TicketFact
	Action  *ActionFact
	Contact *ContactFact
}

// ContactFact tells that a contact was made (Was nil) or changed.
type ContactFact struct {
	Was *Contact
	Now Contact
}

// TicketFact tells that a ticket was made (Was nil) or changed.
type TicketFact struct {
	Was *Ticket
	Now Ticket
}

// ActionFact tells that an action was added (Was nil) or changed.
type ActionFact struct {
	Was *TicketAction
	Now TicketAction
}

// MessageFact tells that an entry of a thread was stored (Was nil) or changed.
type MessageFact struct {
	Was *Message
	Now Message
}

// SeatFact tells that an agent's seat changed.
type SeatFact struct {
	Was *Seat
	Now Seat
}
