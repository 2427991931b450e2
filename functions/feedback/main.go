// Function feedback marks addresses that bounce or complain.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/desk"
)

func main() {
	start.Run("feedback", start.Jobs((*desk.Desk).Feedback))
}
