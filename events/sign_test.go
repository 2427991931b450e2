package events_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/desk"
)

// issuer signs in the agents of the events.
const issuer = "https://issuer.example"

// signingKey is the issuer's. It follows from a phrase that everybody may read: it opens nothing but this folder's desk.
func signingKey() *ecdsa.PrivateKey {
	sum := sha256.Sum256([]byte("the issuer of Relevo's events"))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), sum[:])
	if err != nil {
		panic(err)
	}
	return key
}

// keys answers for the issuer's JWKS address.
type keys struct{}

func (keys) RoundTrip(*http.Request) (*http.Response, error) {
	point, err := signingKey().PublicKey.Bytes() // 4, x, y
	if err != nil {
		return nil, err
	}
	part := base64.RawURLEncoding.EncodeToString
	set, err := json.Marshal(map[string]any{"keys": []any{map[string]string{
		"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "events", "x": part(point[1:33]), "y": part(point[33:]),
	}}})
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(string(set))), Header: http.Header{}}, err
}

// agentToken is an access token as an OpenID Connect issuer makes it, good for an hour from the events' instant.
func agentToken(t *testing.T, subject string) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{"iss": issuer, "aud": "relevo", "sub": subject,
		"iat": now.Unix(), "exp": now.Add(time.Hour).Unix()})
	token.Header["kid"] = "events"
	signed, err := token.SignedString(signingKey())
	check(t, err)
	return signed
}

// visitorToken is the token of a visitor's widget.
func (w *world) visitorToken(contact desk.ContactID) string {
	w.t.Helper()
	token, _, err := api.NewVisitorTokens(w.secrets, clock).Mint(w.t.Context(), desk.Visitor{Account: account, Inbox: "web", Contact: contact})
	check(w.t, err)
	return token
}

// TestSignatures holds the signatures of WhatsApp's events against their bodies, and prints with -v the tokens that a
// new event may need.
func TestSignatures(t *testing.T) {
	w := newWorld(t)
	for _, agent := range []string{"ana", "otto", "ines", "luis", "vera"} {
		t.Logf("%s: Bearer %s", agent, agentToken(t, agent+"@demo.test"))
	}
	t.Logf("laura: Bearer %s", w.visitorToken(laura))
	t.Logf("sandra: Bearer %s", w.visitorToken(sandra))
	for name, event := range eventFiles(t) {
		r := requestOf(t, event)
		if r.RouteKey != "POST /webhooks/whatsapp/{account}/{inbox}" || name == "inbound.whatsapp-bad-signature" || name == "inbound.whatsapp-unknown-inbox" {
			continue
		}
		body := []byte(r.Body)
		if r.IsBase64Encoded {
			var err error
			body, err = base64.StdEncoding.DecodeString(r.Body)
			check(t, err)
		}
		mac := hmac.New(sha256.New, []byte("demo-app-secret"))
		mac.Write(body)
		if want := "sha256=" + hex.EncodeToString(mac.Sum(nil)); r.Headers["x-hub-signature-256"] != want {
			t.Errorf("%s.json: x-hub-signature-256 must be %s", name, want)
		}
	}
}
