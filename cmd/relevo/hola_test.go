package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// as does a request with a token and decodes the answer, which must be of the 2xx.
func as[T any](t *testing.T, token, method, address string, body any) T {
	t.Helper()
	answer, raw := ask(t, method, address, body, "Authorization", "Bearer "+token)
	var said T
	if answer.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s", method, address, answer.StatusCode, raw)
	}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &said); err != nil {
			t.Fatalf("%s %s: %v: %s", method, address, err, raw)
		}
	}
	return said
}

type obj = map[string]any

// liveFrame is what the tests look at of a frame.
type liveFrame struct {
	Type         string
	Conversation string
	Data         struct {
		Message      message
		Conversation json.RawMessage // an id in notifications
	}
}

type message struct {
	Text     string
	HTML     string
	Delivery struct{ State, Error string }
}

// frames opens a live line of an agent; next waits for a frame that fits.
func frames(t *testing.T, g *gateway, token string) (next func(fits func(liveFrame) bool) liveFrame) {
	t.Helper()
	ticket := as[struct{ Ticket string }](t, token, "POST", g.public+"/v1/live/ticket", nil).Ticket
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	conn, answer, err := websocket.Dial(ctx, strings.Replace(g.public, "http", "ws", 1)+"/live?ticket="+ticket, nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Body != nil {
		answer.Body.Close()
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return func(fits func(liveFrame) bool) liveFrame {
		t.Helper()
		for {
			_, raw, err := conn.Read(ctx)
			if err != nil {
				t.Fatalf("no such frame: %v", err)
			}
			var f liveFrame
			if err := json.Unmarshal(raw, &f); err != nil {
				t.Fatal(err)
			}
			if fits(f) {
				return f
			}
		}
	}
}

func says(text string) func(liveFrame) bool {
	return func(f liveFrame) bool {
		return f.Type == "message.created" && strings.HasPrefix(f.Data.Message.Text, text)
	}
}

// A customer's "Hola" reaches the agent by HTTP in and WebSocket out, and her answer goes back (B6, B12, B13, B23).
func TestHola(t *testing.T) {
	g, _ := serve(t, localConfig(t), true)
	ines := devToken(t, g, "ines")
	next := frames(t, g, ines)
	visitor := as[struct{ Token string }](t, "", "POST", g.public+"/widget/v1/sessions", obj{"inbox": "web"}).Token
	as[obj](t, visitor, "POST", g.public+"/widget/v1/messages", obj{"client_id": "1", "text": "Hola"})
	hola := next(says("Hola"))
	next(says("¡Hola!"))
	next(func(f liveFrame) bool { return strings.Contains(string(f.Data.Conversation), `"assignee":"ines"`) })
	conversation := g.public + "/v1/conversations/" + hola.Conversation
	as[obj](t, ines, "POST", conversation+"/messages", obj{"client_id": "2", "html": "<b>Buenas</b><script>x</script>"})
	messages := as[struct{ Messages []message }](t, visitor, "GET", g.public+"/widget/v1/messages?fresh=true", nil).Messages
	if last := messages[len(messages)-1]; last.Text != "Buenas" || last.HTML != "<b>Buenas</b>" {
		t.Errorf("the customer reads %v", last)
	}
}

// The same from the phone, which signs real webhooks and stands in for the Graph API.
func TestHolaFromThePhone(t *testing.T) {
	g, _ := serve(t, localConfig(t), true)
	ines := devToken(t, g, "ines")
	next := frames(t, g, ines)
	for _, from := range []act{
		{From: "573001112233", Name: "Carla", Text: "Hola"},
		{UserID: "CO.1349120865530274", Name: "Sin número", Text: "Buenas"},
	} {
		sent := as[struct{ Status int }](t, "", "POST", g.public+"/phone/send", from)
		if sent.Status != http.StatusOK {
			t.Fatalf("the webhook answered %d", sent.Status)
		}
		in := next(says(from.Text))
		as[obj](t, ines, "POST", g.public+"/v1/conversations/"+in.Conversation+"/messages", obj{"client_id": from.Text, "text": "¿Sí?"})
		next(func(f liveFrame) bool {
			return f.Data.Message.Text == "¿Sí?" && f.Data.Message.Delivery.State == "delivered" && f.Conversation == in.Conversation
		})
	}
	items := as[struct{ Items []phoneMessage }](t, "", "GET", g.public+"/phone/messages?peer=573001112233", nil).Items
	if len(items) != 2 || items[1].Text != "¿Sí?" || !items[1].Out {
		t.Errorf("the phone shows %v", items)
	}
	t.Run("Refused", func(t *testing.T) {
		as[obj](t, "", "POST", g.public+"/phone/mode", obj{"send": "400"})
		mine := as[struct{ Items []struct{ ID string } }](t, ines, "GET", g.public+"/v1/conversations?view=mine", nil).Items
		as[obj](t, ines, "POST", g.public+"/v1/conversations/"+mine[0].ID+"/messages", obj{"client_id": "no", "text": "no"})
		next(func(f liveFrame) bool {
			m := f.Data.Message
			return m.Text == "no" && m.Delivery.State == "failed" && m.Delivery.Error != ""
		})
	})
	t.Run("ErrForeignToken", func(t *testing.T) {
		answer, _ := ask(t, "POST", g.public+"/graph/v23.0/106540352242922/messages", obj{"to": "1"}, "Authorization", "Bearer guess")
		if answer.StatusCode != http.StatusUnauthorized {
			t.Errorf("the Graph API answers %d to a wrong token", answer.StatusCode)
		}
	})
}
