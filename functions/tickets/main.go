// Function tickets serves tickets.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/api"
)

func main() {
	start.Run("tickets", start.Blobs, start.Staff, start.HTTP(api.TicketTable))
}
