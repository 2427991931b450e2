package local_test

import (
	"regexp"
	"slices"
	"sync"
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

func TestSecrets(t *testing.T) {
	t.Run("OKMadeOnce", func(t *testing.T) {
		s := openFile(t, t.TempDir()).Secrets()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := s.MakeSecret(t.Context(), "demo", "visitor-key"); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		made, err := s.Secret(t.Context(), "demo", "visitor-key")
		if err != nil || !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(made[0]) {
			t.Fatalf("got a key of %d values, %v", len(made), err)
		}
		if err := s.MakeSecret(t.Context(), "demo", "visitor-key"); err != nil {
			t.Fatal(err)
		}
		if again, err := s.Secret(t.Context(), "demo", "visitor-key"); err != nil || !slices.Equal(again, made) {
			t.Errorf("made anew: %v", err)
		}
		if _, err := s.Secret(t.Context(), "other", "visitor-key"); !desk.Is(err, desk.NotFound) {
			t.Errorf("an account that was never set up: %v, want not_found", err)
		}
	})
	t.Run("OKRotation", func(t *testing.T) {
		s := openFile(t, t.TempDir()).Secrets()
		const name = "whatsapp/1/app-secret"
		for _, want := range [][]string{{"old"}, {"new", "old"}, {"new"}} {
			if err := s.SetSecret(t.Context(), "demo", name, want...); err != nil {
				t.Fatal(err)
			}
			if got, err := s.Secret(t.Context(), "demo", name); err != nil || !slices.Equal(got, want) {
				t.Errorf("got %v, %v, want %v", got, err, want)
			}
		}
		if _, err := s.Secret(t.Context(), "other", name); !desk.Is(err, desk.NotFound) {
			t.Errorf("another account: %v, want not_found", err)
		}
	})
	t.Run("ErrNotFound", func(t *testing.T) {
		s := openFile(t, t.TempDir()).Secrets()
		if err := s.SetSecret(t.Context(), "demo", "a", "1"); err != nil {
			t.Fatal(err)
		}
		if err := s.RemoveSecret(t.Context(), "demo", "a"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Secret(t.Context(), "demo", "a"); !desk.Is(err, desk.NotFound) {
			t.Errorf("got %v, want not_found", err)
		}
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		s := openFile(t, t.TempDir()).Secrets()
		if _, err := s.Secret(t.Context(), "", "a"); !desk.Is(err, desk.Invalid) {
			t.Errorf("no account: %v, want invalid", err)
		}
		if err := s.SetSecret(t.Context(), "demo", "a", ""); !desk.Is(err, desk.Invalid) {
			t.Errorf("an empty value: %v, want invalid", err)
		}
	})
}
