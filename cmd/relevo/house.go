package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/channel/webchat"
	"github.com/relevo/relevo/internal/channel/whatsapp"
	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/holidays"
	"github.com/relevo/relevo/internal/live"
	"github.com/relevo/relevo/internal/local"
	"github.com/relevo/relevo/internal/store"
)

// house is a desk with the local adapters on one file, and the servers of its doors. Nothing runs yet.
type house struct {
	cfg      config.Local
	public   string // how browsers reach the desk
	loopback bool   // only this machine reaches it

	downloadsOrigin string // where attachments are downloaded
	log             *slog.Logger

	file    *local.File
	queue   *local.Queue
	timers  *local.Timers
	mailer  *local.Mailer
	blobs   *local.Blobs
	secrets *local.Secrets
	push    *local.Push
	issuer  *local.Issuer // nil: another one is configured

	desk *desk.Desk
	api  *api.Server
	live *live.Server
	stop context.CancelFunc // of what the verifier fetches

	ledger *ledger // counts; nil: nothing is counted
}

// The paths of doors that are not in openapi.yaml: those of the local host.
const (
	uploadsPath = "/uploads"
	graphPath   = "/graph"
	oidcPath    = "/oidc"
)

// graphURL is where the WhatsApp Graph API is, where there is no phone page to stand in for it.
const graphURL = "https://graph.facebook.com"

// openFile opens the desk's file; an error names the setting to blame.
func openFile(cfg config.Local) (*local.File, error) {
	file, err := local.Open(cfg.Data)
	return file, dataFault(cfg, err)
}

// dataFault names the setting that an error of the data folder is about.
func dataFault(cfg config.Local, err error) error {
	switch {
	case err == nil:
		return nil
	case diskFull(err):
		return fmt.Errorf("%s: the disk that holds %s is full", config.EnvData, cfg.Data)
	case desk.Is(err, desk.Conflict):
		return fmt.Errorf("%s: the folder %s is in use by another desk; stop that one, or set another folder", config.EnvData, cfg.Data)
	case desk.Is(err, desk.Unavailable):
		return fmt.Errorf("%s: %w", config.EnvData, err)
	default:
		return err
	}
}

// diskFull reports whether a disk takes no more: bbolt passes some of the system's errors on as text alone.
func diskFull(err error) bool {
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT} {
		if errors.Is(err, full) || strings.Contains(fmt.Sprint(err), full.Error()) {
			return true
		}
	}
	return false
}

// fault blames a setting for an error, unless it is the disk's: what a setting is needed for writes into the file, too.
func fault(cfg config.Local, setting string, err error) error {
	if diskFull(err) {
		return dataFault(cfg, err)
	}
	return fmt.Errorf("%s: %w", setting, err)
}

// furnish wires a desk on the file. public and downloads are how browsers reach its two origins. The caller closes the
// house, and with it the file; after an error only the file.
func furnish(file *local.File, cfg config.Local, public, downloads string, log *slog.Logger) (*house, error) {
	h := &house{cfg: cfg, public: public, loopback: onlyHere(cfg), downloadsOrigin: downloads, log: log, file: file, queue: file.Queue(), timers: file.Timers(),
		secrets: file.Secrets(), push: local.NewPush()}
	var err error
	if h.mailer, err = file.Mailer(local.MailOptions{SMTPURL: cfg.SMTPURL}); err != nil {
		return nil, fault(cfg, config.EnvSMTPURL, err)
	}
	if err := h.wire(public + graphPath); err != nil {
		return nil, err
	}
	if err := h.trust(); err != nil {
		return nil, err
	}
	if h.blobs, err = file.Blobs(public+uploadsPath, downloads); err != nil {
		return nil, dataFault(cfg, err)
	}
	h.desk.Blobs = h.blobs
	return h, nil
}

// wire makes the desk, all but its blobs.
func (h *house) wire(phone string) error {
	base := h.cfg.GraphURL
	switch {
	case base != "":
	case h.loopback:
		base = phone
	default:
		base = graphURL
	}
	meta, err := whatsapp.NewClient(base, h.secrets, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", config.EnvGraphURL, err)
	}
	books := store.New(h.file.Table(), time.Now)
	h.desk = desk.New(desk.Ports{
		Store: books, Queue: h.queue, Timers: h.timers, Mailer: h.mailer, Secrets: h.secrets,
		Providers:     map[desk.Channel]desk.Provider{desk.WhatsApp: meta},
		Rich:          webchat.Rich,
		Holidays:      holidays.In,
		MaxAttachment: h.cfg.MaxAttachment,
		Log:           h.log,
	})
	h.desk.Announce = live.NewAnnouncer(books, h.push, live.Shapes(api.LiveShapes(h.desk)))
	return nil
}

// trust sets up who is believed: agents by the issuer, customers by the desk's own tokens; and the servers who ask.
func (h *house) trust() error {
	if h.cfg.Issuer == "" {
		issuer, err := h.file.Issuer(local.IssuerOptions{PublicURL: h.public, ClientID: consoleClient, Audience: h.cfg.Audience, People: h.people})
		if err != nil {
			return fault(h.cfg, config.EnvPublicURL, err)
		}
		h.issuer = issuer
	}
	ctx, stop := context.WithCancel(context.Background())
	h.stop = stop
	verify, err := api.NewVerifier(ctx, api.VerifierOptions{Issuer: h.issuerName(), Audience: h.cfg.Audience})
	if err != nil {
		stop()
		return fault(h.cfg, config.EnvIssuer+", "+config.EnvAudience, err)
	}
	h.api = api.New(h.desk, api.Options{
		Verify: verify, Visitors: api.NewVisitorTokens(h.secrets, nil), Log: h.log, More: h.otherRoutes(),
	})
	h.live = live.NewServer(live.NewEndpoint(h.desk, live.EndpointOptions{Origins: []string{h.public}}), h.push.Register,
		live.ServerOptions{Refuse: h.api.Refuse, Log: h.log})
	return nil
}

// consoleClient is the client id under which the agents' page signs in at the desk's own issuer.
const consoleClient = "relevo-console"

// issuerName is the issuer whose tokens are believed.
func (h *house) issuerName() string {
	if h.issuer == nil {
		return h.cfg.Issuer
	}
	return h.issuer.Name()
}

// people are those who may sign in at the desk's own issuer.
func (h *house) people(ctx context.Context) ([]local.Person, error) {
	settings, err := h.desk.Settings(ctx, demo)
	if err != nil {
		return nil, err
	}
	var people []local.Person
	for _, a := range desk.Sorted(settings.Agents) {
		if !a.Deleted && a.Issuer == h.issuerName() {
			people = append(people, local.Person{Subject: a.Subject, Name: a.Name, Email: a.Email, Role: string(a.Role)})
		}
	}
	return people, nil
}

// Close ends the use of the file.
func (h *house) Close() error {
	h.stop()
	return h.file.Close()
}

// abandon is Close for a house that could not be made ready: what this start made goes away again.
func (h *house) abandon() error {
	h.stop()
	return h.file.Abandon()
}

// onlyHere reports whether only programs on this machine reach the desk. Where others do, the local doors (the mailbox,
// the phone, the tokens for developers) are not there.
func onlyHere(cfg config.Local) bool {
	public, err := url.Parse(cfg.PublicURL)
	return err == nil && isLoopback(hostOf(cfg.Addr)) && isLoopback(public.Hostname())
}

// ownIssuer reports whether an issuer is that of a desk on this machine.
func ownIssuer(issuer string) bool {
	u, err := url.Parse(issuer)
	return err == nil && u.Path == oidcPath && isLoopback(u.Hostname())
}

func isLoopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// hostOf gives the host of host:port; "" for all of this machine's addresses.
func hostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}
