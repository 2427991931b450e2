package cloud_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

// answering serves one answer to everything, as AWS would.
func answering(t *testing.T, status int, body string) string {
	t.Helper()
	return serving(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		w.Write([]byte(body))
	})
}

func serving(t *testing.T, serve http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(server.Close)
	return server.URL
}

// withTimeLeft is what a function has that is about to end.
func withTimeLeft(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), 300*time.Millisecond)
}

func jobs(address string) *cloud.Queue {
	return cloud.NewQueue(cloud.NewClient(access(address)), map[string]string{"media": address + "/000000000000/media"})
}

func TestClientRefused(t *testing.T) {
	job := desk.Job{Queue: desk.MediaQueue, Body: []byte(`{}`)}
	for name, c := range map[string]struct {
		status int
		body   string
		want   desk.Code
	}{
		"Throttled":    {400, `{"__type":"com.amazonaws.sqs#ThrottlingException","message":"slowly"}`, desk.Limited},
		"NoRight":      {403, `{"__type":"AccessDeniedException"}`, desk.Internal},
		"NoQueue":      {400, `{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}`, desk.Internal},
		"NotLegal":     {400, `{"__type":"com.amazonaws.sqs#InvalidMessageContents"}`, desk.Invalid},
		"Broken":       {503, `<html>`, desk.Unavailable},
		"BrokenNoBody": {500, ``, desk.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := withTimeLeft(t)
			defer cancel()
			wantCode(t, jobs(answering(t, c.status, c.body)).Enqueue(ctx, job), c.want)
		})
	}
	t.Run("NobodyThere", func(t *testing.T) {
		ctx, cancel := withTimeLeft(t)
		defer cancel()
		wantCode(t, jobs("http://127.0.0.1:1").Enqueue(ctx, job), desk.Unavailable)
	})
}

// A repeat carries the same deduplication id, so that the job is there once though the first answer was lost.
func TestClientRepeats(t *testing.T) {
	var mu sync.Mutex
	var bodies []string
	address := serving(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if bodies = append(bodies, string(body)); len(bodies) == 1 || err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	queue := cloud.NewQueue(cloud.NewClient(access(address)), map[string]string{"inbound.fifo": address + "/000000000000/inbound.fifo"})
	err := queue.Enqueue(t.Context(), desk.Job{Queue: desk.InboundQueue, Group: "g", Body: []byte(`{}`)})
	if err != nil || len(bodies) != 2 || bodies[0] != bodies[1] || !strings.Contains(bodies[0], "MessageDeduplicationId") {
		t.Errorf("%v, sent %v", err, bodies)
	}
}

func TestClientSigns(t *testing.T) {
	var got http.Header
	address := serving(t, func(_ http.ResponseWriter, r *http.Request) { got = r.Header })
	aws := access(address)
	aws.SessionToken = "session"
	client := cloud.NewClient(aws)
	push := cloud.NewPush(client, address+"/dev")
	if err := push.Send(t.Context(), "abc=", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if auth := got.Get("Authorization"); got.Get("X-Amz-Security-Token") != "session" || !strings.Contains(auth, "/us-east-1/execute-api/aws4_request") {
		t.Errorf("got %v", got)
	}
}

func TestClientMadeAtNoCost(t *testing.T) {
	allocations := testing.AllocsPerRun(10, func() { cloud.NewClient(config.AWS{Region: "eu-west-1"}) })
	if allocations > 20 {
		t.Errorf("a client costs %v allocations before its first call", allocations)
	}
}
