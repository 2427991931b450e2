// Function console serves what agents read and write besides the acts.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/channel/webchat"
)

func main() {
	start.Run("console", start.Push, start.Blobs, start.Rich(webchat.Rich), start.Staff, start.HTTP(api.ConsoleTable, api.ActTable))
}
