package main

import (
	"context"
	"flag"
	"fmt"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

// onStage is the flag by which an operator's command acts on a deployed desk.
func onStage(f *flag.FlagSet, stage *string) {
	f.StringVar(stage, "stage", "", "act on the desk deployed to AWS as this `stage`, dev or prod, instead of the local one")
}

// stageHelp is what commands with the flag say of it.
const stageHelp = `With -stage it acts on the desk on AWS, with the credentials and the region of the
shell (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION;
of a profile: eval "$(aws configure export-credentials --format env)").
AWS_ENDPOINT_URL names an emulator.`

// openStage finds the deployed desk of a stage.
func openStage(ctx context.Context, stage string) (*cloud.Client, *cloud.Stack, error) {
	if stage != "dev" && stage != "prod" {
		return nil, nil, fmt.Errorf("-stage %q: want dev or prod: %w", stage, errUsage)
	}
	access, err := config.LoadAWS()
	if err != nil {
		return nil, nil, fmt.Errorf("%w; see relevo account create --help", err)
	}
	client := cloud.NewClient(access)
	stack, err := cloud.FindStack(ctx, client, stage)
	if desk.Is(err, desk.NotFound) {
		return nil, nil, fmt.Errorf("%w: run make deploy STAGE=%s MAIL=… first", err, stage)
	}
	return client, stack, err
}

// settingsQueue gives the queues to which settings send jobs, as the function admin does: an agent who is available is given
// the customers that wait for him once he is saved.
func settingsQueue(ctx context.Context, client *cloud.Client, stack *cloud.Stack) (*cloud.Queue, error) {
	const admin = "admin"
	env, err := stack.Settings(ctx, admin)
	if err != nil {
		return nil, err
	}
	addresses := map[string]string{}
	for _, row := range config.Functions {
		if row.Name == admin {
			for _, queue := range row.Needs.Queues {
				addresses[queue] = env[config.QueueEnv(queue)]
			}
		}
	}
	return cloud.NewQueue(client, addresses), nil
}
