package email_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/channel/email"
	"github.com/relevo/relevo/internal/desk"
)

func TestCompose(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", -5*3600))
	whole := desk.Mail{ID: "1", From: "desk@relevo.test", FromName: `Tienda "Ñandú"`, To: "ana@example.com", Subject: "Señal №1", Text: "¿Qué tal?", HTML: "<p>¿Qué tal?</p>"}
	for name, c := range map[string]struct {
		spoil func(*desk.Mail)
		kinds string
	}{
		"OK":       {func(*desk.Mail) {}, "text/plain text/html"},
		"TextOnly": {func(m *desk.Mail) { m.HTML = "" }, "text/plain"},
		"HTMLOnly": {func(m *desk.Mail) { m.Text = "" }, "text/html"},
	} {
		t.Run(name, func(t *testing.T) {
			m := whole
			c.spoil(&m)
			raw, err := email.Compose(m, at)
			if err != nil {
				t.Fatal(err)
			}
			again, err := email.Compose(m, at.Add(time.Hour))
			if err != nil || messageID(t, again) != messageID(t, raw) {
				t.Errorf("sent again it is another mail: %v", err)
			}
			got, err := mail.ReadMessage(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			from, err := got.Header.AddressList("From")
			if err != nil || from[0].Name != m.FromName || from[0].Address != m.From {
				t.Errorf("from %v, %v", from, err)
			}
			date, err := got.Header.Date()
			subject, _ := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
			if err != nil || !date.Equal(at) || subject != m.Subject {
				t.Errorf("headers %v", got.Header)
			}
			if kinds, text := parts(t, got); kinds != c.kinds || !strings.Contains(text, "¿Qué tal?") {
				t.Errorf("parts %s: %s", kinds, text)
			}
		})
	}
}

func messageID(t *testing.T, raw []byte) string {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil || !strings.HasSuffix(m.Header.Get("Message-ID"), "@relevo.test>") {
		t.Fatalf("%v, %v", m, err)
	}
	return m.Header.Get("Message-ID")
}

// parts gives the media types of a mail's parts, and their text.
func parts(t *testing.T, m *mail.Message) (kinds, text string) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if kind != "multipart/alternative" {
		body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
		if err != nil {
			t.Fatal(err)
		}
		return kind, string(body)
	}
	for all := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := all.NextPart()
		if err != nil {
			return strings.TrimSpace(kinds), text
		}
		body, err := io.ReadAll(part) // the reader undoes the quoting
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		kinds, text = kinds+kind+" ", text+string(body)
	}
}
