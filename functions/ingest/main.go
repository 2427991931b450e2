// Function ingest turns queued channel events into messages and delivery states.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/desk"
)

func main() {
	start.Run("ingest", start.Jobs((*desk.Desk).Ingest))
}
