// Function assign hands conversations to agents, by hand and by itself.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/desk"
)

func main() {
	start.Run("assign", start.Staff, start.HTTP(api.AssignTable), start.Jobs(start.Anew((*desk.Desk).Distribute)))
}
