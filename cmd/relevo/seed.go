package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/local"
)

func seedCommand() command {
	return command{
		name: "seed", summary: "Put the demo account into the data folder",
		help: `For a desk that was started with --empty and is stopped now: a running desk has
its data for itself. What is there already stays as it is, changed or not.`,
		run: func(ctx context.Context, out io.Writer, args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			cfg, err := config.LoadLocal()
			if err != nil {
				return err
			}
			return seedFile(ctx, out, cfg)
		},
	}
}

// seedFile seeds the file of a desk that does not run.
func seedFile(ctx context.Context, out io.Writer, cfg config.Local) error {
	file, err := openFile(cfg)
	if err != nil {
		return err
	}
	h, err := furnish(file, cfg, cfg.PublicURL, "http://"+cfg.DownloadsAddr, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return errors.Join(err, file.Abandon())
	}
	made, err := h.seed(ctx)
	if err != nil {
		return errors.Join(dataFault(cfg, err), h.abandon())
	}
	if err := h.Close(); err != nil {
		return err
	}
	say(out, "The account demo is in %s: %d of its things are new.\n", cfg.Data, made)
	say(out, "Agents: ana@demo.test (administrator), otto@demo.test (operator), ines@demo.test and luis@demo.test\n"+
		"(agents), vera@demo.test (viewer). Start the desk with relevo run and pick one at %s/.\n", cfg.PublicURL)
	return nil
}

// demo is the account of the local desk.
const demo desk.AccountID = "demo"

// seeder is who the audit trail says has seeded.
func seeder() desk.Who {
	return desk.Who{Account: demo, Actor: desk.System, Role: desk.Administrator}
}

// seed puts what the demo account lacks, and tells how much that was. What is there stays as people made it; so does
// what they deleted.
func (h *house) seed(ctx context.Context) (made int, err error) {
	settings, err := h.desk.Settings(ctx, demo)
	if err != nil {
		return 0, err
	}
	for _, setting := range demoSettings(h.issuerName()) {
		if has(settings, setting) {
			continue
		}
		if err := h.desk.SaveSetting(ctx, seeder(), setting); err != nil {
			kind, id := setting.Setting()
			return made, fmt.Errorf("%s %s: %w", kind, id, err)
		}
		made++
	}
	secrets, err := seedSecrets(ctx, h.secrets)
	return made + secrets, err
}

// has reports whether the account has the noun, or had it and it was deleted.
func has(s *desk.Settings, setting desk.Setting) bool {
	found := false
	switch v := setting.(type) {
	case desk.Account:
		found = s.Account.ID != ""
	case desk.Agent:
		_, found = s.Agents[v.ID]
	case desk.Department:
		_, found = s.Departments[v.ID]
	case desk.Inbox:
		_, found = s.Inboxes[v.ID]
	case desk.Label:
		_, found = s.Labels[v.ID]
	case desk.Canned:
		_, found = s.Canned[v.ID]
	}
	return found
}

// demoSettings are the nouns of the demo account, those first that others name. The agents sign in at the issuer with
// their e-mail address as subject.
func demoSettings(issuer string) []desk.Setting {
	agent := func(id, name string, role desk.Role, departments ...desk.DepartmentID) desk.Agent {
		email := id + "@demo.test"
		return desk.Agent{ID: desk.AgentID(id), Name: name, Email: email, Issuer: issuer, Subject: email, Role: role,
			Departments: departments, Capacity: 10, Language: "es"}
	}
	days := []desk.Span{{From: 9 * 60, To: 18 * 60}}
	return []desk.Setting{
		desk.Account{ID: demo, Name: "Tienda Demo", TimeZone: "America/Bogota", Language: "es", AfterClose: desk.KeepAssignee,
			Hours: desk.OpeningHours{nil, days, days, days, days, days, nil}},
		desk.Department{ID: "sales", Name: "Sales"},
		desk.Department{ID: "support", Name: "Support"},
		desk.Department{ID: "product", Name: "Product"},
		agent("ana", "Ana Torres", desk.Administrator),
		agent("otto", "Otto Braun", desk.Operator, "product"),
		agent("ines", "Inés Rojas", desk.AgentRole, "sales"),
		agent("luis", "Luis Pérez", desk.AgentRole, "support"),
		agent("vera", "Vera Lind", desk.Viewer),
		desk.Inbox{ID: "web", Key: "web", Name: "Web", Channel: desk.WebChat, Department: "sales", Language: "es",
			Greeting: "¡Hola! ¿En qué podemos ayudarte?", CollectEmail: true, AutoDistribution: true, TicketPolicy: desk.TicketRequired,
			Survey: true, FirstResponse: 15 * time.Minute, Color: "#5b3a2a", ReplyTime: desk.WithinMinutes},
		desk.Inbox{ID: "shop", Key: "shop", Name: "Tienda", Channel: desk.WebChat, Department: "support", Language: "es",
			PreChatForm: true, TicketPolicy: desk.TicketOptional, Color: "#2b5dd7", ReplyTime: desk.WithinHours,
			Campaign: desk.Campaign{Enabled: true, Message: "¿Dudas entre la Pro y la Mini? Te ayudamos a escoger en dos minutos.", After: 5 * time.Second}},
		desk.Inbox{ID: demoPhone, Key: string(demoPhone), Name: "WhatsApp", Channel: desk.WhatsApp, Department: "sales", Language: "es",
			AutoDistribution: true, TicketPolicy: desk.TicketAutomatic, PhoneNumberID: "106540352242922", Color: "#0c7d48",
			Templates: []desk.Template{
				{Name: "order_update", Language: "es", Body: "Hola {{1}}, tu pedido {{2}} está en camino."},
				{Name: "order_update", Language: "en", Body: "Hello {{1}}, your order {{2}} is on its way."},
				{Name: "we_are_here", Language: "es", Body: "¡Hola de nuevo! ¿Seguimos con tu consulta?"},
			}},
		desk.Label{ID: "billing", Name: "billing", Color: "#885205"},
		desk.Label{ID: "bug", Name: "bug", Color: "#ac1922"},
		desk.Label{ID: "vip", Name: "vip", Color: "#2b5dd7"},
		desk.Canned{ID: "hola", Short: "hola", Text: "¡Hola! Soy del equipo de Tienda Demo. ¿En qué te puedo ayudar?"},
		desk.Canned{ID: "gracias", Short: "gracias", Text: "¡Gracias por escribirnos! Que tengas un buen día."},
	}
}

// demoPhone is the WhatsApp inbox that the phone page writes to unless it is told of another one.
const demoPhone desk.InboxID = "whatsapp"

// seedSecrets puts the account's key for visitors' tokens and the WhatsApp inbox's secrets where there are none.
func seedSecrets(ctx context.Context, secrets *local.Secrets) (made int, err error) {
	for _, secret := range []struct{ name, value string }{
		{"visitor-key", ""}, // random
		{inboxSecret(demoPhone, "access-token"), ""},
		{inboxSecret(demoPhone, "app-secret"), "demo-app-secret"},
		{inboxSecret(demoPhone, "verify-token"), "demo-verify"},
	} {
		_, err := secrets.Secret(ctx, demo, secret.name)
		if err == nil {
			continue
		}
		switch {
		case !desk.Is(err, desk.NotFound):
		case secret.value == "":
			err = secrets.MakeSecret(ctx, demo, secret.name)
		default:
			err = secrets.SetSecret(ctx, demo, secret.name, secret.value)
		}
		if err != nil {
			return made, err
		}
		made++
	}
	return made, nil
}

// rehome moves the agents who sign in at this desk's own issuer to the address that it has now: another port, say. Such
// an issuer is known by its address: one on this machine, with the issuer's path.
func (h *house) rehome(ctx context.Context) error {
	settings, err := h.desk.Settings(ctx, demo)
	if err != nil {
		return err
	}
	for _, agent := range desk.Sorted(settings.Agents) {
		if agent.Deleted || agent.Issuer == h.issuerName() || !ownIssuer(agent.Issuer) {
			continue
		}
		agent.Issuer = h.issuerName()
		if err := h.desk.SaveSetting(ctx, seeder(), agent); err != nil {
			return fmt.Errorf("agent %s: %w", agent.ID, err)
		}
	}
	return nil
}
