package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/api"
	"github.com/relevo/relevo/internal/desk"
)

// TestOtherAccountsAreNotThere takes every id of every route, one after the other, from another account.
func TestOtherAccountsAreNotThere(t *testing.T) {
	w := newWorld(t, nil)
	before := w.state()
	each(t, func(t *testing.T, route string, try trial, _ int) {
		t.Helper()
		names := map[string]bool{} // true: in the path
		for _, found := range place.FindAllStringSubmatch(try.query+strings.ReplaceAll(try.body, "{{{{", ""), -1) {
			names[found[1]] = false
		}
		for _, found := range place.FindAllStringSubmatch(try.path, -1) {
			names[found[1]] = true
		}
		for name, inPath := range names {
			if slices.Contains(try.free, name) {
				continue
			}
			status, body := w.as(w.token(try), route, try, name)
			if status != http.StatusNotFound && (inPath || try.visitor || status != http.StatusBadRequest) {
				t.Errorf("with the other account's %s: %d %s", name, status, body)
			}
		}
	})
	if after := w.state(); after != before {
		t.Errorf("something changed:\n%s", diff(before, after))
	}
}

// TestMarksOfOtherAccounts: ids that only move a mark, or narrow a list, may be anybody's, and show nothing.
func TestMarksOfOtherAccounts(t *testing.T) {
	w := newWorld(t, nil)
	for _, query := range []string{"label={{label}}", "inbox={{inbox}}", "department={{department}}", "view=unassigned&department={{department}}"} {
		res := w.ask(http.MethodGet, "/v1/conversations?"+w.fill(query, strings.Trim(place.FindString(query), "{}")), staff("ana"), "")
		if res.Code == http.StatusOK && strings.Contains(res.Body.String(), `"id"`) {
			t.Errorf("%s shows %s", query, res.Body)
		}
	}
	res := w.ask(http.MethodGet, "/v1/templates?inbox="+w.other.ids["inbox"], staff("ana"), "")
	if !strings.Contains(res.Body.String(), `"items":[]`) {
		t.Errorf("templates of another account: %s", res.Body)
	}
}

func diff(a, b string) string {
	was, is := strings.Split(a, "\n"), strings.Split(b, "\n")
	var out []string
	for i := range min(len(was), len(is)) {
		if was[i] != is[i] {
			out = append(out, "- "+was[i], "+ "+is[i])
		}
	}
	return strings.Join(out[:min(len(out), 20)], "\n")
}

// TestNobodyWithoutToken asks for every route with no token, and with tokens that are worth nothing there.
func TestNobodyWithoutToken(t *testing.T) {
	w := newWorld(t, nil)
	before := w.state()
	each(t, func(t *testing.T, route string, try trial, _ int) {
		t.Helper()
		if route == "POST /widget/v1/sessions" {
			return
		}
		tokens := map[string]string{"none": "", "nonsense": "nonsense", "forged": "x.nobody.x", "three parts": "a.b.c", "very long": strings.Repeat("a.", 9000)}
		if try.visitor {
			tokens["an agent's"], tokens["a bot's"] = staff("ana"), w.own.bot
		} else {
			tokens["a visitor's"] = w.own.token
		}
		for kind, token := range tokens {
			method, _, _ := strings.Cut(route, " ")
			res := w.ask(method, w.fill(try.path, ""), token, "")
			if res.Code != http.StatusUnauthorized || !strings.HasPrefix(res.Header().Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%s: %d %s, challenge %q", kind, res.Code, res.Body, res.Header().Get("WWW-Authenticate"))
			}
			if got := faultOf(t, res); got.Error.Code != "unauthenticated" {
				t.Errorf("%s: %+v", kind, got)
			}
		}
	})
	if after := w.state(); after != before {
		t.Errorf("something changed:\n%s", diff(before, after))
	}
}

// TestForgedVisitorToken: short-lived, and worth nothing once a byte of them is changed.
func TestForgedVisitorToken(t *testing.T) {
	w := newWorld(t, nil)
	token, expires, err := w.server.Visitors.Mint(t.Context(), w.own.visitor)
	w.must(err)
	if until := time.Until(expires); until > time.Hour {
		t.Errorf("good for %s", until)
	}
	broken := token[:len(token)-2] + "xx"
	if res := w.ask(http.MethodGet, "/widget/v1/contact", broken, ""); res.Code != http.StatusUnauthorized {
		t.Errorf("with a broken signature: %d", res.Code)
	}
}

// TestViewersChangeNothing asks as a viewer (B1, B2), for what is there.
func TestViewersChangeNothing(t *testing.T) {
	w := newWorld(t, nil)
	before := w.state()
	each(t, func(t *testing.T, route string, try trial, _ int) {
		t.Helper()
		if try.visitor {
			return
		}
		want := try.viewer
		if want == 0 {
			want = http.StatusForbidden
			if strings.HasPrefix(route, "GET ") {
				want = http.StatusOK
			}
		}
		if status, body := w.as(staff("vera"), route, try, ""); status != want {
			t.Errorf("got %d %s, want %d", status, body, want)
		}
	})
	if after := w.state(); after != before {
		t.Errorf("something changed:\n%s", diff(before, after))
	}
}

// TestSettingsAreTheAdministrators asks as everyone else.
func TestSettingsAreTheAdministrators(t *testing.T) {
	w := newWorld(t, nil)
	before := w.state()
	each(t, func(t *testing.T, route string, try trial, _ int) {
		t.Helper()
		if !strings.Contains(route, "/v1/settings/") {
			return
		}
		for who, token := range map[string]string{"operator": staff("otto"), "agent": staff("ines"), "bot": w.own.bot} {
			if status, body := w.as(token, route, try, ""); status != http.StatusForbidden {
				t.Errorf("%s: %d %s", who, status, body)
			}
		}
	})
	if after := w.state(); after != before {
		t.Errorf("something changed:\n%s", diff(before, after))
	}
}

// TestBotsKeepToTheirInbox: a bot works its inbox's conversations and sees nothing beyond.
func TestBotsKeepToTheirInbox(t *testing.T) {
	w := newWorld(t, nil)
	t.Run("OK", func(t *testing.T) {
		res := w.ask(http.MethodPost, w.fill("/v1/conversations/{{conversation}}/messages", ""), w.own.bot, `{"client_id":"b","text":"Soy un bot"}`)
		if res.Code != http.StatusCreated || !strings.Contains(res.Body.String(), `"kind":"bot"`) {
			t.Errorf("%d %s", res.Code, res.Body)
		}
	})
	t.Run("ErrForbidden", func(t *testing.T) {
		for _, path := range []string{"/v1/me", "/v1/contacts", "/v1/tickets", "/v1/notifications", "/v1/contacts/{{contact}}", "/v1/settings/bots"} {
			if res := w.ask(http.MethodGet, w.fill(path, ""), w.own.bot, ""); res.Code != http.StatusForbidden {
				t.Errorf("%s: %d", path, res.Code)
			}
		}
	})
	t.Run("ErrNotFound", func(t *testing.T) {
		if res := w.ask(http.MethodGet, w.fill("/v1/conversations/{{conversation}}", "conversation"), w.own.bot, ""); res.Code != http.StatusNotFound {
			t.Errorf("the other account's: %d", res.Code)
		}
		begun, err := w.desk.StartSession(t.Context(), desk.Arrival{Inbox: "demo-shop"})
		w.must(err)
		token, _, err := w.server.Visitors.Mint(t.Context(), begun.Visitor)
		w.must(err)
		written := decoded(t, w.ask(http.MethodPost, "/widget/v1/messages", token, `{"client_id":"1","text":"Hola"}`))
		if res := w.ask(http.MethodGet, "/v1/conversations/"+name(t, written, "conversation"), w.own.bot, ""); res.Code != http.StatusNotFound {
			t.Errorf("another inbox's: %d", res.Code)
		}
	})
}

// TestCustomersSeeNothingOfTheDesk: no notes, no activity, no ids or addresses of agents (B30).
func TestCustomersSeeNothingOfTheDesk(t *testing.T) {
	w := newWorld(t, nil)
	w.do(http.MethodPost, "/v1/conversations/{{conversation}}/transfer", `{"department":"{{department2}}","reason":"difficult customer"}`)
	w.do(http.MethodPost, "/v1/conversations/{{conversation}}/messages", `{"client_id":"n","kind":"note","text":"privado también"}`)
	w.do(http.MethodPost, "/v1/tickets/{{ticket}}/actions", `{"client_id":"p","text":"entre nosotros, privado"}`)
	w.do(http.MethodPost, "/v1/tickets/{{ticket}}/actions", `{"client_id":"q","text":"Va otro","public":true}`)
	w.drain()
	for _, path := range []string{"/widget/v1/tickets", "/widget/v1/tickets/form", "/widget/v1/tickets/{{ticket}}?fresh=true", "/widget/v1/messages", "/widget/v1/messages?limit=100&conversation={{conversation}}", "/widget/v1/conversations", "/widget/v1/contact"} {
		res := w.ask(http.MethodGet, w.fill(path, ""), w.own.token, "")
		if res.Code != http.StatusOK {
			t.Errorf("%s: %d %s", path, res.Code, res.Body)
		}
		for _, secret := range []string{"privado", "difficult", "transferred", "@demo.test", "demo-ana", "demo-support", "demo-sales"} {
			if strings.Contains(res.Body.String(), secret) {
				t.Errorf("%s tells %q: %s", path, secret, res.Body)
			}
		}
	}
	res := w.ask(http.MethodGet, "/widget/v1/messages", w.own.token, "")
	for _, part := range []string{`"client_id":"hola"`, `{"kind":"agent","name":"Ana"}`, "Buenos días"} {
		if !strings.Contains(res.Body.String(), part) {
			t.Errorf("the thread lacks %s: %s", part, res.Body)
		}
	}
}

// TestTypingIsLimited holds visitors and agents to how often they tell that they write, each for himself.
func TestTypingIsLimited(t *testing.T) {
	c := newClock()
	w := newWorld(t, func(o *api.Options) { o.Typing = api.NewLimiter(api.Limit{PerMinute: 60, Burst: 2}, c.Now) })
	agents := w.fill("/v1/conversations/{{conversation}}/typing", "")
	for _, who := range []struct{ path, token string }{{agents, staff("ana")}, {agents, staff("otto")}, {"/widget/v1/typing", w.own.token}} {
		for i, want := range []int{http.StatusNoContent, http.StatusNoContent, http.StatusTooManyRequests} {
			res := w.ask(http.MethodPost, who.path, who.token, `{"on":true}`)
			if res.Code != want || want == http.StatusTooManyRequests && res.Header().Get("Retry-After") == "" {
				t.Errorf("%s, time %d: %d %s", who.path, i+1, res.Code, res.Body)
			}
		}
	}
	if res := w.ask(http.MethodGet, "/widget/v1/contact", w.own.token, ""); res.Code != http.StatusOK {
		t.Errorf("what else a visitor asks: %d", res.Code)
	}
	c.advance(time.Second)
	if res := w.ask(http.MethodPost, agents, staff("ana"), `{"on":false}`); res.Code != http.StatusNoContent {
		t.Errorf("a second later: %d", res.Code)
	}
}
