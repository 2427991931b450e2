// Command empty is the least that a function in Go can be: what the others' starts are held against.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
)

type nothing struct{}

// Invoke implements [lambda.Handler].
func (nothing) Invoke(context.Context, []byte) ([]byte, error) { //nolint:unparam // as the interface has it
	return []byte("null"), nil
}

func main() { lambda.Start(nothing{}) }
