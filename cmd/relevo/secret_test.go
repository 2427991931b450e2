package main

import (
	"bytes"
	"errors"
	"testing"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/local"
)

func TestSecretCommand(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(config.EnvData, dir)
	t.Run("OK", func(t *testing.T) {
		var out bytes.Buffer
		if err := putSecret(t.Context(), &out, "demo", "whatsapp/phone/app-secret", []string{"new", "old"}); err != nil {
			t.Fatal(err)
		}
		file, err := local.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		got, err := file.Secrets().Secret(t.Context(), "demo", "whatsapp/phone/app-secret")
		if err != nil || len(got) != 2 || got[0] != "new" {
			t.Fatalf("got %d values, %v", len(got), err)
		}
		if bytes.Contains(out.Bytes(), []byte("old")) {
			t.Fatal("a secret was printed")
		}
	})
	for _, name := range []string{"", "password", "whatsapp//app-secret", "whatsapp/a/b/app-secret", "whatsapp/*"} {
		t.Run("ErrUsage "+name, func(t *testing.T) {
			if err := putSecret(t.Context(), &bytes.Buffer{}, "demo", name, []string{"x"}); !errors.Is(err, errUsage) {
				t.Fatalf("got %v", err)
			}
		})
	}
}
