package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/local"
	"github.com/relevo/relevo/internal/store"
)

func timersCommand() command {
	var stage string
	return command{
		name: "timers repair", summary: "Set anew the timers that conversations and tickets lack, and file contacts",
		help: `It looks at every conversation and ticket of every account. A snooze with an end and a
clock that runs (of a response, of a resolution) need a timer; one that is missing is set anew, and goes off at once
if it is due. Contacts are filed anew by what they are found by: needed once, for those that an older version saved.
Harmless to repeat. On AWS it reads the whole table: half a read unit for
each 4 KiB, $0.02 a GB, and writes some units for each contact with a name, an address or a number. ` + deadHelp,
		flags: func(f *flag.FlagSet) { onStage(f, &stage) },
		run: func(ctx context.Context, out io.Writer, args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			done, err := repairTimers(ctx, stage)
			if done.Conversations > 0 || err == nil {
				done.print(out)
			}
			return err
		},
	}
}

// repaired tells what was found and done.
type repaired struct {
	Conversations int        `json:"conversations"` // looked at
	Tickets       int        `json:"tickets"`       // likewise
	Contacts      int        `json:"contacts"`      // filed
	Waiting       int        `json:"waiting"`       // timers that were there
	Set           []setTimer `json:"set"`
}

// setTimer is a timer that was missing.
type setTimer struct {
	Timer        desk.TimerName      `json:"timer"`
	Account      desk.AccountID      `json:"account"`
	Conversation desk.ConversationID `json:"conversation,omitzero"` // none: of a ticket
	Number       int64               `json:"number"`
	At           time.Time           `json:"at"`
}

func (r repaired) print(out io.Writer) {
	for _, t := range r.Set {
		of := fmt.Sprintf("conversation %d (%s)", t.Number, t.Conversation)
		if t.Conversation == "" {
			of = fmt.Sprintf("ticket %d", t.Number)
		}
		say(out, "set %s of %s of the account %s at %s\n", t.Timer, of, t.Account, t.At.UTC().Format(time.RFC3339))
	}
	say(out, "%d conversations and %d tickets looked at; %d timers were there, %d are set anew. %d contacts filed.\n",
		r.Conversations, r.Tickets, r.Waiting, len(r.Set), r.Contacts)
}

// mender sets timers that are missing.
type mender interface {
	Repair(ctx context.Context, timer desk.Timer) (set bool, err error)
}

// scannable is a table of either host.
type scannable interface {
	store.Table
	store.Scanner
}

// mend sets the timers that conversations and tickets of the table lack.
func mend(ctx context.Context, table scannable, timers mender) (repaired, error) {
	done := repaired{Set: []setTimer{}}
	books := store.New(table, time.Now)
	set := func(of setTimer, wants func(*desk.Settings) ([]desk.Timer, error)) error {
		settings, err := books.Account(of.Account).Settings(ctx)
		if err != nil {
			return err
		}
		wanted, err := wants(settings)
		if err != nil {
			return err
		}
		for _, t := range wanted {
			missed, err := timers.Repair(ctx, t)
			switch {
			case err != nil:
				return err
			case missed:
				of.Timer, of.At = t.Name, t.At
				done.Set = append(done.Set, of)
			default:
				done.Waiting++
			}
		}
		return nil
	}
	err := store.EveryConversation(ctx, table, func(account desk.AccountID, c *desk.Conversation) error {
		done.Conversations++
		return set(setTimer{Account: account, Conversation: c.ID, Number: c.Number}, func(s *desk.Settings) ([]desk.Timer, error) {
			return c.WantedTimers(account, s, time.Now())
		})
	})
	if err != nil {
		return done, err
	}
	err = store.EveryContact(ctx, table, func(account desk.AccountID, c desk.Contact) error {
		done.Contacts++
		return books.Account(account).IndexContact(ctx, nil, c)
	})
	if err != nil {
		return done, err
	}
	return done, store.EveryTicket(ctx, table, func(account desk.AccountID, t desk.Ticket) error {
		done.Tickets++
		return set(setTimer{Account: account, Number: t.Number}, func(s *desk.Settings) ([]desk.Timer, error) {
			return t.WantedTimers(account, s, time.Now())
		})
	})
}

// repairTimers mends the local desk, stopped or running, or a stage.
func repairTimers(ctx context.Context, stage string) (repaired, error) {
	if stage != "" {
		return repairStage(ctx, stage)
	}
	cfg, err := config.LoadLocal()
	if err != nil {
		return repaired{}, err
	}
	file, err := local.Open(cfg.Data)
	if err == nil {
		done, err := mend(ctx, file.Table(), file.Timers())
		return done, errors.Join(err, file.Close())
	}
	if desk.Is(err, desk.Conflict) {
		if running, ok := reachRunning(ctx, cfg); ok {
			var done repaired
			err = running.do(ctx, http.MethodPost, "/dev/timers/repair", struct{}{}, &done)
			return done, err
		}
	}
	return repaired{}, dataFault(cfg, err)
}

// repairStage mends a deployed desk with the settings by which its function relay sets timers.
func repairStage(ctx context.Context, stage string) (repaired, error) {
	client, stack, err := openStage(ctx, stage)
	if err != nil {
		return repaired{}, err
	}
	env, err := stack.Settings(ctx, "relay")
	if err != nil {
		return repaired{}, err
	}
	targets := map[string]string{}
	for _, row := range config.Functions {
		if row.Timer != "" {
			targets[row.Timer] = env[config.TimerEnv(row.Timer)]
		}
	}
	return mend(ctx, client.Table(env[config.EnvTable]), cloud.NewTimers(client, cloud.TimersOptions{
		Group: env[config.EnvScheduleGroup], Role: env[config.EnvScheduleRole], DeadLetters: env[config.EnvScheduleDeadLetters], Targets: targets,
	}))
}
