package desk_test

import (
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

// TestDeletionTakesTheFiles is B32: with a message go the bytes of its attachments, though an address was given out.
func TestDeletionTakesTheFiles(t *testing.T) {
	w := newWorld(t)
	upload := func(owner string) string {
		t.Helper()
		key, _, err := w.UploadForm(t.Context(), account, owner, "a.png", "image/png", 4)
		check(t, err)
		check(t, w.Blobs.Put(t.Context(), desk.Blob{Key: key, Type: "image/png", Size: 4}, strings.NewReader("\x89PNG")))
		return key
	}
	gone := func(t *testing.T, key string) {
		t.Helper()
		if _, err := w.Blobs.Stat(t.Context(), key); !desk.Is(err, desk.NotFound) {
			t.Errorf("%s: got %v, want not_found", key, err)
		}
	}
	t.Run("OK", func(t *testing.T) {
		v := w.visitor("shop")
		his, kept := upload(string(v.Contact)), upload(string(v.Contact))
		m, _, err := w.Write(t.Context(), v, desk.Body{ClientID: "1", Attachments: []desk.Attachment{{Key: his, Name: "a.png"}}})
		check(t, err)
		_, _, err = w.Write(t.Context(), v, desk.Body{ClientID: "2", Attachments: []desk.Attachment{{Key: kept, Name: "b.png"}}})
		check(t, err)
		w.settle()
		check(t, w.DeleteMessage(t.Context(), w.who("otto"), m.Conversation, m.ID))
		w.settle()
		gone(t, his)
		if _, err := w.Blobs.Stat(t.Context(), kept); err != nil {
			t.Errorf("another message's file: %v", err)
		}
	})
	t.Run("OK/TheSameRequestAgain", func(t *testing.T) {
		c := w.begins("shop")
		body := desk.Body{ClientID: "again", Text: "aquí", Attachments: []desk.Attachment{{Key: upload("otto"), Name: "a.png"}}}
		m, _, err := w.Reply(t.Context(), w.who("otto"), c.ID, body)
		check(t, err)
		check(t, w.DeleteMessage(t.Context(), w.who("otto"), c.ID, m.ID))
		w.settle()
		again, fresh, err := w.Reply(t.Context(), w.who("otto"), c.ID, body)
		check(t, err)
		if fresh || again.ID != m.ID {
			t.Errorf("a repeat made %+v", again)
		}
	})
	t.Run("OK/WhileItIsFetched", func(t *testing.T) {
		books, id := w.books, ""
		w.provider.amid = func() {
			list, _, err := books.Contacts(t.Context(), desk.PageRequest{Limit: 1})
			check(t, err)
			conversation, err := books.Receiving(t.Context(), true, list[0].ID, "phone")
			check(t, err)
			_, messages, _, err := books.Thread(t.Context(), conversation, desk.ThreadQuery{Limit: 10, Fresh: true})
			check(t, err)
			for _, m := range messages {
				if m.Content == desk.ImageContent {
					id = string(conversation) + "/" + string(m.ID)
					check(t, books.ChangeMessage(t.Context(), conversation, m.ID, desk.MessageChange{Delete: w.clock()}))
				}
			}
		}
		check(t, w.Ingest(t.Context(), desk.ChannelEvent{Account: account, Inbox: "phone", Kind: desk.ChannelMessage, ExternalID: "wamid.1", At: w.clock(),
			From: desk.Sender{Address: "573001"}, Message: desk.ChannelContent{Content: desk.ImageContent, Attachments: []desk.Attachment{{ProviderID: "m1", Name: "a.png"}}}}))
		w.settle()
		if id == "" {
			t.Fatal("nothing was fetched")
		}
		gone(t, string(account)+"/media/"+id+"/0")
	})
}
