package webchat_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/relevo/relevo/internal/channel/webchat"
)

func TestRich(t *testing.T) {
	for name, c := range map[string]struct{ in, clean, text string }{
		"OK":                {"<p>Hola <b>Rosa</b>,<br>¿qué <em>tal</em>?</p>", "<p>Hola <b>Rosa</b>,<br/>¿qué <em>tal</em>?</p>", "Hola Rosa,\n¿qué tal?"},
		"Lists":             {"<ul><li>uno</li><li>dos</li></ul><ol><li>a</li><li>b</li></ol>", "<ul><li>uno</li><li>dos</li></ul><ol><li>a</li><li>b</li></ol>", "- uno\n- dos\n\n1. a\n2. b"},
		"NestedList":        {"<ul><li>uno<ul><li>dos</li></ul></li></ul>", "<ul><li>uno<ul><li>dos</li></ul></li></ul>", "- uno\n  - dos"},
		"Paragraphs":        {"<p>uno</p><p>dos</p>", "<p>uno</p><p>dos</p>", "uno\n\ndos"},
		"Code":              {"<pre><code>a\n  b</code></pre>", "<pre><code>a\n  b</code></pre>", "a\n  b"},
		"Quote":             {"<blockquote>antes</blockquote>ahora", "<blockquote>antes</blockquote>ahora", "antes\nahora"},
		"Link":              {`<a href="https://relevo.example/x">aquí</a>`, `<a href="https://relevo.example/x" rel="nofollow noopener" target="_blank">aquí</a>`, "aquí (https://relevo.example/x)"},
		"LinkBare":          {`<a href="https://relevo.example">https://relevo.example</a>`, `<a href="https://relevo.example" rel="nofollow noopener" target="_blank">https://relevo.example</a>`, "https://relevo.example"},
		"LinkMail":          {`<a href="mailto:rosa@shop.example">rosa@shop.example</a>`, `<a href="mailto:rosa@shop.example" rel="nofollow">rosa@shop.example</a>`, "rosa@shop.example"},
		"Escaped":           {"1 &lt; 2 &amp; 3", "1 &lt; 2 &amp; 3", "1 < 2 & 3"},
		"UnknownElements":   {`<div class="x"><h1>Título</h1><span>y más</span></div>`, "Títuloy más", "Títuloy más"},
		"ErrScript":         {`hola<script>alert(1)</script><style>b{}</style>`, "hola", "hola"},
		"ErrHandler":        {`<b onclick="alert(1)" style="x">hola</b>`, "<b>hola</b>", "hola"},
		"ErrScheme":         {`<a href="javascript:alert(1)">hola</a>`, "hola", "hola"},
		"ErrSchemeHidden":   {"<a href=\" java\nscript:alert(1)\">hola</a>", "hola", "hola"},
		"ErrNoHost":         {"<A href=HTTP: 000/>hola</A>", "hola", "hola"},
		"LinkSelfClosed":    {`<a href="https://a.example"/>hola</a>`, `<a href="https://a.example" rel="nofollow noopener" target="_blank">hola</a>`, "hola (https://a.example)"},
		"ErrHidden":         {"a<iframe>b</iframe><noscript>c</noscript><object>d<p>e</p></object>f", "af", "af"},
		"ErrTwoLinks":       {`<a href="https://a.example">x<a href="javascript:1">y</a>z</a>`, `<a href="https://a.example" rel="nofollow noopener" target="_blank">xyz</a>`, "xyz (https://a.example)"},
		"ErrAmpersand":      {`<a href="https://a.example/?a=1&amp;b=%22">x</a>`, `<a href="https://a.example/?a=1&amp;b=%22" rel="nofollow noopener" target="_blank">x</a>`, "x (https://a.example/?a=1&b=%22)"},
		"ErrComment":        {"a<!-- <b>b</b> --><!DOCTYPE html><?php x ?>c", "ac", "ac"},
		"ErrCommentOfALink": {`<!--a--><a href="https://a.example">x</a>y`, `<a href="https://a.example" rel="nofollow noopener" target="_blank">x</a>y`, "x (https://a.example)y"},
		"ErrSlash":          {"a<script/>b</script>c", "ac", "ac"},
		"ErrRawText":        {"<textarea><b>a</b></textarea><xmp><i>b</i></xmp>", "&lt;b&gt;a&lt;/b&gt;&lt;i&gt;b&lt;/i&gt;", "<b>a</b><i>b</i>"},
		"ErrDeep":           {strings.Repeat("<blockquote>", 600) + "hola", "hola", "hola"},
		"ErrRelative":       {`<a href="/admin">hola</a>`, "hola", "hola"},
		"ErrImage":          {`<img src=x onerror=alert(1)>hola`, "hola", "hola"},
		"Empty":             {"<p> <br></p>", "", ""},
		"BadUTF8":           {"hola\xff", "hola\uFFFD", "hola\uFFFD"},
	} {
		t.Run(name, func(t *testing.T) {
			clean, text := webchat.Rich(c.in)
			if clean != c.clean || text != c.text {
				t.Errorf("Rich(%q)\n got %q, %q\nwant %q, %q", c.in, clean, text, c.clean, c.text)
			}
			if again, same := webchat.Rich(clean); again != clean || same != text {
				t.Errorf("a second pass changes %q to %q, %q", clean, again, same)
			}
		})
	}
}

var (
	tag     = regexp.MustCompile(`</?[a-zA-Z][^>]*>`)
	allowed = regexp.MustCompile(`^</?(b|strong|i|em|u|s|ul|ol|li|br|p|code|pre|blockquote)/?>$|^</a>$|^<a href="(https?|mailto):[^"<>]*" rel="nofollow( noopener)?"( target="_blank")?>$`)
)

// library is what many trust with such HTML. It must find nothing to change in ours.
var library = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("b", "strong", "i", "em", "u", "s", "ul", "ol", "li", "br", "p", "code", "pre", "blockquote")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("mailto")
	for _, scheme := range []string{"http", "https"} {
		p.AllowURLSchemeWithCustomPolicy(scheme, func(u *url.URL) bool { return u.Host != "" })
	}
	p.AllowRelativeURLs(false)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}()

// rewritten parses HTML and writes it anew, so that two ways of writing the same are alike.
func rewritten(t *testing.T, page string) string {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(page), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, n := range nodes {
		if err := html.Render(&out, n); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func FuzzRich(f *testing.F) {
	for _, seed := range []string{
		"<p>Hola <b>Rosa</b></p>", `<a href="javascript:alert(1)">x</a>`, `<a href="https://a.example" onclick=x>y</a>`, "<scr<script>ipt>alert(1)</script>",
		"<svg><style><img src=x onerror=alert(1)></style></svg>", "&lt;script&gt;", "<ul><li>a", "\xff<b", `<a href="HTTPS://A.EXAMPLE">x</a>`, "<!--><script>-->",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		clean, text := webchat.Rich(in)
		for _, one := range tag.FindAllString(clean, -1) {
			if !allowed.MatchString(one) {
				t.Fatalf("Rich(%q) leaves %q", in, one)
			}
		}
		if (clean == "") != (text == "") {
			t.Fatalf("Rich(%q) gives %q and %q", in, clean, text)
		}
		if trusted := rewritten(t, library.Sanitize(clean)); trusted != rewritten(t, clean) {
			t.Fatalf("Rich(%q) gives %q, of which bluemonday leaves %q", in, clean, trusted)
		}
		if strings.ToValidUTF8(clean, "") != clean {
			t.Fatalf("Rich(%q) is no UTF-8", in)
		}
	})
}
