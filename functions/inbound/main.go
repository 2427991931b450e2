// Function inbound takes what customers write: web-chat messages and WhatsApp's webhooks.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/api"
)

func main() {
	start.Run("inbound", start.Queue, start.Blobs, start.Secrets, start.Visitors, start.Webhooks, start.HTTP(api.WriteTable, api.MoreTable))
}
