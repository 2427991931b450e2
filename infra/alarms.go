package infra

import (
	"maps"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/relevo/relevo/internal/config"
)

// metric is what an alarm watches.
type metric struct {
	namespace, name string
	of              map[string]*string // dimensions
	statistic       string
	seconds         float64
}

// addAlarms tells one topic of what a person must look at. Every alarm costs a dime a month, so those of functions watch
// all functions of the account and region together, and the dashboard tells them apart.
func (d *desk) addAlarms() {
	topic := awssns.NewTopic(d.Stack, text("Alarms"), &awssns.TopicProps{DisplayName: text(d.name("alarms"))})
	topic.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions: jsii.Strings("sns:Publish"), Resources: &[]*string{topic.TopicArn()},
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(text("cloudwatch.amazonaws.com"), nil)},
		Conditions: &map[string]any{"StringEquals": map[string]any{"AWS:SourceAccount": d.Account()}},
	}))
	if d.Alarms != "" {
		awssns.NewCfnSubscription(d.Stack, text("AlarmsByMail"), &awssns.CfnSubscriptionProps{
			TopicArn: topic.TopicArn(), Protocol: text("email"), Endpoint: text(d.Alarms),
		})
	}
	alarm := func(name, what string, m metric, above float64) {
		awscloudwatch.NewCfnAlarm(d.Stack, text("Alarm"+name), &awscloudwatch.CfnAlarmProps{
			AlarmName: text(d.name(name)), AlarmDescription: text(what), AlarmActions: &[]any{topic.TopicArn()}, OkActions: &[]any{topic.TopicArn()},
			Namespace: text(m.namespace), MetricName: text(m.name), Dimensions: dimensions(m.of), Statistic: text(m.statistic), Period: jsii.Number(m.seconds),
			EvaluationPeriods: jsii.Number(1), Threshold: jsii.Number(above), ComparisonOperator: text("GreaterThanThreshold"),
			TreatMissingData: text("notBreaching"),
		})
	}
	for _, name := range slices.Sorted(maps.Keys(d.dead)) {
		alarm("Dead"+id(name), "jobs failed for good: relevo dead-letters list", metric{"AWS/SQS", "ApproximateNumberOfMessagesVisible",
			map[string]*string{"QueueName": d.dead[name].QueueName()}, "Maximum", 300}, 0)
	}
	for _, row := range config.Functions {
		if row.Queue != "" {
			alarm("Age"+id(row.Queue), "jobs wait for five minutes and more", metric{"AWS/SQS", "ApproximateAgeOfOldestMessage",
				map[string]*string{"QueueName": d.queues[row.Queue].QueueName()}, "Maximum", 300}, 300)
		}
		if row.Stream {
			alarm("AgeStream", "changes of the table wait for a minute and more", metric{"AWS/Lambda", "IteratorAge",
				map[string]*string{"FunctionName": d.functions[row.Name].FunctionName()}, "Maximum", 300}, 60_000)
		}
	}
	alarm("Errors", "functions fail", metric{"AWS/Lambda", "Errors", nil, "Sum", 300}, 5)
	alarm("Throttles", "functions are held back: raise the account's concurrency", metric{"AWS/Lambda", "Throttles", nil, "Sum", 300}, 0)
	alarm("Refused", "the HTTP API answers with faults of ours", metric{"AWS/ApiGateway", "5xx", map[string]*string{"ApiId": d.http.Ref()}, "Sum", 300}, 5)
	alarm("Bounces", "more than three in a hundred mails bounce: AWS stops accounts at ten", metric{"AWS/SES", "Reputation.BounceRate",
		map[string]*string{"ses:configuration-set": d.mail.set}, "Average", 3600}, 0.03)
}

func dimensions(of map[string]*string) *[]any {
	all := []any{}
	for _, name := range slices.Sorted(maps.Keys(of)) {
		all = append(all, &awscloudwatch.CfnAlarm_DimensionProperty{Name: text(name), Value: of[name]})
	}
	return &all
}
