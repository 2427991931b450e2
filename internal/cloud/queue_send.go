package cloud

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

const (
	maxJob     = 256 << 10 // bytes; the port's limit, SQS takes more
	maxFIFOKey = 128       // characters of a MessageGroupId or a MessageDeduplicationId
)

// Queue sends jobs to SQS. HandleQueue is where they come back in.
type Queue struct {
	client    *Client
	addresses map[string]string
}

var _ desk.Queue = (*Queue)(nil)

// NewQueue gives the queues of these addresses, by their names in the wiring table.
func NewQueue(client *Client, addresses map[string]string) *Queue {
	return &Queue{client: client, addresses: addresses}
}

// sentMessage is a SendMessage request ("Amazon SQS API Reference", AWS JSON protocol).
type sentMessage struct {
	Queue string `json:"QueueUrl"`
	Body  string `json:"MessageBody"`
	Group string `json:"MessageGroupId,omitempty"`
	Dedup string `json:"MessageDeduplicationId,omitempty"`
}

// Enqueue sends the job. A repeat by this adapter, after an answer was lost, carries the same deduplication id, so in a
// .fifo queue the job is there once all the same. Besides the port's codes: internal (a right or the queue is missing),
// limited.
func (q *Queue) Enqueue(ctx context.Context, job desk.Job) error {
	address, known := q.addresses[string(job.Queue)]
	fifo := strings.HasSuffix(string(job.Queue), ".fifo")
	switch {
	case !known:
		return desk.InvalidField("queue", "this function has no queue %q", job.Queue)
	case fifo && job.Group == "":
		return desk.InvalidField("group", "a job of %s has a group", job.Queue)
	case len(job.Body) > maxJob:
		return desk.InvalidField("body", "%d bytes, and a job has at most %d", len(job.Body), maxJob)
	case !json.Valid(job.Body):
		return desk.InvalidField("body", "a job's body is JSON")
	}
	message := sentMessage{Queue: address, Body: legalBody.Replace(string(job.Body))}
	if fifo {
		message.Group, message.Dedup = fifoKey(job.Group), fifoKey(job.Dedup)
		if job.Dedup == "" {
			message.Dedup = rand.Text()
		}
	}
	r, err := q.client.action("sqs", "1.0", "AmazonSQS.SendMessage", message)
	if err != nil {
		return err
	}
	return q.client.call(ctx, "send a job to "+string(job.Queue), r, nil, func(_ int, code string) error {
		switch code {
		case "InvalidMessageContents", "InvalidParameterValue":
			return desk.Errorf(desk.Invalid, "SQS refuses the job as %s", code)
		}
		return nil
	})
}

// legalBody writes what JSON may hold and SQS refuses (it takes the characters of XML 1.0) as JSON's own escapes.
var legalBody = strings.NewReplacer("\uFFFE", `\ufffe`, "\uFFFF", `\uffff`)

// fifoKey gives the key as it is if SQS takes it, else a hash of it: letters, digits and ASCII punctuation, at most 128.
func fifoKey(key string) string {
	illegal := func(r rune) bool { return r <= ' ' || r > '~' }
	if len(key) <= maxFIFOKey && !strings.ContainsFunc(key, illegal) {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}
