package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/relevo/relevo/internal/config"
)

func costCommand() command {
	return command{
		name: "cost", summary: "Reckon what the desk costs on AWS, from calls counted in a real run",
		help: `It runs a desk of its own in a temporary folder, plays web chat, WhatsApp and an
agent's work on it, counts what each would ask of AWS, and multiplies by the list
prices of us-east-1; then it takes off what every account has free each month, for
good. It needs no account and calls nobody; it takes half a minute. The targets are:
web chat $5.00 and WhatsApp $6.00 for a million messages in, $20 for a month of a
million messages in and out, $3 for a month in which nothing happens.`,
		run: func(ctx context.Context, out io.Writer, args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			bills, err := reckon(ctx)
			if err != nil {
				return err
			}
			var over []error
			for _, b := range bills {
				b.print(out)
				if b.billed() > b.target {
					over = append(over, fmt.Errorf("%s: $%.2f are billed, and the target is $%.2f", b.title, b.billed(), b.target))
				}
			}
			say(out, "%s\n", costNotes)
			return errors.Join(over...)
		},
	}
}

// reckon plays the scenarios on a desk of its own and makes the four bills.
func reckon(ctx context.Context) (bills []bill, err error) {
	folder, err := os.MkdirTemp("", "relevo-cost-")
	if err != nil {
		return nil, fmt.Errorf("a folder for the desk: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	cfg := config.Local{Addr: "127.0.0.1:0", DownloadsAddr: "127.0.0.1:0", PublicURL: "http://127.0.0.1:0", Data: folder, Audience: "relevo", MaxAttachment: 1 << 20}
	g, err := openGateway(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	g.ledger = newLedger(g.house)
	if _, err := g.seed(ctx); err != nil {
		return nil, errors.Join(err, g.Close())
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- g.Run(running) }()
	played, err := play(ctx, g)
	stop()
	if err := errors.Join(err, <-ended, g.Close()); err != nil {
		return nil, err
	}
	return []bill{
		{title: "A million messages in, web chat", target: 5, lines: variable(played.web, million)},
		{title: "A million messages in, WhatsApp", target: 6, lines: variable(played.phone, million)},
		{title: "A month of a million messages, in and out, half web chat and half WhatsApp", target: 20, lines: month(played)},
		{title: "A month in which nothing happens", target: 3, lines: standing()},
	}, nil
}
