package cloud

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

const (
	deadBatch = 10               // messages of one ReceiveMessage: the most that SQS gives
	deadLooks = 30 * time.Second // how long a message that is looked at is hidden from others
)

// DeadLetters are the dead-letter queues of a deployed desk: one for each .fifo queue of the wiring table, and
// [config.Unhandled] for jobs of all other queues, changes of the table and timers. They are for operators' commands. The
// letters of one of those other queues are found by its name, too.
type DeadLetters struct {
	client *Client
	stack  *Stack
}

// NewDeadLetters gives the dead letters of a stack.
func NewDeadLetters(client *Client, stack *Stack) *DeadLetters { return &DeadLetters{client, stack} }

// DeadQueue is one of them.
type DeadQueue struct {
	Name   string // the .fifo queue's in the wiring table, or config.Unhandled
	Count  int    // messages, about
	Hidden int    // of them somebody looks at just now
}

// DeadLetter is a message that failed too often.
type DeadLetter struct {
	ID       string    // SQS's id of the message, which is the request id in the function's log
	At       time.Time // when it was first sent
	Receives int
	Body     []byte

	group, handle string
	source        string // the queue that it is a job of; "" for none
}

// DeadQueues names all of them, in the alphabet's order.
func DeadQueues() []string {
	var names []string
	for _, row := range config.Functions {
		if row.Queue != "" {
			names = append(names, config.DeadLettersOf(row.Queue))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Queues counts the dead letters. Codes: not_found (the stack lacks a queue), internal (a right is missing), limited,
// unavailable.
func (d *DeadLetters) Queues(ctx context.Context) ([]DeadQueue, error) {
	var all []DeadQueue
	for _, name := range DeadQueues() {
		address, err := d.address(ctx, deadName(name))
		if err != nil {
			return nil, err
		}
		q, err := d.count(ctx, name, address)
		if err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	return all, nil
}

func (d *DeadLetters) count(ctx context.Context, name, address string) (DeadQueue, error) {
	const visible, hidden = "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"
	var said struct {
		Attributes map[string]string `json:"Attributes"`
	}
	err := d.sqs(ctx, "count the dead letters of "+name, "GetQueueAttributes", map[string]any{"QueueUrl": address, "AttributeNames": []string{visible, hidden}}, &said)
	if err != nil {
		return DeadQueue{}, err
	}
	q := DeadQueue{Name: name}
	for attribute, into := range map[string]*int{visible: &q.Count, hidden: &q.Hidden} {
		if *into, err = strconv.Atoi(said.Attributes[attribute]); err != nil {
			return q, desk.Wrap(desk.Internal, err, "SQS gives no "+attribute)
		}
	}
	q.Count += q.Hidden
	return q, nil
}

// Letters looks at some of a queue, oldest first as far as SQS keeps an order; meanwhile others do not see them. Codes:
// not_found (no such queue), and those of Queues.
func (d *DeadLetters) Letters(ctx context.Context, queue string, limit int) ([]DeadLetter, error) {
	address, err := d.addressOf(ctx, queue)
	if err != nil {
		return nil, err
	}
	var all []DeadLetter
	for len(all) < limit {
		some, err := d.receive(ctx, address, min(deadBatch, limit-len(all)))
		if err != nil || len(some) == 0 {
			return d.of(queue, all), errors.Join(err, d.release(ctx, address, all))
		}
		all = append(all, some...)
	}
	return d.of(queue, all), d.release(ctx, address, all)
}

// of keeps the letters of a queue among those that lie where its letters do.
func (d *DeadLetters) of(queue string, letters []DeadLetter) []DeadLetter {
	if config.DeadLettersOf(queue) == queue || queue == config.Unhandled {
		return letters
	}
	return slices.DeleteFunc(slices.Clone(letters), func(l DeadLetter) bool { return l.source != queue })
}

// Redrive puts letters of a queue back to work, all of them or the one of an id, and tells how many. A letter is taken
// off after it is sent, so one that is cut short in between comes twice, which is harmless as any second delivery is.
// SQS has StartMessageMoveTask for this; it neither takes one letter, nor those that came from no queue.
// Codes: not_found (no such queue or letter), and those of Queues.
func (d *DeadLetters) Redrive(ctx context.Context, queue, id string) (int, error) {
	address, err := d.addressOf(ctx, queue)
	if err != nil {
		return 0, err
	}
	before, err := d.count(ctx, queue, address)
	if err != nil {
		return 0, err
	}
	var left []DeadLetter
	done := 0
	for seen := 0; err == nil && seen < before.Count; { // those that die again meanwhile are left
		var some []DeadLetter
		some, err = d.receive(ctx, address, deadBatch)
		if len(some) == 0 {
			break
		}
		seen += len(some)
		for _, letter := range some {
			ordered := err != nil && letter.group != ""
			if ordered || id != "" && letter.ID != id || len(d.of(queue, []DeadLetter{letter})) == 0 {
				left = append(left, letter)
				continue
			}
			if failed := d.putBack(ctx, queue, letter); failed != nil {
				left, err = append(left, letter), errors.Join(err, failed)
				continue
			}
			done++
			err = errors.Join(err, d.remove(ctx, address, letter))
		}
	}
	err = errors.Join(err, d.release(ctx, address, left))
	if err == nil && id != "" && done == 0 {
		err = desk.Errorf(desk.NotFound, "there is no dead letter %s of %s", id, queue)
	}
	return done, err
}

// putBack puts one letter back to work.
func (d *DeadLetters) putBack(ctx context.Context, queue string, letter DeadLetter) error {
	if config.DeadLettersOf(queue) != queue || queue == config.Unhandled {
		queue = letter.source
	}
	if queue == "" {
		return d.startAgain(ctx, letter)
	}
	address, err := d.address(ctx, queue)
	if err != nil {
		return err
	}
	m := sentMessage{Queue: address, Body: string(letter.Body)}
	if strings.HasSuffix(queue, ".fifo") { // its own key may have been used within five minutes
		m.Group, m.Dedup = letter.group, "redrive-"+letter.ID
	}
	return d.sqs(ctx, "redrive to "+queue, "SendMessage", m, nil)
}

func (d *DeadLetters) receive(ctx context.Context, address string, most int) ([]DeadLetter, error) {
	var said struct {
		Messages []struct {
			ID         string            `json:"MessageId"`
			Handle     string            `json:"ReceiptHandle"`
			Body       string            `json:"Body"`
			Attributes map[string]string `json:"Attributes"`
		} `json:"Messages"`
	}
	err := d.sqs(ctx, "look at dead letters", "ReceiveMessage", map[string]any{"QueueUrl": address, "MaxNumberOfMessages": most,
		"VisibilityTimeout": int(deadLooks.Seconds()), "WaitTimeSeconds": 1, "AttributeNames": []string{"All"}}, &said)
	var letters []DeadLetter
	for _, m := range said.Messages {
		letter := DeadLetter{ID: m.ID, Body: []byte(m.Body), group: m.Attributes["MessageGroupId"], handle: m.Handle,
			source: d.sourceOf(m.Attributes["DeadLetterQueueSourceArn"])}
		if sent, err := strconv.ParseInt(m.Attributes["SentTimestamp"], 10, 64); err == nil {
			letter.At = time.UnixMilli(sent).UTC()
		}
		letter.Receives, _ = strconv.Atoi(m.Attributes["ApproximateReceiveCount"]) // 0 where it is not told
		letters = append(letters, letter)
	}
	return letters, err
}

// release lets others see letters again.
func (d *DeadLetters) release(ctx context.Context, address string, letters []DeadLetter) error {
	for _, letter := range letters {
		in := map[string]any{"QueueUrl": address, "ReceiptHandle": letter.handle, "VisibilityTimeout": 0}
		if err := d.sqs(ctx, "put a dead letter back", "ChangeMessageVisibility", in, nil); err != nil {
			return err
		}
	}
	return nil
}

func (d *DeadLetters) remove(ctx context.Context, address string, letter DeadLetter) error {
	return d.sqs(ctx, "take off a dead letter", "DeleteMessage", map[string]any{"QueueUrl": address, "ReceiptHandle": letter.handle}, nil)
}

// sourceOf gives the queue of the wiring table that an ARN names.
func (d *DeadLetters) sourceOf(arn string) string {
	return strings.TrimPrefix(arn[strings.LastIndexByte(arn, ':')+1:], d.stack.name("")+"-")
}

// deadName is the name of the queue of some dead letters, in the stack.
func deadName(letters string) string {
	base, fifo := strings.CutSuffix(letters, ".fifo")
	if fifo {
		return base + "-dead.fifo"
	}
	return base + "-dead"
}

// addressOf finds where the dead letters of a queue lie.
func (d *DeadLetters) addressOf(ctx context.Context, queue string) (string, error) {
	known := slices.ContainsFunc(config.Functions, func(row config.Function) bool { return row.Queue != "" && row.Queue == queue })
	if !known && queue != config.Unhandled {
		return "", desk.Errorf(desk.NotFound, "there are no dead letters of %q, but of %s", queue, strings.Join(DeadQueues(), ", "))
	}
	return d.address(ctx, deadName(config.DeadLettersOf(queue)))
}

// address finds a queue of the stack.
func (d *DeadLetters) address(ctx context.Context, name string) (string, error) {
	var said struct {
		Address string `json:"QueueUrl"`
	}
	err := d.sqs(ctx, "find the queue "+name, "GetQueueUrl", map[string]any{"QueueName": d.stack.name(name)}, &said)
	return said.Address, err
}

func (d *DeadLetters) sqs(ctx context.Context, tried, action string, in, out any) error {
	r, err := d.client.action("sqs", "1.0", "AmazonSQS."+action, in)
	if err != nil {
		return err
	}
	return d.client.call(ctx, tried, r, out, func(_ int, code string) error {
		if strings.HasSuffix(code, "NonExistentQueue") || strings.HasSuffix(code, "QueueDoesNotExist") {
			return desk.Errorf(desk.NotFound, "%s: there is no such queue", tried)
		}
		return nil
	})
}
