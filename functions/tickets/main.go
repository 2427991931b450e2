// Function tickets serves tickets.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/channel/webchat"
)

func main() {
	start.Run("tickets", start.Blobs, start.Rich(webchat.Rich), start.Staff, start.HTTP(api.TicketTable))
}
