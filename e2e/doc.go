// Package e2e looks at a desk from outside: scenarios over HTTP and WebSocket, as customers' widgets, agents' consoles
// and Meta see it. Nothing here knows how the desk is built. With E2E_URL the scenarios run against the desk there;
// without it they build the local desk and start it on free ports with a data folder of its own.
//
// This file's neighbours are the tools, shared with e2e/bench: a desk to speak to (host.go, process.go), clients of its
// doors (client.go, socket.go, customer.go), and what stands where Meta would (graph.go, webhook.go). The scenarios are
// the tests, one file a theme; each names the rows of behaviour that it shows.
package e2e
