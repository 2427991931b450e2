// Command bench loads a running desk from outside and prints what it costs: how long messages take both ways, what
// lists and threads cost, CPU and memory, each beside its target. It builds the desk and runs it as a process of its
// own, on a file of its own; every acknowledged message is on disk.
//
// Times differ from machine to machine, so a missed target fails the run only with -strict. A lost or a doubled message
// always does.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/relevo/relevo/e2e"
)

// plan says how to load the desk.
type plan struct {
	rate     int           // messages a second, each way
	length   time.Duration // of the load
	visitors int
	ways     string // both, in or out
	reads    int    // of the list and of the thread
	profile  string // file for a CPU profile of the desk; "" for none
	strict   bool
}

func main() {
	var p plan
	flag.IntVar(&p.rate, "rate", 50, "Messages a second, each way.")
	flag.DurationVar(&p.length, "for", 20*time.Second, "Length of the load.")
	flag.IntVar(&p.visitors, "visitors", 50, "Customers, each with his own conversation.")
	flag.StringVar(&p.ways, "ways", "both", "both, in (customers only) or out (the agent only).")
	flag.IntVar(&p.reads, "reads", 300, "How often the list and a thread of 50 are read.")
	flag.StringVar(&p.profile, "profile", "", "Write a CPU profile of the desk to this file, and beside it one of its heap.")
	flag.BoolVar(&p.strict, "strict", false, "Fail if a target is missed.")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ok, err := bench(ctx, p)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// bench runs the plan and prints the table; ok is false if that shall fail the command.
func bench(ctx context.Context, p plan) (ok bool, err error) {
	folder, err := os.MkdirTemp("", "relevo-bench-")
	if err != nil {
		return false, fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	var flags, env []string
	if p.profile != "" {
		if flags, env, err = profiled(folder); err != nil {
			return false, err
		}
	}
	binary, err := e2e.Build(ctx, folder, append([]string{"-trimpath"}, flags...)...)
	if err != nil {
		return false, err
	}
	desk, err := e2e.Start(ctx, e2e.Options{Binary: binary, Data: filepath.Join(folder, "data"), Env: env})
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, desk.Stop()) }()
	results, err := measure(ctx, p, desk, env)
	if err != nil {
		return false, err
	}
	results.print(os.Stdout, p)
	return results.intact() && (!p.strict || results.allReached()), nil
}

// measure runs the phases: at rest, under load, reading.
func measure(ctx context.Context, p plan, desk *e2e.Process, env []string) (*results, error) {
	out := &results{}
	watch := watcher{pid: desk.PID()}
	if err := rest(ctx, time.Second); err != nil {
		return nil, err
	}
	if err := watch.sample(); err != nil {
		return nil, err
	}
	out.idle = watch.peak
	s, err := newStage(ctx, p, desk.URL)
	if err != nil {
		return nil, err
	}
	defer s.leave()
	if err := rest(ctx, 3*time.Second); err != nil { // the visitors' limits recover from the beginning
		return nil, err
	}
	profile := startProfile(ctx, p, env)
	if err := s.load(ctx, &watch, out); err != nil {
		return nil, err
	}
	if err := s.settle(ctx, out); err != nil {
		return nil, err
	}
	if err := s.read(ctx, out); err != nil {
		return nil, err
	}
	return out, <-profile
}

// rest waits.
func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
