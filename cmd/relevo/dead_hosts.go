package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"time"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/local"
)

// openGraveyard finds the dead letters of the local desk, or of a stage.
func openGraveyard(ctx context.Context, stage string) (graveyard, error) {
	if stage != "" {
		client, stack, err := openStage(ctx, stage)
		if err != nil {
			return nil, err
		}
		return stageGraveyard{cloud.NewDeadLetters(client, stack)}, nil
	}
	cfg, err := config.LoadLocal()
	if err != nil {
		return nil, err
	}
	file, err := local.Open(cfg.Data)
	if err == nil {
		return &fileGraveyard{file: file, queue: file.Queue(), timers: file.Timers(), own: true}, nil
	}
	if desk.Is(err, desk.Conflict) {
		if running, ok := reachRunning(ctx, cfg); ok {
			return running, nil
		}
	}
	return nil, dataFault(cfg, err)
}

// fileGraveyard is that of the local desk.
type fileGraveyard struct {
	file   *local.File
	queue  *local.Queue
	timers *local.Timers
	own    bool // nobody else has the file open
}

func (g *fileGraveyard) piles(ctx context.Context) ([]pile, error) {
	dead, err := g.file.Dead(ctx)
	piles := []pile{}
	for _, letter := range dead { // they come by queue
		if n := len(piles); n > 0 && piles[n-1].Queue == letter.Queue {
			piles[n-1].Count++
			continue
		}
		piles = append(piles, pile{letter.Queue, 1})
	}
	return piles, err
}

func (g *fileGraveyard) letters(ctx context.Context, queue string, limit int) ([]deadLetter, error) {
	dead, err := g.file.Dead(ctx)
	letters := []deadLetter{}
	for _, d := range dead {
		if d.Queue == queue && len(letters) < limit {
			letters = append(letters, deadLetter{Queue: d.Queue, ID: d.ID, At: d.At, Reason: d.Reason, Body: d.Body})
		}
	}
	return letters, err
}

func (g *fileGraveyard) redrive(ctx context.Context, queue, id string) (int, error) {
	dead, err := g.file.Dead(ctx)
	if err != nil {
		return 0, err
	}
	done := 0
	for _, letter := range dead {
		if letter.Queue != queue || id != "" && letter.ID != id {
			continue
		}
		if err := g.file.Redrive(ctx, g.queue, g.timers, letter); err != nil {
			return done, err
		}
		done++
	}
	if id != "" && done == 0 {
		return 0, desk.Errorf(desk.NotFound, "there is no dead letter %s of %s", id, queue)
	}
	return done, nil
}

// Close implements [io.Closer].
func (g *fileGraveyard) Close() error {
	if g.own {
		return g.file.Close()
	}
	return nil
}

// stageGraveyard is that of a deployed desk.
type stageGraveyard struct{ dead *cloud.DeadLetters }

func (g stageGraveyard) piles(ctx context.Context) ([]pile, error) {
	queues, err := g.dead.Queues(ctx)
	var piles []pile
	for _, q := range queues {
		piles = append(piles, pile{q.Name, q.Count})
	}
	return piles, err
}

func (g stageGraveyard) letters(ctx context.Context, queue string, limit int) ([]deadLetter, error) {
	found, err := g.dead.Letters(ctx, queue, limit)
	var letters []deadLetter
	for _, d := range found {
		letters = append(letters, deadLetter{Queue: queue, ID: d.ID, At: d.At, Body: d.Body})
	}
	return letters, err
}

func (g stageGraveyard) redrive(ctx context.Context, queue, id string) (int, error) {
	return g.dead.Redrive(ctx, queue, id)
}

// Close implements [io.Closer].
func (g stageGraveyard) Close() error { return nil }

// running is a local desk that runs, behind its doors for operators: it alone may touch its file.
type running struct{ base string }

const runningTime = time.Minute // for a running desk to answer

// reachRunning finds the desk that has the data folder open, if it listens where the settings say.
func reachRunning(ctx context.Context, cfg config.Local) (running, bool) {
	r := running{"http://" + cfg.Addr}
	var said struct {
		Data string `json:"data"`
	}
	folder, err := filepath.Abs(cfg.Data)
	ok := err == nil && r.do(ctx, http.MethodGet, "/dev/operator", nil, &said) == nil && said.Data == folder
	return r, ok
}

func (r running) piles(ctx context.Context) (piles []pile, err error) {
	err = r.do(ctx, http.MethodGet, "/dev/dead-letters", nil, &piles)
	return piles, err
}

func (r running) letters(ctx context.Context, queue string, limit int) (letters []deadLetter, err error) {
	query := url.Values{"queue": {queue}, "limit": {strconv.Itoa(limit)}}
	err = r.do(ctx, http.MethodGet, "/dev/dead-letters?"+query.Encode(), nil, &letters)
	return letters, err
}

// redriven is what the running desk is asked, and what it answers.
type redriven struct {
	Queue string `json:"queue"`
	ID    string `json:"id"`
	Count int    `json:"count"`
}

func (r running) redrive(ctx context.Context, queue, id string) (int, error) {
	var done redriven
	err := r.do(ctx, http.MethodPost, "/dev/dead-letters/redrive", redriven{Queue: queue, ID: id}, &done)
	return done.Count, err
}

// Close implements [io.Closer].
func (r running) Close() error { return nil }

func (r running) do(ctx context.Context, method, path string, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, runningTime)
	defer cancel()
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return fmt.Errorf("ask the running desk: %w", err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, r.base+path, &body)
	if err != nil {
		return fmt.Errorf("ask the running desk: %w", err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask the running desk: %w", err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		return fmt.Errorf("read the running desk's answer: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		var said struct{ Error desk.Error }
		if json.Unmarshal(raw, &said) != nil || said.Error.Code == "" {
			return fmt.Errorf("the running desk at %s answers %s to %s", r.base, answer.Status, path)
		}
		return &said.Error
	}
	return json.Unmarshal(raw, out)
}

// operatorDoors are for the operator's commands while the desk runs.
func (g *gateway) operatorDoors(mux *http.ServeMux) {
	grave := &fileGraveyard{file: g.file, queue: g.queue, timers: g.timers}
	door := func(pattern string, do func(w http.ResponseWriter, r *http.Request) (any, error)) {
		mux.Handle(pattern, g.localDoor(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer, err := do(w, r)
			switch {
			case err == nil:
				writeJSON(w, http.StatusOK, answer)
			case desk.CodeOf(err).Retryable():
				g.fault(w, r, err)
			default:
				refuse(w, err, http.StatusBadRequest)
			}
		})))
	}
	door("GET /dev/operator", func(http.ResponseWriter, *http.Request) (any, error) {
		folder, err := filepath.Abs(g.cfg.Data)
		return map[string]string{"data": folder}, err
	})
	door("GET /dev/dead-letters", func(_ http.ResponseWriter, r *http.Request) (any, error) {
		queue := r.URL.Query().Get("queue")
		if queue == "" {
			return grave.piles(r.Context())
		}
		limit, err := strconv.Atoi(cmp.Or(r.URL.Query().Get("limit"), "20"))
		if err != nil {
			return nil, desk.InvalidField("limit", "want a number")
		}
		return grave.letters(r.Context(), queue, limit)
	})
	door("POST /dev/timers/repair", func(_ http.ResponseWriter, r *http.Request) (any, error) {
		return mend(r.Context(), g.file.Table(), g.timers)
	})
	door("POST /dev/dead-letters/redrive", func(w http.ResponseWriter, r *http.Request) (any, error) {
		var want redriven
		if err := readJSON(w, r, &want); err != nil {
			return nil, err
		}
		var err error
		want.Count, err = grave.redrive(r.Context(), want.Queue, want.ID)
		return want, err
	})
}
