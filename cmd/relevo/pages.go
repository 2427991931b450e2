package main

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
)

//go:embed pages
var pageFiles embed.FS

// mountPages mounts the pages of the local desk and what they are made of. Nothing in them is inline, so the policy forbids it.
func (g *gateway) mountPages(mux *http.ServeMux) {
	g.mountConsole(mux)
	g.mountWidget(mux)
	if g.phone != nil {
		mux.Handle("GET /phone", g.localDoor(g.page("phone.html")))
	}
	mux.HandleFunc("GET /pages/{file...}", g.part)
}

// page serves one page under the desk's public address only: there it may sign in and connect.
func (g *gateway) page(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host := g.publicHost(); r.Host != host && g.loopback {
			http.Redirect(w, r, g.public+r.URL.RequestURI(), http.StatusTemporaryRedirect)
			return
		}
		g.serveFile(w, r, name)
	})
}

// part serves style sheets and scripts.
func (g *gateway) part(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	if path.Ext(name) == ".html" {
		http.NotFound(w, r)
		return
	}
	g.serveFile(w, r, name)
}

// serveFile serves a file of the binary; a browser asks each time whether its copy still holds.
func (g *gateway) serveFile(w http.ResponseWriter, r *http.Request, name string) {
	body, err := fs.ReadFile(pageFiles, path.Join("pages", name))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	h := w.Header()
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Content-Security-Policy", g.policy())
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if _, err := w.Write(body); err != nil {
		g.log.DebugContext(r.Context(), "the caller left before the page", "error", err)
	}
}

// policy is the pages' Content-Security-Policy: everything from here, sockets and uploads to here, pictures and what is
// read of PDFs also from the attachments' origin; and the configured issuer, if there is one, for signing in.
func (g *gateway) policy() string {
	socket := "ws://"
	if strings.HasPrefix(g.public, "https://") {
		socket = "wss://"
	}
	connect := "'self' " + socket + g.publicHost() + " " + g.downloadsOrigin
	if issuer, err := url.Parse(g.issuerName()); g.issuer == nil && err == nil {
		connect += " " + issuer.Scheme + "://" + issuer.Host + " https:" // its token endpoint may lie elsewhere
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: " + g.downloadsOrigin + "; connect-src " + connect +
		"; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}
