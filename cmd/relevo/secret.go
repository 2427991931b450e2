package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// secretOptions are the command's flags.
type secretOptions struct {
	stage, account string
	rotate, remove bool
}

func secretCommand() command {
	var o secretOptions
	return command{
		name: "secret", args: "<name>", summary: "Put, rotate or remove a secret; values come from standard input",
		help: `The names are whatsapp/<inbox>/app-secret, whatsapp/<inbox>/verify-token,
whatsapp/<inbox>/access-token (the console's settings of the inbox show them) and
visitor-key. A line is a value, the newest first, and these replace what is there.

-rotate puts one new value before the newest that is there, which stays good beside it;
once all use the new one, put it alone. For visitor-key it makes the value itself and
nothing more is to be done: the new key signs after 20 minutes, and the old one is
good for a day. -remove removes the secret; nothing else does.

Without -stage the desk must not run meanwhile. Warm functions of a deployed desk see
a new value within a quarter of an hour.

` + stageHelp,
		flags: func(f *flag.FlagSet) {
			onStage(f, &o.stage)
			f.StringVar(&o.account, "account", "", "the account's `id` (default demo, with -stage main)")
			f.BoolVar(&o.rotate, "rotate", false, "put one new value before the one that is there")
			f.BoolVar(&o.remove, "remove", false, "remove the secret")
		},
		run: func(ctx context.Context, out io.Writer, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("name one secret: %w", errUsage)
			}
			return changeSecret(ctx, out, os.Stdin, o, args[0])
		},
	}
}

// safe is where the secrets of a desk lie, local or deployed.
type safe interface {
	desk.Secrets
	RemoveSecret(ctx context.Context, account desk.AccountID, name string) error
}

func changeSecret(ctx context.Context, out io.Writer, in io.Reader, o secretOptions, name string) (err error) {
	inbox, known := knownSecret(name)
	switch {
	case !known:
		return fmt.Errorf("%q is no secret of the product; see relevo secret --help: %w", name, errUsage)
	case o.rotate && o.remove:
		return fmt.Errorf("-rotate and -remove exclude each other: %w", errUsage)
	}
	var values []string
	if makes := o.rotate && name == config.VisitorKey; !o.remove && !makes {
		if values, err = lines(in); err != nil {
			return fmt.Errorf("read the values: %w", err)
		}
		if len(values) == 0 || o.rotate && len(values) > 1 {
			return fmt.Errorf("%d values on standard input: want one a line, with -rotate a single one; -remove removes the secret: %w", len(values), errUsage)
		}
	}
	secrets, books, done, err := openSafe(ctx, o.stage)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	account := desk.AccountID(cmp.Or(o.account, map[bool]string{true: string(demo), false: "main"}[o.stage == ""]))
	if !o.remove { // the secrets of what is no more may go
		if err := secretBelongs(ctx, books, account, inbox); err != nil {
			return err
		}
	}
	switch {
	case o.remove:
		if err := secrets.RemoveSecret(ctx, account, name); err != nil {
			return err
		}
		say(out, "%s of the account %s is removed.\n", name, account)
		return nil
	case o.rotate:
		if values, err = rotated(ctx, secrets, account, name, values); err != nil {
			return err
		}
	}
	if err := secrets.SetSecret(ctx, account, name, values...); err != nil {
		return err
	}
	say(out, "%s of the account %s has %s now.\n", name, account, map[bool]string{true: "one value", false: fmt.Sprintf("%d values, the newest first,", len(values))}[len(values) == 1])
	return nil
}

// rotated gives the values of a secret with a new one before its newest.
func rotated(ctx context.Context, secrets desk.Secrets, account desk.AccountID, name string, values []string) ([]string, error) {
	before, err := secrets.Secret(ctx, account, name)
	if err != nil {
		return nil, fmt.Errorf("there is nothing to rotate: %w", err)
	}
	if name == config.VisitorKey {
		made := desk.SecretMade(before[0])
		if until := made.Add(api.VisitorKeyOverlap); len(before) > 1 && time.Now().Before(until) {
			return nil, desk.Errorf(desk.Conflict, "the key was rotated at %s already, and the one before it is good until %s: rotate again then, or put another value alone if it leaked",
				made.UTC().Format(time.RFC3339), until.UTC().Format(time.RFC3339))
		}
		values = []string{visitorKey(time.Now())}
	}
	if values[0] == before[0] {
		return before, nil // a repeat
	}
	return []string{values[0], before[0]}, nil
}

// openSafe opens the secrets and the books of the local desk, which must not run, or of a stage.
func openSafe(ctx context.Context, stage string) (safe, *store.Store, func() error, error) {
	if stage != "" {
		client, stack, err := openStage(ctx, stage)
		if err != nil {
			return nil, nil, nil, err
		}
		return cloud.NewSecrets(client, stack.SecretPrefix(), time.Now), store.New(client.Table(stack.Output("TableName")), time.Now), func() error { return nil }, nil
	}
	cfg, err := config.LoadLocal()
	if err != nil {
		return nil, nil, nil, err
	}
	file, err := openFile(cfg)
	if err != nil {
		return nil, nil, nil, err
	}
	return file.Secrets(), store.New(file.Table(), time.Now), file.Close, nil
}

// secretBelongs refuses a secret of nothing: of an account that is not there, or of an inbox that is none of WhatsApp.
func secretBelongs(ctx context.Context, books *store.Store, account desk.AccountID, inbox desk.InboxID) error {
	settings, err := books.Account(account).Settings(ctx)
	if err != nil {
		return err
	}
	if settings.Account.ID == "" {
		return desk.Errorf(desk.NotFound, "there is no account %s: relevo account create makes one", account)
	}
	if of, there := settings.Inboxes[inbox]; inbox == "" || there && of.Channel == desk.WhatsApp && !of.Deleted {
		return nil
	}
	var others []string
	for _, id := range slices.Sorted(maps.Keys(settings.Inboxes)) {
		if of := settings.Inboxes[id]; of.Channel == desk.WhatsApp && !of.Deleted {
			others = append(others, fmt.Sprintf("%s (%s)", id, of.Name))
		}
	}
	if len(others) == 0 {
		return desk.Errorf(desk.NotFound, "the account %s has no WhatsApp inbox: make one in the console's settings", account)
	}
	return desk.Errorf(desk.NotFound, "the account %s has no WhatsApp inbox %s, but %s", account, inbox, strings.Join(others, ", "))
}

// knownSecret reports whether the product reads a secret of that name, and of which inbox; "" for the account's own.
func knownSecret(name string) (desk.InboxID, bool) {
	for _, pattern := range []string{config.VisitorKey, config.WhatsAppSecret, config.WhatsAppVerify, config.WhatsAppAccess} {
		before, after, wild := strings.Cut(pattern, "*")
		inner, begins := strings.CutPrefix(name, before)
		inner, ends := strings.CutSuffix(inner, after)
		if !wild && name == pattern || wild && begins && ends && inner != "" && !strings.Contains(inner, "/") {
			return desk.InboxID(inner), true
		}
	}
	return "", false
}

// lines reads the lines that are not empty.
func lines(from io.Reader) ([]string, error) {
	var found []string
	scan := bufio.NewScanner(from)
	for scan.Scan() {
		if line := strings.TrimSpace(scan.Text()); line != "" {
			found = append(found, line)
		}
	}
	return found, scan.Err()
}
