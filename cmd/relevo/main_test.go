package main

import (
	"strings"
	"testing"
)

func TestCommandLine(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		code int
		out  string // part of the output, or of the complaint
	}{
		{"Nothing", nil, exitUsage, "Usage: relevo <command>"},
		{"Help", []string{"help"}, exitOK, "invoke <function> <event file>"},
		{"HelpOfACommand", []string{"help", "run"}, exitOK, "-empty"},
		{"FlagHelp", []string{"seed", "--help"}, exitOK, "Put the demo account"},
		{"Version", []string{"version"}, exitOK, "relevo "},
		{"TwoWords", []string{"help", "account", "create"}, exitOK, "-email"},
		{"HalfACommand", []string{"account"}, exitUsage, "account create"},
		{"FlagBehindArguments", []string{"secret", "visitor-key", "--help"}, exitOK, "-account"},
		{"NoSuchStage", []string{"account", "create", "-stage", "test", "-email", "a@b.test", "-name", "A"}, exitUsage, "want dev or prod"},
		{"UnknownCommand", []string{"fly"}, exitUsage, `no command "fly"`},
		{"UnknownFlag", []string{"run", "-fast"}, exitUsage, "relevo run --help"},
		{"TooMany", []string{"version", "now"}, exitUsage, "one argument too many"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := relevo(t, c.args...)
			if code != c.code || !strings.Contains(out+errs, c.out) {
				t.Errorf("exit %d\n%s%s", code, out, errs)
			}
		})
	}
	t.Run("BadSetting", func(t *testing.T) {
		t.Setenv("RELEVO_MAX_ATTACHMENT_MB", "many")
		if code, _, errs := relevo(t, "run"); code != exitFailed || !strings.Contains(errs, "RELEVO_MAX_ATTACHMENT_MB") {
			t.Errorf("exit %d: %s", code, errs)
		}
	})
}
