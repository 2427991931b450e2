package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

// Browsers ask first when a page of another origin calls us. Customers' pages may: which ones, the inbox says, and
// [Server.admits] refuses the others. No cookie is ever involved. Agents' routes are for our own console only.

func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Origin") != "" && r.Header.Get("Access-Control-Request-Method") != ""
}

// allowOrigin lets the page read the answer.
func (s *Server) allowOrigin(h http.Header, r *http.Request) {
	h.Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if origin == "" || !strings.HasPrefix(r.URL.Path, "/widget/v1/") && !slices.Contains(s.Origins, origin) {
		return
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "X-Request-Id, Retry-After")
}

// preflight tells a browser what it may send to a route.
func (s *Server) preflight(w http.ResponseWriter, r *http.Request, mux *http.ServeMux) {
	wanted := r.Clone(r.Context())
	wanted.Method = r.Header.Get("Access-Control-Request-Method")
	if _, pattern := mux.Handler(wanted); pattern == "" {
		s.fail(w, r, &desk.Error{Code: desk.NotFound, Message: "no such route"})
		return
	}
	h := w.Header()
	if h.Get("Access-Control-Allow-Origin") != "" {
		h.Set("Access-Control-Allow-Methods", wanted.Method)
		h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Request-Id")
		h.Set("Access-Control-Max-Age", "600")
	}
	w.WriteHeader(http.StatusNoContent)
}

// admits refuses pages of sites that the inbox does not list. Without an Origin no page is asking.
func (s *Server) admits(r *http.Request, inbox desk.Inbox) error {
	origin := r.Header.Get("Origin")
	if origin == "" || len(inbox.Origins) == 0 || slices.Contains(inbox.Origins, origin) || slices.Contains(s.Origins, origin) {
		return nil
	}
	if u, err := url.Parse(origin); err == nil && u.Host != "" && u.Host == r.Host {
		return nil
	}
	return &desk.Error{Code: desk.Forbidden, Message: "this site may not embed the inbox"}
}
