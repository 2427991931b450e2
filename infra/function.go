package infra

import (
	"path/filepath"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/jsii-runtime-go"

	"github.com/relevo/relevo/internal/config"
)

// addFunctions makes a Lambda of every row of the wiring table, with a role and a log of its own.
func (d *desk) addFunctions() {
	for _, row := range config.Functions {
		log := d.newLog(row.Name, d.logName(row.Name))
		architecture := awslambda.Architecture_ARM_64()
		if d.Arch == "amd64" {
			architecture = awslambda.Architecture_X86_64()
		}
		function := awslambda.NewFunction(d.Stack, text("Function"+id(row.Name)), &awslambda.FunctionProps{
			FunctionName: text(d.name(row.Name)),
			Runtime:      awslambda.Runtime_PROVIDED_AL2023(), Architecture: architecture, Handler: text("bootstrap"),
			Code:       awslambda.Code_FromAsset(text(filepath.Join(d.Binaries, row.Name)), nil),
			MemorySize: jsii.Number(float64(row.MemoryMB)),
			Timeout:    awscdk.Duration_Seconds(jsii.Number(row.Timeout.Seconds())),
			Role:       d.newRole(row).WithoutPolicyUpdates(nil),
			LogGroup:   log,
			// Functions write JSON themselves. Lambda's own lines, three an invocation, are left out but for warnings: they
			// cost more than what they tell, which are metrics anyway.
			LoggingFormat: awslambda.LoggingFormat_JSON, SystemLogLevelV2: awslambda.SystemLogLevel_WARN,
			Environment: d.environment(row),
		})
		d.functions[row.Name] = function
		awscdk.Tags_Of(function).Add(text("function"), text(row.Name), nil)
	}
}

// environment is what the function reads at its start: the settings without which it does not start, and those that
// are there for all that may use them.
func (d *desk) environment(row config.Function) *map[string]*string {
	known := d.settings()
	env := map[string]*string{}
	for _, name := range config.CloudEnv(row) {
		env[name] = known[name] // one that is unknown here is missing in the template, which a test finds
	}
	if row.Needs.Timers {
		env[config.EnvScheduleDeadLetters] = d.dead[unhandled].QueueArn()
	}
	if row.Needs.Mail {
		env[config.EnvMailSet] = d.mail.set
	}
	if d.GraphURL != "" && slices.Contains(row.Needs.Secrets, config.WhatsAppAccess) {
		env[config.EnvGraphURL] = text(d.GraphURL)
	}
	return &env
}

// settings are the values of all settings of functions.
func (d *desk) settings() map[string]*string {
	all := map[string]*string{
		config.EnvStage: text(d.Stage), config.EnvTable: d.table.TableName(), config.EnvBucket: d.files.BucketName(), config.EnvPublicURL: d.public,
		config.EnvIssuer: d.issuer(), config.EnvAudience: d.client.Ref(), config.EnvLiveURL: d.management(), config.EnvMailFrom: text(d.Mail),
		config.EnvSecretPrefix: text(d.secretsPath()), config.EnvScheduleGroup: d.schedules.Ref(), config.EnvScheduleRole: d.starter.RoleArn(),
	}
	for _, row := range config.Functions {
		if row.Queue != "" {
			all[config.QueueEnv(row.Queue)] = d.queues[row.Queue].QueueUrl()
		}
		if row.Timer != "" {
			all[config.TimerEnv(row.Timer)] = d.functionARN(row.Name)
		}
	}
	return all
}

// logName is the name that Lambda gives to a function's log group by itself.
func (d *desk) logName(function string) *string { return text("/aws/lambda/" + d.name(function)) }

// newLog makes a log group that forgets.
func (d *desk) newLog(name string, group *string) awslogs.LogGroup {
	keep := awslogs.RetentionDays_TWO_WEEKS
	if d.Stage == "prod" {
		keep = awslogs.RetentionDays_THREE_MONTHS
	}
	return awslogs.NewLogGroup(d.Stack, text("Log"+id(name)), &awslogs.LogGroupProps{
		LogGroupName: group, Retention: keep, RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
	})
}

// accessLog is the log of an API: which route, how it ended, never what was said.
func (d *desk) accessLog(name, format string) *awsapigatewayv2.CfnStage_AccessLogSettingsProperty {
	log := d.newLog(name+"Access", text("/aws/apigateway/"+d.name(name)))
	return &awsapigatewayv2.CfnStage_AccessLogSettingsProperty{DestinationArn: log.LogGroupArn(), Format: text(format)}
}
