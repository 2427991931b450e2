package whatsapp_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/channel/whatsapp"
	"github.com/relevo/relevo/internal/desk"
)

// graph stands where Meta would: it answers with what it is told, in turn, the last one again and again.
type graph struct {
	*httptest.Server
	mu      sync.Mutex
	answers []http.HandlerFunc
	asked   []request
}

type request struct{ method, path, token, body string }

func newGraph(t *testing.T, answers ...http.HandlerFunc) *graph {
	t.Helper()
	g := &graph{answers: answers}
	g.Server = httptest.NewServer(g)
	t.Cleanup(g.Close)
	return g
}

func (g *graph) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	g.mu.Lock()
	g.asked = append(g.asked, request{r.Method, r.URL.Path, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), string(body)})
	answer := g.answers[min(len(g.asked), len(g.answers))-1]
	g.mu.Unlock()
	answer(w, r)
}

// requests is what it was asked so far.
func (g *graph) requests() []request {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.asked)
}

// says answers with a status and a body; "Retry-After: 0" keeps the tests quick.
func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

const taken = `{"messaging_product":"whatsapp","contacts":[{"input":"573001112233","wa_id":"573001112233"}],"messages":[{"id":"wamid.sent1"}]}`

// fails is an error as the Graph API words it.
func fails(code int, message, details string) string {
	return `{"error":{"message":"` + message + `","type":"OAuthException","code":` + strconv.Itoa(code) + `,"error_data":{"messaging_product":"whatsapp","details":"` + details + `"},"fbtrace_id":"A1"}}`
}

var inbox = desk.Inbox{ID: inboxID, Channel: desk.WhatsApp, PhoneNumberID: number}

func client(t *testing.T, base string) *whatsapp.Client {
	t.Helper()
	c, err := whatsapp.NewClient(base, secrets{"whatsapp/wa1/access-token": {"token-new", "token-old"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func text(words string) desk.Outbound {
	return desk.Outbound{Account: account, Inbox: inbox, To: "573001112233", Key: "conv1/msg1", Message: desk.Message{Text: words}}
}

func file(mediaType, words string) desk.Outbound {
	out := text(words)
	out.Message.Attachments = []desk.Attachment{{Name: "factura.pdf", Type: mediaType}}
	out.AttachmentURLs = []string{"https://files.example/1"}
	return out
}

func TestSendBodies(t *testing.T) {
	reply, userID, rich, use, bare := text("sí"), text("oi"), text("x"), text(""), text("")
	reply.ReplyTo = "wamid.own001"
	userID.To = "BR.80099887766554433"
	rich.Message.HTML = "<b>x</b>"
	use.Template = &desk.TemplateUse{Name: "pedido_listo", Language: "es", Parameters: []string{"Rosa", "mañana"}}
	bare.Template = &desk.TemplateUse{Name: "hola", Language: "es"}
	const head = `"messaging_product":"whatsapp","recipient_type":"individual","to":"573001112233",`
	const tail = `,"biz_opaque_callback_data":"conv1/msg1"}`
	for name, c := range map[string]struct {
		out  desk.Outbound
		want string
	}{
		"Text":           {text("hola"), `{` + head + `"type":"text","text":{"preview_url":false,"body":"hola"}` + tail},
		"TextWithLink":   {text("ver https://a.example"), `{` + head + `"type":"text","text":{"preview_url":true,"body":"ver https://a.example"}` + tail},
		"Rich":           {rich, `{` + head + `"type":"text","text":{"preview_url":false,"body":"*x*"}` + tail},
		"Reply":          {reply, `{` + head + `"context":{"message_id":"wamid.own001"},"type":"text","text":{"preview_url":false,"body":"sí"}` + tail},
		"UserID":         {userID, `{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"BR.80099887766554433","type":"text","text":{"preview_url":false,"body":"oi"}` + tail},
		"Image":          {file("image/jpeg", "mira"), `{` + head + `"type":"image","image":{"link":"https://files.example/1","caption":"mira"}` + tail},
		"Video":          {file("video/mp4", ""), `{` + head + `"type":"video","video":{"link":"https://files.example/1"}` + tail},
		"Audio":          {file("audio/ogg; codecs=opus", ""), `{` + head + `"type":"audio","audio":{"link":"https://files.example/1"}` + tail},
		"Document":       {file("application/pdf", "la factura"), `{` + head + `"type":"document","document":{"link":"https://files.example/1","caption":"la factura","filename":"factura.pdf"}` + tail},
		"Template":       {use, `{` + head + `"type":"template","template":{"name":"pedido_listo","language":{"code":"es"},"components":[{"type":"body","parameters":[{"type":"text","text":"Rosa"},{"type":"text","text":"mañana"}]}]}` + tail},
		"TemplateNoText": {bare, `{` + head + `"type":"template","template":{"name":"hola","language":{"code":"es"}}` + tail},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGraph(t, says(200, taken))
			id, err := client(t, g.URL).Send(t.Context(), c.out)
			if err != nil || id != "wamid.sent1" {
				t.Fatalf("%q, %v", id, err)
			}
			want := []request{{http.MethodPost, "/v23.0/" + number + "/messages", "token-new", c.want}}
			if diff := cmp.Diff(want, g.requests(), cmp.AllowUnexported(request{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSendRefusesWithoutAsking(t *testing.T) {
	use, many, noNumber, nobody := text(""), file("image/png", ""), text("x"), text("x")
	use.Template = &desk.TemplateUse{Name: "a", Language: "es", Parameters: []string{"uno\ndos"}}
	many.Message.Attachments = append(many.Message.Attachments, desk.Attachment{Name: "b"})
	noNumber.Inbox.PhoneNumberID = ""
	nobody.To = ""
	for name, out := range map[string]desk.Outbound{
		"ErrTextTooLong": text(strings.Repeat("ñ", whatsapp.MaxText+1)), "ErrNoText": text(" "), "ErrCaptionTooLong": file("image/png", strings.Repeat("x", whatsapp.MaxCaption+1)),
		"ErrTextBesideSound": file("audio/ogg", "x"), "ErrTwoFiles": many, "ErrParameters": use, "ErrNoPhoneNumberID": noNumber, "ErrNobody": nobody,
	} {
		t.Run(name, func(t *testing.T) {
			g := newGraph(t, says(200, taken))
			if id, err := client(t, g.URL).Send(t.Context(), out); !desk.Is(err, desk.Invalid) || id != "" || len(g.requests()) != 0 {
				t.Errorf("%q, %v, asked %d times", id, err, len(g.requests()))
			}
		})
	}
	t.Run("OKLongestText", func(t *testing.T) {
		g := newGraph(t, says(200, taken))
		if _, err := client(t, g.URL).Send(t.Context(), text(strings.Repeat("ñ", whatsapp.MaxText))); err != nil {
			t.Error(err)
		}
	})
	t.Run("ErrNoAccessToken", func(t *testing.T) {
		c, err := whatsapp.NewClient("https://graph.example", secrets{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Send(t.Context(), text("x")); !desk.Is(err, desk.Invalid) || !strings.Contains(err.Error(), "access token") {
			t.Error(err)
		}
	})
	t.Run("ErrBase", func(t *testing.T) {
		for _, base := range []string{"", "graph.example", "ftp://x", "://"} {
			if _, err := whatsapp.NewClient(base, secrets{}, nil); !desk.Is(err, desk.Invalid) {
				t.Errorf("%q: %v", base, err)
			}
		}
	})
}

// TestSendErrors holds the table of Meta's answers: what the desk makes of each, and how often it is asked.
func TestSendErrors(t *testing.T) {
	for name, c := range map[string]struct {
		status    int
		body      string
		code      desk.Code
		uncertain bool
		asked     int
		says      string
	}{
		"ErrLimited429":       {429, "", desk.Limited, false, 3, ""},
		"ErrLimitedApp":       {400, fails(4, "limit", ""), desk.Limited, false, 3, ""},
		"ErrLimitedAccount":   {400, fails(80007, "limit", ""), desk.Limited, false, 3, ""},
		"ErrLimitedRate":      {400, fails(130429, "limit", ""), desk.Limited, false, 3, ""},
		"ErrLimitedQuality":   {400, fails(131048, "limit", ""), desk.Limited, false, 3, ""},
		"ErrLimitedPair":      {400, fails(131056, "limit", ""), desk.Limited, false, 3, ""},
		"ErrGatewayTimeout":   {504, "", desk.Unavailable, true, 1, ""},
		"ErrReEngagement":     {400, fails(131047, "(#131047) Re-engagement message", "More than 24 hours"), desk.Invalid, false, 1, "use a template"},
		"ErrTemplate":         {404, fails(132001, "(#132001) Template name does not exist", ""), desk.Invalid, false, 1, "template does not exist"},
		"ErrParameter":        {400, fails(131009, "Parameter value is not valid", "the number is wrong"), desk.Invalid, false, 1, "the number is wrong"},
		"ErrNoWords":          {403, "<html>", desk.Invalid, false, 1, "status 403"},
		"ErrToken":            {401, fails(190, "Error validating access token", ""), desk.Invalid, false, 2, "access token"},
		"ErrRedirect":         {302, "", desk.Invalid, false, 1, ""},
		"ErrUncertainNoJSON":  {200, "<html>", desk.Unavailable, true, 1, ""},
		"ErrUncertainNoID":    {200, `{"messages":[]}`, desk.Unavailable, true, 1, ""},
		"ErrUncertainOddID":   {200, `{"messages":[{"id":{}}]}`, desk.Unavailable, true, 1, ""},
		"ErrUncertainNoWords": {200, "", desk.Unavailable, true, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGraph(t, says(c.status, c.body))
			id, err := client(t, g.URL).Send(t.Context(), text("hola"))
			if id != "" || desk.CodeOf(err) != c.code || errors.Is(err, desk.ErrUncertain) != c.uncertain || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%q, %v", id, err)
			}
			if len(g.requests()) != c.asked {
				t.Errorf("asked %d times, want %d", len(g.requests()), c.asked)
			}
			if strings.Contains(err.Error(), "token-") || strings.Contains(err.Error(), "hola") {
				t.Errorf("the error tells too much: %v", err)
			}
		})
	}
	t.Run("RetryAfter", func(t *testing.T) {
		g := newGraph(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(http.StatusTooManyRequests)
		})
		_, err := client(t, g.URL).Send(t.Context(), text("hola"))
		known, ok := errors.AsType[*desk.Error](err)
		if !ok || known.Code != desk.Limited || known.RetryAfter != 90*time.Second || len(g.requests()) != 1 {
			t.Errorf("%v, asked %d times", err, len(g.requests()))
		}
	})
	t.Run("OKAfterLimit", func(t *testing.T) {
		g := newGraph(t, says(429, ""), says(400, fails(131056, "pair", "")), says(200, taken))
		if id, err := client(t, g.URL).Send(t.Context(), text("hola")); err != nil || id != "wamid.sent1" || len(g.requests()) != 3 {
			t.Errorf("%q, %v, asked %d times", id, err, len(g.requests()))
		}
	})
	t.Run("OKOlderToken", func(t *testing.T) {
		g := newGraph(t, says(401, fails(190, "expired", "")), says(200, taken))
		if id, err := client(t, g.URL).Send(t.Context(), text("hola")); err != nil || id != "wamid.sent1" || g.requests()[1].token != "token-old" {
			t.Errorf("%q, %v, %+v", id, err, g.requests())
		}
	})
}

func TestSendLostAnswers(t *testing.T) {
	t.Run("ErrUnavailableNobodyListens", func(t *testing.T) {
		g := newGraph(t)
		g.Close()
		if _, err := client(t, g.URL).Send(t.Context(), text("hola")); !desk.Is(err, desk.Unavailable) || errors.Is(err, desk.ErrUncertain) {
			t.Error(err)
		}
	})
	t.Run("ErrUncertainConnectionLost", func(t *testing.T) {
		g := newGraph(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
		if _, err := client(t, g.URL).Send(t.Context(), text("hola")); !errors.Is(err, desk.ErrUncertain) || len(g.requests()) != 1 {
			t.Errorf("%v, asked %d times", err, len(g.requests()))
		}
	})
	t.Run("ErrUncertainTimeout", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		g := newGraph(t, func(_ http.ResponseWriter, r *http.Request) {
			cancel() // the message was read; now the caller's time is up
			<-r.Context().Done()
		})
		if _, err := client(t, g.URL).Send(ctx, text("hola")); !errors.Is(err, desk.ErrUncertain) {
			t.Error(err)
		}
	})
	t.Run("ErrUncertainCutShort", func(t *testing.T) {
		g := newGraph(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, taken[:20])
		})
		if _, err := client(t, g.URL).Send(t.Context(), text("hola")); !errors.Is(err, desk.ErrUncertain) {
			t.Error(err)
		}
	})
	t.Run("ErrUnavailableBeforeAnything", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		g := newGraph(t, says(200, taken))
		if _, err := client(t, g.URL).Send(ctx, text("hola")); !desk.Is(err, desk.Unavailable) || errors.Is(err, desk.ErrUncertain) || len(g.requests()) != 0 {
			t.Errorf("%v, asked %d times", err, len(g.requests()))
		}
	})
}

// inMemory is the way to a handler without a network, for tests whose clock is not the world's.
type inMemory struct{ http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w.Result(), nil
}

func TestSendBacksOff(t *testing.T) {
	for name, c := range map[string]struct {
		status      int
		body        string
		time        time.Duration // that the caller has
		asked       int
		least, most time.Duration
	}{
		"ErrUnavailable500":     {500, "", time.Minute, 3, 375 * time.Millisecond, 750 * time.Millisecond},
		"ErrUnavailableUnknown": {400, fails(1, "unknown", ""), time.Minute, 3, 375 * time.Millisecond, 750 * time.Millisecond},
		"ErrUnavailable131000":  {500, fails(131000, "wrong", ""), time.Minute, 3, 375 * time.Millisecond, 750 * time.Millisecond},
		"ErrUnavailable131016":  {503, fails(131016, "busy", ""), time.Minute, 3, 375 * time.Millisecond, 750 * time.Millisecond},
		"NoTimeLeft":            {503, "", 100 * time.Millisecond, 1, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked, began := 0, time.Now()
				way := inMemory{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					asked++
					w.WriteHeader(c.status)
					_, _ = io.WriteString(w, c.body)
				})}
				sender, err := whatsapp.NewClient("https://graph.example", secrets{"whatsapp/wa1/access-token": {"token"}}, &http.Client{Transport: way})
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), c.time)
				defer cancel()
				if _, err = sender.Send(ctx, text("hola")); !desk.Is(err, desk.Unavailable) || errors.Is(err, desk.ErrUncertain) {
					t.Error(err)
				}
				if took := time.Since(began); asked != c.asked || took < c.least || took > c.most {
					t.Errorf("asked %d times in %v", asked, took)
				}
			})
		})
	}
}

func TestFetch(t *testing.T) {
	described := func(address string, size any) http.HandlerFunc {
		body, err := json.Marshal(map[string]any{"url": address, "mime_type": "image/jpeg", "file_size": size, "id": "81001"})
		if err != nil {
			t.Fatal(err)
		}
		return says(200, string(body))
	}
	t.Run("OK", func(t *testing.T) {
		for _, size := range []any{4, "4"} {
			var address string
			g := newGraph(t, func(w http.ResponseWriter, r *http.Request) { described(address, size)(w, r) }, says(200, "JPEG"))
			address = g.URL + "/files/1?hash=x"
			blob, body, err := client(t, g.URL).Fetch(t.Context(), account, inbox, "81001")
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(body)
			if err := errors.Join(err, body.Close()); err != nil || string(got) != "JPEG" || blob.Type != "image/jpeg" || blob.Size != 4 {
				t.Errorf("%q, %+v, %v", got, blob, err)
			}
			want := []request{{"GET", "/v23.0/81001", "token-new", ""}, {"GET", "/files/1", "token-new", ""}}
			if diff := cmp.Diff(want, g.requests(), cmp.AllowUnexported(request{})); diff != "" {
				t.Error(diff)
			}
		}
	})
	t.Run("ErrInvalidElsewhere", func(t *testing.T) {
		other := newGraph(t, says(200, "secret"))
		for _, address := range []string{
			other.URL + "/x", "http://169.254.169.254/latest", "https://fbsbx.com.evil.example/x", "https://evilfbsbx.com/x", "http://lookaside.fbsbx.com/x",
			"https://lookaside.fbsbx.com@evil.example/x", "https://me@lookaside.fbsbx.com/x", "https://lookaside.fbsbx.com:8443/x", "file:///etc/passwd", "", "::",
		} {
			g := newGraph(t, described(address, 4))
			if _, _, err := client(t, g.URL).Fetch(t.Context(), account, inbox, "81001"); !desk.Is(err, desk.Invalid) || len(g.requests()) != 1 {
				t.Errorf("%s: %v", address, err)
			}
		}
		if len(other.requests()) != 0 {
			t.Error("the token went to another host")
		}
	})
	t.Run("ErrInvalidRedirectElsewhere", func(t *testing.T) {
		other := newGraph(t, says(200, "secret"))
		var address string
		g := newGraph(t, func(w http.ResponseWriter, r *http.Request) { described(address, 4)(w, r) }, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, http.StatusFound)
		})
		address = g.URL + "/files/1"
		if _, _, err := client(t, g.URL).Fetch(t.Context(), account, inbox, "81001"); !desk.Is(err, desk.Invalid) || len(other.requests()) != 0 {
			t.Errorf("%v, the other host was asked %d times", err, len(other.requests()))
		}
	})
	t.Run("ErrInvalid", func(t *testing.T) {
		for _, id := range []string{"", "../me", "a/b", "a?b", "..", strings.Repeat("1", 600)} {
			g := newGraph(t, says(200, "{}"))
			if _, _, err := client(t, g.URL).Fetch(t.Context(), account, inbox, id); !desk.Is(err, desk.Invalid) || len(g.requests()) != 0 {
				t.Errorf("%q: %v", id, err)
			}
		}
	})
	t.Run("ErrInvalidTooLarge", func(t *testing.T) {
		g := newGraph(t, described("https://lookaside.fbsbx.com/x", 200<<20))
		if _, _, err := client(t, g.URL).Fetch(t.Context(), account, inbox, "81001"); !desk.Is(err, desk.Invalid) || len(g.requests()) != 1 {
			t.Error(err)
		}
	})
	t.Run("ErrInvalidGrows", func(t *testing.T) {
		var address string
		g := newGraph(t, func(w http.ResponseWriter, r *http.Request) { described(address, 4)(w, r) }, func(w http.ResponseWriter, _ *http.Request) {
			block := make([]byte, 1<<20)
			for range 101 {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		})
		address = g.URL + "/files/1"
		_, body, err := client(t, g.URL).Fetch(t.Context(), account, inbox, "81001")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, body); !desk.Is(err, desk.Invalid) {
			t.Error(err)
		}
		if err := body.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Run("ErrNotFound", func(t *testing.T) {
		for _, answer := range []http.HandlerFunc{
			says(404, ""), says(400, `{"error":{"message":"Unsupported get request.","type":"GraphMethodException","code":100,"error_subcode":33}}`),
		} {
			g := newGraph(t, answer)
			if _, _, err := client(t, g.URL).Fetch(t.Context(), account, inbox, "81001"); !desk.Is(err, desk.NotFound) || len(g.requests()) != 1 {
				t.Error(err)
			}
		}
	})
	t.Run("ErrLimited", func(t *testing.T) {
		g := newGraph(t, says(429, ""))
		if _, _, err := client(t, g.URL).Fetch(t.Context(), account, inbox, "81001"); !desk.Is(err, desk.Limited) || len(g.requests()) != 3 {
			t.Error(err)
		}
	})
}
