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
// Each line costs as it is taken in, so on a busy day latencies and messages are gathered for a minute and told in one:
// what was gathered when the function ends for good is lost, unless it is told with [Metrics.Flush]. Refusals are told at
// once.
type Metrics struct {
	mu        sync.Mutex
	out       io.Writer
	stage     string
	function  string
	now       func() time.Time
	told      time.Time // when latencies were told last
	latencies []float64 // since then, in milliseconds
	messages  int       // since then
}

// What is gathered is told after that time, or when there are so many latencies, which is the most that a line may have.
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

// Messages counts messages that the desk took in or sent. They are told with the next latency.
func (m *Metrics) Messages(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.messages += n
}

// Latency tells how long an invocation took; at once if none was told within a minute.
func (m *Metrics) Latency(took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.latencies = append(m.latencies, float64(took.Microseconds())/1000)
	if m.now().Sub(m.told) >= gatherFor || len(m.latencies) >= gatherMost {
		m.tell()
	}
}

// Flush tells what was gathered; it is for when the function ends.
func (m *Metrics) Flush() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.messages > 0 || len(m.latencies) > 0 {
		m.tell()
	}
}

// tell writes what was gathered in one line. The lock is held.
func (m *Metrics) tell() {
	values, units := map[string]any{}, []emfUnit(nil)
	if len(m.latencies) > 0 {
		values["Latency"], units = m.latencies, append(units, emfUnit{"Latency", "Milliseconds"})
	}
	if m.messages > 0 {
		values["Messages"], units = m.messages, append(units, emfUnit{"Messages", "Count"})
	}
	m.write(values, units)
	m.told, m.latencies, m.messages = m.now(), nil, 0
}

// Refusal counts an answer or a piece of work that failed, nil for none.
func (m *Metrics) Refusal(err error) {
	if err == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.write(map[string]any{"Refusals": 1, "code": desk.CodeOf(err)}, []emfUnit{{"Refusals", "Count"}})
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

// write writes a line. The lock is held.
func (m *Metrics) write(line map[string]any, units []emfUnit) {
	line["stage"], line["function"] = m.stage, m.function
	line["_aws"] = emf{Timestamp: m.now().UnixMilli(), Metrics: []emfMetric{
		{Namespace: metricsNamespace, Dimensions: [][]string{{"stage"}}, Metrics: units}}}
	raw, err := json.Marshal(line)
	if err != nil {
		return // numbers and words always encode
	}
	_, _ = m.out.Write(append(raw, '\n')) // nobody is left to tell that standard output is closed
}
