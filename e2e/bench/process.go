package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// usage is what the desk's process takes.
type usage struct {
	rss, anonymous int64 // bytes; the rest of rss is the mapped file, which the kernel may drop
}

// watcher looks at the desk's process through /proc.
type watcher struct {
	pid  int
	peak usage
}

// sample reads the memory, and keeps the most.
func (w *watcher) sample() error {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.pid))
	if err != nil {
		return fmt.Errorf("read the desk's memory: %w", err)
	}
	for line := range strings.Lines(string(raw)) {
		name, value, _ := strings.Cut(line, ":")
		kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		if err != nil {
			continue
		}
		switch name {
		case "VmRSS":
			w.peak.rss = max(w.peak.rss, kib<<10)
		case "RssAnon":
			w.peak.anonymous = max(w.peak.anonymous, kib<<10)
		}
	}
	return nil
}

// clockTick is the unit of times in /proc, USER_HZ, which is 100 on every Linux of Go's.
const clockTick = 10 * time.Millisecond

// cpu gives the processor time that the desk has used so far.
func (w *watcher) cpu() (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", w.pid))
	if err != nil {
		return 0, fmt.Errorf("read the desk's processor time: %w", err)
	}
	_, rest, _ := strings.Cut(string(raw), ") ") // the name before may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, errors.New("read the desk's processor time: /proc has another form")
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * clockTick, errors.Join(err1, err2)
}

// profilerSource is added to the desk that is built for -profile, and to no other.
const profilerSource = `package main

import (
	"net/http"
	_ "net/http/pprof"
	"os"
)

func init() { go http.ListenAndServe(os.Getenv("BENCH_PPROF"), nil) }
`

const profilerAddr = "127.0.0.1:6063"

// profiled gives the build flags and the environment of a desk that can be profiled: go build lays one more file over
// its sources.
func profiled(folder string) (flags, env []string, err error) {
	root, err := filepath.Abs(".")
	if err != nil {
		return nil, nil, fmt.Errorf("find the sources: %w", err)
	}
	source, overlay := filepath.Join(folder, "profiler.go"), filepath.Join(folder, "overlay.json")
	replace := map[string]map[string]string{"Replace": {filepath.Join(root, "cmd/relevo/bench_profiler.go"): source}}
	raw, err := json.Marshal(replace)
	if err != nil {
		return nil, nil, fmt.Errorf("write the overlay: %w", err)
	}
	err = errors.Join(os.WriteFile(source, []byte(profilerSource), 0o600), os.WriteFile(overlay, raw, 0o600))
	return []string{"-overlay", overlay}, []string{"BENCH_PPROF=" + profilerAddr}, err
}

// startProfile takes the profiles while the load runs; the channel gives the outcome.
func startProfile(ctx context.Context, p plan, env []string) <-chan error {
	done := make(chan error, 1)
	if len(env) == 0 {
		done <- nil
		return done
	}
	go func() {
		seconds := max(1, int(p.length.Seconds())-2)
		done <- errors.Join(download(ctx, "profile?seconds="+strconv.Itoa(seconds), p.profile), download(ctx, "heap", p.profile+".heap"),
			download(ctx, "allocs", p.profile+".allocs"))
	}()
	return done
}

func download(ctx context.Context, what, file string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+profilerAddr+"/debug/pprof/"+what, nil)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	raw, err := io.ReadAll(answer.Body)
	return errors.Join(err, answer.Body.Close(), os.WriteFile(file, raw, 0o600))
}
