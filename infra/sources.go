package infra

import (
	"encoding/json"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/relevo/relevo/internal/config"
	"github.com/relevo/relevo/internal/store"
)

const (
	batch       = 10 // jobs of a queue in one event: the most that a .fifo queue gives
	streamBatch = 25 // changes in one event: few, so that little is repeated after a failure
	streamTries = 10 // after the first
	timerTries  = 2  // after the first
	lanes       = 4  // batches of one shard at once, apart by partition key
	fewAtOnce   = 2  // functions at once on a queue of no hurry
)

// addSources starts the functions of queues, stream and timers, and says what becomes of what fails for good.
func (d *desk) addSources() {
	for _, row := range config.Functions {
		function := d.functions[row.Name]
		if row.Queue != "" {
			d.addJobs(row, function)
		}
		if row.Stream {
			d.addStream(function)
		}
		if row.Timer != "" {
			awslambda.NewCfnEventInvokeConfig(d.Stack, text("Failed"+id(row.Name)), &awslambda.CfnEventInvokeConfigProps{
				FunctionName: function.FunctionName(), Qualifier: text("$LATEST"), MaximumRetryAttempts: jsii.Number(timerTries),
				MaximumEventAgeInSeconds: jsii.Number(6 * 3600),
				DestinationConfig: &awslambda.CfnEventInvokeConfig_DestinationConfigProperty{
					OnFailure: &awslambda.CfnEventInvokeConfig_OnFailureProperty{Destination: d.dead[unhandled].QueueArn()},
				},
			})
		}
	}
}

// addJobs starts a function with the jobs of its queue; those that fail come again by themselves.
func (d *desk) addJobs(row config.Function, function awslambda.Function) {
	p := &awslambda.CfnEventSourceMappingProps{
		FunctionName: function.FunctionName(), EventSourceArn: d.queues[row.Queue].QueueArn(), BatchSize: jsii.Number(batch),
		FunctionResponseTypes: jsii.Strings("ReportBatchItemFailures"),
	}
	if !strings.HasSuffix(row.Queue, ".fifo") { // each takes seconds, and nobody waits behind it
		p.BatchSize = jsii.Number(1)
		p.ScalingConfig = &awslambda.CfnEventSourceMapping_ScalingConfigProperty{MaximumConcurrency: jsii.Number(fewAtOnce)}
	}
	awslambda.NewCfnEventSourceMapping(d.Stack, text("Jobs"+id(row.Name)), p)
}

// factPattern is the filter for the changes that [store.Decode] makes facts of, by the form of their keys. All else never
// costs an invocation.
func factPattern(form store.KeyForm) string {
	key, fits := "SK", any(form.Sort)
	switch {
	case form.PartitionSuffix != "":
		key, fits = "PK", map[string]string{"suffix": form.PartitionSuffix}
	case form.SortPrefix != "":
		fits = map[string]string{"prefix": form.SortPrefix}
	}
	pattern, err := json.Marshal(map[string]any{"eventName": []string{"INSERT", "MODIFY"},
		"dynamodb": map[string]any{"Keys": map[string]any{key: map[string]any{"S": []any{fits}}}}})
	if err != nil {
		panic(err) // maps of words
	}
	return string(pattern)
}

// addStream starts a function with the facts of the table. A batch that fails is repeated from where it failed, and cut
// in halves if the function itself fails; a change that fails for good lies with the unhandled.
func (d *desk) addStream(function awslambda.Function) {
	var filters []any
	for _, form := range store.FactKeys {
		filters = append(filters, &awslambda.CfnEventSourceMapping_FilterProperty{Pattern: text(factPattern(form))})
	}
	awslambda.NewCfnEventSourceMapping(d.Stack, text("Changes"), &awslambda.CfnEventSourceMappingProps{
		FunctionName: function.FunctionName(), EventSourceArn: d.table.TableStreamArn(), StartingPosition: text("TRIM_HORIZON"),
		BatchSize: jsii.Number(streamBatch), ParallelizationFactor: jsii.Number(lanes),
		FunctionResponseTypes: jsii.Strings("ReportBatchItemFailures"), BisectBatchOnFunctionError: jsii.Bool(true),
		MaximumRetryAttempts: jsii.Number(streamTries), FilterCriteria: &awslambda.CfnEventSourceMapping_FilterCriteriaProperty{Filters: &filters},
		DestinationConfig: &awslambda.CfnEventSourceMapping_DestinationConfigProperty{
			OnFailure: &awslambda.CfnEventSourceMapping_OnFailureProperty{Destination: d.dead[unhandled].QueueArn()},
		},
	})
}
