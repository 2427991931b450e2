// Command coldstart measures what a cold start costs that is ours: from the start of a function's process to its first
// request for work from the Runtime API, here a stand-in. Each function is held against an empty one of the same run, for
// machines differ: at most 1.5 times as long and 2 ms more. The starts of all take turns, and of each the lower quartile
// counts: what else a busy machine does makes some starts longer and none shorter.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/config"
)

const (
	starts  = 41 // of each function
	times   = 1.5
	more    = 2 * time.Millisecond
	patient = 10 * time.Second
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: coldstart <folder of binaries> <empty function>")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "coldstart:", err)
		os.Exit(1)
	}
}

// runtime stands in for Lambda's Runtime API: it tells when a function asks for work, and gives it none.
type runtime struct {
	listener net.Listener
	asked    chan time.Time
}

func newRuntime() (*runtime, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &runtime{l, make(chan time.Time, 1)}
	work := http.NewServeMux()
	work.HandleFunc("GET /2018-06-01/runtime/invocation/next", func(_ http.ResponseWriter, request *http.Request) {
		r.asked <- time.Now()
		<-request.Context().Done()
	})
	// A function that is to be told of its end says so first.
	work.HandleFunc("POST /2020-01-01/extension/register", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Lambda-Extension-Identifier", "stand-in")
	})
	work.HandleFunc("GET /2020-01-01/extension/event/next", func(_ http.ResponseWriter, request *http.Request) { <-request.Context().Done() })
	server := &http.Server{ReadHeaderTimeout: patient, Handler: work}
	go server.Serve(l) //nolint:errcheck // it ends with the program
	return r, nil
}

func run(folder, empty string) error {
	r, err := newRuntime()
	if err != nil {
		return err
	}
	names := []string{"(empty)"}
	binaries := map[string]string{"(empty)": empty}
	for _, row := range config.Functions {
		names = append(names, row.Name)
		binaries[row.Name] = filepath.Join(folder, row.Name, "bootstrap")
	}
	took := map[string][]time.Duration{}
	for range starts { // in turn, so that a busy moment falls on all
		for _, name := range names {
			d, err := r.start(binaries[name])
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			took[name] = append(took[name], d)
		}
	}
	anchor := quartile(took["(empty)"])
	limit := time.Duration(float64(anchor)*times) + more
	fmt.Printf("%-12s %8s %7s\n", "function", "start", "times")
	var slow []string
	for _, name := range names {
		d := quartile(took[name])
		fmt.Printf("%-12s %8s %7.2f\n", name, d.Round(10*time.Microsecond), float64(d)/float64(anchor))
		if d > limit {
			slow = append(slow, name)
		}
	}
	fmt.Printf("at most %v, which is %v times the empty function's and %v\n", limit.Round(10*time.Microsecond), times, more)
	if len(slow) > 0 {
		return fmt.Errorf("too slow: %s", strings.Join(slow, ", "))
	}
	return nil
}

// start starts a binary, and tells how long it took to its first request.
func (r *runtime) start(binary string) (time.Duration, error) {
	cmd := exec.Command(binary) //nolint:noctx // what we built; it is killed below
	cmd.Env = append(settings(), "AWS_LAMBDA_RUNTIME_API="+r.listener.Addr().String())
	cmd.Stderr = os.Stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("start: %w", err)
	}
	defer cmd.Wait()         //nolint:errcheck // it was killed
	defer cmd.Process.Kill() //nolint:errcheck // or ended by itself
	select {
	case asked := <-r.asked:
		return asked.Sub(began), nil
	case <-time.After(patient):
		return 0, fmt.Errorf("no request to the Runtime API within %v", patient)
	}
}

// settings are all that any function needs, with values that lead nowhere.
func settings() []string {
	all := []string{"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256"}
	for _, row := range config.Functions {
		for _, name := range config.CloudEnv(row) {
			value := "https://desk.example"
			if name == config.EnvSecretPrefix {
				value = "/relevo/dev"
			}
			all = append(all, name+"="+value)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// quartile is the longest of the shortest quarter.
func quartile(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/4]
}
