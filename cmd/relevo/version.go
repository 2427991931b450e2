package main

import (
	"context"
	"io"
	"runtime/debug"
)

func versionCommand() command {
	return command{
		name: "version", summary: "Print the version and what it was built with",
		run: func(_ context.Context, out io.Writer, args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			say(out, "relevo %s\n", version())
			return nil
		},
	}
}

// version names the build: the module's version, or the commit that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	text, commit, changed := info.Main.Version, "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			commit = " " + s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " with changes"
		}
	}
	return text + commit + changed + ", " + info.GoVersion
}
