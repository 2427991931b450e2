package cloud_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
)

func TestTimer(t *testing.T) {
	sent := desk.Timer{Name: desk.WakeupTimer, ID: "c1-x", At: time.Date(2026, 3, 2, 15, 0, 0, 1e6, time.UTC), Body: []byte(`{"a":1}`)}
	input, err := cloud.TimerInput(sent)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("OK", func(t *testing.T) {
		var got desk.Timer
		answer, err := cloud.HandleTimer(t.Context(), cloud.Host{Fire: func(ctx context.Context, timer desk.Timer) error {
			got = timer
			if cloud.RequestID(ctx) != "c1-x" {
				t.Errorf("request id %q", cloud.RequestID(ctx))
			}
			return nil
		}}, desk.WakeupTimer, input)
		if diff := cmp.Diff(sent, got); diff != "" || err != nil || string(answer) != "null" {
			t.Errorf("%s, %v\n%s", answer, err, diff)
		}
	})
	t.Run("Shape", func(t *testing.T) {
		if want := `{"name":"wakeup","id":"c1-x","at":"2026-03-02T15:00:00.001Z","body":{"a":1}}`; string(input) != want {
			t.Errorf("got %s, want %s", input, want)
		}
	})
	t.Run("ErrOfTheHandler", func(t *testing.T) {
		_, err := cloud.HandleTimer(t.Context(), cloud.Host{Fire: func(context.Context, desk.Timer) error { return desk.Errorf(desk.Unavailable, "no") }}, desk.WakeupTimer, input)
		wantCode(t, err, desk.Unavailable)
		_, err = cloud.HandleTimer(t.Context(), cloud.Host{Fire: func(context.Context, desk.Timer) error { panic("no") }}, desk.WakeupTimer, input)
		wantCode(t, err, desk.Internal)
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		for _, event := range []string{`""`, `{}`, `{"name":"wakeup"}`, `{"name":"wakeup","id":"x"}`, `{"name":"wakeup","id":"x","at":"soon"}`,
			`{"name":"slabreach","id":"x","at":"2026-03-02T15:00:00Z"}`} {
			_, err := cloud.HandleTimer(t.Context(), cloud.Host{Fire: func(context.Context, desk.Timer) error { return nil }}, desk.WakeupTimer, []byte(event))
			wantCode(t, err, desk.Invalid)
		}
		_, err := cloud.TimerInput(desk.Timer{Body: []byte("x")})
		wantCode(t, err, desk.Invalid)
	})
}
