package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/local"
)

// gateway is what API Gateway, SQS, the scheduler and the table's stream are on AWS: it starts the functions of the
// wiring table.
type gateway struct {
	*house
	phone     *phone // nil: WhatsApp's real API is configured
	desks     net.Listener
	downloads net.Listener
}

// Limits of the HTTP servers.
const (
	headerTime = 10 * time.Second
	bodyTime   = 5 * time.Minute // for an upload on a slow line
	idleTime   = 2 * time.Minute
	maxHeader  = 64 << 10
	drainTime  = 10 * time.Second // for requests and sockets at the end
)

// workers is how many jobs of a queue are worked at once.
var workers = map[desk.QueueName]int{
	desk.InboundQueue: 8, desk.DistributeQueue: 4, desk.OutboundQueue: 8, desk.TranscriptQueue: 2, desk.MediaQueue: 2,
}

// openGateway opens the file and the ports; an error names the setting to blame. Nothing is served before Run.
func openGateway(cfg config.Local, log *slog.Logger) (*gateway, error) {
	if err := checkAddresses(cfg); err != nil {
		return nil, err
	}
	if err := checkReach(cfg); err != nil {
		return nil, err
	}
	if err := checkIssuer(cfg); err != nil {
		return nil, err
	}
	file, err := openFile(cfg)
	if err != nil {
		return nil, err
	}
	g, err := listen(cfg, file, log)
	if err != nil {
		return nil, errors.Join(err, file.Abandon())
	}
	return g, nil
}

// checkAddresses refuses settings that are no addresses.
func checkAddresses(cfg config.Local) error {
	for _, s := range []struct{ name, address string }{{config.EnvAddr, cfg.Addr}, {config.EnvDownloadsAddr, cfg.DownloadsAddr}} {
		_, port, err := net.SplitHostPort(s.address)
		if err == nil {
			_, err = strconv.ParseUint(port, 10, 16)
		}
		if err != nil {
			return fmt.Errorf("%s: %q is no address such as 127.0.0.1:8080", s.name, s.address)
		}
	}
	public, err := url.Parse(cfg.PublicURL)
	if err != nil || public.Host == "" || public.Path != "" || public.Scheme != "http" && public.Scheme != "https" {
		return fmt.Errorf("%s: %q is no address such as https://desk.example", config.EnvPublicURL, cfg.PublicURL)
	}
	return nil
}

// checkReach refuses to let strangers sign in: the desk's own issuer asks for no password.
func checkReach(cfg config.Local) error {
	if cfg.Issuer != "" || onlyHere(cfg) {
		return nil
	}
	name, value := config.EnvAddr, cfg.Addr
	if isLoopback(hostOf(cfg.Addr)) {
		name, value = config.EnvPublicURL, cfg.PublicURL
	}
	return fmt.Errorf("%s: with %s others than this machine reach the desk, and its own sign-in page asks for no password; "+
		"use an address such as 127.0.0.1:8080, or set %s", name, value, config.EnvIssuer)
}

// checkIssuer refuses an issuer whose keys would come over a network in the clear: whoever sits between could sign in.
func checkIssuer(cfg config.Local) error {
	if cfg.Issuer == "" {
		return nil
	}
	issuer, err := url.Parse(cfg.Issuer)
	if err != nil || issuer.Host == "" || issuer.Scheme != "https" && issuer.Scheme != "http" {
		return fmt.Errorf("%s: %q is no address such as https://id.example/realms/desk", config.EnvIssuer, cfg.Issuer)
	}
	if issuer.Scheme == "http" && !isLoopback(issuer.Hostname()) {
		return fmt.Errorf("%s: %q is another machine's, and its keys would come unprotected: use https", config.EnvIssuer, cfg.Issuer)
	}
	return nil
}

func listen(cfg config.Local, file *local.File, log *slog.Logger) (*gateway, error) {
	desks, err := listenOn(config.EnvAddr, cfg.Addr)
	if err != nil {
		return nil, err
	}
	downloads, err := listenOn(config.EnvDownloadsAddr, cfg.DownloadsAddr)
	if err != nil {
		return nil, errors.Join(err, desks.Close())
	}
	public := cfg.PublicURL
	if public == "http://"+cfg.Addr { // the default; the port may be one that the system chose
		public = "http://" + reachable(desks, "127.0.0.1")
	}
	g := &gateway{desks: desks, downloads: downloads}
	g.house, err = furnish(file, cfg, public, "http://"+reachable(downloads, hostname(public)), log)
	if err == nil {
		err = complete(config.Functions, g.functions())
	}
	if err != nil {
		return nil, errors.Join(err, desks.Close(), downloads.Close())
	}
	if g.loopback && cfg.GraphURL == "" {
		g.phone = newPhone(g.desk, g.secrets, "http://"+reachable(desks, "127.0.0.1"))
	}
	return g, nil
}

func listenOn(setting, address string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s: %s is taken by another program; stop it, or set another address", setting, address)
	case err != nil:
		return nil, fmt.Errorf("%s: cannot listen on %s: %w", setting, address, err)
	}
	return l, nil
}

// reachable gives the host and port under which a listener is reached; host stands for all addresses.
func reachable(l net.Listener, host string) string {
	own, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return l.Addr().String()
	}
	if ip := net.ParseIP(own); ip == nil || !ip.IsUnspecified() {
		host = own
	}
	return net.JoinHostPort(host, port)
}

func hostname(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Hostname()
}

// Run serves until ctx ends or something fails that nothing goes on without. At the end requests, jobs and changes under
// way are finished; what waits stays in the file.
func (g *gateway) Run(ctx context.Context) error {
	if g.issuer != nil {
		if err := g.rehome(context.WithoutCancel(ctx)); err != nil {
			return fmt.Errorf("move the agents' sign-ins to %s: %w", g.issuerName(), dataFault(g.cfg, err))
		}
	}
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	failed := make(chan error, 16)
	var working, serving sync.WaitGroup
	for _, start := range g.background() {
		working.Go(func() {
			if err := start(work); err != nil {
				failed <- err
			}
		})
	}
	servers := []*http.Server{g.server(g.handler()), g.server(g.blobs.DownloadHandler())}
	for i, listener := range []net.Listener{g.desks, g.downloads} {
		serving.Go(func() {
			if err := servers[i].Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("serve %s: %w", listener.Addr(), err)
			}
		})
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	err = errors.Join(err, g.drain(ctx, servers))
	serving.Wait()
	stopWork()
	working.Wait()
	return err
}

// drain ends the doors: no new requests, those under way are answered, sockets are closed.
func (g *gateway) drain(ctx context.Context, servers []*http.Server) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	var errs []error
	for _, s := range servers {
		if err := s.Shutdown(ctx); err != nil {
			errs = append(errs, fmt.Errorf("requests were cut off: %w", err), s.Close())
		}
	}
	return errors.Join(append(errs, g.live.Shutdown(ctx))...)
}

func (g *gateway) server(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: bodyTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(g.log.Handler(), slog.LevelDebug),
	}
}

// background gives what runs beside the doors: the workers of the queues, the timers and the change stream, each started
// as the wiring table says, and the removal of what expired.
func (g *gateway) background() []func(context.Context) error {
	functions := g.functions()
	timers := map[desk.TimerName]func(context.Context, desk.Timer) error{}
	runs := []func(context.Context) error{g.file.Table().Sweep, func(ctx context.Context) error {
		return g.timers.Run(ctx, func(ctx context.Context, t desk.Timer) error { return timers[t.Name](ctx, t) })
	}}
	if g.phone != nil {
		runs = append(runs, g.phone.run)
	}
	for _, row := range config.Functions {
		f := functions[row.Name]
		if row.Timer != "" {
			timers[desk.TimerName(row.Timer)] = f.timer
		}
		if row.Queue != "" {
			queue := desk.QueueName(row.Queue)
			runs = append(runs, func(ctx context.Context) error { return g.queue.Run(ctx, queue, max(1, workers[queue]), f.queue) })
		}
		if row.Stream {
			runs = append(runs, func(ctx context.Context) error { return g.file.Stream().Run(ctx, f.stream) })
		}
	}
	return runs
}

// Close ends the use of the file and of the ports, if Run did not.
func (g *gateway) Close() error {
	g.closePorts()
	return g.house.Close()
}

// abandon is Close for a gateway that could not be made ready.
func (g *gateway) abandon() error {
	g.closePorts()
	return g.house.abandon()
}

func (g *gateway) closePorts() {
	for _, l := range []net.Listener{g.desks, g.downloads} {
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			g.log.Warn("a port was not closed", "address", l.Addr().String(), "error", err)
		}
	}
}
