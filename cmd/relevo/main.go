// Command relevo is the desk in one process, and the operator's commands. It holds no rule of the product: it wires the
// rooms of internal/ to one file and a port, and shows the pages of the local desk.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
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
	name    string // one word, or two: a noun and what is done to it
	args    string // what follows the flags, as the help shows it
	summary string // one line
	help    string // more lines, "" for none
	flags   func(*flag.FlagSet)
	run     func(ctx context.Context, out io.Writer, args []string) error
}

// errUsage marks an error of the command line, as against one of the work.
var errUsage = errors.New("see --help")

func commands() []command {
	return slices.Concat([]command{runCommand(), seedCommand(), accountCommand(), secretCommand()}, deadCommands(),
		[]command{timersCommand(), costCommand(), readyCommand(), publishCommand(), frontCommand(), invokeCommand(), versionCommand()})
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
			return start(ctx, append(slices.Clone(args[1:]), "--help"), out, errs)
		}
		usage(out)
		return exitOK
	}
	for _, c := range commands() {
		if words := strings.Fields(c.name); len(args) >= len(words) && slices.Equal(args[:len(words)], words) {
			return c.start(ctx, args[len(words):], out, errs)
		}
	}
	if group := commandsOf(args[0]); len(group) > 0 {
		to, code := errs, exitUsage
		if len(args) > 1 && strings.HasSuffix(args[1], "-help") {
			to, code = out, exitOK
		}
		say(to, "relevo %s does one of these:\n\n", args[0])
		list(to, group)
		return code
	}
	say(errs, "relevo: there is no command %q\n\n", args[0])
	usage(errs)
	return exitUsage
}

// commandsOf gives the commands whose noun is the word.
func commandsOf(noun string) []command {
	return slices.DeleteFunc(commands(), func(c command) bool { return !strings.HasPrefix(c.name, noun+" ") })
}

// parse reads flags, also those that stand behind other arguments, which it gives back.
func parse(flags *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return rest, nil
		}
		rest, args = append(rest, flags.Arg(0)), flags.Args()[1:]
	}
}

func (c command) start(ctx context.Context, args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if c.flags != nil {
		c.flags(flags)
	}
	rest, err := parse(flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		c.usage(out, flags)
		return exitOK
	case err != nil:
		say(errs, "relevo %s: %v (see relevo %s --help)\n", c.name, err, c.name)
		return exitUsage
	}
	switch err := advised(c.run(ctx, out, rest)); {
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
	list(to, commands())
	say(to, "\nrelevo <command> --help tells more. Settings come from the environment: see docs/operations.md.\n")
}

func list(to io.Writer, all []command) {
	for _, c := range all {
		say(to, "  %-32s %s\n", strings.TrimSpace(c.name+" "+c.args), c.summary)
	}
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
