package config_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/relevo/relevo/internal/config"
)

func TestRoutesAreThoseOfTheDocument(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromFile("../api/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			documented = append(documented, method+" "+path)
		}
	}
	wired := map[string]string{}
	for _, function := range config.Functions {
		if function.Socket {
			wired["GET /live"] = function.Name
		}
		for _, route := range function.Routes {
			if other, twice := wired[route]; twice {
				t.Errorf("%s is served by %s and by %s", route, other, function.Name)
			}
			wired[route] = function.Name
		}
	}
	slices.Sort(documented)
	for _, route := range documented {
		if _, ok := wired[route]; !ok {
			t.Errorf("%s is in openapi.yaml and no function serves it", route)
		}
	}
	for route, function := range wired {
		if !slices.Contains(documented, route) {
			t.Errorf("%s of %s is not in openapi.yaml", route, function)
		}
	}
}

func TestFunctionsCanBeDeployed(t *testing.T) {
	started := map[string]string{} // queue, timer, stream, socket -> function
	names := map[string]bool{}
	for _, function := range config.Functions {
		t.Run(function.Name, func(t *testing.T) {
			if names[function.Name] || function.Name == "" || strings.ToLower(function.Name) != function.Name {
				t.Errorf("the name %q is taken, empty or not lower-case", function.Name)
			}
			names[function.Name] = true
			if function.MemoryMB < 128 || function.MemoryMB > 10240 {
				t.Errorf("memory of %d MB: Lambda gives 128 to 10240", function.MemoryMB)
			}
			if len(function.Routes) > 0 && function.Timeout.Seconds() > 30 {
				t.Errorf("time-out of %s: API Gateway waits 30 s at most", function.Timeout)
			}
			sources := 0
			for kind, name := range map[string]string{"queue ": function.Queue, "timer ": function.Timer} {
				if name == "" {
					continue
				}
				sources++
				if other, taken := started[kind+name]; taken {
					t.Errorf("%s%s starts %s already", kind, name, other)
				}
				started[kind+name] = function.Name
			}
			if sources == 0 && len(function.Routes) == 0 && !function.Stream && !function.Socket {
				t.Error("nothing starts it")
			}
		})
	}
}

func TestNeedsAreThereToBeHad(t *testing.T) {
	queues := map[string]bool{}
	for _, function := range config.Functions {
		queues[function.Queue] = true
	}
	secrets := []string{config.VisitorKey, config.WhatsAppSecret, config.WhatsAppVerify, config.WhatsAppAccess, config.IdentitySecret}
	for _, function := range config.Functions {
		for _, queue := range function.Needs.Queues {
			if !queues[queue] || queue == "" {
				t.Errorf("%s sends to %q, which no function works", function.Name, queue)
			}
		}
		for _, secret := range slices.Concat(function.Needs.Secrets, function.Needs.Makes) {
			if !slices.Contains(secrets, secret) {
				t.Errorf("%s reads the secret %q, which is none of the product", function.Name, secret)
			}
		}
	}
}
