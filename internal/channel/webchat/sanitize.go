package webchat

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// The cleaning is our own, though libraries do it, because the usual one compiles so much at start that it takes 3 ms of
// every cold start. The tests hold it against that library: whatever comes out, the library lets through as it is.

// plain are the elements that are allowed, without attributes; a link is the only other one.
var plain = map[string]bool{
	"b": true, "strong": true, "i": true, "em": true, "u": true, "s": true, "ul": true, "ol": true, "li": true, "br": true, "p": true, "code": true,
	"pre": true, "blockquote": true,
}

// unseen are the elements whose text no reader sees.
var unseen = map[string]bool{
	"script": true, "style": true, "iframe": true, "noembed": true, "noframes": true, "noscript": true, "object": true, "template": true, "title": true,
}

// sanitize writes the tags that are allowed and the text between tags, escaped, and nothing else: so every < in what it
// gives begins a tag of its own. Tags need not match.
func sanitize(rich string) string {
	var out strings.Builder
	hidden, unlinked := 0, 0 // how many unseen elements, and links that lead nowhere, are open
	for tokens := html.NewTokenizer(strings.NewReader(rich)); tokens.Next() != html.ErrorToken; {
		t := tokens.Token()
		switch {
		case t.Type == html.CommentToken, t.Type == html.DoctypeToken:
		case unseen[t.Data] && (t.Type == html.StartTagToken || t.Type == html.SelfClosingTagToken): // the slash means nothing
			hidden++
		case unseen[t.Data] && t.Type == html.EndTagToken:
			hidden = max(0, hidden-1)
		case hidden > 0:
		case t.Type == html.TextToken:
			out.WriteString(html.EscapeString(t.Data))
		case t.Data == "a" && t.Type == html.EndTagToken && unlinked > 0:
			unlinked--
		case t.Data == "a" && t.Type == html.EndTagToken:
			out.WriteString("</a>")
		case t.Data == "a":
			open := link(t)
			out.WriteString(open)
			if open == "" {
				unlinked++
			}
		case !plain[t.Data]:
		case t.Type == html.EndTagToken:
			out.WriteString("</" + t.Data + ">")
		default:
			out.WriteString("<" + t.Data + ">")
		}
	}
	return out.String()
}

// link writes the tag that begins a link to where it leads; "" if that is no whole address of the web or of a mailbox.
func link(t html.Token) string {
	for _, a := range t.Attr {
		if a.Key != "href" {
			continue
		}
		to, err := url.Parse(strings.TrimSpace(a.Val))
		switch {
		case err != nil || strings.ContainsAny(strings.TrimSpace(a.Val), " \t\r\n"):
			return ""
		case to.Scheme == "mailto":
			return `<a href="` + html.EscapeString(to.String()) + `" rel="nofollow">`
		case (to.Scheme == "http" || to.Scheme == "https") && to.Host != "":
			return `<a href="` + html.EscapeString(to.String()) + `" rel="nofollow noopener" target="_blank">`
		default: // a script, a place on the desk itself, or "http: x", which names no place
			return ""
		}
	}
	return ""
}
