package start_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/config"
)

// A function is made of the ports that the wiring table gives it rights for, and of no others: one that lacks a port panics
// where it needs it.
func TestFunctionsHaveThePortsOfTheWiringTable(t *testing.T) {
	for _, row := range config.Functions {
		raw, err := os.ReadFile(filepath.Join("..", "..", row.Name, "main.go"))
		if err != nil {
			t.Fatal(err)
		}
		needs := row.Needs
		for port, needed := range map[string]bool{
			"start.Queue,": len(needs.Queues) > 0, "start.Timers,": needs.Timers, "start.Push,": needs.Push, "start.Mail(": needs.Mail,
			"start.Blobs,": needs.Blobs != 0, "start.Secrets,": len(needs.Secrets)+len(needs.Makes) > 0,
		} {
			if made := strings.Contains(string(raw), port); made != needed {
				t.Errorf("%s: made with %s %v, its rights say %v", row.Name, strings.Trim(port, ",("), made, needed)
			}
		}
	}
}
