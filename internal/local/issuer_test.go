package local_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/local"
)

const verifier = "a-verifier-of-at-least-forty-three-characters-1234"

// signInDesk is a desk's issuer, served, and a browser that follows no redirect.
type signInDesk struct {
	*local.Issuer
	t      *testing.T
	url    string
	now    time.Time
	people []local.Person
}

func openIssuer(t *testing.T, dir string) *signInDesk {
	t.Helper()
	d := &signInDesk{t: t, now: time.Now(), people: []local.Person{
		{Subject: "s-ana", Name: "Ana <b>", Email: "ana@demo.test", Role: "administrator"},
		{Subject: "s-ines", Name: "Inés", Email: "ines@demo.test", Role: "agent"},
	}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	d.url = server.URL
	var err error
	d.Issuer, err = openFile(t, dir).Issuer(local.IssuerOptions{PublicURL: server.URL + "/",
		People: func(context.Context) ([]local.Person, error) { return d.people, nil },
		Now:    func() time.Time { return d.now }})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// ask is a good authorization request.
func (d *signInDesk) ask() url.Values {
	sum := sha256.Sum256([]byte(verifier))
	return url.Values{"response_type": {"code"}, "client_id": {"relevo-console"}, "redirect_uri": {d.url + "/callback?a=b"},
		"scope": {"openid email"}, "state": {"s&1"}, "nonce": {"n1"}, "code_challenge_method": {"S256"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}}
}

func (d *signInDesk) get(address string) (page, string) {
	d.t.Helper()
	return get(d.t, address)
}

func (d *signInDesk) post(address string, form url.Values) (page, string) {
	d.t.Helper()
	return fetch(d.t, http.MethodPost, address, "application/x-www-form-urlencoded", d.url, strings.NewReader(form.Encode()))
}

// pick is what the page's button does; it gives the query of the address the browser is sent back to.
func (d *signInDesk) pick(ask url.Values, subject string) url.Values {
	d.t.Helper()
	ask.Set("subject", subject)
	answer, body := d.post(d.url+"/oidc/authorize", ask)
	back, err := url.Parse(answer.Header.Get("Location"))
	if err != nil || answer.StatusCode != http.StatusSeeOther || !strings.HasPrefix(back.String(), d.url+"/callback?") {
		d.t.Fatalf("status %d, to %v, %v: %s", answer.StatusCode, back, err, body)
	}
	return back.Query()
}

type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	IDToken      string `json:"id_token"`
	RefreshToken string `json:"refresh_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	Error        string `json:"error"`
}

func (d *signInDesk) exchange(form url.Values) tokenAnswer {
	d.t.Helper()
	answer, body := d.post(d.url+"/oidc/token", form)
	var got tokenAnswer
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		d.t.Fatalf("%s: %v", body, err)
	}
	if answer.Header.Get("Cache-Control") != "no-store" || (answer.StatusCode == http.StatusOK) != (got.Error == "") {
		d.t.Errorf("status %d, cached as %q: %s", answer.StatusCode, answer.Header.Get("Cache-Control"), body)
	}
	return got
}

func (d *signInDesk) codeForm(code string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "client_id": {"relevo-console"}, "code": {code},
		"redirect_uri": {d.url + "/callback?a=b"}, "code_verifier": {verifier}}
}

func (d *signInDesk) refresh(token string) tokenAnswer {
	d.t.Helper()
	return d.exchange(url.Values{"grant_type": {"refresh_token"}, "client_id": {"relevo-console"}, "refresh_token": {token}})
}

func (d *signInDesk) signIn() tokenAnswer {
	d.t.Helper()
	got := d.exchange(d.codeForm(d.pick(d.ask(), "s-ana").Get("code")))
	if got.Error != "" {
		d.t.Fatal(got.Error)
	}
	return got
}

// claims checks a token as a desk with this issuer does: by discovery and the published keys.
func (d *signInDesk) claims(token, audience string) jwt.MapClaims {
	d.t.Helper()
	_, body := d.get(d.url + "/oidc/.well-known/openid-configuration")
	var found struct {
		Issuer string
		Keys   string `json:"jwks_uri"`
	}
	if err := json.Unmarshal([]byte(body), &found); err != nil {
		d.t.Fatal(err)
	}
	_, keys := d.get(found.Keys)
	set, err := keyfunc.NewJWKSetJSON(json.RawMessage(keys))
	if err != nil {
		d.t.Fatal(err)
	}
	claims := jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(token, claims, set.Keyfunc, jwt.WithValidMethods([]string{"RS256"}),
		jwt.WithIssuer(found.Issuer), jwt.WithAudience(audience), jwt.WithIssuedAt(), jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(func() time.Time { return d.now }))
	if err != nil {
		d.t.Fatal(err)
	}
	return claims
}

func TestIssuerSignIn(t *testing.T) {
	t.Run("OK", func(t *testing.T) {
		d := openIssuer(t, t.TempDir())
		answer, body := d.get(d.url + "/oidc/authorize?" + d.ask().Encode())
		if answer.StatusCode != http.StatusOK || !strings.Contains(body, "Ana &lt;b&gt;") || !strings.Contains(body, "ines@demo.test") {
			t.Errorf("status %d: %s", answer.StatusCode, body)
		}
		policy := answer.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") ||
			strings.Contains(policy, "unsafe") || strings.Contains(body, "<script") || strings.Contains(body, "<style") {
			t.Errorf("policy %q", policy)
		}
		back := d.pick(d.ask(), "s-ines")
		if back.Get("state") != "s&1" || back.Get("a") != "b" {
			t.Errorf("sent back with %v", back)
		}
		got := d.exchange(d.codeForm(back.Get("code")))
		access, id := d.claims(got.AccessToken, "relevo"), d.claims(got.IDToken, "relevo-console")
		if access["sub"] != "s-ines" || access["token_use"] != "access" || access["client_id"] != "relevo-console" {
			t.Errorf("access token %v", access)
		}
		if id["sub"] != "s-ines" || id["nonce"] != "n1" || id["email"] != "ines@demo.test" || id["token_use"] != "id" {
			t.Errorf("id token %v", id)
		}
		if got.TokenType != "Bearer" || got.ExpiresIn != 900 {
			t.Errorf("got %+v", got)
		}
		if answer, _ := d.get(d.url + "/oidc/style.css"); !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/css") {
			t.Errorf("the style is %q", answer.Header.Get("Content-Type"))
		}
	})
	t.Run("ErrForeignClient", func(t *testing.T) {
		d := openIssuer(t, t.TempDir())
		for name, value := range map[string][2]string{
			"Client":   {"client_id", "other"},
			"Origin":   {"redirect_uri", "https://evil.example/callback"},
			"Prefix":   {"redirect_uri", d.url + ".evil.example/"},
			"User":     {"redirect_uri", "http://u@" + strings.TrimPrefix(d.url, "http://") + "/"},
			"Fragment": {"redirect_uri", d.url + "/#a"},
			"Script":   {"redirect_uri", "javascript:alert(1)"},
			"None":     {"redirect_uri", ""},
		} {
			ask := d.ask()
			ask.Set(value[0], value[1])
			answer, _ := d.get(d.url + "/oidc/authorize?" + ask.Encode())
			if answer.StatusCode != http.StatusBadRequest || answer.Header.Get("Location") != "" {
				t.Errorf("%s: status %d, to %q", name, answer.StatusCode, answer.Header.Get("Location"))
			}
		}
	})
	t.Run("ErrRequest", func(t *testing.T) {
		d := openIssuer(t, t.TempDir())
		for _, c := range [][3]string{
			{"response_type", "token", "unsupported_response_type"},
			{"code_challenge_method", "plain", "invalid_request"},
			{"code_challenge", "", "invalid_request"},
			{"subject", "s-nobody", "access_denied"},
		} {
			ask := d.ask()
			ask.Set(c[0], c[1])
			if back := d.pick(ask, ask.Get("subject")); back.Get("error") != c[2] || back.Get("code") != "" || back.Get("state") != "s&1" {
				t.Errorf("%s=%q: sent back with %v", c[0], c[1], back)
			}
		}
	})
}

func TestIssuerCode(t *testing.T) {
	d := openIssuer(t, t.TempDir())
	code := func() string { return d.pick(d.ask(), "s-ana").Get("code") }
	for name, spoil := range map[string]func(url.Values){
		"ErrVerifier":     func(f url.Values) { f.Set("code_verifier", strings.Repeat("x", 50)) },
		"ErrNoVerifier":   func(f url.Values) { f.Del("code_verifier") },
		"ErrRedirect":     func(f url.Values) { f.Set("redirect_uri", d.url+"/other") },
		"ErrUnknown":      func(f url.Values) { f.Set("code", "x") },
		"ErrClient":       func(f url.Values) { f.Set("client_id", "other") },
		"ErrGrantType":    func(f url.Values) { f.Set("grant_type", "password") },
		"ErrExpired":      func(url.Values) { d.now = d.now.Add(time.Minute) },
		"ErrPersonIsGone": func(url.Values) { d.people = d.people[1:] },
	} {
		t.Run(name, func(t *testing.T) {
			people := d.people
			defer func() { d.people = people }()
			form := d.codeForm(code())
			spoil(form)
			if got := d.exchange(form); got.Error == "" || got.AccessToken != "" {
				t.Errorf("got %+v", got)
			}
		})
	}
	t.Run("ErrUsedTwice", func(t *testing.T) {
		form := d.codeForm(code())
		first := d.exchange(form)
		if got := d.exchange(form); got.Error != "invalid_grant" {
			t.Errorf("got %+v", got)
		}
		if got := d.refresh(first.RefreshToken); got.Error != "invalid_grant" {
			t.Errorf("what a stolen code bought still works: %+v", got)
		}
	})
}

func TestIssuerRefresh(t *testing.T) {
	t.Run("OKAfterRestart", func(t *testing.T) {
		dir := t.TempDir()
		var first tokenAnswer
		t.Run("before", func(t *testing.T) { first = openIssuer(t, dir).signIn() })
		d := openIssuer(t, dir)
		got := d.refresh(first.RefreshToken)
		if claims := d.claims(got.AccessToken, "relevo"); claims["sub"] != "s-ana" {
			t.Errorf("got %v", claims)
		}
		if got = d.refresh(got.RefreshToken); got.Error != "" {
			t.Errorf("the next one: %s", got.Error)
		}
	})
	t.Run("ErrUsedTwice", func(t *testing.T) {
		d := openIssuer(t, t.TempDir())
		first := d.signIn()
		second := d.refresh(first.RefreshToken)
		for _, token := range []string{first.RefreshToken, second.RefreshToken} {
			if got := d.refresh(token); got.Error != "invalid_grant" {
				t.Errorf("got %+v", got)
			}
		}
	})
	t.Run("ErrExpired", func(t *testing.T) {
		d := openIssuer(t, t.TempDir())
		first := d.signIn()
		d.now = d.now.Add(30 * 24 * time.Hour)
		if got := d.refresh(first.RefreshToken); got.Error != "invalid_grant" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("ErrPersonIsGone", func(t *testing.T) {
		d := openIssuer(t, t.TempDir())
		first := d.signIn()
		d.people = nil
		if got := d.refresh(first.RefreshToken); got.Error != "invalid_grant" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("ErrUnknown", func(t *testing.T) {
		d := openIssuer(t, t.TempDir())
		for _, token := range []string{"", ".", "a.b"} {
			if got := d.refresh(token); got.Error != "invalid_grant" {
				t.Errorf("%q: got %+v", token, got)
			}
		}
	})
}

func TestIssuerToken(t *testing.T) {
	d := openIssuer(t, t.TempDir())
	token, err := d.Token("s-ana", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	claims := d.claims(token, "relevo")
	issued, err1 := claims.GetIssuedAt()
	expires, err2 := claims.GetExpirationTime()
	if err1 != nil || err2 != nil || claims["sub"] != "s-ana" || expires.Sub(issued.Time) != time.Hour {
		t.Errorf("got %v", claims)
	}
}

func TestIssuerOptions(t *testing.T) {
	people := func(context.Context) ([]local.Person, error) { return nil, nil }
	for name, options := range map[string]local.IssuerOptions{
		"ErrNoURL":     {People: people},
		"ErrURL":       {People: people, PublicURL: "localhost:8080"},
		"ErrNobodyAsk": {PublicURL: "http://localhost:8080"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := openFile(t, t.TempDir()).Issuer(options); !desk.Is(err, desk.Invalid) {
				t.Errorf("got %v, want invalid", err)
			}
		})
	}
}
