package e2e_test

import (
	"crypto/rand"
	"net/http"
	"slices"
	"testing"

	"github.com/relevo/relevo/e2e"
)

// TestViewsCountsAndUnread shows what stands beside an agent's lists.
func TestViewsCountsAndUnread(t *testing.T) {
	t.Parallel()
	ana, otto := signIn(t, host, "ana@demo.test"), signIn(t, host, "otto@demo.test")
	var label struct{ ID string }
	ana.post("/v1/settings/labels", e2e.Object{"client_id": rand.Text(), "name": "e2e-" + rand.Text()[:8]}, &label)
	hola := visit(t, host, "shop", "").says("Hola")
	otto.act(hola.Conversation, "labels", e2e.Object{"labels": []string{label.ID}})
	eventually(t, "the label counts one", func() bool {
		var all struct {
			Counts struct{ Labels map[string]int }
		}
		otto.get("/v1/conversations/counts", &all)
		return all.Counts.Labels[label.ID] == 1
	})

	otto.post("/v1/conversations/"+hola.Conversation+"/read", e2e.Object{"up_to": hola.ID}, nil)
	otto.awaits(hola.Conversation, "read", func(c e2e.Conversation) bool { return c.Unread == 0 })
	otto.post("/v1/conversations/"+hola.Conversation+"/unread", nil, nil)
	otto.awaits(hola.Conversation, "unread", func(c e2e.Conversation) bool { return c.Unread == 1 && c.ReadTo == hola.ID })

	view := e2e.Object{"client_id": rand.Text(), "name": "e2e " + label.ID, "shared": true, "filter": e2e.Object{"view": "all", "label": label.ID}}
	var made, again struct{ ID string }
	otto.post("/v1/views", view, &made)
	otto.post("/v1/views", view, &again)
	if made != again {
		t.Errorf("a repeat made another view: %v, %v", made, again)
	}
	has := func(a *agent) bool {
		var views struct{ Items []struct{ ID string } }
		a.get("/v1/views", &views)
		return slices.Contains(views.Items, made)
	}
	ines := signIn(t, host, "ines@demo.test")
	if !has(ines) {
		t.Error("Inés does not have the shared view")
	}
	ines.refused(http.MethodDelete, "/v1/views/"+made.ID, nil, http.StatusForbidden, "forbidden", "")
	ana.do(http.MethodDelete, "/v1/views/"+made.ID, nil, nil)
	if has(otto) {
		t.Error("the administrator deleted it, and it is there")
	}
}
