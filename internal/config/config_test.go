package config_test

import (
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/config"
)

func TestLoadLocal(t *testing.T) {
	t.Run("OK", func(t *testing.T) {
		t.Setenv(config.EnvAddr, "127.0.0.1:9000")
		t.Setenv(config.EnvPublicURL, "")
		got, err := config.LoadLocal()
		if err != nil {
			t.Fatal(err)
		}
		if got.PublicURL != "http://127.0.0.1:9000" || got.MaxAttachment != 25<<20 || got.Data != "./.relevo" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("OK/PublicURLWithoutSlash", func(t *testing.T) {
		t.Setenv(config.EnvPublicURL, "https://desk.example/")
		got, err := config.LoadLocal()
		if err != nil || got.PublicURL != "https://desk.example" {
			t.Errorf("got %q, %v", got.PublicURL, err)
		}
	})
	for _, value := range []string{"0", "101", "-1", "25MB", "1e2"} {
		t.Run("ErrMaxAttachment/"+value, func(t *testing.T) {
			t.Setenv(config.EnvMaxAttachmentMiB, value)
			if _, err := config.LoadLocal(); err == nil || !strings.Contains(err.Error(), config.EnvMaxAttachmentMiB) {
				t.Errorf("got %v, want an error that names %s", err, config.EnvMaxAttachmentMiB)
			}
		})
	}
}
