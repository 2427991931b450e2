// Package desk is what the product is: the nouns of a customer-support desk, the rules by which they change, and the
// ports through which it reaches the world. It imports the standard library only.
//
// A rule is a pure method on a noun: it checks state and right, changes fields and tells what happened as an [Event].
// An act ([Desk.Transfer], [Desk.Close], ...) loads, applies the rule and saves state and event together; [Desk.Relay]
// does afterwards what follows from what was saved.
package desk

import (
	"context"
	"log/slog"
	"time"
)

// Ports are what a desk is wired to. All but Now and Log are required for the acts that use them; a function that
// never e-mails needs no Mailer.
type Ports struct {
	Store    Store
	Queue    Queue
	Timers   Timers
	Mailer   Mailer
	Blobs    Blobs
	Secrets  Secrets
	Announce Announcer
	// Providers send and fetch, by channel; the web chat needs none.
	Providers map[Channel]Provider
	// Rich cleans an agent's rich text to the allow-list and derives its plain text.
	Rich func(html string) (clean, text string)
	// Holidays lists a country's public holidays of a year; none of a country that it does not know. Only who saves hours
	// needs it.
	Holidays func(country string, year int) []Holiday
	// Stored hears of each message of a customer, and each reply and note, when it is stored for the first time; nil: nobody
	// counts them.
	Stored func(Message)
	// MaxAttachment is the size limit of one attachment in bytes.
	MaxAttachment int64
	Now           func() time.Time // nil: time.Now
	Log           *slog.Logger     // nil: slog.Default
}

// Desk does the acts. It is safe concurrently and keeps no state of its own.
type Desk struct{ Ports }

// New wires a desk.
func New(p Ports) *Desk {
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Log == nil {
		p.Log = slog.Default()
	}
	return &Desk{p}
}

// now is the instant in UTC with the table's precision, milliseconds.
func (d *Desk) now() time.Time { return d.Now().UTC().Truncate(time.Millisecond) }

func (d *Desk) newID() string { return NewID(d.Now()) }

// tries limits how often an act is decided again after someone was faster.
const tries = 8

// retry runs fn until it ends otherwise than with a conflict that the store reported.
func retry(fn func() error) error {
	var err error
	for range tries {
		err = fn()
		if !isStale(err) {
			return err
		}
	}
	return err
}

// rule changes a conversation and tells what happened; no event means that there was nothing to do.
type rule func(c *Conversation, s *Settings, now time.Time) ([]Event, error)

// act is the one loop of load, apply, save: every act on a conversation goes through it.
func (d *Desk) act(ctx context.Context, who Who, id ConversationID, apply rule) (*Conversation, error) {
	return d.actWith(ctx, who, id, func(change *Change, s *Settings, now time.Time) ([]Event, error) {
		return apply(change.Now, s, now)
	})
}

// atWork gives the books and settings of who may change something; forbidden for a viewer.
func (d *Desk) atWork(ctx context.Context, who Who) (Books, *Settings, error) {
	if err := who.mayWork(); err != nil {
		return nil, nil, err
	}
	books := d.Store.Account(who.Account)
	settings, err := books.Settings(ctx)
	return books, settings, err
}

// actWith is act for rules that also make or change a ticket.
func (d *Desk) actWith(ctx context.Context, who Who, id ConversationID,
	apply func(change *Change, s *Settings, now time.Time) ([]Event, error)) (*Conversation, error) {
	books, settings, err := d.atWork(ctx, who)
	if err != nil {
		return nil, err
	}
	var saved *Conversation
	err = retry(func() error {
		was, err := books.Conversation(ctx, id)
		if err != nil {
			return err
		}
		if !who.sees(was) {
			return notSeen()
		}
		if settings, err = knowing(ctx, books, settings, was.Clocks.Contract); err != nil {
			return err
		}
		change, now := Change{Was: was, Now: was.clone()}, d.now()
		events, err := apply(&change, settings, now)
		if err != nil || len(events) == 0 {
			saved = was
			return err
		}
		settings.Clock(was, change.Now, now)
		saved = change.Now
		return d.save(ctx, books, change, who.Actor, events)
	})
	return saved, err
}

// save writes a change with its events, at least one, as activity lines.
func (d *Desk) save(ctx context.Context, books Books, change Change, by Actor, events []Event) error {
	events[0] = events[0].leaving(change.Was, change.Now)
	for _, e := range events {
		change.Lines = append(change.Lines, e.line(change.Now, by, d.newID()))
	}
	return books.Save(ctx, change)
}

// notSeen is what one gets for a conversation that does not exist, or that one may not see.
func notSeen() error { return &Error{Code: NotFound, Message: "no such conversation"} }

// staleError marks a conflict that loading again may settle, as against one that a rule decided.
type staleError struct{ error }

// Stale makes the conflict that a store reports when a version moved on or an agent's load reached his capacity
// meanwhile: the act is decided again from what stands now.
func Stale(what string) error {
	return &Error{Code: Conflict, Message: "someone was faster", Cause: staleError{errorText(what)}}
}

type errorText string

func (e errorText) Error() string { return string(e) }
