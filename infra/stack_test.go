package infra_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/relevo/relevo/infra"
	"github.com/relevo/relevo/internal/config"
)

func TestOptions(t *testing.T) {
	good := infra.Options{Stage: "prod", Arch: "arm64", Mail: "desk@example.com", Binaries: t.TempDir()}
	for name, spoil := range map[string]func(*infra.Options){
		"STAGE":                     func(o *infra.Options) { o.Stage = "test" },
		"arch":                      func(o *infra.Options) { o.Arch = "mips" },
		"MAIL":                      func(o *infra.Options) { o.Mail = "" },
		"PUBLIC":                    func(o *infra.Options) { o.Public = "http://desk.example" },
		"CERTIFICATE":               func(o *infra.Options) { o.Certificate = "arn:aws:acm:eu-west-1:111122223333:certificate/ab-1" },
		"name that the certificate": func(o *infra.Options) { o.Certificate = "arn:aws:acm:us-east-1:111122223333:certificate/ab-1" },
		"ALARMS":                    func(o *infra.Options) { o.Alarms = "notmail" },
		"inbound is not built":      func(*infra.Options) {},
		"run make functions ARCH=a": func(*infra.Options) {},
	} {
		t.Run("Err/"+name, func(t *testing.T) {
			o := good
			spoil(&o)
			var app awscdk.App // refused before it is looked at
			if _, err := infra.New(app, o); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("got %v, want an error that names %q", err, name)
			}
		})
	}
}

// The wiring table, the template and the folders of functions/ are the same functions.
func TestFunctionsAreThoseOfTheWiringTable(t *testing.T) {
	stack := synthesized(t, prod)
	var wired, folders []string
	for _, row := range config.Functions {
		wired = append(wired, row.Name)
		f := stack.function(row.Name)
		if f == nil {
			t.Errorf("%s is no Lambda of the template", row.Name)
			continue
		}
		if f["MemorySize"] != float64(row.MemoryMB) || f["Timeout"] != row.Timeout.Seconds() || f["Runtime"] != "provided.al2023" ||
			fmt.Sprint(f["Architectures"]) != "[arm64]" {
			t.Errorf("%s: memory, time-out, runtime or architecture differ: %v", row.Name, f)
		}
	}
	if n := len(stack.of("AWS::Lambda::Function")); n != len(wired) {
		t.Errorf("%d Lambdas in the template, want %d", n, len(wired))
	}
	entries, err := os.ReadDir("../functions")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "internal" { // what mains share
			folders = append(folders, e.Name())
		}
	}
	slices.Sort(wired)
	if !slices.Equal(wired, folders) {
		t.Errorf("folders %v, wiring table %v", folders, wired)
	}
}

// Every function has the settings without which it does not start.
func TestEveryFunctionHasItsSettings(t *testing.T) {
	stack := synthesized(t, prod)
	for _, row := range config.Functions {
		settings, ok := at(stack.function(row.Name), "Environment", "Variables").(map[string]any)
		if !ok {
			t.Errorf("%s has no settings", row.Name)
		}
		for _, name := range config.CloudEnv(row) {
			if settings[name] == nil || settings[name] == "" {
				t.Errorf("%s lacks %s", row.Name, name)
			}
		}
	}
}

// Every route of the wiring table leads to its function; staff behind the authorizer, the others with limits of their own.
func TestRoutesAreThoseOfTheWiringTable(t *testing.T) {
	stack := synthesized(t, prod)
	wanted := map[string]string{"$connect": "live", "$disconnect": "live", "$default": "live", "OPTIONS /widget/v1/{proxy+}": config.Preflights}
	for _, row := range config.Functions {
		for _, route := range row.Routes {
			wanted[route] = row.Name
			if config.DoorOf(route) == config.Staff {
				method, path, _ := strings.Cut(route, " ")
				wanted[method+" "+config.BotPrefix+path] = row.Name
			}
		}
	}
	routes := stack.of("AWS::ApiGatewayV2::Route")
	if len(routes) != len(wanted) {
		t.Errorf("%d routes, want %d", len(routes), len(wanted))
	}
	limits := map[string]any{}
	for _, stage := range stack.of("AWS::ApiGatewayV2::Stage") {
		if settings, ok := stage["RouteSettings"].(map[string]any); ok {
			limits = settings
		}
	}
	for _, p := range routes {
		key := fmt.Sprint(p["RouteKey"])
		if leadsTo(stack, p) != wanted[key] || wanted[key] == "" {
			t.Errorf("%s leads to %q, want %q", key, leadsTo(stack, p), wanted[key])
		}
		_, path, _ := strings.Cut(key, " ")
		behind := strings.HasPrefix(path, "/v1/")
		if (p["AuthorizationType"] == "JWT") != behind || (p["AuthorizerId"] != nil) != behind {
			t.Errorf("%s: authorization %v", key, p["AuthorizationType"])
		}
		if !behind && !strings.HasPrefix(key, "$") && limits[key] == nil {
			t.Errorf("%s is open and not limited", key)
		}
	}
}

// leadsTo gives the name of the function that a route starts.
func leadsTo(stack template, route map[string]any) string {
	for id, integration := range stack.of("AWS::ApiGatewayV2::Integration") {
		if !refers(route["Target"], id) {
			continue
		}
		for id, f := range stack.of("AWS::Lambda::Function") {
			if refers(integration["IntegrationUri"], id) {
				return strings.TrimPrefix(fmt.Sprint(f["FunctionName"]), "relevo-prod-")
			}
		}
	}
	return ""
}

func TestTokensAreCheckedAtTheGateway(t *testing.T) {
	stack := synthesized(t, prod)
	for _, p := range stack.of("AWS::ApiGatewayV2::Authorizer") {
		if p["AuthorizerType"] != "JWT" || !refers(at(p, "JwtConfiguration", "Audience"), "Console") || !refers(at(p, "JwtConfiguration", "Issuer"), "Users") {
			t.Errorf("authorizer %v", p)
		}
	}
	for _, p := range stack.of("AWS::Cognito::UserPoolClient") {
		if fmt.Sprint(p["AllowedOAuthFlows"]) != "[code]" || p["GenerateSecret"] != false {
			t.Errorf("the console's client: %v; want authorization code without a secret (PKCE)", p)
		}
	}
}

// What an emulator refuses is left out, and nothing else.
func TestEmulatorGetsTheSameStack(t *testing.T) {
	whole, emulator := synthesized(t, prod), synthesized(t, emulated)
	refused := map[string]bool{"AWS::ApiGatewayV2::RouteResponse": true, "AWS::SQS::QueuePolicy": true, "AWS::S3::BucketPolicy": true}
	for id, r := range whole.Resources {
		if _, there := emulator.Resources[id]; !there && !refused[r.Type] {
			t.Errorf("the emulator's stack lacks %s (%s)", id, r.Type)
		}
	}
}
