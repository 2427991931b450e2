package desktest

import (
	"cmp"
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/store"
)

// EndpointVariable is where contract suites find the emulator to run against; they need nothing else of it.
const EndpointVariable = "AWS_ENDPOINT_URL"

// Endpoint gives the emulator's address, and skips the test if none was named.
func Endpoint(tb testing.TB) string {
	tb.Helper()
	endpoint := os.Getenv(EndpointVariable)
	if endpoint == "" {
		tb.Skip(EndpointVariable + " names no emulator. Start one (localstack/README.md), then: make contract ENDPOINT=http://localhost:4566")
	}
	return endpoint
}

// DynamoDB gives a client of the emulator's DynamoDB that sends by the transport; nil for the usual one.
func DynamoDB(tb testing.TB, transport http.RoundTripper) *dynamodb.Client {
	tb.Helper()
	return dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(Endpoint(tb)),
		HTTPClient: &http.Client{Transport: cmp.Or(transport, http.DefaultTransport)},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	})
}

// CreateTable creates a table on the emulator that lives as long as the test.
func CreateTable(tb testing.TB, in *dynamodb.CreateTableInput) {
	tb.Helper()
	client := DynamoDB(tb, nil)
	if _, err := client.CreateTable(tb.Context(), in); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		gone := &dynamodb.DeleteTableInput{TableName: in.TableName}
		if _, err := client.DeleteTable(context.WithoutCancel(tb.Context()), gone); err != nil {
			tb.Error(err)
		}
	})
	ready := dynamodb.NewTableExistsWaiter(client)
	if err := ready.Wait(tb.Context(), &dynamodb.DescribeTableInput{TableName: in.TableName}, time.Minute); err != nil {
		tb.Fatal(err)
	}
}

// CountsUnits asks the emulator itself what reading 5 KiB consistently costs: two units, if it counts as DynamoDB does.
// DynamoDB Local does; others are not held to exact units.
func CountsUnits(tb testing.TB, table string) bool {
	tb.Helper()
	client, key := DynamoDB(tb, nil), store.Item{"PK": text("counts"), "SK": text("counts")}
	large := store.Item{"PK": key["PK"], "SK": key["SK"], "x": text(strings.Repeat("x", 5*kib))}
	if _, err := client.PutItem(tb.Context(), &dynamodb.PutItemInput{TableName: &table, Item: large}); err != nil {
		tb.Fatal(err)
	}
	out, err := client.GetItem(tb.Context(), &dynamodb.GetItemInput{
		TableName: &table, Key: key, ConsistentRead: aws.Bool(true), ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		tb.Fatal(err)
	}
	counts := out.ConsumedCapacity != nil && aws.ToFloat64(out.ConsumedCapacity.CapacityUnits) == 2
	if !counts {
		tb.Log("this emulator does not count units as DynamoDB does: they are held to account on DynamoDB Local only")
	}
	return counts
}
