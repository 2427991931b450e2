package cloud_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/relevo/relevo/internal/cloud"
	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// streamRecord is a record as DynamoDB sends it; more are further members of "dynamodb", led by a comma.
func streamRecord(event, sequence, more string) string {
	return `{"eventID": "id-` + sequence + `", "eventName": "` + event + `", "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
	  "dynamodb": {"ApproximateCreationDateTime": 1772463600, "Keys": {"PK": {"S": "demo#CONV#c1"}, "SK": {"S": "MSG#1"}}` + more + `,
	  "SequenceNumber": "` + sequence + `", "SizeBytes": 54, "StreamViewType": "NEW_AND_OLD_IMAGES"},
	  "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/relevo/stream/2026-03-02T00:00:00.000"}`
}

func streamEvent(records ...string) []byte {
	return []byte(`{"Records": [` + strings.Join(records, ",") + `]}`)
}

func TestStream(t *testing.T) {
	t.Run("OK", func(t *testing.T) {
		var got []store.Change
		answer, err := cloud.HandleStream(t.Context(), cloud.Host{Relay: func(_ context.Context, changes []store.Change) error {
			got = append(got, changes...)
			return nil
		}}, streamEvent(
			streamRecord("INSERT", "1405400000000002063282832", `, "NewImage": {"s": {"S": "¡Hola!"}, "empty": {"S": ""}, "n": {"N": "-3.14"},
			  "b": {"B": "AAEqQQ=="}, "yes": {"BOOL": true}, "null": {"NULL": true}, "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "567.8"]},
			  "bs": {"BS": ["AAEqQQ==", "QSoBAA=="]}, "m": {"M": {"in": {"L": []}}}, "l": {"L": [{"S": "x"}, {"N": "1"}, {"M": {}}]}}`),
			streamRecord("MODIFY", "1405400000000002063282833", `, "OldImage": {"v": {"N": "1"}}, "NewImage": {"v": {"N": "2"}}`),
			streamRecord("REMOVE", "1405400000000002063282834", `, "OldImage": {"v": {"N": "2"}}`),
		))
		if err != nil || string(answer) != `{"batchItemFailures":[]}` {
			t.Fatalf("%s, %v", answer, err)
		}
		n := func(v string) store.Item { return store.Item{"v": &types.AttributeValueMemberN{Value: v}} }
		key := store.Key{PK: "demo#CONV#c1", SK: "MSG#1"}
		const id = "000000000000000140540000000000206328283"
		want := []store.Change{
			{ID: id + "2", Key: key, New: store.Item{
				"s": &types.AttributeValueMemberS{Value: "¡Hola!"}, "empty": &types.AttributeValueMemberS{}, "n": &types.AttributeValueMemberN{Value: "-3.14"},
				"b": &types.AttributeValueMemberB{Value: []byte{0, 1, 42, 65}}, "yes": &types.AttributeValueMemberBOOL{Value: true},
				"null": &types.AttributeValueMemberNULL{Value: true}, "ss": &types.AttributeValueMemberSS{Value: []string{"a", "b"}},
				"ns": &types.AttributeValueMemberNS{Value: []string{"1", "567.8"}},
				"bs": &types.AttributeValueMemberBS{Value: [][]byte{{0, 1, 42, 65}, {65, 42, 1, 0}}},
				"m":  &types.AttributeValueMemberM{Value: store.Item{"in": &types.AttributeValueMemberL{Value: []types.AttributeValue{}}}},
				"l": &types.AttributeValueMemberL{Value: []types.AttributeValue{
					&types.AttributeValueMemberS{Value: "x"}, &types.AttributeValueMemberN{Value: "1"}, &types.AttributeValueMemberM{Value: store.Item{}}}},
			}},
			{ID: id + "3", Key: key, Old: n("1"), New: n("2")},
			{ID: id + "4", Key: key, Old: n("2")},
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(types.AttributeValueMemberS{}, types.AttributeValueMemberN{},
			types.AttributeValueMemberB{}, types.AttributeValueMemberBOOL{}, types.AttributeValueMemberNULL{}, types.AttributeValueMemberSS{},
			types.AttributeValueMemberNS{}, types.AttributeValueMemberBS{}, types.AttributeValueMemberM{}, types.AttributeValueMemberL{})); diff != "" {
			t.Error(diff)
		}
	})
	image := `, "NewImage": {"v": {"N": "1"}}`
	t.Run("StopsAtTheFirstFailure", func(t *testing.T) {
		var seen []string
		answer, err := cloud.HandleStream(t.Context(), cloud.Host{Relay: func(ctx context.Context, _ []store.Change) error {
			seen = append(seen, cloud.RequestID(ctx))
			if len(seen) == 2 {
				panic("no")
			}
			return nil
		}}, streamEvent(streamRecord("INSERT", "11", image), streamRecord("INSERT", "12", image), streamRecord("INSERT", "13", image)))
		if got := failed(t, answer); err != nil || !slices.Equal(got, []string{"12"}) || !slices.Equal(seen, []string{"id-11", "id-12"}) {
			t.Errorf("got %v, %v, seen %v", got, err, seen)
		}
	})
	t.Run("NoImage", func(t *testing.T) {
		handled := cloud.Host{Relay: func(context.Context, []store.Change) error { return nil }}
		answer, err := cloud.HandleStream(t.Context(), handled, streamEvent(streamRecord("MODIFY", "11", "")))
		if got := failed(t, answer); err != nil || !slices.Equal(got, []string{"11"}) {
			t.Errorf("got %v, %v", got, err)
		}
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		for _, event := range []string{`x`, `{"Records": [{"dynamodb": {"NewImage": {"v": {"X": 1}}}}]}`, string(streamEvent(streamRecord("INSERT", "", image)))} {
			_, err := cloud.HandleStream(t.Context(), cloud.Host{Relay: func(context.Context, []store.Change) error { return nil }}, []byte(event))
			wantCode(t, err, desk.Invalid)
		}
	})
}
