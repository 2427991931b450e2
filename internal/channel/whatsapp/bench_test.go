package whatsapp_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/channel/whatsapp"
)

const secret = "an-app-secret"

// kilobyte is a webhook of about 1 KB, as Meta sends most: one text that answers another.
func kilobyte() []byte { return webhook(1) }

// webhook is a body of so many updates in one change: texts, and a status for every second of them.
func webhook(updates int) []byte {
	var contacts, messages, statuses []string
	for i := range updates {
		from := fmt.Sprintf("57300%07d", i)
		if i%2 == 1 {
			statuses = append(statuses, fmt.Sprintf(`{"id":"wamid.HBgMNTczMDAxMTEyMjMzFQIAERgSQjlE%07d","status":"delivered","timestamp":"1767261600","recipient_id":"%s",`+
				`"biz_opaque_callback_data":"0p2k3j4h5g6f7d8s9a0p2k3j/0p2k3j4h5g6f7d8s9a0p2k3k","conversation":{"id":"7270432eae37498234f4444b35ffc5","origin":{"type":"service"}},`+
				`"pricing":{"billable":true,"pricing_model":"PMP","category":"service"}}`, i, from))
			continue
		}
		contacts = append(contacts, fmt.Sprintf(`{"profile":{"name":"Rosa Nieto"},"wa_id":"%s","user_id":"CO.7001122334455%07d"}`, from, i))
		messages = append(messages, fmt.Sprintf(`{"context":{"from":"576015550100","id":"wamid.HBgMNTczMDAxMTEyMjMzFQIAEhgUM0EwMDAwMDAwMDAwMDAwMDAwMDA="},"from":"%s",`+
			`"from_user_id":"CO.7001122334455%07d","id":"wamid.HBgMNTczMDAxMTEyMjMzFQIAEhgUM0E%07d","timestamp":"1767261600","text":{"body":"%s"},"type":"text"}`,
			from, i, i, strings.Repeat("¿Tienen la chaqueta en talla M? ", 8)))
	}
	return fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{"messaging_product":"whatsapp",`+
		`"metadata":{"display_phone_number":"576015550100","phone_number_id":"%s"},"contacts":[%s],"messages":[%s],"statuses":[%s]},"field":"messages"}]}]}`,
		number, strings.Join(contacts, ","), strings.Join(messages, ","), strings.Join(statuses, ","))
}

// plan is what the webhook does with a body before it touches the queue.
func plan(tb testing.TB, body []byte, header string) int {
	tb.Helper()
	if err := whatsapp.Verify(body, header, []string{secret}); err != nil {
		tb.Fatal(err)
	}
	events, err := whatsapp.Parse(account, inboxID, number, body)
	if err != nil {
		tb.Fatal(err)
	}
	jobs, err := whatsapp.Jobs(events)
	if err != nil {
		tb.Fatal(err)
	}
	return len(jobs)
}

// TestPlanAllocations holds the room to its figure: at most 120 allocations to verify, parse and plan 1 KB.
func TestPlanAllocations(t *testing.T) {
	body := kilobyte()
	if len(body) < 900 || len(body) > 1200 {
		t.Fatalf("the body has %d bytes", len(body))
	}
	header := sign(body, secret)
	if got := testing.AllocsPerRun(100, func() { plan(t, body, header) }); got > 120 {
		t.Errorf("%v allocations, want at most 120", got)
	}
}

func BenchmarkPlan(b *testing.B) {
	for name, updates := range map[string]int{"1KB": 1, "1000updates": 1000} {
		b.Run(name, func(b *testing.B) {
			body := webhook(updates)
			header := sign(body, secret)
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if n := plan(b, body, header); n != updates {
					b.Fatalf("%d jobs", n)
				}
			}
		})
	}
}
