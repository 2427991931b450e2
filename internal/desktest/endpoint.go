package desktest

import (
	"os"
	"testing"
)

// EndpointVariable is where contract suites find the emulator to run against; they need nothing else of it.
const EndpointVariable = "AWS_ENDPOINT_URL"

// Endpoint gives the emulator's address, and skips the test if none was named.
func Endpoint(t testing.TB) string {
	t.Helper()
	endpoint := os.Getenv(EndpointVariable)
	if endpoint == "" {
		t.Skipf("%s names no emulator: start one (localstack/README.md), then: make contract ENDPOINT=http://localhost:4566", EndpointVariable)
	}
	return endpoint
}
