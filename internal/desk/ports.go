package desk

import (
	"context"
	"io"
	"time"
)

// The ports: what the desk needs of the world outside the table, in the product's words. The rooms local and cloud
// each hold one adapter for each, and one contract suite in desktest runs on both.

// QueueName names a queue of the product.
type QueueName string

// The queues. A name ending in .fifo keeps order within a group.
const (
	InboundQueue    QueueName = "inbound.fifo"    // channel events; group = inbox + customer
	DistributeQueue QueueName = "distribute.fifo" // departments with waiting customers; group = department
	OutboundQueue   QueueName = "outbound.fifo"   // agents' replies to send; group = conversation
	TranscriptQueue QueueName = "transcript"      // transcripts to e-mail
	MediaQueue      QueueName = "media"           // providers' attachments to fetch
	FeedbackQueue   QueueName = "mail-feedback"   // what became of mail: bounces and complaints
)

// Job is one unit of queued work.
type Job struct {
	Queue QueueName
	Group string // order is kept within a group of a .fifo queue; ignored elsewhere
	Dedup string // a second job of a .fifo queue with the same key within five minutes is dropped; "" for never
	Body  []byte // JSON, at most 256 KiB
}

// Queue takes work that must be done even if this process dies now.
type Queue interface {
	// Enqueue stores the job before it returns; a repeat may deliver it twice unless Dedup says otherwise. A worker
	// that fails gets it again after the visibility time, and after five failures it lies in the dead-letter list.
	// Codes: invalid (unknown queue, body too large), unavailable. Safe concurrently.
	Enqueue(ctx context.Context, job Job) error
}

// TimerName names what a timer starts.
type TimerName string

// The timers.
const (
	WakeupTimer    TimerName = "wakeup"    // end a snooze
	SLABreachTimer TimerName = "slabreach" // a response target passed
)

// Timer is one instant at which a function is started once. It is a hint: the function re-reads the state and acts
// only if it still holds.
type Timer struct {
	Name TimerName
	ID   string    // unique within the name; the same id again replaces nothing and is harmless
	At   time.Time // never fires early, at most 90 s late; an instant in the past fires at once
	Body []byte    // JSON
}

// Timers start a function at an instant.
type Timers interface {
	// At stores the timer before it returns. Codes: invalid, unavailable. Safe concurrently, harmless to repeat.
	At(ctx context.Context, timer Timer) error
}

// Push sends frames to live connections.
type Push interface {
	// Send hands a frame of at most 128 KiB to the connection and does not wait for its reader. not_found means that the
	// connection is gone for good, and the caller forgets it. Safe concurrently.
	Send(ctx context.Context, to ConnectionID, frame []byte) error
}

// Mail is one message to one recipient.
type Mail struct {
	Account  AccountID // whose mail it is: what becomes of it is told under this name
	ID       string    // makes the Message-ID; the same id again is the same mail
	FromName string
	From     string // plain address; "" for the desk's own
	To       string // plain address
	Subject  string
	Text     string
	HTML     string
}

// Mailer sends mail.
type Mailer interface {
	// Send accepts the mail for delivery before it returns. Headers with CR or LF are refused. Codes: invalid (address,
	// header), limited, unavailable. A repeat sends again. Safe concurrently.
	Send(ctx context.Context, mail Mail) error
}

// UploadForm is what a browser needs to put one file into the store by a multipart POST: the fields, then the file
// as the field "file".
type UploadForm struct {
	URL       string
	Fields    map[string]string
	ExpiresAt time.Time
}

// Blob describes a stored file.
type Blob struct {
	Key  string // account first
	Type string // media type
	Size int64  // bytes
}

// Blobs keep attachments.
type Blobs interface {
	// UploadForm signs a form that accepts exactly this key, type and size, for ten minutes; the same file again is harmless.
	UploadForm(ctx context.Context, blob Blob) (UploadForm, error)
	// Put stores the file; it exists whole or not at all. A repeat replaces it.
	Put(ctx context.Context, blob Blob, body io.Reader) error
	// Stat tells type and size; not_found before the upload ended.
	Stat(ctx context.Context, key string) (Blob, error)
	// Open reads the file; the caller closes it.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	// URL is an address from which the file can be downloaded as an attachment of that name for an hour; it lies on another
	// origin than the console.
	URL(ctx context.Context, key, filename string) (string, error)
	// Delete removes the file: addresses that were signed for it lead nowhere any more. Who reads it already may read on.
	// One that is not there is fine. Codes: invalid (key), limited, unavailable.
	Delete(ctx context.Context, key string) error
}

// Secrets keep what must not lie in the table's settings. Values are newest first: during a rotation there are two.
type Secrets interface {
	// Secret gives the values of a name such as "visitor-key" or "whatsapp/<inbox>/app-secret"; not_found if there is none.
	Secret(ctx context.Context, account AccountID, name string) ([]string, error)
	// SetSecret replaces the values of a name, newest first, each without white space. Readers elsewhere may have the old
	// ones for five minutes. Codes: invalid, unavailable. Harmless to repeat.
	SetSecret(ctx context.Context, account AccountID, name string, values ...string) error
}
