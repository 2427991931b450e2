package local_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/local"
)

// killedDir names the folder for a process of this test binary that is there to be killed.
const killedDir = "RELEVO_TEST_KILLED_DIR"

// TestKill kills a process that enqueues, works and sets timers without end, some times, and then looks for everything
// it had acknowledged.
func TestKill(t *testing.T) {
	if dir := os.Getenv(killedDir); dir != "" {
		toBeKilled(t, dir)
		return
	}
	dir := t.TempDir()
	stored, handled := map[string]bool{}, map[string]int{}
	for round := range 5 {
		for _, line := range killAfter(t, dir, 60+17*round) {
			verb, what, _ := strings.Cut(line, " ")
			if verb == "stored" {
				stored[what] = true
			} else {
				handled[what]++
			}
		}
	}

	f := openFile(t, dir)
	q, timers := f.Queue(), f.Timers()
	var mu sync.Mutex
	note := func(what string) {
		mu.Lock()
		defer mu.Unlock()
		handled[what]++
	}
	stop := run(t, q, desk.InboundQueue, func(_ context.Context, job desk.Job) error { note(string(job.Body)); return nil })
	stopTimers := runTimers(t, timers, func(_ context.Context, timer desk.Timer) error { note(timer.ID); return nil })
	if err := q.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	at(t, timers, "end", time.Now().Add(500*time.Millisecond)) // after every timer of the killed
	for ended := false; !ended; {
		select {
		case <-time.Tick(time.Millisecond):
		case <-t.Context().Done():
			t.Fatal("the last timer did not fire")
		}
		mu.Lock()
		ended = handled["end"] > 0
		mu.Unlock()
	}
	stop()
	stopTimers()
	if len(stored) < 100 {
		t.Fatalf("only %d things were stored before the kills", len(stored))
	}
	for what := range stored {
		if handled[what] == 0 {
			t.Errorf("%s was acknowledged and is lost", what)
		}
	}
	dead, err := f.Dead(t.Context())
	if err != nil || len(dead) > 0 {
		t.Errorf("%d dead letters, %v", len(dead), err)
	}
}

// killAfter starts the test in a process of its own, kills it after so many lines, and gives the lines.
func killAfter(t *testing.T, dir string, lines int) []string {
	t.Helper()
	process := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
	process.Env = append(os.Environ(), killedDir+"="+dir)
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for scan := bufio.NewScanner(out); scan.Scan(); {
		if verb, _, ok := strings.Cut(scan.Text(), " "); ok && (verb == "stored" || verb == "handled") {
			got = append(got, scan.Text())
		}
		if len(got) == lines {
			if err := process.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := process.Wait(); err == nil || len(got) < lines {
		t.Fatalf("the process ended by itself after %d lines: %v", len(got), err)
	}
	return got
}

func toBeKilled(t *testing.T, dir string) {
	t.Helper()
	f, err := local.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	q, timers := f.Queue(), f.Timers()
	run(t, q, desk.InboundQueue, func(_ context.Context, job desk.Job) error {
		fmt.Println("handled", string(job.Body))
		return nil
	})
	runTimers(t, timers, func(_ context.Context, timer desk.Timer) error {
		fmt.Println("handled", timer.ID)
		return nil
	})
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for t.Context().Err() == nil {
				id := desk.NewID(time.Now())
				job := desk.Job{Queue: desk.InboundQueue, Group: fmt.Sprint(w), Body: fmt.Appendf(nil, "%q", id)}
				timer := desk.Timer{Name: desk.WakeupTimer, ID: "timer-" + id, At: time.Now().Add(50 * time.Millisecond)}
				if q.Enqueue(t.Context(), job) == nil {
					fmt.Printf("stored %q\n", id)
				}
				if timers.At(t.Context(), timer) == nil {
					fmt.Println("stored", timer.ID)
				}
			}
		})
	}
	writers.Wait()
}
