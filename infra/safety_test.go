package infra_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/config"
)

// wildcards are the resources with a wildcard that a role may name, each by what its ARN holds and why.
var wildcards = map[string]string{
	":log-stream:*":          "Lambda names the streams of a function's own log group",
	"/POST/@connections/*":   "connections come and go while the stack stands",
	"/DELETE/@connections/*": "connections come and go while the stack stands",
	":schedule/relevo-":      "a timer's name is made when it is set; the group is named",
	":parameter/relevo/":     "accounts and inboxes come while the stack stands; the secret is named",
	`"Files`:                 "keys of attachments are made when they come; the bucket is named",
}

// actionsOnAll take no resource ("Service Authorization Reference").
var actionsOnAll = map[string]bool{"dynamodb:ListStreams": true}

// emulatorWildcards are allowed on an emulator, and nowhere else: what its judge of roles takes actions for.
var emulatorWildcards = map[string]string{
	":schedule/default/": "MiniStack judges a schedule as one of the group default, whatever group it is in",
	"ses:SendRawEmail":   "MiniStack judges a mail that is sent as raw as no resource at all",
}

// What only an emulator needs is allowed there alone.
func TestLeastPrivilegeOnTheEmulator(t *testing.T) {
	whole, emulator := rightsOf(t, synthesized(t, prod)), rightsOf(t, synthesized(t, emulated))
	used := map[string]bool{}
	for right := range emulator {
		if whole[strings.ReplaceAll(right, "relevo-dev", "relevo-prod")] || !strings.Contains(right, "*") || knownWildcard(right) {
			continue
		}
		reason := ""
		for part, why := range emulatorWildcards {
			if strings.Contains(right, part) {
				reason = why
				used[part] = true
			}
		}
		if reason == "" {
			t.Errorf("the emulator's stack allows %s, for which no reason is known", right)
		}
	}
	for part := range emulatorWildcards {
		if !used[part] {
			t.Errorf("%s is a reason for nothing", part)
		}
	}
	for right := range whole {
		if strings.Contains(right, ":schedule/default/") || right == `ses:SendRawEmail "*"` {
			t.Errorf("prod allows %s, which is for an emulator", right)
		}
	}
}

// rightsOf gives every action with every resource that any role of a stack allows.
func rightsOf(t *testing.T, stack template) map[string]bool {
	t.Helper()
	rights := map[string]bool{}
	for _, role := range stack.of("AWS::IAM::Role") {
		for _, policy := range list(role["Policies"]) {
			for _, statement := range list(at(policy, "PolicyDocument", "Statement")) {
				for _, resource := range list(at(statement, "Resource")) {
					arn, err := json.Marshal(resource)
					if err != nil {
						t.Fatal(err)
					}
					for _, action := range list(at(statement, "Action")) {
						rights[fmt.Sprint(action)+" "+string(arn)] = true
					}
				}
			}
		}
	}
	return rights
}

// knownWildcard tells whether a right with a wildcard is one that AWS gets, too.
func knownWildcard(right string) bool {
	action, _, _ := strings.Cut(right, " ")
	if actionsOnAll[action] {
		return true
	}
	for part := range wildcards {
		if strings.Contains(right, part) && !strings.Contains(right, ":schedule/default/") {
			return true
		}
	}
	return false
}

// Every role allows named actions on named resources; each function has a role of its own. No statement stands twice.
func TestLeastPrivilege(t *testing.T) {
	stack := synthesized(t, prod)
	roles := stack.of("AWS::IAM::Role")
	if want := len(config.Functions) + 1; len(roles) != want {
		t.Errorf("%d roles, want %d: one for each function and one for Scheduler", len(roles), want)
	}
	for id, role := range roles {
		if role["ManagedPolicyArns"] != nil {
			t.Errorf("%s has policies of AWS's, which allow more than it needs", id)
		}
		seen := map[string]bool{}
		for _, policy := range list(role["Policies"]) {
			for _, statement := range list(at(policy, "PolicyDocument", "Statement")) {
				checkStatement(t, id, statement)
				if raw := fmt.Sprint(statement); seen[raw] {
					t.Errorf("%s says twice: %s", id, raw)
				} else {
					seen[raw] = true
				}
			}
		}
	}
	if n := len(stack.of("AWS::IAM::Policy")) + len(stack.of("AWS::IAM::ManagedPolicy")); n != 0 {
		t.Errorf("%d policies beside the roles", n)
	}
}

func checkStatement(t *testing.T, role string, statement any) {
	t.Helper()
	for _, action := range list(at(statement, "Action")) {
		if strings.Contains(fmt.Sprint(action), "*") {
			t.Errorf("%s: the action %v has a wildcard", role, action)
		}
	}
	for _, resource := range list(at(statement, "Resource")) {
		raw, err := json.Marshal(resource)
		if err != nil {
			t.Fatal(err)
		}
		arn := string(raw)
		if !strings.Contains(arn, "*") {
			continue
		}
		known := false
		for part := range wildcards {
			known = known || strings.Contains(arn, part)
		}
		if arn == `"*"` {
			known = true
			for _, action := range list(at(statement, "Action")) {
				known = known && actionsOnAll[fmt.Sprint(action)]
			}
		}
		if !known {
			t.Errorf("%s: %s has a wildcard that no reason is known for", role, arn)
		}
	}
}

// Every function may do what its row needs, and nothing of what it does not.
func TestRightsAreThoseOfTheWiringTable(t *testing.T) {
	stack := synthesized(t, prod)
	for _, row := range config.Functions {
		raw, err := json.Marshal(roleOf(stack, row.Name))
		if err != nil {
			t.Fatal(err)
		}
		rights := string(raw)
		for action, wanted := range map[string]bool{
			"ses:SendRawEmail":              row.Needs.Mail,
			"scheduler:CreateSchedule":      row.Needs.Timers,
			"iam:PassRole":                  row.Needs.Timers,
			"execute-api:ManageConnections": row.Needs.Push,
			"ssm:GetParameter":              len(row.Needs.Secrets)+len(row.Needs.Makes) > 0,
			"ssm:PutParameter":              len(row.Needs.Makes) > 0,
			"s3:GetObject":                  row.Needs.Blobs >= config.ReadBlobs,
			"s3:PutObject":                  row.Needs.Blobs >= config.SignBlobs,
			"s3:DeleteObject":               row.Needs.Drops,
			"sqs:ReceiveMessage":            row.Queue != "",
			"sqs:SendMessage":               len(row.Needs.Queues) > 0 || row.Stream || row.Timer != "",
			"dynamodb:GetRecords":           row.Stream,
			"/index/":                       row.Needs.Lists,
			"dynamodb:UpdateItem":           true,
			"dynamodb:Scan":                 false,
		} {
			if strings.Contains(rights, action) != wanted {
				t.Errorf("%s: %s allowed %v, want %v", row.Name, action, !wanted, wanted)
			}
		}
	}
}

// roleOf gives the role of a function.
func roleOf(stack template, function string) map[string]any {
	f := stack.function(function)
	for id, role := range stack.of("AWS::IAM::Role") {
		if refers(f["Role"], id) {
			return role
		}
	}
	return nil
}

// Every queue is encrypted, and has its dead-letter queue, or is one.
func TestEveryQueueHasItsDeadLetterQueue(t *testing.T) {
	stack := synthesized(t, prod)
	queues := stack.of("AWS::SQS::Queue")
	for id, q := range queues {
		name := fmt.Sprint(q["QueueName"])
		if q["SqsManagedSseEnabled"] != true {
			t.Errorf("%s is not encrypted", name)
		}
		if strings.Contains(name, "-dead") {
			if q["MessageRetentionPeriod"] != float64(14*24*3600) {
				t.Errorf("%s keeps for %v s", name, q["MessageRetentionPeriod"])
			}
			continue
		}
		dead := ""
		for other, q := range queues {
			if refers(at(queues[id], "RedrivePolicy", "deadLetterTargetArn"), other) {
				dead = fmt.Sprint(q["QueueName"])
			}
		}
		want := "relevo-prod-" + config.Unhandled + "-dead"
		if base, fifo := strings.CutSuffix(name, ".fifo"); fifo {
			want = base + "-dead.fifo"
		}
		if dead != want || at(q, "RedrivePolicy", "maxReceiveCount") != 5.0 {
			t.Errorf("%s: dead letters go to %q", name, dead)
		}
	}
	for _, row := range config.Functions {
		if row.Queue == "" {
			continue
		}
		found := false
		for _, q := range queues {
			if q["QueueName"] == "relevo-prod-"+row.Queue {
				found = true
				if at(q, "VisibilityTimeout") != row.Timeout.Seconds()*6 {
					t.Errorf("%s is hidden for %v s", row.Queue, q["VisibilityTimeout"])
				}
			}
		}
		if !found {
			t.Errorf("no queue %s", row.Queue)
		}
	}
}

// What starts a function reports the pieces that failed, and what fails for good lies somewhere.
func TestSourcesLoseNothing(t *testing.T) {
	stack := synthesized(t, prod)
	mappings := stack.of("AWS::Lambda::EventSourceMapping")
	wanted := 0
	for _, row := range config.Functions {
		if row.Queue != "" || row.Stream {
			wanted++
		}
	}
	if len(mappings) != wanted {
		t.Errorf("%d event source mappings, want %d", len(mappings), wanted)
	}
	for id, m := range mappings {
		if fmt.Sprint(m["FunctionResponseTypes"]) != "[ReportBatchItemFailures]" {
			t.Errorf("%s does not report the pieces that failed", id)
		}
		if refers(m["EventSourceArn"], "StreamArn") && (m["BisectBatchOnFunctionError"] != true || at(m, "DestinationConfig", "OnFailure", "Destination") == nil ||
			m["MaximumRetryAttempts"] == nil) {
			t.Errorf("the stream: %v", m)
		}
		if refers(m["EventSourceArn"], "StreamArn") {
			checkFacts(t, m)
		}
	}
	if n := len(stack.of("AWS::Lambda::EventInvokeConfig")); n != 2 {
		t.Errorf("%d functions of timers keep what failed, want 2", n)
	}
}

// checkFacts wants the stream's filters to let through entries of threads, seats, tickets and their actions, and contacts, and no more.
func checkFacts(t *testing.T, mapping map[string]any) {
	t.Helper()
	var got []string
	for _, filter := range list(at(mapping, "FilterCriteria", "Filters")) {
		got = append(got, fmt.Sprint(at(filter, "Pattern")))
	}
	var want []string
	for _, keys := range []string{`"SK":{"S":[{"prefix":"MSG#"}]}`, `"PK":{"S":[{"suffix":"#SEATS"}]}`, `"SK":{"S":["TICKET"]}`, `"SK":{"S":[{"prefix":"ACT#"}]}`, `"SK":{"S":["CONTACT"]}`} {
		want = append(want, `{"dynamodb":{"Keys":{`+keys+`}},"eventName":["INSERT","MODIFY"]}`)
	}
	if !slices.Equal(got, want) {
		t.Errorf("facts of the stream:\n%s, want\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Data is kept, encrypted and closed to the public; logs are forgotten.
func TestDataIsSafe(t *testing.T) {
	stack := synthesized(t, prod)
	for _, p := range stack.of("AWS::DynamoDB::Table") {
		if p["BillingMode"] != "PAY_PER_REQUEST" || p["DeletionProtectionEnabled"] != true || at(p, "StreamSpecification", "StreamViewType") != "NEW_AND_OLD_IMAGES" ||
			at(p, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled") != true || at(p, "TimeToLiveSpecification", "Enabled") != true {
			t.Errorf("the table: %v", p)
		}
	}
	for id, p := range stack.of("AWS::S3::Bucket") {
		for _, block := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
			if at(p, "PublicAccessBlockConfiguration", block) != true {
				t.Errorf("%s: %s is off", id, block)
			}
		}
		if p["BucketEncryption"] == nil || p["LifecycleConfiguration"] == nil {
			t.Errorf("%s is not encrypted or has no life cycle", id)
		}
	}
	logs := map[string]bool{}
	for id, p := range stack.of("AWS::Logs::LogGroup") {
		if p["RetentionInDays"] == nil {
			t.Errorf("%s keeps for ever", id)
		}
		logs[fmt.Sprint(p["LogGroupName"])] = true
	}
	for _, row := range config.Functions {
		if !logs["/aws/lambda/relevo-prod-"+row.Name] {
			t.Errorf("%s has no log group", row.Name)
		}
	}
}

// The alarms are those that `relevo cost` reckons with. Every one tells the one topic, and every dead-letter queue has one.
func TestAlarms(t *testing.T) {
	stack := synthesized(t, prod)
	watched := ""
	alarms := stack.of("AWS::CloudWatch::Alarm")
	if len(alarms) != len(config.Alarms()) {
		t.Errorf("%d alarms, and config names %d", len(alarms), len(config.Alarms()))
	}
	for id, alarm := range alarms {
		if alarm["MetricName"] == "" {
			t.Errorf("%s watches nothing", id)
		}
		if !refers(alarm["AlarmActions"], topicOf(stack)) || !refers(alarm["OKActions"], topicOf(stack)) {
			t.Errorf("%s tells nobody", id)
		}
		watched += fmt.Sprint(alarm["MetricName"], alarm["Dimensions"])
	}
	for id, q := range stack.of("AWS::SQS::Queue") {
		if strings.Contains(fmt.Sprint(q["QueueName"]), "-dead") && !strings.Contains(watched, id) {
			t.Errorf("nobody is told of letters in %v", q["QueueName"])
		}
	}
	for _, metric := range []string{"Errors", "Throttles", "ApproximateAgeOfOldestMessage", "IteratorAge", "Reputation.BounceRate", "5xx"} {
		if !strings.Contains(watched, metric) {
			t.Errorf("no alarm watches %s", metric)
		}
	}
}

func topicOf(stack template) string {
	for id, p := range stack.of("AWS::SNS::Topic") {
		if p["DisplayName"] != nil {
			return id
		}
	}
	return ""
}
