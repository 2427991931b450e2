package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
)

// bill is what one thing costs.
type bill struct {
	title  string
	target float64 // dollars, of what is billed
	lines  []line
}

// line is one position: so much of something at a price.
type line struct {
	what   string
	amount float64
	price  float64
	rests  string // what the amount rests on
}

// listed is the sum at list prices.
func (b bill) listed() float64 {
	sum := 0.0
	for _, l := range b.lines {
		sum += l.amount * l.price
	}
	return sum
}

// billed is the sum less what every account has free.
func (b bill) billed() float64 {
	sum := 0.0
	for _, l := range b.lines {
		sum += max(0, l.amount-allowances[l.what]) * l.price
	}
	return sum
}

func (b bill) print(out io.Writer) {
	say(out, "%s: $%.2f at list prices, $%.2f billed (target $%.2f)\n\n", b.title, b.listed(), b.billed(), b.target)
	say(out, "  %-30s %10s  %6s  %6s  %s\n", "", "amount", "list", "billed", "rests on")
	for _, l := range b.lines {
		say(out, "  %-30s %10s  %6.2f  %6.2f  %s\n", l.what, amountOf(l.amount), l.amount*l.price, max(0, l.amount-allowances[l.what])*l.price, l.rests)
	}
	say(out, "\n")
}

// amountOf writes a number for people.
func amountOf(n float64) string {
	switch {
	case n >= million/10:
		return fmt.Sprintf("%.2f M", n/million)
	case n >= 100:
		return fmt.Sprintf("%.0f", n)
	default:
		return fmt.Sprintf("%.2f", n)
	}
}

// variable are the positions of what was counted, n times.
func variable(c count, n float64) []line {
	c = c.times(n)
	invocations := 0.0
	for _, times := range c.Invocations {
		invocations += times
	}
	return slices.DeleteFunc([]line{
		{"HTTP API, requests", c.Requests, priceHTTP, "counted"},
		{"WebSocket API, messages", c.Frames, priceFrame, "counted: frames pushed and received"},
		{lambdaInvocations, invocations, priceInvocation, "counted: " + c.starts(n)},
		{lambdaGBSeconds, c.gbSeconds(), priceGBSecond, fmt.Sprintf("%.0f ms and %.0f ms for each call to the table, %.0f ms where frames are pushed", startMillis, tableMillis, pushMillis)},
		{"DynamoDB, write units", c.Write, priceWrite, "counted"},
		{"DynamoDB, read units", c.Read, priceRead, "counted"},
		{fifoRequests, c.FIFO * jobRequests, priceFIFOJob, "jobs counted; each is sent, received and deleted, polling apart"},
		{"SQS, requests", c.Jobs * jobRequests, priceJob, "the same"},
		{timersFired, c.Timers, priceTimer, "counted"},
		{"SES, mails", c.Mails, priceMail, "counted"},
		{logsTaken, c.logBytes() / 1e9, priceLogGB, "metrics of invocations, and a line of the API's log for each request"},
	}, func(l line) bool { return l.amount <= 0 })
}

// starts tells how often each function is started for one.
func (c count) starts(n float64) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(c.Invocations)) {
		if times := c.Invocations[name] / n; times >= 0.005 {
			parts = append(parts, fmt.Sprintf("%s %.4g", name, times))
		}
	}
	return strings.Join(parts, ", ")
}

func (c count) gbSeconds() float64 {
	sum := 0.0
	for _, row := range config.Functions {
		millis := c.Invocations[row.Name]*startMillis + c.Calls[row.Name]*tableMillis
		if row.Needs.Push {
			millis += c.Invocations[row.Name] * pushMillis
		}
		sum += millis / 1000 * float64(row.MemoryMB) / 1024
	}
	return sum
}

// logBytes are what the functions and the API write: metrics as [cloud.Metrics] writes them, one invocation every few
// seconds, and a line for each request. Lambda's own lines about invocations are off.
func (c count) logBytes() float64 {
	const every, sample = 2600 * time.Millisecond, 1000 // a million in a month
	sum := c.Requests * (accessLogLine + logHead)
	for name, times := range c.Invocations {
		var written bytes.Buffer
		now := time.UnixMilli(0)
		metrics := cloud.NewMetrics(&written, "prod", name, func() time.Time { return now })
		for range sample {
			if name == "inbound" || name == "console" {
				metrics.Messages(1)
			}
			metrics.Latency(12345 * time.Microsecond)
			now = now.Add(every)
		}
		sum += times / sample * float64(written.Len()+logHead*bytes.Count(written.Bytes(), []byte("\n")))
	}
	return sum
}

// standing are the positions of a month that come whether or not anything happens.
func standing() []line {
	fifo, others := 0.0, 0.0
	for _, row := range config.Functions {
		switch {
		case strings.HasSuffix(row.Queue, ".fifo"):
			fifo++
		case row.Queue != "":
			others++
		}
	}
	const polls = pollers * monthSeconds / pollSeconds
	rests := fmt.Sprintf("%d pollers of Lambda at each of %%.0f queues, each asking every %d s", pollers, pollSeconds)
	return []line{
		{alarmsOfStack, float64(len(config.Alarms())), priceAlarm, "the stack's"},
		{"SQS FIFO, polling", fifo * polls, priceFIFOJob, fmt.Sprintf(rests, fifo)},
		{"SQS, polling", others * polls, priceJob, fmt.Sprintf(rests, others)},
		{"Secrets", 0, 0, "standard parameters of the Parameter Store: free"},
		{"Dashboard", 0, 0, "three are free"},
		{ownMetrics, 0, priceMetric, "billed by the hours in which something is sent: none"},
		{"Table, files, logs kept, GB", 0.05, priceTableGB, "next to nothing lies there"},
	}
}

// month is a month of a million messages: as many in as out, half of them of each channel.
func month(p played) []line {
	const talks = million / talkMessages
	total := p.webTalk.times(talks/2).plus(p.phTalk, talks/2).plus(p.transcript, talks*mailShare)
	const pings, widgetPings = agentsAtWork * agentHours * 3600 / pingSeconds, talks / 2 * talkMinutes * 60 / pingSeconds
	total = total.plus(p.ping, pings).plus(p.widgetPing, widgetPings)
	lines := variable(total, 1)
	for i := range lines {
		lines[i].rests = strings.Replace(lines[i].rests, "counted: "+total.starts(1), "counted: "+fmt.Sprint(talks)+" conversations, "+fmt.Sprint(pings)+" pings of agents, "+fmt.Sprint(widgetPings)+" of widgets", 1)
	}
	agents, visitors := float64(agentsAtWork*agentHours*60), float64(talks/2*talkMinutes)
	logged := total.logBytes() / 1e9
	lines = append(lines,
		line{"WebSocket API, minutes", agents + visitors, priceConnected, fmt.Sprintf("%d agents, %d hours; widgets open %d minutes a conversation", agentsAtWork, agentHours, talkMinutes)},
		line{tableKept, million * itemBytes / 1e9, priceTableGB, fmt.Sprintf("%d bytes a message, with backups; each month adds as much", itemBytes)},
		line{"Logs kept, GB", 3 * logged, priceLogKept, "for three months"},
		line{kmsRequests, monthSeconds / 60 / secretMinutes * 5 * warmFunctions, priceKMS, fmt.Sprintf("five secrets read every %d minutes, by %d warm instances", secretMinutes, warmFunctions)},
		line{ownMetrics, 3, priceMetric, "Messages, Latency, Refusals"},
		line{"CloudFront, requests", total.Requests, 0, "10 M requests, 2 M of the function and 1 TB are free each month"},
	)
	for _, l := range standing() {
		if l.amount*l.price > 0 && !strings.HasPrefix(l.what, "Table") {
			l.rests = "as idle"
			lines = append(lines, l)
		}
	}
	return lines
}

const costNotes = `List prices of us-east-1 as of 2026-11-22, and what every account has free for good, as in
cmd/relevo/prices.go. Whoever writes 300 letters is counted to tell once that he types, and in one message of five to pause for 15 s and go on.
One ping of agents in ten and every second one of widgets is answered, for no other frame came since the last. What
was read is told by a frame for each message. Left out are WhatsApp's own
charges, CloudFront's requests beyond the free ones ($1.00 a million), data transfer beyond its free terabyte,
attachments in S3 ($0.023 a GB), and tax.`
