package e2e_test

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/e2e"
)

// TestWhatsAppByTheQueue: a webhook of more events than are worked at once goes by the queue, and what its sender writes
// right after it, which alone would be stored at once, keeps its place behind (I5). The agent hears each once, in order.
func TestWhatsAppByTheQueue(t *testing.T) {
	t.Parallel()
	number := aNumber()
	otto := signIn(t, host, "otto@demo.test").arrive()
	m := &meta{t: t, otto: otto, hooks: e2e.Meta{Client: e2e.Client{Base: host.URL(),
		HTTP: &http.Client{Timeout: time.Minute, Transport: checked(t, host.URL())}}}}
	texts := []string{"cero"}
	says := func(text string) e2e.Object {
		return e2e.TextMessage("wamid."+rand.Text(), number, text+" "+secretMark, time.Now())
	}
	m.post(number, []e2e.Object{says("cero")}, nil)
	id := conversationOf(t, otto, number)
	if err := otto.socket.Send(t.Context(), e2e.Object{"type": "watch", "id": "w", "conversation": id}); err != nil {
		t.Fatal(err)
	}
	otto.hears("that he watches", func(f e2e.Frame) bool { return f.Type == "ok" && f.ID == "w" })

	var batch []e2e.Object
	for i := range 6 {
		text := fmt.Sprintf("%d de seis", i+1)
		texts, batch = append(texts, text), append(batch, says(text))
	}
	m.post(number, batch, nil)
	m.post(number, []e2e.Object{says("y algo más")}, nil)
	m.post(number, batch, nil) // as Meta does when an answer was late
	m.post(number, []e2e.Object{says("fin")}, nil)
	texts = append(texts, "y algo más", "fin")

	otto.hears("the last", func(f e2e.Frame) bool { return f.Conversation == id && isMessage("fin")(f) })
	want := texts[1:] // the first may have come before he watched
	if got := heardFromCustomer(otto.socket.Frames(), id); !slices.Equal(slices.DeleteFunc(got, func(s string) bool { return s == "cero" }), want) {
		t.Errorf("I5: heard %q, want %q", got, want)
	}
	var kept []string
	for _, message := range customers(otto.opens(id).Messages) {
		kept = append(kept, unmarked(message))
	}
	if !slices.Equal(kept, texts) {
		t.Errorf("I2, I5: the thread holds %q, want %q", kept, texts)
	}
	otto.closes(id, e2e.Object{})
}

// heardFromCustomer gives the texts of a customer's new messages among frames, less those that came again under their id,
// which clients drop.
func heardFromCustomer(frames []e2e.Frame, conversation string) []string {
	var texts []string
	seen := map[string]bool{}
	for _, f := range frames {
		if f.Type != "message.created" || f.Conversation != conversation || seen[f.ID] || f.Message().Author.Kind != "customer" {
			continue
		}
		seen[f.ID] = true
		texts = append(texts, unmarked(f.Message()))
	}
	return texts
}

// unmarked is what a customer wrote, without the mark that no log may hold.
func unmarked(m e2e.Message) string { return strings.TrimSuffix(m.Text, " "+secretMark) }
