package cloud

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// Metrics writes what a function did as lines in CloudWatch's embedded metric format, which becomes metrics without a
// call. There are three metrics a stage and no more, since each costs a standing charge every month: Messages
// (count), Latency (milliseconds) and Refusals (count). The function, and the code of a refusal, are searchable
// properties of the line, not dimensions.
type Metrics struct {
	mu       sync.Mutex
	out      io.Writer
	stage    string
	function string
	now      func() time.Time
}

// metricsNamespace is where the metrics lie in CloudWatch.
const metricsNamespace = "Relevo"

// NewMetrics writes to out, a Lambda's standard output.
func NewMetrics(out io.Writer, stage, function string, now func() time.Time) *Metrics {
	return &Metrics{out: out, stage: stage, function: function, now: now}
}

// Messages counts messages that the desk took in or sent.
func (m *Metrics) Messages(n int) { m.write("Messages", "Count", n, "") }

// Latency tells how long an invocation took.
func (m *Metrics) Latency(took time.Duration) {
	m.write("Latency", "Milliseconds", float64(took.Microseconds())/1000, "")
}

// Refusal counts an answer or a piece of work that failed, nil for none.
func (m *Metrics) Refusal(err error) {
	if err != nil {
		m.write("Refusals", "Count", 1, desk.CodeOf(err))
	}
}

// emf is the head of a line ("Specification: Embedded metric format").
type emf struct {
	Timestamp int64       `json:"Timestamp"` // milliseconds
	Metrics   []emfMetric `json:"CloudWatchMetrics"`
}

type emfMetric struct {
	Namespace  string     `json:"Namespace"`
	Dimensions [][]string `json:"Dimensions"`
	Metrics    []emfUnit  `json:"Metrics"`
}

type emfUnit struct {
	Name string `json:"Name"`
	Unit string `json:"Unit"`
}

func (m *Metrics) write(name, unit string, value any, code desk.Code) {
	line := map[string]any{"stage": m.stage, "function": m.function, name: value, "_aws": emf{Timestamp: m.now().UnixMilli(), Metrics: []emfMetric{
		{Namespace: metricsNamespace, Dimensions: [][]string{{"stage"}}, Metrics: []emfUnit{{name, unit}}}}}}
	if code != "" {
		line["code"] = code
	}
	raw, err := json.Marshal(line)
	if err != nil {
		return // numbers and words always encode
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, _ = m.out.Write(append(raw, '\n')) // nobody is left to tell that standard output is closed
}
