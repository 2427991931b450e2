package config

import "time"

// Function is one row of the wiring table: a Lambda on AWS, a handler of the local gateway here.
type Function struct {
	Name     string
	Routes   []string // "METHOD /path/{id}", as in openapi.yaml
	Socket   bool     // serves the live WebSocket
	Queue    string   // the queue whose jobs it works
	Timer    string   // the timer that starts it
	Stream   bool     // reads the table's change stream
	Needs    Needs    // what it uses; its role on AWS allows that and nothing else
	MemoryMB int
	Timeout  time.Duration
}

// Needs says which of the desk's ports a function uses, and how. Every function reads and writes items of the table.
type Needs struct {
	Lists   bool     // reads the table's indexes
	Queues  []string // sends jobs to these queues
	Timers  bool     // sets timers
	Mail    bool     // sends mail
	Push    bool     // pushes to live connections, and closes them
	Blobs   Blobs    // what it does with attachments
	Drops   bool     // deletes attachments
	Secrets []string // names of secrets that it reads, "*" for an inbox
	Makes   []string // names of secrets that it reads and writes
}

// Blobs says what a function does with attachments.
type Blobs int

// The uses of attachments, each with those before it.
const (
	NoBlobs   Blobs = iota
	ReadBlobs       // looks at them and signs addresses to download them
	SignBlobs       // signs forms with which others upload them; on AWS that is the right to write them
	PutBlobs        // writes them itself
)

// The secrets of the product: each of an account, some of an inbox of it.
const (
	VisitorKey     = "visitor-key"             // signs customers' tokens
	WhatsAppSecret = "whatsapp/*/app-secret"   // signs webhooks
	WhatsAppVerify = "whatsapp/*/verify-token" // answers Meta's challenge
	WhatsAppAccess = "whatsapp/*/access-token" // sends and fetches
	IdentitySecret = "identity/*/secret"       // proves whom a site says its visitor is
)

// Functions is the wiring table.
var Functions = []Function{
	{Name: "inbound", MemoryMB: 256, Timeout: 10 * time.Second, Needs: Needs{
		Queues: []string{"inbound.fifo"}, Blobs: ReadBlobs, Secrets: []string{VisitorKey, WhatsAppSecret, WhatsAppVerify},
	}, Routes: []string{
		"POST /widget/v1/messages",
		"GET /webhooks/whatsapp/{account}/{inbox}",
		"POST /webhooks/whatsapp/{account}/{inbox}",
	}},
	{Name: "ingest", Queue: "inbound.fifo", MemoryMB: 256, Timeout: 30 * time.Second},
	{Name: "assign", Queue: "distribute.fifo", MemoryMB: 256, Timeout: 30 * time.Second, Routes: []string{
		"POST /v1/conversations/{id}/assign",
		"POST /v1/conversations/{id}/accept",
		"POST /v1/conversations/{id}/unassign",
	}},
	{Name: "transfer", MemoryMB: 256, Timeout: 10 * time.Second, Routes: []string{
		"POST /v1/conversations/{id}/transfer",
	}},
	{Name: "close", MemoryMB: 256, Timeout: 10 * time.Second, Routes: []string{
		"POST /v1/conversations/{id}/close",
		"POST /v1/conversations/{id}/reopen",
	}},
	{Name: "snooze", MemoryMB: 256, Timeout: 10 * time.Second, Routes: []string{
		"POST /v1/conversations/{id}/snooze",
		"POST /v1/conversations/{id}/pending",
		"POST /v1/conversations/{id}/open",
	}},
	{Name: "wakeup", Timer: "wakeup", MemoryMB: 256, Timeout: 10 * time.Second},
	{Name: "slabreach", Timer: "slabreach", Needs: Needs{Lists: true, Timers: true}, MemoryMB: 256, Timeout: 10 * time.Second},
	{Name: "transcript", Queue: "transcript", Needs: Needs{Mail: true, Push: true}, MemoryMB: 256, Timeout: 60 * time.Second},
	{Name: "deliver", Queue: "outbound.fifo", Needs: Needs{Blobs: ReadBlobs, Secrets: []string{WhatsAppAccess}}, MemoryMB: 256, Timeout: 60 * time.Second},
	{Name: "media", Queue: "media", Needs: Needs{Blobs: PutBlobs, Drops: true, Secrets: []string{WhatsAppAccess}}, MemoryMB: 512, Timeout: 60 * time.Second},
	{Name: "feedback", Queue: "mail-feedback", MemoryMB: 256, Timeout: 30 * time.Second},
	{Name: "relay", Stream: true, MemoryMB: 256, Timeout: 60 * time.Second, Needs: Needs{
		Queues: []string{"distribute.fifo", "outbound.fifo", "media", "transcript"}, Timers: true, Push: true, Blobs: ReadBlobs, Drops: true,
	}},
	{Name: "live", Socket: true, Needs: Needs{Push: true}, MemoryMB: 256, Timeout: 10 * time.Second},
	{Name: "console", MemoryMB: 256, Timeout: 10 * time.Second, Needs: Needs{
		Lists: true, Push: true, Blobs: SignBlobs,
	}, Routes: []string{
		"GET /v1/me",
		"PUT /v1/me/presence",
		"GET /v1/conversations",
		"GET /v1/conversations/{id}",
		"GET /v1/conversations/{id}/messages",
		"POST /v1/conversations/{id}/messages",
		"DELETE /v1/conversations/{id}/messages/{message}",
		"POST /v1/conversations/{id}/messages/{message}/retry",
		"POST /v1/conversations/{id}/mute",
		"POST /v1/conversations/{id}/unmute",
		"POST /v1/conversations/{id}/labels",
		"POST /v1/conversations/{id}/priority",
		"POST /v1/conversations/{id}/transcript",
		"POST /v1/conversations/{id}/read",
		"POST /v1/conversations/{id}/typing",
		"POST /v1/conversations/{id}/unread",
		"GET /v1/conversations/counts",
		"GET /v1/views",
		"POST /v1/views",
		"PUT /v1/views/{id}",
		"DELETE /v1/views/{id}",
		"GET /v1/contacts",
		"POST /v1/contacts",
		"GET /v1/contacts/{id}",
		"PATCH /v1/contacts/{id}",
		"POST /v1/contacts/{id}/merge",
		"GET /v1/contacts/{id}/conversations",
		"GET /v1/templates",
		"GET /v1/departments",
		"GET /v1/agents",
		"GET /v1/inboxes",
		"GET /v1/labels",
		"GET /v1/canned",
		"GET /v1/notifications",
		"POST /v1/notifications/read",
		"POST /v1/uploads",
		"POST /v1/live/ticket",
	}},
	{Name: "widget", MemoryMB: 256, Timeout: 10 * time.Second, Needs: Needs{
		Queues: []string{"transcript"}, Push: true, Blobs: SignBlobs, Secrets: []string{VisitorKey, IdentitySecret},
	}, Routes: []string{
		"POST /widget/v1/sessions",
		"DELETE /widget/v1/sessions",
		"GET /widget/v1/messages",
		"GET /widget/v1/conversations",
		"GET /widget/v1/contact",
		"PATCH /widget/v1/contact",
		"POST /widget/v1/read",
		"POST /widget/v1/typing",
		"POST /widget/v1/identity/code",
		"POST /widget/v1/identity",
		"GET /widget/v1/tickets",
		"POST /widget/v1/tickets",
		"GET /widget/v1/tickets/form",
		"GET /widget/v1/tickets/{number}",
		"POST /widget/v1/tickets/{number}/actions",
		"POST /widget/v1/survey",
		"POST /widget/v1/conversations/{id}/ticket",
		"POST /widget/v1/transcript",
		"POST /widget/v1/uploads",
		"POST /widget/v1/live/ticket",
	}},
	{Name: "tickets", Needs: Needs{Lists: true, Blobs: ReadBlobs}, MemoryMB: 256, Timeout: 10 * time.Second, Routes: []string{
		"GET /v1/tickets",
		"GET /v1/tickets/board",
		"GET /v1/tickets/search",
		"GET /v1/tickets/settings",
		"POST /v1/conversations/{id}/ticket/confirm",
		"POST /v1/conversations/{id}/ticket/reject",
		"POST /v1/tickets",
		"GET /v1/tickets/{number}",
		"PATCH /v1/tickets/{number}",
		"DELETE /v1/tickets/{number}",
		"POST /v1/tickets/{number}/relations",
		"DELETE /v1/tickets/{number}/relations/{other}",
		"POST /v1/tickets/{number}/duplicate",
		"POST /v1/tickets/{number}/merge",
		"POST /v1/tickets/{number}/unmerge",
		"GET /v1/tickets/{number}/actions",
		"POST /v1/tickets/{number}/actions",
		"PATCH /v1/tickets/{number}/actions/{action}",
		"GET /v1/tickets/{number}/history",
		"GET /v1/tickets/{number}/sla",
		"POST /v1/conversations/{id}/ticket",
		"DELETE /v1/conversations/{id}/ticket",
		"GET /v1/contacts/{id}/tickets",
	}},
	{Name: "admin", MemoryMB: 256, Timeout: 10 * time.Second, Needs: Needs{
		Lists: true, Queues: []string{"distribute.fifo"}, Timers: true, Makes: []string{IdentitySecret},
	}, Routes: []string{
		"GET /v1/settings/account",
		"PUT /v1/settings/account",
		"GET /v1/settings/tickets",
		"PUT /v1/settings/tickets",
		"POST /v1/settings/agents",
		"PUT /v1/settings/agents/{id}",
		"DELETE /v1/settings/agents/{id}",
		"POST /v1/settings/departments",
		"PUT /v1/settings/departments/{id}",
		"DELETE /v1/settings/departments/{id}",
		"GET /v1/settings/inboxes/{id}",
		"POST /v1/settings/inboxes",
		"PUT /v1/settings/inboxes/{id}",
		"DELETE /v1/settings/inboxes/{id}",
		"POST /v1/settings/inboxes/{id}/identity-secret",
		"POST /v1/settings/labels",
		"PUT /v1/settings/labels/{id}",
		"DELETE /v1/settings/labels/{id}",
		"POST /v1/settings/canned",
		"PUT /v1/settings/canned/{id}",
		"DELETE /v1/settings/canned/{id}",
		"GET /v1/settings/bots",
		"POST /v1/settings/bots",
		"DELETE /v1/settings/bots/{id}",
		"GET /v1/settings/hours",
		"POST /v1/settings/hours",
		"PUT /v1/settings/hours/{id}",
		"DELETE /v1/settings/hours/{id}",
		"GET /v1/settings/holidays",
		"GET /v1/settings/contracts",
		"POST /v1/settings/contracts",
		"PUT /v1/settings/contracts/{id}",
		"DELETE /v1/settings/contracts/{id}",
	}},
}
