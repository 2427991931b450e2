package events_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// streamCases are the events of relay, and what is written in the table to cause them: the images in their files are
// those that the store writes, so that a change of an item's layout shows here.
var streamCases = map[string]func(w *world){
	"relay.message": func(w *world) {
		w.store(desk.Message{ID: desk.MessageID(id(0, "mlau3")), Conversation: lauras, Author: desk.Actor{Kind: desk.ByCustomer, ID: string(laura), Name: "Laura Gómez"},
			Text: "¿Y en azul?", ExternalID: "visitor/" + string(laura) + "/azul"})
	},
	"relay.first-message": func(w *world) { // nobody has greeted Diego yet
		w.store(desk.Message{ID: desk.MessageID(id(0, "mdie2")), Conversation: diegos, Author: desk.Actor{Kind: desk.ByCustomer, ID: string(diego), Name: "Diego"},
			Text: "¿Hay alguien?", ExternalID: "visitor/" + string(diego) + "/alguien"})
	},
	"relay.reply-on-whatsapp": func(w *world) {
		w.store(desk.Message{ID: desk.MessageID(id(0, "mmar3")), Conversation: martas, Inbox: "whatsapp", Author: desk.Actor{Kind: desk.ByUser, ID: "ines", Name: "Inés Rojas"},
			Text: "Sale esta tarde.", ExternalID: "user/ines/tarde"})
	},
	"relay.note-with-mention": func(w *world) {
		w.store(desk.Message{ID: desk.MessageID(id(0, "nlau1")), Conversation: lauras, Kind: desk.NoteKind, Author: desk.Actor{Kind: desk.ByUser, ID: "ines", Name: "Inés Rojas"},
			Text: "@Luis ¿queda azul?", Mentions: []desk.AgentID{"luis"}, ExternalID: "user/ines/nota"})
	},
	"relay.delivery-state": func(w *world) {
		check(w.t, w.books.ChangeMessage(w.t.Context(), martas, unsent, desk.MessageChange{Receipt: &desk.Receipt{Provider: "wamid.OUT1", At: now}}))
	},
	"relay.conversation-created": func(w *world) {
		w.store(desk.Message{ID: desk.MessageID(id(0, "adie1")), Conversation: diegos, Kind: desk.ActivityKind, Event: desk.ConversationCreated,
			Author: desk.Actor{Kind: desk.ByCustomer, ID: string(diego), Name: "Diego"}, Data: map[string]string{"inbox": "web", "number": "2"}})
	},
	"relay.conversation-snoozed": func(w *world) {
		w.store(desk.Message{ID: desk.MessageID(id(0, "arau1")), Conversation: raulas, Kind: desk.ActivityKind, Event: desk.ConversationSnoozed,
			Author: desk.Actor{Kind: desk.ByUser, ID: "luis", Name: "Luis Pérez"}, Data: map[string]string{"choice": "hour"}, Inbox: "whatsapp"})
	},
	"relay.conversation-closed": func(w *world) {
		w.store(desk.Message{ID: desk.MessageID(id(0, "asan1")), Conversation: sandras, Kind: desk.ActivityKind, Event: desk.ConversationClosed,
			Author: desk.Actor{Kind: desk.ByUser, ID: "ines", Name: "Inés Rojas"}, Data: map[string]string{"category": "Tallas"}})
	},
	"relay.ticket": func(w *world) { // which is filed, and whose responsible is told
		ticket := w.sandrasTicket()
		ticket.Responsible, ticket.Version = "luis", 1
		w.save(desk.TicketSave{Ticket: ticket})
	},
	"relay.public-action": func(w *world) { // which goes to Sandra in her conversation, to Cc by mail, and to the responsible
		ticket := w.sandrasTicket()
		ticket.Version = 1
		w.save(desk.TicketSave{Ticket: ticket, Actions: []desk.TicketAction{publicAction("tact2", "Llega el lunes.")}})
	},
	"relay.seat": func(w *world) {
		check(w.t, w.books.SetPresence(w.t.Context(), "ines", desk.Pause, now.Add(time.Minute)))
	},
	"relay.seat-available": func(w *world) {
		check(w.t, w.books.SetPresence(w.t.Context(), "otto", desk.Connected, now.Add(time.Minute)))
	},
}

func (w *world) store(m desk.Message) {
	w.t.Helper()
	if m.Kind == "" {
		m.Kind = desk.MessageText
	}
	if m.Inbox == "" {
		m.Inbox = "web"
	}
	m.Content = desk.TextContent
	_, _, err := w.books.StoreMessage(w.t.Context(), m)
	check(w.t, err)
}

// streamEventOf writes changes of the table as DynamoDB Streams does.
func streamEventOf(t *testing.T, changes []store.Change) []byte {
	t.Helper()
	var records []any
	for i, c := range changes {
		name, stream := "MODIFY", map[string]any{
			"ApproximateCreationDateTime": now.Unix(),
			"Keys":                        map[string]any{"PK": map[string]string{"S": c.Key.PK}, "SK": map[string]string{"S": c.Key.SK}},
			"SequenceNumber":              fmt.Sprintf("111000000000200000%07d", i+1), "SizeBytes": 512, "StreamViewType": "NEW_AND_OLD_IMAGES",
		}
		switch {
		case c.Old == nil:
			name = "INSERT"
		case c.New == nil:
			name = "REMOVE"
		}
		for side, item := range map[string]store.Item{"OldImage": c.Old, "NewImage": c.New} {
			if item != nil {
				stream[side] = imageOf(t, c.Key, item)
			}
		}
		records = append(records, map[string]any{
			"eventID": fmt.Sprintf("c4ca4238a0b923820dcc509a6f75%04d", i+1), "eventName": name, "eventVersion": "1.1", "eventSource": "aws:dynamodb",
			"awsRegion": "us-east-1", "dynamodb": stream,
			"eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/relevo/stream/2026-03-02T14:00:00.000",
		})
	}
	raw, err := json.MarshalIndent(map[string]any{"Records": records}, "", "  ")
	check(t, err)
	return append(raw, '\n')
}

// imageOf is a whole item: keys included, as DynamoDB sends it.
func imageOf(t *testing.T, key store.Key, item store.Item) map[string]events.DynamoDBAttributeValue {
	t.Helper()
	image := map[string]events.DynamoDBAttributeValue{"PK": events.NewStringAttribute(key.PK), "SK": events.NewStringAttribute(key.SK)}
	for name, v := range item {
		image[name] = valueOf(t, v)
	}
	return image
}

func valueOf(t *testing.T, v types.AttributeValue) events.DynamoDBAttributeValue {
	t.Helper()
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return events.NewStringAttribute(v.Value)
	case *types.AttributeValueMemberN:
		return events.NewNumberAttribute(v.Value)
	case *types.AttributeValueMemberB:
		return events.NewBinaryAttribute(v.Value)
	case *types.AttributeValueMemberBOOL:
		return events.NewBooleanAttribute(v.Value)
	case *types.AttributeValueMemberSS:
		return events.NewStringSetAttribute(v.Value)
	case *types.AttributeValueMemberM:
		inner := map[string]events.DynamoDBAttributeValue{}
		for name, e := range v.Value {
			inner[name] = valueOf(t, e)
		}
		return events.NewMapAttribute(inner)
	case *types.AttributeValueMemberL:
		list := make([]events.DynamoDBAttributeValue, len(v.Value))
		for i, e := range v.Value {
			list[i] = valueOf(t, e)
		}
		return events.NewListAttribute(list)
	default:
		t.Fatalf("an attribute of type %T", v)
		return events.DynamoDBAttributeValue{}
	}
}

// cause makes the changes of a case, as an event.
func cause(t *testing.T, before func(w *world)) []byte {
	t.Helper()
	w := newWorld(t)
	before(w)
	return streamEventOf(t, w.forget())
}

func writeStreamEvents(t *testing.T) {
	t.Helper()
	for name, before := range streamCases {
		check(t, os.WriteFile(name+".json", cause(t, before), 0o644))
	}
}

// TestStreamEventsAreOfToday fails when the store writes other items than the events hold.
func TestStreamEventsAreOfToday(t *testing.T) {
	for name, before := range streamCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(name + ".json")
			check(t, err)
			if diff := cmp.Diff(string(want), string(cause(t, before))); diff != "" {
				t.Errorf("the event is stale (go test ./events -update writes it anew):\n%s", diff)
			}
		})
	}
}
