package api

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/relevo/relevo/internal/desk"
)

// answer is what a route gives back: a status and the shape of the body, nil for none.
type answer struct {
	status int
	body   any
}

func ok(body any) answer      { return answer{http.StatusOK, body} }
func created(body any) answer { return answer{http.StatusCreated, body} }

var (
	accepted = answer{status: http.StatusAccepted}
	done     = answer{status: http.StatusNoContent}
)

// listing is a page of any noun.
type listing[T any] struct {
	Items  []T         `json:"items"`
	Cursor desk.Cursor `json:"cursor,omitzero"`
}

// listOf makes a page of shapes.
func listOf[N, S any](nouns []N, cursor desk.Cursor, shape func(N) S) listing[S] {
	return listing[S]{Items: shapes(nouns, shape), Cursor: cursor}
}

// shapes turns nouns into their shapes; never nil, so that an empty list is [].
func shapes[N, S any](nouns []N, shape func(N) S) []S {
	out := make([]S, len(nouns))
	for i, n := range nouns {
		out[i] = shape(n)
	}
	return out
}

// stamp writes an instant as every answer does: RFC 3339, UTC, milliseconds; "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// compressFrom is the size from which JSON is worth compressing, in bytes.
const compressFrom = 1 << 10

var compressors = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.DefaultCompression)
	return z
}}

// respond answers with JSON, compressed if that is asked for and pays.
func (s *Server) respond(w http.ResponseWriter, r *http.Request, a answer) {
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	body, err := json.Marshal(a.body, jsontext.AllowInvalidUTF8(true), json.Deterministic(true))
	if err != nil {
		s.fail(w, r, desk.Wrap(desk.Internal, err, "write the answer"))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Add("Vary", "Accept-Encoding")
	if len(body) >= compressFrom && acceptsGzip(r) {
		body = compress(body)
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	if _, err := w.Write(body); err != nil {
		s.Log.DebugContext(r.Context(), "the caller hung up", "request_id", requestID(r.Context()), "error", err)
	}
}

// compress cannot fail: it writes to memory.
func compress(body []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(body) / 3)
	z := compressors.Get().(*gzip.Writer) //nolint:errcheck // the pool holds nothing else
	z.Reset(&out)
	z.Write(body) //nolint:errcheck // to memory
	z.Close()
	compressors.Put(z)
	return out.Bytes()
}

// acceptsGzip reads Accept-Encoding; a weight of zero is a refusal.
func acceptsGzip(r *http.Request) bool {
	for encoding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, weighted := strings.Cut(encoding, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
		return !weighted || err == nil && q > 0
	}
	return false
}
