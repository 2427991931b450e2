package whatsapp_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/relevo/relevo/internal/channel/whatsapp"
	"github.com/relevo/relevo/internal/desk"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	account = desk.AccountID("acme")
	inboxID = desk.InboxID("wa1")
	number  = "300400500600"
)

// TestParseGolden reads every body in testdata/webhooks: one kind of webhook a file, its events beside it.
func TestParseGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/webhooks/*.json")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d bodies, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := told(t, body)
			golden := filepath.Join("testdata", "events", name+".golden")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// told parses a body and writes what came of it.
func told(t *testing.T, body []byte) []byte {
	t.Helper()
	events, err := whatsapp.Parse(account, inboxID, number, body)
	var out bytes.Buffer
	if skipped, ok := errors.AsType[*whatsapp.Skipped](err); ok {
		fmt.Fprintln(&out, skipped)
	} else if err != nil {
		t.Fatal(err)
	}
	jobs, err := whatsapp.Jobs(events)
	if err != nil {
		t.Fatal(err)
	}
	for i, job := range jobs {
		if job.Queue != desk.InboundQueue {
			t.Errorf("queue %s", job.Queue)
		}
		fmt.Fprintln(&out, "group", job.Group)
		brief, err := json.MarshalIndent(events[i], "", " ")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(brief)) {
			if !strings.HasSuffix(line, `"",`+"\n") && !strings.HasSuffix(line, "null,\n") && !strings.HasSuffix(line, `""`+"\n") {
				out.WriteString(line)
			}
		}
		out.WriteByte('\n')
	}
	return out.Bytes()
}

// TestParseShared runs the bodies of the folder that RELEVO_PAYLOADS names: files whose values are whole bodies. Each
// must give an event, and nothing may be skipped.
func TestParseShared(t *testing.T) {
	folder := os.Getenv("RELEVO_PAYLOADS")
	if folder == "" {
		t.Skip("RELEVO_PAYLOADS names no folder")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no bodies in %s: %v", folder, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var bodies map[string]json.RawMessage
		if err := json.Unmarshal(raw, &bodies); err != nil {
			t.Fatal(err)
		}
		for name, body := range bodies {
			t.Run(filepath.Base(file)+"/"+name, func(t *testing.T) {
				events, err := whatsapp.Parse(account, inboxID, "", body)
				if err != nil || len(events) != 1 {
					t.Fatalf("%d events, %v", len(events), err)
				}
				e := events[0]
				if e.ExternalID == "" || e.From.Address == "" {
					t.Errorf("the event says not what or who: %+v", e)
				}
				odd := strings.HasPrefix(name, "unsupported") || name == "interactive_message_with_err"
				if (e.Message.Content == desk.UnsupportedContent) != odd {
					t.Errorf("content %q", e.Message.Content)
				}
			})
		}
	}
}

func TestParse(t *testing.T) {
	one := func(message string) []byte {
		return []byte(`{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"` + number +
			`"},"contacts":[{"wa_id":"573001112233","profile":{"name":"Rosa"}}],"messages":[` + message + `]}}]}]}`)
	}
	for name, body := range map[string]string{
		"ErrNoJSON": `{"object":`, "ErrArray": `[]`, "ErrNull": `null`, "ErrEmpty": ``, "ErrOtherObject": `{"object":"page","entry":[]}`,
		"ErrEntries": `{"object":"whatsapp_business_account","entry":5}`, "ErrDeep": strings.Repeat(`[`, 20000),
	} {
		t.Run(name, func(t *testing.T) {
			if events, err := whatsapp.Parse(account, inboxID, number, []byte(body)); !desk.Is(err, desk.Invalid) || events != nil {
				t.Errorf("%v, %v", events, err)
			}
		})
	}
	t.Run("OKNothing", func(t *testing.T) {
		events, err := whatsapp.Parse(account, inboxID, number, []byte(`{"object":"whatsapp_business_account","entry":[]}`))
		if err != nil || len(events) != 0 {
			t.Errorf("%v, %v", events, err)
		}
	})
	t.Run("LongTextIsCut", func(t *testing.T) {
		text := strings.Repeat("ñ", desk.MaxText)
		events, err := whatsapp.Parse(account, inboxID, number, one(`{"from":"573001112233","id":"w1","timestamp":"1767261600","type":"text","text":{"body":"`+text+`"}}`))
		if err != nil || len(events) != 1 || len(events[0].Message.Text) != desk.MaxText || !strings.HasPrefix(text, events[0].Message.Text) {
			t.Fatalf("%d events, %v", len(events), err)
		}
	})
	t.Run("LargestEventFitsAQueue", func(t *testing.T) {
		worst := strings.Repeat(`\"`, desk.MaxText)
		body := strings.ReplaceAll(string(one(`{"from":"573001112233","from_user_id":"`+strings.Repeat(`\u0001`, 512)+`","id":"`+strings.Repeat(`\u0001`, 512)+`","type":"text","text":{"body":"W"},
			"group_id":"W","context":{"id":"c","forwarded":true,"frequently_forwarded":true,"referred_product":{"catalog_id":"W","product_retailer_id":"W"}},
			"referral":{"source_url":"W","source_id":"W","source_type":"W","headline":"W","body":"W","ctwa_clid":"W"}}`)), `"W"`, `"`+worst+`"`)
		events, err := whatsapp.Parse(account, inboxID, number, []byte(body))
		if err != nil || len(events) != 1 {
			t.Fatalf("%d events, %v", len(events), err)
		}
		if jobs, err := whatsapp.Jobs(events); err != nil || len(jobs[0].Body) > 256<<10 {
			t.Errorf("%d bytes, %v", len(jobs[0].Body), err)
		}
	})
	t.Run("BadUTF8IsCleaned", func(t *testing.T) {
		events, err := whatsapp.Parse(account, inboxID, number, one("{\"from\":\"573001112233\",\"id\":\"w1\",\"timestamp\":\"1767261600\",\"type\":\"text\",\"text\":{\"body\":\"a\xffb\"}}"))
		if err != nil || len(events) != 1 || events[0].Message.Text != "a\uFFFDb" {
			t.Fatalf("%+v, %v", events, err)
		}
	})
	t.Run("LongIDIsMalformed", func(t *testing.T) {
		events, err := whatsapp.Parse(account, inboxID, number, one(`{"from":"573001112233","id":"`+strings.Repeat("w", 600)+`","type":"text","text":{"body":"x"}}`))
		skipped, ok := errors.AsType[*whatsapp.Skipped](err)
		if len(events) != 0 || !ok || skipped.Malformed != 1 {
			t.Fatalf("%+v, %v", events, err)
		}
	})
	t.Run("SkippedSaysNoText", func(t *testing.T) {
		_, err := whatsapp.Parse(account, inboxID, "1", one(`{"from":"573001112233","id":"w1","type":"text","text":{"body":"secreto"}}`))
		if err == nil || strings.Contains(err.Error(), "secreto") {
			t.Fatal(err)
		}
	})
}

func TestJobs(t *testing.T) {
	e := desk.ChannelEvent{Account: account, Inbox: inboxID, Kind: desk.ChannelStatus, ExternalID: "w1", Delivery: desk.Delivery{State: desk.Sent},
		From: desk.Sender{Address: "573001112233"}}
	read, odd, message := e, e, e
	read.Delivery.State = desk.Read
	odd.From.Address = strings.Repeat("x y", 100)
	message.Kind, message.Delivery = desk.ChannelMessage, desk.Delivery{}
	jobs, err := whatsapp.Jobs([]desk.ChannelEvent{e, e, read, odd, message})
	if err != nil {
		t.Fatal(err)
	}
	if jobs[0].Dedup != jobs[1].Dedup || jobs[0].Group != jobs[1].Group {
		t.Error("the same event twice is not the same job")
	}
	if jobs[0].Dedup == jobs[2].Dedup || jobs[0].Dedup == jobs[4].Dedup {
		t.Error("another state or kind is the same job")
	}
	if jobs[0].Group != "acme/wa1/573001112233" || jobs[4].Group != jobs[0].Group {
		t.Errorf("group %q", jobs[0].Group)
	}
	if len(jobs[3].Group) > 128 || strings.Contains(jobs[3].Group, " ") {
		t.Errorf("group %q", jobs[3].Group)
	}
	var back desk.ChannelEvent
	if err := json.Unmarshal(jobs[2].Body, &back); err != nil || cmp.Diff(back, read) != "" {
		t.Errorf("%+v, %v", back, err)
	}
}

// sign makes the header that Meta sends along.
func sign(body []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

func TestVerify(t *testing.T) {
	body := []byte(`{"a":1}`)
	for name, c := range map[string]struct {
		header  string
		secrets []string
		ok      bool
	}{
		"OK":              {sign(body, "new"), []string{"new"}, true},
		"OKRotation":      {sign(body, "old"), []string{"new", "old"}, true},
		"OKUpperCase":     {"sha256=" + strings.ToUpper(strings.TrimPrefix(sign(body, "new"), "sha256=")), []string{"new"}, true},
		"ErrOtherSecret":  {sign(body, "other"), []string{"new", "old"}, false},
		"ErrOtherBody":    {sign([]byte(`{"a":2}`), "new"), []string{"new"}, false},
		"ErrNone":         {"", []string{"new"}, false},
		"ErrNoSecret":     {sign(body, ""), nil, false},
		"ErrEmptySecret":  {sign(body, ""), []string{""}, false},
		"ErrNoPrefix":     {strings.TrimPrefix(sign(body, "new"), "sha256="), []string{"new"}, false},
		"ErrShort":        {"sha256=00", []string{"new"}, false},
		"ErrNoHex":        {"sha256=" + strings.Repeat("z", 64), []string{"new"}, false},
		"ErrOldAlgorithm": {"sha1=" + strings.Repeat("0", 40), []string{"new"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := whatsapp.Verify(body, c.header, c.secrets)
			if (err == nil) != c.ok || err != nil && !desk.Is(err, desk.Unauthenticated) {
				t.Error(err)
			}
		})
	}
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte(`{"a":1}`), sign([]byte(`{"a":1}`), "new"))
	f.Add([]byte{}, "sha256=")
	f.Add([]byte("x"), "sha256="+strings.Repeat("0", 64))
	f.Fuzz(func(t *testing.T, body []byte, header string) {
		right := strings.EqualFold(header, sign(body, "new")) && strings.HasPrefix(header, "sha256=")
		if err := whatsapp.Verify(body, header, []string{"other", "new"}); (err == nil) != right {
			t.Fatalf("Verify(%q, %q): %v", body, header, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/webhooks/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		events, err := whatsapp.Parse(account, inboxID, "", body)
		if _, ok := errors.AsType[*whatsapp.Skipped](err); err != nil && !ok && (!desk.Is(err, desk.Invalid) || events != nil) {
			t.Fatalf("%d events, %v", len(events), err)
		}
		jobs, err := whatsapp.Jobs(events)
		if err != nil {
			t.Fatal(err)
		}
		for i, job := range jobs {
			if e := events[i]; e.ExternalID == "" || e.Kind == desk.ChannelMessage && (e.From.Address == "" || e.Message.Content == "") {
				t.Fatalf("half an event: %+v", e)
			}
			if len(job.Body) > 256<<10 || len(job.Group) > 128 || len(job.Dedup) > 128 {
				t.Fatalf("a job too large: %d bytes, group %q, dedup %q", len(job.Body), job.Group, job.Dedup)
			}
		}
	})
}
