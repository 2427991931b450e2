package cloud

import (
	"context"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/relevo/relevo/internal/desk"
)

// HandleQueue gives the jobs of one SQS event ("Using Lambda with Amazon SQS") to h.Work in their order, and answers with
// those that failed, by messageId, for SQS to deliver again. A message of the queue is a job: its body, MessageGroupId and
// MessageDeduplicationId. The queue's name in its ARN may have a prefix, as in prod-inbound.fifo.
//
// In a .fifo queue a failure worth a repeat also holds back the jobs of its group that come after it, which are
// reported as failed and not tried, so that none overtakes it. A failure for good ([desk.Code.Retryable] false) is
// reported too, for a function cannot put a message on the dead-letter queue: SQS does, when it was received
// maxReceiveCount times. Meanwhile the group goes on behind it, as on the local queue: to hold it back would spend
// the deliveries of jobs that have no fault, and bury them with it.
//
// The messages of mail-feedback are SES's own and become a [desk.FeedbackJob] here.
//
// Code: invalid, if the event is not of this queue; then SQS delivers all of it again.
func HandleQueue(ctx context.Context, h Host, queue desk.QueueName, payload []byte) ([]byte, error) {
	var event events.SQSEvent
	if err := decode(payload, &event); err != nil {
		return nil, err
	}
	for _, record := range event.Records {
		if err := checkMessage(queue, record); err != nil {
			return nil, err
		}
	}
	failed := newFailures()
	held := map[string]bool{} // groups whose order would break
	for _, record := range event.Records {
		job := jobOf(queue, record)
		ordered := strings.HasSuffix(string(queue), ".fifo")
		if ordered && held[job.Group] {
			failed.add(record.MessageId)
			continue
		}
		ctx := withRequestID(ctx, record.MessageId)
		err := desk.Wrap(desk.Unavailable, ctx.Err(), "no time was left for the job")
		if err == nil && queue == desk.FeedbackQueue {
			job.Body, err = feedbackBody(job.Body)
		}
		if err == nil {
			err = safely("a job of "+string(queue), func() error { return h.Work(ctx, job) })
		}
		if err == nil {
			continue
		}
		h.log().WarnContext(ctx, "job failed", "queue", queue, "receives", record.Attributes["ApproximateReceiveCount"], "request_id", RequestID(ctx), "error", err)
		failed.add(record.MessageId)
		held[job.Group] = held[job.Group] || desk.CodeOf(err).Retryable()
	}
	return encode(failed)
}

// checkMessage refuses what is no message of the queue, or could not be reported.
func checkMessage(queue desk.QueueName, m events.SQSMessage) error {
	name := m.EventSourceARN[strings.LastIndexByte(m.EventSourceARN, ':')+1:]
	if name != string(queue) && !strings.HasSuffix(name, "-"+string(queue)) {
		return desk.InvalidField("eventSourceARN", "the event is of the queue %q, and this function works %s", name, queue)
	}
	if m.MessageId == "" {
		return desk.InvalidField("messageId", "a message of SQS has one")
	}
	return nil
}

func jobOf(queue desk.QueueName, m events.SQSMessage) desk.Job {
	return desk.Job{Queue: queue, Group: m.Attributes["MessageGroupId"], Dedup: m.Attributes["MessageDeduplicationId"], Body: []byte(m.Body)}
}
