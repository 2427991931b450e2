package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsses"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"
)

// mail is what a function that sends mail needs to know.
type mail struct {
	identity *string // ARN
	settings *string // ARN of the configuration set
	set      *string // its name
}

// addMail makes the identity that mail comes from and its configuration set; bounces and complaints come to the queue
// mail-feedback. Whoever owns the address confirms the identity by the link that SES sends him.
func (d *desk) addMail() {
	set := awsses.NewCfnConfigurationSet(d.Stack, text("MailSet"), &awsses.CfnConfigurationSetProps{
		Name:               text(d.name("mail")),
		ReputationOptions:  &awsses.CfnConfigurationSet_ReputationOptionsProperty{ReputationMetricsEnabled: jsii.Bool(true)},
		SuppressionOptions: &awsses.CfnConfigurationSet_SuppressionOptionsProperty{SuppressedReasons: jsii.Strings("BOUNCE", "COMPLAINT")},
		DeliveryOptions:    &awsses.CfnConfigurationSet_DeliveryOptionsProperty{TlsPolicy: text("OPTIONAL")},
	})
	identity := awsses.NewCfnEmailIdentity(d.Stack, text("MailIdentity"), &awsses.CfnEmailIdentityProps{
		EmailIdentity:              text(d.Mail),
		ConfigurationSetAttributes: &awsses.CfnEmailIdentity_ConfigurationSetAttributesProperty{ConfigurationSetName: set.Ref()},
		FeedbackAttributes:         &awsses.CfnEmailIdentity_FeedbackAttributesProperty{EmailForwardingEnabled: jsii.Bool(false)},
	})
	feedback := awssns.NewTopic(d.Stack, text("MailFeedback"), &awssns.TopicProps{})
	feedback.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions: jsii.Strings("sns:Publish"), Resources: &[]*string{feedback.TopicArn()},
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(text("ses.amazonaws.com"), nil)},
		Conditions: &map[string]any{"StringEquals": map[string]any{"AWS:SourceAccount": d.Account()}},
	}))
	queue := d.queues[mailFeedback]
	awssns.NewCfnSubscription(d.Stack, text("MailFeedbackToQueue"), &awssns.CfnSubscriptionProps{
		TopicArn: feedback.TopicArn(), Protocol: text("sqs"), Endpoint: queue.QueueArn(), RawMessageDelivery: jsii.Bool(true),
	})
	queue.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions: jsii.Strings("sqs:SendMessage"), Resources: &[]*string{queue.QueueArn()},
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(text("sns.amazonaws.com"), nil)},
		Conditions: &map[string]any{"ArnEquals": map[string]any{"aws:SourceArn": feedback.TopicArn()}},
	}))
	awsses.NewCfnConfigurationSetEventDestination(d.Stack, text("MailEvents"), &awsses.CfnConfigurationSetEventDestinationProps{
		ConfigurationSetName: set.Ref(),
		EventDestination: &awsses.CfnConfigurationSetEventDestination_EventDestinationProperty{
			Name: text("feedback"), Enabled: jsii.Bool(true), MatchingEventTypes: jsii.Strings("bounce", "complaint"),
			SnsDestination: &awsses.CfnConfigurationSetEventDestination_SnsDestinationProperty{TopicArn: feedback.TopicArn()},
		},
	})
	d.mail = mail{
		identity: d.arn("ses", "identity/", identity.Ref()), settings: d.arn("ses", "configuration-set/", set.Ref()), set: set.Ref(),
	}
}

// arn makes the ARN of something in this account and region.
func (d *desk) arn(service, kind string, name *string) *string {
	return join(text("arn:"), d.Partition(), text(":"+service+":"), d.Region(), text(":"), d.Account(), text(":"+kind), name)
}
