package cloud_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

func TestDeadLettersContract(t *testing.T) {
	client := emulator(t, "sqs")
	stack := &cloud.Stack{Stage: unique()}
	q := &queues{t: t, api: sqs.NewFromConfig(client.Config()), addresses: map[string]string{}, arns: map[string]string{}, prefix: "relevo-" + stack.Stage}
	for _, name := range cloud.DeadQueues() {
		base, fifo := strings.CutSuffix(name, ".fifo")
		dead := base + "-dead"
		if fifo {
			dead += ".fifo"
		}
		q.create(dead, nil)
		if name != config.Unhandled {
			q.create(name, nil)
		}
	}
	for _, name := range []string{"media", "transcript"} { // as SQS leaves a job that failed: its queue is known of it
		redrive := fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":1}`, q.arns["unhandled-dead"])
		q.create(name, map[string]string{"VisibilityTimeout": "0", "RedrivePolicy": redrive})
		q.bury(name, `{"of":"`+name+`"}`)
	}
	dead := cloud.NewDeadLetters(client, stack)
	const inbound = "inbound.fifo"
	for i := range 3 {
		_, err := q.api.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(q.addresses["inbound-dead.fifo"]), MessageBody: aws.String(fmt.Sprintf(`{"n":%d}`, i)),
			MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String(fmt.Sprint("d", i))})
		if err != nil {
			t.Fatal(err)
		}
	}
	all, err := dead.Queues(t.Context())
	if err != nil || len(all) != len(cloud.DeadQueues()) {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, queue := range all {
		if want := map[string]int{inbound: 3, config.Unhandled: 2}[queue.Name]; queue.Count != want {
			t.Errorf("%s has %d, want %d", queue.Name, queue.Count, want)
		}
	}
	for range 2 { // looking changes nothing
		letters, err := dead.Letters(t.Context(), inbound, 20)
		if err != nil || len(letters) != 3 || string(letters[0].Body) != `{"n":0}` || letters[0].At.IsZero() || letters[0].Receives < 1 {
			t.Fatalf("%+v, %v", letters, err)
		}
	}
	letters, err := dead.Letters(t.Context(), inbound, 1)
	if err != nil || len(letters) != 1 {
		t.Fatalf("%+v, %v", letters, err)
	}
	if n, err := dead.Redrive(t.Context(), inbound, letters[0].ID); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := dead.Redrive(t.Context(), inbound, ""); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	var bodies []string
	for len(bodies) < 3 {
		got, err := q.api.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: aws.String(q.addresses[inbound]), MaxNumberOfMessages: 10, WaitTimeSeconds: 1,
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}})
		if err != nil || len(got.Messages) == 0 {
			t.Fatal(bodies, err)
		}
		for _, m := range got.Messages {
			if m.Attributes["MessageGroupId"] != "g" {
				t.Errorf("the group is %q", m.Attributes["MessageGroupId"])
			}
			bodies = append(bodies, *m.Body)
		}
	}
	if !slices.Equal(bodies, []string{`{"n":0}`, `{"n":1}`, `{"n":2}`}) {
		t.Errorf("put back %v", bodies)
	}
	if letters, err := dead.Letters(t.Context(), "media", 20); err != nil || len(letters) != 1 || string(letters[0].Body) != `{"of":"media"}` {
		t.Errorf("of media: %+v, %v", letters, err)
	}
	for _, queue := range []string{"media", config.Unhandled} {
		if n, err := dead.Redrive(t.Context(), queue, ""); n != 1 || err != nil {
			t.Errorf("%d of %s, %v", n, queue, err)
		}
	}
	for _, name := range []string{"media", "transcript"} {
		got, err := q.api.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: aws.String(q.addresses[name]), WaitTimeSeconds: 1})
		if err != nil || len(got.Messages) != 1 || *got.Messages[0].Body != `{"of":"`+name+`"}` {
			t.Errorf("back in %s: %v, %v", name, got, err)
		}
	}
	_, err = dead.Redrive(t.Context(), inbound, "none")
	wantCode(t, err, desk.NotFound)
	_, err = dead.Redrive(t.Context(), "none", "")
	wantCode(t, err, desk.NotFound)
}

// bury lets a message fail for good.
func (q *queues) bury(name, body string) {
	q.t.Helper()
	if _, err := q.api.SendMessage(q.t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(q.addresses[name]), MessageBody: &body}); err != nil {
		q.t.Fatal(err)
	}
	for range 2 {
		if _, err := q.api.ReceiveMessage(q.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: aws.String(q.addresses[name])}); err != nil {
			q.t.Fatal(err)
		}
	}
}

// What Lambda leaves of a timer and of a batch of changes ("Retaining records of asynchronous invocations", "Retaining
// discarded batches for a DynamoDB event source").
const (
	timerEvent = `{"name":"wakeup","id":"c1-x","at":"2026-01-02T03:04:05Z","body":{"Account":"demo"}}`
	deadTimer  = `{"version":"1.0","requestContext":{"functionArn":"arn:aws:lambda:eu-west-1:1:function:relevo-dev-wakeup:$LATEST","condition":"RetriesExhausted"},"requestPayload":` + timerEvent + `}`
	deadBatch  = `{"requestContext":{"functionArn":"arn:aws:lambda:eu-west-1:1:function:relevo-dev-relay"},"DDBStreamBatchInfo":{"shardId":"shard-1","startSequenceNumber":"90",` +
		`"endSequenceNumber":"100","batchSize":2,"streamArn":"arn:aws:dynamodb:eu-west-1:1:table/t/stream/1"}}`
)

// unhandled is an SQS with one letter in the queue of the unhandled, a stream and the functions of a stack.
type unhandled struct {
	mu      sync.Mutex
	letter  string
	fails   bool
	invoked []string // function and payload
	removed int
}

func (u *unhandled) serve(w http.ResponseWriter, r *http.Request) {
	u.mu.Lock()
	defer u.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	answer := "{}"
	switch action {
	case "GetQueueUrl":
		answer = `{"QueueUrl":"http://sqs/unhandled"}`
	case "GetQueueAttributes":
		answer = `{"Attributes":{"ApproximateNumberOfMessages":"1","ApproximateNumberOfMessagesNotVisible":"0"}}`
	case "ReceiveMessage":
		raw, _ := json.Marshal(u.letter)
		answer = `{"Messages":[{"MessageId":"m1","ReceiptHandle":"h1","Body":` + string(raw) + `}]}`
	case "DeleteMessage":
		u.removed++
	case "GetShardIterator":
		answer = `{"ShardIterator":"i"}`
	case "GetRecords":
		answer = `{"Records":[{"eventID":"a","eventName":"INSERT","dynamodb":{"SequenceNumber":"90","Keys":{"PK":{"S":"p"}},"NewImage":{"x":{"N":"12345678901234567890"}}}},` +
			`{"eventID":"b","eventName":"INSERT","dynamodb":{"SequenceNumber":"101","Keys":{"PK":{"S":"p"}}}}]}`
	case "": // Lambda
		u.invoked = append(u.invoked, r.URL.Path+" "+string(body))
		if u.fails {
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
		}
		answer = "null"
	}
	w.Write([]byte(answer))
}

func TestDeadLettersUnhandled(t *testing.T) {
	const path = "/2015-03-31/functions/relevo-dev-"
	for name, c := range map[string]struct{ letter, invoked string }{
		"OK/TimerOfLambda":    {deadTimer, path + "wakeup/invocations " + timerEvent},
		"OK/TimerOfScheduler": {timerEvent, path + "wakeup/invocations " + timerEvent},
		"OK/Changes": {deadBatch, path + `relay/invocations {"Records":[{"eventID":"a","eventName":"INSERT","eventSource":"aws:dynamodb",` +
			`"eventSourceARN":"arn:aws:dynamodb:eu-west-1:1:table/t/stream/1","dynamodb":{"SequenceNumber":"90","Keys":{"PK":{"S":"p"}},"NewImage":{"x":{"N":"12345678901234567890"}}}}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			u := &unhandled{letter: c.letter}
			dead := cloud.NewDeadLetters(cloud.NewClient(access(serving(t, u.serve))), &cloud.Stack{Stage: "dev"})
			n, err := dead.Redrive(t.Context(), config.Unhandled, "")
			if n != 1 || err != nil || u.removed != 1 || len(u.invoked) != 1 || u.invoked[0] != c.invoked {
				t.Errorf("%d redriven, %v; started %v, want %s", n, err, u.invoked, c.invoked)
			}
		})
	}
	t.Run("ErrUnavailable/ItFailsAgain", func(t *testing.T) {
		u := &unhandled{letter: deadTimer, fails: true}
		dead := cloud.NewDeadLetters(cloud.NewClient(access(serving(t, u.serve))), &cloud.Stack{Stage: "dev"})
		n, err := dead.Redrive(t.Context(), config.Unhandled, "")
		if n != 0 || !desk.Is(err, desk.Unavailable) || u.removed != 0 {
			t.Errorf("%d redriven, %d removed, %v", n, u.removed, err)
		}
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		u := &unhandled{letter: `{"name":"none"}`}
		dead := cloud.NewDeadLetters(cloud.NewClient(access(serving(t, u.serve))), &cloud.Stack{Stage: "dev"})
		_, err := dead.Redrive(t.Context(), config.Unhandled, "")
		wantCode(t, err, desk.Invalid)
	})
}
