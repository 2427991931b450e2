package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// createOnStage makes the account in the table of a deployed desk, and its administrator also in the user pool.
func createOnStage(ctx context.Context, out io.Writer, o accountOptions, passwords io.Reader) error {
	if o.subject != "" {
		return fmt.Errorf("-subject does not go with -stage: the user pool gives it: %w", errUsage)
	}
	o.account = cmp.Or(o.account, "main")
	account, agent, err := o.settings()
	if err != nil {
		return err
	}
	password := ""
	if o.password {
		if password, err = readPassword(passwords); err != nil {
			return err
		}
	}
	client, stack, err := openStage(ctx, o.stage)
	if err != nil {
		return err
	}
	queue, err := settingsQueue(ctx, client, stack)
	if err != nil {
		return err
	}
	secrets := cloud.NewSecrets(client, stack.SecretPrefix(), time.Now)
	d := desk.New(desk.Ports{Store: store.New(client.Table(stack.Output("TableName")), time.Now), Queue: queue, Secrets: secrets,
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	said, err := found(ctx, d, secrets, account, agent, func(ctx context.Context) (login, error) {
		as, err := signUp(ctx, cloud.NewUsers(client, stack.Output("UserPoolID")), agent.Email, password)
		as.issuer = stack.Output("Issuer")
		return as, err
	})
	if err != nil {
		return err
	}
	said.print(out)
	say(out, "Sign in at %s/.\n", stack.Output("PublicURL"))
	return nil
}

// signUp makes the user unless he is there, and tells how he comes to his password. The password of one who is there, and
// the mail that invites him once more, wait until it is settled that he is the administrator.
func signUp(ctx context.Context, users *cloud.Users, email, password string) (login, error) {
	const given, mailed = "His password is the one given.", "Cognito mails him a temporary password, good for a week."
	user, err := users.Find(ctx, email)
	switch {
	case err != nil && !desk.Is(err, desk.NotFound):
		return login{}, err
	case err != nil && password != "":
		user, err = users.Create(ctx, email, password)
		return login{subject: user.Subject, told: given}, err
	case err != nil:
		user, err = users.Invite(ctx, email, false)
		return login{subject: user.Subject, told: mailed}, err
	case password != "":
		return login{subject: user.Subject, told: given, settle: func(ctx context.Context) error {
			return users.SetPassword(ctx, email, password)
		}}, nil
	case user.Invited:
		return login{subject: user.Subject, told: mailed, settle: func(ctx context.Context) error {
			_, err := users.Invite(ctx, email, true)
			return err
		}}, nil
	default:
		return login{subject: user.Subject, told: "He has a password already."}, nil
	}
}
