package cloud_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// These tests need no emulator: the transport answers what DynamoDB would.

const done = `{"ConsumedCapacity":{"TableName":"t","CapacityUnits":1}}`

// scripted is a table whose requests meet these faults.
func scripted(meet ...fault) (*cloud.Table, *faults) {
	transport := faulty(meet...)
	return cloud.NewTable(dynamodb.New(dynamodb.Options{
		Region: "us-east-1", HTTPClient: &http.Client{Transport: transport},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	}), "t"), transport
}

// short gives a context that ends soon.
func short(t *testing.T, lasts time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), lasts)
	t.Cleanup(cancel)
	return ctx
}

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func num(s string) types.AttributeValue { return &types.AttributeValueMemberN{Value: s} }

func put(key store.Key, item store.Item, conditions ...store.Condition) store.Op {
	return store.Op{Kind: store.Put, Key: key, Item: item, If: conditions}
}

var (
	somewhere = store.Key{PK: "p", SK: "s"}
	isNew     = store.Condition{Attr: "PK", Test: store.Absent}
	isThere   = store.Condition{Attr: "PK", Test: store.Exists}
)

func TestTableRetries(t *testing.T) {
	for name, meets := range map[string]fault{
		"Throttled":     refuse(http.StatusBadRequest, "ProvisionedThroughputExceededException"),
		"ThrottledToo":  refuse(http.StatusBadRequest, "ThrottlingException"),
		"RequestLimit":  refuse(http.StatusBadRequest, "RequestLimitExceeded"),
		"Conflict":      refuse(http.StatusBadRequest, "TransactionConflictException"),
		"ServerError":   refuse(http.StatusInternalServerError, "InternalServerError"),
		"Unavailable":   refuse(http.StatusServiceUnavailable, "ServiceUnavailable"),
		"BrokenGateway": answer(http.StatusBadGateway, "<html>"),
		"GarbledAnswer": answer(http.StatusOK, "{"),
		"Lost":          lostBefore,
	} {
		t.Run("OK"+name, func(t *testing.T) {
			table, transport := scripted(meets, meets, answer(http.StatusOK, done))
			ctx, meter := store.WithMeter(t.Context())
			if err := table.Write(ctx, put(somewhere, nil)); err != nil {
				t.Fatal(err)
			}
			if want := (store.Cost{Write: 1, Calls: 1}); meter.Cost() != want || len(transport.sent()) != 3 {
				t.Fatalf("cost %+v in %d attempts", meter.Cost(), len(transport.sent()))
			}
		})
	}
}

// TestTableGivesUp proves the code of a fault that lasts, and that a caller keeps time to answer.
func TestTableGivesUp(t *testing.T) {
	for name, c := range map[string]struct {
		meets fault
		code  desk.Code
	}{
		"Throttled":   {refuse(http.StatusBadRequest, "ThrottlingException"), desk.Limited},
		"Conflict":    {refuse(http.StatusBadRequest, "TransactionConflictException"), desk.Limited},
		"ServerError": {refuse(http.StatusInternalServerError, "InternalServerError"), desk.Unavailable},
		"Lost":        {lostBefore, desk.Unavailable},
		"Hanging":     {hang, desk.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table, transport := scripted(c.meets)
			ctx := short(t, time.Second)
			_, _, err := table.Get(ctx, somewhere, true)
			wantCode(t, err, c.code)
			if ctx.Err() != nil {
				t.Error("the caller has no time left to answer")
			}
			if n := len(transport.sent()); n < 2 {
				t.Errorf("%d attempts", n)
			}
			if known, ok := errors.AsType[*desk.Error](err); !ok || (c.code == desk.Limited) != (known.RetryAfter > 0) {
				t.Errorf("%v says to come back after %v", err, known.RetryAfter)
			}
		})
	}
	for name, c := range map[string]struct {
		code string
		want desk.Code
	}{
		"Invalid": {"ValidationException", desk.Invalid}, "NoTable": {"ResourceNotFoundException", desk.Internal},
		"NoRight": {"AccessDeniedException", desk.Internal},
	} {
		t.Run("AtOnce"+name, func(t *testing.T) {
			table, transport := scripted(refuse(http.StatusBadRequest, c.code))
			wantCode(t, table.Write(t.Context(), put(somewhere, nil)), c.want)
			if n := len(transport.sent()); n != 1 {
				t.Errorf("%d attempts", n)
			}
		})
	}
}

func TestTableGetsTheRestOfABatch(t *testing.T) {
	half := func(read, left string) fault {
		return answer(http.StatusOK, `{"ConsumedCapacity":[{"TableName":"t","CapacityUnits":0.5}],
			"Responses":{"t":[`+read+`]},"UnprocessedKeys":{`+left+`}}`)
	}
	a, b := `{"PK":{"S":"p"},"SK":{"S":"a"}}`, `{"PK":{"S":"p"},"SK":{"S":"b"}}`
	none := half("", `"t":{"Keys":[`+a+`,`+b+`]}`)
	keys := []store.Key{{PK: "p", SK: "a"}, {PK: "p", SK: "b"}}
	t.Run("OK", func(t *testing.T) {
		table, transport := scripted(none, half(a, `"t":{"Keys":[`+b+`]}`), half(b, ""))
		ctx, meter := store.WithMeter(t.Context())
		got, err := table.BatchGet(ctx, keys, false)
		if err != nil || len(got) != 2 || len(transport.sent()) != 3 {
			t.Fatalf("%d items in %d attempts, %v", len(got), len(transport.sent()), err)
		}
		if want := (store.Cost{Read: 1, Calls: 1}); meter.Cost() != want {
			t.Errorf("cost %+v", meter.Cost())
		}
	})
	t.Run("ErrLimited", func(t *testing.T) {
		table, _ := scripted(none)
		_, err := table.BatchGet(short(t, 500*time.Millisecond), keys, false)
		wantCode(t, err, desk.Limited)
	})
}

// cancelled is a transaction's end, with a reason for each operation.
func cancelled(codes ...string) fault {
	reasons := make([]string, len(codes))
	for i, code := range codes {
		reasons[i] = `{"Code":"` + code + `"}`
	}
	return answer(http.StatusBadRequest, `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"no",
		"CancellationReasons":[`+strings.Join(reasons, ",")+`]}`)
}

func TestTableTransactions(t *testing.T) {
	two := []store.Op{put(store.Key{PK: "p", SK: "a"}, nil, isNew), put(store.Key{PK: "p", SK: "b"}, nil, isNew)}
	committed := answer(http.StatusOK, `{"ConsumedCapacity":[{"TableName":"t","CapacityUnits":4}]}`)
	t.Run("OKAfterConflict", func(t *testing.T) {
		table, transport := scripted(cancelled("None", "TransactionConflict"), cancelled("ThrottlingError", "None"), committed)
		if err := table.Write(t.Context(), two...); err != nil {
			t.Fatal(err)
		}
		if tokens := tokensOf(t, transport); tokens[0] == tokens[1] || tokens[1] == tokens[2] {
			t.Errorf("a token was used again after its transaction was cancelled: %v", tokens)
		}
	})
	t.Run("OKAfterLostAnswer", func(t *testing.T) {
		again := answer(http.StatusOK, `{"ConsumedCapacity":[{"TableName":"t","CapacityUnits":4,"ReadCapacityUnits":4}]}`)
		table, transport := scripted(lostBefore, refuse(http.StatusBadRequest, "TransactionInProgressException"), again)
		ctx, meter := store.WithMeter(t.Context())
		if err := table.Write(ctx, two...); err != nil {
			t.Fatal(err)
		}
		if tokens := tokensOf(t, transport); tokens[0] == "" || tokens[0] != tokens[1] || tokens[1] != tokens[2] {
			t.Errorf("attempts of one transaction have different tokens: %v", tokens)
		}
		if want := (store.Cost{Read: 4, Calls: 1}); meter.Cost() != want {
			t.Errorf("cost %+v, want %+v", meter.Cost(), want)
		}
	})
	t.Run("ErrLimitedConflict", func(t *testing.T) {
		table, _ := scripted(cancelled("TransactionConflict", "None"))
		wantCode(t, table.Write(short(t, 500*time.Millisecond), two...), desk.Limited)
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		table, _ := scripted(cancelled("None", "ValidationError"))
		wantCode(t, table.Write(t.Context(), two...), desk.Invalid)
	})
	t.Run("Refused", func(t *testing.T) {
		table, _ := scripted(cancelled("TransactionConflict", "ConditionalCheckFailed"))
		ctx, meter := store.WithMeter(t.Context())
		refusal, ok := errors.AsType[*store.ConditionError](table.Write(ctx, two...))
		if !ok || refusal.Op != 1 {
			t.Fatalf("got %v", refusal)
		}
		if want := (store.Cost{Write: 4, Calls: 1}); meter.Cost() != want {
			t.Errorf("cost %+v, want %+v", meter.Cost(), want)
		}
	})
}

func tokensOf(t *testing.T, transport *faults) []string {
	t.Helper()
	var tokens []string
	for _, body := range transport.sent() {
		var request struct{ ClientRequestToken string }
		if err := json.Unmarshal([]byte(body), &request); err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, request.ClientRequestToken)
	}
	return tokens
}

// TestTableCancelled proves that a caller who gives up is heard at once.
func TestTableCancelled(t *testing.T) {
	table, _ := scripted(hang)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, _, err := table.Get(ctx, somewhere, true)
	wantCode(t, err, desk.Unavailable)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v does not say that the caller gave up", err)
	}
}

func TestTableNeedsValues(t *testing.T) {
	table, transport := scripted(answer(http.StatusOK, done))
	for name, op := range map[string]store.Op{
		"Put": put(somewhere, store.Item{"x": nil}), "Set": {Kind: store.Update, Key: somewhere, Set: store.Item{"x": nil}},
		"Kind": {Key: somewhere}, "Check": {Kind: store.Check, Key: somewhere},
		"Condition": put(somewhere, nil, store.Condition{Attr: "x", Test: store.Equals}),
		"Member":    put(somewhere, nil, store.Condition{Attr: "x", Test: store.Holds, To: num("1")}),
	} {
		t.Run("ErrInvalid"+name, func(t *testing.T) { wantCode(t, table.Write(t.Context(), op), desk.Invalid) })
	}
	if n := len(transport.sent()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}
