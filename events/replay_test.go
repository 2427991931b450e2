package events_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

var update = flag.Bool("update", false, "write the golden answers, and the stream events of relay, anew")

// golden is what a replayed event must give.
type golden struct {
	Answer any    `json:"answer"`
	Effect effect `json:"effect"`
}

// eventFiles gives the events of this folder: "<function>.<case>" -> event.
func eventFiles(t *testing.T) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob("*.json")
	check(t, err)
	found := map[string][]byte{}
	for _, path := range paths {
		found[strings.TrimSuffix(path, ".json")], err = os.ReadFile(path)
		check(t, err)
	}
	return found
}

func requestOf(t *testing.T, event []byte) events.APIGatewayV2HTTPRequest {
	t.Helper()
	var r events.APIGatewayV2HTTPRequest
	if json.Unmarshal(event, &r) != nil {
		return events.APIGatewayV2HTTPRequest{}
	}
	return r
}

func TestReplay(t *testing.T) {
	if *update {
		writeStreamEvents(t)
	}
	for name, event := range eventFiles(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if before, ok := streamCases[name]; ok {
				before(w)
				w.forget()
			}
			raw, err := cloud.Handle(t.Context(), w.function(name), w.host(w.function(name)), event)
			check(t, err)
			hold(t, filepath.Join("golden", name+".json"), golden{w.answer(raw), w.effect()})
		})
	}
}

// function is the row of the wiring table that a file's name begins with.
func (w *world) function(file string) config.Function {
	w.t.Helper()
	name, _, _ := strings.Cut(file, ".")
	i := slices.IndexFunc(config.Functions, func(f config.Function) bool { return f.Name == name })
	if i < 0 {
		w.t.Fatalf("%s.json: there is no function %s", file, name)
	}
	return config.Functions[i]
}

// hold holds a result against the golden file, or writes it.
func hold(t *testing.T, path string, got golden) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	check(t, e.Encode(got))
	if *update {
		check(t, os.WriteFile(path, b.Bytes(), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	check(t, err)
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (go test ./events -update writes it anew):\n%s", path, diff)
	}
}

func TestEveryFunctionHasEvents(t *testing.T) {
	files := eventFiles(t)
	for _, f := range config.Functions {
		sources := map[string]bool{"http": len(f.Routes) > 0, "queue": f.Queue != "", "timer": f.Timer != "", "stream": f.Stream, "socket": f.Socket}
		for file, event := range files {
			if strings.HasPrefix(file, f.Name+".") {
				delete(sources, sourceOf(t, event))
			}
		}
		for source, wired := range sources {
			if wired {
				t.Errorf("%s has no event of its %s", f.Name, source)
			}
		}
	}
	golden, err := filepath.Glob("golden/*.json")
	check(t, err)
	for _, path := range golden {
		if _, ok := files[strings.TrimSuffix(filepath.Base(path), ".json")]; !ok {
			t.Errorf("%s is of no event", path)
		}
	}
}

// sourceOf tells who sends such an event.
func sourceOf(t *testing.T, event []byte) string {
	t.Helper()
	var e struct {
		RequestContext struct {
			ConnectionID string `json:"connectionId"`
		} `json:"requestContext"`
		RouteKey string `json:"routeKey"`
		Records  []struct {
			EventSource string `json:"eventSource"`
		} `json:"Records"`
	}
	check(t, json.Unmarshal(event, &e))
	switch {
	case e.RequestContext.ConnectionID != "":
		return "socket"
	case e.RouteKey != "":
		return "http"
	case len(e.Records) > 0:
		return map[string]string{"aws:sqs": "queue", "aws:dynamodb": "stream"}[e.Records[0].EventSource]
	default:
		return "timer"
	}
}

// TestRoutesOfEventsAreWired holds each HTTP event's route against its function's row.
func TestRoutesOfEventsAreWired(t *testing.T) {
	for name, event := range eventFiles(t) {
		if sourceOf(t, event) != "http" {
			continue
		}
		w := world{t: t}
		if route := requestOf(t, event).RouteKey; !slices.Contains(w.function(name).Routes, route) {
			t.Errorf("%s.json: %s is none of the function's routes", name, route)
		}
	}
}

func TestForeignEvent(t *testing.T) {
	w := newWorld(t)
	f := w.function("transfer")
	_, err := cloud.Handle(t.Context(), f, w.host(f), eventFiles(t)["media.image"])
	if !desk.Is(err, desk.Invalid) {
		t.Errorf("got %v", err)
	}
}
