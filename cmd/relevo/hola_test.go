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

// frames opens a live line of an agent; next waits for a frame that fits.
func frames(t *testing.T, g *gateway, token string) (next func(fits func(obj) bool) obj) {
	t.Helper()
	ticket := as[obj](t, token, "POST", g.public+"/v1/live/ticket", nil)["ticket"].(string)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	conn, answer, err := websocket.Dial(ctx, strings.Replace(g.public, "http", "ws", 1)+"/live?ticket="+ticket, nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Body != nil {
		answer.Body.Close()
	}
	t.Cleanup(func() { conn.CloseNow() })
	return func(fits func(obj) bool) obj {
		t.Helper()
		for {
			_, raw, err := conn.Read(ctx)
			if err != nil {
				t.Fatalf("no such frame: %v", err)
			}
			var f obj
			if err := json.Unmarshal(raw, &f); err != nil {
				t.Fatal(err)
			}
			if fits(f) {
				return f
			}
		}
	}
}

func textOf(f obj) string {
	data, _ := f["data"].(obj)
	message, _ := data["message"].(obj)
	text, _ := message["text"].(string)
	return text
}

// A customer's "Hola" reaches the agent by HTTP in and WebSocket out, and her answer goes back (B6, B12, B13, B23).
func TestHola(t *testing.T) {
	g, _ := serve(t, localConfig(t), true)
	ines := devToken(t, g, "ines")
	next := frames(t, g, ines)
	session := as[obj](t, "", "POST", g.public+"/widget/v1/sessions", obj{"inbox": "web"})
	visitor := session["token"].(string)
	as[obj](t, visitor, "POST", g.public+"/widget/v1/messages", obj{"client_id": "1", "text": "Hola"})
	hola := next(func(f obj) bool { return f["type"] == "message.created" && textOf(f) == "Hola" })
	next(func(f obj) bool { return f["type"] == "message.created" && strings.HasPrefix(textOf(f), "¡Hola!") })
	next(func(f obj) bool {
		data, _ := f["data"].(obj)
		c, _ := data["conversation"].(obj)
		return c["assignee"] == "ines"
	})
	conversation := g.public + "/v1/conversations/" + hola["conversation"].(string)
	as[obj](t, ines, "POST", conversation+"/messages", obj{"client_id": "2", "html": "<b>Buenas</b><script>x</script>"})
	thread := as[obj](t, visitor, "GET", g.public+"/widget/v1/messages?fresh=true", nil)
	messages := thread["messages"].([]any)
	if last := messages[len(messages)-1].(obj); last["text"] != "Buenas" || last["html"] != "<b>Buenas</b>" {
		t.Errorf("the customer reads %v", last)
	}
}

// The same from the phone, which signs real webhooks and stands in for the Graph API.
func TestHolaFromThePhone(t *testing.T) {
	g, _ := serve(t, localConfig(t), true)
	ines := devToken(t, g, "ines")
	next := frames(t, g, ines)
	for _, from := range []obj{
		{"from": "573001112233", "name": "Carla", "text": "Hola"},
		{"user_id": "CO.1349120865530274", "name": "Sin número", "text": "Buenas"},
	} {
		sent := as[obj](t, "", "POST", g.public+"/phone/send", from)
		if sent["status"] != float64(http.StatusOK) {
			t.Fatalf("the webhook answered %v", sent)
		}
		in := next(func(f obj) bool { return f["type"] == "message.created" && textOf(f) == from["text"] })
		as[obj](t, ines, "POST", g.public+"/v1/conversations/"+in["conversation"].(string)+"/messages", obj{"client_id": from["text"], "text": "¿Sí?"})
		next(func(f obj) bool {
			data, _ := f["data"].(obj)
			message, _ := data["message"].(obj)
			delivery, _ := message["delivery"].(obj)
			return message["text"] == "¿Sí?" && delivery["state"] == "delivered" && f["conversation"] == in["conversation"]
		})
	}
	items := as[obj](t, "", "GET", g.public+"/phone/messages?peer=573001112233", nil)["items"].([]any)
	if len(items) != 2 || items[1].(obj)["text"] != "¿Sí?" || items[1].(obj)["out"] != true {
		t.Errorf("the phone shows %v", items)
	}
	t.Run("Refused", func(t *testing.T) {
		as[obj](t, "", "POST", g.public+"/phone/mode", obj{"send": "400"})
		conversation := as[obj](t, ines, "GET", g.public+"/v1/conversations?view=mine", nil)["items"].([]any)[0].(obj)["id"].(string)
		as[obj](t, ines, "POST", g.public+"/v1/conversations/"+conversation+"/messages", obj{"client_id": "no", "text": "no"})
		next(func(f obj) bool {
			data, _ := f["data"].(obj)
			message, _ := data["message"].(obj)
			delivery, _ := message["delivery"].(obj)
			return message["text"] == "no" && delivery["state"] == "failed" && delivery["error"] != ""
		})
	})
	t.Run("ErrForeignToken", func(t *testing.T) {
		answer, _ := ask(t, "POST", g.public+"/graph/v23.0/106540352242922/messages", obj{"to": "1"}, "Authorization", "Bearer guess")
		if answer.StatusCode != http.StatusUnauthorized {
			t.Errorf("the Graph API answers %d to a wrong token", answer.StatusCode)
		}
	})
}
