package infra_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// The desk's paths at CloudFront: the doors lead to the APIs uncached, the widget may be framed, the rest is the console,
// which may not.
func TestPagesAtCloudFront(t *testing.T) {
	stack := synthesized(t, prod)
	for _, web := range stack.of("AWS::CloudFront::Distribution") {
		config := at(web, "DistributionConfig")
		var paths []string
		for _, behavior := range list(at(config, "CacheBehaviors")) {
			path := fmt.Sprint(at(behavior, "PathPattern"))
			paths = append(paths, path)
			if pages := path == "/widget*"; pages != (at(behavior, "TargetOriginId") == "pages") {
				t.Errorf("%s leads to %v", path, at(behavior, "TargetOriginId"))
			}
		}
		if got := strings.Join(paths, " "); got != "/v1/* /widget/v1/* /webhooks/* /live /widget*" {
			t.Errorf("paths in the order in which they are tried: %s", got)
		}
		if at(config, "DefaultCacheBehavior", "TargetOriginId") != "pages" {
			t.Error("the rest is not the console")
		}
	}
	for id, want := range map[string]string{"HeadersPages": "frame-ancestors 'none'", "HeadersWidget": "frame-ancestors *"} {
		raw, err := json.Marshal(stack.Resources[id].Properties)
		if err != nil {
			t.Fatal(err)
		}
		if headers := string(raw); !strings.Contains(headers, want) || !strings.Contains(headers, "default-src 'none'; script-src 'self'") ||
			strings.Contains(headers, "unsafe") || strings.Contains(headers, `"DENY"`) != (id == "HeadersPages") {
			t.Errorf("%s: %s", id, headers)
		}
	}
}

// CloudFront answers under a name of one's own with its certificate, and agents are led back to it from the sign-in page.
func TestNameOfOnesOwn(t *testing.T) {
	for name, c := range map[string]struct {
		stack                      func() (template, error)
		aliases, certificate, back string
	}{
		"Named":  {named, "[desk.example.com]", namedCertificate, "[https://desk.example.com/]"},
		"Nobody": {prod, "<nil>", "<nil>", ""},
	} {
		t.Run("OK/"+name, func(t *testing.T) {
			stack := synthesized(t, c.stack)
			for _, web := range stack.of("AWS::CloudFront::Distribution") {
				config := at(web, "DistributionConfig")
				if got := fmt.Sprint(at(config, "Aliases")); got != c.aliases {
					t.Errorf("names %s, want %s", got, c.aliases)
				}
				if got := fmt.Sprint(at(config, "ViewerCertificate", "AcmCertificateArn")); got != c.certificate {
					t.Errorf("certificate %s, want %s", got, c.certificate)
				}
			}
			for _, client := range stack.of("AWS::Cognito::UserPoolClient") {
				if back := fmt.Sprint(client["CallbackURLs"]); c.back != "" && back != c.back {
					t.Errorf("led back to %s, want %s", back, c.back)
				}
			}
		})
	}
}

// What CloudFront runs is run here: requests come in, and go on as they should.
func TestFunctionsAtCloudFront(t *testing.T) {
	stack := synthesized(t, prod)
	for name, c := range map[string]struct{ function, uri, authorization, want string }{
		"Console":       {"AtThePages", "/", "", "/index.html"},
		"ConsolePlace":  {"AtThePages", "/conversations/mine/abc", "", "/index.html"},
		"Settings":      {"AtThePages", "/settings", "", "/index.html"},
		"Asset":         {"AtThePages", "/assets/main-1a.js", "", "/assets/main-1a.js"},
		"Widget":        {"AtThePages", "/widget/", "", "/widget/index.html"},
		"WidgetAsset":   {"AtThePages", "/widget/assets/a.css", "", "/widget/assets/a.css"},
		"Agent":         {"AtTheDoor", "/v1/me", "Bearer a.b.c", "/v1/me"},
		"Bot":           {"AtTheDoor", "/v1/me", "Bearer rlv_x", "/bot/v1/me"},
		"BotInAWebhook": {"AtTheDoor", "/webhooks/whatsapp/a/b", "Bearer rlv_x", "/webhooks/whatsapp/a/b"},
	} {
		t.Run(name, func(t *testing.T) {
			event, err := json.Marshal(map[string]any{"viewer": map[string]string{"ip": "192.0.2.7"},
				"request": map[string]any{"uri": c.uri, "headers": map[string]any{"authorization": map[string]string{"value": c.authorization}}}})
			if err != nil {
				t.Fatal(err)
			}
			code := fmt.Sprint(stack.Resources[c.function].Properties["FunctionCode"])
			got, err := exec.CommandContext(t.Context(), "node", "-e", code+"\nprocess.stdout.write(handler("+string(event)+").uri)").Output()
			if err != nil || string(got) != c.want {
				t.Errorf("%s becomes %q (%v), want %q", c.uri, got, err, c.want)
			}
		})
	}
}
