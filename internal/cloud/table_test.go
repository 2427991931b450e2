package cloud_test

import (
	"context"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
	"github.com/relevo/relevo/internal/store"
)

// emulated is a client of the emulator's DynamoDB that sends by the transport; nil for an ordinary one.
func emulated(t *testing.T, transport http.RoundTripper) *dynamodb.Client {
	t.Helper()
	o := dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(desktest.Endpoint(t)),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	}
	if transport != nil {
		o.HTTPClient = &http.Client{Transport: transport}
	}
	return dynamodb.New(o)
}

// newTable creates a table that lives as long as the test, and gives its name.
func newTable(t *testing.T) string {
	t.Helper()
	client := emulated(t, nil)
	name := "relevo-contract-" + desk.NewID(time.Now())
	if _, err := client.CreateTable(t.Context(), cloud.TableInput(name)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := client.DeleteTable(context.WithoutCancel(t.Context()), &dynamodb.DeleteTableInput{TableName: &name}); err != nil {
			t.Error(err)
		}
	})
	ready := dynamodb.NewTableExistsWaiter(client)
	if err := ready.Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: &name}, time.Minute); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestTableContract holds units against hand-computed ones unless RELEVO_CONTRACT_UNITS is 0, for emulators that do not
// count as DynamoDB does.
func TestTableContract(t *testing.T) {
	client, name := emulated(t, nil), newTable(t)
	exact := os.Getenv("RELEVO_CONTRACT_UNITS") != "0"
	desktest.RunTable(t, func(*testing.T) store.Table { return cloud.NewTable(client, name) }, exact)
}

func TestBooksContract(t *testing.T) {
	client, name := emulated(t, nil), newTable(t)
	desktest.RunBooks(t, func(*testing.T) desk.Store { return store.New(cloud.NewTable(client, name), time.Now) })
}
