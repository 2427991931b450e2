package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
)

// deadJob is the body of a job's dead letter: what redriving it needs.
type deadJob struct {
	Group string          `json:"group,omitempty"`
	Body  json.RawMessage `json:"body"`
}

// bury puts the job into the dead-letter list and then out of the queue; a crash in between buries it again under the
// same id, which is the queue's name, a slash and the job's sequence.
func (q *Queue) bury(name desk.QueueName, w *waiting, job storedJob, failure error) error {
	body, err := json.Marshal(deadJob{Group: job.Group, Body: job.Body})
	if err != nil {
		return err
	}
	id := string(name) + "/" + strconv.FormatUint(w.seq, 10)
	if err := q.file.bury(string(name), id, body, failure.Error()); err != nil {
		return err
	}
	return q.remove(name, w)
}

// Redrive puts a buried job back at the end of its queue, with five tries again, and takes it off the dead-letter list.
// deadID is the dead letter's ID. Codes: not_found, unavailable.
func (q *Queue) Redrive(_ context.Context, deadID string) error {
	if err := q.load(); err != nil {
		return err
	}
	queue, _, _ := strings.Cut(deadID, "/")
	name := desk.QueueName(queue)
	var job deadJob
	var seq uint64
	err := q.file.commits.Do(func(tx *bbolt.Tx) error {
		if err := takeDead(tx, queue, deadID, &job); err != nil {
			return err
		}
		raw, err := json.Marshal(storedJob{Group: job.Group, Body: job.Body})
		if err != nil {
			return err
		}
		seq, err = appendJob(tx, name, raw)
		return err
	})
	if err != nil {
		return desk.Wrap(desk.Unavailable, err, "redrive "+deadID)
	}
	q.add(name, &waiting{seq: seq, group: job.Group})
	return nil
}

// Redrive fires a buried timer again, at once and with five tries, and takes it off the dead-letter list. Codes:
// not_found, unavailable.
func (t *Timers) Redrive(_ context.Context, name desk.TimerName, id string) error {
	now := t.Now()
	err := t.file.commits.Do(func(tx *bbolt.Tx) error {
		var timer storedTimer
		if err := takeDead(tx, timerQueue(name), id, &timer); err != nil {
			return err
		}
		timer.Failures = 0
		raw, err := json.Marshal(timer)
		if err != nil {
			return err
		}
		key := timer.keyAt(now)
		return errors.Join(tx.Bucket(timerBucket).Put(key, raw), tx.Bucket(timerIDBucket).Put(timer.ident(), key))
	})
	if err != nil {
		return desk.Wrap(desk.Unavailable, err, "redrive the timer "+string(name))
	}
	t.signal()
	return nil
}

// Repair sets a timer unless it waits already, also one that fired before, and tells whether it did. Codes: those of At.
func (t *Timers) Repair(ctx context.Context, timer desk.Timer) (set bool, err error) {
	ident := storedTimer{Name: timer.Name, ID: timer.ID}.ident()
	err = t.file.commits.Do(func(tx *bbolt.Tx) error {
		ids := tx.Bucket(timerIDBucket)
		set = ids == nil || ids.Get(ident) == nil || bytes.Equal(ids.Get(ident), firedMark)
		if !set || ids == nil {
			return nil
		}
		return ids.Delete(ident)
	})
	if err != nil {
		return false, desk.Wrap(desk.Unavailable, err, "look for the timer "+string(timer.Name))
	}
	if !set {
		return false, nil
	}
	return true, t.At(ctx, timer)
}

// timerPrefix begins the names of timers' dead letters.
const timerPrefix = "timer/"

// timerQueue names a timer's dead letters.
func timerQueue(name desk.TimerName) string { return timerPrefix + string(name) }

// Redrive puts one dead letter back to work, whatever it is of: see the Redrive of [Queue], [Timers] and [Stream]. The
// queues and timers are those that run, if any do. Codes: not_found, unavailable.
func (f *File) Redrive(ctx context.Context, q *Queue, t *Timers, letter DeadLetter) error {
	if timer, ok := strings.CutPrefix(letter.Queue, timerPrefix); ok {
		return t.Redrive(ctx, desk.TimerName(timer), letter.ID)
	}
	if letter.Queue == streamQueue {
		return f.stream.Redrive(ctx, letter.ID)
	}
	return q.Redrive(ctx, letter.ID)
}

// takeDead takes a letter off the dead-letter list and decodes its body.
func takeDead(tx *bbolt.Tx, queue, id string, body any) error {
	key := []byte(queue + "\x00" + id)
	letters := tx.Bucket(deadBucket)
	if letters == nil || letters.Get(key) == nil {
		return desk.Errorf(desk.NotFound, "there is no dead letter %s", id)
	}
	var letter DeadLetter
	if err := json.Unmarshal(letters.Get(key), &letter); err != nil {
		return err
	}
	if err := json.Unmarshal(letter.Body, body); err != nil {
		return err
	}
	return letters.Delete(key)
}
