package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/live"
)

// signIn says in whose name an invocation asks; at most one is set.
type signIn struct {
	agent   string // e-mail address
	visitor string // public key of an inbox
}

func invokeCommand() command {
	var as signIn
	return command{
		name: "invoke", args: "<function> <event file>", summary: "Give an AWS event to a function, and print its answer",
		help: `The event has the shape in which AWS sends it to the Lambda of that name; the folder
events/ has some of every kind. The function works on the data folder of a desk that
is stopped: a running desk has its data for itself. What follows from what it stores
(relay, queues, timers) is done when the desk runs again.

Tokens in a file are old: -agent and -visitor put a good one in their place.`,
		flags: func(f *flag.FlagSet) {
			f.StringVar(&as.agent, "agent", "", "Sign an HTTP request in as the agent with this `e-mail` address, at the desk's own issuer.")
			f.StringVar(&as.visitor, "visitor", "", "Let an HTTP request come from a new visitor of the inbox with this public `key`.")
		},
		run: func(ctx context.Context, out io.Writer, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("want a function and an event file: %w", errUsage)
			}
			if as.agent != "" && as.visitor != "" {
				return fmt.Errorf("-agent and -visitor exclude each other: %w", errUsage)
			}
			cfg, err := config.LoadLocal()
			if err != nil {
				return err
			}
			return invoke(ctx, out, cfg, as, args[0], args[1])
		},
	}
}

// invoke gives the event in the file to the function and prints its answer.
func invoke(ctx context.Context, out io.Writer, cfg config.Local, as signIn, name, path string) error {
	row, err := functionNamed(name)
	if err != nil {
		return err
	}
	event, err := readEvent(path)
	if err != nil {
		return err
	}
	log := newLog(os.Stderr, false)
	slog.SetDefault(log)
	h, err := openHouse(cfg, log)
	if err != nil {
		return err
	}
	answer, err := h.invoke(ctx, row, as, event)
	if err != nil {
		err = fmt.Errorf("%s with %s: %w", name, path, err)
	}
	if err := errors.Join(err, h.Close()); err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, answer, "", "  "); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	say(out, "%s\n", pretty.Bytes())
	return nil
}

func functionNamed(name string) (config.Function, error) {
	var names []string
	for _, row := range config.Functions {
		if row.Name == name {
			return row, nil
		}
		names = append(names, row.Name)
	}
	slices.Sort(names)
	return config.Function{}, fmt.Errorf("there is no function %q, but %s: %w", name, strings.Join(names, ", "), errUsage)
}

// readEvent reads a file that may be an event.
func readEvent(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the event: %w", err)
	}
	defer file.Close()
	event, err := io.ReadAll(io.LimitReader(file, cloud.MaxPayload+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the event: %w", err)
	case len(event) > cloud.MaxPayload:
		return nil, fmt.Errorf("%s is larger than the %d MiB that Lambda takes", path, cloud.MaxPayload>>20)
	case !json.Valid(event):
		return nil, fmt.Errorf("%s is no JSON", path)
	}
	return event, nil
}

// openHouse wires a desk on a data folder that is there, and that no other desk uses.
func openHouse(cfg config.Local, log *slog.Logger) (*house, error) {
	if _, err := os.Stat(cfg.Data); err != nil {
		return nil, fmt.Errorf("%s: there is no data folder %s yet; relevo run or relevo seed makes one: %w", config.EnvData, cfg.Data, err)
	}
	file, err := openFile(cfg)
	if err != nil {
		return nil, err
	}
	h, err := furnish(file, cfg, cfg.PublicURL, "http://"+cfg.DownloadsAddr, log)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return h, nil
}

// invoke does one invocation as Lambda would.
func (h *house) invoke(ctx context.Context, row config.Function, as signIn, event []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, row.Timeout)
	defer cancel()
	var token string
	var err error
	switch {
	case as.agent != "":
		var stop func() error
		if token, stop, err = h.agentToken(ctx, as.agent); err != nil {
			return nil, err
		}
		defer func() {
			if err := stop(); err != nil {
				h.log.Warn("the issuer was not stopped", "error", err)
			}
		}()
	case as.visitor != "":
		if token, err = h.visitorToken(ctx, as.visitor); err != nil {
			return nil, err
		}
	}
	if token != "" {
		if event, err = authorize(event, token); err != nil {
			return nil, err
		}
	}
	return cloud.Handle(ctx, row, h.host(row), event)
}

// host is a function as Lambda hosts it.
func (h *house) host(row config.Function) cloud.Host {
	f := h.functions()[row.Name]
	host := cloud.Host{Work: f.queue, Relay: f.stream, Fire: f.timer, Log: h.log}
	if f.routes != nil {
		host.HTTP = f.routes(row.Routes)
	}
	if row.Socket {
		endpoint := live.NewEndpoint(h.desk, live.EndpointOptions{Origins: []string{h.public}})
		host.Socket = cloud.Socket{Connect: endpoint.Connect, Receive: endpoint.Receive, Disconnect: endpoint.Disconnect, Refuse: h.api.Refuse}
	}
	return host
}

// invokeToken is how long a token made for an invocation is good.
const invokeToken = 5 * time.Minute

// agentToken makes an access token of an agent, and serves the issuer's keys, where its tokens say that they are, until
// stop.
func (h *house) agentToken(ctx context.Context, email string) (token string, stop func() error, err error) {
	if h.issuer == nil {
		return "", nil, fmt.Errorf("%s: agents sign in at %s; put one of its tokens into the event", config.EnvIssuer, h.cfg.Issuer)
	}
	people, err := h.people(ctx)
	if err != nil {
		return "", nil, err
	}
	for _, p := range people {
		if !strings.EqualFold(p.Email, email) {
			continue
		}
		if token, err = h.issuer.Token(p.Subject, invokeToken); err != nil {
			return "", nil, err
		}
		listener, err := listenOn(config.EnvAddr, h.cfg.Addr)
		if err != nil {
			return "", nil, err
		}
		server := &http.Server{Handler: h.issuer, ReadHeaderTimeout: invokeToken}
		ended := make(chan error, 1)
		go func() { ended <- server.Serve(listener) }()
		return token, func() error {
			err := server.Close()
			if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
				err = errors.Join(err, served)
			}
			return err
		}, nil
	}
	return "", nil, fmt.Errorf("no agent with the address %s signs in at %s", email, h.issuerName())
}

// visitorToken begins a session in an inbox.
func (h *house) visitorToken(ctx context.Context, inbox string) (string, error) {
	session, err := h.desk.StartSession(ctx, desk.Arrival{Inbox: inbox})
	if err != nil {
		return "", fmt.Errorf("begin a session in the inbox %s: %w", inbox, err)
	}
	token, _, err := api.NewVisitorTokens(h.secrets, nil).Mint(ctx, session.Visitor)
	return token, err
}

// authorize puts the token into the event of an HTTP request.
func authorize(event []byte, token string) ([]byte, error) {
	var request map[string]json.RawMessage
	headers := map[string]string{}
	err := json.Unmarshal(event, &request)
	if raw, ok := request["headers"]; ok && err == nil {
		err = json.Unmarshal(raw, &headers)
	}
	if err != nil || request["rawPath"] == nil {
		return nil, desk.Errorf(desk.Invalid, "only the event of an HTTP request can be signed in")
	}
	headers["authorization"] = "Bearer " + token
	if request["headers"], err = json.Marshal(headers); err != nil {
		return nil, err
	}
	return json.Marshal(request)
}
