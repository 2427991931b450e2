// Function admin serves the settings.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/api"
)

func main() {
	start.Run("admin", start.Queue, start.Secrets, start.Staff, start.HTTP(api.SettingsTable))
}
