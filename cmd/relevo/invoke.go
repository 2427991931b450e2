package main

import (
	"context"
	"io"
)

func invokeCommand() command {
	return command{
		name: "invoke", args: "<function> <event file>", summary: "Give an AWS event to a function, and print its answer",
		run: func(context.Context, io.Writer, []string) error { return nil },
	}
}
