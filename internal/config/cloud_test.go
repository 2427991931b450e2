package config_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/config"
)

// setCloud gives every setting that the functions need a value that makes sense.
func setCloud(t *testing.T, f config.Function) {
	t.Helper()
	for _, name := range append(config.CloudEnv(f), config.EnvRegion, config.EnvAccessKeyID, config.EnvSecretAccessKey) {
		switch {
		case strings.HasSuffix(name, "_URL"):
			t.Setenv(name, "https://example.test/"+name+"/")
		case name == config.EnvSecretPrefix:
			t.Setenv(name, "/relevo/dev")
		default:
			t.Setenv(name, "x-"+name)
		}
	}
	t.Setenv(config.EnvEndpointURL, "")
}

func TestLoadCloud(t *testing.T) {
	for _, f := range config.Functions {
		t.Run("OK/"+f.Name, func(t *testing.T) {
			setCloud(t, f)
			got, err := config.LoadCloud(f)
			if err != nil {
				t.Fatal(err)
			}
			if got.Table != "x-"+config.EnvTable || got.GraphURL != "https://graph.facebook.com" || got.MaxAttachment != 25<<20 ||
				got.AWS.Region != "x-AWS_REGION" || len(got.Queues) != len(f.Needs.Queues) || strings.HasSuffix(got.LiveURL, "/") {
				t.Errorf("got %+v", got)
			}
		})
		for _, missing := range append(config.CloudEnv(f), config.EnvRegion, config.EnvSecretAccessKey) {
			t.Run("ErrMissing/"+f.Name+"/"+missing, func(t *testing.T) {
				setCloud(t, f)
				t.Setenv(missing, "")
				t.Setenv("AWS_DEFAULT_REGION", "")
				if _, err := config.LoadCloud(f); err == nil || !strings.Contains(err.Error(), missing) {
					t.Errorf("got %v, want an error that names %s", err, missing)
				}
			})
		}
	}
	for name, value := range map[string]string{config.EnvEndpointURL: "localhost:4566", config.EnvPublicURL: "desk.example",
		config.EnvSecretPrefix: "relevo", config.EnvMaxAttachmentMiB: "none", config.EnvGraphURL: "ftp://x", config.QueueEnv("inbound.fifo"): "inbound"} {
		t.Run("ErrInvalid/"+name, func(t *testing.T) {
			setCloud(t, config.Functions[0])
			t.Setenv(name, value)
			if _, err := config.LoadCloud(config.Functions[0]); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("got %v, want an error that names %s", err, name)
			}
		})
	}
}

func TestSettingNames(t *testing.T) {
	if got := config.QueueEnv("inbound.fifo"); got != "RELEVO_QUEUE_INBOUND_URL" {
		t.Error(got)
	}
	if got := config.TimerEnv("wakeup"); got != "RELEVO_TIMER_WAKEUP_ARN" {
		t.Error(got)
	}
}

// Who reads or makes secrets must know where they lie.
func TestSecretsNeedTheirPlace(t *testing.T) {
	for _, row := range config.Functions {
		needs := len(row.Needs.Secrets)+len(row.Needs.Makes) > 0
		if slices.Contains(config.CloudEnv(row), config.EnvSecretPrefix) != needs {
			t.Errorf("%s: %s is among its settings: %v, want %v", row.Name, config.EnvSecretPrefix, !needs, needs)
		}
	}
}
