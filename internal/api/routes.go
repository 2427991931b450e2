package api

import (
	"net/http"

	"github.com/relevo/relevo/internal/desk"
)

// The tables of routes. Each stands in openapi.yaml and in config's wiring table too; tests hold the three together.

func (s *Server) consoleRoutes() map[string]http.Handler {
	return map[string]http.Handler{
		"GET /v1/me":                                           s.people(s.me),
		"PUT /v1/me/presence":                                  s.people(s.presence),
		"GET /v1/conversations":                                s.staff(s.conversations),
		"GET /v1/conversations/{id}":                           s.staff(s.conversation),
		"GET /v1/conversations/{id}/messages":                  s.staff(s.messages),
		"POST /v1/conversations/{id}/messages":                 s.staff(s.write),
		"DELETE /v1/conversations/{id}/messages/{message}":     s.staff(s.deleteMessage),
		"POST /v1/conversations/{id}/messages/{message}/retry": s.staff(s.retryMessage),
		"POST /v1/conversations/{id}/read":                     s.staff(s.read),
		"POST /v1/conversations/{id}/typing":                   s.staff(s.typing),
		"POST /v1/conversations/{id}/transcript":               s.staff(s.transcript),
		"GET /v1/contacts":                                     s.people(s.contacts),
		"POST /v1/contacts":                                    s.people(s.createContact),
		"GET /v1/contacts/{id}":                                s.people(s.contact),
		"PATCH /v1/contacts/{id}":                              s.people(s.updateContact),
		"POST /v1/contacts/{id}/merge":                         s.people(s.mergeContacts),
		"GET /v1/contacts/{id}/conversations":                  s.people(s.conversationsOf),
		"GET /v1/templates":                                    s.staff(s.templates),
		"GET /v1/departments":                                  s.staff(s.departments()),
		"GET /v1/agents":                                       s.staff(s.agents),
		"GET /v1/inboxes":                                      s.staff(s.inboxes()),
		"GET /v1/labels":                                       s.staff(s.labels()),
		"GET /v1/canned":                                       s.staff(s.canned()),
		"GET /v1/notifications":                                s.people(s.notifications),
		"POST /v1/notifications/read":                          s.people(s.readNotifications),
		"POST /v1/uploads":                                     s.staff(s.upload),
		"POST /v1/live/ticket":                                 s.people(s.liveTicket),
		"POST /v1/conversations/{id}/unread":                   s.staff(s.unread),
		"GET /v1/conversations/counts":                         s.people(s.counts),
		"GET /v1/views":                                        s.people(s.savedViews),
		"POST /v1/views":                                       s.people(s.createView),
		"PUT /v1/views/{id}":                                   s.people(s.saveView),
		"DELETE /v1/views/{id}":                                s.people(s.deleteView),
	}
}

func (s *Server) assignRoutes() map[string]http.Handler {
	return map[string]http.Handler{
		"POST /v1/conversations/{id}/assign":   s.staff(s.assign),
		"POST /v1/conversations/{id}/accept":   s.staff(s.plain(s.desk.Accept)),
		"POST /v1/conversations/{id}/unassign": s.staff(s.plain(s.desk.Unassign)),
	}
}

func (s *Server) actRoutes() map[string]http.Handler {
	return map[string]http.Handler{
		"POST /v1/conversations/{id}/transfer": s.staff(s.transfer),
		"POST /v1/conversations/{id}/snooze":   s.staff(s.snooze),
		"POST /v1/conversations/{id}/pending":  s.staff(s.plain(s.desk.MarkPending)),
		"POST /v1/conversations/{id}/open":     s.staff(s.plain(s.desk.OpenConversation)),
		"POST /v1/conversations/{id}/close":    s.staff(s.close),
		"POST /v1/conversations/{id}/reopen":   s.staff(s.plain(s.desk.Reopen)),
		"POST /v1/conversations/{id}/mute":     s.staff(s.plain(s.mute)),
		"POST /v1/conversations/{id}/unmute":   s.staff(s.plain(s.unmute)),
		"POST /v1/conversations/{id}/labels":   s.staff(s.label),
		"POST /v1/conversations/{id}/priority": s.staff(s.prioritize),
	}
}

func (s *Server) ticketRoutes() map[string]http.Handler {
	return map[string]http.Handler{
		"GET /v1/tickets":                               s.people(s.tickets),
		"GET /v1/tickets/board":                         s.people(s.board),
		"GET /v1/tickets/search":                        s.people(s.searchTickets),
		"POST /v1/conversations/{id}/ticket/confirm":    s.staff(s.plain(s.desk.ConfirmTicket)),
		"POST /v1/conversations/{id}/ticket/reject":     s.staff(s.plain(s.desk.RejectTicket)),
		"GET /v1/tickets/settings":                      s.people(s.ticketSettings),
		"POST /v1/tickets":                              s.people(s.createTicket),
		"GET /v1/tickets/{number}":                      s.people(s.ticket),
		"PATCH /v1/tickets/{number}":                    s.people(s.updateTicket),
		"DELETE /v1/tickets/{number}":                   s.people(s.deleteTicket),
		"POST /v1/tickets/{number}/relations":           s.people(s.relateTickets),
		"DELETE /v1/tickets/{number}/relations/{other}": s.people(s.unrelateTickets),
		"POST /v1/tickets/{number}/duplicate":           s.people(s.duplicateTicket),
		"POST /v1/tickets/{number}/merge":               s.people(s.mergeTickets),
		"POST /v1/tickets/{number}/unmerge":             s.people(s.unmergeTicket),
		"GET /v1/tickets/{number}/actions":              s.people(s.actions),
		"POST /v1/tickets/{number}/actions":             s.people(s.addAction),
		"PATCH /v1/tickets/{number}/actions/{action}":   s.people(s.editAction),
		"GET /v1/tickets/{number}/history":              s.people(s.ticketHistory),
		"GET /v1/tickets/{number}/sla":                  s.people(s.ticketSLA),
		"POST /v1/conversations/{id}/ticket":            s.staff(s.linkTicket),
		"DELETE /v1/conversations/{id}/ticket":          s.staff(s.plain(s.desk.UnlinkTicket)),
		"GET /v1/contacts/{id}/tickets":                 s.people(s.ticketsOf),
	}
}

func (s *Server) settingsRoutes() map[string]http.Handler {
	return map[string]http.Handler{
		"GET /v1/settings/account":             s.administrator(s.account),
		"PUT /v1/settings/account":             s.administrator(s.saveAccount),
		"GET /v1/settings/tickets":             s.administrator(s.ticketSettings),
		"PUT /v1/settings/tickets":             s.administrator(s.saveTicketSettings),
		"POST /v1/settings/agents":             s.administrator(agentSettings.create(s)),
		"PUT /v1/settings/agents/{id}":         s.administrator(agentSettings.save(s)),
		"DELETE /v1/settings/agents/{id}":      s.administrator(s.remove(desk.AgentSetting)),
		"POST /v1/settings/departments":        s.administrator(departmentSettings.create(s)),
		"PUT /v1/settings/departments/{id}":    s.administrator(departmentSettings.save(s)),
		"DELETE /v1/settings/departments/{id}": s.administrator(s.remove(desk.DepartmentSetting)),
		"GET /v1/settings/inboxes/{id}":        s.administrator(inboxSettings.get(s)),
		"POST /v1/settings/inboxes":            s.administrator(inboxSettings.create(s)),
		"PUT /v1/settings/inboxes/{id}":        s.administrator(inboxSettings.save(s)),
		"DELETE /v1/settings/inboxes/{id}":     s.administrator(s.remove(desk.InboxSetting)),
		"POST /v1/settings/labels":             s.administrator(labelSettings.create(s)),
		"PUT /v1/settings/labels/{id}":         s.administrator(labelSettings.save(s)),
		"DELETE /v1/settings/labels/{id}":      s.administrator(s.remove(desk.LabelSetting)),
		"POST /v1/settings/canned":             s.administrator(cannedSettings.create(s)),
		"PUT /v1/settings/canned/{id}":         s.administrator(cannedSettings.save(s)),
		"DELETE /v1/settings/canned/{id}":      s.administrator(s.remove(desk.CannedSetting)),
		"GET /v1/settings/bots":                s.administrator(s.bots()),
		"POST /v1/settings/bots":               s.administrator(s.createBot),
		"DELETE /v1/settings/bots/{id}":        s.administrator(s.remove(desk.BotSetting)),
		"GET /v1/settings/hours":               s.administrator(s.hours()),
		"POST /v1/settings/hours":              s.administrator(hoursSettings.create(s)),
		"PUT /v1/settings/hours/{id}":          s.administrator(hoursSettings.save(s)),
		"DELETE /v1/settings/hours/{id}":       s.administrator(s.remove(desk.HoursSetting)),
		"GET /v1/settings/holidays":            s.administrator(s.holidays),
		"GET /v1/settings/contracts":           s.administrator(s.contracts()),
		"POST /v1/settings/contracts":          s.administrator(contractSettings.create(s)),
		"PUT /v1/settings/contracts/{id}":      s.administrator(contractSettings.save(s)),
		"DELETE /v1/settings/contracts/{id}":   s.administrator(s.remove(desk.ContractSetting)),

		"POST /v1/settings/inboxes/{id}/identity-secret": s.administrator(s.makeIdentitySecret),
	}
}

func (s *Server) writeRoutes() map[string]http.Handler {
	return map[string]http.Handler{"POST /widget/v1/messages": s.visitor(s.Messages, s.visitorWrites)}
}

func (s *Server) widgetRoutes() map[string]http.Handler {
	return map[string]http.Handler{
		"POST /widget/v1/sessions":                  s.anyone(s.startSession),
		"DELETE /widget/v1/sessions":                s.visitor(s.Requests, s.endSession),
		"GET /widget/v1/messages":                   s.visitor(s.Requests, s.visitorMessages),
		"GET /widget/v1/conversations":              s.visitor(s.Requests, s.visitorConversations),
		"GET /widget/v1/contact":                    s.visitor(s.Requests, s.visitorContact),
		"PATCH /widget/v1/contact":                  s.visitor(s.Requests, s.updateVisitorContact),
		"POST /widget/v1/read":                      s.visitor(s.Requests, s.visitorRead),
		"POST /widget/v1/typing":                    s.visitor(s.Typing, s.visitorTyping),
		"POST /widget/v1/conversations/{id}/ticket": s.visitor(s.Requests, s.proposeTicket),
		"POST /widget/v1/identity/code":             s.visitor(s.Codes, s.askCode),
		"POST /widget/v1/identity":                  s.visitor(s.Requests, s.identifyVisitor),
		"GET /widget/v1/tickets":                    s.visitor(s.Requests, s.visitorTickets),
		"POST /widget/v1/tickets":                   s.visitor(s.Messages, s.openTicket),
		"GET /widget/v1/tickets/form":               s.visitor(s.Requests, s.ticketForm),
		"GET /widget/v1/tickets/{number}":           s.visitor(s.Requests, s.visitorTicket),
		"POST /widget/v1/tickets/{number}/actions":  s.visitor(s.Messages, s.answerTicket),
		"POST /widget/v1/survey":                    s.visitor(s.Requests, s.rate),
		"POST /widget/v1/transcript":                s.visitor(s.Transcripts, s.visitorTranscript),
		"POST /widget/v1/uploads":                   s.visitor(s.Requests, s.visitorUpload),
		"POST /widget/v1/live/ticket":               s.visitor(s.Requests, s.visitorLiveTicket),
	}
}
