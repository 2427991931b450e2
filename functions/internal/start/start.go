// Package start is what all functions have in common: it reads a function's row of the wiring table and its settings,
// puts the adapters of the ports it names in place, and hands Lambda's events to the rooms. It exists so that a main is
// a list of what its function is made of, and so that a binary holds only the adapters that its main names.
package start

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/live"
	"github.com/relevo/relevo/internal/store"
)

// Function is a function while it is put together.
type Function struct {
	Row    config.Function
	Config config.Cloud
	Client *cloud.Client
	Desk   *desk.Desk
	Host   cloud.Host
	API    api.Options // of the doors that it serves
	Push   *cloud.Push // nil without the part of that name

	metrics *cloud.Metrics
}

// Part puts one adapter or one way of being started in place. Parts are given in the order: ports, then sources.
type Part func(*Function) error

// Run runs the function of this name in the wiring table until Lambda ends it. A missing setting ends it at once and is
// named in the log.
func Run(name string, parts ...Part) {
	log := cloud.NewLog(os.Stdout, os.Getenv(config.EnvStage), name)
	slog.SetDefault(log)
	f, err := New(name, parts...)
	if err != nil {
		log.Error("the function cannot start", "error", err)
		os.Exit(1)
	}
	if takers[name] {
		lambda.StartWithOptions(f, lambda.WithEnableSIGTERM(f.metrics.Flush)) // messages that were not told yet
	}
	lambda.Start(f)
}

// New puts a function together from the environment's settings; it calls nobody.
func New(name string, parts ...Part) (*Function, error) {
	at := slices.IndexFunc(config.Functions, func(row config.Function) bool { return row.Name == name })
	if at < 0 {
		return nil, desk.Errorf(desk.Internal, "the function %s is not in the wiring table", name)
	}
	f := &Function{Row: config.Functions[at]}
	var err error
	if f.Config, err = config.LoadCloud(f.Row); err != nil {
		return nil, err
	}
	f.metrics = cloud.NewMetrics(os.Stdout, f.Config.Stage, name, time.Now)
	f.Client = cloud.NewClient(f.Config.AWS)
	f.Desk = desk.New(desk.Ports{
		Store: store.New(f.Client.Table(f.Config.Table), time.Now), MaxAttachment: f.Config.MaxAttachment, Log: slog.Default(),
		Providers: map[desk.Channel]desk.Provider{}, Stored: func(desk.Message) { f.metrics.Messages(1) },
	})
	for _, part := range parts {
		if err := part(f); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Invoke implements [lambda.Handler].
func (f *Function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	began := time.Now()
	answer, err := cloud.Handle(ctx, f.Row, f.Host, payload)
	f.measure(time.Since(began), answer, err)
	return answer, err
}

// announcer tells live listeners by way of the pushes.
func (f *Function) announcer() desk.Announcer {
	return live.NewAnnouncer(f.Desk.Store, f.Push, live.Shapes(api.LiveShapes(f.Desk)))
}
