// Function deliver sends agents' replies through the customers' channel.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/desk"
)

func main() {
	start.Run("deliver", start.Blobs, start.Secrets, start.WhatsApp, start.Jobs((*desk.Desk).Deliver))
}
