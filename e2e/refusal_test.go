package e2e_test

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/relevo/relevo/e2e"
)

// TestWhatBadInputGets goes through the "What bad input gets": code, status, field, and no state changed.
func TestWhatBadInputGets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.hires("operator", 5).arrive()
	c, id := w.visits("Hola")
	worker.act(id, "assign", e2e.Object{"agent": worker.id})
	gone := w.hires("agent", 5)
	w.admin.do(http.MethodDelete, "/v1/settings/agents/"+gone.id, nil, nil)
	eventually(t, "nothing more comes by itself", func() bool { return worker.opens(id).Conversation.Unread == 1 })
	before := stateOf(worker, id)

	path := "/v1/conversations/" + id
	messages, snooze := path+"/messages", path+"/snooze"
	for name, bad := range map[string]struct {
		method, path, body string
		status             int
		code, field        string
	}{
		"UnknownField":        {"POST", messages, `{"client_id":"1","text":"x","colour":"red"}`, 400, "invalid", "colour"},
		"UnknownNestedField":  {"POST", path + "/close", `{"note":{"mood":"bad"}}`, 400, "invalid", "note.mood"},
		"WrongType":           {"POST", messages, `{"client_id":"1","text":7}`, 400, "invalid", "text"},
		"WrongNestedType":     {"POST", path + "/close", `{"new_ticket":{"client_id":"1","subject":[]}}`, 400, "invalid", "new_ticket.subject"},
		"Null":                {"POST", messages, `{"client_id":"1","text":null}`, 400, "invalid", "text"},
		"TwiceTheSame":        {"POST", messages, `{"client_id":"1","text":"x","text":"y"}`, 400, "invalid", "text"},
		"MissingBody":         {"POST", messages, ``, 400, "invalid", ""},
		"MissingField":        {"POST", messages, `{"text":"x"}`, 400, "invalid", "client_id"},
		"EmptyMessage":        {"POST", messages, `{"client_id":"1"}`, 400, "invalid", "text"},
		"NoJSON":              {"POST", messages, `{"client_id":`, 400, "invalid", ""},
		"BadUTF8":             {"POST", messages, "{\"client_id\":\"1\",\"text\":\"\xff\"}", 400, "invalid", ""},
		"TextOver64KB":        {"POST", messages, `{"client_id":"1","text":"` + strings.Repeat("x", 64<<10+1) + `"}`, 413, "invalid", "text"},
		"BodyOver256KB":       {"POST", messages, `{"client_id":"1","text":"` + strings.Repeat("x", 256<<10) + `"}`, 413, "invalid", ""},
		"UnknownParameter":    {"GET", "/v1/conversations?sort=up", ``, 400, "invalid", "sort"},
		"BadCursor":           {"GET", "/v1/conversations?cursor=%00", ``, 400, "invalid", "cursor"},
		"ForgedCursor":        {"GET", "/v1/contacts?cursor=bm9uc2Vuc2U", ``, 400, "invalid", "cursor"},
		"BadLimit":            {"GET", "/v1/conversations?limit=101", ``, 400, "invalid", "limit"},
		"BadStatus":           {"GET", "/v1/conversations?status=closed", ``, 400, "invalid", "status"},
		"UnknownID":           {"GET", "/v1/conversations/04c5p3q9b8o7kq2v1m0h8f2t", ``, 404, "not_found", ""},
		"MalformedID":         {"GET", "/v1/conversations/no%20id", ``, 404, "not_found", ""},
		"UnknownTicket":       {"GET", "/v1/tickets/007", ``, 404, "not_found", ""},
		"UnknownContact":      {"GET", "/v1/contacts/nobody", ``, 404, "not_found", ""},
		"UnknownRoute":        {"GET", "/v1/nothing", ``, 404, "not_found", ""},
		"WrongMethod":         {"PUT", messages, `{}`, 405, "invalid", ""},
		"SnoozeInThePast":     {"POST", snooze, `{"at":"2020-01-01T00:00:00Z"}`, 400, "invalid", "at"},
		"SnoozeNoInstant":     {"POST", snooze, `{"at":"tomorrow"}`, 400, "invalid", "at"},
		"SnoozeNothing":       {"POST", snooze, `{}`, 400, "invalid", "until"},
		"SnoozeUnknown":       {"POST", snooze, `{"until":"never"}`, 400, "invalid", "until"},
		"TransferToOneself":   {"POST", path + "/transfer", `{"agent":"` + worker.id + `"}`, 400, "invalid", "agent"},
		"TransferToUnknown":   {"POST", path + "/transfer", `{"agent":"nobody"}`, 400, "invalid", "agent"},
		"TransferToDeleted":   {"POST", path + "/transfer", `{"agent":"` + gone.id + `"}`, 400, "invalid", "agent"},
		"TransferToViewer":    {"POST", path + "/transfer", `{"agent":"vera"}`, 400, "invalid", "agent"},
		"TransferNowhere":     {"POST", path + "/transfer", `{}`, 400, "invalid", "agent"},
		"TransferBoth":        {"POST", path + "/transfer", `{"agent":"luis","department":"support"}`, 400, "invalid", "agent"},
		"TransferToNoSuch":    {"POST", path + "/transfer", `{"department":"nowhere"}`, 400, "invalid", "department"},
		"LongReason":          {"POST", path + "/transfer", `{"department":"support","reason":"` + strings.Repeat("x", 501) + `"}`, 400, "invalid", "reason"},
		"UnknownLabel":        {"POST", path + "/labels", `{"labels":["nothing"]}`, 400, "invalid", "labels"},
		"UnknownPriority":     {"POST", path + "/priority", `{"priority":"extreme"}`, 400, "invalid", "priority"},
		"TranscriptToNobody":  {"POST", path + "/transcript", `{"client_id":"1"}`, 400, "invalid", "email"},
		"TranscriptNoAddress": {"POST", path + "/transcript", `{"client_id":"1","email":"a@b\r\nBcc: c@d.e"}`, 400, "invalid", "email"},
		"ReadNoMessage":       {"POST", path + "/read", `{"up_to":"x"}`, 400, "invalid", "up_to"},
		"MentionUnknown":      {"POST", messages, `{"client_id":"1","kind":"note","text":"x","mentions":["nobody"]}`, 400, "invalid", "mentions"},
		"MentionInReply":      {"POST", messages, `{"client_id":"1","text":"x","mentions":["ines"]}`, 400, "invalid", "mentions"},
		"TemplateInWebChat":   {"POST", messages, `{"client_id":"1","template":{"name":"a","language":"es"}}`, 400, "invalid", "template"},
		"BadKind":             {"POST", messages, `{"client_id":"1","kind":"activity","text":"x"}`, 400, "invalid", "kind"},
		"NotWaitingForMe":     {"POST", path + "/accept", ``, 409, "conflict", ""},
		"NotPending":          {"POST", path + "/open", ``, 409, "conflict", ""},
		"NotResolved":         {"POST", path + "/reopen", ``, 409, "conflict", ""},
	} {
		t.Run("Err"+name, func(t *testing.T) {
			if behindAGateway() && name == "BadUTF8" {
				t.Skip("a gateway's event is JSON: what is no UTF-8 was replaced before the function sees it")
			}
			answer, err := worker.Send(t.Context(), bad.method, bad.path, "application/json", []byte(bad.body))
			if err != nil {
				t.Fatal(err)
			}
			if behindAGateway() && answer.Header.Get("X-Request-Id") == "" && answer.Status == http.StatusNotFound {
				return // no function heard of it
			}
			wantError(t, answer, bad.status, bad.code, bad.field)
		})
	}
	if after := stateOf(worker, id); after != before {
		t.Errorf("a refused request changed something:\n%s\n%s", before, after)
	}
	if seat := worker.seat(); seat.Load != 1 {
		t.Errorf("load %d", seat.Load)
	}
	if thread := c.thread(); len(thread.Messages) != 1 {
		t.Errorf("the customer sees %+v", thread.Messages)
	}
}

// stateOf is everything that a refused act could have changed.
func stateOf(a *agent, id string) string {
	a.t.Helper()
	var whole struct {
		Conversation, Messages, Contact json.RawMessage
		More                            bool
	}
	a.get("/v1/conversations/"+id+"?fresh=true", &whole)
	return string(whole.Conversation) + string(whole.Messages) + string(whole.Contact)
}

func wantError(t *testing.T, answer *e2e.Answer, status int, code, field string) {
	t.Helper()
	var body struct {
		Error struct {
			Code, Message, Field string
			RequestID            string `json:"request_id"`
		}
	}
	if err := json.Unmarshal(answer.Body, &body); err != nil {
		t.Fatalf("%d %q: %v", answer.Status, answer.Body, err)
	}
	e := body.Error
	if answer.Status != status || e.Code != code || e.Field != field || e.Message == "" || e.RequestID == "" ||
		e.RequestID != answer.Header.Get("X-Request-Id") {
		t.Errorf("got %d %s, want %d %s, field %q", answer.Status, answer.Body, status, code, field)
	}
}

// TestTokens: missing, forged and foreign ones, and those of the other door.
func TestTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c, id := w.visits("Hola")
	for name, token := range map[string]string{
		"Missing": "", "Nonsense": "x", "Visitor": c.Token,
		"NoAlgorithm": "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhbmFAZGVtby50ZXN0In0.",
		"Tampered":    w.admin.Token[:len(w.admin.Token)-4] + "AAAA",
	} {
		t.Run("ErrUnauthenticated/"+name, func(t *testing.T) {
			nobody := e2e.Client{Base: w.host.URL(), Token: token, HTTP: c.HTTP}
			for _, path := range []string{"/v1/me", "/v1/conversations/" + id, "/v1/settings/account"} {
				wantRefusal(t, nobody.Do(t.Context(), http.MethodGet, path, nil, nil), http.StatusUnauthorized, "unauthenticated", "")
			}
		})
	}
	staff := e2e.Client{Base: w.host.URL(), Token: w.admin.Token, HTTP: c.HTTP}
	wantRefusal(t, staff.Do(t.Context(), http.MethodGet, "/widget/v1/messages", nil, nil), http.StatusUnauthorized, "unauthenticated", "")
	c.refused(http.MethodPost, "/widget/v1/sessions", e2e.Object{"inbox": "nowhere"}, http.StatusNotFound, "not_found", "")

	// A ticket of the live connection is good once.
	var ticket struct{ Ticket string }
	c.post("/widget/v1/live/ticket", nil, &ticket)
	for try, want := range []int{http.StatusSwitchingProtocols, http.StatusUnauthorized} {
		conn, response, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(w.host.URL(), "http")+"/live?ticket="+ticket.Ticket, nil)
		atTheGateway := response != nil && want == http.StatusUnauthorized && response.StatusCode == http.StatusForbidden // which has one word for all
		if response == nil || response.StatusCode != want && !atTheGateway {
			t.Errorf("the ticket's use %d: %v, want %d", try+1, err, want)
		}
		if response != nil && response.Body != nil {
			response.Body.Close()
		}
		if err == nil {
			t.Cleanup(func() { conn.Close(websocket.StatusNormalClosure, "") })
		}
	}
}

// TestLimits: a flooding visitor is limited with Retry-After, loses nothing that was acknowledged, and may go on later.
func TestLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	c := visit(t, w.host, w.key, "")
	taken := 0
	var refusal *e2e.Refusal
	for range 40 {
		_, err := c.visitor.Write(t.Context(), rand.Text(), "spam "+secretMark)
		if err == nil {
			taken++
			continue
		}
		wantRefusal(t, err, http.StatusTooManyRequests, "limited", "")
		if !asRefusal(err, &refusal) || refusal.RetryAfter < time.Second {
			t.Fatalf("Retry-After: %v", err)
		}
		break
	}
	if refusal == nil {
		t.Fatal("nobody limits a visitor who floods")
	}
	if thread := c.thread(); len(thread.Messages) != taken {
		t.Errorf("%d messages are there, %d were taken", len(thread.Messages), taken)
	}
	other, _ := w.visits("otro")
	other.says("no sufre por él")
	eventually(t, "after a while he may again", func() bool {
		_, err := c.visitor.Write(t.Context(), "later", "luego "+secretMark)
		return err == nil
	})
}

// TestRepeatsAddNothing: I2: the same client id at once in parallel, and later, is one message; so with acts that create.
func TestRepeatsAddNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, e2e.Object{"greeting": "Hola", "collect_email": true})
	worker := w.hires("operator", 5)
	c := visit(t, w.host, w.key, "").listens()
	ids := atOnce(t, 6, func() (string, error) {
		m, err := c.visitor.Write(t.Context(), "w-1", "Hola "+secretMark)
		return m.Conversation + " " + m.ID, err
	})
	conversation, first, _ := strings.Cut(ids[0], " ")
	eventually(t, "greeting and question", func() bool { return automatic(worker, conversation) == 2 })
	replies := atOnce(t, 6, func() (string, error) {
		var m e2e.Message
		err := worker.Do(t.Context(), http.MethodPost, "/v1/conversations/"+conversation+"/messages", e2e.Object{"client_id": "r-1", "text": "sí"}, &m)
		return m.ID, err
	})
	c.hears("the reply", isMessage("sí"))
	worker.closes(conversation, e2e.Object{})
	if again, err := c.visitor.Write(t.Context(), "w-1", "Hola "+secretMark); err != nil || again.ID != first || again.Conversation != conversation {
		t.Errorf("a repeat after the close: %+v, %v", again, err)
	}
	var repeated e2e.Message
	worker.post("/v1/conversations/"+conversation+"/messages", e2e.Object{"client_id": "r-1", "text": "sí"}, &repeated)
	if repeated.ID != replies[0] {
		t.Errorf("a repeated reply after the close is %s, not %s", repeated.ID, replies[0])
	}
	if n := len(c.thread().Messages); n != 4 {
		t.Errorf("the customer sees %d messages, want his own, greeting, question and reply", n)
	}
	heard := map[string]int{}
	for _, f := range c.socket.Frames() {
		if f.Type == "message.created" {
			heard[f.Message().ID+" "+f.ID]++
		}
	}
	if len(heard) != 4 {
		t.Errorf("messages heard under more than one frame id: %v", heard)
	}
}

// atOnce calls f n times in parallel, and wants one answer from all.
func atOnce(t *testing.T, n int, f func() (string, error)) []string {
	t.Helper()
	answers := make([]string, n)
	var calling sync.WaitGroup
	for i := range n {
		calling.Go(func() {
			var err error
			if answers[i], err = f(); err != nil {
				t.Error(err)
			}
		})
	}
	calling.Wait()
	if len(slices.Compact(slices.Clone(answers))) != 1 {
		t.Fatalf("repeats have several answers: %v", answers)
	}
	return answers
}

// TestReconnecting: I9: after a gap the client reads again what it shows, and nothing is missing or double.
func TestReconnecting(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.hires("agent", 5).arrive()
	c, id := w.visits("uno")
	c.listens()
	for round := range 3 {
		c.socket.Drop()
		worker.socket.Drop()
		worker.replies(id, "perdido "+jsonNumber(int64(round)))
		c.says("a ciegas " + jsonNumber(int64(round)))
		c.listens()
		worker.arrive()
		if err := worker.socket.Send(t.Context(), e2e.Object{"type": "watch", "id": "w", "conversation": id}); err != nil {
			t.Fatal(err)
		}
		worker.hears("ok", func(f e2e.Frame) bool { return f.Type == "ok" && f.ID == "w" })
		shown, seen := map[string]bool{}, map[string]bool{}
		for _, m := range c.thread().Messages {
			shown[m.ID] = true
		}
		for _, m := range worker.opens(id).Messages {
			seen[m.ID] = true
		}
		last, reply := c.says("en vivo "+jsonNumber(int64(round))), worker.replies(id, "aquí "+jsonNumber(int64(round)))
		c.hears("the reply", isMessage(reply.Text))
		worker.hears("the message", isMessage(last.Text))
		shows(t, "customer", c.socket, shown, c.thread().Messages)
		var ours []e2e.Message
		for _, m := range worker.opens(id).Messages {
			if m.Kind == "message" {
				ours = append(ours, m)
			}
		}
		shows(t, "agent", worker.socket, seen, ours)
	}
}

// shows applies the frames to what was read, and wants just what the desk has.
func shows(t *testing.T, who string, socket *e2e.Socket, shown map[string]bool, truth []e2e.Message) {
	t.Helper()
	for _, f := range socket.Frames() {
		if f.Type == "message.created" {
			shown[f.Message().ID] = true
		}
	}
	seen := map[string]bool{}
	for _, m := range truth {
		if seen[m.ID] {
			t.Errorf("%s: double in the thread", who)
		}
		seen[m.ID] = true
		if !shown[m.ID] {
			t.Errorf("%s: does not show %q", who, m.Text)
		}
	}
}
