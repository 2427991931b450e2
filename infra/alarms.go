package infra

import (
	"maps"
	"slices"
	"strings"

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

// addAlarms tells one topic of what a person must look at, the alarms of [config.Alarms]. Every alarm costs a dime a
// month, so those of functions watch all functions of the account and region together, and the dashboard tells them apart.
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
	for _, name := range config.Alarms() {
		a := d.alarm(name)
		awscloudwatch.NewCfnAlarm(d.Stack, text("Alarm"+id(name)), &awscloudwatch.CfnAlarmProps{
			AlarmName: text(d.name(id(name))), AlarmDescription: text(a.what), AlarmActions: &[]any{topic.TopicArn()}, OkActions: &[]any{topic.TopicArn()},
			Namespace: text(a.namespace), MetricName: text(a.name), Dimensions: dimensions(a.of), Statistic: text(a.statistic), Period: jsii.Number(a.seconds),
			EvaluationPeriods: jsii.Number(1), Threshold: jsii.Number(a.above), ComparisonOperator: text("GreaterThanThreshold"),
			TreatMissingData: text("notBreaching"),
		})
	}
}

// watch is an alarm: what it tells, and above which value of its metric.
type watch struct {
	what string
	metric
	above float64
}

// alarm gives an alarm by its name; one that is unknown here watches nothing, which a test finds.
func (d *desk) alarm(name string) watch {
	kind, queue, _ := strings.Cut(name, "/")
	switch kind {
	case "Dead":
		return watch{"work failed for good: relevo dead-letters list -stage " + d.Stage, metric{"AWS/SQS", "ApproximateNumberOfMessagesVisible",
			map[string]*string{"QueueName": d.dead[queue].QueueName()}, "Maximum", 300}, 0}
	case "Age":
		return watch{"jobs wait for five minutes and more", metric{"AWS/SQS", "ApproximateAgeOfOldestMessage",
			map[string]*string{"QueueName": d.queues[queue].QueueName()}, "Maximum", 300}, 300}
	case "AgeStream":
		return watch{"changes of the table wait for a minute and more", metric{"AWS/Lambda", "IteratorAge",
			map[string]*string{"FunctionName": d.functions[relay()].FunctionName()}, "Maximum", 300}, 60_000}
	case "Errors":
		return watch{"functions fail", metric{"AWS/Lambda", "Errors", nil, "Sum", 300}, 5}
	case "Throttles":
		return watch{"functions are held back: raise the account's concurrency", metric{"AWS/Lambda", "Throttles", nil, "Sum", 300}, 0}
	case "Refused":
		return watch{"the HTTP API answers with faults of ours", metric{"AWS/ApiGateway", "5xx", map[string]*string{"ApiId": d.http.Ref()}, "Sum", 300}, 5}
	case "Bounces":
		return watch{"more than three in a hundred mails bounce: AWS stops accounts at ten", metric{"AWS/SES", "Reputation.BounceRate",
			map[string]*string{"ses:configuration-set": d.mail.set}, "Average", 3600}, 0.03}
	default:
		return watch{}
	}
}

// relay is the function that reads the stream.
func relay() string {
	for _, row := range config.Functions {
		if row.Stream {
			return row.Name
		}
	}
	return ""
}

func dimensions(of map[string]*string) *[]any {
	all := []any{}
	for _, name := range slices.Sorted(maps.Keys(of)) {
		all = append(all, &awscloudwatch.CfnAlarm_DimensionProperty{Name: text(name), Value: of[name]})
	}
	return &all
}
