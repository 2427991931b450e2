// Function transcript e-mails conversations.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/channel/email"
	"github.com/relevo/relevo/internal/desk"
)

func main() {
	start.Run("transcript", start.Mail(email.Compose), start.Push, start.Jobs((*desk.Desk).SendTranscript))
}
