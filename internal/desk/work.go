package desk

import (
	"context"
	"encoding/json"
	"errors"
)

// Work does one job of a queue. An error whose code is not retryable sends the job to the dead letters.
func (d *Desk) Work(ctx context.Context, job Job) error { return again(d.work(ctx, job)) }

// again makes a conflict that trying at once did not settle worth another delivery.
func again(err error) error {
	if isStale(err) {
		return Wrap(Unavailable, errors.New(err.Error()), "others were faster every time")
	}
	return err
}

func (d *Desk) work(ctx context.Context, job Job) error {
	switch job.Queue {
	case InboundQueue:
		return work(ctx, job, d.Ingest)
	case DistributeQueue:
		return work(ctx, job, d.Distribute)
	case OutboundQueue:
		return work(ctx, job, d.Deliver)
	case TranscriptQueue:
		return work(ctx, job, d.SendTranscript)
	case MediaQueue:
		return work(ctx, job, d.FetchMedia)
	case FeedbackQueue:
		return work(ctx, job, d.Feedback)
	default:
		return InvalidField("queue", "no such queue")
	}
}

// Worker is [Desk.Work] for the one act of a function's queue, so that the function is linked without the others.
func Worker[T any](do func(context.Context, T) error) func(context.Context, Job) error {
	return func(ctx context.Context, job Job) error { return work(ctx, job, do) }
}

func work[T any](ctx context.Context, job Job, do func(context.Context, T) error) error {
	var body T
	if err := json.Unmarshal(job.Body, &body); err != nil {
		return Wrap(Invalid, err, "decode a job of "+string(job.Queue))
	}
	return do(ctx, body)
}
