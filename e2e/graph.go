package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// Sent is a message that the desk has sent to WhatsApp.
type Sent struct {
	ID       string // given here
	To       string `json:"to"`
	Type     string `json:"type"`
	Key      string `json:"biz_opaque_callback_data"`
	Text     struct{ Body string }
	Image    struct{ Link, Caption string }
	Document struct{ Link, Caption, Filename string }
	Context  struct {
		MessageID string `json:"message_id"`
	}
	Template struct {
		Name       string
		Language   struct{ Code string }
		Components []struct {
			Parameters []struct{ Text string }
		}
	}
}

// Graph stands where WhatsApp's Graph API would.
type Graph struct {
	*httptest.Server

	mu       sync.Mutex
	taken    []Sent
	attempts int
	refuse   map[string][]Fault // by recipient, in the order they come
	media    map[string]media
	before   func(Sent) // called before a send is answered
}

// Fault is an answer of the Graph API that is no success.
type Fault struct {
	Status     int
	Code       int    // of Meta's
	RetryAfter string // the header, "" for none
}

type media struct {
	contentType string
	content     []byte
}

// NewGraph starts one; close it with Close.
func NewGraph() *Graph {
	g := &Graph{refuse: map[string][]Fault{}, media: map[string]media{}}
	g.Server = httptest.NewServer(g)
	return g
}

// ServeHTTP takes what the desk sends, and gives media.
func (g *Graph) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	switch {
	case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/"+WhatsAppNumber+"/messages"):
		g.send(w, r)
	case r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/file/"):
		file := g.file(r.URL.Path)
		w.Header().Set("Content-Type", file.contentType)
		w.Write(file.content) //nolint:errcheck // the desk's side is what scenarios look at
	case r.Method == http.MethodGet:
		g.describe(w, r)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (g *Graph) send(w http.ResponseWriter, r *http.Request) {
	var m Sent
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	g.mu.Lock()
	g.attempts++
	m.ID = fmt.Sprintf("wamid.sent%d", g.attempts)
	if faults := g.refuse[m.To]; len(faults) > 0 {
		g.refuse[m.To] = faults[1:]
		g.mu.Unlock()
		if faults[0].RetryAfter != "" {
			w.Header().Set("Retry-After", faults[0].RetryAfter)
		}
		answer(w, faults[0].Status, Object{"error": Object{"code": faults[0].Code, "message": "as the scenario wants"}})
		return
	}
	g.taken = append(g.taken, m)
	before := g.before
	g.mu.Unlock()
	if before != nil {
		before(m)
	}
	answer(w, http.StatusOK, Object{"messaging_product": "whatsapp", "messages": []Object{{"id": m.ID}}})
}

func (g *Graph) describe(w http.ResponseWriter, r *http.Request) {
	file := g.file(r.URL.Path)
	if file.content == nil {
		answer(w, http.StatusNotFound, Object{"error": Object{"code": 100, "error_subcode": 33}})
		return
	}
	id := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	answer(w, http.StatusOK, Object{"id": id, "url": g.URL + "/file/" + id, "mime_type": file.contentType, "file_size": len(file.content)})
}

func (g *Graph) file(path string) media {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.media[path[strings.LastIndexByte(path, '/')+1:]]
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) //nolint:errcheck,errchkjson // the desk's side is what scenarios look at
}

// Keep puts a file where the desk fetches the media of this id.
func (g *Graph) Keep(id, contentType string, content []byte) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.media[id] = media{contentType, content}
}

// Refuse makes the next sends to a number fail, one after the other.
func (g *Graph) Refuse(number string, faults ...Fault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refuse[number] = append(g.refuse[number], faults...)
}

// Before calls f with each message before its send is answered.
func (g *Graph) Before(f func(Sent)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.before = f
}

// To gives what was taken for a number, in its order.
func (g *Graph) To(number string) []Sent {
	g.mu.Lock()
	defer g.mu.Unlock()
	var found []Sent
	for _, m := range g.taken {
		if m.To == number {
			found = append(found, m)
		}
	}
	return found
}
