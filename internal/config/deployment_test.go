package config_test

import (
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/config"
)

func TestDeployment(t *testing.T) {
	good := config.Deployment{Stage: "prod", Mail: "desk@example.com", Public: "https://desk.example.com",
		Certificate: "arn:aws:acm:us-east-1:123456789012:certificate/a-1", Alarms: "you@example.com"}
	t.Run("OK", func(t *testing.T) {
		for _, d := range []config.Deployment{good, {Stage: "dev", Mail: "desk@mail.example.com"}} {
			if err := d.Check(); err != nil {
				t.Error(err)
			}
		}
	})
	for name, change := range map[string]func(*config.Deployment){
		"STAGE":       func(d *config.Deployment) { d.Stage = "test" },
		"MAIL":        func(d *config.Deployment) { d.Mail = "desk" },
		"PUBLIC":      func(d *config.Deployment) { d.Public = "http://desk.example.com" },
		"CERTIFICATE": func(d *config.Deployment) { d.Certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/a-1" },
		"ALARMS":      func(d *config.Deployment) { d.Alarms = "notmail" },
	} {
		t.Run("ErrInvalid/"+name, func(t *testing.T) {
			bad := good
			change(&bad)
			if err := bad.Check(); err == nil || !strings.HasPrefix(err.Error(), name+" ") {
				t.Errorf("got %v", err)
			}
		})
	}
}
