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
func Endpoint(t testing.TB) string {
	t.Helper()
	endpoint := os.Getenv(EndpointVariable)
	if endpoint == "" {
		t.Skip(EndpointVariable + " names no emulator. Start one (localstack/README.md), then: make contract ENDPOINT=http://localhost:4566")
	}
	return endpoint
}

// DynamoDB gives a client of the emulator's DynamoDB that sends by the transport; nil for the usual one.
func DynamoDB(t testing.TB, transport http.RoundTripper) *dynamodb.Client {
	t.Helper()
	return dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(Endpoint(t)),
		HTTPClient: &http.Client{Transport: cmp.Or(transport, http.DefaultTransport)},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	})
}

// CreateTable creates a table on the emulator that lives as long as the test.
func CreateTable(t testing.TB, in *dynamodb.CreateTableInput) {
	t.Helper()
	client := DynamoDB(t, nil)
	if _, err := client.CreateTable(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		gone := &dynamodb.DeleteTableInput{TableName: in.TableName}
		if _, err := client.DeleteTable(context.WithoutCancel(t.Context()), gone); err != nil {
			t.Error(err)
		}
	})
	ready := dynamodb.NewTableExistsWaiter(client)
	if err := ready.Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: in.TableName}, time.Minute); err != nil {
		t.Fatal(err)
	}
}

// CountsUnits asks the emulator itself what reading 5 KiB consistently costs: two units, if it counts as DynamoDB does.
// DynamoDB Local does; others are not held to exact units.
func CountsUnits(t testing.TB, table string) bool {
	t.Helper()
	client, key := DynamoDB(t, nil), store.Item{"PK": text("counts"), "SK": text("counts")}
	large := store.Item{"PK": key["PK"], "SK": key["SK"], "x": text(strings.Repeat("x", 5*kib))}
	if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: large}); err != nil {
		t.Fatal(err)
	}
	out, err := client.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: &table, Key: key, ConsistentRead: aws.Bool(true), ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		t.Fatal(err)
	}
	counts := out.ConsumedCapacity != nil && aws.ToFloat64(out.ConsumedCapacity.CapacityUnits) == 2
	if !counts {
		t.Log("this emulator does not count units as DynamoDB does: they are held to account on DynamoDB Local only")
	}
	return counts
}
