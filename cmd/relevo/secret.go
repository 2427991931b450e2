package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

func secretCommand() command {
	var stage, account string
	return command{
		name: "secret", args: "<name>", summary: "Put a secret in place, read from standard input",
		help: `A line is a value, the newest first: during a rotation there are two. No line removes
the secret. The names are whatsapp/<inbox>/app-secret, whatsapp/<inbox>/verify-token,
whatsapp/<inbox>/access-token and visitor-key. Without -stage the desk must not run
meanwhile. Warm functions of a deployed desk see a new value within a quarter of an hour.

` + stageHelp,
		flags: func(f *flag.FlagSet) {
			onStage(f, &stage)
			f.StringVar(&account, "account", "", "the account's `id` (default demo, with -stage main)")
		},
		run: func(ctx context.Context, out io.Writer, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("name one secret: %w", errUsage)
			}
			values, err := lines(os.Stdin)
			if err != nil {
				return fmt.Errorf("read the values: %w", err)
			}
			if stage != "" {
				return putStageSecret(ctx, out, stage, desk.AccountID(cmp.Or(account, "main")), args[0], values)
			}
			return putSecret(ctx, out, desk.AccountID(cmp.Or(account, string(demo))), args[0], values)
		},
	}
}

// putSecret replaces the values of a secret in the data folder.
func putSecret(ctx context.Context, out io.Writer, account desk.AccountID, name string, values []string) (err error) {
	if !knownSecret(name) {
		return fmt.Errorf("%q is no secret of the product: %w", name, errUsage)
	}
	cfg, err := config.LoadLocal()
	if err != nil {
		return err
	}
	file, err := openFile(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := file.Secrets().SetSecret(ctx, account, name, values...); err != nil {
		return err
	}
	say(out, "%s has %d values now.\n", name, len(values))
	return nil
}

// putStageSecret replaces the values of a secret of a deployed desk.
func putStageSecret(ctx context.Context, out io.Writer, stage string, account desk.AccountID, name string, values []string) error {
	switch {
	case !knownSecret(name):
		return fmt.Errorf("%q is no secret of the product: %w", name, errUsage)
	case len(values) == 0:
		return fmt.Errorf("on AWS a secret is not removed by giving none: delete its parameter: %w", errUsage)
	}
	client, stack, err := openStage(ctx, stage)
	if err != nil {
		return err
	}
	if err := cloud.NewSecrets(client, stack.SecretPrefix(), time.Now).SetSecret(ctx, account, name, values...); err != nil {
		return err
	}
	say(out, "%s of the account %s has %d values now.\n", name, account, len(values))
	return nil
}

// knownSecret reports whether the product reads a secret of that name.
func knownSecret(name string) bool {
	for _, pattern := range []string{config.VisitorKey, config.WhatsAppSecret, config.WhatsAppVerify, config.WhatsAppAccess} {
		before, after, wild := strings.Cut(pattern, "*")
		inner, begins := strings.CutPrefix(name, before)
		inner, ends := strings.CutSuffix(inner, after)
		if !wild && name == pattern || wild && begins && ends && inner != "" && !strings.Contains(inner, "/") {
			return true
		}
	}
	return false
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
