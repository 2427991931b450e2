package local

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/relevo/relevo/internal/desk"
)

const (
	rsaBits  = 2048
	codeTime = time.Minute // an authorization code's life
)

// Person is one who may sign in at the local desk's page.
type Person struct {
	Subject string // the token's sub
	Name    string
	Email   string
	Role    string
}

// IssuerOptions set up the local desk's own OpenID Connect issuer.
type IssuerOptions struct {
	PublicURL  string        // how browsers reach the desk; the issuer is this and "/oidc"
	ClientID   string        // the console's; empty: relevo-console
	Audience   string        // of access tokens; empty: relevo
	AccessTTL  time.Duration // of access and id tokens; 0: 15 minutes
	RefreshTTL time.Duration // of a refresh token that is not used; 0: 30 days
	// People lists who may sign in; whoever is no longer listed gets no new token.
	People func(ctx context.Context) ([]Person, error)
	Now    func() time.Time // the clock; nil: time.Now
	Log    *slog.Logger     // hears of what is not a caller's fault; nil: slog.Default
}

// Issuer is the OpenID Connect issuer of a desk without one: whoever reaches its page picks who to be. It belongs on a
// loopback address and is never mounted where another issuer is configured. Authorization code with PKCE (RFC 7636,
// S256 only), public client, rotating refresh tokens.
type Issuer struct {
	IssuerOptions
	file   *File
	mux    *http.ServeMux
	public *url.URL
	key    *rsa.PrivateKey
	keyID  string

	mu    sync.Mutex
	codes map[string]*grant // code -> what it buys
}

// Issuer gives the file's issuer: a handler for /oidc/. Its signing key is made once and stays. Codes: invalid (the
// public URL makes no sense), unavailable.
func (f *File) Issuer(options IssuerOptions) (*Issuer, error) {
	options.PublicURL = strings.TrimRight(options.PublicURL, "/")
	public, err := url.Parse(options.PublicURL)
	if err != nil || public.Host == "" || public.Scheme != "http" && public.Scheme != "https" {
		return nil, desk.InvalidField("public_url", "want http://host or https://host")
	}
	if options.People == nil {
		return nil, desk.InvalidField("people", "nobody could sign in")
	}
	i := &Issuer{IssuerOptions: options.withDefaults(), file: f, public: public, codes: map[string]*grant{}}
	der, err := f.ownKey("issuer", newIssuerKey)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, desk.Wrap(desk.Unavailable, err, "read the issuer's key")
	}
	var ok bool
	if i.key, ok = key.(*rsa.PrivateKey); !ok {
		return nil, desk.Errorf(desk.Unavailable, "the issuer's key is no RSA key")
	}
	i.keyID = thumbprint(&i.key.PublicKey)
	if err := i.forgetExpired(); err != nil {
		return nil, err
	}
	i.mux = http.NewServeMux()
	i.mux.HandleFunc("GET /oidc/.well-known/openid-configuration", i.discovery)
	i.mux.HandleFunc("GET /oidc/jwks", i.jwks)
	i.mux.HandleFunc("GET /oidc/authorize", i.authorize)
	i.mux.HandleFunc("POST /oidc/authorize", i.authorize)
	i.mux.HandleFunc("GET /oidc/style.css", style)
	i.mux.HandleFunc("POST /oidc/token", i.token)
	return i, nil
}

func (o IssuerOptions) withDefaults() IssuerOptions {
	if o.ClientID == "" {
		o.ClientID = "relevo-console"
	}
	if o.Audience == "" {
		o.Audience = "relevo"
	}
	if o.AccessTTL == 0 {
		o.AccessTTL = 15 * time.Minute
	}
	if o.RefreshTTL == 0 {
		o.RefreshTTL = 30 * 24 * time.Hour
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

func newIssuerKey() ([]byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, rsaBits)
	if err != nil {
		return nil, err
	}
	return x509.MarshalPKCS8PrivateKey(key)
}

// thumbprint names the key, as RFC 7638 does.
func thumbprint(key *rsa.PublicKey) string {
	n, e := keyNumbers(key)
	sum := sha256.Sum256([]byte(`{"e":"` + e + `","kty":"RSA","n":"` + n + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// keyNumbers writes modulus and exponent as a JWK does (RFC 7518, 6.3.1).
func keyNumbers(key *rsa.PublicKey) (n, e string) {
	exponent := binary.BigEndian.AppendUint32(nil, uint32(key.E))
	for exponent[0] == 0 {
		exponent = exponent[1:]
	}
	return base64.RawURLEncoding.EncodeToString(key.N.Bytes()), base64.RawURLEncoding.EncodeToString(exponent)
}

// Name is the issuer's name: the iss of its tokens, and the address under which its configuration lies.
func (i *Issuer) Name() string { return i.PublicURL + "/oidc" }

// ServeHTTP serves everything under /oidc/.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) { i.mux.ServeHTTP(w, r) }

// discovery is OpenID Connect Discovery 1.0, 4.
func (i *Issuer) discovery(w http.ResponseWriter, r *http.Request) {
	name := i.Name()
	i.answer(w, r, http.StatusOK, map[string]any{
		"issuer":                                name,
		"authorization_endpoint":                name + "/authorize",
		"token_endpoint":                        name + "/token",
		"jwks_uri":                              name + "/jwks",
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token"},
		"subject_types_supported":               []string{"public"},
		"scopes_supported":                      []string{"openid", "profile", "email", "offline_access"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"token_endpoint_auth_methods_supported": []string{"none"},
		"code_challenge_methods_supported":      []string{"S256"},
		"claims_supported":                      []string{"sub", "iss", "aud", "exp", "iat", "nonce", "name", "email"},
	})
}

func (i *Issuer) jwks(w http.ResponseWriter, r *http.Request) {
	n, e := keyNumbers(&i.key.PublicKey)
	i.answer(w, r, http.StatusOK, map[string]any{"keys": []map[string]string{
		{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": i.keyID, "n": n, "e": e}}})
}

func (i *Issuer) answer(w http.ResponseWriter, r *http.Request, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		i.Log.DebugContext(r.Context(), "the caller left before the answer", "error", err)
	}
}

// Token makes an access token for a subject, listed or not, for POST /dev/token. Codes: internal.
func (i *Issuer) Token(subject string, ttl time.Duration) (string, error) {
	return i.sign(jwt.MapClaims{"sub": subject, "aud": i.Audience, "client_id": i.ClientID, "token_use": "access"}, ttl)
}

// idToken tells the console who signed in (OpenID Connect Core 1.0, 2). It is no access token: its audience is the
// client.
func (i *Issuer) idToken(p Person, nonce string) (string, error) {
	claims := jwt.MapClaims{"sub": p.Subject, "aud": i.ClientID, "token_use": "id", "name": p.Name, "email": p.Email}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	return i.sign(claims, i.AccessTTL)
}

func (i *Issuer) sign(claims jwt.MapClaims, ttl time.Duration) (string, error) {
	now := i.Now()
	claims["iss"], claims["iat"], claims["exp"] = i.Name(), now.Unix(), now.Add(ttl).Unix()
	claims["jti"] = hex.EncodeToString(randomBytes(16))
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = i.keyID
	signed, err := token.SignedString(i.key)
	return signed, desk.Wrap(desk.Internal, err, "sign a token")
}

// person finds a subject among the people; not_found if it is not there.
func (i *Issuer) person(ctx context.Context, subject string) (Person, error) {
	people, err := i.People(ctx)
	if err != nil {
		return Person{}, err
	}
	for _, p := range people {
		if p.Subject == subject {
			return p, nil
		}
	}
	return Person{}, desk.Errorf(desk.NotFound, "there is nobody of that subject")
}
