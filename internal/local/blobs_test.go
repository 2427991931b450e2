package local_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
	"github.com/relevo/relevo/internal/local"
)

func TestBlobsContract(t *testing.T) {
	desktest.Blobs(t, func(t *testing.T) desktest.BlobsSubject {
		t.Helper()
		return desktest.BlobsSubject{Blobs: openBlobs(t, t.TempDir())}
	})
}

// openBlobs opens the attachments of a folder and serves their two doors.
func openBlobs(t *testing.T, dir string) *local.Blobs {
	t.Helper()
	return serveBlobs(t, openFile(t, dir))
}

func serveBlobs(t *testing.T, f *local.File) *local.Blobs {
	t.Helper()
	var b *local.Blobs
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { b.UploadHandler().ServeHTTP(w, r) }))
	t.Cleanup(up.Close)
	down := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { b.DownloadHandler().ServeHTTP(w, r) }))
	t.Cleanup(down.Close)
	b, err := f.Blobs(up.URL+"/uploads", down.URL+"/files/")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func put(t *testing.T, b *local.Blobs, key, kind, body string) {
	t.Helper()
	if err := b.Put(t.Context(), desk.Blob{Key: key, Type: kind}, strings.NewReader(body)); err != nil {
		t.Fatal(err)
	}
}

// page is an answer whose body was read.
type page struct {
	StatusCode int
	Header     http.Header
}

// browser follows no redirect.
var browser = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// fetch sends a request and gives the answer and its body.
func fetch(t *testing.T, method, address, contentType, origin string, body io.Reader) (page, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Origin", origin)
	answer, err := browser.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return page{answer.StatusCode, answer.Header}, string(text)
}

func get(t *testing.T, address string) (page, string) {
	t.Helper()
	return fetch(t, http.MethodGet, address, "", "", nil)
}

func address(t *testing.T, b *local.Blobs, key, name string) string {
	t.Helper()
	u, err := b.URL(t.Context(), key, name)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestBlobsDownload(t *testing.T) {
	b := openBlobs(t, t.TempDir())
	for kind, inline := range map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true,
		"image/webp": true, "image/svg+xml": false, "text/html": false, "text/html; charset=utf-8": false,
		"application/pdf": false, "application/xhtml+xml": false} {
		t.Run(kind, func(t *testing.T) {
			put(t, b, "demo/a", kind, "<script>")
			u := address(t, b, "demo/a", "a.bin")
			for _, ask := range []string{"", "&inline=1", "&inline=0"} {
				answer, body := get(t, u+ask)
				want := "attachment"
				if inline && ask == "&inline=1" {
					want = "inline"
				}
				h := answer.Header
				if got, _, err := mime.ParseMediaType(h.Get("Content-Disposition")); err != nil || got != want {
					t.Errorf("with %q it is %s, %v, want %s", ask, got, err, want)
				}
				if body != "<script>" || h.Get("Content-Type") != kind || h.Get("X-Content-Type-Options") != "nosniff" ||
					!strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Access-Control-Allow-Origin") != "*" {
					t.Errorf("got %q with %v", body, h)
				}
			}
		})
	}
	t.Run("Filename", func(t *testing.T) {
		put(t, b, "demo/a b/ñ?#%.png", "image/png", "x")
		answer, body := get(t, address(t, b, "demo/a b/ñ?#%.png", "año \"5%\"\r\n/../€.png"))
		got := answer.Header.Get("Content-Disposition")
		if body != "x" || strings.ContainsAny(got, "\r\n") ||
			got != `attachment; filename="a_o _5_____..__.png"; filename*=UTF-8''a%C3%B1o%20%225%25%22___.._%E2%82%AC.png` {
			t.Errorf("got %q with %s", body, got)
		}
	})
	t.Run("ErrForbidden", func(t *testing.T) {
		put(t, b, "demo/a", "image/png", "x")
		put(t, b, "demo/b", "image/png", "x")
		u := address(t, b, "demo/a", "a.png")
		b.Now = func() time.Time { return time.Now().Add(time.Hour + time.Second) }
		expired := address(t, b, "demo/a", "a.png")
		b.Now = time.Now
		for name, spoilt := range map[string]string{
			"OtherKey":    strings.Replace(u, "demo/a", "demo/b", 1),
			"OtherName":   strings.Replace(u, "name=a.png", "name=a.html", 1),
			"LaterExpiry": strings.Replace(u, "expires=1", "expires=2", 1),
			"NoSignature": u[:strings.Index(u, "?")],
			"Traversal":   strings.Replace(u, "demo/a", "demo/..%2f..%2fdesk.db", 1),
		} {
			if answer, _ := get(t, spoilt); answer.StatusCode != http.StatusForbidden {
				t.Errorf("%s: status %d, want 403", name, answer.StatusCode)
			}
		}
		if answer, _ := get(t, expired); answer.StatusCode != http.StatusOK {
			t.Errorf("an address of tomorrow: status %d", answer.StatusCode)
		}
		b.Now = func() time.Time { return time.Now().Add(time.Hour) }
		defer func() { b.Now = time.Now }()
		if answer, _ := get(t, u); answer.StatusCode != http.StatusForbidden {
			t.Errorf("after an hour: status %d, want 403", answer.StatusCode)
		}
	})
	t.Run("ErrNotFound", func(t *testing.T) {
		if answer, _ := get(t, address(t, b, "demo/none", "a.png")); answer.StatusCode != http.StatusNotFound {
			t.Errorf("status %d, want 404", answer.StatusCode)
		}
	})
}

// postForm sends a form as a browser does.
func postForm(t *testing.T, form desk.UploadForm, body string) (page, string) {
	t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for name, value := range form.Fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	file, err := w.CreateFormFile("file", "../../a.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(file, body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return fetch(t, http.MethodPost, form.URL, w.FormDataContentType(), "", &buf)
}

func TestBlobsUpload(t *testing.T) {
	b := openBlobs(t, t.TempDir())
	form := func(key string) desk.UploadForm {
		f, err := b.UploadForm(t.Context(), desk.Blob{Key: key, Type: "image/png", Size: 3})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	accepted := func(t *testing.T, f desk.UploadForm, body string) {
		t.Helper()
		if answer, text := postForm(t, f, body); answer.StatusCode != http.StatusNoContent {
			t.Errorf("status %d, %s", answer.StatusCode, text)
		}
	}
	refused := func(t *testing.T, f desk.UploadForm, body string, status int, code desk.Code) {
		t.Helper()
		answer, text := postForm(t, f, body)
		var got struct {
			Error struct {
				Code           desk.Code
				Message, Field string
			}
		}
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if answer.StatusCode != status || got.Error.Code != code || got.Error.Message == "" || (code == desk.Invalid) != (got.Error.Field == "size") {
			t.Errorf("status %d, %+v, want %d and %s", answer.StatusCode, got, status, code)
		}
	}
	t.Run("ErrTooLarge", func(t *testing.T) { refused(t, form("demo/2"), "abcd", 413, desk.Invalid) })
	t.Run("ErrTooSmall", func(t *testing.T) { refused(t, form("demo/2"), "ab", 400, desk.Invalid) })
	t.Run("ErrEmpty", func(t *testing.T) { refused(t, form("demo/2"), "", 400, desk.Invalid) })
	t.Run("OKRepeat", func(t *testing.T) {
		f := form("demo/3")
		accepted(t, f, "abc")
		accepted(t, f, "abc")
		accepted(t, form("demo/3"), "abc")
	})
	t.Run("ErrConflict", func(t *testing.T) {
		f := form("demo/4")
		accepted(t, f, "abc")
		refused(t, f, "abd", 409, desk.Conflict)
		refused(t, form("demo/4"), "abd", 409, desk.Conflict)
		other, err := b.UploadForm(t.Context(), desk.Blob{Key: "demo/4", Type: "text/html", Size: 3})
		if err != nil {
			t.Fatal(err)
		}
		refused(t, other, "abc", 409, desk.Conflict)
		if answer, body := get(t, address(t, b, "demo/4", "a.png")); body != "abc" || answer.Header.Get("Content-Type") != "image/png" {
			t.Errorf("the file became %q, %s", body, answer.Header.Get("Content-Type"))
		}
	})
	t.Run("ErrMethod", func(t *testing.T) {
		if answer, _ := fetch(t, http.MethodPut, form("demo/2").URL, "", "", nil); answer.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("status %d, want 405", answer.StatusCode)
		}
	})
	t.Run("ErrForbidden", func(t *testing.T) {
		f := form("demo/2")
		f.Fields["size"] = "4"
		refused(t, f, "abcd", 403, desk.Forbidden)
	})
	t.Run("ErrExpired", func(t *testing.T) {
		f := form("demo/2")
		b.Now = func() time.Time { return time.Now().Add(10 * time.Minute) }
		defer func() { b.Now = time.Now }()
		refused(t, f, "abc", 403, desk.Forbidden)
	})
	t.Run("ErrInvalidForm", func(t *testing.T) {
		for kind, body := range map[string]string{"text/plain": "a", "multipart/form-data": "a",
			"multipart/form-data; boundary=x": "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n" + strings.Repeat("a", 5000)} {
			answer, _ := fetch(t, http.MethodPost, form("demo/2").URL, kind, "", strings.NewReader(body))
			if answer.StatusCode != http.StatusBadRequest {
				t.Errorf("%s: status %d, want 400", kind, answer.StatusCode)
			}
		}
	})
}
