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
	user, told, err := signUp(ctx, cloud.NewUsers(client, stack.Output("UserPoolID")), agent.Email, password)
	if err != nil {
		return fmt.Errorf("the sign-in of %s: %w", agent.Email, err)
	}
	agent.Issuer, agent.Subject = stack.Output("Issuer"), user.Subject
	secrets := cloud.NewSecrets(client, stack.SecretPrefix(), time.Now)
	d := desk.New(desk.Ports{Store: store.New(client.Table(stack.Output("TableName")), time.Now), Secrets: secrets,
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	said, err := found(ctx, d, secrets, account, agent)
	if err != nil {
		return err
	}
	append(said, told).print(out)
	say(out, "Sign in at %s/.\n", stack.Output("PublicURL"))
	return nil
}

// signUp makes the user unless he is there, and tells how he comes to his password.
func signUp(ctx context.Context, users *cloud.Users, email, password string) (cloud.User, string, error) {
	user, err := users.Find(ctx, email)
	there := err == nil
	switch {
	case err != nil && !desk.Is(err, desk.NotFound):
		return user, "", err
	case there && password != "":
		return user, "His password is the one given.", users.SetPassword(ctx, email, password)
	case password != "":
		user, err = users.Create(ctx, email, password)
		return user, "His password is the one given.", err
	case there && !user.Invited:
		return user, "He has a password already.", nil
	default:
		user, err = users.Invite(ctx, email, there)
		return user, "Cognito mails him a temporary password, good for a week.", err
	}
}
