package local

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"mime"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
)

const (
	uploadTime   = 10 * time.Minute
	downloadTime = time.Hour
	maxBlobKey   = 1024 // bytes, S3's limit
)

var blobBucket = []byte("attachments") // key -> storedBlob as JSON

// Blobs keep attachments in the one file: the bytes as chunks (blobs_chunks.go), and a record for each key that names
// its chunks. A file gets its key in one transaction, after its last byte lies on disk.
type Blobs struct {
	// Now is the clock. Set before first use.
	Now func() time.Time
	// Log hears of what is not a caller's fault. Set before first use.
	Log *slog.Logger

	file        *File
	secret      []byte // signs forms and addresses
	uploadURL   string
	downloadURL string

	turn     sync.Mutex // of the one upload whose chunk is being written
	mu       sync.Mutex
	readers  map[string]int  // chunks id -> open readers
	replaced map[string]bool // chunks ids to remove when their last reader closes
}

var _ desk.Blobs = (*Blobs)(nil)

// storedBlob is what a key names.
type storedBlob struct {
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	Hash   []byte `json:"hash"`   // SHA-256 of the bytes
	Chunks string `json:"chunks"` // their id; another one at every write
}

// Blobs gives the file's attachments. Browsers reach UploadHandler at uploadURL and DownloadHandler, on another origin,
// at downloadURL. What a kill left of uploads and of replaced files is removed: call it once a file. Codes: unavailable.
func (f *File) Blobs(uploadURL, downloadURL string) (*Blobs, error) {
	secret, err := f.ownKey("blobs", func() ([]byte, error) { return randomBytes(32), nil })
	if err != nil {
		return nil, err
	}
	b := &Blobs{Now: time.Now, Log: slog.Default(), file: f, secret: secret, uploadURL: uploadURL,
		downloadURL: strings.TrimRight(downloadURL, "/"), readers: map[string]int{}, replaced: map[string]bool{}}
	return b, desk.Wrap(desk.Unavailable, b.sweep(), "remove what is left of broken uploads")
}

// UploadForm signs a form for UploadHandler. Once a file came, the handler takes no other content for its key.
func (b *Blobs) UploadForm(_ context.Context, blob desk.Blob) (desk.UploadForm, error) {
	if err := checkBlob(blob); err != nil {
		return desk.UploadForm{}, err
	}
	if blob.Size < 1 {
		return desk.UploadForm{}, desk.InvalidField("size", "an upload has at least 1 byte")
	}
	expires := b.Now().Add(uploadTime).UTC().Truncate(time.Second)
	size, until := strconv.FormatInt(blob.Size, 10), strconv.FormatInt(expires.Unix(), 10)
	return desk.UploadForm{URL: b.uploadURL, ExpiresAt: expires, Fields: map[string]string{
		"key":          blob.Key,
		"Content-Type": blob.Type,
		"size":         size,
		"expires":      until,
		"signature":    b.sign("upload", blob.Key, blob.Type, size, until),
	}}, nil
}

func (b *Blobs) sign(parts ...string) string {
	mac := hmac.New(sha256.New, b.secret)
	for _, p := range parts {
		fmt.Fprintf(mac, "%d:%s,", len(p), p)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

func (b *Blobs) signed(signature string, parts ...string) bool {
	return hmac.Equal([]byte(signature), []byte(b.sign(parts...)))
}

// checkBlob refuses keys that are no clean relative path and types that are none.
func checkBlob(blob desk.Blob) error {
	if err := checkBlobKey(blob.Key); err != nil {
		return err
	}
	if _, _, err := mime.ParseMediaType(blob.Type); err != nil || !strings.Contains(blob.Type, "/") {
		return desk.InvalidField("type", "not a media type")
	}
	return nil
}

func checkBlobKey(key string) error {
	if !fs.ValidPath(key) || !strings.Contains(key, "/") || len(key) > maxBlobKey || !utf8.ValidString(key) ||
		strings.Contains(key, `\`) || strings.ContainsFunc(key, unicode.IsControl) {
		return desk.InvalidField("key", "a key is an account, a slash and a name without . and ..")
	}
	return nil
}

// Put stores the file and then gives it its key. Codes: invalid (key, type, more or fewer bytes than blob.Size, unless
// that is 0), unavailable.
func (b *Blobs) Put(ctx context.Context, blob desk.Blob, body io.Reader) error {
	if err := checkBlob(blob); err != nil {
		return err
	}
	stored, err := b.write(ctx, body)
	if err != nil {
		return desk.Wrap(desk.Unavailable, err, "write the chunks of a blob")
	}
	if blob.Size != 0 && blob.Size != stored.Size {
		return errors.Join(desk.InvalidField("size", "%d bytes came, not %d", stored.Size, blob.Size), b.remove(stored.Chunks))
	}
	stored.Type = blob.Type
	return b.publish(blob.Key, stored, replaces)
}

// Stat tells type and size.
func (b *Blobs) Stat(_ context.Context, key string) (desk.Blob, error) {
	stored, err := b.stat(key)
	if err != nil {
		return desk.Blob{}, err
	}
	return desk.Blob{Key: key, Type: stored.Type, Size: stored.Size}, nil
}

func (b *Blobs) stat(key string) (storedBlob, error) {
	var stored storedBlob
	if err := checkBlobKey(key); err != nil {
		return stored, err
	}
	err := b.file.db.View(func(tx *bbolt.Tx) error {
		found, err := readBlob(tx, key, &stored)
		if err == nil && !found {
			return desk.Errorf(desk.NotFound, "there is no such file")
		}
		return err
	})
	return stored, desk.Wrap(desk.Unavailable, err, "read the key of a blob")
}

// readBlob reports whether the key names a file.
func readBlob(tx *bbolt.Tx, key string, stored *storedBlob) (bool, error) {
	blobs := tx.Bucket(blobBucket)
	if blobs == nil {
		return false, nil
	}
	raw := blobs.Get([]byte(key))
	if raw == nil {
		return false, nil
	}
	return true, json.Unmarshal(raw, stored)
}

// Open reads the file; one replaced meanwhile is read to its end as it was. No transaction is held between two reads.
func (b *Blobs) Open(_ context.Context, key string) (io.ReadCloser, error) {
	file, err := b.open(key)
	if err != nil {
		return nil, err
	}
	return file, nil
}

// URL signs an address of DownloadHandler. Adding &inline=1 shows a picture in place instead of downloading it.
func (b *Blobs) URL(_ context.Context, key, filename string) (string, error) {
	if err := checkBlobKey(key); err != nil {
		return "", err
	}
	if !utf8.ValidString(filename) || len(filename) > 255 {
		return "", desk.InvalidField("filename", "a file's name has at most 255 bytes of UTF-8")
	}
	until := strconv.FormatInt(b.Now().Add(downloadTime).Unix(), 10)
	query := url.Values{"expires": {until}, "name": {filename},
		"signature": {b.sign("download", key, filename, until)}}
	return b.downloadURL + "/" + (&url.URL{Path: key}).EscapedPath() + "?" + query.Encode(), nil
}
