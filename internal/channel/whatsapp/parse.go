package whatsapp

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// maxID limits what is taken for an id or an address, in bytes: they become keys of the table.
const maxID = 512

// Skipped counts what a webhook held that is not for this inbox or has no id to keep it under. Meta gets its 200 all
// the same, for a repeat would bring the same again.
type Skipped struct {
	Foreign   int // changes for another phone number than the inbox's
	Other     int // changes that are neither messages nor statuses, such as a template's approval
	Malformed int // elements without an id or without a sender
	Reported  int // errors that Meta reports about the number itself, in no message
}

// Error says the counts, and nothing that a customer wrote.
func (s *Skipped) Error() string {
	return fmt.Sprintf("skipped %d changes of another number, %d of another kind, %d malformed elements, %d reported errors",
		s.Foreign, s.Other, s.Malformed, s.Reported)
}

// Parse turns a webhook's body into channel events of the inbox, in the order of the body. Every message and status
// with an id gives an event, whatever it holds; what the desk does not understand is UnsupportedContent. With an empty
// phoneNumberID changes of any number are taken.
//
// An error without events has code invalid: the body is no webhook of WhatsApp. An error that wraps *[Skipped] comes
// beside the events (also none) and is only for the log.
func Parse(account desk.AccountID, inbox desk.InboxID, phoneNumberID string, body []byte) ([]desk.ChannelEvent, error) {
	got, broken, err := decode(body)
	if err != nil {
		return nil, err
	}
	if got.Object != "whatsapp_business_account" {
		return nil, desk.InvalidField("object", "want whatsapp_business_account")
	}
	skipped := Skipped{Malformed: broken}
	var events []desk.ChannelEvent
	for _, e := range got.Entry {
		for i := range e.Changes {
			c := &e.Changes[i]
			switch {
			case c.Field != "messages":
				skipped.Other++
			case phoneNumberID != "" && string(c.Value.Metadata.PhoneNumberID) != phoneNumberID:
				skipped.Foreign++
			default:
				events = newUpdate(&c.Value).events(events, account, inbox, &skipped)
			}
		}
	}
	if skipped != (Skipped{}) {
		return events, &desk.Error{Code: desk.Invalid, Message: "parts of the webhook are not for this inbox", Cause: &skipped}
	}
	return events, nil
}

// update is the value of a change as it was decoded, and who is who in it.
type update struct {
	*value[message, status]
	profiles map[string]*profile // by number and by user id; nil while there are few
}

// few contacts are looked through faster than a map of them is made.
const few = 8

// newUpdate finds out who is who.
func newUpdate(v *value[message, status]) *update {
	u := &update{value: v}
	if len(v.Contacts) > few {
		u.profiles = make(map[string]*profile, 2*len(v.Contacts))
		for i := range v.Contacts {
			p := &v.Contacts[i]
			u.profiles[string(p.WaID)], u.profiles[string(p.UserID)] = p, p
		}
		delete(u.profiles, "")
	}
	return u
}

// events appends the events of one change.
func (u *update) events(events []desk.ChannelEvent, account desk.AccountID, inbox desk.InboxID, skipped *Skipped) []desk.ChannelEvent {
	if len(u.Messages) == 0 {
		skipped.Reported += len(u.Errors)
	}
	keep := func(event desk.ChannelEvent, ok bool) {
		if !ok {
			skipped.Malformed++
			return
		}
		event.Account, event.Inbox = account, inbox
		events = append(events, event)
	}
	for i := range u.Messages {
		keep(u.message(&u.Messages[i]))
	}
	for i := range u.Statuses {
		keep(u.status(&u.Statuses[i]))
	}
	return events
}

// message makes the event of one message; false if there is nothing to keep it under.
func (u *update) message(m *message) (desk.ChannelEvent, bool) {
	event := desk.ChannelEvent{Kind: desk.ChannelMessage, ExternalID: string(m.ID), At: instant(m.Timestamp), From: u.sender(m)}
	if !usable(event.ExternalID) || !usable(event.From.Address) {
		return event, false
	}
	if len(m.Errors) == 0 {
		m.Errors = u.Errors
	}
	switch {
	case m.Type == "edit" && m.Edit != nil && usable(string(m.Edit.Original)):
		event.Kind, event.Target = desk.ChannelEdit, string(m.Edit.Original)
		var changed message
		lenient(m.Edit.Message, &changed)
		event.Message = changed.content()
	case m.Type == "revoke" && m.Revoke != nil && usable(string(m.Revoke.Original)):
		event.Kind, event.Target = desk.ChannelDelete, string(m.Revoke.Original)
	case m.Type == "system" && m.System != nil && m.System.newAddress() != "":
		event.Kind, event.NewAddress = desk.ChannelIdentity, m.System.newAddress()
		event.Message = m.content()
	default:
		event.Message = m.content()
	}
	return event, true
}

// changedID finds the old user id in the sentence of a user_changed_user_id message.
var changedID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`changed from ([A-Z]{2}\.[A-Za-z0-9.]+) to `) })

// sender finds who wrote. A message names him by "from" (his number) or "from_user_id"; the contacts of the same value
// tell more of him. A system message has no contacts, and may tell the old user id only in its sentence.
func (u *update) sender(m *message) desk.Sender {
	from, userID := string(m.From), string(m.FromUserID)
	if m.System != nil && userID == "" {
		userID = string(m.System.PreviousUserID)
		if found := changedID().FindStringSubmatch(m.System.Body); userID == "" && found != nil {
			userID = found[1]
		}
		if m.System.Type == "user_changed_user_id" {
			from = first(from, string(m.System.WaID)) // the number stays, and he is known by it
		}
	}
	return u.known(from, userID)
}

// profile gives what the contacts tell of a number or a user id. A lone contact is meant even if neither fits: a WhatsApp
// id may differ from the number it belongs to.
func (u *update) profile(number, userID string) *profile {
	if u.profiles != nil {
		if p, ok := u.profiles[number]; ok {
			return p
		}
		if p, ok := u.profiles[userID]; ok {
			return p
		}
		return &profile{}
	}
	for i := range u.Contacts {
		p := &u.Contacts[i]
		if number != "" && string(p.WaID) == number || userID != "" && string(p.UserID) == userID {
			return p
		}
	}
	if len(u.Contacts) == 1 {
		return &u.Contacts[0]
	}
	return &profile{}
}

// known completes a sender or recipient, of whom the number or the user id is known, from the contacts of the value.
func (u *update) known(number, userID string) desk.Sender {
	found := u.profile(number, userID)
	name := found.Profile.Name
	if name == "" {
		name = found.Profile.Username
	}
	sender := desk.Sender{Name: line(name, maxName), UserID: first(userID, string(found.UserID)), Address: first(string(found.WaID), number)}
	if digits(first(number, sender.Address)) {
		sender.Phone = "+" + first(number, sender.Address)
	}
	if sender.Address == "" {
		sender.Address = sender.UserID
	}
	return sender
}

// newAddress is where the customer is from now on; "" if the message tells of no change.
func (s *system) newAddress() string {
	var address string
	switch s.Type {
	case "user_changed_number", "customer_changed_number":
		address = first(string(s.NewWaID), string(s.WaID), string(s.UserID))
	case "user_changed_user_id":
		address = string(s.UserID)
	}
	if !usable(address) {
		return ""
	}
	return address
}

// states are Meta's words for how far a message came. Played is said of a voice message that was listened to.
var states = map[scalar]desk.DeliveryState{
	"sent": desk.Sent, "delivered": desk.Delivered, "read": desk.Read, "played": desk.Read, "failed": desk.Failed,
}

// status makes the event of one status. One that is no step of a delivery, such as "warning", keeps its word in
// Delivery.Error and has no state, so that it changes none; "deleted" says that the customer took a message back.
func (u *update) status(s *status) (desk.ChannelEvent, bool) {
	event := desk.ChannelEvent{Kind: desk.ChannelStatus, ExternalID: string(s.ID), At: instant(s.Timestamp), Key: string(s.Key),
		From: u.known(string(s.RecipientID), string(s.RecipientUserID))}
	if !usable(event.ExternalID) {
		return event, false
	}
	if len(event.Key) > maxID {
		event.Key = "" // none of ours
	}
	if s.Status == "deleted" {
		event.Kind, event.Target = desk.ChannelDelete, event.ExternalID
		return event, usable(event.From.Address)
	}
	state, known := states[s.Status]
	event.Delivery = desk.Delivery{State: state, At: event.At}
	switch {
	case len(s.Errors) > 0:
		event.Delivery.Error = s.Errors[0].words()
	case !known:
		event.Delivery.Error = line(string(s.Status), maxName)
	}
	return event, true
}

// instant reads seconds since 1970; zero if there are none, or none of a year that can be written.
func instant(seconds scalar) time.Time {
	n, err := strconv.ParseInt(string(seconds), 10, 64)
	if err != nil || n <= 0 || n > 253402300799 { // the year 9999
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// usable reports whether a text can be a key.
func usable(id string) bool { return id != "" && len(id) <= maxID }

// digits reports whether the text is a phone number without its plus.
func digits(text string) bool {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return text != "" && len(text) <= 20
}

// first gives the first text that is not empty.
func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
