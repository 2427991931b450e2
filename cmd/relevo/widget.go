package main

import (
	"bytes"
	"html/template"
	"net/http"
	"regexp"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

// mountWidget mounts the customers' chat, if it was built: the loader for the pages of others, and the application that
// they frame.
func (g *gateway) mountWidget(mux *http.ServeMux) {
	if !wasBuilt("widget/index.html") {
		mux.Handle("GET /demo", g.page(unbuilt))
		return
	}
	mux.HandleFunc("GET /demo", g.shop)
	mux.HandleFunc("GET /widget.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		g.serveBuilt(w, r, "widget/widget.js", keepMinutes)
	})
	mux.HandleFunc("GET /widget/{$}", g.widgetPage)
	mux.HandleFunc("GET /widget/assets/{file}", func(w http.ResponseWriter, r *http.Request) {
		g.serveBuilt(w, r, "widget/assets/"+r.PathValue("file"), keepAlways)
	})
}

// widgetPage serves the application to the sites that the inbox lets embed it.
func (g *gateway) widgetPage(w http.ResponseWriter, r *http.Request) {
	inbox, err := g.webInbox(r)
	if err != nil {
		g.noInbox(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(g.policy(), "frame-ancestors 'none'", "frame-ancestors "+ancestors(inbox.Origins), 1))
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	g.serveBuilt(w, r, "widget/index.html", keepNever)
}

// webInbox finds the inbox that the query names by its public key; "web" if it names none. Codes: not_found, unavailable.
func (g *gateway) webInbox(r *http.Request) (desk.Inbox, error) {
	key := r.URL.Query().Get("inbox")
	if key == "" {
		key = "web"
	}
	account, id, err := g.desk.Store.InboxByKey(r.Context(), key)
	if err != nil {
		return desk.Inbox{}, err
	}
	settings, err := g.desk.Settings(r.Context(), account)
	if err != nil {
		return desk.Inbox{}, err
	}
	inbox := settings.Inboxes[id]
	if inbox.Deleted || inbox.Channel != desk.WebChat {
		return desk.Inbox{}, &desk.Error{Code: desk.NotFound, Message: "no such inbox"}
	}
	return inbox, nil
}

func (g *gateway) noInbox(w http.ResponseWriter, r *http.Request, err error) {
	if desk.Is(err, desk.NotFound) {
		http.NotFound(w, r)
		return
	}
	g.fault(w, r, err)
}

// plainOrigin is an origin that stays one word of a policy.
var plainOrigin = regexp.MustCompile(`^https?://[A-Za-z0-9.\-]+(:\d+)?$`)

// ancestors gives the sources of frame-ancestors: the sites that an inbox names and the desk itself; without any, every
// site.
func ancestors(origins []string) string {
	if len(origins) == 0 {
		return "*"
	}
	allowed := "'self'"
	for _, origin := range origins {
		if plainOrigin.MatchString(origin) {
			allowed += " " + origin
		}
	}
	return allowed
}

var shopPage = template.Must(template.ParseFS(pageFiles, "pages/shop.html"))

// shop serves the demo shop: a page of somebody else's, but for the widget's snippet.
func (g *gateway) shop(w http.ResponseWriter, r *http.Request) {
	if r.Host != g.publicHost() && g.loopback {
		http.Redirect(w, r, g.public+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		return
	}
	inbox, err := g.webInbox(r)
	if err != nil {
		g.noInbox(w, r, err)
		return
	}
	var page bytes.Buffer
	if err := shopPage.Execute(&page, inbox); err != nil {
		g.fault(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", g.policy())
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	g.answerFile(w, r, ".html", page.Bytes(), keepNever)
}
