package desk

import (
	"html"
	"strings"
	"time"
)

// transcriptPage is what a transcript shows. It writes itself, for the packages of templates call methods by name, and a
// binary that holds them keeps every method of every type: a third more.
type transcriptPage struct {
	Words   transcriptWords
	Account string
	Number  int64
	Began   string
	Lines   []transcriptLine
}

type transcriptLine struct {
	At, Name, Text string
	Files          []string
	Customer       bool
}

type transcriptWords struct{ Subject, Title, Began, Customer, Deleted string }

var transcriptIn = map[string]transcriptWords{
	"en":    {"Your conversation with", "Conversation", "Began", "Customer", "(deleted)"},
	"es":    {"Tu conversación con", "Conversación", "Comenzó", "Cliente", "(eliminado)"},
	"pt-BR": {"Sua conversa com", "Conversa", "Começou", "Cliente", "(excluída)"},
}

func (m Message) transcriptLine(words transcriptWords, loc *time.Location, c *Conversation) transcriptLine {
	line := transcriptLine{At: m.ID.Time().In(loc).Format("2006-01-02 15:04"), Name: m.Author.Name, Text: strings.TrimSpace(m.Text)}
	if m.Author.Kind == ByCustomer {
		line.Customer = true
		if line.Name = c.ContactName; line.Name == "" {
			line.Name = words.Customer
		}
	}
	if !m.DeletedAt.IsZero() {
		line.Text = words.Deleted
	}
	for _, a := range m.Attachments {
		line.Files = append(line.Files, a.Name)
	}
	return line
}

// text is the page as plain text.
func (p transcriptPage) text() string {
	w := filler{escape: func(s string) string { return s }}
	w.fill("{} {} - {}\n{}: {}\n", p.Words.Title, number(p.Number), p.Account, p.Words.Began, p.Began)
	for _, line := range p.Lines {
		w.fill("\n{}  {}\n{}", line.At, line.Name, line.Text)
		for _, file := range line.Files {
			w.fill("\n[{}]", file)
		}
		w.fill("\n")
	}
	return w.page.String()
}

const (
	transcriptHead = `<!doctype html>
<html><head><meta charset="utf-8"><title>{} {}</title></head>
<body style="font: 14px/20px sans-serif; color: #1d2330; max-width: 640px; margin: 24px auto; padding: 0 16px">
<h1 style="font-size: 20px">{} {} &middot; {}</h1>
<p style="color: #666e7d">{}: {}</p>
`
	transcriptBubble = `<div style="margin: 12px 0; padding: 8px 12px; border-radius: 6px; background: {}">
<div style="color: #666e7d; font-size: 12px">{} &middot; {}</div>
<div style="white-space: pre-wrap; overflow-wrap: anywhere">{}</div>
`
	transcriptFile = `<div style="font-size: 12px">&#128206; {}</div>
`
)

// html is the page as HTML.
func (p transcriptPage) html() string {
	w := filler{escape: escapeHTML}
	w.fill(transcriptHead, p.Words.Title, number(p.Number), p.Words.Title, number(p.Number), p.Account, p.Words.Began, p.Began)
	for _, line := range p.Lines {
		ground := "#e9efff"
		if line.Customer {
			ground = "#f1f3f6"
		}
		w.fill(transcriptBubble, ground, line.Name, line.At, line.Text)
		for _, file := range line.Files {
			w.fill(transcriptFile, file)
		}
		w.fill("</div>\n")
	}
	w.fill("</body></html>\n")
	return w.page.String()
}

// filler fills layouts in: every value is escaped, and what stands in a value is never a place of the layout.
type filler struct {
	page   strings.Builder
	escape func(string) string
}

// fill writes a layout, each {} of it replaced by the next value.
func (f *filler) fill(layout string, values ...string) {
	for _, value := range values {
		before, after, _ := strings.Cut(layout, "{}")
		f.page.WriteString(before)
		f.page.WriteString(f.escape(value))
		layout = after
	}
	f.page.WriteString(layout)
}

// escapeHTML makes a text one of an HTML page, between tags or in a quoted attribute. A NUL is not allowed there.
func escapeHTML(s string) string {
	return strings.ReplaceAll(html.EscapeString(s), "\x00", "\uFFFD")
}
