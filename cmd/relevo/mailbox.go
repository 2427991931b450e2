package main

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/relevo/relevo/internal/local"
)

// mailbox: GET /mailbox is the page of every mail that the desk sent, or, to Accept: application/json, the mails
// themselves, newest first.
func (g *gateway) mailbox(w http.ResponseWriter, r *http.Request) {
	if !strings.Contains(r.Header.Get("Accept"), "application/json") {
		g.page("mailbox.html").ServeHTTP(w, r)
		return
	}
	mails, err := g.mailer.Mails(r.Context())
	if err != nil {
		g.fault(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"items": mails})
}

// mailHTML: GET /mailbox/{id} is the HTML of one mail, in a sandbox of its own: no script, no form, nothing loaded.
func (g *gateway) mailHTML(w http.ResponseWriter, r *http.Request) {
	mails, err := g.mailer.Mails(r.Context())
	if err != nil {
		g.fault(w, r, err)
		return
	}
	mail, ok := findMail(mails, r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(mail.HTML)))
	if _, err := w.Write([]byte(mail.HTML)); err != nil {
		g.log.DebugContext(r.Context(), "the caller left before the mail", "error", err)
	}
}

// findMail finds a mail by its Message-ID without the brackets.
func findMail(mails []local.StoredMail, id string) (local.StoredMail, bool) {
	for _, mail := range mails {
		if strings.Trim(mail.MessageID, "<>") == id && mail.HTML != "" {
			return mail, true
		}
	}
	return local.StoredMail{}, false
}
