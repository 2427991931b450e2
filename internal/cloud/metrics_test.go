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
	head := func(name, unit string) string {
		return `"_aws":{"Timestamp":1772366400000,"CloudWatchMetrics":[{"Namespace":"Relevo","Dimensions":[["stage"]],"Metrics":[{"Name":"` + name + `","Unit":"` + unit + `"}]}]},`
	}
	want := strings.Join([]string{
		`{"Messages":2,` + head("Messages", "Count") + `"function":"inbound","stage":"dev"}`,
		`{"Latency":1.5,` + head("Latency", "Milliseconds") + `"function":"inbound","stage":"dev"}`,
		`{"Refusals":1,` + head("Refusals", "Count") + `"code":"forbidden","function":"inbound","stage":"dev"}`,
		"",
	}, "\n")
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}
