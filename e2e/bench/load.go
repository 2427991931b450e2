package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/relevo/relevo/e2e"
)

// load sends messages at the plan's rate, both ways, whether the desk keeps up or not.
func (s *stage) load(ctx context.Context, watch *watcher, out *results) error {
	before, err := watch.cpu()
	if err != nil {
		return err
	}
	began := time.Now()
	tick := time.NewTicker(time.Second / time.Duration(s.plan.rate))
	defer tick.Stop()
	var sending sync.WaitGroup
	failed := make(chan error, 1)
	fail := func(err error) {
		select {
		case failed <- err:
		default:
		}
	}
	for n := range int(s.plan.length.Seconds() * float64(s.plan.rate)) {
		select {
		case <-tick.C:
		case err := <-failed:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
		asks, answered := s.visitors[n%len(s.visitors)], s.visitors[(n+len(s.visitors)/2)%len(s.visitors)]
		if s.plan.ways != "out" {
			sending.Go(func() { s.post(ctx, &asks.Client, "/widget/v1/messages", asks.conversation, true, fail) })
		}
		if s.plan.ways != "in" {
			sending.Go(func() {
				s.post(ctx, s.agent, "/v1/conversations/"+answered.conversation+"/messages", answered.conversation, false, fail)
			})
		}
		if n%10 == 0 {
			if err := watch.sample(); err != nil {
				return err
			}
		}
	}
	out.load = watch.peak
	sending.Wait()
	out.took = time.Since(began)
	after, err := watch.cpu()
	out.cpu = after - before
	select {
	case sent := <-failed:
		return errors.Join(err, sent)
	default:
		return err
	}
}

// post sends one message until it is acknowledged; limits are waited for, and not counted as the desk's slowness.
func (s *stage) post(ctx context.Context, c *e2e.Client, path, conversation string, inward bool, fail func(error)) {
	id := rand.Text()
	body := e2e.Object{"client_id": id, "text": id + " " + sentence()}
	s.ledger.sends(id, conversation, inward)
	for {
		err := c.Do(ctx, http.MethodPost, path, body, nil)
		if err == nil {
			s.ledger.acknowledges(id)
			return
		}
		refusal, ok := errors.AsType[*e2e.Refusal](err)
		if !ok || refusal.Status != http.StatusTooManyRequests {
			fail(fmt.Errorf("a message was not taken: %w", err))
			return
		}
		if err := rest(ctx, refusal.RetryAfter); err != nil {
			fail(err)
			return
		}
		s.ledger.sendsAgain(id)
	}
}

// settle waits until everything is heard, reads every thread again, and counts.
func (s *stage) settle(ctx context.Context, out *results) error {
	for deadline := time.Now().Add(15 * time.Second); !s.ledger.allHeard() && time.Now().Before(deadline); {
		if err := rest(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	stored := map[string]int{}
	for _, v := range s.visitors {
		if err := s.count(ctx, v.conversation, stored); err != nil {
			return err
		}
	}
	s.ledger.each(func(id string, e entry) {
		if e.acknowledged.IsZero() {
			return
		}
		out.count(id, e, stored[id])
	})
	return nil
}

// count counts the messages of a whole thread by the first words of their texts.
func (s *stage) count(ctx context.Context, conversation string, into map[string]int) error {
	for query := "?limit=100&fresh=true"; ; {
		var page e2e.Thread
		if err := s.agent.Do(ctx, http.MethodGet, "/v1/conversations/"+conversation+"/messages"+query, nil, &page); err != nil {
			return fmt.Errorf("read a thread again: %w", err)
		}
		for _, m := range page.Messages {
			id, _, _ := strings.Cut(m.Text, " ")
			into[id]++
		}
		if !page.More {
			return nil
		}
		query = "?limit=100&fresh=true&before=" + page.Messages[0].ID
	}
}

// read measures the list of 25 and the opening of a thread with 50 messages.
func (s *stage) read(ctx context.Context, out *results) error {
	var err error
	if out.list, err = s.times(ctx, "/v1/conversations?view=mine&limit=25"); err != nil {
		return err
	}
	out.open, err = s.times(ctx, "/v1/conversations/"+s.thick)
	return err
}

// reading is how long a read took, and how large its answer is when it is compressed.
type reading struct {
	times []time.Duration
	bytes int
}

// times reads a path again and again, as a browser does: compressed.
func (s *stage) times(ctx context.Context, path string) (reading, error) {
	raw := *s.agent
	transport := e2e.OwnTransport(s.host.URL())
	transport.DisableCompression = true // what comes is to be measured as it is
	defer transport.CloseIdleConnections()
	raw.HTTP = &http.Client{Timeout: time.Minute, Transport: compressed{transport}}
	var r reading
	for range s.plan.reads {
		began := time.Now()
		answer, err := raw.Send(ctx, http.MethodGet, path, "", nil)
		if err != nil {
			return r, err
		}
		if answer.Status != http.StatusOK {
			return r, fmt.Errorf("GET %s: %d", path, answer.Status)
		}
		r.times = append(r.times, time.Since(began))
		r.bytes = len(answer.Body)
	}
	slices.Sort(r.times)
	return r, nil
}

// compressed asks for gzip.
type compressed struct{ next http.RoundTripper }

func (c compressed) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Accept-Encoding", "gzip")
	return c.next.RoundTrip(r)
}
