package cloud_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
	"github.com/relevo/relevo/internal/store"
)

// newTable creates a table that lives as long as the test, and gives its name.
func newTable(t *testing.T) string {
	t.Helper()
	name := "relevo-contract-" + desk.NewID(time.Now())
	desktest.CreateTable(t, cloud.TableInput(name))
	return name
}

func TestTableContract(t *testing.T) {
	client, name := desktest.DynamoDB(t, nil), newTable(t)
	desktest.RunTable(t, func(*testing.T) store.Table { return cloud.NewTable(client, name) }, desktest.CountsUnits(t, name))
}

func TestBooksContract(t *testing.T) {
	client, name := desktest.DynamoDB(t, nil), newTable(t)
	desktest.RunBooks(t, func(*testing.T) desk.Store { return store.New(cloud.NewTable(client, name), time.Now) })
}

// TestTableContractUnderFaults runs the contract while every third request is throttled, fails, or is carried out and its
// answer lost. Exempt from a lost answer is what is rightly answered with unavailable then.
func TestTableContractUnderFaults(t *testing.T) {
	var meet []fault
	for range 5_000 {
		meet = append(meet, pass, refuse(http.StatusBadRequest, "ThrottlingException"), pass, lostAfter, pass, pass, doneBut(http.StatusInternalServerError, "InternalServerError"))
	}
	transport := faulty(meet...)
	transport.exempt = func(body string) bool {
		lone := !strings.Contains(body, `"TransactItems"`)
		adds := strings.Contains(body, "ADD #")
		claims := strings.Contains(body, `"ConditionExpression"`) && !strings.Contains(body, `"Item"`) && !strings.Contains(body, `"UpdateExpression"`)
		return lone && (adds || claims)
	}
	client, name := desktest.DynamoDB(t, transport), newTable(t)
	desktest.RunTable(t, func(*testing.T) store.Table { return cloud.NewTable(client, name) }, false)
}

func TestTableScanContract(t *testing.T) {
	table := cloud.NewTable(desktest.DynamoDB(t, nil), newTable(t))
	for i := range 30 {
		for _, sk := range []string{"~", "MSG#1"} {
			if err := table.Write(t.Context(), store.Op{Kind: store.Put, Key: store.Key{PK: fmt.Sprint("p", i), SK: sk}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	seen := map[string]bool{}
	err := table.Scan(t.Context(), "~", func(item store.Item) error {
		seen[item["PK"].(*types.AttributeValueMemberS).Value] = true
		return nil
	})
	if err != nil || len(seen) != 30 {
		t.Errorf("%d items, %v", len(seen), err)
	}
}
