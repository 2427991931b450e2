// Package config holds every environment name of the product and the wiring table: which function serves which routes,
// queue, timer or stream. The local gateway and the infrastructure both read it, so what runs locally is what is
// deployed.
package config

import (
	"os"
	"strings"
)

// Environment names read by the local desk. Those that only Lambdas read stand in cloud.go.
const (
	EnvAddr             = "RELEVO_ADDR"              // host:port to listen on
	EnvData             = "RELEVO_DATA"              // folder that holds the desk's one file
	EnvSMTPURL          = "RELEVO_SMTP_URL"          // smtp://user:password@host:port; empty: only the mailbox page
	EnvIssuer           = "RELEVO_ISSUER"            // OpenID Connect issuer; empty: the local desk's own
	EnvAudience         = "RELEVO_AUDIENCE"          // audience that access tokens must carry
	EnvGraphURL         = "RELEVO_GRAPH_URL"         // base of the WhatsApp Graph API; empty: the local phone page
	EnvPublicURL        = "RELEVO_PUBLIC_URL"        // how browsers reach the desk; empty: http://<addr>
	EnvDownloadsAddr    = "RELEVO_DOWNLOADS_ADDR"    // host:port of the second origin that serves attachments
	EnvMaxAttachmentMiB = "RELEVO_MAX_ATTACHMENT_MB" // size limit of one attachment in MiB
)

// Local is the configuration of the desk in one process.
type Local struct {
	Addr          string
	DownloadsAddr string
	Data          string
	SMTPURL       string
	Issuer        string
	Audience      string
	GraphURL      string
	PublicURL     string
	MaxAttachment int64 // bytes
}

// LoadLocal reads the environment and fills in the defaults; an error names the setting to blame.
func LoadLocal() (Local, error) {
	c := Local{
		Addr:          or(EnvAddr, "127.0.0.1:8080"),
		DownloadsAddr: or(EnvDownloadsAddr, "127.0.0.1:8081"),
		Data:          or(EnvData, "./.relevo"),
		SMTPURL:       os.Getenv(EnvSMTPURL),
		Issuer:        os.Getenv(EnvIssuer),
		Audience:      or(EnvAudience, "relevo"),
		GraphURL:      os.Getenv(EnvGraphURL),
		PublicURL:     os.Getenv(EnvPublicURL),
	}
	var err error
	if c.MaxAttachment, err = maxAttachment(); err != nil {
		return c, err
	}
	if c.PublicURL == "" {
		c.PublicURL = "http://" + c.Addr
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	return c, nil
}

func or(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}
