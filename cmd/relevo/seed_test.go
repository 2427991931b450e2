package main

import (
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

func TestSeed(t *testing.T) {
	g, err := openGateway(localConfig(t), newLog(t.Output(), false))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	settings := func() *desk.Settings {
		s, err := g.desk.Settings(t.Context(), demo)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	seed := func(want bool) {
		t.Helper()
		made, err := g.seed(t.Context())
		if err != nil || (made > 0) != want {
			t.Fatalf("made %d: %v", made, err)
		}
	}
	seed(true)
	if s := settings(); len(s.Agents) != 5 || len(s.Departments) != 3 || len(s.Inboxes) != 3 || s.Account.TimeZone != "America/Bogota" {
		t.Fatalf("seeded %d agents, %d departments, %d inboxes in %s", len(s.Agents), len(s.Departments), len(s.Inboxes), s.Account.TimeZone)
	}
	secret, err := g.secrets.Secret(t.Context(), demo, "whatsapp/whatsapp/app-secret")
	if err != nil || secret[0] != "demo-app-secret" {
		t.Errorf("app secret %v: %v", secret, err)
	}
	t.Run("AgainChangesNothing", func(_ *testing.T) { seed(false) })
	t.Run("KeepsWhatPeopleChanged", func(t *testing.T) {
		web := settings().Inboxes["web"]
		web.Greeting = "Buenas"
		if err := g.desk.SaveSetting(t.Context(), seeder(), web); err != nil {
			t.Fatal(err)
		}
		if err := g.desk.DeleteSetting(t.Context(), seeder(), desk.LabelSetting, "bug"); err != nil {
			t.Fatal(err)
		}
		if err := g.secrets.SetSecret(t.Context(), demo, "whatsapp/whatsapp/app-secret", "theirs"); err != nil {
			t.Fatal(err)
		}
		seed(false)
		secret, err := g.secrets.Secret(t.Context(), demo, "whatsapp/whatsapp/app-secret")
		if s := settings(); s.Inboxes["web"].Greeting != "Buenas" || !s.Labels["bug"].Deleted || err != nil || secret[0] != "theirs" {
			t.Error("seeding again undid a change")
		}
	})
	t.Run("PutsBackWhatIsMissing", func(t *testing.T) {
		if err := g.secrets.RemoveSecret(t.Context(), demo, "whatsapp/whatsapp/verify-token"); err != nil {
			t.Fatal(err)
		}
		seed(true)
	})
	t.Run("AgentsFollowTheIssuer", func(t *testing.T) {
		luis := settings().Agents["luis"]
		luis.Issuer = "http://127.0.0.1:1/oidc"
		vera := settings().Agents["vera"]
		vera.Issuer = "https://issuer.example/oidc"
		for _, a := range []desk.Agent{luis, vera} {
			if err := g.desk.SaveSetting(t.Context(), seeder(), a); err != nil {
				t.Fatal(err)
			}
		}
		if err := g.rehome(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s := settings(); s.Agents["luis"].Issuer != g.issuerName() || s.Agents["vera"].Issuer != vera.Issuer {
			t.Errorf("luis signs in at %s, vera at %s", s.Agents["luis"].Issuer, s.Agents["vera"].Issuer)
		}
	})
}
