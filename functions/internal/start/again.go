package start

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"strings"

	"github.com/relevo/relevo/internal/desk"
)

// A refused act changes nothing, and work is harmless to repeat. So what was refused while the function believed settings
// that it had read before is tried once more with settings read anew: an agent, an inbox or a right that was made a
// second ago, by another function, is there.

// again does a piece of work, and does it once more if it was refused on account of settings that may be old.
func again(ctx context.Context, do func(context.Context) error) error {
	if desk.SettingsUseOf(ctx).Renew() {
		return do(ctx)
	}
	first, use := desk.WithSettingsUse(ctx, false)
	err := do(first)
	if err == nil || !use.Stale() || desk.CodeOf(err).Retryable() {
		return err
	}
	anew, _ := desk.WithSettingsUse(ctx, true)
	return do(anew)
}

// answering is again for requests.
func answering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil { // it lies in memory already
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		try := func(renew bool) (*kept, *desk.SettingsUse) {
			ctx, use := desk.WithSettingsUse(r.Context(), renew)
			request := r.Clone(ctx)
			request.Body = io.NopCloser(bytes.NewReader(body))
			answer := &kept{header: http.Header{}}
			next.ServeHTTP(answer, request)
			return answer, use
		}
		answer, use := try(r.Method != http.MethodGet && strings.HasPrefix(r.URL.Path, "/v1/settings/")) // a change of what is newest
		if refused(answer.status) && use.Stale() {
			answer, _ = try(true)
		}
		answer.give(w)
	})
}

// refused are the statuses that settings decide about.
func refused(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict:
		return true
	default:
		return false
	}
}

// kept is an answer that may yet be thrown away.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (k *kept) Header() http.Header { return k.header }

// WriteHeader implements [http.ResponseWriter].
func (k *kept) WriteHeader(status int) {
	if k.status == 0 {
		k.status = status
	}
}

// Write implements [http.ResponseWriter].
func (k *kept) Write(b []byte) (int, error) {
	k.WriteHeader(http.StatusOK)
	return k.body.Write(b)
}

func (k *kept) give(w http.ResponseWriter) {
	k.WriteHeader(http.StatusOK)
	maps.Copy(w.Header(), k.header)
	w.WriteHeader(k.status)
	if k.body.Len() > 0 {
		w.Write(k.body.Bytes()) //nolint:errcheck // it is kept in memory again
	}
}
