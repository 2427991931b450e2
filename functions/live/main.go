// Function live serves live connections.
package main

import "github.com/relevo/relevo/functions/internal/start"

func main() {
	start.Run("live", start.Push, start.Socket)
}
