package main

import (
	"net/http"

	"github.com/relevo/relevo/internal/config"
)

// unbuilt says what is missing where the console or the widget was not built.
const unbuilt = "unbuilt.html"

// mountConsole mounts the agents' page, if it was built.
func (g *gateway) mountConsole(mux *http.ServeMux) {
	if !wasBuilt("console/index.html") {
		mux.Handle("GET /{$}", g.page(unbuilt))
		return
	}
	mux.HandleFunc("GET /{$}", g.consolePage)
	for _, place := range config.ConsolePlaces {
		mux.HandleFunc("GET /"+place, g.consolePage)
		mux.HandleFunc("GET /"+place+"/", g.consolePage)
	}
	mux.HandleFunc("GET /assets/{file}", func(w http.ResponseWriter, r *http.Request) {
		g.serveBuilt(w, r, "console/assets/"+r.PathValue("file"), keepAlways)
	})
	mux.HandleFunc("GET /icon.svg", func(w http.ResponseWriter, r *http.Request) { g.serveBuilt(w, r, "console/icon.svg", keepMinutes) })
}

// consolePage serves the agents' page under the desk's public address only: there it may sign in and connect.
func (g *gateway) consolePage(w http.ResponseWriter, r *http.Request) {
	if r.Host != g.publicHost() && g.loopback {
		http.Redirect(w, r, g.public+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", g.policy()+"; font-src 'self'")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	g.serveBuilt(w, r, "console/index.html", keepNever)
}
