package events_test

import (
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/store"
)

// effect is what an invocation left behind, one line a thing, sorted. Ids and secrets made on the way are blotted out.
type effect struct {
	Stored        []string `json:"stored,omitempty"`        // items of the table: what happened, key, and of messages and seats the gist
	Conversations []string `json:"conversations,omitempty"` // those that were written, as they stand now
	Queued        []string `json:"queued,omitempty"`        // "queue group body"
	Timers        []string `json:"timers,omitempty"`
	Pushed        []string `json:"pushed,omitempty"` // frames to ines
	Mailed        []string `json:"mailed,omitempty"`
	Sent          []string `json:"sent,omitempty"` // requests to the Graph API
}

// effect gathers what was recorded since the seed.
func (w *world) effect() effect {
	w.t.Helper()
	var e effect
	touched := map[string]bool{}
	for _, change := range w.settle() {
		e.Stored = append(e.Stored, w.stored(change))
		if parts := strings.Split(change.Key.PK, "#"); len(parts) == 3 && parts[1] == "CONV" {
			touched[parts[2]] = true
		}
	}
	for id := range touched {
		c, err := w.books.Conversation(w.t.Context(), desk.ConversationID(id))
		if err == nil {
			e.Conversations = append(e.Conversations, gist(c))
		} else if !desk.Is(err, desk.NotFound) {
			w.t.Error(err)
		}
	}
	for _, job := range w.jobs {
		e.Queued = append(e.Queued, fmt.Sprintf("%s %s %s", job.Queue, cmp.Or(job.Group, "-"), job.Body))
	}
	for _, timer := range w.timers {
		e.Timers = append(e.Timers, fmt.Sprintf("%s %s %s %s", timer.Name, timer.ID, timer.At.UTC().Format(time.RFC3339), timer.Body))
	}
	mails, err := w.mailer.Mails(w.t.Context())
	check(w.t, err)
	for _, m := range mails {
		e.Mailed = append(e.Mailed, m.To+": "+m.Subject+"\n"+m.Text)
	}
	e.Pushed, e.Sent = w.frames, w.sent
	for _, lines := range []*[]string{&e.Stored, &e.Conversations, &e.Queued, &e.Timers, &e.Pushed, &e.Mailed, &e.Sent} {
		for i, line := range *lines {
			(*lines)[i] = w.blot(line)
		}
		slices.Sort(*lines)
	}
	return e
}

// stored says in one line what a change of the table is.
func (w *world) stored(change store.Change) string {
	what := "changed"
	switch {
	case change.Old == nil:
		what = "created"
	case change.New == nil:
		what = "removed"
	}
	line := what + " " + change.Key.PK + " " + change.Key.SK
	fact, ok, err := store.Decode(change)
	check(w.t, err)
	switch {
	case !ok:
		return line
	case fact.Seat != nil:
		return fmt.Sprintf("%s: %s, load %d of %d", line, fact.Seat.Now.Chosen, fact.Seat.Now.Load, fact.Seat.Now.Capacity)
	case fact.Ticket != nil:
		t := fact.Ticket.Now
		return fmt.Sprintf("%s: %s %s of %s, responsible %s, version %d", line, t.Type, t.Status, t.Requester, cmp.Or(string(t.Responsible), "-"), t.Version)
	case fact.Action != nil:
		a := fact.Action.Now
		return fmt.Sprintf("%s: %s of %s, public %t, %q %v", line, a.Kind, cmp.Or(a.Author.ID, "-"), a.Public, a.Text, a.Effects)
	case fact.Contact != nil:
		c := fact.Contact.Now
		return fmt.Sprintf("%s: %s, %d identities", line, cmp.Or(c.Name, "-"), len(c.Identities))
	default:
		m := fact.Message.Now
		line += fmt.Sprintf(": %s of %s %s %q", cmp.Or(string(m.Event), string(m.Kind)), m.Author.Kind, cmp.Or(m.Author.ID, "-"), m.Text)
		for _, name := range slices.Sorted(maps.Keys(m.Data)) {
			line += " " + name + "=" + m.Data[name]
		}
		if m.Delivery.State != "" {
			line += " " + string(m.Delivery.State) + " " + m.Delivery.Error
		}
		for _, a := range m.Attachments {
			line += fmt.Sprintf(" [%s %s %d %s]", a.Name, a.Type, a.Size, cmp.Or(a.Key, a.Failed, "not fetched"))
		}
		return strings.TrimSpace(line)
	}
}

// gist says in one line how a conversation stands.
func gist(c *desk.Conversation) string {
	return fmt.Sprintf("%s: %s in %s, assignee %s, waits for %s, %d unread, ticket %d, last %q", c.ContactName, c.Status, c.Department,
		cmp.Or(string(c.Assignee), "-"), cmp.Or(string(c.WaitsFor), "-"), len(c.Thread.Unread), c.Ticket, c.Thread.Preview)
}

var blots = []struct {
	found *regexp.Regexp
	put   string
}{
	{regexp.MustCompile(`\beyJ[\w-]+\.[\w-]+\.[\w-]+`), "<token>"},
	{regexp.MustCompile(`https://(files|desk)\.example/[^"\\ ]+`), "<address>"},
	{regexp.MustCompile(`http://127\.0\.0\.1:\d+`), "<graph>"},
	{regexp.MustCompile(`\b[0-9a-f]{64}\b`), "<hash>"},
	{regexp.MustCompile(`\b[A-Z2-7]{26}\b`), "<secret>"},
}

var anyID = regexp.MustCompile(`\b[0-9a-v]{24}\b`)

// blot takes out what is another each time.
func (w *world) blot(line string) string {
	for _, b := range blots {
		line = b.found.ReplaceAllString(line, b.put)
	}
	return anyID.ReplaceAllStringFunc(line, func(id string) string {
		if strings.HasPrefix(id[10:], "0000000") { // of the seed: the first id of a millisecond has some zeros there, too
			return id
		}
		return "<id>"
	})
}

// answer shows an answer for the golden file: blotted, unpacked, and with JSON bodies as JSON.
func (w *world) answer(raw []byte) any {
	w.t.Helper()
	var v any
	check(w.t, json.Unmarshal(raw, &v))
	if o, ok := v.(map[string]any); ok {
		w.unpack(o)
	}
	shown, err := json.Marshal(v)
	check(w.t, err)
	check(w.t, json.Unmarshal([]byte(w.blot(string(shown))), &v))
	return v
}

// unpack replaces the body of a response by what is in it.
func (w *world) unpack(response map[string]any) {
	body, _ := response["body"].(string)
	headers, _ := response["headers"].(map[string]any)
	if packed, _ := response["isBase64Encoded"].(bool); packed && headers["content-encoding"] == "gzip" {
		zip, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(body)))
		check(w.t, err)
		text, err := io.ReadAll(zip)
		check(w.t, err)
		body = string(text)
		response["body"] = body
		delete(headers, "content-length") // of the packed bytes, which another edition of the packer makes differently
	}
	var inner any
	if strings.HasPrefix(body, "{") && json.Unmarshal([]byte(body), &inner) == nil {
		response["body"] = inner
	}
}
