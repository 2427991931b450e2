package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/store"
)

// newRole makes the role of a function: what its row in the wiring table needs, on the resources of this stack.
func (d *desk) newRole(row config.Function) awsiam.Role {
	return awsiam.NewRole(d.Stack, text("Role"+id(row.Name)), &awsiam.RoleProps{
		Description:    text("the function " + d.name(row.Name)),
		AssumedBy:      awsiam.NewServicePrincipal(text("lambda.amazonaws.com"), nil),
		InlinePolicies: policies(append(d.sourceRights(row), d.portRights(row)...)...),
	})
}

// sourceRights are for what starts the function, and for its log.
func (d *desk) sourceRights(row config.Function) []awsiam.PolicyStatement {
	rights := []awsiam.PolicyStatement{
		allow(jsii.Strings("logs:CreateLogStream", "logs:PutLogEvents"), join(d.arn("logs", "log-group:", d.logName(row.Name)), text(":log-stream:*"))),
	}
	if row.Queue != "" {
		rights = append(rights, allow(jsii.Strings("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"),
			d.queues[row.Queue].QueueArn()))
	}
	if row.Stream {
		rights = append(rights,
			allow(jsii.Strings("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"), d.table.TableStreamArn()),
			allow(jsii.Strings("dynamodb:ListStreams"), text("*"))) // takes no resource
	}
	if row.Stream || row.Timer != "" {
		rights = append(rights, allow(jsii.Strings("sqs:SendMessage"), d.dead[unhandled].QueueArn()))
	}
	return rights
}

// portRights are for the ports that the function uses.
func (d *desk) portRights(row config.Function) []awsiam.PolicyStatement {
	needs := row.Needs
	rights := []awsiam.PolicyStatement{allow(jsii.Strings("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem",
		"dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"), d.table.TableArn())}
	add := func(actions []string, resources ...*string) {
		rights = append(rights, allow(jsii.Strings(actions...), resources...))
	}
	if needs.Lists {
		var indexes []*string
		for _, index := range store.Indexes {
			indexes = append(indexes, join(d.table.TableArn(), text("/index/"+index.Name())))
		}
		add([]string{"dynamodb:Query"}, indexes...)
	}
	for _, queue := range needs.Queues {
		add([]string{"sqs:SendMessage"}, d.queues[queue].QueueArn())
	}
	if needs.Timers {
		add([]string{"scheduler:CreateSchedule"}, d.judgedAs(d.arn("scheduler", "schedule/default/", text("*")),
			d.arn("scheduler", "schedule/"+d.name("timers")+"/", text("*")))...)
		rights = append(rights, awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Actions: jsii.Strings("iam:PassRole"), Resources: &[]*string{d.starter.RoleArn()},
			Conditions: &map[string]any{"StringEquals": map[string]any{"iam:PassedToService": "scheduler.amazonaws.com"}},
		}))
	}
	if needs.Mail {
		add([]string{"ses:SendRawEmail"}, d.judgedAs(text("*"), d.mail.identity, d.mail.settings)...)
	}
	if needs.Push {
		add([]string{"execute-api:ManageConnections"}, join(d.arn("execute-api", "", d.live.Ref()), text("/"+liveStage+"/POST/@connections/*")),
			join(d.arn("execute-api", "", d.live.Ref()), text("/"+liveStage+"/DELETE/@connections/*")))
	}
	if needs.Blobs >= config.ReadBlobs {
		add([]string{"s3:GetObject"}, join(d.files.BucketArn(), text("/*")))
		add([]string{"s3:ListBucket"}, d.files.BucketArn()) // without it S3 says forbidden of what is not there
	}
	if needs.Blobs >= config.SignBlobs {
		add([]string{"s3:PutObject"}, join(d.files.BucketArn(), text("/*")))
	}
	if needs.Drops {
		add([]string{"s3:DeleteObject"}, join(d.files.BucketArn(), text("/*")))
	}
	if len(needs.Secrets) > 0 {
		add([]string{"ssm:GetParameter"}, d.secretARNs(needs.Secrets)...)
	}
	if len(needs.Makes) > 0 {
		add([]string{"ssm:GetParameter", "ssm:PutParameter"}, d.secretARNs(needs.Makes)...)
	}
	return rights
}

// judgedAs adds to resources the one that an emulator takes them for: MiniStack knows no group of a schedule but default,
// and no resource of a mail.
func (d *desk) judgedAs(other *string, resources ...*string) []*string {
	if d.Emulator {
		return append(resources, other)
	}
	return resources
}

func allow(actions *[]*string, resources ...*string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{Actions: actions, Resources: &resources})
}

// policies is one inline policy of these statements.
func policies(statements ...awsiam.PolicyStatement) *map[string]awsiam.PolicyDocument {
	return &map[string]awsiam.PolicyDocument{"needs": awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &statements})}
}
