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
	"os"
	"strconv"
	"strings"
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

var blobBucket = []byte("blobs") // key -> storedBlob

// Blobs keep attachments as files beside the one file, which knows their keys and types. A file is written whole, lies
// on disk, and only then gets its key.
type Blobs struct {
	// Origins may upload besides the desk's own, such as "https://shop.example". Set before first use.
	Origins []string
	// Now is the clock. Set before first use.
	Now func() time.Time
	// Log hears of what is not a caller's fault. Set before first use.
	Log *slog.Logger

	file        *File
	root        *os.Root
	secret      []byte // signs forms and addresses
	uploadURL   string
	downloadURL string
}

var _ desk.Blobs = (*Blobs)(nil)

type storedBlob struct {
	Type string `json:"type"`
	Size int64  `json:"size"`
	File string `json:"file"` // name in the folder; another one at every Put
}

// Blobs gives the file's attachments. Browsers reach UploadHandler at uploadURL and DownloadHandler, on another origin,
// at downloadURL. What an upload cut short by a kill left behind is removed: call it once a file. Codes: unavailable.
func (f *File) Blobs(uploadURL, downloadURL string) (*Blobs, error) {
	secret, err := f.ownKey("blobs", func() ([]byte, error) { return randomBytes(32), nil })
	if err != nil {
		return nil, err
	}
	b := &Blobs{Now: time.Now, Log: slog.Default(), file: f, secret: secret, uploadURL: uploadURL,
		downloadURL: strings.TrimRight(downloadURL, "/")}
	dir := f.dir + "/blobs"
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, desk.Wrap(desk.Unavailable, err, "the folder "+dir+" cannot be made")
	}
	if b.root, err = os.OpenRoot(dir); err != nil {
		return nil, desk.Wrap(desk.Unavailable, err, "the folder "+dir+" cannot be opened")
	}
	if err := b.sweep(); err != nil {
		return nil, desk.Wrap(desk.Unavailable, errors.Join(err, b.root.Close()), "the folder "+dir+" cannot be swept")
	}
	return b, nil
}

// Close ends the use of the folder.
func (b *Blobs) Close() error { return b.root.Close() }

// sweep removes files that no key names.
func (b *Blobs) sweep() error {
	known := map[string]bool{}
	err := b.file.db.View(func(tx *bbolt.Tx) error {
		blobs := tx.Bucket(blobBucket)
		if blobs == nil {
			return nil
		}
		return blobs.ForEach(func(_, raw []byte) error {
			var stored storedBlob
			err := json.Unmarshal(raw, &stored)
			known[stored.File] = true
			return err
		})
	})
	if err != nil {
		return err
	}
	entries, err := fs.ReadDir(b.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !known[e.Name()] {
			if err := b.root.Remove(e.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

// UploadForm signs a form for UploadHandler.
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
		"max-size":     size,
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

// Put writes the file to the disk and then gives it its key. Codes: invalid (key, type, more or fewer bytes than
// blob.Size, unless that is 0), unavailable.
func (b *Blobs) Put(ctx context.Context, blob desk.Blob, body io.Reader) error {
	if err := checkBlob(blob); err != nil {
		return err
	}
	name, size, err := b.write(ctx, body)
	if err != nil {
		return desk.Wrap(desk.Unavailable, err, "write the file of a blob")
	}
	if blob.Size != 0 && blob.Size != size {
		return errors.Join(desk.InvalidField("size", "%d bytes came, not %d", size, blob.Size), b.root.Remove(name))
	}
	blob.Size = size
	return b.publish(blob, name)
}

// write puts the body into a new file and on disk.
func (b *Blobs) write(ctx context.Context, body io.Reader) (name string, size int64, err error) {
	name = desk.NewID(b.Now())
	file, err := b.root.OpenFile(name+".part", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", 0, err
	}
	size, err = io.Copy(file, contextReader{ctx, body})
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = b.root.Rename(name+".part", name)
	}
	if err != nil {
		return "", 0, errors.Join(err, b.root.Remove(name+".part"))
	}
	return name, size, b.syncFolder()
}

// syncFolder puts the names in the folder on disk.
func (b *Blobs) syncFolder() error {
	folder, err := b.root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// contextReader ends with its context.
type contextReader struct {
	ctx context.Context
	io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// publish gives a file its key and removes the one that had it.
func (b *Blobs) publish(blob desk.Blob, name string) error {
	raw, err := json.Marshal(storedBlob{Type: blob.Type, Size: blob.Size, File: name})
	if err != nil {
		return desk.Wrap(desk.Internal, err, "encode a blob")
	}
	var old storedBlob
	err = b.file.commits.Do(func(tx *bbolt.Tx) error {
		old = storedBlob{}
		blobs, err := tx.CreateBucketIfNotExists(blobBucket)
		if err != nil {
			return err
		}
		if before := blobs.Get([]byte(blob.Key)); before != nil {
			if err := json.Unmarshal(before, &old); err != nil {
				return err
			}
		}
		return blobs.Put([]byte(blob.Key), raw)
	})
	if err != nil {
		return desk.Wrap(desk.Unavailable, errors.Join(err, b.root.Remove(name)), "store the key of a blob")
	}
	if old.File == "" {
		return nil
	}
	return desk.Wrap(desk.Unavailable, b.root.Remove(old.File), "remove a replaced blob")
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
		blobs := tx.Bucket(blobBucket)
		if blobs == nil || blobs.Get([]byte(key)) == nil {
			return desk.Errorf(desk.NotFound, "there is no such file")
		}
		return json.Unmarshal(blobs.Get([]byte(key)), &stored)
	})
	return stored, desk.Wrap(desk.Unavailable, err, "read the key of a blob")
}

// Open reads the file; one replaced meanwhile is read to its end as it was.
func (b *Blobs) Open(_ context.Context, key string) (io.ReadCloser, error) {
	file, _, err := b.open(key)
	if err != nil {
		return nil, err
	}
	return file, nil
}

func (b *Blobs) open(key string) (*os.File, storedBlob, error) {
	for {
		stored, err := b.stat(key)
		if err != nil {
			return nil, stored, err
		}
		file, err := b.root.Open(stored.File)
		if err == nil {
			return file, stored, nil
		}
		if now, again := b.stat(key); again != nil || now.File == stored.File {
			return nil, stored, desk.Wrap(desk.Unavailable, errors.Join(err, again), "open the file of a blob")
		} // else it was replaced between the two
	}
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
