package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/local"
)

func TestSecretCommand(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(config.EnvData, dir)
	if code, _, errs := relevo(t, "seed"); code != exitOK {
		t.Fatal(errs)
	}
	const name = "whatsapp/whatsapp/app-secret"
	change := func(o secretOptions, name, in string) (string, error) {
		var out bytes.Buffer
		err := changeSecret(t.Context(), &out, strings.NewReader(in), o, name)
		return out.String(), err
	}
	holds := func(t *testing.T, name string) []string {
		t.Helper()
		file, err := local.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = file.Close() }()
		got, err := file.Secrets().Secret(t.Context(), demo, name)
		if err != nil && !desk.Is(err, desk.NotFound) {
			t.Fatal(err)
		}
		return got
	}
	t.Run("OK", func(t *testing.T) {
		for _, c := range []struct {
			o    secretOptions
			in   string
			want []string
		}{
			{secretOptions{}, "old\n", []string{"old"}},
			{secretOptions{rotate: true}, "new\n", []string{"new", "old"}},
			{secretOptions{rotate: true}, "new\n", []string{"new", "old"}}, // a repeat
			{secretOptions{}, "a\n\nb\n", []string{"a", "b"}},
			{secretOptions{remove: true}, "", nil},
			{secretOptions{remove: true}, "", nil},
		} {
			out, err := change(c.o, name, c.in)
			if got := holds(t, name); err != nil || !slices.Equal(got, c.want) {
				t.Fatalf("%+v leaves %d values, %v; want %d", c.o, len(got), err, len(c.want))
			}
			if strings.Contains(out, "old") || strings.Contains(out, "new,") {
				t.Fatal("a secret was printed")
			}
		}
	})
	t.Run("OK/VisitorKey", func(t *testing.T) {
		before := holds(t, config.VisitorKey)
		_, err := change(secretOptions{rotate: true}, config.VisitorKey, "")
		got := holds(t, config.VisitorKey)
		if err != nil || len(got) != 2 || got[1] != before[0] || desk.SecretMade(got[0]).IsZero() || len(got[0]) < 32 {
			t.Fatalf("%d values, %v", len(got), err)
		}
		// A repeat would drop the key that signs until every function has read the new one.
		if _, err := change(secretOptions{rotate: true}, config.VisitorKey, ""); !desk.Is(err, desk.Conflict) || !slices.Equal(holds(t, config.VisitorKey), got) {
			t.Fatalf("a repeat: %v", err)
		}
	})
	for want, c := range map[string]struct {
		o        secretOptions
		name, in string
	}{
		"no WhatsApp inbox gone, but whatsapp": {secretOptions{}, "whatsapp/gone/app-secret", "x"},
		"no WhatsApp inbox web, but whatsapp":  {secretOptions{}, "whatsapp/web/app-secret", "x"},
		"there is no account other":            {secretOptions{account: "other"}, name, "x"},
		"nothing to rotate":                    {secretOptions{rotate: true}, name, "x"},
		"exclude each other":                   {secretOptions{rotate: true, remove: true}, name, "x"},
		"0 values on standard input":           {secretOptions{}, name, " \n"},
		"2 values on standard input":           {secretOptions{rotate: true}, name, "a\nb"},
	} {
		t.Run("Err/"+want, func(t *testing.T) {
			if _, err := change(c.o, c.name, c.in); err == nil || !strings.Contains(err.Error(), want) {
				t.Fatalf("got %v", err)
			}
		})
	}
	for _, name := range []string{"", "password", "whatsapp//app-secret", "whatsapp/a/b/app-secret"} {
		t.Run("ErrUsage "+name, func(t *testing.T) {
			if _, err := change(secretOptions{}, name, "x"); err == nil || !strings.Contains(err.Error(), "is no secret of the product") {
				t.Fatalf("got %v", err)
			}
		})
	}
}
