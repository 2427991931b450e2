// Function wakeup ends snoozes.
package main

import "github.com/relevo/relevo/functions/internal/start"

func main() {
	start.Run("wakeup", start.Timer)
}
