package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

const (
	maxFormField  = 4 << 10  // bytes of one field
	maxFormFields = 16       // before the file
	formOverhead  = 64 << 10 // bytes of the form around the file
)

// inlineTypes may be shown in place: pictures that run no script.
var inlineTypes = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// blobStatus is the status of a code at the two doors.
var blobStatus = map[desk.Code]int{desk.Invalid: http.StatusBadRequest, desk.Forbidden: http.StatusForbidden,
	desk.NotFound: http.StatusNotFound, desk.Conflict: http.StatusConflict, desk.Unavailable: http.StatusServiceUnavailable}

var errTooLarge = desk.InvalidField("size", "the file is larger than agreed")

// UploadHandler takes the POST of a signed form: the fields, then the file. It answers 204, also to a repeat with the
// same content, or an error as JSON: invalid (400: no such form, or fewer bytes than agreed; 413: more), forbidden (403:
// not signed so, or too late), conflict (409: the key has other content, which stays: no file changes under a message).
func (b *Blobs) UploadHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", "POST")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		if err := b.upload(r); err != nil {
			b.refuse(w, r, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

func (b *Blobs) upload(r *http.Request) error {
	body := &limitedReader{r.Body, formOverhead}
	r.Body = io.NopCloser(body)
	parts, err := r.MultipartReader()
	if err != nil {
		return desk.Errorf(desk.Invalid, "not a multipart form: %w", err)
	}
	fields, file, err := formFields(parts)
	if err != nil {
		return err
	}
	blob, err := b.granted(fields)
	if err != nil {
		return err
	}
	body.left += blob.Size
	stored, err := b.write(r.Context(), &limitedReader{file, blob.Size})
	if err != nil {
		return uploadError(err)
	}
	if stored.Size != blob.Size {
		return errors.Join(desk.InvalidField("size", "%d bytes came, not %d as agreed", stored.Size, blob.Size), b.remove(stored.Chunks))
	}
	stored.Type = blob.Type
	return b.publish(blob.Key, stored, keeps)
}

// formFields reads up to the part "file".
func formFields(parts *multipart.Reader) (map[string]string, *multipart.Part, error) {
	fields := map[string]string{}
	for range maxFormFields {
		part, err := parts.NextPart()
		if err != nil {
			return nil, nil, desk.Errorf(desk.Invalid, "the form has no file: %w", err)
		}
		name := part.FormName()
		if name == "file" {
			return fields, part, nil
		}
		value, err := io.ReadAll(io.LimitReader(part, maxFormField+1))
		if err != nil || len(value) > maxFormField {
			return nil, nil, desk.InvalidField(name, "a field has at most %d bytes", maxFormField)
		}
		if _, twice := fields[name]; twice {
			return nil, nil, desk.InvalidField(name, "the field is there twice")
		}
		fields[name] = string(value)
	}
	return nil, nil, desk.Errorf(desk.Invalid, "the form has too many fields before its file")
}

// granted gives what the form stores.
func (b *Blobs) granted(fields map[string]string) (desk.Blob, error) {
	blob := desk.Blob{Key: fields["key"], Type: fields["Content-Type"]}
	if !b.signed(fields["signature"], "upload", blob.Key, blob.Type, fields["size"], fields["expires"]) {
		return blob, desk.Errorf(desk.Forbidden, "the form is not signed for this key, type and size")
	}
	until, err1 := strconv.ParseInt(fields["expires"], 10, 64)
	size, err2 := strconv.ParseInt(fields["size"], 10, 64)
	if err := errors.Join(err1, err2); err != nil {
		return blob, desk.Wrap(desk.Internal, err, "read a signed form")
	}
	if !b.Now().Before(time.Unix(until, 0)) {
		return blob, desk.Errorf(desk.Forbidden, "the form has expired")
	}
	blob.Size = size
	return blob, checkBlob(blob)
}

// limitedReader fails past the limit instead of ending.
type limitedReader struct {
	io.Reader
	left int64
}

func (l *limitedReader) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// uploadError tells what the sender did wrong from what the disk did.
func uploadError(err error) error {
	switch {
	case errors.Is(err, errTooLarge):
		return errTooLarge
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return desk.Errorf(desk.Invalid, "the form ends in the middle of its file: %w", err)
	}
	return desk.Wrap(desk.Unavailable, err, "write an uploaded file")
}

// refuse answers with the error as JSON; what is not the caller's fault is logged and not shown.
func (b *Blobs) refuse(w http.ResponseWriter, r *http.Request, err error) {
	code := desk.CodeOf(err)
	status, known := blobStatus[code]
	if errors.Is(err, errTooLarge) {
		status = http.StatusRequestEntityTooLarge
	}
	message := "the file could not be stored or read"
	if !known {
		status = http.StatusInternalServerError
	}
	answer := struct {
		Code    desk.Code `json:"code"`
		Message string    `json:"message"`
		Field   string    `json:"field,omitempty"`
	}{Code: code, Message: message}
	if e, ok := errors.AsType[*desk.Error](err); ok && status < 500 {
		answer.Message, answer.Field = e.Message, e.Field
	} else {
		b.Log.ErrorContext(r.Context(), "attachment", "method", r.Method, "error", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(map[string]any{"error": answer}); err != nil {
		b.Log.DebugContext(r.Context(), "the caller left before the answer", "error", err)
	}
}

// DownloadHandler serves signed addresses: always as an attachment, except that ?inline=1 shows a PNG, JPEG, GIF or WebP
// in place. It belongs on an origin of its own, where nothing else lives.
func (b *Blobs) DownloadHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		if err := b.download(w, r); err != nil {
			b.refuse(w, r, err)
		}
	})
}

func (b *Blobs) download(w http.ResponseWriter, r *http.Request) error {
	base, err := url.Parse(b.downloadURL)
	if err != nil {
		return desk.Wrap(desk.Internal, err, "read the download address")
	}
	key := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, base.Path), "/")
	query := r.URL.Query()
	name, until := query.Get("name"), query.Get("expires")
	if !b.signed(query.Get("signature"), "download", key, name, until) {
		return desk.Errorf(desk.Forbidden, "the address is not signed")
	}
	expires, err := strconv.ParseInt(until, 10, 64)
	if err != nil || !b.Now().Before(time.Unix(expires, 0)) {
		return desk.Errorf(desk.Forbidden, "the address has expired")
	}
	file, err := b.open(key)
	if err != nil {
		return err
	}
	defer func() {
		if err := file.Close(); err != nil {
			b.Log.ErrorContext(r.Context(), "attachment", "method", r.Method, "error", err)
		}
	}()
	stored := file.stored
	disposition := "attachment"
	media, _, err := mime.ParseMediaType(stored.Type)
	if err == nil && query.Get("inline") == "1" && slices.Contains(inlineTypes, media) {
		disposition = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", stored.Type)
	h.Set("Content-Disposition", disposition+filenameParameters(name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // the console shows pictures from here
	h.Set("Access-Control-Allow-Origin", "*")             // and reads PDFs; without a signed address nothing is given
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "private, max-age=3600")
	http.ServeContent(w, r, "", time.Time{}, file)
	return nil
}

// filenameParameters names the file twice, as RFC 6266 (appendix D) advises: in ASCII, and as it is (RFC 5987).
func filenameParameters(name string) string {
	if name == "" {
		return ""
	}
	var ascii, extended strings.Builder
	for _, r := range name {
		switch {
		case r < ' ' || r == 0x7f || r == '/' || r == '\\':
			r = '_'
			ascii.WriteByte('_')
		case r == '"' || r == '%' || r > '~':
			ascii.WriteByte('_')
		default:
			ascii.WriteRune(r)
		}
		for _, c := range []byte(string(r)) {
			if isAttrChar(c) {
				extended.WriteByte(c)
			} else {
				fmt.Fprintf(&extended, "%%%02X", c)
			}
		}
	}
	return fmt.Sprintf("; filename=%q; filename*=UTF-8''%s", ascii.String(), extended.String())
}

// isAttrChar follows RFC 5987, 3.2.1.
func isAttrChar(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0
}
