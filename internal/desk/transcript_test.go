package desk_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

var update = flag.Bool("update", false, "write the golden files anew")

// B73: the mail of a transcript, letter by letter: what people wrote is text in it and nothing else.
func TestTranscriptGolden(t *testing.T) {
	w := newWorld(t)
	settings := desk.Account{ID: account, Name: `Zapatos & "Hijos" <SAS>`, TimeZone: "America/Bogota", Language: "es", AfterClose: desk.KeepAssignee}
	kind, id := settings.Setting()
	check(t, w.books.SaveSetting(t.Context(), settings, desk.Audit{ID: desk.NewID(w.clock()), By: desk.System, Type: "test", Kind: kind, Of: id}))
	v := w.visitor("shop")
	key, _, err := w.UploadForm(t.Context(), account, string(v.Contact), "a.png", "image/png", 4)
	check(t, err)
	check(t, w.Blobs.Put(t.Context(), desk.Blob{Key: key, Type: "image/png", Size: 4}, strings.NewReader("\x89PNG")))
	c := w.writes(v, "  <script>alert('1')</script> & \"dos\" 2+2=4 `\n\n  señal ✅ </div> ").Conversation
	w.pass(time.Minute)
	_, _, err = w.Write(t.Context(), v, desk.Body{ClientID: "file", Text: "Mira:", Attachments: []desk.Attachment{{Key: key, Name: `<a> & "b'.png`}}})
	check(t, err)
	w.pass(time.Minute)
	wrong := w.replies(c, "wrong", "No era esto")
	check(t, w.DeleteMessage(t.Context(), w.who("otto"), c, wrong.ID))
	w.pass(time.Minute)
	w.replies(c, "right", "Ya < mañana > llega")
	w.settle()
	check(t, w.RequestTranscript(t.Context(), w.who("otto"), c, desk.TranscriptTo{ClientID: "1", Email: "jefe@example.com"}))
	w.settle()
	mails := w.mails("jefe@example.com")
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	for ending, got := range map[string]string{"txt": mails[0].Text, "html": mails[0].HTML} {
		golden := filepath.Join("testdata", "transcript."+ending)
		if *update {
			check(t, os.MkdirAll("testdata", 0o755))
			check(t, os.WriteFile(golden, []byte(got), 0o644))
		}
		want, err := os.ReadFile(golden)
		check(t, err)
		if got != string(want) {
			t.Errorf("%s is\n%s\nwant\n%s", golden, got, want)
		}
	}
}

// B73: the same client id in two conversations asks for two transcripts.
func TestTranscriptsOfTwoConversations(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		c := w.writes(w.visitor("shop"), "Hola").Conversation
		w.settle()
		for range 2 {
			check(t, w.RequestTranscript(t.Context(), w.who("otto"), c, desk.TranscriptTo{ClientID: "1", Email: "jefe@example.com"}))
			w.settle()
		}
	}
	mails := w.mails("jefe@example.com")
	if len(mails) != 2 || mails[0].MessageID == mails[1].MessageID {
		t.Errorf("%d mails, want two of their own", len(mails))
	}
}
