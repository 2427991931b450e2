package whatsapp

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// markers are WhatsApp's own for what HTML says with an element.
var markers = map[atom.Atom]string{
	atom.B: "*", atom.Strong: "*", atom.I: "_", atom.Em: "_", atom.S: "~", atom.Del: "~", atom.Strike: "~", atom.Code: "`", atom.Pre: "```",
}

// Format writes an agent's rich text the way WhatsApp shows it: *bold*, _italic_, ~strike~, `code`, ```code of many
// lines```, "- " and "1. " for lists, "> " for quotes, and the address behind a link's words. Elements that WhatsApp does
// not know leave their text.
func Format(rich string) string {
	nodes, err := html.ParseFragment(strings.NewReader(rich), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil { // nesting deeper than the parser takes: markup, then, that nobody typed
		return strings.TrimSpace(html.UnescapeString(rich))
	}
	var text strings.Builder
	for _, n := range nodes {
		text.WriteString(render(n, false))
	}
	return strings.TrimSpace(gaps().ReplaceAllString(text.String(), "\n\n"))
}

var (
	gaps   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[ \t]*\n(?:[ \t]*\n)+`) })
	spaces = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[ \t\r\n]+`) })
)

// render writes a node; raw keeps white space as it is.
func render(n *html.Node, raw bool) string {
	switch {
	case n.Type == html.TextNode && raw:
		return n.Data
	case n.Type == html.TextNode:
		return spaces().ReplaceAllString(n.Data, " ")
	case n.Type != html.ElementNode:
		return ""
	}
	switch n.DataAtom {
	case atom.Br:
		return "\n"
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template:
		return ""
	case atom.Ul, atom.Ol:
		return "\n" + list(n) + "\n"
	case atom.Pre:
		return "\n" + wrap(strings.Trim(inside(n, true), "\n"), markers[atom.Pre]) + "\n"
	case atom.Blockquote:
		return "\n" + prefix(strings.TrimSpace(inside(n, raw)), "> ") + "\n"
	case atom.A:
		return link(n, raw)
	case atom.P, atom.Div:
		return "\n" + strings.TrimSpace(inside(n, raw)) + "\n"
	}
	if inPre := n.DataAtom == atom.Code && raw; inPre { // <pre><code>: the outer one marks it
		return inside(n, raw)
	}
	return wrap(inside(n, raw), markers[n.DataAtom])
}

// inside writes the children of a node.
func inside(n *html.Node, raw bool) string {
	var text strings.Builder
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		text.WriteString(render(child, raw))
	}
	return text.String()
}

// list writes one line an item; what lies within an item is indented.
func list(n *html.Node) string {
	var items []string
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if child.DataAtom != atom.Li {
			continue
		}
		bullet := "- "
		if n.DataAtom == atom.Ol {
			bullet = fmt.Sprintf("%d. ", len(items)+1)
		}
		text := gaps().ReplaceAllString(strings.TrimSpace(inside(child, false)), "\n")
		items = append(items, bullet+strings.ReplaceAll(text, "\n", "\n  "))
	}
	return strings.Join(items, "\n")
}

// link writes the words and, where they do not say it, the address.
func link(n *html.Node, raw bool) string {
	text := inside(n, raw)
	for _, a := range n.Attr {
		address := strings.TrimPrefix(a.Val, "mailto:")
		if a.Key != "href" || address == "" || strings.TrimSpace(text) == address {
			continue
		}
		if strings.TrimSpace(text) == "" {
			return address
		}
		return text + " (" + address + ")"
	}
	return text
}

// wrap puts a marker around a text, close to its words, for WhatsApp ignores one beside a space. A marker works within
// one line only, except for ```.
func wrap(text, marker string) string {
	core := strings.TrimSpace(text)
	if marker == "" || core == "" {
		return text
	}
	before, after, _ := strings.Cut(text, core)
	if marker == markers[atom.Pre] || !strings.Contains(core, "\n") {
		return before + marker + core + marker + after
	}
	marked := strings.Split(core, "\n")
	for i, one := range marked {
		marked[i] = wrap(one, marker)
	}
	return before + strings.Join(marked, "\n") + after
}

// prefix begins every line with the text.
func prefix(text, with string) string {
	return with + strings.ReplaceAll(text, "\n", "\n"+with)
}
