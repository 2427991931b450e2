package local

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"io/fs"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/relevo/relevo/internal/desk"
)

// chunkSize is how many bytes of a file one transaction writes: an upload holds no more in memory, and the writer no
// longer than for that. With the headers of bbolt it fills 64 pages of 4 KiB. It is part of the file's format.
const chunkSize = 256<<10 - 64

// The chunks of a file lie under an id of their own until a key names it. Every id is either named by one key or listed
// as loose, so that the next start finds what a kill left behind without a look at everything.
var (
	// id -> number of the chunk (big endian) -> chunkContent -> bytes. A chunk is alone in its bucket because bbolt keeps
	// up to four values on a leaf: a new one beside them would write all of them again.
	chunkBucket  = []byte("attachment-chunks")
	chunkContent = []byte("c")
	looseBucket  = []byte("attachment-loose") // id -> a byte
)

// write stores the body under a new id, which is loose until publish. After an error nothing of it stays.
func (b *Blobs) write(ctx context.Context, body io.Reader) (storedBlob, error) {
	stored := storedBlob{Chunks: desk.NewID(b.Now())}
	hash := sha256.New()
	from := io.TeeReader(contextReader{ctx, body}, hash)
	var chunk bytes.Buffer
	for number, more := uint32(0), true; more; number++ {
		chunk.Reset()
		n, err := io.CopyN(&chunk, from, chunkSize)
		more = !errors.Is(err, io.EOF)
		if more && err != nil {
			return stored, errors.Join(err, b.remove(stored.Chunks))
		}
		if n == 0 {
			break
		}
		if err := b.writeChunk(stored.Chunks, number, chunk.Bytes()); err != nil {
			return stored, errors.Join(err, b.remove(stored.Chunks))
		}
		stored.Size += n
	}
	stored.Hash = hash.Sum(nil)
	return stored, nil
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

// writeChunk puts one chunk on disk. Uploads take turns, so that whoever shares the commit waits for one chunk only.
func (b *Blobs) writeChunk(id string, number uint32, content []byte) error {
	b.turn.Lock()
	defer b.turn.Unlock()
	return b.file.commits.Do(func(tx *bbolt.Tx) error {
		if err := setLoose(tx, id); err != nil {
			return err
		}
		bucket, err := tx.CreateBucketIfNotExists(chunkBucket)
		if err != nil {
			return err
		}
		if bucket, err = bucket.CreateBucketIfNotExists([]byte(id)); err != nil {
			return err
		}
		if bucket, err = bucket.CreateBucket(chunkNumber(number)); err != nil {
			return err
		}
		return bucket.Put(chunkContent, content)
	})
}

func chunkNumber(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

func setLoose(tx *bbolt.Tx, id string) error {
	loose, err := tx.CreateBucketIfNotExists(looseBucket)
	if err != nil {
		return err
	}
	return loose.Put([]byte(id), []byte{1})
}

// What becomes of a key's file when another one comes.
const (
	keeps    = true  // it stays
	replaces = false // it goes
)

// publish gives chunks their key; those that do not get it, or had it before, are removed. With keep, a key that names
// other content is a conflict, and one that names the same is left as it is.
func (b *Blobs) publish(key string, stored storedBlob, keep bool) error {
	raw, err := json.Marshal(stored)
	if err != nil {
		return errors.Join(desk.Wrap(desk.Internal, err, "encode a blob"), b.remove(stored.Chunks))
	}
	var unused string
	err = b.file.commits.Do(func(tx *bbolt.Tx) error {
		var before storedBlob
		found, err := readBlob(tx, key, &before)
		if err != nil {
			return err
		}
		unused = before.Chunks
		if found && keep {
			unused = stored.Chunks
			return sameBlob(before, stored)
		}
		if found {
			if err := setLoose(tx, before.Chunks); err != nil {
				return err
			}
		}
		blobs, err := tx.CreateBucketIfNotExists(blobBucket)
		if err != nil {
			return err
		}
		if loose := tx.Bucket(looseBucket); loose != nil { // an empty file has no chunks
			err = loose.Delete([]byte(stored.Chunks))
		}
		return errors.Join(err, blobs.Put([]byte(key), raw))
	})
	if err != nil {
		return desk.Wrap(desk.Unavailable, errors.Join(err, b.remove(stored.Chunks)), "store the key of a blob")
	}
	if unused == "" || b.leftToReaders(unused) {
		return nil
	}
	return desk.Wrap(desk.Unavailable, b.remove(unused), "remove the chunks of a blob")
}

// Delete takes the key from its chunks, and removes them when nobody reads them any more.
func (b *Blobs) Delete(_ context.Context, key string) error {
	if err := checkBlobKey(key); err != nil {
		return err
	}
	var gone storedBlob
	err := b.file.commits.Do(func(tx *bbolt.Tx) error {
		found, err := readBlob(tx, key, &gone)
		if err != nil || !found {
			return err
		}
		return errors.Join(setLoose(tx, gone.Chunks), tx.Bucket(blobBucket).Delete([]byte(key)))
	})
	if err == nil && gone.Chunks != "" && !b.leftToReaders(gone.Chunks) {
		err = b.remove(gone.Chunks)
	}
	return desk.Wrap(desk.Unavailable, err, "delete a blob")
}

func sameBlob(before, now storedBlob) error {
	if before.Type != now.Type || before.Size != now.Size || !bytes.Equal(before.Hash, now.Hash) {
		return desk.Errorf(desk.Conflict, "another file was uploaded by this form already")
	}
	return nil
}

// remove deletes loose chunks. It leaves others alone: a commit that failed may yet lie on disk.
func (b *Blobs) remove(id string) error {
	return b.file.commits.Do(func(tx *bbolt.Tx) error {
		loose := tx.Bucket(looseBucket)
		if loose == nil || loose.Get([]byte(id)) == nil {
			return nil
		}
		if chunks := tx.Bucket(chunkBucket); chunks != nil {
			if err := chunks.DeleteBucket([]byte(id)); err != nil && !errors.Is(err, bolterrors.ErrBucketNotFound) {
				return err
			}
		}
		return loose.Delete([]byte(id))
	})
}

// sweep removes all loose chunks, while nobody uploads or reads.
func (b *Blobs) sweep() error {
	var ids []string
	err := b.file.db.View(func(tx *bbolt.Tx) error {
		loose := tx.Bucket(looseBucket)
		if loose == nil {
			return nil
		}
		return loose.ForEach(func(id, _ []byte) error {
			ids = append(ids, string(id))
			return nil
		})
	})
	for _, id := range ids {
		err = errors.Join(err, b.remove(id))
	}
	return err
}

// leftToReaders reports whether somebody reads the chunks, which no key names any more: the last one removes them.
func (b *Blobs) leftToReaders(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.readers[id] == 0 {
		return false
	}
	b.replaced[id] = true
	return true
}

// open looks the key up and counts the reader in one step: who replaces the file meanwhile finds him.
func (b *Blobs) open(key string) (*blobReader, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	stored, err := b.stat(key)
	if err != nil {
		return nil, err
	}
	b.readers[stored.Chunks]++
	return &blobReader{blobs: b, stored: stored}, nil
}

// leave ends one reader, and removes the chunks if he was the last of a replaced file.
func (b *Blobs) leave(id string) error {
	b.mu.Lock()
	b.readers[id]--
	last := b.readers[id] == 0
	unused := last && b.replaced[id]
	if last {
		delete(b.readers, id)
		delete(b.replaced, id)
	}
	b.mu.Unlock()
	if !unused {
		return nil
	}
	return desk.Wrap(desk.Unavailable, b.remove(id), "remove the chunks of a replaced blob")
}

// blobReader reads the chunks of a file, each time in a transaction of its own: a slow reader hinders no writer.
type blobReader struct {
	blobs  *Blobs
	stored storedBlob
	at     int64
	closed bool
}

func (r *blobReader) Read(p []byte) (n int, err error) {
	switch {
	case r.closed:
		return 0, fs.ErrClosed
	case len(p) == 0:
		return 0, nil
	case r.at >= r.stored.Size:
		return 0, io.EOF
	}
	err = r.blobs.file.db.View(func(tx *bbolt.Tx) error {
		content := readChunk(tx, r.stored.Chunks, r.at/chunkSize)
		if n = copy(p, content[min(r.at%chunkSize, int64(len(content))):]); n == 0 {
			return desk.Errorf(desk.Unavailable, "a chunk of the file is missing")
		}
		return nil
	})
	r.at += int64(n)
	return n, desk.Wrap(desk.Unavailable, err, "read a chunk of a blob")
}

// readChunk gives a chunk for the time of the transaction; nil if it is not there.
func readChunk(tx *bbolt.Tx, id string, number int64) []byte {
	bucket := tx.Bucket(chunkBucket)
	for _, name := range [][]byte{[]byte(id), chunkNumber(uint32(number))} {
		if bucket == nil {
			return nil
		}
		bucket = bucket.Bucket(name)
	}
	if bucket == nil {
		return nil
	}
	return bucket.Get(chunkContent)
}

// Seek lets a browser ask for a part of the file.
func (r *blobReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.stored.Size
	}
	if offset < 0 {
		return 0, fs.ErrInvalid
	}
	r.at = offset
	return offset, nil
}

// Close may be called twice.
func (r *blobReader) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	return r.blobs.leave(r.stored.Chunks)
}
