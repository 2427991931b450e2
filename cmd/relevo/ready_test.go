package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/config"
)

// amazon stands where AWS would, and knows these stacks by their states.
type amazon struct {
	stacks    map[string]string // name -> state
	bootstrap string            // its version
	mail      string            // the desk's address of every stack
	refusal   string            // code with which everything is refused; "" for none
}

func (a amazon) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if a.refusal != "" && r.Method == http.MethodPost {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `<ErrorResponse><Error><Code>%s</Code><Message>no</Message></Error></ErrorResponse>`, a.refusal)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/2015-03-31/functions/") {
		fmt.Fprintf(w, `{"Environment":{"Variables":{%q:%q}}}`, config.EnvMailFrom, a.mail)
		return
	}
	name := r.PostFormValue("StackName")
	state, there := a.stacks[name]
	if !there {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id %s does not exist</Message></Error></ErrorResponse>`, name)
		return
	}
	fmt.Fprintf(w, `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>%s</StackName><StackStatus>%s</StackStatus>
<Outputs><member><OutputKey>BootstrapVersion</OutputKey><OutputValue>%s</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
		name, state, a.bootstrap)
}

// onAWS sets keys in the environment, and an address at which a answers.
func onAWS(t *testing.T, a amazon) {
	t.Helper()
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{config.EnvRegion: "eu-west-1", config.EnvAccessKeyID: "AKID", config.EnvSecretAccessKey: "secret", config.EnvEndpointURL: server.URL} {
		t.Setenv(name, value)
	}
}

// saying runs a command that fails, and wants these words of what it says.
func saying(t *testing.T, words string, args ...string) {
	t.Helper()
	if code, _, errs := relevo(t, args...); code == exitOK || !strings.Contains(errs, words) {
		t.Errorf("relevo %s: exit %d, %s; want %q", strings.Join(args, " "), code, errs, words)
	}
}

const bootstrap = "CDKToolkit"

// What make deploy, make diff and make destroy are told before anything is built.
func TestReady(t *testing.T) {
	well := func(state string) amazon {
		a := amazon{stacks: map[string]string{bootstrap: "CREATE_COMPLETE"}, bootstrap: "21"}
		if state != "" {
			a.stacks["relevo-dev"], a.stacks["relevo-prod"] = state, state
		}
		return a
	}
	words := []string{"-stage", "dev", "-mail", "desk@example.com"}
	t.Run("OK", func(t *testing.T) {
		for _, c := range []struct{ state, act string }{{"", "deploy"}, {"CREATE_COMPLETE", "deploy"}, {"UPDATE_ROLLBACK_COMPLETE", "deploy"},
			{"ROLLBACK_COMPLETE", "deploy"}, {"ROLLBACK_COMPLETE", "destroy"}, {"", "diff"}} {
			onAWS(t, well(c.state))
			if code, _, errs := relevo(t, append([]string{"ready", c.act}, words...)...); code != exitOK {
				t.Errorf("%s at %q: %s", c.act, c.state, errs)
			}
		}
	})
	for name, c := range map[string]struct {
		aws  amazon
		args []string
		want string
	}{
		"NoBootstrap":      {amazon{}, nil, "bootstrap is missing"},
		"OldBootstrap":     {amazon{stacks: map[string]string{bootstrap: "CREATE_COMPLETE"}, bootstrap: "4"}, nil, `of version "4"`},
		"BrokenBootstrap":  {amazon{stacks: map[string]string{bootstrap: "ROLLBACK_COMPLETE"}}, nil, "delete that stack"},
		"Deploying":        {well("UPDATE_IN_PROGRESS"), nil, "wait until CloudFormation is done"},
		"StuckUpdate":      {well("UPDATE_ROLLBACK_FAILED"), nil, "cdk rollback relevo-dev"},
		"ProtectedRemains": {well("ROLLBACK_COMPLETE"), []string{"-stage", "prod"}, "termination protection"},
		"SameMail": {amazon{stacks: map[string]string{bootstrap: "CREATE_COMPLETE", "relevo-prod": "CREATE_COMPLETE"}, bootstrap: "21", mail: "desk@example.com"},
			nil, "belongs to one stage"},
		"NoMail":    {well(""), []string{"-mail", "desk"}, `MAIL "desk"`},
		"NoAlarms":  {well(""), []string{"-alarms", "notmail"}, `ALARMS "notmail"`},
		"NoStage":   {well(""), []string{"-stage", "test"}, `STAGE "test"`},
		"Expired":   {amazon{refusal: "ExpiredToken"}, nil, "have expired: sign in to AWS again"},
		"NoSuchKey": {amazon{refusal: "InvalidClientTokenId"}, nil, "AWS knows no such keys"},
		"NoRight":   {amazon{refusal: "AccessDenied"}, nil, "lack a right"},
	} {
		t.Run("Err/"+name, func(t *testing.T) {
			onAWS(t, c.aws)
			saying(t, c.want, append(append([]string{"ready", "deploy"}, words...), c.args...)...)
		})
	}
	t.Run("ErrNothingToDestroy", func(t *testing.T) {
		onAWS(t, well(""))
		saying(t, "nothing to destroy", append([]string{"ready", "destroy"}, words...)...)
	})
	t.Run("ErrUsage", func(t *testing.T) { saying(t, "say what for", append([]string{"ready"}, words...)...) })
}

// Every command that asks AWS says what to do where it cannot.
func TestStageOutOfReach(t *testing.T) {
	t.Setenv(config.EnvData, t.TempDir())
	commands := [][]string{
		{"dead-letters", "list", "-stage", "dev"}, {"dead-letters", "show", "media", "-stage", "dev"}, {"dead-letters", "redrive", "-all", "-stage", "dev"},
		{"timers", "repair", "-stage", "dev"}, {"account", "create", "-stage", "dev", "-email", "you@example.com", "-name", "Shop"},
		{"ready", "deploy", "-stage", "dev", "-mail", "desk@example.com"},
	}
	for name, c := range map[string]struct {
		set  func(t *testing.T)
		want string
	}{
		"NoRegion": {func(t *testing.T) {
			onAWS(t, amazon{})
			t.Setenv(config.EnvRegion, "")
			t.Setenv("AWS_DEFAULT_REGION", "")
		}, "AWS_REGION is not set: this needs a region and keys"},
		"NoKeys": {func(t *testing.T) { onAWS(t, amazon{}); t.Setenv(config.EnvAccessKeyID, "") }, "export-credentials"},
		"NoEmulator": {func(t *testing.T) { onAWS(t, amazon{}); t.Setenv(config.EnvEndpointURL, "http://127.0.0.1:1") },
			"no emulator answers at http://127.0.0.1:1: run make emulator"},
		"Expired": {func(t *testing.T) { onAWS(t, amazon{refusal: "ExpiredToken"}) }, "sign in to AWS again"},
	} {
		t.Run(name, func(t *testing.T) {
			c.set(t)
			for _, command := range commands {
				saying(t, c.want, command...)
			}
		})
	}
	for name, c := range map[string]struct {
		aws  amazon
		want string
	}{
		"NothingDeployed": {amazon{}, "run make emulator-deploy first"},
		"FailedAtFirst":   {amazon{stacks: map[string]string{"relevo-dev": "ROLLBACK_COMPLETE"}}, "its first deployment failed"},
		"StillDeploying":  {amazon{stacks: map[string]string{"relevo-dev": "CREATE_IN_PROGRESS"}}, "wait until CloudFormation is done"},
		"AnotherVersion":  {amazon{stacks: map[string]string{"relevo-dev": "CREATE_COMPLETE"}}, "not of this version"},
	} {
		t.Run(name, func(t *testing.T) {
			onAWS(t, c.aws)
			for _, command := range commands[:len(commands)-1] {
				saying(t, c.want, command...)
			}
		})
	}
	t.Run("NoAWSAtAll", func(t *testing.T) {
		page := httptest.NewServer(http.NotFoundHandler())
		defer page.Close()
		onAWS(t, amazon{})
		t.Setenv(config.EnvEndpointURL, page.URL)
		saying(t, "is no emulator of AWS", commands[0]...)
	})
}
