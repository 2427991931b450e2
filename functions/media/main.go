// Function media brings providers' attachments into our own store.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/desk"
)

func main() {
	start.Run("media", start.Blobs, start.Secrets, start.WhatsApp, start.Jobs((*desk.Desk).FetchMedia))
}
