package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/time/rate"

	"github.com/relevo/relevo/internal/desk"
)

const (
	keysFresh    = time.Hour       // then they are asked for again, and the old ones serve if the issuer is down
	keysPause    = 2 * time.Second // between attempts at an issuer that fails and never gave keys
	keysPatience = time.Minute     // between such attempts while old keys serve
	fetchTimeout = 5 * time.Second
	maxDocument  = 1 << 20 // bytes of the issuer's documents
)

// unknownKeys limits fetches for the sake of keys that we do not know: whoever invents key ids must not make us knock
// at the issuer's door all day.
var unknownKeys = struct {
	every rate.Limit
	burst int
}{rate.Every(30 * time.Second), 3}

var errUnknownKey = errors.New("unknown key")

// keyring keeps the issuer's public keys. One fetch runs at a time, in nobody's request, so that a caller who hangs up
// does not spoil it for the others. (jwkset's own HTTP client would fetch at start, make callers wait for its rate
// limit, and hide that the issuer is down.)
type keyring struct {
	life    context.Context //nolint:containedctx // the keyring outlives every request
	opts    VerifierOptions
	unknown *rate.Limiter

	mu      sync.Mutex
	keys    keyfunc.Keyfunc // nil: never fetched
	edition int             // of keys, counts the successful fetches
	stale   time.Time       // when to fetch again
	failed  error           // why the last fetch failed
	running *fetch
}

// fetch is one that runs, or ended when done is closed.
type fetch struct {
	done chan struct{}
	err  error
}

func newKeyring(life context.Context, opts VerifierOptions) *keyring {
	return &keyring{life: life, opts: opts, unknown: rate.NewLimiter(unknownKeys.every, unknownKeys.burst)}
}

// find gives the function by which the library finds a token's key.
func (k *keyring) find(ctx context.Context) jwt.Keyfunc {
	return func(token *jwt.Token) (any, error) {
		keys, edition, err := k.current(ctx)
		if err != nil {
			return nil, err
		}
		key, err := keys.KeyfuncCtx(ctx)(token)
		if !errors.Is(err, jwkset.ErrKeyNotFound) {
			return key, err
		}
		if !k.unknown.AllowN(k.opts.Now(), 1) {
			return nil, errUnknownKey
		}
		if keys, _, err = k.refresh(ctx, edition); err != nil {
			return nil, err
		}
		key, err = keys.KeyfuncCtx(ctx)(token)
		if errors.Is(err, jwkset.ErrKeyNotFound) {
			return nil, errUnknownKey
		}
		return key, err
	}
}

// current gives the keys, fetched if that is due. Old keys serve on while the issuer is down.
func (k *keyring) current(ctx context.Context) (keys keyfunc.Keyfunc, edition int, err error) {
	k.mu.Lock()
	keys, edition = k.keys, k.edition
	failed, due := k.failed, !k.opts.Now().Before(k.stale)
	k.mu.Unlock()
	switch {
	case keys != nil && !due:
		return keys, edition, nil
	case failed != nil && !due:
		return nil, 0, unreachable(failed)
	}
	fresh, freshEdition, err := k.refresh(ctx, edition)
	if err != nil && keys != nil {
		return keys, edition, nil // tried again after a pause, and the old keys are good
	}
	return fresh, freshEdition, err
}

func unreachable(cause error) error {
	return desk.Wrap(desk.Unavailable, cause, "the issuer's keys cannot be had")
}

// refresh gives keys of a later edition: those that came meanwhile, or those of the fetch that runs or begins now.
func (k *keyring) refresh(ctx context.Context, seen int) (keys keyfunc.Keyfunc, edition int, err error) {
	k.mu.Lock()
	if k.edition > seen {
		defer k.mu.Unlock()
		return k.keys, k.edition, nil
	}
	running := k.running
	if running == nil {
		running = &fetch{done: make(chan struct{})}
		k.running = running
		go k.run(running)
	}
	k.mu.Unlock()
	select {
	case <-running.done:
	case <-ctx.Done():
		return nil, 0, desk.Wrap(desk.Unavailable, ctx.Err(), "wait for the issuer's keys")
	}
	if running.err != nil {
		return nil, 0, unreachable(running.err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.keys, k.edition, nil
}

func (k *keyring) run(f *fetch) {
	ctx, cancel := context.WithTimeout(k.life, fetchTimeout)
	defer cancel()
	keys, err := k.fetch(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.running, k.failed, f.err = nil, err, err
	switch {
	case err == nil:
		k.keys, k.edition, k.stale = keys, k.edition+1, k.opts.Now().Add(keysFresh)
	case k.keys == nil:
		k.stale = k.opts.Now().Add(keysPause)
	default:
		k.stale = k.opts.Now().Add(keysPatience)
	}
	close(f.done)
}

// fetch reads the issuer's keys, after its configuration if that must say where they are.
func (k *keyring) fetch(ctx context.Context) (keyfunc.Keyfunc, error) {
	address := k.opts.JWKSURL
	if address == "" {
		var err error
		if address, err = k.discover(ctx); err != nil {
			return nil, err
		}
	}
	var set jwkset.JWKSMarshal
	if err := k.read(ctx, address, &set); err != nil {
		return nil, err
	}
	storage := jwkset.NewMemoryStorage()
	usable := 0
	for _, marshalled := range set.Keys {
		key, err := jwkset.NewJWKFromMarshal(marshalled, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
		if err != nil || marshalled.USE == jwkset.UseEnc {
			continue // a kind of key that we do not know, or one that signs nothing; the others are good
		}
		if err := storage.KeyWrite(ctx, key); err != nil {
			return nil, fmt.Errorf("keep the key %q: %w", marshalled.KID, err)
		}
		usable++
	}
	if usable == 0 {
		return nil, fmt.Errorf("%s holds no key to verify with", address)
	}
	return keyfunc.New(keyfunc.Options{Storage: storage})
}

// discover asks the issuer where its keys are (OpenID Connect Discovery 1.0, section 4).
func (k *keyring) discover(ctx context.Context) (string, error) {
	var doc struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	address := strings.TrimRight(k.opts.Issuer, "/") + "/.well-known/openid-configuration"
	if err := k.read(ctx, address, &doc); err != nil {
		return "", err
	}
	if doc.Issuer != k.opts.Issuer {
		return "", fmt.Errorf("%s is of the issuer %q", address, doc.Issuer)
	}
	keys, err := url.Parse(doc.Keys)
	if err != nil || keys.Host == "" || (keys.Scheme != "https" && !strings.HasPrefix(k.opts.Issuer, keys.Scheme+"://")) {
		return "", fmt.Errorf("%s names no safe address of keys: %q", address, doc.Keys)
	}
	return doc.Keys, nil
}

// read decodes a JSON document of the issuer.
func (k *keyring) read(ctx context.Context, address string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("ask for %s: %w", address, err)
	}
	req.Header.Set("Accept", "application/json")
	res, err := k.opts.HTTP.Do(req)
	if err != nil {
		return fmt.Errorf("ask for %s: %w", address, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("ask for %s: status %d", address, res.StatusCode)
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxDocument)).Decode(into); err != nil {
		return fmt.Errorf("read %s: %w", address, err)
	}
	return nil
}
