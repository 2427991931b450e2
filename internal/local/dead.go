package local

import (
	"context"
	"encoding/json"
	"time"

	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
)

// DeadLetter is work that failed too often and waits for a person.
type DeadLetter struct {
	Queue  string          `json:"queue"` // a queue's name, "stream", or "timer/" and the timer's name
	ID     string          `json:"id"`    // unique within the queue
	Body   json.RawMessage `json:"body"`
	Reason string          `json:"reason"` // the last failure
	At     time.Time       `json:"at"`     // when it was given up
}

var deadBucket = []byte("dead") // queue, zero byte, id -> DeadLetter as JSON

// bury puts work on the dead-letter list before it returns; the same work again replaces itself. Codes: invalid (the
// body is no JSON), unavailable.
func (f *File) bury(queue, id string, body []byte, reason string) error {
	record, err := json.Marshal(DeadLetter{Queue: queue, ID: id, Body: body, Reason: reason, At: time.Now().UTC()})
	if err != nil {
		return desk.Wrap(desk.Invalid, err, "dead letter of "+queue)
	}
	err = f.commits.Do(func(tx *bbolt.Tx) error {
		bucket, err := tx.CreateBucketIfNotExists(deadBucket)
		if err != nil {
			return err
		}
		return bucket.Put([]byte(queue+"\x00"+id), record)
	})
	return desk.Wrap(desk.Unavailable, err, "a dead letter could not be written")
}

// Dead lists the dead letters by queue and id. Codes: unavailable.
func (f *File) Dead(ctx context.Context) ([]DeadLetter, error) {
	if err := alive(ctx); err != nil {
		return nil, err
	}
	var letters []DeadLetter
	err := f.db.View(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket(deadBucket)
		if bucket == nil {
			return nil
		}
		return bucket.ForEach(func(_, record []byte) error {
			var letter DeadLetter
			if err := json.Unmarshal(record, &letter); err != nil {
				return err
			}
			letters = append(letters, letter)
			return nil
		})
	})
	return letters, desk.Wrap(desk.Unavailable, err, "the dead letters could not be read")
}
