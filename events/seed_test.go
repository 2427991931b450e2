package events_test

import (
	"slices"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// id makes a fixed id like the desk's own: the instant, minutes before now, and a name of the letters a to v and digits.
func id(minutes int, name string) string {
	place := string(desk.PlaceAt(now.Add(-time.Duration(minutes) * time.Minute)))
	return place[:10] + strings.Repeat("0", 14-len(name)) + name
}

// What the events speak of. Laura and Diego write in the web chat, Marta and Raul on WhatsApp.
var (
	laura, diego = desk.ContactID(id(60, "laura")), desk.ContactID(id(50, "diego"))
	marta, raul  = desk.ContactID(id(40, "marta")), desk.ContactID(id(30, "raul"))

	lauras   = desk.ConversationID(id(60, "clau")) // ines attends it
	diegos   = desk.ConversationID(id(50, "cdie")) // unassigned, its first-response target passed
	martas   = desk.ConversationID(id(40, "cmar")) // ines attends it
	raulas   = desk.ConversationID(id(30, "crau")) // snoozed until now by luis
	sandra   = desk.ContactID(id(20, "sandra"))
	sandras  = desk.ConversationID(id(20, "csan")) // resolved
	question = desk.MessageID(id(60, "mlau1"))
	reply    = desk.MessageID(id(58, "mlau2"))
	waiting  = desk.MessageID(id(50, "mdie1"))
	photo    = desk.MessageID(id(40, "mmar1"))
	unsent   = desk.MessageID(id(38, "mmar2")) // stored, not yet delivered
	snoozed  = desk.MessageID(id(30, "mrau1"))
	thanks   = desk.MessageID(id(20, "msan1"))
)

// connection is the live connection of ines.
const connection desk.ConnectionID = "R1kmxc2VNjMCFIA="

// seed makes the account, its people, and a handful of conversations.
func (w *world) seed() {
	w.t.Helper()
	w.seedSettings()
	w.seedSecrets()
	for agent, presence := range map[desk.AgentID]desk.Presence{"ines": desk.Connected, "luis": desk.Connected, "otto": desk.Pause} {
		check(w.t, w.books.SetPresence(w.t.Context(), agent, presence, now.Add(time.Minute)))
	}
	customer := func(contact desk.ContactID, name string) desk.Actor {
		return desk.Actor{Kind: desk.ByCustomer, ID: string(contact), Name: name}
	}
	ines := desk.Actor{Kind: desk.ByUser, ID: "ines", Name: "Inés Rojas"}
	w.seedContact(desk.Contact{ID: laura, Name: "Laura Gómez", Email: "laura@example.com"}, "web", string(laura))
	w.seedContact(desk.Contact{ID: diego, Name: "Diego"}, "web", string(diego))
	w.seedContact(desk.Contact{ID: marta, Name: "Marta Ruiz", Phone: "+573001112233"}, "whatsapp", "573001112233")
	w.seedContact(desk.Contact{ID: raul, Name: "Raúl", Phone: "+573004445566"}, "whatsapp", "573004445566")
	w.seedContact(desk.Contact{ID: sandra, Name: "Sandra"}, "web", string(sandra))
	w.seedConversation(desk.Conversation{ID: lauras, Contact: laura, ContactName: "Laura Gómez", ContactEmail: "laura@example.com", Address: string(laura),
		Inbox: "web", Channel: desk.WebChat, Status: desk.Open, Assignee: "ines", EmailStep: desk.EmailDone},
		desk.Message{ID: question, Author: customer(laura, "Laura Gómez"), Text: "Hola, ¿tienen la talla 40?", ExternalID: "visitor/" + string(laura) + "/talla"},
		desk.Message{ID: reply, Author: ines, Text: "Sí, en negro y en rojo.", ExternalID: "user/ines/respuesta"})
	w.seedConversation(desk.Conversation{ID: diegos, Contact: diego, ContactName: "Diego", Address: string(diego), Inbox: "web", Channel: desk.WebChat,
		Status: desk.Open, Auto: true, WaitsSince: now.Add(-50 * time.Minute), Clocks: desk.Clocks{Since: now.Add(-50 * time.Minute)}},
		desk.Message{ID: waiting, Author: customer(diego, "Diego"), Text: "Buenas", ExternalID: "visitor/" + string(diego) + "/buenas"})
	w.seedConversation(desk.Conversation{ID: martas, Contact: marta, ContactName: "Marta Ruiz", Address: "573001112233", Inbox: "whatsapp",
		Channel: desk.WhatsApp, Status: desk.Open, Assignee: "ines"},
		desk.Message{ID: photo, Author: customer(marta, "Marta Ruiz"), Content: desk.ImageContent, Text: "Llegó así", ExternalID: "wamid.MARTA1",
			ProviderAt: now.Add(-40 * time.Minute), Attachments: []desk.Attachment{{Name: "foto.jpg", Type: "image/jpeg", ProviderID: "5550001"}}},
		desk.Message{ID: unsent, Author: ines, Text: "Te enviamos otro hoy.", ExternalID: "user/ines/otro"})
	w.seedConversation(desk.Conversation{ID: raulas, Contact: raul, ContactName: "Raúl", Address: "573004445566", Inbox: "whatsapp",
		Channel: desk.WhatsApp, Status: desk.Snoozed, SnoozedUntil: now, Assignee: "luis"},
		desk.Message{ID: snoozed, Author: customer(raul, "Raúl"), Text: "Mañana les cuento", ExternalID: "wamid.RAUL1", ProviderAt: now.Add(-30 * time.Minute)})
	w.seedConversation(desk.Conversation{ID: sandras, Contact: sandra, ContactName: "Sandra", Address: string(sandra), Inbox: "web", Channel: desk.WebChat,
		Status: desk.Resolved, Assignee: "ines", ClosedAt: now.Add(-10 * time.Minute), ClosedBy: ines},
		desk.Message{ID: thanks, Author: customer(sandra, "Sandra"), Text: "Gracias", ExternalID: "visitor/" + string(sandra) + "/gracias"})
	w.seedTicket()
	w.seedLive()
}

func (w *world) seedSettings() {
	agent := func(id, name string, role desk.Role, departments ...desk.DepartmentID) desk.Agent {
		return desk.Agent{ID: desk.AgentID(id), Name: name, Email: id + "@demo.test", Issuer: issuer, Subject: id + "@demo.test", Role: role,
			Departments: departments, Capacity: 10, Language: "es"}
	}
	for _, s := range []desk.Setting{
		desk.Account{ID: account, Name: "Tienda Demo", TimeZone: "America/Bogota", Language: "es", AfterClose: desk.KeepAssignee},
		desk.Department{ID: "sales", Name: "Sales"}, desk.Department{ID: "support", Name: "Support"},
		agent("ana", "Ana Torres", desk.Administrator), agent("otto", "Otto Braun", desk.Operator, "support"),
		agent("ines", "Inés Rojas", desk.AgentRole, "sales"), agent("luis", "Luis Pérez", desk.AgentRole, "support"), agent("vera", "Vera Lind", desk.Viewer),
		desk.Inbox{ID: "web", Key: "web", Name: "Web", Channel: desk.WebChat, Department: "sales", Language: "es", Greeting: "¡Hola! ¿En qué podemos ayudarte?",
			CollectEmail: true, AutoDistribution: true, TicketPolicy: desk.TicketRequired, FirstResponse: 15 * time.Minute, Color: "#5b3a2a"},
		desk.Inbox{ID: "whatsapp", Key: "whatsapp", Name: "WhatsApp", Channel: desk.WhatsApp, Department: "sales", Language: "es", AutoDistribution: true,
			TicketPolicy: desk.TicketAutomatic, PhoneNumberID: "106540352242922", Color: "#0c7d48"},
		desk.Label{ID: "vip", Name: "vip", Color: "#2b5dd7"},
	} {
		check(w.t, s.Validate())
		kind, of := s.Setting()
		check(w.t, w.books.SaveSetting(w.t.Context(), s, desk.Audit{ID: id(90, "seed"), By: desk.System, Type: "seed", Kind: kind, Of: of}))
		if a, ok := s.(desk.Agent); ok {
			check(w.t, w.books.SetCapacity(w.t.Context(), a.ID, a.Capacity))
		}
	}
}

func (w *world) seedSecrets() {
	for name, value := range map[string]string{
		"visitor-key":                  "the key of Relevo's events, 32 bytes or more",
		"whatsapp/whatsapp/app-secret": "demo-app-secret", "whatsapp/whatsapp/verify-token": "demo-verify", "whatsapp/whatsapp/access-token": "demo-access",
	} {
		check(w.t, w.secrets.SetSecret(w.t.Context(), account, name, value))
	}
}

func (w *world) seedContact(c desk.Contact, inbox desk.InboxID, address string) {
	c.CreatedAt = desk.MessageID(c.ID).Time()
	c.Identities = []desk.Identity{{Inbox: inbox, Address: address, Contact: c.ID}}
	check(w.t, w.books.SaveContact(w.t.Context(), nil, c))
}

// seedConversation stores a conversation of the department sales with its messages, as if they were relayed.
func (w *world) seedConversation(c desk.Conversation, messages ...desk.Message) {
	ctx := w.t.Context()
	var err error
	c.Number, err = w.books.NextNumber(ctx, "conversation")
	check(w.t, err)
	c.CreatedAt = messages[0].ID.Time()
	c.Department, c.StatusAt = "sales", c.CreatedAt
	if c.Assignee != "" {
		c.HandedAt = c.CreatedAt
	}
	for i := range messages {
		m := &messages[i]
		m.Conversation, m.Inbox, m.Kind = c.ID, c.Inbox, desk.MessageText
		if m.Content == "" {
			m.Content = desk.TextContent
		}
		c.Thread.Last, c.Thread.Preview, c.Thread.PreviewKind, c.Thread.PreviewBy = m.ID, m.Text, m.Kind, m.Author.Kind
		if m.Author.Kind == desk.ByCustomer {
			c.Thread.FirstCustomer, c.Thread.LastCustomer, c.Thread.CustomerAt, c.Thread.AwaitingSince = m.ID, m.ID, m.SentAt(), m.ID.Time()
			c.Thread.Unread = append(slices.Clone(c.Thread.Unread), m.ID)
		} else {
			c.Thread.LastReply, c.Thread.FirstReplyAt, c.Thread.AwaitingSince = m.ID, m.ID.Time(), time.Time{}
		}
	}
	check(w.t, w.books.Save(ctx, desk.Change{Now: &c, Force: true}))
	for _, m := range messages {
		_, _, err := w.books.StoreMessage(ctx, m)
		check(w.t, err)
	}
	check(w.t, w.books.File(ctx, c.ID))
}

// seedTicket leaves Sandra a ticket with one public action.
func (w *world) seedTicket() {
	w.t.Helper()
	w.save(desk.TicketSave{Ticket: w.sandrasTicket(), Actions: []desk.TicketAction{publicAction("tact1", "Le enviamos la talla 38.")}})
	check(w.t, w.books.FileTicket(w.t.Context(), 40))
}

// seedLive connects ines, who looks at Laura's conversation, and leaves her a ticket for another connection.
func (w *world) seedLive() {
	ines := desk.Connection{ID: connection, Account: account, Agent: "ines",
		Topics: []desk.Topic{desk.AgentTopic("ines"), desk.DepartmentTopic("sales"), desk.ConversationTopic(lauras)}}
	check(w.t, w.books.Connect(w.t.Context(), ines))
	check(w.t, w.books.PutTicket(w.t.Context(), hash("TICKET0OF0INES"), desk.Connection{Account: account, Agent: "ines"}, now.Add(time.Minute)))
	check(w.t, w.books.PutVisitor(w.t.Context(), hash("secret-of-laura"), desk.Visitor{Account: account, Inbox: "web", Contact: laura}))
}

// sandrasTicket is number 40, with ines, Sandra's conversation and somebody in Cc.
func (w *world) sandrasTicket() desk.Ticket {
	otto := desk.Actor{Kind: desk.ByUser, ID: "otto", Name: "Otto Ruiz"}
	return desk.Ticket{Number: 40, Type: desk.PublicTicket, Requester: sandra, RequesterName: "Sandra", Subject: "Cambio de talla", Status: desk.TicketNew,
		StatusAt: now, Priority: "high", Responsible: "ines", CC: []string{"tienda@example.com"}, Conversations: []desk.ConversationID{sandras},
		CreatedAt: now, CreatedBy: otto, UpdatedAt: now, UpdatedBy: otto}
}

func publicAction(name, text string) desk.TicketAction {
	return desk.TicketAction{ID: id(0, name), Ticket: 40, Kind: desk.WrittenAction, Public: true,
		Author: desk.Actor{Kind: desk.ByUser, ID: "otto", Name: "Otto Ruiz"}, Text: text}
}

func (w *world) save(save desk.TicketSave) {
	w.t.Helper()
	check(w.t, w.books.SaveTicket(w.t.Context(), save))
}
