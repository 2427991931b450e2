package api

import (
	lru "container/list"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limit says how often something may happen for one key.
type Limit struct {
	PerMinute int // the lasting rate
	Burst     int // so many at once
	Keys      int // keys remembered, the least recently used is forgotten first; 0: 10,000, about 3 MB
}

// The limits of the customers' door. They cost no write: each process counts for itself.
var (
	MessageLimit = Limit{PerMinute: 30, Burst: 10} // per visitor
	SessionLimit = Limit{PerMinute: 30, Burst: 30} // per remote address, see [AddressKey]
)

const defaultKeys = 10_000

// Limiter keeps a token bucket for each key in memory. It is safe concurrently.
type Limiter struct {
	limit Limit
	now   func() time.Time

	mu      sync.Mutex
	buckets map[string]*lru.Element
	recent  *lru.List // of *bucket, the most recently used first
}

type bucket struct {
	key    string
	tokens *rate.Limiter
}

// NewLimiter makes a limiter whose buckets are full; now may be nil for the clock.
func NewLimiter(limit Limit, now func() time.Time) *Limiter {
	if limit.Keys <= 0 {
		limit.Keys = defaultKeys
	}
	if now == nil {
		now = time.Now
	}
	return &Limiter{limit: limit, now: now, buckets: map[string]*lru.Element{}, recent: lru.New()}
}

// Allow takes a token of the key. Without one left, ok is false and retryAfter, above zero, says when there will be one.
func (l *Limiter) Allow(key string) (retryAfter time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	tokens := l.tokens(key)
	reserved := tokens.ReserveN(now, 1)
	if !reserved.OK() {
		return time.Minute, false
	}
	wait := reserved.DelayFrom(now)
	if wait > 0 {
		reserved.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// tokens finds or makes the key's bucket, and forgets the oldest one beyond the limit.
func (l *Limiter) tokens(key string) *rate.Limiter {
	if found, ok := l.buckets[key]; ok {
		l.recent.MoveToFront(found)
		return found.Value.(*bucket).tokens //nolint:errcheck // the list holds nothing else
	}
	if l.recent.Len() >= l.limit.Keys {
		oldest := l.recent.Back()
		delete(l.buckets, l.recent.Remove(oldest).(*bucket).key) //nolint:errcheck // the list holds nothing else
	}
	tokens := rate.NewLimiter(rate.Limit(float64(l.limit.PerMinute)/60), l.limit.Burst)
	l.buckets[key] = l.recent.PushFront(&bucket{key: key, tokens: tokens})
	return tokens
}

// AddressKey turns a remote address, with or without a port, into the key of its owner: an IPv4 address, or the /64
// network of an IPv6 one, since a single customer has all of that.
func AddressKey(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return remote
	}
	address = address.Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	network, err := address.Prefix(64)
	if err != nil {
		return remote
	}
	return network.String()
}
