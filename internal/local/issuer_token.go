package local

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
)

var refreshBucket = []byte("refresh-tokens") // family -> refresh

// refresh is what the file knows of one sign-in: only its newest refresh token is good, and an older one gives the
// whole sign-in away (RFC 9700, 4.14.2). A token is the family, a dot and a secret, of which the file has the hash.
type refresh struct {
	Subject string    `json:"subject"`
	Scope   string    `json:"scope,omitempty"`
	Hash    string    `json:"hash"`
	Expires time.Time `json:"expires"`
}

// tokenRefusal is an error of the token endpoint (RFC 6749, 5.2).
type tokenRefusal struct {
	Code string `json:"error"`
	Text string `json:"error_description"`
}

func (e *tokenRefusal) Error() string { return e.Code + ": " + e.Text }

func invalidGrant(text string) error { return &tokenRefusal{"invalid_grant", text} }

// purchase is what a good code or refresh token buys.
type purchase struct {
	person  Person
	scope   string
	nonce   string
	refresh string
}

// token changes a code, or a refresh token, into tokens.
func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	r.Body = http.MaxBytesReader(w, r.Body, maxSignInForm)
	answer, err := i.sell(r)
	if err == nil {
		i.answer(w, r, http.StatusOK, answer)
		return
	}
	if refusal, ok := errors.AsType[*tokenRefusal](err); ok {
		i.answer(w, r, http.StatusBadRequest, refusal)
		return
	}
	i.Log.ErrorContext(r.Context(), "a token could not be issued", "error", err)
	i.answer(w, r, http.StatusInternalServerError, tokenRefusal{"server_error", "try again"})
}

func (i *Issuer) sell(r *http.Request) (any, error) {
	if err := r.ParseForm(); err != nil {
		return nil, &tokenRefusal{"invalid_request", "want a form"}
	}
	form := r.PostForm
	if form.Get("client_id") != i.ClientID {
		return nil, &tokenRefusal{"invalid_client", "the client is not known"}
	}
	var bought purchase
	var err error
	switch form.Get("grant_type") {
	case "authorization_code":
		bought, err = i.useCode(r, form.Get("code"), form.Get("redirect_uri"), form.Get("code_verifier"))
	case "refresh_token":
		bought, err = i.useRefresh(r, form.Get("refresh_token"))
	default:
		return nil, &tokenRefusal{"unsupported_grant_type", "want authorization_code or refresh_token"}
	}
	if err != nil {
		return nil, err
	}
	access, err := i.Token(bought.person.Subject, i.AccessTTL)
	if err != nil {
		return nil, err
	}
	id, err := i.idToken(bought.person, bought.nonce)
	if err != nil {
		return nil, err
	}
	return map[string]any{"access_token": access, "id_token": id, "refresh_token": bought.refresh, "token_type": "Bearer",
		"expires_in": int(i.AccessTTL.Seconds()), "scope": bought.scope}, nil
}

// useCode takes a code once. A code that comes twice was stolen: what it bought is worth nothing from then on.
func (i *Issuer) useCode(r *http.Request, code, redirect, verifier string) (purchase, error) {
	i.mu.Lock()
	g := i.codes[code]
	if g == nil || !i.Now().Before(g.expires) {
		i.mu.Unlock()
		return purchase{}, invalidGrant("the code is not known or has expired")
	}
	if g.used {
		family := g.family
		i.mu.Unlock()
		if err := i.revoke(family); err != nil {
			return purchase{}, err
		}
		return purchase{}, invalidGrant("the code was used before")
	}
	g.used, g.family = true, hex.EncodeToString(randomBytes(16))
	i.mu.Unlock()

	sum := sha256.Sum256([]byte(verifier))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	if len(verifier) < 43 || len(verifier) > 128 || // RFC 7636, 4.1
		subtle.ConstantTimeCompare([]byte(challenge), []byte(g.Challenge)) != 1 {
		return purchase{}, invalidGrant("the code verifier is not the one of the request")
	}
	if redirect != g.RedirectURI {
		return purchase{}, invalidGrant("the redirect address is not the one of the request")
	}
	person, err := i.stillThere(r, g.subject)
	if err != nil {
		return purchase{}, err
	}
	secret, hash := newRefreshSecret()
	record := refresh{Subject: g.subject, Scope: g.Scope, Hash: hash, Expires: i.Now().Add(i.RefreshTTL).UTC()}
	err = i.file.commits.Do(func(tx *bbolt.Tx) error { return putRefresh(tx, g.family, record) })
	if err != nil {
		return purchase{}, desk.Wrap(desk.Unavailable, err, "store a refresh token")
	}
	return purchase{person: person, scope: g.Scope, nonce: g.Nonce, refresh: g.family + "." + secret}, nil
}

func (i *Issuer) stillThere(r *http.Request, subject string) (Person, error) {
	person, err := i.person(r.Context(), subject)
	if desk.Is(err, desk.NotFound) {
		return person, invalidGrant("the person is no longer there")
	}
	return person, err
}

// useRefresh changes the newest refresh token of a sign-in into the next one; an older one ends the sign-in.
func (i *Issuer) useRefresh(r *http.Request, token string) (purchase, error) {
	family, secret, _ := strings.Cut(token, ".")
	next, nextHash := newRefreshSecret()
	now := i.Now()
	var record refresh
	var good bool
	err := i.file.commits.Do(func(tx *bbolt.Tx) error {
		record, good = refresh{}, false
		records := tx.Bucket(refreshBucket)
		if records == nil || family == "" || records.Get([]byte(family)) == nil {
			return nil
		}
		if err := json.Unmarshal(records.Get([]byte(family)), &record); err != nil {
			return err
		}
		hash := hashSecret(secret)
		if !now.Before(record.Expires) || subtle.ConstantTimeCompare([]byte(hash), []byte(record.Hash)) != 1 {
			return records.Delete([]byte(family))
		}
		good = true
		record.Hash, record.Expires = nextHash, now.Add(i.RefreshTTL).UTC()
		return putRefresh(tx, family, record)
	})
	if err != nil {
		return purchase{}, desk.Wrap(desk.Unavailable, err, "rotate a refresh token")
	}
	if !good {
		return purchase{}, invalidGrant("the refresh token is not known, was used before or has expired")
	}
	person, err := i.stillThere(r, record.Subject)
	if err != nil {
		return purchase{}, err
	}
	return purchase{person: person, scope: record.Scope, refresh: family + "." + next}, nil
}

func newRefreshSecret() (secret, hash string) {
	secret = hex.EncodeToString(randomBytes(32))
	return secret, hashSecret(secret)
}

func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func putRefresh(tx *bbolt.Tx, family string, record refresh) error {
	records, err := tx.CreateBucketIfNotExists(refreshBucket)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(record)
	if err != nil {
		return err
	}
	return records.Put([]byte(family), raw)
}

func (i *Issuer) revoke(family string) error {
	err := i.file.commits.Do(func(tx *bbolt.Tx) error {
		records := tx.Bucket(refreshBucket)
		if records == nil {
			return nil
		}
		return records.Delete([]byte(family))
	})
	return desk.Wrap(desk.Unavailable, err, "revoke a refresh token")
}

// forgetExpired removes the sign-ins that nobody refreshed.
func (i *Issuer) forgetExpired() error {
	now := i.Now()
	err := i.file.commits.Do(func(tx *bbolt.Tx) error {
		records := tx.Bucket(refreshBucket)
		if records == nil {
			return nil
		}
		var expired [][]byte
		err := records.ForEach(func(family, raw []byte) error {
			var record refresh
			if err := json.Unmarshal(raw, &record); err != nil {
				return err
			}
			if !now.Before(record.Expires) {
				expired = append(expired, append([]byte(nil), family...))
			}
			return nil
		})
		for _, family := range expired {
			if err == nil {
				err = records.Delete(family)
			}
		}
		return err
	})
	return desk.Wrap(desk.Unavailable, err, "forget expired refresh tokens")
}
