package e2e_test

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/relevo/relevo/e2e"
)

// TestFindContact looks for a requester as a picker does while one types (B82, B92).
func TestFindContact(t *testing.T) {
	t.Parallel()
	ana, vera := signIn(t, host, "ana@demo.test"), signIn(t, host, "vera@demo.test")
	mark := "z" + strings.ToLower(rand.Text()[:8])
	made := e2e.Contact{}
	ana.post("/v1/contacts", e2e.Object{"client_id": rand.Text(), "name": "Ñandú " + mark + " Zulueta", "email": mark + "@zulueta.example", "phone": "+57 300 765 4321"}, &made)
	found := func(words string) bool {
		var page struct{ Items []e2e.Contact }
		vera.get("/v1/contacts?q="+url.QueryEscape(words), &page)
		return slices.ContainsFunc(page.Items, func(c e2e.Contact) bool { return c.ID == made.ID })
	}
	for _, words := range []string{mark[:6], "nandu " + mark, strings.ToUpper(mark), "zul " + mark[:5], mark + "@zulueta.example"} {
		eventually(t, "found by "+words, func() bool { return found(words) })
	}
	if found(mark + " somebodyelse") {
		t.Error("found by a word that is not his")
	}
	ana.do(http.MethodPatch, "/v1/contacts/"+made.ID, e2e.Object{"name": "Otra persona"}, nil)
	eventually(t, "found by the new name", func() bool { return found("persona " + mark) })
	eventually(t, "not by the old one any more", func() bool { return !found("nandu " + mark) })
	vera.refused(http.MethodGet, "/v1/contacts?q="+strings.Repeat("x", 201), nil, http.StatusBadRequest, "invalid", "q")
}
