// Command relevo is the desk in one process, and the operator's commands. It holds no rule of the product: it wires the
// rooms of internal/ to one file and a port, and shows the plain pages of the local desk.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // it was tried and did not work
	exitUsage  = 2 // the command line makes no sense
)

// command is one of the operator's commands; each lies in the file of its name.
type command struct {
	name    string
	args    string // what follows the flags, as the help shows it
	summary string // one line
	help    string // more lines, "" for none
	flags   func(*flag.FlagSet)
	run     func(ctx context.Context, out io.Writer, args []string) error
}

// errUsage marks an error of the command line, as against one of the work.
var errUsage = errors.New("see --help")

func commands() []command {
	return []command{runCommand(), seedCommand(), frontCommand(), invokeCommand(), secretCommand(), versionCommand()}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := start(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// start does what the command line asks and gives the exit code.
func start(ctx context.Context, args []string, out, errs io.Writer) int {
	if len(args) == 0 {
		usage(errs)
		return exitUsage
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		if len(args) > 1 {
			return start(ctx, []string{args[1], "--help"}, out, errs)
		}
		usage(out)
		return exitOK
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.start(ctx, args[1:], out, errs)
		}
	}
	say(errs, "relevo: there is no command %q\n\n", args[0])
	usage(errs)
	return exitUsage
}

func (c command) start(ctx context.Context, args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if c.flags != nil {
		c.flags(flags)
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		c.usage(out, flags)
		return exitOK
	case err != nil:
		say(errs, "relevo %s: %v (see relevo %s --help)\n", c.name, err, c.name)
		return exitUsage
	}
	switch err := c.run(ctx, out, flags.Args()); {
	case errors.Is(err, errUsage):
		say(errs, "relevo %s: %v\n", c.name, err)
		return exitUsage
	case err != nil:
		say(errs, "relevo %s: %v\n", c.name, err)
		return exitFailed
	}
	return exitOK
}

func usage(to io.Writer) {
	say(to, "Relevo is a customer-support desk.\n\nUsage: relevo <command> [flags]\n\n")
	for _, c := range commands() {
		say(to, "  %-32s %s\n", strings.TrimSpace(c.name+" "+c.args), c.summary)
	}
	say(to, "\nrelevo <command> --help tells more. Settings come from the environment: see docs/operations.md.\n")
}

func (c command) usage(to io.Writer, flags *flag.FlagSet) {
	say(to, "Usage: %s\n\n%s.\n", strings.TrimSpace("relevo "+c.name+" [flags] "+c.args), c.summary)
	if c.help != "" {
		say(to, "\n%s\n", c.help)
	}
	flags.SetOutput(to)
	say(to, "\nFlags:\n")
	flags.PrintDefaults()
	say(to, "  -help\n    \tPrint this.\n")
}

// noArgs refuses what follows the flags.
func noArgs(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%q is one argument too many: %w", args[0], errUsage)
	}
	return nil
}

// say writes to the operator's terminal; where that fails, nobody is left to tell.
func say(to io.Writer, format string, args ...any) {
	fmt.Fprintf(to, format, args...)
}
