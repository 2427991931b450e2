package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

// bootstrapNeeded is the oldest version of the CDK's bootstrap that takes the stack, as the template itself asks.
const bootstrapNeeded = 6

func readyCommand() command {
	var d config.Deployment
	return command{
		name: "ready", args: "deploy|diff|destroy", summary: "Look whether a stage can be deployed from here",
		help: `It looks at the words of make deploy, at the keys and the region of the shell, at the
CDK's bootstrap, and at the state of the stack, and says what to do. It changes
nothing. make deploy, make diff and make destroy ask it before anything is built.

` + stageHelp,
		flags: func(f *flag.FlagSet) {
			onStage(f, &d.Stage)
			f.StringVar(&d.Mail, "mail", "", "the `address` that mail comes from")
			f.StringVar(&d.Public, "public", "", "the desk's `address`, where it is not CloudFront's own")
			f.StringVar(&d.Certificate, "certificate", "", "the `ARN` of the certificate for it")
			f.StringVar(&d.Alarms, "alarms", "", "the `address` that is told of alarms")
		},
		run: func(ctx context.Context, out io.Writer, args []string) error {
			if len(args) != 1 || !slices.Contains([]string{"deploy", "diff", "destroy"}, args[0]) {
				return fmt.Errorf("say what for: deploy, diff or destroy: %w", errUsage)
			}
			if err := ready(ctx, args[0], d); err != nil {
				return err
			}
			say(out, "This shell can %s relevo-%s.\n", args[0], d.Stage)
			return nil
		},
	}
}

// ready refuses what AWS would refuse minutes later, or in words that help nobody.
func ready(ctx context.Context, act string, d config.Deployment) error {
	if err := d.Check(); err != nil {
		return err
	}
	client, err := openAWS(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 3*findTime)
	defer cancel()
	if err := bootstrapped(ctx, client); err != nil {
		return err
	}
	stack, err := cloud.FindStack(ctx, client, d.Stage)
	switch {
	case desk.Is(err, desk.NotFound) && act == "destroy":
		return fmt.Errorf("%w: there is nothing to destroy", err)
	case err != nil && !desk.Is(err, desk.NotFound):
		return err
	}
	if why := hinders(stack.Status, act, d.Stage); why != "" {
		return fmt.Errorf("the stack relevo-%s is in the state %s: %s", d.Stage, stack.Status, why)
	}
	if act != "deploy" {
		return nil
	}
	return ownMail(ctx, client, d)
}

// bootstrapped looks for what the CDK deploys with.
func bootstrapped(ctx context.Context, client *cloud.Client) error {
	const again = "localstack/node_modules/.bin/cdk bootstrap aws://<account>/<region>"
	made, err := cloud.FindBootstrap(ctx, client)
	if desk.Is(err, desk.NotFound) {
		return fmt.Errorf("the CDK's bootstrap is missing in this account and region: run npm ci --prefix localstack, then %s", again)
	}
	if err != nil {
		return err
	}
	if why := unusable(made.Status); why != "" {
		return fmt.Errorf("the CDK's bootstrap is of no use, its stack CDKToolkit is in the state %s: delete that stack in CloudFormation, then run %s", made.Status, again)
	}
	version, err := strconv.Atoi(made.Output("BootstrapVersion"))
	if err != nil || version < bootstrapNeeded {
		return fmt.Errorf("the CDK's bootstrap in this account and region is of version %q, and the stack needs %d or newer: run %s", made.Output("BootstrapVersion"), bootstrapNeeded, again)
	}
	return nil
}

// hinders tells why an act cannot be done with a stack in a state, and what to do; "" if it can. The CDK itself clears away
// what is left of a first deployment that failed, unless the stack is protected.
func hinders(status, act, stage string) string {
	switch status {
	case "CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "ROLLBACK_IN_PROGRESS",
		"UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "DELETE_IN_PROGRESS":
		return "somebody deploys or destroys it just now; wait until CloudFormation is done"
	}
	if act != "deploy" {
		return ""
	}
	switch status {
	case "UPDATE_ROLLBACK_FAILED", "UPDATE_FAILED":
		return "an update failed, and going back did, too. The stack's events in CloudFormation say why: mend that, run localstack/node_modules/.bin/cdk rollback relevo-" + stage + ", then this again"
	case "CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED":
		if stage == "prod" {
			return "nothing in it works, and it is protected. Switch termination protection off in CloudFormation, delete the stack there, then run this again"
		}
	}
	return ""
}

// ownMail refuses an address of mail that the other stage of the account and region has already: CloudFormation makes an
// identity of SES for one stack only, and rolls the other back.
func ownMail(ctx context.Context, client *cloud.Client, d config.Deployment) error {
	other := map[string]string{"dev": "prod", "prod": "dev"}[d.Stage]
	stack, err := cloud.FindStack(ctx, client, other)
	if err != nil {
		if desk.Is(err, desk.NotFound) {
			return nil
		}
		return err
	}
	env, err := stack.Settings(ctx, "transcript")
	if err != nil {
		if desk.Is(err, desk.NotFound) {
			return nil // that stack is half-made: it has no say
		}
		return err
	}
	if env[config.EnvMailFrom] == d.Mail {
		return fmt.Errorf("MAIL %s is the address of the stage %s in this account and region, and an address belongs to one stage: give another one, such as %s-%s",
			d.Mail, other, d.Stage, d.Mail)
	}
	return nil
}
