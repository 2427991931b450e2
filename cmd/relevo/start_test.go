package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/desk"
)

// localSettings are those of a desk on ports of the system's choice.
func localSettings(t *testing.T) config.Local {
	t.Helper()
	t.Setenv(config.EnvAddr, "127.0.0.1:0")
	t.Setenv(config.EnvDownloadsAddr, "127.0.0.1:0")
	t.Setenv(config.EnvData, filepath.Join(t.TempDir(), "data"))
	cfg, err := config.LoadLocal()
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// TestFailedStart leaves nothing behind where nothing was, and everything where something was.
func TestFailedStart(t *testing.T) {
	cfg := localSettings(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	bad := cfg
	bad.DownloadsAddr = taken.Addr().String()
	fails := func() {
		t.Helper()
		if g, err := openGateway(bad, newLog(t.Output(), false)); err == nil {
			t.Fatal("it started on a port that is taken", g.Close())
		}
	}
	fails()
	if _, err := os.Stat(cfg.Data); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the data folder of a start that failed: %v", err)
	}
	g, err := openGateway(cfg, newLog(t.Output(), false))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	fails()
	if _, err := os.Stat(filepath.Join(cfg.Data, "desk.db")); err != nil {
		t.Errorf("a failed start took the desk's file away: %v", err)
	}
}

// TestFullDisk is blamed on the disk, whichever setting needed the file.
func TestFullDisk(t *testing.T) {
	cfg := localSettings(t)
	full := desk.Wrap(desk.Unavailable, &os.PathError{Op: "write", Path: "desk.db", Err: syscall.ENOSPC}, "read the desk's own key issuer")
	for _, err := range []error{full, errors.New("file sync error: " + syscall.ENOSPC.Error()), fmt.Errorf("seed: %w", syscall.EDQUOT)} {
		said := fault(cfg, config.EnvPublicURL, err).Error()
		if !strings.Contains(said, config.EnvData) || !strings.Contains(said, "full") || strings.Contains(said, config.EnvPublicURL) {
			t.Errorf("%v is told as %q", err, said)
		}
	}
	if said := fault(cfg, config.EnvPublicURL, errors.New("no address")).Error(); !strings.Contains(said, config.EnvPublicURL) {
		t.Errorf("another fault: %q", said)
	}
}

// TestIssuerIsProtected refuses keys that would come over a network in the clear.
func TestIssuerIsProtected(t *testing.T) {
	for issuer, ok := range map[string]bool{
		"": true, "https://id.example/realms/desk": true, "http://localhost:8090/realms/desk": true, "http://127.0.0.1:8090": true, "http://[::1]:8090": true,
		"http://id.example/realms/desk": false, "http://10.0.0.7": false, "ftp://id.example": false, "id.example": false,
	} {
		t.Run(issuer, func(t *testing.T) {
			cfg := localSettings(t)
			cfg.Issuer = issuer
			g, err := openGateway(cfg, newLog(t.Output(), false))
			if err == nil {
				err = g.Close()
				if !ok {
					t.Error("it started")
				}
			}
			if err != nil && (ok || !strings.Contains(err.Error(), config.EnvIssuer)) {
				t.Error(err)
			}
		})
	}
}
