package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

func frontCommand() command {
	address, outputs := "127.0.0.1:8090", ".cache/cdk/outputs.json"
	return command{
		name: "front", summary: "Stand before a desk deployed to an emulator",
		help: `It does what an emulator lacks: one address for the APIs, as CloudFront has on AWS;
with the pages of console and widget from the bucket; sign-in at the user pool; the
WhatsApp phone; the mailbox; access tokens. It also seeds the demo account. AWS_ENDPOINT_URL names the emulator: nothing of this goes to AWS.`,
		flags: func(f *flag.FlagSet) {
			f.StringVar(&address, "addr", address, "host:port to listen on, of this machine")
			f.StringVar(&outputs, "outputs", outputs, "what the deployment printed, as JSON")
		},
		run: func(ctx context.Context, out io.Writer, args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			f, err := newFront(ctx, address, outputs)
			if err != nil {
				return err
			}
			return f.serve(ctx, out)
		},
	}
}

// deployment is what the CDK prints of the stack.
type deployment struct {
	APIID, LiveID, UserPoolID, ClientID, Issuer, TableName, PagesBucket, FilesBucket string
}

// front is what stands before the deployed desk.
type front struct {
	deployment
	address string
	access  config.AWS
	desk    *desk.Desk
	secrets *cloud.Secrets
	phone   *phone
	pool    pool
	pages   *cloud.Pages
}

// newFront reads where the desk was deployed to.
func newFront(ctx context.Context, address, outputs string) (*front, error) {
	if !isLoopback(hostOf(address)) {
		return nil, fmt.Errorf("%s: the front gives tokens to whoever asks, and listens on this machine only", address)
	}
	access, err := config.LoadAWS()
	if err != nil {
		return nil, fmt.Errorf("%w: for an emulator, set %s=us-east-1 %s=test %s=test", err, config.EnvRegion, config.EnvAccessKeyID, config.EnvSecretAccessKey)
	}
	if access.EndpointURL == "" {
		return nil, fmt.Errorf("%s is not set, and the front stands before an emulator only: run make emulator emulator-deploy, and set it to the address that they print", config.EnvEndpointURL)
	}
	raw, err := os.ReadFile(outputs)
	if err != nil {
		return nil, fmt.Errorf("nothing was deployed from here, run make emulator-deploy: %w", err)
	}
	var stacks map[string]deployment
	if err := json.Unmarshal(raw, &stacks); err != nil || len(stacks) != 1 {
		return nil, fmt.Errorf("%s is not what a deployment of one stack prints: %w", outputs, err)
	}
	f := &front{address: address, access: access}
	for _, f.deployment = range stacks {
	}
	client, stack, err := openStage(ctx, "dev")
	if err != nil {
		return nil, err
	}
	if f.TableName != stack.Output("TableName") {
		return nil, fmt.Errorf("%s is of another deployment than the one on the emulator: run make emulator-deploy", outputs)
	}
	queue, err := settingsQueue(ctx, client, stack)
	if err != nil {
		return nil, err
	}
	f.secrets = cloud.NewSecrets(client, stack.SecretPrefix(), time.Now)
	f.desk = desk.New(desk.Ports{Store: store.New(client.Table(f.TableName), time.Now), Queue: queue, Secrets: f.secrets,
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil))})
	f.phone = newPhone(f.desk, f.secrets, "http://"+address)
	f.pages = cloud.NewPages(client, f.PagesBucket)
	f.pool = pool{access: access, id: f.UserPoolID, client: f.ClientID, back: "http://" + address + "/"}
	return f, nil
}

// serve seeds the desk and stands before it until ctx ends.
func (f *front) serve(ctx context.Context, out io.Writer) error {
	listener, err := listenOn("--addr", f.address)
	if err != nil {
		return err
	}
	defer listener.Close()
	if err := f.seed(ctx); err != nil {
		return err
	}
	go f.phone.run(ctx) //nolint:errcheck // it ends with ctx
	server := &http.Server{Handler: f.handler(), ReadHeaderTimeout: headerTime}
	context.AfterFunc(ctx, func() { server.Close() })
	say(out, "Relevo's front runs on http://%s\n", f.address)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", f.address, err)
	}
	return nil
}

// seed puts what the demo account lacks, with agents who sign in at the user pool.
func (f *front) seed(ctx context.Context) error {
	for _, setting := range demoSettings(f.Issuer) {
		if agent, ok := setting.(desk.Agent); ok {
			subject, err := f.pool.user(ctx, agent.Email)
			if err != nil {
				return fmt.Errorf("sign-in of %s: %w", agent.Email, err)
			}
			agent.Subject = subject
			setting = agent
		}
		if err := f.desk.SaveSetting(ctx, seeder(), setting); err != nil {
			kind, id := setting.Setting()
			return fmt.Errorf("%s %s: %w", kind, id, err)
		}
	}
	for name, value := range map[string]string{
		"visitor-key": "a-key-of-the-emulator-that-is-long-enough", inboxSecret(demoPhone, "access-token"): "demo-access-token",
		inboxSecret(demoPhone, "app-secret"): "demo-app-secret", inboxSecret(demoPhone, "verify-token"): "demo-verify",
	} {
		if err := f.secrets.SetSecret(ctx, demo, name, value); err != nil {
			return fmt.Errorf("secret %s: %w", name, err)
		}
	}
	return nil
}

// handler is everything on the front's address.
func (f *front) handler() http.Handler {
	mux := http.NewServeMux()
	open := func(next http.Handler) http.Handler { return next } // the listener is for this machine only
	f.phone.mount(mux, open)
	mux.HandleFunc("GET /mailbox", f.mailbox)
	mux.HandleFunc("POST /dev/token", f.token)
	mux.HandleFunc("POST /dev/user", f.user)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	f.mountPages(mux)
	mux.Handle("GET /live", f.proxy("/_aws/execute-api/"+f.LiveID, func(string, *http.Request) string { return "/live" }))
	api := f.proxy("/_aws/execute-api/"+f.APIID+"/$default", func(path string, r *http.Request) string {
		if strings.HasPrefix(path, "/v1/") && strings.HasPrefix(r.Header.Get("Authorization"), "Bearer rlv_") {
			return config.BotPrefix + path // as infra/door.js does
		}
		return path
	})
	for _, door := range []string{"/v1/", "/widget/v1/", "/webhooks/"} {
		mux.Handle(door, api)
	}
	return mux
}

// proxy leads to what lies under a path of the emulator, as CloudFront leads to the APIs of AWS.
func (f *front) proxy(under string, path func(string, *http.Request) string) http.Handler {
	endpoint, err := url.Parse(f.access.EndpointURL)
	if err != nil {
		return http.NotFoundHandler()
	}
	return &httputil.ReverseProxy{ModifyResponse: inOurWords, Rewrite: func(r *httputil.ProxyRequest) {
		raw := under + path(r.In.URL.EscapedPath(), r.In)
		plain, err := url.PathUnescape(raw)
		if err != nil {
			plain = raw
		}
		r.Out.URL = &url.URL{Scheme: endpoint.Scheme, Host: endpoint.Host, Path: plain, RawPath: raw, RawQuery: r.In.URL.RawQuery}
		r.Out.Host = endpoint.Host
		r.Out.Header.Set("X-Relevo-Viewer", r.In.RemoteAddr)
	}}
}

// inOurWords gives what the gateway itself refuses, which only its status tells, the body of openapi.yaml.
func inOurWords(r *http.Response) error {
	if r.StatusCode != http.StatusUnauthorized || r.Header.Get("X-Request-Id") != "" {
		return nil
	}
	if err := r.Body.Close(); err != nil {
		return err
	}
	body := `{"error":{"code":"unauthenticated","message":"refused at the gateway","request_id":"gateway"}}`
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Cache-Control", "no-store")
	r.Header.Set("X-Content-Type-Options", "nosniff")
	r.Header.Set("X-Request-Id", "gateway")
	r.Header.Set("WWW-Authenticate", `Bearer realm="relevo"`)
	return nil
}
