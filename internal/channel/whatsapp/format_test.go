package whatsapp_test

import (
	"strings"
	"testing"

	"github.com/relevo/relevo/internal/channel/whatsapp"
)

func TestFormat(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"OK":         {"<p>Hola <b>Rosa</b>, <i>buenas</i> <s>tardes</s> <u>noches</u></p>", "Hola *Rosa*, _buenas_ ~tardes~ noches"},
		"Nested":     {"<strong><em>muy</em> bien</strong>", "*_muy_ bien*"},
		"Space":      {"<b> hola </b>mundo", "*hola* mundo"},
		"Lines":      {"<b>uno<br>dos</b>", "*uno*\n*dos*"},
		"Paragraphs": {"<p>uno</p><p>dos</p>", "uno\n\ndos"},
		"Code":       {"<code>a &lt; b</code>", "`a < b`"},
		"Pre":        {"<pre><code>a\n  b\n</code></pre>", "```a\n  b```"},
		"Quote":      {"<blockquote>uno<br>dos</blockquote>tres", "> uno\n> dos\ntres"},
		"List":       {"<ul><li>uno</li><li>dos<ol><li>x</li></ol></li></ul>", "- uno\n- dos\n  1. x"},
		"Link":       {`<a href="https://a.example">aquí</a> y <a href="https://b.example">https://b.example</a>`, "aquí (https://a.example) y https://b.example"},
		"Mail":       {`<a href="mailto:a@b.example">a@b.example</a>`, "a@b.example"},
		"Empty":      {"<b> </b>", ""},
		"Script":     {"hola<script>x</script>", "hola"},
		"Plain":      {"sin *nada*", "sin *nada*"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := whatsapp.Format(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	t.Run("Deep", func(t *testing.T) {
		if got := whatsapp.Format(strings.Repeat("<b>", 5000) + "hola"); !strings.Contains(got, "hola") {
			t.Errorf("the text is gone: %q", got)
		}
	})
}
