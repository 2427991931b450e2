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

// botPaths begin the paths that bots may call; all else is for people.
var botPaths = []string{"/v1/conversations", "/v1/templates", "/v1/departments", "/v1/agents", "/v1/inboxes", "/v1/labels", "/v1/canned",
	"/v1/uploads"}

// ForBots reports whether bots may call a route of the wiring table.
func ForBots(route string) bool {
	_, path, _ := strings.Cut(route, " ")
	for _, prefix := range botPaths {
		if path == prefix || strings.HasPrefix(path, prefix+"/") {
			return true
		}
	}
	return false
}

// Preflights is the function that answers browsers' preflights of the door [Visitors], for all its routes.
const Preflights = "widget"
