package api_test

import (
	"net/http"
	"testing"
)

// TestAppearance is B15: what is set for the widget reaches it, and the secret of identities stays when an inbox is saved.
func TestAppearance(t *testing.T) {
	w := newWorld(t, nil)
	if made := w.do(http.MethodPost, "/v1/settings/inboxes/{{inbox}}/identity-secret", ""); name(t, made, "secret") == "" {
		t.Fatal("no secret")
	}
	const saved = `{"name":"Web","channel":"webchat","department":"{{department}}","language":"es","ticket_policy":"optional",`
	w.do(http.MethodPut, "/v1/settings/inboxes/{{inbox}}",
		saved+`"side":"start","reply_time":"hours","campaign":{"enabled":true,"message":"¿Te ayudo?","after_seconds":5,"page":"/shoes"}}`)
	inbox := w.do(http.MethodGet, "/v1/settings/inboxes/{{inbox}}", "")
	if at(t, inbox, "identity_secret_set") != true || name(t, inbox, "side") != "start" || at(t, inbox, "campaign", "after_seconds") != 5. {
		t.Errorf("inbox %v", inbox)
	}
	session := func() any {
		t.Helper()
		res := w.ask(http.MethodPost, "/widget/v1/sessions", "", w.fill(`{"inbox":"{{key}}","page":"https://shop.example/shoes"}`, ""))
		return at(t, decoded(t, res), "inbox")
	}
	look := session()
	if name(t, look, "side") != "start" || name(t, look, "reply_time") != "hours" || name(t, look, "campaign", "message") != "¿Te ayudo?" ||
		name(t, look, "campaign", "page") != "/shoes" || at(t, look, "hours", "open") != true {
		t.Errorf("session %v", look)
	}
	w.do(http.MethodPut, "/v1/settings/inboxes/{{inbox}}", saved+`"campaign":{"message":"later"}}`)
	look = session()
	if object, _ := look.(map[string]any); object["campaign"] != nil || name(t, look, "side") != "end" {
		t.Errorf("a campaign that is off is told: %v", look)
	}
	for field, body := range map[string]string{
		"side":                   saved + `"side":"left"}`,
		"reply_time":             saved + `"reply_time":"week"}`,
		"campaign.message":       saved + `"campaign":{"enabled":true}}`,
		"campaign.after_seconds": saved + `"campaign":{"after_seconds":3601}}`,
		"campaign.page":          saved + `"campaign":{"page":"shoes"}}`,
		"identity_secret_set":    saved + `"identity_secret_set":true}`,
	} {
		res := w.ask(http.MethodPut, w.fill("/v1/settings/inboxes/{{inbox}}", ""), staff("ana"), w.fill(body, ""))
		if fault := faultOf(t, res); res.Code != http.StatusBadRequest || fault.Error.Field != field {
			t.Errorf("%s: %d %+v", field, res.Code, fault)
		}
	}
}

// TestIdentityIsProved refuses whom nobody vouches for.
func TestIdentityIsProved(t *testing.T) {
	w := newWorld(t, nil)
	w.do(http.MethodPost, "/v1/settings/inboxes/{{inbox}}/identity-secret", "")
	before := w.state()
	for field, body := range map[string]string{
		"identity.hash":     `{"inbox":"{{key}}","identity":{"user_id":"42","hash":"00"}}`,
		"identity.user_id":  `{"inbox":"{{key}}","identity":{"user_id":"","hash":"00"}}`,
		"identity.surprise": `{"inbox":"{{key}}","identity":{"user_id":"42","hash":"00","surprise":1}}`,
	} {
		res := w.ask(http.MethodPost, "/widget/v1/sessions", "", w.fill(body, ""))
		want := http.StatusBadRequest
		if field == "identity.hash" {
			want = http.StatusForbidden
		}
		if fault := faultOf(t, res); res.Code != want || fault.Error.Field != field {
			t.Errorf("%s: %d %+v", field, res.Code, fault)
		}
	}
	if after := w.state(); after != before {
		t.Error("a refused session changed something")
	}
}
