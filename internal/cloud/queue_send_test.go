package cloud_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
)

// queues are the product's on an emulator, each with its dead-letter queue, as the stack makes them, but for a visibility
// time that a test can wait for.
type queues struct {
	t         *testing.T
	api       *sqs.Client
	addresses map[string]string // also those of the dead-letter queues
	arns      map[string]string
	prefix    string
	dead      *cloud.DeadLetters
}

// deadOf names the dead-letter queue of a queue as the stack does.
func deadOf(name string) string {
	base, fifo := strings.CutSuffix(config.DeadLettersOf(name), ".fifo")
	if fifo {
		return base + "-dead.fifo"
	}
	return base + "-dead"
}

func newQueues(t *testing.T, client *cloud.Client) *queues {
	t.Helper()
	q := &queues{t: t, api: sqs.NewFromConfig(client.Config()), addresses: map[string]string{}, arns: map[string]string{}}
	stage := unique()
	q.prefix, q.dead = "relevo-"+stage, cloud.NewDeadLetters(client, &cloud.Stack{Stage: stage})
	for _, name := range []desk.QueueName{desk.InboundQueue, desk.DistributeQueue, desk.OutboundQueue, desk.TranscriptQueue, desk.MediaQueue} {
		if dead := deadOf(string(name)); q.arns[dead] == "" { // some share theirs
			q.create(dead, nil)
		}
		redrive, err := json.Marshal(map[string]any{"deadLetterTargetArn": q.arns[deadOf(string(name))], "maxReceiveCount": 5})
		if err != nil {
			t.Fatal(err)
		}
		q.create(string(name), map[string]string{"VisibilityTimeout": "1", "RedrivePolicy": string(redrive)})
	}
	return q
}

func (q *queues) create(name string, attributes map[string]string) {
	q.t.Helper()
	if attributes == nil {
		attributes = map[string]string{}
	}
	if strings.HasSuffix(name, ".fifo") {
		attributes["FifoQueue"] = "true"
	}
	made, err := q.api.CreateQueue(q.t.Context(), &sqs.CreateQueueInput{QueueName: aws.String(q.prefix + "-" + name), Attributes: attributes})
	if err != nil {
		q.t.Fatal(err)
	}
	q.addresses[name], q.arns[name] = *made.QueueUrl, "arn:aws:sqs:us-east-1:000000000000:"+q.prefix+"-"+name
	q.t.Cleanup(func() {
		if _, err := q.api.DeleteQueue(context.WithoutCancel(q.t.Context()), &sqs.DeleteQueueInput{QueueUrl: made.QueueUrl}); err != nil {
			q.t.Error(err)
		}
	})
}

// work stands in for Lambda's poller: it makes events of messages, hands them to the host, and deletes what did not fail.
func (q *queues) work(ctx context.Context, name desk.QueueName, batch int32, handle func(context.Context, desk.Job) error) error {
	var all sync.WaitGroup
	var once sync.Once
	var failure error
	for range 4 {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := q.poll(ctx, name, batch, handle); err != nil && ctx.Err() == nil {
					once.Do(func() { failure = err })
					return
				}
			}
		})
	}
	all.Wait()
	return failure
}

func (q *queues) poll(ctx context.Context, name desk.QueueName, batch int32, handle func(context.Context, desk.Job) error) error {
	address := q.addresses[string(name)]
	got, err := q.api.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &address, MaxNumberOfMessages: batch, WaitTimeSeconds: 1,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll}})
	if err != nil || len(got.Messages) == 0 {
		return err
	}
	event := events.SQSEvent{}
	for _, m := range got.Messages {
		event.Records = append(event.Records, events.SQSMessage{MessageId: *m.MessageId, Body: *m.Body, Attributes: m.Attributes,
			EventSource: "aws:sqs", EventSourceARN: q.arns[string(name)]})
	}
	payload, err := json.Marshal(event)
	if err != nil {
		return err
	}
	answer, err := cloud.HandleQueue(ctx, cloud.Host{Work: handle, Log: slog.New(slog.DiscardHandler)}, name, payload)
	if err != nil {
		return err
	}
	var failed events.SQSEventResponse
	if err := json.Unmarshal(answer, &failed); err != nil {
		return err
	}
	again := map[string]bool{}
	for _, f := range failed.BatchItemFailures {
		again[f.ItemIdentifier] = true
	}
	for _, m := range got.Messages {
		if again[*m.MessageId] {
			continue
		}
		if _, err := q.api.DeleteMessage(context.WithoutCancel(ctx), &sqs.DeleteMessageInput{QueueUrl: &address, ReceiptHandle: m.ReceiptHandle}); err != nil {
			return err
		}
	}
	return nil
}

// buried reads a dead-letter queue and leaves its messages there.
func (q *queues) buried(ctx context.Context, name desk.QueueName) ([][]byte, error) {
	letters, err := q.dead.Letters(ctx, string(name), 10)
	var bodies [][]byte
	for _, letter := range letters {
		bodies = append(bodies, letter.Body)
	}
	return bodies, err
}

func TestQueueContract(t *testing.T) {
	client := emulator(t, "sqs")
	desktest.Queue(t, func(t *testing.T) desktest.QueueSubject {
		t.Helper()
		q := newQueues(t, client)
		return desktest.QueueSubject{Queue: cloud.NewQueue(client, q.addresses), Buried: q.buried, Patience: 20 * time.Second, RefusedDeliveries: 5,
			Work: func(ctx context.Context, name desk.QueueName, handle func(context.Context, desk.Job) error) error {
				return q.work(ctx, name, 1, handle)
			},
			Redrive: func(ctx context.Context, name desk.QueueName) error {
				_, err := q.dead.Redrive(ctx, string(name), "")
				return err
			}}
	})
}

// Lambda hands over whole batches: a failure in the middle must not let the rest of its group overtake it.
func TestQueueBatches(t *testing.T) {
	client := emulator(t, "sqs")
	q := newQueues(t, client)
	queue := cloud.NewQueue(client, q.addresses)
	want := ""
	for _, label := range []string{"1", "2", "3", "4", "5"} {
		want += label
		if err := queue.Enqueue(t.Context(), desk.Job{Queue: desk.OutboundQueue, Group: "g", Body: []byte(label)}); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	done, tries := "", 0
	err := q.work(ctx, desk.OutboundQueue, 10, func(_ context.Context, job desk.Job) error {
		if tries++; string(job.Body) == "3" && tries == 3 {
			return desk.Errorf(desk.Unavailable, "the first try fails")
		}
		if done += string(job.Body); len(done) == len(want) {
			cancel()
		}
		return nil
	})
	if err != nil || done != want {
		t.Errorf("done in the order %q, want %q (%v)", done, want, err)
	}
}

// What JSON may hold and SQS refuses arrives as it was; a group that SQS would refuse still keeps its order.
func TestQueueForeignCharacters(t *testing.T) {
	client := emulator(t, "sqs")
	q := newQueues(t, client)
	sent := "a\uFFFE\uFFFF\u007f€"
	body, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	job := desk.Job{Queue: desk.InboundQueue, Group: "señal " + strings.Repeat("x", 200), Dedup: strings.Repeat("ñ", 100), Body: body}
	if err := cloud.NewQueue(client, q.addresses).Enqueue(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var got string
	err = q.work(ctx, desk.InboundQueue, 1, func(_ context.Context, job desk.Job) error {
		defer cancel()
		return json.Unmarshal(job.Body, &got)
	})
	if err != nil || got != sent {
		t.Errorf("got %q, want %q (%v)", got, sent, err)
	}
}
