// Command app is the CDK app: `cdk synth -c stage=dev -c mail=desk@example.com` and so on run it.
package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/relevo/relevo/infra"
)

func main() {
	app := awscdk.NewApp(nil)
	context := func(name, fallback string) string {
		if value, ok := app.Node().TryGetContext(&name).(string); ok && value != "" {
			return value
		}
		return fallback
	}
	arch := context("arch", "arm64")
	_, err := infra.New(app, infra.Options{
		Stage: context("stage", "dev"), Emulator: context("emulator", "") == "true", Endpoint: context("endpoint", "http://localhost:4566"),
		Arch: arch, Binaries: context("binaries", "bin/functions/"+arch),
		Mail: context("mail", ""), Public: context("public", ""), GraphURL: context("graph", ""), Alarms: context("alarms", ""),
		Certificate: context("certificate", ""),
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "infra:", err)
		os.Exit(1)
	}
	app.Synth(nil)
}
