package api_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/desk"
)

// secretsOf holds the visitor keys of accounts.
type secretsOf map[desk.AccountID][]string

func (s secretsOf) SetSecret(context.Context, desk.AccountID, string, ...string) error {
	return desk.Errorf(desk.Internal, "these are given")
}

func (s secretsOf) Secret(_ context.Context, account desk.AccountID, name string) ([]string, error) {
	if account == "down" {
		return nil, desk.Errorf(desk.Unavailable, "the secrets are away")
	}
	values, ok := s[account]
	if !ok || name != "visitor-key" {
		return nil, desk.Errorf(desk.NotFound, "no secret %s", name)
	}
	return values, nil
}

const (
	oldKey = "an-old-key-that-is-long-enough-for-sha256"
	newKey = "a-new-key-that-is-long-enough-for-sha-256"
)

var vera = desk.Visitor{Account: "demo", Inbox: "web", Contact: "c1"}

func TestVisitorTokens(t *testing.T) {
	c := newClock()
	secrets := secretsOf{"demo": {oldKey}, "acme": {newKey}, "short": {"short"}, "empty": {}}
	tokens := api.NewVisitorTokens(secrets, c.Now)
	mint := func(t *testing.T, v desk.Visitor) string {
		t.Helper()
		token, expires, err := tokens.Mint(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		if got := expires.Sub(c.Now()); got != 30*time.Minute {
			t.Errorf("expires in %v, want 30 minutes", got)
		}
		return token
	}
	t.Run("OK", func(t *testing.T) {
		got, err := tokens.Visitor(t.Context(), mint(t, vera))
		if err != nil || got != vera {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	t.Run("OK/Rotation", func(t *testing.T) {
		before := mint(t, vera)
		rotating := api.NewVisitorTokens(secretsOf{"demo": {newKey, oldKey}}, c.Now)
		after, _, err := rotating.Mint(t.Context(), vera)
		if err != nil {
			t.Fatal(err)
		}
		for name, token := range map[string]string{"old": before, "new": after} {
			if got, err := rotating.Visitor(t.Context(), token); err != nil || got != vera {
				t.Errorf("token under the %s key: %+v, %v", name, got, err)
			}
		}
		_, err = api.NewVisitorTokens(secretsOf{"demo": {newKey}}, c.Now).Visitor(t.Context(), before)
		wantRefused(t, err, "signature")
	})
	// Functions on AWS believe the keys that they read for a quarter of an hour, so the new key waits until all know it.
	t.Run("OK/RotationByItself", func(t *testing.T) {
		c := newClock()
		fresh := desk.StampedSecret("key", c.Now())
		stale, rotated := api.NewVisitorTokens(secretsOf{"demo": {oldKey}}, c.Now), api.NewVisitorTokens(secretsOf{"demo": {fresh, oldKey}}, c.Now)
		for _, at := range []struct {
			after      time.Duration
			minted     string
			byStale    bool // a function that has read the old key only takes the token
			takesOlder bool // the token of the old key is taken still
		}{{0, "old", true, true}, {16 * time.Minute, "old", true, true}, {5 * time.Minute, "new", false, true}, {23 * time.Hour, "new", false, true}, {time.Hour, "new", false, false}} {
			c.advance(at.after)
			token, _, err := rotated.Mint(t.Context(), vera)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := stale.Visitor(t.Context(), token); (err == nil) != at.byStale {
				t.Errorf("%v: a function with the old key says %v of a token that the %s key should sign", at, err, at.minted)
			}
			older, _, err := stale.Mint(t.Context(), vera)
			if err != nil {
				t.Fatal(err)
			}
			for _, token := range map[bool][]string{true: {token, older}, false: {token}}[at.takesOlder] {
				if _, err := rotated.Visitor(t.Context(), token); err != nil {
					t.Errorf("%v: %v", at, err)
				}
			}
			if !at.takesOlder {
				_, err := rotated.Visitor(t.Context(), older)
				wantRefused(t, err, "signature")
			}
		}
		if _, _, err := api.NewVisitorTokens(secretsOf{"demo": {desk.StampedSecret("key", c.Now())}}, c.Now).Mint(t.Context(), vera); err != nil {
			t.Errorf("the first key of an account signs at once: %v", err)
		}
	})
	t.Run("ErrExpired", func(t *testing.T) {
		c := newClock()
		tokens := api.NewVisitorTokens(secrets, c.Now)
		token, _, err := tokens.Mint(t.Context(), vera)
		if err != nil {
			t.Fatal(err)
		}
		c.advance(30*time.Minute + time.Second)
		_, err = tokens.Visitor(t.Context(), token)
		wantRefused(t, err, "expired")
	})
	t.Run("ErrInternal/NoGoodKey", func(t *testing.T) {
		for _, account := range []desk.AccountID{"short", "empty", "unknown"} {
			if _, _, err := tokens.Mint(t.Context(), desk.Visitor{Account: account}); !desk.Is(err, desk.Internal) {
				t.Errorf("%s: got %v, want internal", account, err)
			}
		}
	})
	t.Run("ErrUnavailable", func(t *testing.T) {
		if _, _, err := tokens.Mint(t.Context(), desk.Visitor{Account: "down"}); !desk.Is(err, desk.Unavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
	})
}

func TestVisitorTokensRefuse(t *testing.T) {
	c := newClock()
	tokens := api.NewVisitorTokens(secretsOf{"demo": {oldKey}, "acme": {newKey}}, c.Now)
	sign := func(method jwt.SigningMethod, key any, changes ...any) string {
		claims := jwt.MapClaims{
			"acct": "demo", "inbox": "web", "sub": "c1", "aud": "relevo-widget", "exp": c.Now().Add(time.Minute).Unix(),
		}
		for n := 0; n+1 < len(changes); n += 2 {
			claims[changes[n].(string)] = changes[n+1]
		}
		token, err := jwt.NewWithClaims(method, claims).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	hs := jwt.SigningMethodHS256
	if got, err := tokens.Visitor(t.Context(), sign(hs, []byte(oldKey))); err != nil || got != vera {
		t.Fatalf("the good token: %+v, %v", got, err)
	}
	for name, test := range map[string]struct{ token, says string }{
		"ErrEmpty":          {"", "malformed"},
		"ErrGarbage":        {"x.y.z", "malformed"},
		"ErrTooLong":        {strings.Repeat("x", 9000), "too long"},
		"ErrForeignKey":     {sign(hs, []byte(newKey)), "signature"},
		"ErrForeignAccount": {sign(hs, []byte(oldKey), "acct", "acme"), "signature"},
		"ErrUnknownAccount": {sign(hs, []byte(oldKey), "acct", "nobody"), "account"},
		"ErrPathAsAccount":  {sign(hs, []byte(oldKey), "acct", "../demo"), "not a visitor's"},
		"ErrAudience":       {sign(hs, []byte(oldKey), "aud", "relevo"), "audience"},
		"ErrNoExpiry":       {sign(hs, []byte(oldKey), "exp", nil), "lacks"},
		"ErrNoContact":      {sign(hs, []byte(oldKey), "sub", ""), "not a visitor's"},
		"ErrNoInbox":        {sign(hs, []byte(oldKey), "inbox", ""), "not a visitor's"},
		"ErrHS512":          {sign(jwt.SigningMethodHS512, []byte(oldKey)), "algorithm"},
		"ErrNone":           {sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType), "algorithm"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tokens.Visitor(t.Context(), test.token)
			wantRefused(t, err, test.says)
		})
	}
	t.Run("ErrUnavailable", func(t *testing.T) {
		if _, err := tokens.Visitor(t.Context(), sign(hs, []byte(oldKey), "acct", "down")); !desk.Is(err, desk.Unavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
	})
}
