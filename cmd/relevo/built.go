package main

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// What `make web` builds: a folder an application, each file with a brotli and a gzip copy beside it. A folder is absent
// where nobody has built it.
//
//go:embed all:web
var builtFiles embed.FS

// How long browsers keep what was built: a fingerprint in its name lets a file live for a year; what pages of others name
// stays for minutes; a page itself is asked for each time.
const (
	keepAlways  = "public, max-age=31536000, immutable"
	keepMinutes = "public, max-age=300"
	keepNever   = "no-cache"
)

// wasBuilt reports whether the file is there.
func wasBuilt(name string) bool {
	_, err := fs.Stat(builtFiles, path.Join("web", name))
	return err == nil
}

// serveBuilt serves a built file in the smallest form that the browser takes; the caller has set the headers that are its
// own.
func (g *gateway) serveBuilt(w http.ResponseWriter, r *http.Request, name, keep string) {
	encoding, body, err := smallest(name, r.Header.Get("Accept-Encoding"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Add("Vary", "Accept-Encoding")
	if encoding != "" {
		w.Header().Set("Content-Encoding", encoding)
	}
	g.answerFile(w, r, path.Ext(name), body, keep)
}

// answerFile answers with what a file of that extension holds, or that the browser's copy still holds.
func (g *gateway) answerFile(w http.ResponseWriter, r *http.Request, extension string, body []byte, keep string) {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	h := w.Header()
	h.Set("Content-Type", mime.TypeByExtension(extension))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", keep)
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if _, err := w.Write(body); err != nil {
		g.log.DebugContext(r.Context(), "the caller left before the page", "error", err)
	}
}

// smallest gives the first form of a file that is there and taken: brotli, gzip, plain.
func smallest(name, accepted string) (encoding string, body []byte, err error) {
	for _, form := range []struct{ encoding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}} {
		if !takes(accepted, form.encoding) {
			continue
		}
		if body, err := builtFiles.ReadFile(path.Join("web", name+form.suffix)); err == nil {
			return form.encoding, body, nil
		}
	}
	body, err = builtFiles.ReadFile(path.Join("web", name))
	return "", body, err
}

// takes reports whether an Accept-Encoding names the encoding, and not as refused.
func takes(accepted, encoding string) bool {
	for part := range strings.SplitSeq(accepted, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == encoding {
			return strings.ReplaceAll(quality, " ", "") != "q=0"
		}
	}
	return false
}
