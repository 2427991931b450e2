// Function widget serves customers' browsers.
package main

import (
	"github.com/relevo/relevo/functions/internal/start"
	"github.com/relevo/relevo/internal/api"
)

func main() {
	start.Run("widget", start.Queue, start.Push, start.Blobs, start.Secrets, start.Visitors, start.HTTP(api.WriteTable, api.WidgetTable))
}
