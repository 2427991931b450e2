package infra

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/relevo/relevo/internal/config"
)

const (
	receives     = 5  // deliveries of a job before it lies in the dead-letter queue
	visibility   = 6  // times the function's time-out, as AWS recommends for Lambda
	deadDays     = 14 // that a dead letter stays: the most that SQS keeps
	unhandled    = config.Unhandled
	mailFeedback = "mail-feedback" // the queue of the wiring table to which SES reports
)

// addQueues makes the queues of the wiring table, each with dead letters: a .fifo queue has a queue of its own for them;
// the jobs of all other queues lie in one, with what is no job: changes of the stream and timers that failed for good.
func (d *desk) addQueues() {
	d.dead[unhandled] = d.newQueue(unhandled+"-dead", &awssqs.QueueProps{RetentionPeriod: days(deadDays)})
	for _, row := range config.Functions {
		if row.Queue != "" {
			d.addQueue(row.Queue, row.Timeout.Seconds()*visibility)
		}
	}
}

func (d *desk) addQueue(name string, visible float64) {
	dead := config.DeadLettersOf(name)
	if dead == name {
		d.dead[name] = d.newQueue(strings.TrimSuffix(name, ".fifo")+"-dead.fifo", &awssqs.QueueProps{RetentionPeriod: days(deadDays)})
	}
	d.queues[name] = d.newQueue(name, &awssqs.QueueProps{
		RetentionPeriod:   days(4),
		VisibilityTimeout: awscdk.Duration_Seconds(&visible),
		DeadLetterQueue:   &awssqs.DeadLetterQueue{Queue: d.dead[dead], MaxReceiveCount: jsii.Number(receives)},
	})
}

func (d *desk) newQueue(name string, p *awssqs.QueueProps) awssqs.Queue {
	p.QueueName = text(d.name(name))
	p.Encryption = awssqs.QueueEncryption_SQS_MANAGED
	if !d.Emulator { // which speaks plain HTTP
		p.EnforceSSL = jsii.Bool(true)
	}
	if strings.HasSuffix(name, ".fifo") {
		p.Fifo = jsii.Bool(true) // without it even false is refused
		p.DeduplicationScope = awssqs.DeduplicationScope_MESSAGE_GROUP
		p.FifoThroughputLimit = awssqs.FifoThroughputLimit_PER_MESSAGE_GROUP_ID
	}
	return awssqs.NewQueue(d.Stack, text("Queue"+id(name)), p)
}

func days(n float64) awscdk.Duration { return awscdk.Duration_Days(&n) }
