package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"

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
` + keysOfProfile + `).
AWS_ENDPOINT_URL names an emulator.`

// findTime is more than AWS takes to tell of a stack; a command must not be silent for longer.
const findTime = 10 * time.Second

// openAWS gives a client with the keys of the shell, once an emulator, if one is named, is there at all.
func openAWS(ctx context.Context) (*cloud.Client, error) {
	access, err := config.LoadAWS()
	if err != nil {
		return nil, fmt.Errorf("%w: this needs a region and keys of AWS in the shell (%s)", err, keysOfProfile)
	}
	if access.EndpointURL != "" {
		if err := answersAt(ctx, access.EndpointURL); err != nil {
			return nil, err
		}
	}
	return cloud.NewClient(access), nil
}

// answersAt asks once whether something answers: the adapters would ask for half a minute.
func answersAt(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, findTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

// openStage finds the deployed desk of a stage.
func openStage(ctx context.Context, stage string) (*cloud.Client, *cloud.Stack, error) {
	if stage != "dev" && stage != "prod" {
		return nil, nil, fmt.Errorf("-stage %q: want dev or prod: %w", stage, errUsage)
	}
	client, err := openAWS(ctx)
	if err != nil {
		return nil, nil, err
	}
	find, cancel := context.WithTimeout(ctx, findTime)
	defer cancel()
	stack, err := cloud.FindStack(find, client, stage)
	switch {
	case desk.Is(err, desk.NotFound):
		return nil, nil, fmt.Errorf("%w: run %s first", err, deployLine(stage))
	case err != nil:
		return nil, nil, err
	}
	if why := unusable(stack.Status); why != "" {
		return nil, nil, fmt.Errorf("the stack relevo-%s is of no use, it is in the state %s: %s", stage, stack.Status, why)
	}
	if stack.Output("TableName") == "" {
		return nil, nil, fmt.Errorf("the stack relevo-%s does not tell of its table, so it is not of this version: run %s", stage, deployLine(stage))
	}
	return client, stack, nil
}

// deployLine is the command that deploys a stage.
func deployLine(stage string) string {
	if os.Getenv(config.EnvEndpointURL) != "" {
		return "make emulator-deploy"
	}
	return "make deploy STAGE=" + stage + " MAIL=…"
}

// unusable tells what to do about a stack in which there is no desk; "" if there is one, for what CloudFormation calls
// UPDATE_… goes on with the functions of before or after.
func unusable(status string) string {
	switch status {
	case "CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "DELETE_IN_PROGRESS":
		return "wait until CloudFormation is done with it"
	case "REVIEW_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED":
		return "its first deployment failed; the stack's events in CloudFormation say why. Mend that, and run make deploy again"
	case "DELETE_FAILED", "DELETE_COMPLETE":
		return "it was destroyed; run make destroy again if it is to go, or make deploy once it is gone"
	default:
		return ""
	}
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
