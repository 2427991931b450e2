package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// results is what was measured.
type results struct {
	idle, load    usage
	cpu, took     time.Duration
	toAgent       []time.Duration // a customer's message, from its post to the agent's socket
	toCustomer    []time.Duration
	acknowledged  []time.Duration // a customer's post, until its answer
	list, open    reading
	lost, doubled int
}

// count adds one acknowledged message that is so many times in the threads.
func (r *results) count(_ string, e entry, stored int) {
	switch {
	case stored == 0 || e.times == 0:
		r.lost++
	case stored > 1 || e.times > 1:
		r.doubled++
	}
	if e.inward {
		r.acknowledged = append(r.acknowledged, e.acknowledged.Sub(e.sent))
	}
	switch {
	case e.times == 0:
	case e.inward:
		r.toAgent = append(r.toAgent, e.heard.Sub(e.sent))
	default:
		r.toCustomer = append(r.toCustomer, e.heard.Sub(e.sent))
	}
}

// intact reports whether nothing was lost or doubled.
func (r *results) intact() bool { return r.lost == 0 && r.doubled == 0 }

// figure is one row of the table.
type figure struct {
	what, got, target string
	reached           bool
}

const (
	mebi       = 1 << 20
	idleLimit  = 50 * mebi
	loadLimit  = 100 * mebi
	bytesLimit = 4 << 10
	cpuLimit   = 3.0 // seconds for 1,000 messages
)

// figures gives the table, targets beside what was measured. The targets stand in the issue "A desk that runs in one
// process" and in docs/architecture.md.
func (r *results) figures() []figure {
	rows := slices.Concat(
		latency("customer -> agent's socket", r.toAgent, 5*time.Millisecond, 15*time.Millisecond),
		latency("agent -> customer's socket", r.toCustomer, 5*time.Millisecond, 20*time.Millisecond),
		latency("customer's message answered", r.acknowledged, 8*time.Millisecond, 25*time.Millisecond),
		read("list of 25", r.list), read("open with 50 messages", r.open))
	if in := len(r.acknowledged); in > 0 {
		spent := func(messages int) float64 { return r.cpu.Seconds() * 1000 / float64(messages) }
		each := spent(in + len(r.toCustomer))
		rows = append(rows,
			figure{"CPU per 1,000 messages, both ways counted", fmt.Sprintf("%.2f s", each), fmt.Sprintf("%.0f s", cpuLimit), each <= cpuLimit},
			figure{"CPU per 1,000 messages in, their answers included", fmt.Sprintf("%.2f s", spent(in)), "-", true})
	}
	return append(rows,
		figure{"memory, idle", memory(r.idle), "50 MiB", r.idle.rss <= idleLimit},
		figure{"memory, under load", memory(r.load), "100 MiB", r.load.rss <= loadLimit},
		figure{"messages lost", fmt.Sprint(r.lost), "0", r.lost == 0},
		figure{"messages doubled", fmt.Sprint(r.doubled), "0", r.doubled == 0})
}

func memory(u usage) string {
	return fmt.Sprintf("%.1f MiB (%.1f its own)", float64(u.rss)/mebi, float64(u.anonymous)/mebi)
}

func latency(what string, times []time.Duration, p50, p99 time.Duration) []figure {
	if len(times) == 0 {
		return nil
	}
	slices.Sort(times)
	return []figure{
		{what + ", p50", millis(quantile(times, 0.50)), millis(p50), quantile(times, 0.50) <= p50},
		{what + ", p99", millis(quantile(times, 0.99)), millis(p99), quantile(times, 0.99) <= p99},
	}
}

func read(what string, r reading) []figure {
	const p50 = 2 * time.Millisecond
	return []figure{
		{what + ", p50", millis(quantile(r.times, 0.50)), millis(p50), quantile(r.times, 0.50) <= p50},
		{what + ", gzipped", fmt.Sprintf("%d bytes", r.bytes), fmt.Sprintf("%d bytes", bytesLimit), r.bytes <= bytesLimit},
	}
}

// quantile of sorted times.
func quantile(times []time.Duration, q float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	return times[min(len(times)-1, int(q*float64(len(times))))]
}

func millis(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }

// allReached reports whether every target was reached.
func (r *results) allReached() bool {
	return !slices.ContainsFunc(r.figures(), func(f figure) bool { return !f.reached })
}

// print writes the table.
func (r *results) print(to io.Writer, p plan) {
	fmt.Fprintf(to, "%d messages a second (%s) for %v, %d visitors and one agent: %d in, %d out, in %.1f s; desk's CPU %.2f s\n\n",
		p.rate, p.ways, p.length, p.visitors, len(r.acknowledged), len(r.toCustomer), r.took.Seconds(), r.cpu.Seconds())
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "figure\tmeasured\ttarget, at most\t")
	for _, f := range r.figures() {
		verdict := "ok"
		if !f.reached {
			verdict = "MISSED"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", f.what, f.got, f.target, verdict)
	}
	table.Flush()
}
