package local

import (
	"bytes"
	"context"
	"encoding/hex"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

const maxSignInForm = 16 << 10 // bytes

// request is what a client asks of the authorization endpoint, and what its page sends back.
type request struct {
	ResponseType, ClientID, RedirectURI, Scope, State, Nonce, Challenge, Method string
}

// grant is what an authorization code buys.
type grant struct {
	request
	subject string
	expires time.Time
	family  string // of the refresh tokens; "" until the code was used
	used    bool
}

var signInPage = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in to the local desk</title>
<link rel="stylesheet" href="style.css">
<main>
<h1>Sign in to the local desk</h1>
{{if .Refusal}}<p role="alert">{{.Refusal}}</p>{{else}}<p>This desk has no passwords. Pick who you want to be.</p>
<form method="post" action="authorize">
{{with .Request}}<input type="hidden" name="response_type" value="{{.ResponseType}}">
<input type="hidden" name="client_id" value="{{.ClientID}}">
<input type="hidden" name="redirect_uri" value="{{.RedirectURI}}">
<input type="hidden" name="scope" value="{{.Scope}}">
<input type="hidden" name="state" value="{{.State}}">
<input type="hidden" name="nonce" value="{{.Nonce}}">
<input type="hidden" name="code_challenge" value="{{.Challenge}}">
<input type="hidden" name="code_challenge_method" value="{{.Method}}">
{{end}}<ul>
{{range .People}}<li><button name="subject" value="{{.Subject}}"><b>{{.Name}}</b> <span>{{.Email}}</span> <i>{{.Role}}</i></button></li>
{{else}}<li>There is nobody yet.</li>
{{end}}</ul>
</form>{{end}}
</main>
</html>
`))

const signInStyle = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
main { max-width: 28rem; margin: 4rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem }
ul { list-style: none; padding: 0 }
button { width: 100%; margin: .25rem 0; padding: .75rem 1rem; font: inherit; text-align: start; cursor: pointer;
  border: 1px solid GrayText; border-radius: .5rem; background: Canvas; color: CanvasText }
button:hover, button:focus-visible { outline: 3px solid Highlight }
`

// style serves the page's only style sheet.
func style(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(signInStyle))
}

// authorize shows the people, and sends the browser back with a code once one is picked (RFC 6749, 4.1).
func (i *Issuer) authorize(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxSignInForm)
	if err := r.ParseForm(); err != nil {
		i.page(w, r, http.StatusBadRequest, signIn{Refusal: "The form is damaged or too large."})
		return
	}
	req := request{r.Form.Get("response_type"), r.Form.Get("client_id"), r.Form.Get("redirect_uri"), r.Form.Get("scope"),
		r.Form.Get("state"), r.Form.Get("nonce"), r.Form.Get("code_challenge"), r.Form.Get("code_challenge_method")}
	if req.ClientID != i.ClientID || !i.mayReturn(req.RedirectURI) {
		// RFC 6749, 4.1.2.1: never redirect to an address that is not known to be the client's
		i.page(w, r, http.StatusBadRequest, signIn{Refusal: "This address was not made by this desk's console."})
		return
	}
	if code, text := req.refusal(); code != "" {
		sendBack(w, r, req, url.Values{"error": {code}, "error_description": {text}})
		return
	}
	if r.Method == http.MethodGet {
		people, err := i.People(r.Context())
		if err != nil {
			i.fail(w, r, req, err)
			return
		}
		i.page(w, r, http.StatusOK, signIn{Request: req, People: people})
		return
	}
	code, err := i.grant(r.Context(), req, r.PostForm.Get("subject"))
	if err != nil {
		i.fail(w, r, req, err)
		return
	}
	sendBack(w, r, req, url.Values{"code": {code}, "iss": {i.Name()}})
}

func (i *Issuer) fail(w http.ResponseWriter, r *http.Request, req request, err error) {
	if desk.Is(err, desk.NotFound) {
		sendBack(w, r, req, url.Values{"error": {"access_denied"}, "error_description": {"there is no such person"}})
		return
	}
	i.Log.ErrorContext(r.Context(), "the people who may sign in could not be listed", "error", err)
	sendBack(w, r, req, url.Values{"error": {"server_error"}})
}

// refusal names what is wrong with a request, as RFC 6749 (4.1.2.1) and RFC 7636 (4.4.1) do.
func (r request) refusal() (code, text string) {
	switch {
	case r.ResponseType != "code":
		return "unsupported_response_type", "response_type must be code"
	case r.Method != "S256":
		return "invalid_request", "code_challenge_method must be S256"
	case len(r.Challenge) != 43: // base64url of 32 bytes
		return "invalid_request", "code_challenge must be the SHA-256 of the verifier"
	}
	return "", ""
}

// mayReturn reports whether an address lies under the desk's public URL.
func (i *Issuer) mayReturn(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != i.public.Scheme || u.Host != i.public.Host || u.User != nil || u.Fragment != "" ||
		strings.Contains(u.Path, `\`) {
		return false
	}
	return strings.HasPrefix(path.Clean("/"+u.Path)+"/", strings.TrimRight(i.public.Path, "/")+"/")
}

func sendBack(w http.ResponseWriter, r *http.Request, req request, answer url.Values) {
	u, err := url.Parse(req.RedirectURI)
	if err != nil { // mayReturn has parsed it
		http.Error(w, "the redirect address is damaged", http.StatusBadRequest)
		return
	}
	query := u.Query()
	for name, values := range answer {
		query[name] = values
	}
	if req.State != "" {
		query.Set("state", req.State)
	}
	u.RawQuery = query.Encode()
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, u.String(), http.StatusSeeOther)
}

// grant makes a code; codes that expired are forgotten.
func (i *Issuer) grant(ctx context.Context, req request, subject string) (string, error) {
	person, err := i.person(ctx, subject)
	if err != nil {
		return "", err
	}
	code := hex.EncodeToString(randomBytes(32))
	now := i.Now()
	i.mu.Lock()
	defer i.mu.Unlock()
	for old, g := range i.codes {
		if !now.Before(g.expires) {
			delete(i.codes, old)
		}
	}
	i.codes[code] = &grant{request: req, subject: person.Subject, expires: now.Add(codeTime)}
	return code, nil
}

// signIn is what the page shows: a refusal, or the people to pick from.
type signIn struct {
	Refusal string
	Request request
	People  []Person
}

func (i *Issuer) page(w http.ResponseWriter, r *http.Request, status int, show signIn) {
	var page bytes.Buffer
	if err := signInPage.Execute(&page, show); err != nil {
		i.Log.ErrorContext(r.Context(), "the sign-in page could not be made", "error", err)
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	}
	origin := i.public.Scheme + "://" + i.public.Host
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self' "+origin+
		"; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if _, err := page.WriteTo(w); err != nil {
		i.Log.DebugContext(r.Context(), "the caller left before the page", "error", err)
	}
}
