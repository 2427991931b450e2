package main

import (
	"net/http"
	"strings"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

// poolPath is where the front shows the user pool to browsers: its tokens name an issuer on AWS, which no browser here
// may ask.
const poolPath = "/pool"

// mountPages mounts the pages of the bucket with the headers of CloudFront, and the user pool's own for signing in.
func (f *front) mountPages(mux *http.ServeMux) {
	as := func(path string, _ *http.Request) string { return path }
	for _, path := range []string{"/oauth2/", "/login", "/logout"} {
		mux.Handle(path, f.proxy("", as))
	}
	public := "http://" + f.address
	mux.HandleFunc("GET "+poolPath+"/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{
			"issuer": f.Issuer, "authorization_endpoint": public + "/oauth2/authorize", "token_endpoint": public + "/oauth2/token",
			"end_session_endpoint": public + "/logout", "jwks_uri": public + poolPath + "/keys", "response_types_supported": []string{"code"},
			"code_challenge_methods_supported": []string{"S256"}, "subject_types_supported": []string{"public"},
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.Handle("GET "+poolPath+"/keys", f.proxy("", func(string, *http.Request) string { return "/" + f.UserPoolID + "/.well-known/jwks.json" }))
	mux.HandleFunc("GET /config.json", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, deployedConfig{Issuer: public + poolPath, ClientID: f.ClientID, Audience: f.ClientID, MaxAttachment: deployedAttachment})
	})
	mux.HandleFunc("/", f.page)
}

// page serves a page of the bucket, as CloudFront does.
func (f *front) page(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	key := config.PageKey(r.URL.Path)
	page, err := f.pages.Get(r.Context(), key)
	switch {
	case desk.Is(err, desk.NotFound):
		http.NotFound(w, r)
		return
	case err != nil:
		refuse(w, err, http.StatusBadGateway)
		return
	}
	h, ancestors := w.Header(), "'none'"
	if strings.HasPrefix(key, "widget") {
		ancestors = "*"
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	h.Set("Content-Security-Policy", config.PagePolicy("ws://"+f.address+" "+f.access.EndpointURL, f.access.EndpointURL, ancestors))
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", page.Type)
	h.Set("Cache-Control", page.Keep)
	w.Write(page.Body) //nolint:errcheck // the browser left
}
