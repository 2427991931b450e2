package local_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/local"
	"github.com/relevo/relevo/internal/store"
)

// multipartOf gives a form whose file comes as it is read, and never lies in memory.
func multipartOf(form desk.UploadForm, file io.Reader) (kind string, body io.Reader) {
	out, in := io.Pipe()
	w := multipart.NewWriter(in)
	go func() {
		err := func() error {
			for name, value := range form.Fields {
				if err := w.WriteField(name, value); err != nil {
					return err
				}
			}
			part, err := w.CreateFormFile("file", "a.bin")
			if err != nil {
				return err
			}
			if _, err := io.Copy(part, file); err != nil {
				return err
			}
			return w.Close()
		}()
		in.CloseWithError(err)
	}()
	return w.FormDataContentType(), out
}

// upload sends a file of noise through the door.
func upload(t *testing.T, b *local.Blobs, key string, size int64) {
	t.Helper()
	form, err := b.UploadForm(t.Context(), desk.Blob{Key: key, Type: "application/pdf", Size: size})
	if err != nil {
		t.Error(err)
		return
	}
	kind, body := multipartOf(form, io.LimitReader(rand.NewChaCha8([32]byte{}), size))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, form.URL, body)
	if err != nil {
		t.Error(err)
		return
	}
	request.Header.Set("Content-Type", kind)
	answer, err := browser.Do(request)
	if err != nil {
		t.Error(err)
		return
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		t.Errorf("%s: status %d", key, answer.StatusCode)
	}
}

// heapPeak gives how far the heap grew at most while do ran.
func heapPeak(do func()) uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, peak := m.HeapAlloc, m.HeapAlloc
	ended, measured := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(measured)
		for tick := time.NewTicker(2 * time.Millisecond); ; {
			select {
			case <-tick.C:
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc)
			case <-ended:
				tick.Stop()
				return
			}
		}
	}()
	do()
	close(ended)
	<-measured
	return peak - before
}

// A file of 25 MiB, up and down, needs a small part of that in memory.
func TestBlobsMemory(t *testing.T) {
	b := openBlobs(t, t.TempDir())
	const size = 25 << 20
	up := heapPeak(func() { upload(t, b, "demo/a", size) })
	down := heapPeak(func() {
		file, err := b.Open(t.Context(), "demo/a")
		if err != nil {
			t.Error(err)
			return
		}
		if n, err := io.Copy(io.Discard, file); n != size || err != nil {
			t.Errorf("read %d bytes, %v", n, err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Logf("25 MiB: the heap grows by %d KiB for an upload, by %d KiB for a download", up>>10, down>>10)
	if up > 10<<20 || down > 4<<20 {
		t.Errorf("the heap grew by %d bytes for an upload and %d for a download", up, down)
	}
}

// Who writes to the table waits for a chunk of an upload at most, not for the upload.
func TestBlobsBesideWriters(t *testing.T) {
	f := openTemp(t)
	b := serveBlobs(t, f)
	table := f.Table()
	write := func(i int) time.Duration {
		began := time.Now()
		op := store.Op{Kind: store.Put, Key: store.Key{PK: "p", SK: fmt.Sprint(i % 100)},
			Item: store.Item{"x": &types.AttributeValueMemberS{Value: strings.Repeat("x", 500)}}}
		if err := table.Write(t.Context(), op); err != nil {
			t.Error(err)
		}
		return time.Since(began)
	}
	var uploads sync.WaitGroup
	var going atomic.Int32
	for u := range 4 {
		going.Add(1)
		uploads.Go(func() {
			defer going.Add(-1)
			upload(t, b, fmt.Sprint("demo/", u), 12<<20)
		})
	}
	var waits []time.Duration
	for i := 0; going.Load() > 0; i++ {
		waits = append(waits, write(i))
	}
	uploads.Wait()
	slices.Sort(waits)
	at := func(share float64) time.Duration { return waits[int(share*float64(len(waits)-1))] }
	t.Logf("%d writes beside 4 uploads of 12 MiB: p50 %v, p95 %v, p99 %v, most %v", len(waits), at(.5), at(.95), at(.99), at(1))
	if len(waits) < 50 || at(.95) > 50*time.Millisecond {
		t.Errorf("%d writes while the uploads went on; of 100, 95 waited up to %v", len(waits), at(.95))
	}
}

// TestKillUpload kills a process that stores files without end, some times: what it acknowledged is there, of the rest
// nothing stays.
func TestKillUpload(t *testing.T) {
	const size = 5*chunkSize + 3
	if dir := os.Getenv(killedDir); dir != "" {
		uploadUntilKilled(t, dir, size)
		return
	}
	dir, half := t.TempDir(), 0
	var stored []string
	for round := range 5 {
		for _, line := range killAfter(t, dir, 3+2*round) {
			_, key, _ := strings.Cut(line, " ")
			stored = append(stored, key)
		}
		half += look(t, dir).loose
	}
	if half == 0 {
		t.Error("no kill came in the middle of an upload")
	}
	got := blobsIn(t, dir, func(b *local.Blobs) {
		for _, key := range stored {
			if !bytes.Equal(read(t, b, key), noise(key, size)) {
				t.Errorf("%s was acknowledged, and is not as it was", key)
			}
		}
	})
	t.Logf("%d files acknowledged, %d cut short, %+v at the end", len(stored), half, got)
	if got.loose > 0 || got.keys != got.files || got.keys < len(stored) {
		t.Errorf("there lie %+v, and %d were acknowledged", got, len(stored))
	}
}

func uploadUntilKilled(t *testing.T, dir string, size int) {
	t.Helper()
	b := serveBlobs(t, openFile(t, dir))
	var senders sync.WaitGroup
	for range 3 {
		senders.Go(func() {
			for t.Context().Err() == nil {
				key := "demo/" + desk.NewID(time.Now())
				err := b.Put(t.Context(), desk.Blob{Key: key, Type: "image/png", Size: int64(size)}, bytes.NewReader(noise(key, size)))
				if err != nil {
					t.Error(err)
					return
				}
				fmt.Println("stored", key)
			}
		})
	}
	senders.Wait()
}
