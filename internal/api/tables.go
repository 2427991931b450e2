package api

import (
	"maps"
	"net/http"
)

// Table is one of the tables of routes: pattern -> handler without the door. A function that names the tables of its
// routes, and no others, is linked without the acts of the others; [Server.Handler] holds them all.
type Table func(*Server) map[string]http.Handler

// ConsoleTable is the table of what agents read and write besides the acts.
func ConsoleTable(s *Server) map[string]http.Handler { return s.consoleRoutes() }

// AssignTable is the table of the acts that hand a conversation to somebody: apart, for their function is a hot one.
func AssignTable(s *Server) map[string]http.Handler { return s.assignRoutes() }

// ActTable is the table of the other acts on a conversation.
func ActTable(s *Server) map[string]http.Handler { return s.actRoutes() }

// TicketTable is the table of tickets.
func TicketTable(s *Server) map[string]http.Handler { return s.ticketRoutes() }

// SettingsTable is the table of the settings.
func SettingsTable(s *Server) map[string]http.Handler { return s.settingsRoutes() }

// WriteTable is the table of a customer's message: apart, for its function is a hot one.
func WriteTable(s *Server) map[string]http.Handler { return s.writeRoutes() }

// WidgetTable is the table of all else that customers do.
func WidgetTable(s *Server) map[string]http.Handler { return s.widgetRoutes() }

// MoreTable is the table of [Options.More].
func MoreTable(s *Server) map[string]http.Handler { return s.More }

// HandlerOf is [Server.Handler] for routes of these tables only. It panics if a route is in none of them.
func (s *Server) HandlerOf(routes []string, tables ...Table) http.Handler {
	bare := map[string]http.Handler{}
	for _, table := range tables {
		maps.Copy(bare, table(s))
	}
	return s.serve(routes, bare)
}
