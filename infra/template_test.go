package infra_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/relevo/relevo/infra"
	"github.com/relevo/relevo/internal/config"
)

// template is a synthesized stack: logical id -> resource.
type template struct {
	Resources map[string]resource
}

type resource struct {
	Type       string
	Properties map[string]any
}

const namedCertificate = "arn:aws:acm:us-east-1:111122223333:certificate/12ab-34cd"

var (
	prod = sync.OnceValues(func() (template, error) { return synthesize(infra.Options{Stage: "prod"}) })
	// named is a stack under a name of one's own.
	named = sync.OnceValues(func() (template, error) {
		return synthesize(infra.Options{Stage: "prod", Public: "https://desk.example.com/", Certificate: namedCertificate})
	})
	emulated = sync.OnceValues(func() (template, error) {
		return synthesize(infra.Options{Stage: "dev", Emulator: true, Endpoint: "http://localhost:4566"})
	})
)

// synthesized gives a stack's template, made once for all tests.
func synthesized(t *testing.T, stack func() (template, error)) template {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the CDK needs Node.js 20 or newer, and there is none")
		}
		t.Skip("the CDK needs Node.js 20 or newer, and there is none: the stack is not looked at")
	}
	synth, err := stack()
	if err != nil {
		t.Fatal(err)
	}
	return synth
}

// synthesize writes the template of a stack whose binaries are stand-ins, and reads it.
func synthesize(o infra.Options) (template, error) {
	folder, err := os.MkdirTemp("", "relevo-infra-")
	if err != nil {
		return template{}, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // it is the system's folder for such
	o.Arch, o.Mail, o.Binaries = "arm64", "desk@example.com", filepath.Join(folder, "bin")
	for _, row := range config.Functions {
		if err := os.MkdirAll(filepath.Join(o.Binaries, row.Name), 0o700); err != nil {
			return template{}, err
		}
		if err := os.WriteFile(filepath.Join(o.Binaries, row.Name, "bootstrap"), []byte(row.Name), 0o600); err != nil {
			return template{}, err
		}
	}
	out := filepath.Join(folder, "out")
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &out})
	stack, err := infra.New(app, o)
	if err != nil {
		return template{}, err
	}
	app.Synth(nil)
	raw, err := os.ReadFile(filepath.Join(out, *stack.StackName()+".template.json"))
	if err != nil {
		return template{}, err
	}
	var t template
	return t, json.Unmarshal(raw, &t)
}

// of gives the resources of a type: logical id -> properties.
func (t template) of(kind string) map[string]map[string]any {
	found := map[string]map[string]any{}
	for id, r := range t.Resources {
		if r.Type == kind {
			found[id] = r.Properties
		}
	}
	return found
}

// function gives the properties of a function of the wiring table.
func (t template) function(name string) map[string]any {
	for _, p := range t.of("AWS::Lambda::Function") {
		if said, ok := p["FunctionName"].(string); ok && strings.HasSuffix(said, "-"+name) {
			return p
		}
	}
	return nil
}

// refers tells whether a value names the resource anywhere.
func refers(value any, id string) bool {
	raw, err := json.Marshal(value)
	return err == nil && strings.Contains(string(raw), `"`+id+`"`)
}

// at follows the names into nested properties.
func at(value any, names ...string) any {
	for _, name := range names {
		inner, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = inner[name]
	}
	return value
}

// list gives a value that may be one or many as many.
func list(value any) []any {
	if many, ok := value.([]any); ok {
		return many
	}
	if value == nil {
		return nil
	}
	return []any{value}
}
