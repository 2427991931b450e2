package api

import (
	"context"
	"errors"
	"regexp"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/relevo/relevo/internal/desk"
)

const (
	visitorSecret   = "visitor-key"   // name of the account's signing key
	visitorAudience = "relevo-widget" // audience of the tokens, so that no other token passes for one
	visitorLife     = 30 * time.Minute
	leastVisitorKey = 32 // bytes: RFC 7518 wants a key as long as the hash
	maxToken        = 8 << 10

	// A rotated key signs once every warm function has read it: cloud.Secrets believes what it read for a quarter of an hour.
	visitorKeyRipens = 20 * time.Minute
)

// VisitorKeyOverlap is how long the key before a rotated one is good still: longer than any of its tokens live.
const VisitorKeyOverlap = 24 * time.Hour

// accountName is what an account id may look like before anything vouches for it: it becomes part of a secret's name.
var accountName = regexp.MustCompile(`^[A-Za-z0-9_-]+$`) // at most 64 bytes

// VisitorTokens are the short-lived tokens of customers in the web chat: HS256 under the account's own secret
// "visitor-key", bound to account, inbox and contact. It is safe concurrently.
type VisitorTokens struct {
	secrets desk.Secrets
	now     func() time.Time
}

// NewVisitorTokens makes tokens with the accounts' secrets; now may be nil for the clock.
func NewVisitorTokens(secrets desk.Secrets, now func() time.Time) *VisitorTokens {
	if now == nil {
		now = time.Now
	}
	return &VisitorTokens{secrets: secrets, now: now}
}

type visitorClaims struct {
	Account    desk.AccountID `json:"acct"`
	Inbox      desk.InboxID   `json:"inbox"`
	Session    string         `json:"ses,omitempty"`
	Page       string         `json:"page,omitempty"`
	Identified bool           `json:"idn,omitempty"` // the desk knows who he is
	jwt.RegisteredClaims
}

// Mint makes a token and tells when it expires, 30 minutes from now. The newest key signs that every function knows by now. Codes: internal (the account
// has no key, or one below 32 bytes), unavailable.
func (t *VisitorTokens) Mint(ctx context.Context, v desk.Visitor) (token string, expires time.Time, err error) {
	keys, err := t.keys(ctx, v.Account)
	if desk.Is(err, desk.NotFound) {
		err = &desk.Error{Code: desk.Internal, Message: "the account has no " + visitorSecret, Cause: err}
	}
	if err != nil {
		return "", time.Time{}, err
	}
	now := t.now()
	expires = now.Add(visitorLife).Truncate(time.Second).UTC()
	claims := visitorClaims{Account: v.Account, Inbox: v.Inbox, Session: v.Session, Page: v.Page, Identified: v.Identified, RegisteredClaims: jwt.RegisteredClaims{
		Subject: string(v.Contact), Audience: jwt.ClaimStrings{visitorAudience},
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(expires),
	}}
	token, err = jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(t.signing(keys))
	if err != nil {
		return "", time.Time{}, desk.Wrap(desk.Internal, err, "sign a visitor's token")
	}
	return token, expires, nil
}

// Visitor tells whose token it is. Codes: unauthenticated (why, never the token itself), internal, unavailable.
func (t *VisitorTokens) Visitor(ctx context.Context, token string) (desk.Visitor, error) {
	account, err := t.claimedAccount(token)
	if err != nil {
		return desk.Visitor{}, err
	}
	keys, err := t.keys(ctx, account)
	if desk.Is(err, desk.NotFound) {
		err = unauthenticated("the token is of no account here")
	}
	if err != nil {
		return desk.Visitor{}, err
	}
	var refused error
	for n, key := range keys { // two of them during a rotation
		if n > 0 && t.outlived(keys[n-1]) {
			break
		}
		var claims visitorClaims
		_, refused = jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return key, nil },
			jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithStrictDecoding(), jwt.WithTimeFunc(t.now),
			jwt.WithExpirationRequired(), jwt.WithAudience(visitorAudience))
		if errors.Is(refused, jwt.ErrTokenSignatureInvalid) {
			continue
		}
		if refused == nil {
			return claims.visitor()
		}
		break
	}
	return desk.Visitor{}, refusal(refused)
}

// signing gives the key that signs: the newest but one that was made just now, unless there is no other. A key that does
// not tell its age signs at once.
func (t *VisitorTokens) signing(keys [][]byte) []byte {
	for _, key := range keys {
		if !t.now().Before(desk.SecretMade(string(key)).Add(visitorKeyRipens)) {
			return key
		}
	}
	return keys[len(keys)-1]
}

// outlived says that the key before this one is good no longer.
func (t *VisitorTokens) outlived(newer []byte) bool {
	made := desk.SecretMade(string(newer))
	return !made.IsZero() && !t.now().Before(made.Add(VisitorKeyOverlap))
}

// claimedAccount reads the account whose key is to vouch for the token; nothing else of it is believed yet.
func (t *VisitorTokens) claimedAccount(token string) (desk.AccountID, error) {
	if len(token) > maxToken {
		return "", unauthenticated("the token is too long")
	}
	var claims visitorClaims
	if _, _, err := jwt.NewParser(jwt.WithStrictDecoding()).ParseUnverified(token, &claims); err != nil {
		return "", refusal(err)
	}
	if !accountName.MatchString(string(claims.Account)) || len(claims.Account) > 64 {
		return "", unauthenticated("the token is not a visitor's")
	}
	return claims.Account, nil
}

// keys gives the signing keys of an account, newest first and at least one; not_found if it has none.
func (t *VisitorTokens) keys(ctx context.Context, account desk.AccountID) ([][]byte, error) {
	values, err := t.secrets.Secret(ctx, account, visitorSecret)
	if err == nil && len(values) == 0 {
		err = desk.Errorf(desk.NotFound, "no value")
	}
	if err != nil {
		return nil, desk.Wrap(desk.Unavailable, err, "read the account's "+visitorSecret)
	}
	keys := make([][]byte, len(values))
	for i, value := range values {
		if len(value) < leastVisitorKey {
			return nil, desk.Errorf(desk.Internal, "the secret %s has %d bytes, and it needs %d", visitorSecret, len(value), leastVisitorKey)
		}
		keys[i] = []byte(value)
	}
	return keys, nil
}

func (c visitorClaims) visitor() (desk.Visitor, error) {
	if c.Inbox == "" || c.Subject == "" {
		return desk.Visitor{}, unauthenticated("the token is not a visitor's")
	}
	return desk.Visitor{Account: c.Account, Inbox: c.Inbox, Contact: desk.ContactID(c.Subject), Session: c.Session, Page: c.Page, Identified: c.Identified}, nil
}
