// Function transfer hands conversations on to departments and agents.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/api"
)

func main() {
	start.Run("transfer", start.Staff, start.HTTP(api.ActTable))
}
