package desk

import (
	"cmp"
	"slices"
	"time"
)

// Agent is a member of staff.
type Agent struct {
	ID          AgentID
	Name        string
	Email       string // never shown to a customer
	Issuer      string // OpenID Connect issuer of the sign-in
	Subject     string // and its subject
	Role        Role
	Departments []DepartmentID
	Capacity    int // open conversations at once
	Language    string
	Deleted     bool // kept for the names in old conversations
}

// Validate checks the settings of an agent.
func (a Agent) Validate() error {
	if err := within("name", a.Name, 1, 100); err != nil {
		return err
	}
	if _, err := EmailAddress("email", a.Email); err != nil {
		return err
	}
	if !a.Role.Valid() {
		return InvalidField("role", "want administrator, operator, agent or viewer")
	}
	if a.Capacity < 0 || a.Capacity > 1000 {
		return InvalidField("capacity", "want 0 to 1000")
	}
	return validLanguage(a.Language)
}

// Actor names the agent in events and messages.
func (a Agent) Actor() Actor { return Actor{Kind: ByUser, ID: string(a.ID), Name: a.Name} }

// Presence is the state that an agent chose (B9).
type Presence string

// The states. Connected gets new work; pre-pause finishes what he has and gets none ("available for chats" off, B3);
// pause and disconnected get none.
const (
	Connected    Presence = "connected"
	PrePause     Presence = "pre_pause"
	Pause        Presence = "pause"
	Disconnected Presence = "disconnected"
)

// Valid reports whether an agent can choose the state.
func (p Presence) Valid() bool {
	return p == Connected || p == PrePause || p == Pause || p == Disconnected
}

// Lease rules: an open console pings every 50 s and the seat's lease is renewed to leaseFor when less than leaseLeast
// is left. So an agent whose last connection is gone becomes disconnected after 60 to 150 s, without a timer.
const (
	leaseFor   = 150 * time.Second
	leaseLeast = 110 * time.Second
)

// Seat is what distribution knows of an agent. Load changes only together with the conversation that causes it.
type Seat struct {
	Agent     AgentID
	Chosen    Presence
	Lease     time.Time // a console was connected until then at least
	Capacity  int
	Load      int       // open conversations that he has accepted (B10)
	IdleSince time.Time // when he last was given a conversation; zero: never
}

// Presence is the effective state: what he chose, unless his consoles are gone.
func (s Seat) Presence(now time.Time) Presence {
	if !s.Lease.After(now) || s.Chosen == "" {
		return Disconnected
	}
	return s.Chosen
}

// Available reports whether the agent gets new work now: connected and not full.
func (s Seat) Available(now time.Time) bool {
	return s.Presence(now) == Connected && s.Load < s.Capacity
}

// choose picks the seat that gets the next customer: among the available ones the lowest load/capacity, ties to the
// one who waited longest. ok is false if nobody is available.
func choose(seats []Seat, now time.Time) (best Seat, ok bool) {
	free := slices.DeleteFunc(slices.Clone(seats), func(s Seat) bool { return !s.Available(now) })
	if len(free) == 0 {
		return Seat{}, false
	}
	return slices.MinFunc(free, func(a, b Seat) int {
		return cmp.Or(
			cmp.Compare(a.Load*b.Capacity, b.Load*a.Capacity),
			a.IdleSince.Compare(b.IdleSince),
			cmp.Compare(a.Agent, b.Agent),
		)
	}), true
}
