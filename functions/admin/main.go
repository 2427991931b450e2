// Function admin serves the settings.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/holidays"
)

func main() {
	start.Run("admin", start.Queue, start.Timers, start.Secrets, start.Staff, start.Holidays(holidays.In), start.HTTP(api.SettingsTable))
}
