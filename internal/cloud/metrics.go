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
//
// Each line costs as it is taken in, so on a busy day latencies are gathered for a minute and told in one: what was
// gathered when the function ends for good is lost. Counts are told at once.
type Metrics struct {
	mu        sync.Mutex
	out       io.Writer
	stage     string
	function  string
	now       func() time.Time
	told      time.Time // when latencies were told last
	latencies []float64 // since then
}

// Latencies are told after that time, or when they are so many, which is the most that a line may have.
const (
	gatherFor  = time.Minute
	gatherMost = 100
)

// metricsNamespace is where the metrics lie in CloudWatch.
const metricsNamespace = "Relevo"

// NewMetrics writes to out, a Lambda's standard output.
func NewMetrics(out io.Writer, stage, function string, now func() time.Time) *Metrics {
	return &Metrics{out: out, stage: stage, function: function, now: now}
}

// Messages counts messages that the desk took in or sent.
func (m *Metrics) Messages(n int) { m.write("Messages", "Count", n, "") }

// Latency tells how long an invocation took; at once if none was told within a minute.
func (m *Metrics) Latency(took time.Duration) {
	if gathered := m.gather(float64(took.Microseconds()) / 1000); gathered != nil {
		m.write("Latency", "Milliseconds", gathered, "")
	}
}

// gather adds a value, and gives all of them if it is time to tell.
func (m *Metrics) gather(value float64) []float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.latencies = append(m.latencies, value)
	now := m.now()
	if now.Sub(m.told) < gatherFor && len(m.latencies) < gatherMost {
		return nil
	}
	all := m.latencies
	m.told, m.latencies = now, nil
	return all
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
