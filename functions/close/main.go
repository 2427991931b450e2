// Function close closes and reopens conversations.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/api"
)

func main() {
	start.Run("close", start.Staff, start.HTTP(api.ActTable))
}
