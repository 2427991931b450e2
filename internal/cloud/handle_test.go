package cloud_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

func TestHandle(t *testing.T) {
	called := ""
	host := cloud.Host{
		HTTP:  http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = "http" }),
		Work:  func(context.Context, desk.Job) error { called = "queue"; return nil },
		Relay: func(context.Context, []store.Change) error { called = "stream"; return nil },
		Fire:  func(context.Context, desk.Timer) error { called = "timer"; return nil },
		Socket: cloud.Socket{Receive: func(context.Context, desk.ConnectionID, []byte) ([]byte, error) {
			called = "socket"
			return nil, nil
		}},
	}
	all := map[string]struct {
		row   config.Function
		event []byte
	}{
		"http":   {config.Function{Routes: []string{"POST /v1/conversations/{id}/close"}}, requestEvent(t, nil)},
		"queue":  {config.Function{Queue: "media"}, queueEvent("media", "/1")},
		"stream": {config.Function{Stream: true}, streamEvent(streamRecord("REMOVE", "1", ""))},
		"timer":  {config.Function{Timer: "wakeup"}, []byte(`{"name":"wakeup","id":"x","at":"2026-03-02T15:00:00Z"}`)},
		"socket": {config.Function{Socket: true}, socketEvent("MESSAGE", "")},
	}
	for name, c := range all {
		t.Run(name, func(t *testing.T) {
			called = ""
			if _, err := cloud.Handle(t.Context(), c.row, host, c.event); err != nil || called != name {
				t.Errorf("called %q, %v", called, err)
			}
			for other, foreign := range all {
				if other == name {
					continue
				}
				called = ""
				_, err := cloud.Handle(t.Context(), c.row, host, foreign.event)
				wantCode(t, err, desk.Invalid)
				if called != "" {
					t.Errorf("an event of %s was handled", other)
				}
			}
			_, err := cloud.Handle(t.Context(), c.row, cloud.Host{}, c.event)
			wantCode(t, err, desk.Invalid)
		})
	}
	t.Run("ErrInvalid", func(t *testing.T) {
		for _, event := range []string{``, `{`, `[]`, `"x"`, `null`, `{}`, `{"Records": []}`, `{"Records": [null]}`, `{"Records": [{"eventSource": "aws:s3"}]}`} {
			_, err := cloud.Handle(t.Context(), all["http"].row, host, []byte(event))
			wantCode(t, err, desk.Invalid)
		}
	})
}

func TestRequestIDOutsideOfAFunction(t *testing.T) {
	if id := cloud.RequestID(t.Context()); id != "" {
		t.Errorf("got %q", id)
	}
}
