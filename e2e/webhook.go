package e2e

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// The seeded WhatsApp inbox, as Meta knows it.
const (
	WhatsAppPath   = "/webhooks/whatsapp/demo/whatsapp"
	WhatsAppNumber = "106540352242922" // its phone number id
	WhatsAppSecret = "demo-app-secret" // seeded for everybody to know
)

// Meta posts webhooks to a desk as Meta does.
type Meta struct {
	Client
}

// Object is a JSON object.
type Object = map[string]any

// Post signs a body and posts it; the status is what the desk answered.
func (m Meta) Post(ctx context.Context, body []byte) (int, error) {
	return m.PostSigned(ctx, body, Sign(body, WhatsAppSecret))
}

// PostSigned posts a body under a signature; "" sends none.
func (m Meta) PostSigned(ctx context.Context, body []byte, signature string) (int, error) {
	signed := *m.HTTP
	signed.Transport = header{"X-Hub-Signature-256", signature, m.HTTP.Transport}
	c := Client{Base: m.Base, HTTP: &signed}
	answer, err := c.Send(ctx, http.MethodPost, WhatsAppPath, "application/json", body)
	if err != nil {
		return 0, err
	}
	return answer.Status, nil
}

// Sign is the signature of a body as X-Hub-Signature-256 carries it.
func Sign(body []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// header is a transport that adds a header.
type header struct {
	name, value string
	next        http.RoundTripper
}

// RoundTrip implements [http.RoundTripper].
func (h header) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if h.value != "" {
		r.Header.Set(h.name, h.value)
	}
	if h.next == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	return h.next.RoundTrip(r)
}

// Webhook is the body of one webhook with messages and statuses, those of one customer or of several with his name.
func Webhook(number, name string, messages, statuses []Object) ([]byte, error) {
	value := Object{
		"messaging_product": "whatsapp",
		"metadata":          Object{"display_phone_number": "15550783881", "phone_number_id": WhatsAppNumber},
	}
	if messages != nil {
		contacts := []Object{{"wa_id": number, "profile": Object{"name": name}}}
		for _, m := range messages {
			if from := m["from"]; from != number {
				contacts = append(contacts, Object{"wa_id": from, "profile": Object{"name": name}})
			}
		}
		value["messages"], value["contacts"] = messages, contacts
	}
	if statuses != nil {
		value["statuses"] = statuses
	}
	body, err := json.Marshal(Object{"object": "whatsapp_business_account", "entry": []Object{{"id": "900",
		"changes": []Object{{"field": "messages", "value": value}}}}})
	if err != nil {
		return nil, fmt.Errorf("encode a webhook: %w", err)
	}
	return body, nil
}

// TextMessage is a customer's text as a webhook holds it.
func TextMessage(id, number, text string, at time.Time) Object {
	return Object{"id": id, "from": number, "timestamp": strconv.FormatInt(at.Unix(), 10), "type": "text", "text": Object{"body": text}}
}

// Status is a delivery state as a webhook holds it. key is what the desk sent along; "" for none.
func Status(id, number, state, key string, at time.Time) Object {
	s := Object{"id": id, "recipient_id": number, "status": state, "timestamp": strconv.FormatInt(at.Unix(), 10)}
	if key != "" {
		s["biz_opaque_callback_data"] = key
	}
	return s
}
