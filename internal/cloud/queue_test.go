package cloud_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
)

// queueEvent is an event as SQS sends it; each message is "group/text", and its text is its messageId too.
func queueEvent(queue string, messages ...string) []byte {
	var records []string
	for i, m := range messages {
		group, text, _ := strings.Cut(m, "/")
		attributes := ""
		if strings.HasSuffix(queue, ".fifo") {
			attributes = fmt.Sprintf(`, "SequenceNumber": "1885315%d", "MessageGroupId": %q, "MessageDeduplicationId": "dedup-%s"`, i, group, text)
		}
		records = append(records, fmt.Sprintf(`{"messageId": %q, "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a", "body": "{\"text\":\"%s\"}",
		  "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1772463600000", "SenderId": "AROAIWPX5BD2BHG722MW4:inbound",
		  "ApproximateFirstReceiveTimestamp": "1772463600001"%s}, "messageAttributes": {}, "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
		  "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:%s", "awsRegion": "us-east-1"}`, text, text, attributes, queue))
	}
	return []byte(`{"Records": [` + strings.Join(records, ",") + `]}`)
}

// failed gives the identifiers that an answer reports.
func failed(t *testing.T, answer []byte) []string {
	t.Helper()
	var a struct {
		Items []struct{ ItemIdentifier string } `json:"batchItemFailures"`
	}
	if err := json.Unmarshal(answer, &a); err != nil || a.Items == nil {
		t.Fatalf("%s: %v", answer, err)
	}
	ids := []string{}
	for _, item := range a.Items {
		ids = append(ids, item.ItemIdentifier)
	}
	return ids
}

// idle is a host whose jobs do nothing.
var idle = cloud.Host{Work: func(context.Context, desk.Job) error { return nil }}

func TestQueue(t *testing.T) {
	t.Run("OK", func(t *testing.T) {
		var got desk.Job
		var id string
		answer, err := cloud.HandleQueue(t.Context(), cloud.Host{Work: func(ctx context.Context, job desk.Job) error {
			got, id = job, cloud.RequestID(ctx)
			return nil
		}}, desk.InboundQueue, queueEvent("inbound.fifo", "demo-web/m1"))
		if err != nil || string(answer) != `{"batchItemFailures":[]}` {
			t.Fatalf("%s, %v", answer, err)
		}
		want := desk.Job{Queue: desk.InboundQueue, Group: "demo-web", Dedup: "dedup-m1", Body: []byte(`{"text":"m1"}`)}
		if diff := cmp.Diff(want, got); diff != "" || id != "m1" {
			t.Error(diff, id)
		}
	})
	t.Run("PrefixedName", func(t *testing.T) {
		if _, err := cloud.HandleQueue(t.Context(), idle, desk.MediaQueue,
			queueEvent("prod-media", "/m1")); err != nil {
			t.Error(err)
		}
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		for _, event := range []string{`7`, `{"Records": 7}`, string(queueEvent("transcript", "/m1")), string(queueEvent("xmedia", "/m1")),
			string(queueEvent("media", "/"))} {
			_, err := cloud.HandleQueue(t.Context(), idle, desk.MediaQueue, []byte(event))
			wantCode(t, err, desk.Invalid)
		}
	})
}

func TestQueueFailures(t *testing.T) {
	passing, final := desk.Errorf(desk.Unavailable, "no"), desk.Errorf(desk.Invalid, "no")
	for name, c := range map[string]struct {
		queue    desk.QueueName
		messages []string
		fail     map[string]error
		done     []string // tried
		failed   []string
	}{
		"standard":        {desk.MediaQueue, []string{"/1", "/2", "/3"}, map[string]error{"2": passing}, []string{"1", "2", "3"}, []string{"2"}},
		"group held back": {desk.InboundQueue, []string{"a/1", "a/2", "b/3", "a/4", "b/5"}, map[string]error{"2": passing}, []string{"1", "2", "3", "5"}, []string{"2", "4"}},
		"without a code":  {desk.InboundQueue, []string{"a/1", "a/2"}, map[string]error{"1": errors.New("no")}, []string{"1"}, []string{"1", "2"}},
		"for good":        {desk.InboundQueue, []string{"a/1", "a/2"}, map[string]error{"1": final}, []string{"1", "2"}, []string{"1"}},
		"for good, held":  {desk.InboundQueue, []string{"a/1", "a/2", "a/3"}, map[string]error{"1": passing, "2": final}, []string{"1"}, []string{"1", "2", "3"}},
		"all":             {desk.MediaQueue, []string{"/1", "/2"}, map[string]error{"1": final, "2": passing}, []string{"1", "2"}, []string{"1", "2"}},
	} {
		t.Run(name, func(t *testing.T) {
			var done []string
			answer, err := cloud.HandleQueue(t.Context(), cloud.Host{Work: func(ctx context.Context, _ desk.Job) error {
				done = append(done, cloud.RequestID(ctx))
				return c.fail[cloud.RequestID(ctx)]
			}}, c.queue, queueEvent(string(c.queue), c.messages...))
			if err != nil {
				t.Fatal(err)
			}
			if got := failed(t, answer); !slices.Equal(got, c.failed) || !slices.Equal(done, c.done) {
				t.Errorf("failed %v, tried %v; want %v, %v", got, done, c.failed, c.done)
			}
		})
	}
	t.Run("Panic", func(t *testing.T) {
		answer, err := cloud.HandleQueue(t.Context(), cloud.Host{Work: func(ctx context.Context, _ desk.Job) error {
			if cloud.RequestID(ctx) == "1" {
				panic("no")
			}
			return nil
		}}, desk.MediaQueue, queueEvent("media", "/1", "/2"))
		if got := failed(t, answer); err != nil || !slices.Equal(got, []string{"1"}) {
			t.Errorf("got %v, %v", got, err)
		}
	})
	t.Run("OutOfTime", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		answer, err := cloud.HandleQueue(ctx, cloud.Host{Work: func(context.Context, desk.Job) error {
			cancel()
			return nil
		}}, desk.MediaQueue, queueEvent("media", "/1", "/2"))
		if got := failed(t, answer); err != nil || !slices.Equal(got, []string{"2"}) {
			t.Errorf("got %v, %v", got, err)
		}
	})
}
