package main

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

func accountCommand() command {
	var o accountOptions
	return command{
		name: "account create", summary: "Make an account and its administrator, sign-in included",
		help: `Without -stage it writes to the data folder, and the desk must not run meanwhile. At
the desk's own sign-in page the account is demo; with RELEVO_ISSUER set, -subject is
the administrator's subject there ("sub" of his tokens).

` + stageHelp + `
The administrator becomes a user of the stack's user pool, and Cognito mails him a
temporary password, once more with each repeat until he has signed in. With -password
nothing is mailed: a lasting password is read from standard input.

Harmless to repeat: what is there stays as people made it. The sign-in of an
administrator who is there already is set anew.`,
		flags: func(f *flag.FlagSet) {
			onStage(f, &o.stage)
			f.StringVar(&o.email, "email", "", "the administrator's e-mail `address`")
			f.StringVar(&o.person, "person", "", "his name (default: of the address)")
			f.StringVar(&o.name, "name", "", "the account's `name`, as of the company")
			f.StringVar(&o.zone, "zone", "UTC", "its time `zone`, such as America/Bogota")
			f.StringVar(&o.language, "language", "en", "its language: en, es or pt-BR")
			f.StringVar(&o.account, "account", "", "its `id`, which stands in addresses of webhooks (default main; demo at the desk's own sign-in page)")
			f.StringVar(&o.subject, "subject", "", "the administrator's `subject` at RELEVO_ISSUER")
			f.BoolVar(&o.password, "password", false, "read a lasting password from standard input")
		},
		run: func(ctx context.Context, out io.Writer, args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			if o.stage != "" {
				return createOnStage(ctx, out, o, os.Stdin)
			}
			return createHere(ctx, out, o)
		},
	}
}

// accountOptions are the command's flags.
type accountOptions struct {
	stage, email, person, name, zone, language, account, subject string
	password                                                     bool
}

var accountID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// settings are the account and its administrator; an error names the flag to blame. The sign-in is still to come.
func (o accountOptions) settings() (desk.Account, desk.Agent, error) {
	days := []desk.Span{{From: 9 * 60, To: 18 * 60}}
	account := desk.Account{ID: desk.AccountID(o.account), Name: o.name, TimeZone: o.zone, Language: o.language, AfterClose: desk.KeepAssignee,
		Hours: desk.OpeningHours{nil, days, days, days, days, days, nil}}
	local, _, _ := strings.Cut(o.email, "@")
	agent := desk.Agent{Name: cmp.Or(o.person, local), Email: o.email, Role: desk.Administrator, Capacity: 10, Language: o.language}
	switch {
	case o.email == "":
		return account, agent, fmt.Errorf("-email is missing: %w", errUsage)
	case o.name == "":
		return account, agent, fmt.Errorf("-name is missing: %w", errUsage)
	case !accountID.MatchString(o.account):
		return account, agent, fmt.Errorf("-account %q: want at most 40 lower-case letters, digits and dashes: %w", o.account, errUsage)
	}
	var err error
	if agent.Email, err = desk.EmailAddress("email", o.email); err != nil {
		return account, agent, fmt.Errorf("-email %q is no address: %w", o.email, errUsage)
	}
	for _, setting := range []desk.Setting{account, agent} {
		if err := setting.Validate(); err != nil {
			return account, agent, fmt.Errorf("%w: %w", err, errUsage)
		}
	}
	return account, agent, nil
}

// founder is who the audit trail says has made the account.
func founder(account desk.AccountID) desk.Who {
	return desk.Who{Account: account, Actor: desk.System, Role: desk.Administrator}
}

// createHere makes the account in the data folder.
func createHere(ctx context.Context, out io.Writer, o accountOptions) (err error) {
	if o.password {
		return fmt.Errorf("-password goes with -stage: %w", errUsage)
	}
	cfg, err := config.LoadLocal()
	if err != nil {
		return err
	}
	own := cfg.Issuer == ""
	o.account = cmp.Or(o.account, map[bool]string{true: string(demo), false: "main"}[own])
	account, agent, err := o.settings()
	switch {
	case err != nil:
		return err
	case own && account.ID != demo:
		return fmt.Errorf("-account %s: the desk's own sign-in page knows the account %s only; set %s, or leave it out: %w", account.ID, demo, config.EnvIssuer, errUsage)
	case own && o.subject != "":
		return fmt.Errorf("-subject is for an issuer of yours: set %s: %w", config.EnvIssuer, errUsage)
	case !own && o.subject == "":
		return fmt.Errorf("-subject is missing: the administrator's at %s: %w", cfg.Issuer, errUsage)
	}
	file, err := openFile(cfg)
	if err != nil {
		return err
	}
	h, err := furnish(file, cfg, cfg.PublicURL, "http://"+cfg.DownloadsAddr, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return errors.Join(err, file.Abandon())
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	said, err := found(ctx, h.desk, h.secrets, account, agent, func(context.Context) (login, error) {
		return login{issuer: h.issuerName(), subject: cmp.Or(o.subject, agent.Email)}, nil
	})
	if desk.Is(err, desk.Unavailable) {
		return dataFault(cfg, err)
	}
	if err != nil {
		return err
	}
	said.print(out)
	say(out, "Start the desk with relevo run --empty and sign in at %s/.\n", cfg.PublicURL)
	return nil
}

// founded tells what found did, a line each.
type founded []string

func (f founded) print(out io.Writer) {
	for _, line := range f {
		say(out, "%s\n", line)
	}
}

// login is how the administrator signs in.
type login struct {
	issuer, subject string
	told            string // how he comes to his password; "" where there is nothing to tell

	settle func(context.Context) error // what is done once the sign-in is his, such as a change of his password; nil: nothing
}

// found puts what the account lacks: itself, the key of its visitors' tokens, its administrator. signUp finds or makes his
// sign-in; one that is there is changed at the very end, by its settle, so that no refusal has changed a password.
func found(ctx context.Context, d *desk.Desk, secrets desk.Secrets, account desk.Account, agent desk.Agent,
	signUp func(context.Context) (login, error),
) (founded, error) {
	who := founder(account.ID)
	settings, err := d.Settings(ctx, account.ID)
	if err != nil {
		return nil, err
	}
	known, there, err := knownAdministrator(settings, agent.Email)
	if err != nil {
		return nil, err
	}
	said := founded{fmt.Sprintf("The account %s (%s) is there already and stays as it is.", account.ID, settings.Account.Name)}
	if settings.Account.ID == "" {
		said[0] = fmt.Sprintf("The account %s (%s) is made: %s, open Monday to Friday 9 to 18 until the settings say otherwise.", account.ID, account.Name, account.TimeZone)
		if err := d.SaveSetting(ctx, who, account); err != nil {
			return nil, err
		}
	}
	if err := foundKey(ctx, secrets, account.ID); err != nil {
		return nil, err
	}
	if agent.ID, err = administratorID(d, who, agent.Email); err != nil {
		return nil, err
	}
	done := "is made, with his sign-in"
	if there {
		agent, done = known, "is there already; his sign-in is set"
	}
	as, err := signUp(ctx)
	if err != nil {
		return nil, fmt.Errorf("the sign-in of %s: %w", agent.Email, err)
	}
	agent.Issuer, agent.Subject = as.issuer, as.subject
	if err := d.SaveSetting(ctx, who, agent); err != nil {
		if desk.Is(err, desk.Conflict) {
			err = fmt.Errorf("the sign-in of %s belongs to another agent, maybe of another account: %w", agent.Email, err)
		}
		return nil, err
	}
	if as.settle != nil {
		if err := as.settle(ctx); err != nil {
			return nil, fmt.Errorf("the sign-in of %s: %w", agent.Email, err)
		}
	}
	said = append(said, fmt.Sprintf("The administrator %s (%s) %s.", agent.Name, agent.Email, done))
	if as.told != "" {
		said = append(said, as.told)
	}
	return said, nil
}

// knownAdministrator finds who has the address already; one who is no administrator is refused.
func knownAdministrator(settings *desk.Settings, email string) (desk.Agent, bool, error) {
	for _, known := range settings.Agents {
		if known.Deleted || !strings.EqualFold(known.Email, email) {
			continue
		}
		if known.Role != desk.Administrator {
			return known, true, fmt.Errorf("%s is in the account already as %s: an administrator changes that in the settings", known.Email, known.Role)
		}
		return known, true, nil
	}
	return desk.Agent{}, false, nil
}

// administratorID is the same for every repeat.
func administratorID(d *desk.Desk, who desk.Who, email string) (desk.AgentID, error) {
	sum := sha256.Sum256([]byte(strings.ToLower(email)))
	id, err := d.NewSettingID(who, desk.AgentSetting, hex.EncodeToString(sum[:]))
	return desk.AgentID(id), err
}

// foundKey makes the key that signs visitors' tokens, unless the account has one.
func foundKey(ctx context.Context, secrets desk.Secrets, account desk.AccountID) error {
	_, err := secrets.Secret(ctx, account, config.VisitorKey)
	if desk.Is(err, desk.NotFound) {
		err = secrets.SetSecret(ctx, account, config.VisitorKey, visitorKey(time.Now()))
	}
	if err != nil {
		return fmt.Errorf("the key of visitors' tokens: %w", err)
	}
	return nil
}

// visitorKey makes a key for visitors' tokens, which tells when it was made, with 260 random bits: RFC 7518 asks for 256.
func visitorKey(at time.Time) string { return desk.StampedSecret("key", at) + rand.Text() }

// readPassword reads one line.
func readPassword(from io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(from, 1024)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", fmt.Errorf("-password: there is none on standard input: %w", errUsage)
	}
	return line, nil
}
