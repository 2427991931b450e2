package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/config"
)

// The front's mailbox reads the mail log of MiniStack, of which this is an entry.
func TestFrontMailbox(t *testing.T) {
	const log = `{"messages":{"000000000000":[{"MessageId":"1","Source":"desk@relevo.test","To":["<ana@shop.test>"],"Subject":"Hola",
"BodyText":"Text","BodyHtml":"<p>Text</p>","Timestamp":1795388400.25,"Type":"SendRawEmail"}]}}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(log)) }))
	defer server.Close()
	mails, err := (&front{access: config.AWS{EndpointURL: server.URL}}).mails(t.Context())
	want := frontMail{To: "ana@shop.test", From: "desk@relevo.test", Subject: "Hola", Text: "Text", HTML: "<p>Text</p>",
		Date: time.Date(2026, 11, 22, 23, 0, 0, 250e6, time.UTC)}
	if err != nil || len(mails) != 1 || mails[0] != want {
		t.Errorf("got %+v, %v; want %+v", mails, err, want)
	}
}
