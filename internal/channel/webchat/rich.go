// Package webchat prepares what is written for the web chat: agents write rich text, and the widget of a stranger's site
// shows it. It exists so that only an allow-list of harmless HTML ever reaches the table, together with the plain text
// that mails, searches and other channels use. The web chat has no provider: its messages are written by the api room.
package webchat

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Rich gives what of an agent's HTML is allowed (b, strong, i, em, u, s, a with http, https or mailto, ul, ol, li, br, p,
// code, pre, blockquote), well-formed, and the plain text derived of it, with line ends, list bullets and the addresses
// of links. Whatever else the HTML held is left out; the text of unknown elements stays, that of scripts and styles does
// not. HTML that holds no text gives two empty strings.
func Rich(rich string) (clean, text string) {
	safe := sanitize(strings.ToValidUTF8(rich, "\uFFFD"))
	nodes, err := html.ParseFragment(strings.NewReader(safe), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	var page, plain strings.Builder
	for _, n := range nodes {
		plain.WriteString(render(n, false))
		err = errors.Join(err, html.Render(&page, n))
	}
	if err != nil { // nested deeper than the parser takes; markup that nobody typed
		text = strings.TrimSpace(html.UnescapeString(tags().ReplaceAllString(safe, "")))
		return html.EscapeString(text), text
	}
	if text = strings.TrimSpace(gaps().ReplaceAllString(plain.String(), "\n\n")); text == "" {
		return "", ""
	}
	return strings.TrimSpace(page.String()), text
}

var (
	gaps   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[ \t]*\n(?:[ \t]*\n)+`) })
	spaces = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[ \t\r\n]+`) })
	tags   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`<[^>]*>`) }) // of what sanitize wrote, where each < begins one
)

// render writes a node; raw keeps white space as it is.
func render(n *html.Node, raw bool) string {
	if n.Type == html.TextNode {
		if raw {
			return n.Data
		}
		return spaces().ReplaceAllString(n.Data, " ")
	}
	switch n.DataAtom {
	case atom.Br:
		return "\n"
	case atom.Ul, atom.Ol:
		return "\n" + list(n) + "\n"
	case atom.Pre:
		return "\n" + inside(n, true) + "\n"
	case atom.P, atom.Blockquote:
		return "\n" + strings.TrimSpace(inside(n, raw)) + "\n"
	case atom.A:
		return linked(n, raw)
	default:
		return inside(n, raw)
	}
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

// linked writes the words and, where they do not say it, the address.
func linked(n *html.Node, raw bool) string {
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
