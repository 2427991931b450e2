package config

import "strings"

// Door is who comes in by a route, and so what the gateway asks of him.
type Door int

// The doors.
const (
	Staff     Door = iota // people, with an access token that the gateway verifies as well as the function
	Visitors              // customers' browsers, with a token of the desk's own
	Providers             // webhooks, signed
)

// DoorOf tells the door of a route of the wiring table.
func DoorOf(route string) Door {
	_, path, _ := strings.Cut(route, " ")
	switch {
	case strings.HasPrefix(path, "/webhooks/"):
		return Providers
	case strings.HasPrefix(path, "/widget/"):
		return Visitors
	default:
		return Staff
	}
}

// BotPrefix stands before a path of the door [Staff] where a bot calls behind a gateway that would refuse its token,
// which is no JWT. docs/decisions/0006 tells why.
const BotPrefix = "/bot"

// Preflights is the function that answers browsers' preflights of the door [Visitors], for all its routes.
const Preflights = "widget"
