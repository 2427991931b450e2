package api_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"

	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/desk"
)

// issuer is a small OpenID Connect issuer whose doors can be shut.
type issuer struct {
	*httptest.Server
	claimed string // its name in the configuration, if not the true one
	down    atomic.Bool
	fetches atomic.Int64 // of the keys

	mu   sync.Mutex
	keys map[string]crypto.Signer
}

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{keys: map[string]crypto.Signer{"k1": rsaKey()}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		name := i.claimed
		if name == "" {
			name = i.URL
		}
		json.NewEncoder(w).Encode(map[string]string{"issuer": name, "jwks_uri": i.URL + "/keys"})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		i.fetches.Add(1)
		w.Write(i.jwks(t))
	})
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if i.down.Load() {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) add(kid string, key crypto.Signer) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys[kid] = key
}

func (i *issuer) jwks(t *testing.T) []byte {
	i.mu.Lock()
	defer i.mu.Unlock()
	set := jwkset.NewMemoryStorage()
	for kid, key := range i.keys {
		k, err := jwkset.NewJWKFromKey(key.Public(), jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{KID: kid, USE: jwkset.UseSig}})
		if err != nil {
			t.Error(err)
			continue
		}
		set.KeyWrite(context.Background(), k)
	}
	raw, err := set.JSONPublic(context.Background())
	if err != nil {
		t.Error(err)
	}
	var doc map[string][]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Error(err)
	}
	doc["keys"] = append(doc["keys"], map[string]string{"kty": "XYZ", "kid": "of another world"})
	raw, _ = json.Marshal(doc)
	return raw
}

func (i *issuer) sign(t *testing.T, method jwt.SigningMethod, kid string, key any, claims jwt.MapClaims, header ...string) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	if kid != "" {
		token.Header["kid"] = kid
	}
	for n := 0; n+1 < len(header); n += 2 {
		token.Header[header[n]] = header[n+1]
	}
	signed, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// claims gives good ones with some replaced; nil takes one away.
func (i *issuer) claims(c *clock, changed jwt.MapClaims) jwt.MapClaims {
	claims := jwt.MapClaims{
		"iss": i.URL, "sub": "agent-7", "aud": "relevo", "exp": c.Now().Add(time.Hour).Unix(), "nbf": c.Now().Unix(),
	}
	maps.Copy(claims, changed)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	return claims
}

func verifierOf(t *testing.T, i *issuer, c *clock, change func(*api.VerifierOptions)) api.Verifier {
	t.Helper()
	opts := api.VerifierOptions{Issuer: i.URL, Audience: "relevo", HTTP: i.Client(), Now: c.Now}
	if change != nil {
		change(&opts)
	}
	verify, err := api.NewVerifier(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return verify
}

func TestVerifierTakesGoodTokens(t *testing.T) {
	c, i := newClock(), newIssuer(t)
	verify := verifierOf(t, i, c, nil)
	for name, test := range map[string]struct {
		claims jwt.MapClaims
		header []string
	}{
		"OK":                    {},
		"OK/SeveralAudiences":   {claims: jwt.MapClaims{"aud": []string{"other", "relevo"}}},
		"OK/Cognito":            {claims: jwt.MapClaims{"aud": nil, "client_id": "relevo", "token_use": "access"}},
		"OK/Keycloak":           {claims: jwt.MapClaims{"typ": "Bearer"}},
		"OK/RFC9068":            {header: []string{"typ", "at+jwt"}},
		"OK/ExpiredWithin30s":   {claims: jwt.MapClaims{"exp": c.Now().Add(-29 * time.Second).Unix()}},
		"OK/NotBeforeWithin30s": {claims: jwt.MapClaims{"nbf": c.Now().Add(29 * time.Second).Unix()}},
	} {
		t.Run(name, func(t *testing.T) {
			iss, sub, err := verify(t.Context(), i.sign(t, jwt.SigningMethodRS256, "k1", rsaKey(), i.claims(c, test.claims), test.header...))
			if err != nil || iss != i.URL || sub != "agent-7" {
				t.Errorf("got %q, %q, %v", iss, sub, err)
			}
		})
	}
	t.Run("OK/NoKeyID", func(t *testing.T) {
		if _, _, err := verify(t.Context(), i.sign(t, jwt.SigningMethodRS256, "", rsaKey(), i.claims(c, nil))); err != nil {
			t.Error(err)
		}
	})
	t.Run("OK/KeysCached", func(t *testing.T) {
		if n := i.fetches.Load(); n != 1 {
			t.Errorf("the keys were fetched %d times, want once", n)
		}
	})
	t.Run("OK/ES256", func(t *testing.T) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		i := newIssuer(t)
		i.add("ec", key)
		verify := verifierOf(t, i, c, func(o *api.VerifierOptions) { o.Algorithm, o.JWKSURL = "ES256", i.URL+"/keys" })
		if _, _, err := verify(t.Context(), i.sign(t, jwt.SigningMethodES256, "ec", key, i.claims(c, nil))); err != nil {
			t.Error(err)
		}
		_, _, err = verify(t.Context(), i.sign(t, jwt.SigningMethodRS256, "k1", rsaKey(), i.claims(c, nil)))
		wantRefused(t, err, "algorithm")
	})
}

func TestVerifierRefuses(t *testing.T) {
	c, i := newClock(), newIssuer(t)
	verify := verifierOf(t, i, c, nil)
	foreign, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		claims jwt.MapClaims
		header []string
		says   string
	}{
		"ErrExpired":       {claims: jwt.MapClaims{"exp": c.Now().Add(-31 * time.Second).Unix()}, says: "expired"},
		"ErrNoExpiry":      {claims: jwt.MapClaims{"exp": nil}, says: "lacks"},
		"ErrNotBefore":     {claims: jwt.MapClaims{"nbf": c.Now().Add(31 * time.Second).Unix()}, says: "not valid yet"},
		"ErrOtherIssuer":   {claims: jwt.MapClaims{"iss": "https://evil.example"}, says: "another issuer"},
		"ErrNoIssuer":      {claims: jwt.MapClaims{"iss": nil}, says: "lacks"},
		"ErrOtherAudience": {claims: jwt.MapClaims{"aud": "shop"}, says: "another audience"},
		"ErrClientIDBesideAudience": {
			claims: jwt.MapClaims{"aud": "shop", "client_id": "relevo"}, says: "another audience"},
		"ErrNoAudience": {claims: jwt.MapClaims{"aud": nil}, says: "another audience"},
		"ErrCognitoID":  {claims: jwt.MapClaims{"token_use": "id"}, says: "not an access token"},
		"ErrKeycloakID": {claims: jwt.MapClaims{"typ": "ID"}, says: "not an access token"},
		"ErrLogout":     {header: []string{"typ", "logout+jwt"}, says: "not an access token"},
		"ErrNoSubject":  {claims: jwt.MapClaims{"sub": nil}, says: "subject"},
	} {
		t.Run(name, func(t *testing.T) {
			token := i.sign(t, jwt.SigningMethodRS256, "k1", rsaKey(), i.claims(c, test.claims), test.header...)
			_, _, err := verify(t.Context(), token)
			wantRefused(t, err, test.says)
			if err != nil && strings.Contains(err.Error(), token[:20]) {
				t.Errorf("the message shows the token: %v", err)
			}
		})
	}
	good := i.claims(c, nil)
	signed := i.sign(t, jwt.SigningMethodRS256, "k1", rsaKey(), good)
	for name, test := range map[string]struct{ token, says string }{
		"ErrEmpty":       {"", "malformed"},
		"ErrGarbage":     {"a.b.c", "malformed"},
		"ErrTooLong":     {strings.Repeat("a", 9000), "too long"},
		"ErrForeignKey":  {i.sign(t, jwt.SigningMethodRS256, "k1", foreign, good), "signature"},
		"ErrUnknownKey":  {i.sign(t, jwt.SigningMethodRS256, "k9", foreign, good), "unknown key"},
		"ErrNone":        {i.sign(t, jwt.SigningMethodNone, "k1", jwt.UnsafeAllowNoneSignatureType, good), "algorithm"},
		"ErrHMAC":        {i.sign(t, jwt.SigningMethodHS256, "k1", rsaKey().N.Bytes(), good), "algorithm"},
		"ErrPS256":       {i.sign(t, jwt.SigningMethodPS256, "k1", rsaKey(), good), "algorithm"},
		"ErrNoSignature": {signed[:strings.LastIndex(signed, ".")+1], "signature"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := verify(t.Context(), test.token)
			wantRefused(t, err, test.says)
		})
	}
}

func TestVerifierFetchesKeys(t *testing.T) {
	t.Run("OK/Rotation", func(t *testing.T) {
		c, i := newClock(), newIssuer(t)
		verify := verifierOf(t, i, c, nil)
		check := func(kid string, key any) error {
			_, _, err := verify(t.Context(), i.sign(t, jwt.SigningMethodRS256, kid, key, i.claims(c, nil)))
			return err
		}
		if err := check("k1", rsaKey()); err != nil {
			t.Fatal(err)
		}
		i.add("k2", rsaKey())
		if err := check("k2", rsaKey()); err != nil {
			t.Errorf("the new key is not known: %v", err)
		}
		before := i.fetches.Load()
		for range 20 {
			wantRefused(t, check("made up", rsaKey()), "unknown key")
		}
		if n := i.fetches.Load() - before; n > 2 {
			t.Errorf("made-up keys caused %d fetches, want at most the 2 left of the burst", n)
		}
		i.add("k3", rsaKey())
		wantRefused(t, check("k3", rsaKey()), "unknown key")
		c.advance(31 * time.Second)
		if err := check("k3", rsaKey()); err != nil {
			t.Errorf("the key is not found after the pause: %v", err)
		}
	})
	t.Run("OK/OldKeysServeWhileTheIssuerIsDown", func(t *testing.T) {
		c, i := newClock(), newIssuer(t)
		verify := verifierOf(t, i, c, nil)
		for range 2 {
			if _, _, err := verify(t.Context(), i.sign(t, jwt.SigningMethodRS256, "k1", rsaKey(), i.claims(c, nil))); err != nil {
				t.Fatal(err)
			}
			i.down.Store(true)
			c.advance(2 * time.Hour)
		}
	})
	t.Run("OK/FetchedOnceForAll", func(t *testing.T) {
		c, i := newClock(), newIssuer(t)
		verify := verifierOf(t, i, c, nil)
		token := i.sign(t, jwt.SigningMethodRS256, "k1", rsaKey(), i.claims(c, nil))
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, _, err := verify(t.Context(), token); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := i.fetches.Load(); n != 1 {
			t.Errorf("%d fetches, want one", n)
		}
	})
	t.Run("ErrUnavailable/ThenBack", func(t *testing.T) {
		c, i := newClock(), newIssuer(t)
		i.down.Store(true)
		verify := verifierOf(t, i, c, nil)
		token := i.sign(t, jwt.SigningMethodRS256, "k1", rsaKey(), i.claims(c, nil))
		for range 3 {
			if _, _, err := verify(t.Context(), token); !desk.Is(err, desk.Unavailable) {
				t.Fatalf("got %v, want unavailable", err)
			}
		}
		i.down.Store(false)
		c.advance(3 * time.Second)
		if _, _, err := verify(t.Context(), token); err != nil {
			t.Errorf("the issuer is back, and still %v", err)
		}
	})
	t.Run("ErrUnavailable/ConfigurationOfAnother", func(t *testing.T) {
		c, i := newClock(), newIssuer(t)
		i.claimed = "https://evil.example"
		verify := verifierOf(t, i, c, nil)
		_, _, err := verify(t.Context(), i.sign(t, jwt.SigningMethodRS256, "k1", rsaKey(), i.claims(c, nil)))
		if !desk.Is(err, desk.Unavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
	})
	t.Run("ErrUnavailable/CallerHangsUp", func(t *testing.T) {
		c, i := newClock(), newIssuer(t)
		verify := verifierOf(t, i, c, nil)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		token := i.sign(t, jwt.SigningMethodRS256, "k1", rsaKey(), i.claims(c, nil))
		if _, _, err := verify(ctx, token); err != nil && !desk.Is(err, desk.Unavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
		if _, _, err := verify(t.Context(), token); err != nil {
			t.Errorf("one caller hung up, the next got %v", err)
		}
	})
}

func TestNewVerifier(t *testing.T) {
	for field, opts := range map[string]api.VerifierOptions{
		"issuer":    {Issuer: "relevo", Audience: "a"},
		"audience":  {Issuer: "https://issuer.example"},
		"algorithm": {Issuer: "https://issuer.example", Audience: "a", Algorithm: "HS256"},
	} {
		t.Run("ErrInvalid/"+field, func(t *testing.T) {
			if _, err := api.NewVerifier(t.Context(), opts); !desk.Is(err, desk.Invalid) || !strings.Contains(err.Error(), field) {
				t.Errorf("got %v, want invalid %s", err, field)
			}
		})
	}
}

func wantRefused(t *testing.T, err error, says string) {
	t.Helper()
	if !desk.Is(err, desk.Unauthenticated) || !strings.Contains(err.Error(), says) {
		t.Errorf("got %v, want unauthenticated that says %q", err, says)
	}
}
