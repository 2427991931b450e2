package cloud

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

// failedInvocation is what Lambda leaves of an event that it gave up ("Retaining records of asynchronous invocations",
// "Retaining discarded batches for a DynamoDB event source"). Scheduler leaves a timer as it is.
type failedInvocation struct {
	timerInput                              // what Scheduler leaves
	Payload    json.RawMessage              `json:"requestPayload"` // of a timer
	Batch      *failedBatch                 `json:"DDBStreamBatchInfo"`
	Context    struct{ FunctionARN string } `json:"requestContext"`
}

type failedBatch struct {
	Shard  string `json:"shardId"`
	First  string `json:"startSequenceNumber"`
	Last   string `json:"endSequenceNumber"`
	Size   int    `json:"batchSize"`
	Stream string `json:"streamArn"`
}

// startAgain gives a letter that is no job to its function once more, and waits for the answer: if it fails again, the
// letter stays.
func (d *DeadLetters) startAgain(ctx context.Context, letter DeadLetter) error {
	var failed failedInvocation
	if err := json.Unmarshal(letter.Body, &failed); err != nil {
		return desk.Wrap(desk.Invalid, err, "the dead letter "+letter.ID+" is nothing that AWS leaves")
	}
	if failed.Batch != nil {
		return d.replay(ctx, *failed.Batch)
	}
	payload := letter.Body
	if failed.Payload != nil {
		payload = failed.Payload
	}
	var timer timerInput
	if err := json.Unmarshal(payload, &timer); err != nil {
		return desk.Wrap(desk.Invalid, err, "the dead letter "+letter.ID+" is no timer")
	}
	for _, row := range config.Functions {
		if row.Timer != "" && row.Timer == string(timer.Name) {
			return d.invoke(ctx, row.Name, payload)
		}
	}
	return desk.Errorf(desk.Invalid, "the dead letter %s is of no function that is known", letter.ID)
}

// invoke starts a function and waits for its answer.
func (d *DeadLetters) invoke(ctx context.Context, function string, payload []byte) error {
	r := signed{service: "lambda", method: http.MethodPost, body: payload, header: map[string]string{"Content-Type": "application/json"},
		url: d.client.endpoint("lambda") + "/2015-03-31/functions/" + d.stack.name(function) + "/invocations"}
	answer, err := d.client.send(ctx, r)
	if err != nil {
		return judge(err).wrap(err, "start the function "+function)
	}
	defer func() { _ = answer.Body.Close() }()
	said, err := io.ReadAll(io.LimitReader(answer.Body, MaxPayload))
	if err != nil {
		return desk.Wrap(desk.Unavailable, err, "read the answer of "+function)
	}
	var partly failures
	failed := answer.Header.Get("X-Amz-Function-Error") != "" || json.Unmarshal(said, &partly) == nil && len(partly.Items) > 0
	if failed {
		return desk.Errorf(desk.Unavailable, "the function %s failed again: its log tells why", function)
	}
	return nil
}

// replay reads the changes of a batch from the table's stream, which keeps them for a day, and gives them to the
// function of the stream.
func (d *DeadLetters) replay(ctx context.Context, batch failedBatch) error {
	records, err := d.changes(ctx, batch)
	if err != nil {
		return err
	}
	payload, err := encode(map[string]any{"Records": records})
	if err != nil {
		return err
	}
	for _, row := range config.Functions {
		if row.Stream {
			return d.invoke(ctx, row.Name, payload)
		}
	}
	return desk.Errorf(desk.Internal, "no function reads the stream")
}

// changes reads the records of a batch, in the shape in which Lambda gives them to functions, which is that of the stream.
func (d *DeadLetters) changes(ctx context.Context, batch failedBatch) ([]streamRecord, error) {
	var at struct {
		Iterator string `json:"ShardIterator"`
	}
	err := d.stream(ctx, "GetShardIterator", map[string]any{"StreamArn": batch.Stream, "ShardId": batch.Shard, "SequenceNumber": batch.First,
		"ShardIteratorType": "AT_SEQUENCE_NUMBER"}, &at)
	var all []streamRecord
	for err == nil && at.Iterator != "" {
		var page struct {
			Records []streamRecord `json:"Records"`
			Next    string         `json:"NextShardIterator"`
		}
		if err = d.stream(ctx, "GetRecords", map[string]any{"ShardIterator": at.Iterator, "Limit": 1000}, &page); len(page.Records) == 0 {
			break
		}
		at.Iterator = page.Next
		for _, record := range page.Records {
			if sequence(record.Change.Number) > sequence(batch.Last) {
				at.Iterator = ""
				break
			}
			record.Source, record.ARN = "aws:dynamodb", batch.Stream
			all = append(all, record)
		}
	}
	if err == nil && len(all) == 0 {
		err = desk.Errorf(desk.NotFound, "the table's stream keeps changes for a day, and these are gone")
	}
	return all, err
}

// streamRecord is a change in the words of DynamoDB Streams; of what it holds only the number matters here.
type streamRecord struct {
	ID     string       `json:"eventID"`
	Name   string       `json:"eventName"`
	Source string       `json:"eventSource"`
	ARN    string       `json:"eventSourceARN"`
	Change streamChange `json:"dynamodb"`
}

type streamChange struct {
	Number string          `json:"SequenceNumber"`
	Keys   json.RawMessage `json:"Keys"`
	Old    json.RawMessage `json:"OldImage,omitempty"`
	New    json.RawMessage `json:"NewImage,omitempty"`
}

// sequence writes a sequence number so that text sorts as numbers.
func sequence(number string) string {
	return strings.Repeat("0", max(0, sequenceDigits-len(number))) + number
}

func (d *DeadLetters) stream(ctx context.Context, action string, in, out any) error {
	r, err := d.client.action("dynamodb", "1.0", "DynamoDBStreams_20120810."+action, in)
	if err != nil {
		return err
	}
	r.url = d.client.endpoint("streams.dynamodb") + "/"
	return d.client.call(ctx, "read the table's stream", r, out, func(_ int, code string) error {
		if code == "TrimmedDataAccessException" || code == "ResourceNotFoundException" {
			return desk.Errorf(desk.NotFound, "the table's stream keeps changes for a day, and these are gone")
		}
		return nil
	})
}
