package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Build builds the desk's binary into a folder and gives its path. flags are further ones for go build.
func Build(ctx context.Context, folder string, flags ...string) (string, error) {
	binary := filepath.Join(folder, "relevo")
	args := append(append([]string{"build", "-o", binary}, flags...), "github.com/relevo/relevo/cmd/relevo")
	if out, err := exec.CommandContext(ctx, "go", args...).CombinedOutput(); err != nil { //nolint:gosec // our own flags
		return "", fmt.Errorf("build the desk: %w\n%s", err, out)
	}
	return binary, nil
}

// Options say how to start a desk.
type Options struct {
	Binary string   // see [Build]
	Data   string   // its data folder
	Addr   string   // host:port; "": a free port of the loopback address
	Env    []string // further settings, NAME=value
}

// Process is a desk that runs as a process of its own.
type Process struct {
	URL  string
	Log  string // the file with all that it logged
	cmd  *exec.Cmd
	done chan struct{} // closed when the process is gone
}

const startTime = 30 * time.Second // for a desk to answer

// Start starts a desk and waits until it answers.
func Start(ctx context.Context, o Options) (*Process, error) {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	log, err := os.OpenFile(filepath.Clean(o.Data+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the desk's log: %w", err)
	}
	defer log.Close()
	p := &Process{Log: log.Name(), done: make(chan struct{})}
	p.cmd = exec.Command(o.Binary, "run") //nolint:gosec,noctx // what we built; it ends by Kill or Stop
	p.cmd.Env = append(os.Environ(), append([]string{"RELEVO_ADDR=" + o.Addr, "RELEVO_DOWNLOADS_ADDR=127.0.0.1:0",
		"RELEVO_DATA=" + o.Data, "RELEVO_PUBLIC_URL=", "RELEVO_ISSUER=", "RELEVO_GRAPH_URL=", "RELEVO_SMTP_URL="}, o.Env...)...)
	p.cmd.Stderr = log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the desk: %w", err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the desk: %w", err)
	}
	address := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if rest, ok := strings.CutPrefix(lines.Text(), "Relevo runs on "); ok {
				address <- rest
			}
		}
		p.cmd.Wait() //nolint:errcheck // the caller knows why it ended
		close(p.done)
	}()
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	select {
	case p.URL = <-address:
		return p, p.healthy(ctx)
	case <-p.done:
		said, err := os.ReadFile(p.Log)
		return nil, errors.Join(fmt.Errorf("the desk ended at once: %s", said), err)
	case <-ctx.Done():
		return nil, errors.Join(fmt.Errorf("the desk does not tell its address: %w", ctx.Err()), p.Kill())
	}
}

// healthy waits until the desk answers.
func (p *Process) healthy(ctx context.Context) error {
	c := Client{Base: p.URL, HTTP: &http.Client{Timeout: requestTime}}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := c.Do(ctx, http.MethodGet, "/healthz", nil, nil)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-p.done:
			return fmt.Errorf("the desk ended before it answered: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("the desk does not answer: %w", err)
		}
	}
}

// Addr is the host and port that the desk listens on.
func (p *Process) Addr() string {
	u, err := url.Parse(p.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// PID is the process's id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Kill ends the desk as kill -9 does, at any moment of its work.
func (p *Process) Kill() error {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill the desk: %w", err)
	}
	<-p.done
	return nil
}

// Stop asks the desk to end, and tells what it said at its end if that was no success.
func (p *Process) Stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop the desk: %w", err)
	}
	select {
	case <-p.done:
	case <-time.After(startTime):
		return errors.Join(errors.New("the desk does not end"), p.Kill())
	}
	if !p.cmd.ProcessState.Success() {
		return fmt.Errorf("the desk ended with %s", p.cmd.ProcessState)
	}
	return nil
}
