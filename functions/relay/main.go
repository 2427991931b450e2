// Function relay does what follows from what was saved.
package main

import "github.com/relevo/relevo/functions/internal/start"

func main() {
	start.Run("relay", start.Queue, start.Timers, start.Push, start.Blobs, start.Changes)
}
