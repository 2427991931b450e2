package cloud_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
)

func TestLog(t *testing.T) {
	var out bytes.Buffer
	log := cloud.NewLog(&out, "dev", "wakeup")
	input, err := cloud.TimerInput(desk.Timer{Name: desk.WakeupTimer, ID: "c1", At: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	host := cloud.Host{Log: log, Fire: func(ctx context.Context, _ desk.Timer) error {
		log.InfoContext(ctx, "woken", "conversation", "c1")
		log.With("more", 1).WarnContext(ctx, "given", "request_id", "other")
		log.DebugContext(ctx, "too much")
		return nil
	}}
	if _, err := cloud.HandleTimer(t.Context(), host, desk.WakeupTimer, input); err != nil {
		t.Fatal(err)
	}
	log.Info("outside")
	var got []map[string]any
	for line := range strings.Lines(out.String()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatal(err)
		}
		if strings.Count(line, `"request_id"`) > 1 {
			t.Errorf("two request ids: %s", line)
		}
		delete(fields, "time")
		got = append(got, fields)
	}
	want := []map[string]any{
		{"level": "INFO", "msg": "woken", "stage": "dev", "function": "wakeup", "conversation": "c1", "request_id": "c1"},
		{"level": "WARN", "msg": "given", "stage": "dev", "function": "wakeup", "more": 1.0, "request_id": "other"},
		{"level": "INFO", "msg": "outside", "stage": "dev", "function": "wakeup"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
