// Function snooze puts conversations aside, and takes them up again.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/api"
)

func main() {
	start.Run("snooze", start.Staff, start.HTTP(api.ActTable))
}
