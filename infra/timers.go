package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsscheduler"
	"github.com/aws/jsii-runtime-go"

	"github.com/relevo/relevo/internal/config"
)

// addSchedules makes the group of the desk's one-off schedules, and the role with which Scheduler starts the functions
// of timers, and no others. The functions come later, so they are named.
func (d *desk) addSchedules() {
	d.schedules = awsscheduler.NewCfnScheduleGroup(d.Stack, text("Schedules"), &awsscheduler.CfnScheduleGroupProps{Name: text(d.name("timers"))})
	var targets []*string
	for _, row := range config.Functions {
		if row.Timer != "" {
			targets = append(targets, d.functionARN(row.Name))
		}
	}
	d.starter = awsiam.NewRole(d.Stack, text("Starter"), &awsiam.RoleProps{
		Description: text("EventBridge Scheduler starts the desk's timers"),
		AssumedBy: awsiam.NewServicePrincipal(text("scheduler.amazonaws.com"), &awsiam.ServicePrincipalOpts{Conditions: &map[string]any{
			"StringEquals": map[string]any{"aws:SourceAccount": d.Account()},
		}}),
		InlinePolicies: policies(
			allow(jsii.Strings("lambda:InvokeFunction"), targets...),
			allow(jsii.Strings("sqs:SendMessage"), d.dead[unhandled].QueueArn()), // what it could not deliver
		),
	})
}

// functionARN names a function before it is there.
func (d *desk) functionARN(name string) *string {
	return d.arn("lambda", "function:", text(d.name(name)))
}
