// Function slabreach looks at the clocks of what a contract promised, when one of them comes due.
package main

import "github.com/relevo/relevo/functions/internal/start"

func main() {
	start.Run("slabreach", start.Timers, start.Timer)
}
