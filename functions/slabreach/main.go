// Function slabreach marks conversations whose target passed.
package main

import "github.com/relevo/relevo/functions/internal/start"

func main() {
	start.Run("slabreach", start.Push, start.Timer)
}
