package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

// accountHere runs `relevo account create` on a data folder, and gives what it said.
func accountHere(t *testing.T, o accountOptions) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := createHere(t.Context(), &out, o)
	return out.String(), err
}

// look opens the desk of the environment and gives an account's settings.
func look(t *testing.T, account desk.AccountID) (*desk.Settings, *house) {
	t.Helper()
	cfg, err := config.LoadLocal()
	if err != nil {
		t.Fatal(err)
	}
	file, err := openFile(cfg)
	if err != nil {
		t.Fatal(err)
	}
	h, err := furnish(file, cfg, cfg.PublicURL, "http://"+cfg.DownloadsAddr, newLog(t.Output(), false))
	if err != nil {
		t.Fatal(err)
	}
	settings, err := h.desk.Settings(t.Context(), account)
	if err != nil {
		t.Fatal(err)
	}
	return settings, h
}

func newAccount() accountOptions {
	return accountOptions{email: "rosa@Shop.example", name: "Shop", zone: "America/Bogota", language: "es"}
}

func TestAccountCreate(t *testing.T) {
	t.Setenv(config.EnvData, t.TempDir())
	t.Run("OK", func(t *testing.T) {
		out, err := accountHere(t, newAccount())
		if err != nil || !strings.Contains(out, "is made") {
			t.Fatal(out, err)
		}
		settings, h := look(t, demo)
		defer h.Close()
		people, err := h.people(t.Context())
		if err != nil || len(people) != 1 || people[0].Email != "rosa@shop.example" || settings.Account.TimeZone != "America/Bogota" {
			t.Errorf("people %+v, account %+v: %v", people, settings.Account, err)
		}
		if _, err := h.secrets.Secret(t.Context(), demo, config.VisitorKey); err != nil {
			t.Error(err)
		}
	})
	t.Run("OK/AgainKeepsWhatPeopleMade", func(t *testing.T) {
		before, h := look(t, demo)
		account := before.Account
		account.Name = "Shop of Rosa"
		if err := h.desk.SaveSetting(t.Context(), seeder(), account); err != nil {
			t.Fatal(err)
		}
		key, _ := h.secrets.Secret(t.Context(), demo, config.VisitorKey)
		h.Close()
		if out, err := accountHere(t, newAccount()); err != nil || !strings.Contains(out, "is there already") {
			t.Fatal(out, err)
		}
		after, h := look(t, demo)
		defer h.Close()
		same, err := h.secrets.Secret(t.Context(), demo, config.VisitorKey)
		if err != nil || after.Account.Name != "Shop of Rosa" || len(after.Agents) != 1 || same[0] != key[0] {
			t.Errorf("the account became %+v with %d agents: %v", after.Account, len(after.Agents), err)
		}
	})
	t.Run("ErrNoAdministrator", func(t *testing.T) {
		_, h := look(t, demo)
		if err := h.desk.SaveSetting(t.Context(), seeder(), desk.Agent{ID: "luis", Name: "Luis", Email: "luis@shop.example", Role: desk.Viewer, Language: "es"}); err != nil {
			t.Fatal(err)
		}
		h.Close()
		o := newAccount()
		o.email = "luis@shop.example"
		if _, err := accountHere(t, o); err == nil || !strings.Contains(err.Error(), "viewer") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("ErrConflict/TheDeskRuns", func(t *testing.T) {
		_, h := look(t, demo)
		defer h.Close()
		if _, err := accountHere(t, newAccount()); err == nil || !strings.Contains(err.Error(), "stop that one") {
			t.Errorf("got %v", err)
		}
	})
}

func TestAccountCreateAtAnIssuer(t *testing.T) {
	t.Setenv(config.EnvData, t.TempDir())
	t.Setenv(config.EnvIssuer, "https://issuer.example")
	o := newAccount()
	if _, err := accountHere(t, o); !errors.Is(err, errUsage) || !strings.Contains(err.Error(), "-subject") {
		t.Errorf("without a subject: %v", err)
	}
	o.subject = "248289761001"
	if out, err := accountHere(t, o); err != nil {
		t.Fatal(out, err)
	}
	_, h := look(t, "main")
	account, agent, err := h.desk.Store.AgentBySubject(t.Context(), "https://issuer.example", o.subject)
	h.Close()
	if err != nil || account != "main" || agent == "" {
		t.Errorf("the sign-in is of %s in %s: %v", agent, account, err)
	}
	o.account = "second"
	if _, err := accountHere(t, o); err == nil || !strings.Contains(err.Error(), "belongs to another agent") {
		t.Errorf("one sign-in for two accounts: %v", err)
	}
}

// A password changes only once it is settled that its owner is the account's administrator.
func TestAccountCreateRefusedChangesNoPassword(t *testing.T) {
	t.Setenv(config.EnvData, t.TempDir())
	if out, err := accountHere(t, newAccount()); err != nil {
		t.Fatal(out, err)
	}
	_, h := look(t, demo)
	defer h.Close()
	viewer := desk.Agent{ID: "luis", Name: "Luis", Email: "luis@shop.example", Role: desk.Viewer, Language: "es", Issuer: "pool", Subject: "luis"}
	if err := h.desk.SaveSetting(t.Context(), seeder(), viewer); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		account        desk.AccountID
		email, refusal string
		settled        int
	}{
		"ErrNoAdministrator":         {demo, "luis@shop.example", "viewer", 0},
		"ErrConflict/AnotherAccount": {"second", "luis@shop.example", "belongs to another agent", 0},
		"OK/SettledOnceItIsHis":      {"third", "rosa@shop.example", "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			o := newAccount()
			o.account, o.email = string(c.account), c.email
			account, agent, err := o.settings()
			if err != nil {
				t.Fatal(err)
			}
			settled := 0
			subject, _, _ := strings.Cut(c.email, "@")
			_, err = found(t.Context(), h.desk, h.secrets, account, agent, func(context.Context) (login, error) {
				return login{issuer: "pool", subject: subject, settle: func(context.Context) error { settled++; return nil }}, nil
			})
			if (err == nil) != (c.refusal == "") || err != nil && !strings.Contains(err.Error(), c.refusal) {
				t.Errorf("got %v, want %q", err, c.refusal)
			}
			if settled != c.settled {
				t.Errorf("settled %d times, want %d", settled, c.settled)
			}
		})
	}
}

func TestAccountCreateUsage(t *testing.T) {
	t.Setenv(config.EnvData, t.TempDir())
	for name, spoil := range map[string]func(*accountOptions){
		"-email":     func(o *accountOptions) { o.email = "" },
		"no address": func(o *accountOptions) { o.email = "rosa" },
		"-name":      func(o *accountOptions) { o.name = "" },
		"-account":   func(o *accountOptions) { o.account = "A/B" },
		"time zone":  func(o *accountOptions) { o.zone = "Bogota" },
		"language":   func(o *accountOptions) { o.language = "xx" },
		"knows the":  func(o *accountOptions) { o.account = "other" },
		"-password":  func(o *accountOptions) { o.password = true },
		"-subject":   func(o *accountOptions) { o.subject = "x" },
	} {
		t.Run("ErrUsage/"+name, func(t *testing.T) {
			o := newAccount()
			spoil(&o)
			if _, err := accountHere(t, o); !errors.Is(err, errUsage) || !strings.Contains(err.Error(), name) {
				t.Errorf("got %v", err)
			}
		})
	}
}
