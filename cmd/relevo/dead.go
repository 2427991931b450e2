package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// deadLetter is work that failed too often, of either host.
type deadLetter struct {
	Queue  string          `json:"queue"`
	ID     string          `json:"id"`
	At     time.Time       `json:"at"`               // local: when it was given up; on AWS: when it was sent
	Reason string          `json:"reason,omitempty"` // local only
	Body   json.RawMessage `json:"body"`
}

// pile counts the dead letters of one queue.
type pile struct {
	Queue string `json:"queue"`
	Count int    `json:"count"`
}

// graveyard holds a desk's dead letters: a stopped desk's in its file, a running one's behind its local door, a deployed
// one's in SQS.
type graveyard interface {
	piles(ctx context.Context) ([]pile, error)
	letters(ctx context.Context, queue string, limit int) ([]deadLetter, error)
	// redrive puts the letters of a queue back to work, or the one of an id, and tells how many.
	redrive(ctx context.Context, queue, id string) (int, error)
	Close() error
}

const deadHelp = `It asks the running desk, or opens the data folder of a stopped one.

` + stageHelp

func deadCommands() []command {
	var stage string
	var body, all bool
	limit := 20
	act := func(do func(ctx context.Context, out io.Writer, g graveyard, args []string) error) func(context.Context, io.Writer, []string) error {
		return func(ctx context.Context, out io.Writer, args []string) error {
			g, err := openGraveyard(ctx, stage)
			if err != nil {
				return err
			}
			return errors.Join(do(ctx, out, g, args), g.Close())
		}
	}
	return []command{
		{
			name: "dead-letters list", summary: "Count what failed for good, by queue", help: deadHelp,
			flags: func(f *flag.FlagSet) { onStage(f, &stage) },
			run: func(ctx context.Context, out io.Writer, args []string) error {
				if err := noArgs(args); err != nil {
					return err
				}
				return act(listDead)(ctx, out, args)
			},
		},
		{
			name: "dead-letters show", args: "<queue>", summary: "Show what failed for good, without customers' text",
			help: `The ids of what a letter is about are shown; -body shows all of it, customers' text
included. On AWS a letter's id is the request_id in the log of its function, which
tells why it failed. ` + deadHelp,
			flags: func(f *flag.FlagSet) {
				onStage(f, &stage)
				f.BoolVar(&body, "body", false, "show whole bodies, customers' text included")
				f.IntVar(&limit, "limit", limit, "the most letters to show")
			},
			run: func(ctx context.Context, out io.Writer, args []string) error {
				if len(args) != 1 || limit < 1 {
					return fmt.Errorf("name one queue: %w", errUsage)
				}
				return act(func(ctx context.Context, out io.Writer, g graveyard, args []string) error {
					return showDead(ctx, out, g, args[0], limit, body)
				})(ctx, out, args)
			},
		},
		{
			name: "dead-letters redrive", args: "<queue> [<id>]", summary: "Put what failed back to work",
			help: `All letters of the queue, or the one of the id; -all takes every queue. Each has its
tries again, and lies here again if it fails as before: mend the cause first.
` + deadHelp,
			flags: func(f *flag.FlagSet) { onStage(f, &stage); f.BoolVar(&all, "all", false, "redrive every queue") },
			run: func(ctx context.Context, out io.Writer, args []string) error {
				if all != (len(args) == 0) || len(args) > 2 {
					return fmt.Errorf("name one queue, and one letter of it if you like, or say -all: %w", errUsage)
				}
				return act(redriveDead)(ctx, out, args)
			},
		},
	}
}

func listDead(ctx context.Context, out io.Writer, g graveyard, _ []string) error {
	piles, err := g.piles(ctx)
	if err != nil {
		return err
	}
	sum := 0
	for _, p := range piles {
		say(out, "%7d  %s\n", p.Count, p.Queue)
		sum += p.Count
	}
	if sum == 0 {
		say(out, "There are no dead letters.\n")
	}
	return nil
}

func showDead(ctx context.Context, out io.Writer, g graveyard, queue string, limit int, body bool) error {
	letters, err := g.letters(ctx, queue, limit)
	if err != nil {
		return err
	}
	if len(letters) == 0 {
		say(out, "There are no dead letters of %s.\n", queue)
	}
	for _, letter := range letters {
		say(out, "%s\n  at      %s\n", letter.ID, letter.At.UTC().Format(time.RFC3339))
		if reason, _, _ := strings.Cut(letter.Reason, "\n"); reason != "" {
			say(out, "  reason  %s\n", reason)
		}
		if about := about(letter.Body); about != "" {
			say(out, "  about   %s\n", about)
		}
		say(out, "  size    %d bytes\n", len(letter.Body))
		if body {
			say(out, "  body    %s\n", letter.Body)
		}
	}
	return nil
}

func redriveDead(ctx context.Context, out io.Writer, g graveyard, args []string) error {
	if len(args) > 0 {
		id := ""
		if len(args) == 2 {
			id = args[1]
		}
		n, err := g.redrive(ctx, args[0], id)
		say(out, "%d put back to work from the dead letters of %s.\n", n, args[0])
		return err
	}
	piles, err := g.piles(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, p := range piles {
		if p.Count == 0 {
			continue
		}
		n, err := g.redrive(ctx, p.Queue, "")
		say(out, "%d put back to work from the dead letters of %s.\n", n, p.Queue)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", p.Queue, err))
		}
	}
	if !slices.ContainsFunc(piles, func(p pile) bool { return p.Count > 0 }) {
		say(out, "There are no dead letters.\n")
	}
	return errors.Join(failed...)
}

// The parts of a letter's body that may be shown: ids, never what somebody wrote. inner are those that hold others.
var (
	shown = []string{"Account", "Conversation", "Message", "Department", "Inbox", "Index", "Kind", "ExternalID", "Due", "name", "id", "at", "pk", "sk",
		"eventType", "messageId", "condition", "functionError", "shardId", "startSequenceNumber", "endSequenceNumber", "batchSize"}
	inner = []string{"body", "mail", "requestPayload", "requestContext", "responseContext", "DDBStreamBatchInfo"}
)

// about tells the ids in a body.
func about(body json.RawMessage) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return ""
	}
	var parts []string
	for _, name := range shown {
		var value any
		if json.Unmarshal(fields[name], &value) != nil || value == nil {
			continue
		}
		switch value.(type) {
		case string, float64:
			parts = append(parts, fmt.Sprintf("%s=%v", strings.ToLower(name), value))
		}
	}
	for _, name := range inner {
		if part := about(fields[name]); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}
