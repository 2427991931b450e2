package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/relevo/relevo/internal/desk"
)

// tokenLeeway is what the issuer's clock and ours may differ by.
const tokenLeeway = 30 * time.Second

// Verifier tells whose access token it is, in the issuer's words. Codes: unauthenticated (why, never the token itself),
// unavailable (the issuer's keys cannot be had now).
type Verifier func(ctx context.Context, token string) (issuer, subject string, err error)

// VerifierOptions say which access tokens are good.
type VerifierOptions struct {
	Issuer    string           // exactly as in the claim iss
	Audience  string           // must be in aud or, if there is no aud, be client_id (Cognito's access tokens)
	JWKSURL   string           // where the keys are; "": as the issuer's openid-configuration says
	Algorithm string           // RS256 or ES256; "": RS256
	HTTP      *http.Client     // nil: one with a time limit of 5 s
	Now       func() time.Time // nil: the clock
}

// NewVerifier makes a verifier of OpenID Connect access tokens. It fetches nothing yet: the issuer is asked at the first
// token, then once an hour and when a token names an unknown key. ctx ends those fetches. Codes: invalid.
func NewVerifier(ctx context.Context, opts VerifierOptions) (Verifier, error) {
	issuer, err := url.Parse(opts.Issuer)
	if err != nil || issuer.Host == "" || (issuer.Scheme != "https" && issuer.Scheme != "http") {
		return nil, desk.InvalidField("issuer", "want the issuer's https address")
	}
	if opts.Audience == "" {
		return nil, desk.InvalidField("audience", "is required")
	}
	if opts.Algorithm == "" {
		opts.Algorithm = jwt.SigningMethodRS256.Alg()
	}
	if opts.Algorithm != jwt.SigningMethodRS256.Alg() && opts.Algorithm != jwt.SigningMethodES256.Alg() {
		return nil, desk.InvalidField("algorithm", "want RS256 or ES256")
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.HTTP == nil {
		opts.HTTP = &http.Client{Timeout: fetchTimeout}
	}
	v := verifier{opts: opts, keys: newKeyring(ctx, opts)}
	return v.verify, nil
}

type verifier struct {
	opts VerifierOptions
	keys *keyring
}

// accessClaims are those that we look at. Use is Cognito's mark, Type Keycloak's.
type accessClaims struct {
	Client string `json:"client_id"`
	Use    string `json:"token_use"`
	Type   string `json:"typ"`
	jwt.RegisteredClaims
}

func (v verifier) verify(ctx context.Context, token string) (issuer, subject string, err error) {
	if len(token) > maxToken {
		return "", "", unauthenticated("the token is too long")
	}
	var claims accessClaims
	parsed, err := jwt.ParseWithClaims(token, &claims, v.keys.find(ctx),
		jwt.WithValidMethods([]string{v.opts.Algorithm}), jwt.WithStrictDecoding(), jwt.WithTimeFunc(v.opts.Now),
		jwt.WithLeeway(tokenLeeway), jwt.WithExpirationRequired(), jwt.WithIssuer(v.opts.Issuer))
	if err != nil {
		return "", "", refusal(err)
	}
	if err := claims.check(parsed.Header, v.opts.Audience); err != nil {
		return "", "", err
	}
	return claims.Issuer, claims.Subject, nil
}

// check refuses what the signature, the issuer and the times do not: tokens for others, and tokens that are no access
// tokens.
func (c accessClaims) check(header map[string]any, audience string) error {
	meant := []string(c.Audience)
	if len(meant) == 0 && c.Client != "" {
		meant = []string{c.Client}
	}
	if !slices.Contains(meant, audience) {
		return unauthenticated("the token is for another audience")
	}
	kind, _ := header["typ"].(string)
	kind = strings.TrimPrefix(strings.ToLower(kind), "application/")
	if kind != "" && kind != "jwt" && kind != "at+jwt" { // RFC 9068
		return unauthenticated("the token is not an access token")
	}
	if c.Use != "" && c.Use != "access" {
		return unauthenticated("the token is not an access token")
	}
	if t := strings.ToLower(c.Type); t == "id" || t == "refresh" || t == "logout" {
		return unauthenticated("the token is not an access token")
	}
	if c.Subject == "" {
		return unauthenticated("the token has no subject")
	}
	return nil
}

// refusals says in our words why a token is refused; the first that fits, since the library joins several causes.
var refusals = []struct {
	cause   error
	message string
}{
	{jwt.ErrTokenMalformed, "the token is malformed"},
	{errUnknownKey, "the token is signed with an unknown key"},
	{jwt.ErrTokenUnverifiable, "the token cannot be verified"},
	{jwt.ErrTokenSignatureInvalid, "the token's signature or algorithm is wrong"},
	{jwt.ErrTokenExpired, "the token has expired"},
	{jwt.ErrTokenNotValidYet, "the token is not valid yet"},
	{jwt.ErrTokenInvalidIssuer, "the token is of another issuer"},
	{jwt.ErrTokenInvalidAudience, "the token is for another audience"},
	{jwt.ErrTokenRequiredClaimMissing, "the token lacks a claim that is required"},
}

// refusal turns the library's error into one of ours; it never shows the token. An error that has a code keeps it.
func refusal(err error) error {
	if known, ok := errors.AsType[*desk.Error](err); ok {
		return known
	}
	for _, r := range refusals {
		if errors.Is(err, r.cause) {
			return unauthenticated(r.message)
		}
	}
	return unauthenticated("the token is not valid")
}

func unauthenticated(message string) error {
	return &desk.Error{Code: desk.Unauthenticated, Message: message}
}
