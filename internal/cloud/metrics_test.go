package cloud_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
)

func TestMetrics(t *testing.T) {
	var out bytes.Buffer
	m := cloud.NewMetrics(&out, "dev", "inbound", func() time.Time { return time.UnixMilli(1772366400000) })
	m.Messages(2)
	m.Latency(1500 * time.Microsecond)
	m.Refusal(nil)
	m.Refusal(desk.Errorf(desk.Forbidden, "a customer's secret"))
	head := func(units string) string {
		return `"_aws":{"Timestamp":1772366400000,"CloudWatchMetrics":[{"Namespace":"Relevo","Dimensions":[["stage"]],"Metrics":[` + units + `]}]},`
	}
	want := strings.Join([]string{
		`{"Latency":[1.5],"Messages":2,` + head(`{"Name":"Latency","Unit":"Milliseconds"},{"Name":"Messages","Unit":"Count"}`) + `"function":"inbound","stage":"dev"}`,
		`{"Refusals":1,` + head(`{"Name":"Refusals","Unit":"Count"}`) + `"code":"forbidden","function":"inbound","stage":"dev"}`,
		"",
	}, "\n")
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

// On a busy day latencies and messages share a line, and none is told twice or late by more than a minute while calls come.
func TestMetricsGather(t *testing.T) {
	var out bytes.Buffer
	now := time.UnixMilli(1772366400000)
	m := cloud.NewMetrics(&out, "dev", "relay", func() time.Time { return now })
	lines := func() int { return strings.Count(out.String(), "\n") }
	m.Latency(time.Millisecond) // the first at once
	for range 59 {
		now = now.Add(time.Second)
		m.Latency(2 * time.Millisecond)
	}
	if lines() != 1 {
		t.Errorf("%d lines within a minute", lines())
	}
	now = now.Add(time.Second)
	m.Latency(3 * time.Millisecond)
	if last := out.String()[strings.Index(out.String(), "\n")+1:]; lines() != 2 || strings.Count(last, "2,") != 59 || !strings.HasPrefix(last, `{"Latency":[2,`) {
		t.Errorf("after a minute: %s", last)
	}
	for range 100 {
		m.Latency(time.Millisecond)
	}
	if lines() != 3 {
		t.Errorf("%d lines after a hundred at once", lines())
	}
	m.Messages(3)
	m.Flush()
	if rest := strings.TrimSpace(out.String()); !strings.HasPrefix(rest[strings.LastIndex(rest, "\n")+1:], `{"Messages":3,`) {
		t.Errorf("what is left in the end: %s", rest)
	}
	m.Flush()
	if lines() != 4 {
		t.Errorf("%d lines after all was told", lines())
	}
}
