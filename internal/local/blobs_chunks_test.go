package local_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/local"
)

const chunkSize = 256<<10 - 64 // as in the file's format

// noise gives bytes that only this seed gives.
func noise(seed string, size int) []byte {
	var key [32]byte
	copy(key[:], seed)
	b := make([]byte, size)
	_, _ = rand.NewChaCha8(key).Read(b) // never fails
	return b
}

// read opens a file and reads it to its end.
func read(t *testing.T, b *local.Blobs, key string) []byte {
	t.Helper()
	file, err := b.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(file)
	if err = errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	return content
}

// lying counts what lies in the file of a folder that nobody has open.
type lying struct{ keys, files, loose int }

// look counts, and checks the file page by page.
func look(t *testing.T, dir string) lying {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, "desk.db"), 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var got lying
	err = db.View(func(tx *bbolt.Tx) error {
		for name, n := range map[string]*int{"attachments": &got.keys, "attachment-chunks": &got.files, "attachment-loose": &got.loose} {
			if bucket := tx.Bucket([]byte(name)); bucket != nil {
				if err := bucket.ForEach(func(_, _ []byte) error { *n++; return nil }); err != nil {
					return err
				}
			}
		}
		var faults []error
		for err := range tx.Check() {
			faults = append(faults, err)
		}
		return errors.Join(faults...)
	})
	if err != nil {
		t.Error(err)
	}
	return got
}

// blobsIn calls use with the attachments of a folder, and then counts what lies there.
func blobsIn(t *testing.T, dir string, use func(b *local.Blobs)) lying {
	t.Helper()
	f, err := local.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.Blobs("http://a", "http://b")
	if err == nil {
		use(b)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return look(t, dir)
}

func TestBlobsChunks(t *testing.T) {
	dir := t.TempDir()
	sizes := map[string]int{"demo/0": 0, "demo/1": 1, "demo/2": chunkSize - 1, "demo/3": chunkSize, "demo/4": chunkSize + 1, "demo/5": 3 * chunkSize, "demo/6": 3*chunkSize + 7}
	got := blobsIn(t, dir, func(b *local.Blobs) {
		for key, size := range sizes {
			put(t, b, key, "image/png", string(noise("old", size)))
			put(t, b, key, "image/png", string(noise(key, size)))
		}
		if err := b.Put(t.Context(), desk.Blob{Key: "demo/7", Type: "image/png", Size: chunkSize}, bytes.NewReader(noise("", 2*chunkSize))); !desk.Is(err, desk.Invalid) {
			t.Errorf("another size than said: %v, want invalid", err)
		}
		broken := io.MultiReader(bytes.NewReader(noise("", 2*chunkSize)), &failing{errors.New("gone")})
		if err := b.Put(t.Context(), desk.Blob{Key: "demo/7", Type: "image/png"}, broken); !desk.Is(err, desk.Unavailable) {
			t.Errorf("a body that breaks off: %v, want unavailable", err)
		}
	})
	if want := (lying{keys: 7, files: 6}); got != want {
		t.Errorf("there lie %+v, want %+v", got, want)
	}
	blobsIn(t, dir, func(b *local.Blobs) { // after a restart
		for key, size := range sizes {
			if !bytes.Equal(read(t, b, key), noise(key, size)) {
				t.Errorf("%s of %d bytes came back otherwise", key, size)
			}
		}
	})
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

func TestBlobsRange(t *testing.T) {
	b := openBlobs(t, t.TempDir())
	content := noise("range", 2*chunkSize+10)
	put(t, b, "demo/a", "image/png", string(content))
	for ask, want := range map[string][]byte{"bytes=262075-262090": content[262075:262091], "bytes=-12": content[len(content)-12:],
		"bytes=524160-": content[524160:]} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address(t, b, "demo/a", "a.png"), nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Range", ask)
		answer, err := browser.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(answer.Body)
		if err = errors.Join(err, answer.Body.Close()); err != nil || answer.StatusCode != http.StatusPartialContent || !bytes.Equal(got, want) {
			t.Errorf("%s: status %d, %d bytes, %v", ask, answer.StatusCode, len(got), err)
		}
	}
}

// Who has a file open reads it to its end as it was; then it goes.
func TestBlobsReplacedWhileRead(t *testing.T) {
	dir := t.TempDir()
	old, now := noise("old", 3*chunkSize), noise("new", 2*chunkSize)
	got := blobsIn(t, dir, func(b *local.Blobs) {
		put(t, b, "demo/a", "image/png", string(old))
		var readers [2]io.ReadCloser
		for i := range readers {
			var err error
			if readers[i], err = b.Open(t.Context(), "demo/a"); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(readers[i], make([]byte, 1000)); err != nil {
				t.Fatal(err)
			}
		}
		put(t, b, "demo/a", "image/png", string(now))
		for _, r := range readers {
			if rest, err := io.ReadAll(r); err != nil || !bytes.Equal(rest, old[1000:]) {
				t.Errorf("the reader got %d bytes, %v", len(rest), err)
			}
			if err := errors.Join(r.Close(), r.Close()); err != nil {
				t.Error(err)
			}
			if _, err := r.Read(make([]byte, 1)); !errors.Is(err, fs.ErrClosed) {
				t.Errorf("a closed reader: %v", err)
			}
		}
		if !bytes.Equal(read(t, b, "demo/a"), now) {
			t.Error("the new file is not there")
		}
	})
	if want := (lying{keys: 1, files: 1}); got != want {
		t.Errorf("there lie %+v, want %+v", got, want)
	}
	t.Run("OKRestart", func(t *testing.T) { // while it is being read
		got := blobsIn(t, dir, func(b *local.Blobs) {
			if _, err := b.Open(t.Context(), "demo/a"); err != nil {
				t.Fatal(err)
			}
			put(t, b, "demo/a", "image/png", "newer")
		})
		if want := (lying{keys: 1, files: 2, loose: 1}); got != want {
			t.Errorf("there lie %+v, want %+v", got, want)
		}
		got = blobsIn(t, dir, func(*local.Blobs) {})
		if want := (lying{keys: 1, files: 1}); got != want {
			t.Errorf("after a restart there lie %+v, want %+v", got, want)
		}
	})
}

// Of uploads by one form at once the first wins, and no reader sees another one.
func TestBlobsUploadAtOnce(t *testing.T) {
	b := openBlobs(t, t.TempDir())
	const size = chunkSize + 100
	form, err := b.UploadForm(t.Context(), desk.Blob{Key: "demo/a", Type: "image/png", Size: size})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	status := map[string]int{}
	for _, seed := range []string{"a", "b", "c", "d", "e", "f"} {
		all.Go(func() {
			answer, _ := postForm(t, form, string(noise(seed, size)))
			mu.Lock()
			defer mu.Unlock()
			status[seed] = answer.StatusCode
		})
	}
	all.Wait()
	content, won := read(t, b, "demo/a"), 0
	for seed, got := range status {
		want := http.StatusConflict
		if bytes.Equal(content, noise(seed, size)) {
			want = http.StatusNoContent
			won++
		}
		if got != want {
			t.Errorf("%s: status %d, want %d", seed, got, want)
		}
	}
	if won != 1 {
		t.Errorf("%d uploads won", won)
	}
}

// An upload that the sender leaves in the middle leaves nothing.
func TestBlobsUploadCutShort(t *testing.T) {
	dir := t.TempDir()
	t.Run("Upload", func(t *testing.T) {
		b := openBlobs(t, dir)
		form, err := b.UploadForm(t.Context(), desk.Blob{Key: "demo/a", Type: "image/png", Size: 4 * chunkSize})
		if err != nil {
			t.Fatal(err)
		}
		kind, body := multipartOf(form, io.MultiReader(bytes.NewReader(noise("", 3*chunkSize)), &failing{errors.New("the sender is gone")}))
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, form.URL, body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", kind)
		if answer, err := browser.Do(request); err == nil {
			answer.Body.Close()
			t.Errorf("status %d", answer.StatusCode)
		}
		// Its door closes, and so waits for the upload's end, before the file does.
	})
	if got := look(t, dir); got != (lying{}) {
		t.Errorf("there lie %+v", got)
	}
}

// Addresses of a sender that is slow hold no transaction: the writer goes on.
func TestBlobsSlowReader(t *testing.T) {
	b := openBlobs(t, t.TempDir())
	put(t, b, "demo/a", "image/png", strings.Repeat("x", 2*chunkSize))
	file, err := b.Open(t.Context(), "demo/a")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	written := make(chan error, 1)
	go func() { // the file grows past its mapping, for which bbolt waits until no transaction reads
		written <- b.Put(t.Context(), desk.Blob{Key: "demo/b", Type: "image/png"}, bytes.NewReader(noise("", 20*chunkSize)))
	}()
	select {
	case err := <-written:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("the writer waits for the reader")
	}
}
