package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"

	"github.com/relevo/relevo/internal/config"
)

func runCommand() command {
	var empty, verbose bool
	return command{
		name: "run", summary: "Run the desk in this process, with a demo account",
		help: `The desk listens on RELEVO_ADDR (127.0.0.1:8080) and serves attachments on
RELEVO_DOWNLOADS_ADDR (127.0.0.1:8081). Everything it knows lies in RELEVO_DATA
(./.relevo); remove that folder to begin anew. Ctrl+C ends it; so may kill -9,
at any moment: nothing that was acknowledged is lost.`,
		flags: func(f *flag.FlagSet) {
			f.BoolVar(&empty, "empty", false, "Begin without the demo account.")
			f.BoolVar(&verbose, "verbose", false, "Log every request, too.")
		},
		run: func(ctx context.Context, out io.Writer, args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			cfg, err := config.LoadLocal()
			if err != nil {
				return err
			}
			return runDesk(ctx, out, cfg, empty, newLog(os.Stderr, verbose))
		},
	}
}

// newLog logs as text, what is wrong only unless verbose.
func newLog(to io.Writer, verbose bool) *slog.Logger {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{Level: level}))
}

// gcPercent lets the heap grow to five times what is in use before it is collected: in the bench that costs 20 MiB of
// memory and saves a seventh of the CPU. GOGC in the environment wins.
const gcPercent = 400

// runDesk runs a desk until ctx ends.
func runDesk(ctx context.Context, out io.Writer, cfg config.Local, empty bool, log *slog.Logger) error {
	slog.SetDefault(log)
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	g, err := openGateway(cfg, log)
	if err != nil {
		return err
	}
	if !empty {
		if _, err := g.seed(ctx); err != nil {
			return errors.Join(fmt.Errorf("seed the demo account: %w", dataFault(cfg, err)), g.abandon())
		}
	}
	g.greet(out, empty)
	return errors.Join(g.Run(ctx), g.Close())
}

// greet tells what there is to open.
func (g *gateway) greet(out io.Writer, empty bool) {
	say(out, "Relevo runs on %s\n\n", g.public)
	say(out, "  %s/          the agents' page%s\n", g.public, g.signInHint(empty))
	say(out, "  %s/demo      a shop with the web chat: write \"Hola\" as a customer\n", g.public)
	if g.loopback {
		if g.phone != nil {
			say(out, "  %s/phone     a WhatsApp phone in front of the desk\n", g.public)
		}
		say(out, "  %s/mailbox   every mail that the desk sent\n", g.public)
	}
	say(out, "\nIts data lies in %s. Ctrl+C ends it.\n", g.cfg.Data)
}

func (g *gateway) signInHint(empty bool) string {
	switch {
	case g.issuer == nil:
		return ", signed in by " + g.cfg.Issuer
	case empty:
		return g.emptyHint()
	default:
		return ": sign in as ana, otto, ines, luis or vera (no password)"
	}
}

// emptyHint tells who can sign in where no demo account was put.
func (g *gateway) emptyHint() string {
	people, err := g.people(context.Background())
	if err != nil || len(people) == 0 {
		return "; nobody can sign in yet: see relevo account create --help"
	}
	return ": sign in as " + people[0].Name + " (no password)"
}
