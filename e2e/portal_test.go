package e2e_test

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/relevo/relevo/e2e"
)

type customersTicket struct {
	Ticket struct {
		Number          int64
		Subject, Status string
	}
	Actions []struct {
		Text   string
		Author struct{ Kind, Name string }
	}
}

func (o customersTicket) texts() string {
	var all []string
	for _, a := range o.Actions {
		all = append(all, a.Text)
	}
	return strings.Join(all, " · ")
}

// TestPortal: B80, B84, B88, B108. A customer shows who he is by a code that is mailed to him, opens a ticket, is answered
// and answers; others see nothing of it.
func TestPortal(t *testing.T) {
	t.Parallel()
	ana, otto := signIn(t, host, "ana@demo.test"), signIn(t, host, "otto@demo.test")
	name := "portal-" + strings.ToLower(rand.Text())
	inbox := e2e.Object{"client_id": name, "name": name, "channel": "webchat", "department": "support", "language": "es", "ticket_policy": "optional",
		"portal": e2e.Object{"enabled": true, "open": true}}
	var made struct{ ID, Key string }
	ana.post("/v1/settings/inboxes", inbox, &made)
	nobody := caller{t: t, Client: &e2e.Client{Base: host.URL(), HTTP: &http.Client{Transport: checked(t, host.URL())}}}
	comes := func() caller {
		t.Helper()
		var session struct {
			Token string
			Inbox struct{ Portal *struct{ Open bool } }
		}
		nobody.post("/widget/v1/sessions", e2e.Object{"inbox": made.Key}, &session)
		if p := session.Inbox.Portal; p == nil || !p.Open {
			t.Fatal("the widget does not hear of the portal")
		}
		return caller{t: t, Client: &e2e.Client{Base: host.URL(), Token: session.Token, HTTP: nobody.HTTP}}
	}
	identified := func(address string) (caller, string) {
		t.Helper()
		me := comes()
		me.refused(http.MethodGet, "/widget/v1/tickets", nil, http.StatusForbidden, "forbidden", "identity")
		me.post("/widget/v1/identity/code", e2e.Object{"email": address, "language": "es"}, nil)
		code := codeFor(t, address)
		me.refused(http.MethodPost, "/widget/v1/identity", e2e.Object{"email": address, "code": other(code)}, http.StatusForbidden, "forbidden", "code")
		var session struct {
			Token, Secret string
			Identified    bool
		}
		me.post("/widget/v1/identity", e2e.Object{"email": address, "code": code}, &session)
		if !session.Identified || session.Secret == "" {
			t.Fatalf("session %+v", session)
		}
		me.refused(http.MethodPost, "/widget/v1/identity", e2e.Object{"email": address, "code": code}, http.StatusForbidden, "forbidden", "code")
		return caller{t: t, Client: &e2e.Client{Base: host.URL(), Token: session.Token, HTTP: nobody.HTTP}}, session.Secret
	}
	rosa, secret := identified("rosa-" + name + "@example.com")
	var ticket struct {
		Number int64
		Status string
	}
	ask := e2e.Object{"client_id": "t", "subject": "Molino roto", "text": "Llegó roto"}
	rosa.post("/widget/v1/tickets", ask, &ticket)
	var again struct{ Number int64 }
	rosa.post("/widget/v1/tickets", ask, &again)
	if ticket.Status != "new" || again.Number != ticket.Number {
		t.Fatalf("B84: got %+v, again %+v", ticket, again)
	}
	path, his := fmt.Sprintf("/v1/tickets/%d", ticket.Number), fmt.Sprintf("/widget/v1/tickets/%d", ticket.Number)
	otto.post(path+"/actions", e2e.Object{"client_id": "i", "text": "Entre nosotros"}, nil)
	otto.post(path+"/actions", e2e.Object{"client_id": "p", "text": "Le enviamos otro", "public": true}, nil)
	rosa.post(his+"/actions", e2e.Object{"client_id": "a", "text": "Gracias"}, nil)
	var opened customersTicket
	rosa.get(his+"?fresh=true", &opened)
	if got := opened.texts(); got != "Llegó roto · Le enviamos otro · Gracias" || opened.Actions[1].Author.Name == "" {
		t.Errorf("B88: she sees %q", got)
	}
	var listed struct{ Items []struct{ Number int64 } }
	rosa.get("/widget/v1/tickets?fresh=true", &listed)
	if len(listed.Items) != 1 || listed.Items[0].Number != ticket.Number {
		t.Errorf("B88: she has %+v", listed)
	}

	carla, _ := identified("carla-" + name + "@example.com")
	carla.refused(http.MethodGet, his, nil, http.StatusNotFound, "not_found", "")
	carla.refused(http.MethodPost, his+"/actions", e2e.Object{"client_id": "x", "text": "?"}, http.StatusNotFound, "not_found", "")
	var hola e2e.Message
	carla.post("/widget/v1/messages", e2e.Object{"client_id": "h", "text": "Hola"}, &hola)
	carla.refused(http.MethodPost, "/widget/v1/conversations/"+hola.Conversation+"/ticket", e2e.Object{"number": ticket.Number}, http.StatusNotFound, "not_found", "number")

	rosa.post("/widget/v1/messages", e2e.Object{"client_id": "h", "text": "Hola"}, &hola)
	rosa.post("/widget/v1/conversations/"+hola.Conversation+"/ticket", e2e.Object{"number": ticket.Number}, nil)
	otto.post("/v1/conversations/"+hola.Conversation+"/ticket/confirm", nil, nil) // B80
	var now struct{ Ticket struct{ Version int } }
	otto.get(path+"?fresh=true", &now)
	otto.do(http.MethodPatch, path, e2e.Object{"type": "internal", "version": now.Ticket.Version}, nil)
	rosa.refused(http.MethodGet, his, nil, http.StatusNotFound, "not_found", "")
	var back struct{ Identified bool }
	nobody.post("/widget/v1/sessions", e2e.Object{"inbox": made.Key, "secret": secret}, &back)
	if !back.Identified {
		t.Error("with his secret he is nobody")
	}
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// codeFor waits for the code that is mailed to an address.
func codeFor(t *testing.T, address string) (code string) {
	t.Helper()
	eventually(t, "the code is mailed", func() bool {
		mails, err := host.Mails(t.Context())
		if err != nil {
			return false
		}
		for _, m := range mails {
			if m.To == address {
				code = sixDigits.FindString(m.Text)
			}
		}
		return code != ""
	})
	return code
}

// other is a code that it is not.
func other(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}
