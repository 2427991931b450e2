package e2e_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/relevo/relevo/e2e"
)

var lastNumber atomic.Uint32

// aNumber is a phone number that no other scenario, and no other run, has.
func aNumber() string {
	return fmt.Sprintf("57%03d%09d", lastNumber.Add(1)%1000, time.Now().UnixNano()%1_000_000_000)
}

// TestFromThePhone goes the whole way from the local phone: B12 to B76 as far as WhatsApp has them, with the automatic
// ticket of its inbox (B83).
func TestFromThePhone(t *testing.T) {
	t.Parallel()
	phone, number := host.Phone(), aNumber()
	otto := signIn(t, host, "otto@demo.test").arrive()
	wamid, status, err := phone.Send(t.Context(), e2e.Act{From: number, Name: "Rosa Nieto", Text: "Hola " + secretMark})
	if err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	id := conversationOf(t, otto, number)
	thread := otto.awaits(id, "B83: its ticket", func(c e2e.Conversation) bool { return c.Ticket > 0 })
	if thread.Contact.Name != "Rosa Nieto" || thread.Conversation.Channel != "whatsapp" || thread.Conversation.Status != "open" {
		t.Errorf("%+v %+v", thread.Conversation, thread.Contact)
	}
	if _, _, err := phone.Send(t.Context(), e2e.Act{From: number, ID: wamid, Name: "Rosa Nieto", Text: "Hola " + secretMark}); err != nil {
		t.Fatal(err)
	}
	picture := []byte("\x89PNG\r\n\x1a\n-not-really")
	if _, _, err := phone.Send(t.Context(), e2e.Act{From: number, Type: "image", Text: "mira " + secretMark,
		File: &e2e.File{Name: "foto.png", Type: "image/png", Data: picture}}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the picture lies in our own store", func() bool {
		messages := customers(otto.opens(id).Messages)
		return len(messages) == 2 && len(messages[1].Attachments) == 1 && messages[1].Attachments[0].URL != "" && messages[1].Attachments[0].Size == int64(len(picture))
	})

	otto.act(id, "assign", e2e.Object{"agent": otto.id})
	otto.writes(id, e2e.Object{"kind": "note", "text": "nota-secreta"})
	reply := otto.writes(id, e2e.Object{"html": "Buenos días, <b>Rosa</b>"})
	var shown e2e.PhoneMessage
	eventually(t, "the reply is on the phone", func() bool {
		out := onPhone(t, phone, number)
		if len(out) != 1 {
			return false
		}
		shown = out[0]
		return true
	})
	if shown.Text != "Buenos días, *Rosa*" {
		t.Errorf("B27: %q", shown.Text)
	}
	awaitDelivery(t, otto, id, reply.ID, "delivered")
	if err := phone.Report(t.Context(), shown.ID, "read"); err != nil {
		t.Fatal(err)
	}
	awaitDelivery(t, otto, id, reply.ID, "read")
	if err := phone.Report(t.Context(), shown.ID, "delivered"); err != nil {
		t.Fatal(err)
	}

	// A short snooze, and the close with the ticket that is there; the transcript has no note.
	otto.snoozes(id, time.Second)
	otto.hears("woken", func(f e2e.Frame) bool { return f.Conversation == id && f.Message().Event == "conversation.woken" })
	if closed := otto.closes(id, e2e.Object{"note": e2e.Object{"category": "Envíos"}}); closed.Conversation.Ticket != thread.Conversation.Ticket {
		t.Errorf("B59: %+v", closed)
	}
	to := "rosa" + number + "@example.com"
	otto.asksTranscript(id, to)
	eventually(t, "B75: the transcript", func() bool {
		mails, err := host.Mails(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(mails, func(m e2e.Mail) bool {
			return m.To == to && strings.Contains(m.Text, "Buenos días") && !strings.Contains(m.Text+m.HTML, "nota-secreta") && !strings.Contains(m.Text+m.HTML, "demo.test")
		})
	})
	if out := onPhone(t, phone, number); len(out) != 1 {
		t.Errorf("the phone shows %+v", out)
	}
	if d := delivery(otto, id, reply.ID); d.State != "read" {
		t.Errorf("I4: the state fell to %s", d.State)
	}

	// He writes again: a new conversation, with the earlier one listed (B22).
	if _, _, err := phone.Send(t.Context(), e2e.Act{From: number, Text: "Otra cosa " + secretMark}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "B22: a new one beside the old", func() bool {
		var page e2e.Page[e2e.Conversation]
		otto.get("/v1/contacts/"+thread.Contact.ID+"/conversations", &page)
		return len(page.Items) == 2 && page.Items[0].ID != id && page.Items[0].Status == "open"
	})
	var page e2e.Page[e2e.Conversation]
	otto.get("/v1/contacts/"+thread.Contact.ID+"/conversations", &page)
	otto.closes(page.Items[0].ID, e2e.Object{}) // leaves nobody's load behind
}

// onPhone gives what the desk wrote to the phone.
func onPhone(t *testing.T, phone e2e.Phone, number string) []e2e.PhoneMessage {
	t.Helper()
	all, err := phone.Shows(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(m e2e.PhoneMessage) bool { return !m.Out })
}

// customers are the customer's messages of a thread.
func customers(thread []e2e.Message) []e2e.Message {
	return slices.DeleteFunc(slices.Clone(thread), func(m e2e.Message) bool { return m.Author.Kind != "customer" || m.Kind != "message" })
}

// conversationOf waits for the open conversation of a number.
func conversationOf(t *testing.T, reader *agent, number string) string {
	t.Helper()
	id := ""
	eventually(t, "a conversation of "+number, func() bool {
		for _, c := range reader.lists("limit=100&inbox=whatsapp") {
			thread := reader.opens(c.ID)
			if len(thread.Contact.Identities) > 0 && thread.Contact.Identities[0].Address == number && len(customers(thread.Messages)) > 0 {
				id = c.ID
			}
		}
		return id != ""
	})
	return id
}

func delivery(reader *agent, id, message string) e2e.Delivery {
	reader.t.Helper()
	for _, m := range reader.opens(id).Messages {
		if m.ID == message {
			return m.Delivery
		}
	}
	return e2e.Delivery{}
}

func awaitDelivery(t *testing.T, reader *agent, id, message, state string) e2e.Delivery {
	t.Helper()
	var d e2e.Delivery
	eventually(t, "delivery state "+state, func() bool {
		d = delivery(reader, id, message)
		return d.State == state
	})
	return d
}

// meta is a desk with a Graph API and webhooks that the scenarios hold in their own hands.
type meta struct {
	t     *testing.T
	graph *e2e.Graph
	hooks e2e.Meta
	otto  *agent
}

// TestWhatsApp runs its scenarios on one desk, for they want a Graph API that fails as they say.
func TestWhatsApp(t *testing.T) {
	t.Parallel()
	graph := e2e.NewGraph()
	t.Cleanup(graph.Close)
	desk := ownDesk(t, "RELEVO_GRAPH_URL="+graph.URL)
	hooks := e2e.Meta{Client: e2e.Client{Base: desk.URL, HTTP: &http.Client{Transport: checked(t, desk.URL)}}}
	h := e2e.NewLocal(desk.URL)
	for name, scenario := range map[string]func(*meta){
		"Statuses": statusesOnlyRise, "Retry": sendingIsRetried, "Failure": failedAndSentAgain, "Window": window, "Kinds": everyKindIsKept,
		"Repeats": repeatsAndBatches, "Signatures": signatures, "Challenge": challenge, "Media": mediaThatIsGone, "EditAndRevoke": editAndRevoke,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scenario(&meta{t: t, graph: graph, hooks: hooks, otto: signIn(t, h, "otto@demo.test")})
		})
	}
}

// post posts a webhook that must be taken.
func (m *meta) post(number string, messages, statuses []e2e.Object) {
	m.t.Helper()
	body, err := e2e.Webhook(number, "Rosa", messages, statuses)
	if err != nil {
		m.t.Fatal(err)
	}
	if status, err := m.hooks.Post(m.t.Context(), body); err != nil || status != http.StatusOK {
		m.t.Fatalf("the webhook was answered with %d, %v", status, err)
	}
}

// customer writes from a new number, and gives it with its conversation.
func (m *meta) customer(at time.Time) (number, id string) {
	m.t.Helper()
	number = aNumber()
	m.post(number, []e2e.Object{e2e.TextMessage("wamid."+rand.Text(), number, "Hola "+secretMark, at)}, nil)
	return number, conversationOf(m.t, m.otto, number)
}

// sent waits for the n-th message to a number.
func (m *meta) sent(number string, n int) e2e.Sent {
	m.t.Helper()
	var all []e2e.Sent
	eventually(m.t, "WhatsApp has the message", func() bool {
		all = m.graph.To(number)
		return len(all) >= n
	})
	if len(all) > n {
		m.t.Errorf("I3: sent %d times, want %d", len(all), n)
	}
	return all[n-1]
}

// statusesOnlyRise: I4, found even when a state comes before the send's answer, by the key or by the provider's id.
func statusesOnlyRise(m *meta) {
	number, id := m.customer(time.Now())
	early := make(chan e2e.Sent, 1)
	m.graph.Before(func(s e2e.Sent) {
		if s.To != number {
			return
		}
		body, err := e2e.Webhook(number, "", nil, []e2e.Object{e2e.Status(s.ID, number, "delivered", s.Key, time.Now())})
		if err == nil {
			_, err = m.hooks.Post(m.t.Context(), body)
		}
		if err != nil {
			m.t.Error(err)
		}
		early <- s
	})
	reply := m.otto.replies(id, "Buenos días")
	sent := <-early
	m.graph.Before(nil)
	awaitDelivery(m.t, m.otto, id, reply.ID, "delivered")
	m.post(number, nil, []e2e.Object{e2e.Status(sent.ID, number, "read", "", time.Now())})
	awaitDelivery(m.t, m.otto, id, reply.ID, "read")
	m.post(number, nil, []e2e.Object{e2e.Status(sent.ID, number, "sent", sent.Key, time.Now()), e2e.Status(sent.ID, number, "delivered", sent.Key, time.Now()),
		e2e.Status(sent.ID, number, "failed", sent.Key, time.Now()), e2e.Status("wamid.unknown", number, "read", "", time.Now())})
	last := m.otto.replies(id, "¿Algo más?")
	m.sent(number, 2)
	awaitDelivery(m.t, m.otto, id, last.ID, "sent")
	if d := delivery(m.otto, id, reply.ID); d.State != "read" {
		m.t.Errorf("I4: fell to %+v", d)
	}
	m.sent(number, 2)
}

// sendingIsRetried: 429 with Retry-After and 5xx come again; the message arrives once.
func sendingIsRetried(m *meta) {
	number, id := m.customer(time.Now())
	m.graph.Refuse(number, e2e.Fault{Status: 429, Code: 130429, RetryAfter: "1"}, e2e.Fault{Status: 500, Code: 131000})
	reply := m.otto.replies(id, "Buenos días")
	if sent := m.sent(number, 1); sent.Text.Body != "Buenos días" || sent.Key == "" {
		m.t.Errorf("sent %+v", sent)
	}
	awaitDelivery(m.t, m.otto, id, reply.ID, "sent")
	m.sent(number, 1)
}

// failedAndSentAgain: a refusal is told, nothing is repeated by itself, and the agent sends it again.
func failedAndSentAgain(m *meta) {
	number, id := m.customer(time.Now())
	path := "/v1/conversations/" + id + "/messages/"
	m.graph.Refuse(number, e2e.Fault{Status: 400, Code: 131026})
	reply := m.otto.replies(id, "Buenos días")
	if d := awaitDelivery(m.t, m.otto, id, reply.ID, "failed"); d.Error == "" {
		m.t.Errorf("no reason for the agent: %+v", d)
	}
	m.otto.post(path+reply.ID+"/retry", nil, nil)
	m.sent(number, 1)
	awaitDelivery(m.t, m.otto, id, reply.ID, "sent")
	m.otto.refused(http.MethodPost, path+reply.ID+"/retry", nil, http.StatusConflict, "conflict", "")
}

// window: I8: 24 hours from the provider's timestamp, then a clear refusal, and a template goes past it.
func window(m *meta) {
	number, id := m.customer(time.Now().Add(-25 * time.Hour))
	path := "/v1/conversations/" + id + "/messages"
	m.otto.refused(http.MethodPost, path, e2e.Object{"client_id": "1", "text": "Buenos días"}, http.StatusConflict, "conflict", "template")
	m.otto.refused(http.MethodPost, path, e2e.Object{"client_id": "2", "template": e2e.Object{"name": "nothing", "language": "es"}},
		http.StatusBadRequest, "invalid", "template.name")
	m.otto.refused(http.MethodPost, path, e2e.Object{"client_id": "3", "template": e2e.Object{"name": "order_update", "language": "es",
		"parameters": []string{"Rosa"}}}, http.StatusBadRequest, "invalid", "template.parameters")
	reply := m.otto.writes(id, e2e.Object{"template": e2e.Object{"name": "order_update", "language": "es", "parameters": []string{"Rosa", "77"}}})
	if reply.Text != "Hola Rosa, tu pedido 77 está en camino." {
		m.t.Errorf("the thread shows %q", reply.Text)
	}
	sent := m.sent(number, 1)
	if sent.Type != "template" || sent.Template.Name != "order_update" || len(sent.Template.Components) != 1 || len(sent.Template.Components[0].Parameters) != 2 {
		m.t.Errorf("sent %+v", sent)
	}
	m.post(number, []e2e.Object{e2e.TextMessage("wamid."+rand.Text(), number, "Aquí estoy "+secretMark, time.Now())}, nil)
	eventually(m.t, "the window is open again", func() bool {
		return m.otto.Do(m.t.Context(), http.MethodPost, path, e2e.Object{"client_id": "4", "text": "Buenos días"}, nil) == nil
	})
	m.sent(number, 2)
}

// everyKindIsKept: nothing is dropped, whatever its type.
func everyKindIsKept(m *meta) {
	number := aNumber()
	message := func(kind string, fields e2e.Object) e2e.Object {
		o := e2e.TextMessage("wamid."+rand.Text(), number, "", time.Now())
		delete(o, "text")
		o["type"] = kind
		for name, value := range fields {
			o[name] = value
		}
		return o
	}
	kinds := []string{"text", "location", "contacts", "button", "interactive", "order", "unsupported", "hologram"}
	messages := []e2e.Object{
		e2e.TextMessage("wamid."+rand.Text(), number, "Hola "+secretMark, time.Now()),
		message("location", e2e.Object{"location": e2e.Object{"latitude": 4.6, "longitude": -74.1, "name": "Casa"}}),
		message("contacts", e2e.Object{"contacts": []e2e.Object{{"name": e2e.Object{"formatted_name": "Ivo"}, "phones": []e2e.Object{{"phone": "+5511"}}}}}),
		message("button", e2e.Object{"button": e2e.Object{"text": "Sí", "payload": "yes"}}),
		message("interactive", e2e.Object{"interactive": e2e.Object{"type": "button_reply", "button_reply": e2e.Object{"id": "1", "title": "Uno"}}}),
		message("order", e2e.Object{"order": e2e.Object{"catalog_id": "c", "product_items": []e2e.Object{{"product_retailer_id": "p", "quantity": 2, "item_price": 5, "currency": "USD"}}}}),
		message("unsupported", e2e.Object{"errors": []e2e.Object{{"code": 131051, "title": "Message type unknown"}}}),
		message("hologram", e2e.Object{"hologram": e2e.Object{"depth": 3}}),
	}
	m.post(number, messages, nil)
	id := conversationOf(m.t, m.otto, number)
	var got []e2e.Message
	eventually(m.t, "all are kept", func() bool {
		got = customers(m.otto.opens(id).Messages)
		return len(got) == len(messages)
	})
	for i, message := range got {
		want := kinds[i]
		if want == "hologram" {
			want = "unsupported"
		}
		if message.Content != want {
			m.t.Errorf("%s is kept as %s", kinds[i], message.Content)
		}
	}
}

// repeatsAndBatches: I1, I2: the same webhook many times at once and again later; batches of many people.
func repeatsAndBatches(m *meta) {
	numbers := []string{aNumber(), aNumber(), aNumber()}
	var batch []e2e.Object
	for round := range 5 {
		for _, number := range numbers {
			batch = append(batch, e2e.TextMessage("wamid."+rand.Text(), number, fmt.Sprintf("%d %s", round, secretMark), time.Now()))
		}
	}
	atOnce(m.t, 5, func() (string, error) {
		body, err := e2e.Webhook(numbers[0], "Rosa", batch, nil)
		if err != nil {
			return "", err
		}
		status, err := m.hooks.Post(m.t.Context(), body)
		if err == nil && status != http.StatusOK {
			err = errors.New(http.StatusText(status))
		}
		return "", err
	})
	m.post(numbers[0], batch, nil)
	for _, number := range numbers {
		id := conversationOf(m.t, m.otto, number)
		m.post(number, batch, nil)
		var got []e2e.Message
		eventually(m.t, "five messages each", func() bool {
			got = customers(m.otto.opens(id).Messages)
			return len(got) >= 5
		})
		// A marker behind everything that was posted: once it is there, all repeats are done.
		m.post(number, []e2e.Object{e2e.TextMessage("wamid."+rand.Text(), number, "fin "+secretMark, time.Now())}, nil)
		eventually(m.t, "the last one", func() bool {
			got = customers(m.otto.opens(id).Messages)
			return strings.HasPrefix(got[len(got)-1].Text, "fin")
		})
		if len(got) != 6 {
			m.t.Errorf("I2: %d messages, want 6", len(got))
		}
		for i, message := range got[:len(got)-1] {
			if !strings.HasPrefix(message.Text, jsonNumber(int64(i))) {
				m.t.Errorf("I5: %q at place %d", message.Text, i)
			}
		}
	}
}

// signatures: only what Meta signed is taken, and only for an inbox that is there.
func signatures(m *meta) {
	number := aNumber()
	body, err := e2e.Webhook(number, "Rosa", []e2e.Object{e2e.TextMessage("wamid."+rand.Text(), number, "Hola "+secretMark, time.Now())}, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	for name, signature := range map[string]string{
		"none": "", "another secret's": e2e.Sign(body, "other"), "another body's": e2e.Sign(append(body, ' '), e2e.WhatsAppSecret),
		"no signature": "sha256=zz", "another algorithm": "sha1=" + e2e.Sign(body, e2e.WhatsAppSecret)[7:],
	} {
		if status, err := m.hooks.PostSigned(m.t.Context(), body, signature); err != nil || status != http.StatusUnauthorized {
			m.t.Errorf("%s: %d, %v", name, status, err)
		}
	}
	if slices.ContainsFunc(m.otto.lists("limit=100&inbox=whatsapp"), func(c e2e.Conversation) bool {
		return m.otto.opens(c.ID).Contact.Phone == number
	}) {
		m.t.Error("an unsigned message was taken")
	}
	for _, raw := range []string{"", "{}", "[]", "no json", `{"object":"page","entry":[]}`} {
		if status, err := m.hooks.Post(m.t.Context(), []byte(raw)); err != nil || status != http.StatusBadRequest {
			m.t.Errorf("%q: %d, %v", raw, status, err)
		}
	}
}

// challenge: Meta's verification of the address.
func challenge(m *meta) {
	ask := func(path, token string) *e2e.Answer {
		query := url.Values{"hub.mode": {"subscribe"}, "hub.verify_token": {token}, "hub.challenge": {"1158201444"}}
		c := e2e.Client{Base: m.hooks.Base, HTTP: m.hooks.HTTP}
		answer, err := c.Send(m.t.Context(), http.MethodGet, path+"?"+query.Encode(), "", nil)
		if err != nil {
			m.t.Fatal(err)
		}
		return answer
	}
	if answer := ask(e2e.WhatsAppPath, "demo-verify"); answer.Status != http.StatusOK || string(answer.Body) != "1158201444" {
		m.t.Errorf("%d %s", answer.Status, answer.Body)
	}
	wantError(m.t, ask(e2e.WhatsAppPath, "guess"), http.StatusForbidden, "forbidden", "")
	wantError(m.t, ask("/webhooks/whatsapp/demo/web", "demo-verify"), http.StatusNotFound, "not_found", "")
	wantError(m.t, ask("/webhooks/whatsapp/other/whatsapp", "demo-verify"), http.StatusNotFound, "not_found", "")
}

// mediaThatIsGone: a file is fetched into our own store; one that the provider has no more is told.
func mediaThatIsGone(m *meta) {
	number, id := m.customer(time.Now())
	picture := []byte("\xff\xd8\xff-not-really")
	m.graph.Keep("media-"+number, "image/jpeg", picture)
	for _, media := range []string{"media-" + number, "media-gone"} {
		message := e2e.TextMessage("wamid."+rand.Text(), number, "", time.Now())
		delete(message, "text")
		message["type"], message["image"] = "image", e2e.Object{"id": media, "mime_type": "image/jpeg", "caption": "mira"}
		m.post(number, []e2e.Object{message}, nil)
	}
	var got []e2e.Message
	eventually(m.t, "one is fetched, one is told as gone", func() bool {
		got = customers(m.otto.opens(id).Messages)
		return len(got) == 3 && len(got[1].Attachments) == 1 && got[1].Attachments[0].URL != "" && len(got[2].Attachments) == 1 && got[2].Attachments[0].Failed != ""
	})
	if status, header, body := download(m.t, got[1].Attachments[0].URL); status != http.StatusOK || string(body) != string(picture) ||
		header.Get("Content-Type") != "image/jpeg" {
		m.t.Errorf("downloaded %d %v %q", status, header, body)
	}
}

// editAndRevoke: the customer changes his mind.
func editAndRevoke(m *meta) {
	number := aNumber()
	first, second := "wamid."+rand.Text(), "wamid."+rand.Text()
	m.post(number, []e2e.Object{e2e.TextMessage(first, number, "uno", time.Now()), e2e.TextMessage(second, number, "dos", time.Now())}, nil)
	id := conversationOf(m.t, m.otto, number)
	change := func(kind string, fields e2e.Object) e2e.Object {
		o := e2e.TextMessage("wamid."+rand.Text(), number, "", time.Now())
		delete(o, "text")
		o["type"], o[kind] = kind, fields
		return o
	}
	m.post(number, []e2e.Object{
		change("edit", e2e.Object{"original_message_id": first, "message": e2e.Object{"type": "text", "text": e2e.Object{"body": "uno, mejor"}}}),
		change("revoke", e2e.Object{"original_message_id": second}),
	}, nil)
	eventually(m.t, "edited and taken back", func() bool {
		got := customers(m.otto.opens(id).Messages)
		return len(got) == 2 && got[0].Text == "uno, mejor" && !got[0].EditedAt.IsZero() && got[1].Text == "" && !got[1].DeletedAt.IsZero()
	})
}
