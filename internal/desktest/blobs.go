package desktest

import (
	"bytes"
	"context"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// BlobsSubject is a blobs adapter under test; its forms and addresses must be reachable over HTTP.
type BlobsSubject struct {
	Blobs desk.Blobs
}

// Blobs tests that an adapter keeps the contract of desk.Blobs.
func Blobs(t *testing.T, open func(t *testing.T) BlobsSubject) {
	t.Helper()
	t.Run("OKPut", func(t *testing.T) { testBlobPut(t, open(t)) })
	t.Run("OKReplace", func(t *testing.T) { testBlobReplace(t, open(t)) })
	t.Run("OKDelete", func(t *testing.T) { testBlobDelete(t, open(t)) })
	t.Run("OKUpload", func(t *testing.T) { testBlobUpload(t, open(t)) })
	t.Run("WholeOrNotAtAll", func(t *testing.T) { testBlobCutShort(t, open(t)) })
	t.Run("ErrForm", func(t *testing.T) { testBlobForm(t, open(t)) })
	t.Run("ErrNotFound", func(t *testing.T) { testBlobNotFound(t, open(t)) })
	t.Run("ErrInvalidKey", func(t *testing.T) { testBlobKeys(t, open(t)) })
}

func aBlob(kind string, size int) desk.Blob {
	return desk.Blob{Key: "demo/" + desk.NewID(time.Now()), Type: kind, Size: int64(size)}
}

// content gives n bytes that differ from place to place.
func content(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7 >> 3)
	}
	return b
}

func (s BlobsSubject) put(t *testing.T, blob desk.Blob, body []byte) {
	t.Helper()
	if err := s.Blobs.Put(t.Context(), blob, bytes.NewReader(body)); err != nil {
		t.Fatal(err)
	}
}

// expect reads the blob in every way there is.
func (s BlobsSubject) expect(t *testing.T, want desk.Blob, body []byte) {
	t.Helper()
	if got, err := s.Blobs.Stat(t.Context(), want.Key); err != nil || got != want {
		t.Errorf("stat: %+v, %v, want %+v", got, err, want)
	}
	file, err := s.Blobs.Open(t.Context(), want.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, err := io.ReadAll(file); err != nil || !bytes.Equal(got, body) {
		t.Errorf("open: %d bytes, %v, want %d", len(got), err, len(body))
	}
	const name = `Señal "1"; año.png`
	address, err := s.Blobs.URL(t.Context(), want.Key, name)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || !bytes.Equal(got, body) {
		t.Errorf("download: status %d, %d bytes, %v", answer.StatusCode, len(got), err)
	}
	kind, params, err := mime.ParseMediaType(answer.Header.Get("Content-Disposition"))
	if err != nil || kind != "attachment" || params["filename"] != name {
		t.Errorf("download: %s of %q, %v", kind, params["filename"], err)
	}
}

func testBlobPut(t *testing.T, s BlobsSubject) {
	t.Helper()
	for _, size := range []int{1, 300_000} {
		blob, body := aBlob("image/png", size), content(size)
		s.put(t, blob, body)
		s.expect(t, blob, body)
	}
}

func testBlobReplace(t *testing.T, s BlobsSubject) {
	t.Helper()
	blob := aBlob("image/png", 5)
	s.put(t, blob, []byte("first"))
	blob.Type, blob.Size = "text/plain", 6
	s.put(t, blob, []byte("second"))
	s.expect(t, blob, []byte("second"))
}

func testBlobDelete(t *testing.T, s BlobsSubject) {
	t.Helper()
	blob, other := aBlob("image/png", 300_000), aBlob("image/png", 5)
	s.put(t, blob, content(300_000))
	s.put(t, other, []byte("other"))
	address, err := s.Blobs.URL(t.Context(), blob.Key, "a.png")
	if err != nil {
		t.Fatal(err)
	}
	reading, err := s.Blobs.Open(t.Context(), blob.Key)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a repeat is harmless
		if err := s.Blobs.Delete(t.Context(), blob.Key); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := io.ReadAll(reading); err != nil || len(got) != 300_000 {
		t.Errorf("who reads already: %d bytes, %v", len(got), err)
	}
	reading.Close()
	if _, err := s.Blobs.Stat(t.Context(), blob.Key); !desk.Is(err, desk.NotFound) {
		t.Errorf("stat: %v, want not_found", err)
	}
	if _, err := s.Blobs.Open(t.Context(), blob.Key); !desk.Is(err, desk.NotFound) {
		t.Errorf("open: %v, want not_found", err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode < 400 || answer.StatusCode > 499 {
		t.Errorf("an address of before: status %d, want a refusal", answer.StatusCode)
	}
	s.expect(t, other, []byte("other"))
	s.put(t, blob, content(300_000)) // the key can be used again
	s.expect(t, blob, content(300_000))
}

// post sends a form as a browser does, and gives the status.
func post(t *testing.T, form desk.UploadForm, body []byte) int {
	t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for name, value := range form.Fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	file, err := w.CreateFormFile("file", "a.bin")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, form.URL, &buf)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", w.FormDataContentType())
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

func (s BlobsSubject) form(t *testing.T, blob desk.Blob) desk.UploadForm {
	t.Helper()
	form, err := s.Blobs.UploadForm(t.Context(), blob)
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func testBlobUpload(t *testing.T, s BlobsSubject) {
	t.Helper()
	blob, body := aBlob("application/pdf", 150_000), content(150_000)
	form := s.form(t, blob)
	if left := time.Until(form.ExpiresAt); left < 9*time.Minute || left > 10*time.Minute {
		t.Errorf("the form expires in %v, want 10 minutes", left)
	}
	if _, err := s.Blobs.Stat(t.Context(), blob.Key); !desk.Is(err, desk.NotFound) {
		t.Errorf("before the upload: %v, want not_found", err)
	}
	for range 2 { // a repeat is harmless
		if status := post(t, form, body); status < 200 || status > 299 {
			t.Fatalf("status %d", status)
		}
		s.expect(t, blob, body)
	}
}

func testBlobForm(t *testing.T, s BlobsSubject) {
	t.Helper()
	other := aBlob("image/png", 10)
	for name, c := range map[string]struct {
		spoil func(fields map[string]string)
		size  int
	}{
		"OtherKey":     {func(f map[string]string) { f["key"] = other.Key }, 10},
		"OtherType":    {func(f map[string]string) { f["Content-Type"] = "text/html" }, 10},
		"TooLarge":     {func(map[string]string) {}, 11},
		"FarTooLarge":  {func(map[string]string) {}, 200_000},
		"TooSmall":     {func(map[string]string) {}, 9},
		"NoFields":     {func(f map[string]string) { clear(f) }, 10},
		"Empty":        {func(map[string]string) {}, 0},
		"KeyWithDots":  {func(f map[string]string) { f["key"] = "demo/../other/1" }, 10},
		"NoSuchFields": {func(f map[string]string) { delete(f, "key") }, 10},
	} {
		t.Run(name, func(t *testing.T) {
			blob := aBlob("image/png", 10)
			form := s.form(t, blob)
			form.Fields = maps.Clone(form.Fields)
			c.spoil(form.Fields)
			if status := post(t, form, content(c.size)); status < 400 || status > 499 {
				t.Errorf("status %d, want a refusal", status)
			}
			for _, key := range []string{blob.Key, other.Key} {
				if _, err := s.Blobs.Stat(t.Context(), key); !desk.Is(err, desk.NotFound) {
					t.Errorf("after the refusal: %v, want not_found", err)
				}
			}
		})
	}
}

// brokenReader fails in the middle.
type brokenReader struct{ left int }

func (r *brokenReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n := min(len(p), r.left)
	r.left -= n
	return n, nil
}

func testBlobCutShort(t *testing.T, s BlobsSubject) {
	t.Helper()
	blob := aBlob("image/png", 100_000)
	if err := s.Blobs.Put(t.Context(), blob, &brokenReader{50_000}); err == nil {
		t.Error("a body that breaks off was stored")
	}
	if _, err := s.Blobs.Stat(t.Context(), blob.Key); !desk.Is(err, desk.NotFound) {
		t.Errorf("got %v, want not_found", err)
	}
	s.put(t, blob, content(100_000))
	if err := s.Blobs.Put(t.Context(), blob, &brokenReader{50_000}); err == nil {
		t.Error("a body that breaks off was stored")
	}
	s.expect(t, blob, content(100_000)) // the one before stays
}

func testBlobNotFound(t *testing.T, s BlobsSubject) {
	t.Helper()
	key := aBlob("image/png", 1).Key
	if _, err := s.Blobs.Stat(t.Context(), key); !desk.Is(err, desk.NotFound) {
		t.Errorf("stat: %v, want not_found", err)
	}
	if _, err := s.Blobs.Open(t.Context(), key); !desk.Is(err, desk.NotFound) {
		t.Errorf("open: %v, want not_found", err)
	}
}

func testBlobKeys(t *testing.T, s BlobsSubject) {
	t.Helper()
	refused := func(ctx context.Context, key string) []error {
		blob := desk.Blob{Key: key, Type: "image/png", Size: 1}
		_, form := s.Blobs.UploadForm(ctx, blob)
		_, stat := s.Blobs.Stat(ctx, key)
		_, open := s.Blobs.Open(ctx, key)
		_, address := s.Blobs.URL(ctx, key, "a.png")
		return []error{form, stat, open, address, s.Blobs.Put(ctx, blob, strings.NewReader("a")), s.Blobs.Delete(ctx, key)}
	}
	for _, key := range []string{"", "demo", "/demo/1", "demo/../other/1", "../demo/1", "demo//1", "demo/./1", "demo/1/",
		`demo\1`, `demo/..\1`, "demo/\x00", "demo/a\nb", "demo/\xff", "demo/" + strings.Repeat("a", 1100)} {
		for i, err := range refused(t.Context(), key) {
			if !desk.Is(err, desk.Invalid) {
				t.Errorf("%q, call %d: %v, want invalid", key, i, err)
			}
		}
	}
}
