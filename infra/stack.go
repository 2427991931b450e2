// Package infra is the desk on AWS as a CDK stack, one file for each concern. It exists so that what is deployed is what
// config's wiring table says: functions, routes, queues, timers and rights are derived from it, and nothing is listed
// twice. It names no account and no region; a stage is chosen when it is synthesized.
//
// Read [New] for the order in which things are built, then the file of a concern.
package infra

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsscheduler"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/relevo/relevo/internal/config"
)

// Options are what differs between two deployments.
type Options struct {
	Stage    string // dev or prod: prod keeps what holds data when the stack is destroyed
	Emulator bool   // leaves out what emulators of AWS refuse; localstack/README.md lists it
	Endpoint string // the emulator's address, as functions call it
	Binaries string // folder with <function>/bootstrap
	Arch     string // arm64 or amd64, of the binaries
	Mail     string // the address that mail comes from, such as desk@example.com
	Public   string // how browsers reach the desk; "": CloudFront's own address
	// Certificate is the ARN of a certificate for the name in Public, under which CloudFront then answers; "": it answers
	// under its own name only.
	Certificate string
	GraphURL    string // base of the WhatsApp Graph API; "": Meta's
	Alarms      string // e-mail address that is told of alarms; "": nobody yet
}

func (o Options) check() error {
	words := config.Deployment{Stage: o.Stage, Mail: o.Mail, Public: o.Public, Certificate: o.Certificate, Alarms: o.Alarms}
	if o.Emulator {
		words.Public = "" // a front on this machine, without TLS
	}
	if err := words.Check(); err != nil {
		return err
	}
	if o.Arch != "arm64" && o.Arch != "amd64" {
		return fmt.Errorf("arch %q: want arm64 or amd64 (-c arch=arm64)", o.Arch)
	}
	for _, row := range config.Functions {
		if _, err := os.Stat(filepath.Join(o.Binaries, row.Name, "bootstrap")); err != nil {
			return fmt.Errorf("the function %s is not built for %s: run make functions ARCH=%s (%w)", row.Name, o.Arch, o.Arch, err)
		}
	}
	return nil
}

// desk is the stack while it is built: what one concern makes and another refers to.
type desk struct {
	awscdk.Stack
	Options

	table     awsdynamodb.Table
	queues    map[string]awssqs.Queue // by their names in the wiring table
	dead      map[string]awssqs.Queue // dead-letter queues, by what fails
	files     awss3.Bucket            // attachments
	pages     awss3.Bucket            // console and widget
	schedules awsscheduler.CfnScheduleGroup
	starter   awsiam.Role
	http      awsapigatewayv2.CfnApi
	live      awsapigatewayv2.CfnApi
	pool      awscognito.CfnUserPool
	client    awscognito.CfnUserPoolClient
	public    *string // how browsers reach the desk
	web       *string // the name that CloudFront gives it
	mail      mail
	functions map[string]awslambda.Function // by their names in the wiring table
}

// New adds the stack relevo-<stage> to an app. An error names the option to blame.
func New(app constructs.Construct, o Options) (awscdk.Stack, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	d := &desk{Options: o, queues: map[string]awssqs.Queue{}, dead: map[string]awssqs.Queue{}, functions: map[string]awslambda.Function{}}
	d.Stack = awscdk.NewStack(app, text(d.name("")), &awscdk.StackProps{
		Description:           text("Relevo, a customer-support desk (" + o.Stage + ")"),
		TerminationProtection: jsii.Bool(o.Stage == "prod"),
		Tags:                  &map[string]*string{"app": text("relevo"), "stage": text(o.Stage)},
	})
	d.addTable()
	d.addQueues()
	d.addBuckets()
	d.addMail()
	d.addAPIs()
	d.addWeb()
	d.addSignIn()
	d.addSchedules()
	d.addFunctions()
	d.addRoutes()
	d.addSocket()
	d.addSources()
	d.addAlarms()
	d.addDashboard()
	d.addOutputs()
	return d.Stack, nil
}

// host is the name in Public.
func (d *desk) host() string { return strings.TrimRight(strings.TrimPrefix(d.Public, "https://"), "/") }

// name gives the name of a thing of this stage: relevo-dev-inbound. Only what others look for by name has one.
func (d *desk) name(of string) string { return strings.TrimSuffix("relevo-"+d.Stage+"-"+of, "-") }

// removal is what becomes of things that hold data when the stack is destroyed.
func (d *desk) removal() awscdk.RemovalPolicy {
	if d.Stage == "prod" {
		return awscdk.RemovalPolicy_RETAIN
	}
	return awscdk.RemovalPolicy_DESTROY
}

// addOutputs prints what people and scripts need to know of the deployed stack.
func (d *desk) addOutputs() {
	for name, value := range map[string]*string{
		"PublicURL": d.public, "ApiURL": d.http.AttrApiEndpoint(), "ApiID": d.http.Ref(), "LiveID": d.live.Ref(), "UserPoolID": d.pool.Ref(),
		"ClientID": d.client.Ref(), "Issuer": d.issuer(), "TableName": d.table.TableName(), "FilesBucket": d.files.BucketName(),
		"PagesBucket": d.pages.BucketName(), "SignInURL": d.signInURL(), "WebHost": d.web,
	} {
		awscdk.NewCfnOutput(d.Stack, text("Out"+name), &awscdk.CfnOutputProps{Value: value}).OverrideLogicalId(text(name))
	}
}

// text is a string as the CDK wants it.
func text(s string) *string { return &s }

// join makes one string of parts that are known at deployment only.
func join(parts ...*string) *string { return awscdk.Fn_Join(text(""), &parts) }

// id makes a logical id of a name: inbound.fifo -> InboundFifo.
func id(name string) string {
	var b strings.Builder
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z' }) {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}
