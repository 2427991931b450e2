package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
	"github.com/aws/jsii-runtime-go"

	"github.com/relevo/relevo/internal/store"
)

// addTable makes the one table: its keys, indexes and expiry are those of the room store. It is encrypted under a key
// that AWS owns, which costs nothing; its stream starts the function relay.
func (d *desk) addTable() {
	text1 := func(name string) *awsdynamodb.Attribute {
		return &awsdynamodb.Attribute{Name: text(name), Type: awsdynamodb.AttributeType_STRING}
	}
	pk, sk := store.Base.Keys()
	d.table = awsdynamodb.NewTable(d.Stack, text("Table"), &awsdynamodb.TableProps{
		PartitionKey: text1(pk), SortKey: text1(sk),
		BillingMode:         awsdynamodb.BillingMode_PAY_PER_REQUEST,
		Stream:              awsdynamodb.StreamViewType_NEW_AND_OLD_IMAGES,
		TimeToLiveAttribute: text(store.TTL),
		Encryption:          awsdynamodb.TableEncryption_DEFAULT,
		DeletionProtection:  jsii.Bool(d.Stage == "prod"),
		RemovalPolicy:       d.removal(),
		PointInTimeRecoverySpecification: &awsdynamodb.PointInTimeRecoverySpecification{
			PointInTimeRecoveryEnabled: jsii.Bool(true),
		},
	})
	for _, index := range store.Indexes {
		pk, sk := index.Keys()
		d.table.AddGlobalSecondaryIndex(&awsdynamodb.GlobalSecondaryIndexProps{
			IndexName: text(index.Name()), PartitionKey: text1(pk), SortKey: text1(sk), ProjectionType: awsdynamodb.ProjectionType_KEYS_ONLY,
		})
	}
}
