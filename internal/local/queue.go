package local

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
)

const (
	maxJobBody  = 256 << 10       // SQS's limit of a message
	dedupWindow = 5 * time.Minute // SQS's deduplication interval
)

var (
	queueBucket    = []byte("queue")           // queue -> sequence -> storedJob
	dedupBucket    = []byte("queue-dedup")     // queue \0 key -> milliseconds
	dedupAgeBucket = []byte("queue-dedup-age") // milliseconds, queue \0 key -> nothing
)

var queueNames = []desk.QueueName{desk.InboundQueue, desk.DistributeQueue, desk.OutboundQueue, desk.TranscriptQueue,
	desk.MediaQueue, desk.FeedbackQueue}

// Queue keeps jobs in the file, as SQS does in the cloud: a .fifo queue keeps order within a group, a failed job comes
// again after its visibility time, and the fifth failure buries it. What waits is also known in memory, so that a worker
// wakes at once; therefore one Queue serves a file.
type Queue struct {
	// Visibility is how long a worker has for a job, and how long after its receipt a failed one comes again; 30 s. Set
	// before first use.
	Visibility time.Duration
	// Now is the clock. Set before first use.
	Now func() time.Time
	// Log hears of failed jobs. Set before first use.
	Log *slog.Logger

	file *File

	mu       sync.Mutex
	loaded   bool
	backlogs map[desk.QueueName]*backlog
	live     int           // jobs stored and not yet done or buried
	idle     chan struct{} // closed while live is 0
}

var _ desk.Queue = (*Queue)(nil)

// storedJob is a job as it lies in the file.
type storedJob struct {
	Group     string    `json:"group,omitempty"`
	Dedup     string    `json:"dedup,omitempty"`
	Body      []byte    `json:"body"`
	Receives  int       `json:"receives,omitempty"`
	NotBefore time.Time `json:"not_before,omitzero"`
}

// Queue gives the file's queues. Call it once a file.
func (f *File) Queue() *Queue {
	idle := make(chan struct{})
	close(idle)
	return &Queue{Visibility: 30 * time.Second, Now: time.Now, Log: slog.Default(), file: f, idle: idle}
}

// Enqueue stores the job and wakes a worker.
func (q *Queue) Enqueue(_ context.Context, job desk.Job) error {
	if err := checkJob(job); err != nil {
		return err
	}
	if err := q.load(); err != nil {
		return err
	}
	raw, err := json.Marshal(storedJob{Group: job.Group, Dedup: job.Dedup, Body: job.Body})
	if err != nil {
		return desk.Wrap(desk.Internal, err, "encode a job")
	}
	var seq uint64 // stays 0 for a duplicate
	now := q.Now()
	err = q.file.commits.Do(func(tx *bbolt.Tx) error {
		seq = 0
		if isFIFO(job.Queue) && job.Dedup != "" {
			fresh, err := claimDedup(tx, string(job.Queue)+"\x00"+job.Dedup, now)
			if err != nil || !fresh {
				return err
			}
		}
		var err error
		seq, err = appendJob(tx, job.Queue, raw)
		return err
	})
	if err != nil {
		return desk.Wrap(desk.Unavailable, err, "store a job of "+string(job.Queue))
	}
	if seq != 0 {
		q.add(job.Queue, &waiting{seq: seq, group: job.Group})
	}
	return nil
}

func checkJob(job desk.Job) error {
	switch {
	case !slices.Contains(queueNames, job.Queue):
		return desk.InvalidField("queue", "there is no queue %q", job.Queue)
	case isFIFO(job.Queue) && job.Group == "":
		return desk.InvalidField("group", "a job of %s needs a group", job.Queue)
	case len(job.Body) > maxJobBody:
		return desk.InvalidField("body", "%d bytes, and a job has at most %d", len(job.Body), maxJobBody)
	case !json.Valid(job.Body):
		return desk.InvalidField("body", "a job's body is JSON")
	}
	return nil
}

func isFIFO(name desk.QueueName) bool { return strings.HasSuffix(string(name), ".fifo") }

// claimDedup reports whether no job had the key within the window, and takes it. Keys past the window are forgotten a
// few at a time.
func claimDedup(tx *bbolt.Tx, key string, now time.Time) (bool, error) {
	keys, err1 := tx.CreateBucketIfNotExists(dedupBucket)
	ages, err2 := tx.CreateBucketIfNotExists(dedupAgeBucket)
	if err := errors.Join(err1, err2); err != nil {
		return false, err
	}
	horizon := millisKey(now.Add(-dedupWindow))
	if taken := keys.Get([]byte(key)); taken != nil && bytes.Compare(taken, horizon) > 0 {
		return false, nil
	}
	if err := forgetKeys(keys, ages, horizon); err != nil {
		return false, err
	}
	at := millisKey(now)
	return true, errors.Join(keys.Put([]byte(key), at), ages.Put(append(bytes.Clone(at), key...), nil))
}

// forgetKeys drops up to 16 keys taken at or before the horizon.
func forgetKeys(keys, ages *bbolt.Bucket, horizon []byte) error {
	for range 16 {
		k, _ := ages.Cursor().First()
		if k == nil || bytes.Compare(k[:8], horizon) > 0 {
			return nil
		}
		k = bytes.Clone(k)
		if bytes.Equal(keys.Get(k[8:]), k[:8]) {
			if err := keys.Delete(k[8:]); err != nil {
				return err
			}
		}
		if err := ages.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

func appendJob(tx *bbolt.Tx, name desk.QueueName, raw []byte) (uint64, error) {
	queues, err := tx.CreateBucketIfNotExists(queueBucket)
	if err != nil {
		return 0, err
	}
	jobs, err := queues.CreateBucketIfNotExists([]byte(name))
	if err != nil {
		return 0, err
	}
	seq, err := jobs.NextSequence()
	if err != nil {
		return 0, err
	}
	return seq, jobs.Put(seqKey(seq), raw)
}

// load learns, once, what waits in the file.
func (q *Queue) load() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.loaded {
		return nil
	}
	backlogs := map[desk.QueueName]*backlog{}
	live := 0
	err := q.file.db.View(func(tx *bbolt.Tx) error {
		queues := tx.Bucket(queueBucket)
		if queues == nil {
			return nil
		}
		return queues.ForEachBucket(func(name []byte) error {
			b := newBacklog(isFIFO(desk.QueueName(name)))
			backlogs[desk.QueueName(name)] = b
			return queues.Bucket(name).ForEach(func(k, raw []byte) error {
				var job storedJob
				if err := json.Unmarshal(raw, &job); err != nil {
					return fmt.Errorf("job %x of %s: %w", k, name, err)
				}
				b.add(&waiting{seq: binary.BigEndian.Uint64(k), group: job.Group, receives: job.Receives,
					notBefore: job.NotBefore})
				live++
				return nil
			})
		})
	})
	if err != nil {
		return desk.Wrap(desk.Unavailable, err, "read the queues")
	}
	q.backlogs, q.loaded = backlogs, true
	q.count(live)
	return nil
}

// count keeps the number of live jobs, and opens or closes the gate of Idle. The caller holds mu.
func (q *Queue) count(delta int) {
	before := q.live
	q.live += delta
	switch {
	case before == 0 && q.live > 0:
		q.idle = make(chan struct{})
	case before > 0 && q.live == 0:
		close(q.idle)
	}
}

func (q *Queue) add(name desk.QueueName, w *waiting) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.backlog(name).add(w)
	q.count(1)
}

// backlog gives what waits in a queue. The caller holds mu.
func (q *Queue) backlog(name desk.QueueName) *backlog {
	b := q.backlogs[name]
	if b == nil {
		b = newBacklog(isFIFO(name))
		q.backlogs[name] = b
	}
	return b
}

// Idle waits until every job is done or buried. Codes: unavailable (the file cannot be read); ctx's error if it ends
// first.
func (q *Queue) Idle(ctx context.Context) error {
	if err := q.load(); err != nil {
		return err
	}
	q.mu.Lock()
	idle := q.idle
	q.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return desk.Wrap(desk.Unavailable, ctx.Err(), "wait for the queues to be empty")
	}
}

func seqKey(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }

func millisKey(t time.Time) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(max(t.UnixMilli(), 0)))
}
