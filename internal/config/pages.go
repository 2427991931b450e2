package config

import "strings"

// ConsolePlaces are the first parts of the addresses under which the agents' page finds its own way: each of them, and
// whatever follows it, gives the same page.
var ConsolePlaces = []string{"conversations", "tickets", "contacts", "reports", "settings"}

// PageKey gives the file that a browser gets for a path of the pages, as the bucket keeps it: "index.html" for the
// console's places. infra/pages.js is its twin at CloudFront.
func PageKey(path string) string {
	path = strings.TrimPrefix(path, "/")
	first, _, _ := strings.Cut(path, "/")
	for _, place := range append([]string{""}, ConsolePlaces...) {
		if first == place {
			return "index.html"
		}
	}
	if path == "widget/" {
		return "widget/index.html"
	}
	return path
}

// PagePolicy is the Content-Security-Policy of console and widget: all that they load is their own, they call their own
// desk, and the sources of connect; pictures, sounds and films also come from files, the origin of the attachments.
// ancestors may frame the page: 'none', or the sites of a widget.
func PagePolicy(connect, files, ancestors string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: " + files + "; media-src " + files +
		"; connect-src 'self' " + connect + "; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors " + ancestors
}
