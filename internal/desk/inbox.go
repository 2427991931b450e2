package desk

import (
	"net/url"
	"regexp"
	"sync"
	"time"
	"unicode/utf8"
)

// Department is a group of agents; a conversation always lies in one.
type Department struct {
	ID      DepartmentID
	Name    string
	Deleted bool
}

// Validate checks the settings of a department.
func (d Department) Validate() error { return within("name", d.Name, 1, 100) }

// Channel is how customers reach an inbox.
type Channel string

// The channels.
const (
	WebChat  Channel = "webchat"
	WhatsApp Channel = "whatsapp"
)

// TicketPolicy says how conversations of an inbox end in tickets (B59, B72, B83).
type TicketPolicy string

// The policies: required refuses a close without a linked ticket; automatic opens a ticket with every conversation;
// optional leaves it to the agent.
const (
	TicketRequired  TicketPolicy = "required"
	TicketAutomatic TicketPolicy = "automatic"
	TicketOptional  TicketPolicy = "optional"
)

// Inbox is one door for customers, with everything that is set per door.
type Inbox struct {
	ID               InboxID
	Key              string // public; the widget's snippet carries it
	Name             string
	Channel          Channel
	Department       DepartmentID // where its conversations begin
	Language         string
	Greeting         string // automatic answer to the first message (B13); "" for none
	CollectEmail     bool   // two automatic questions for the e-mail (B14)
	PreChatForm      bool   // name and e-mail before chatting (B16, B17)
	AutoDistribution bool   // (B5-B7)
	TicketPolicy     TicketPolicy
	Survey           bool
	Portal           Portal        // what customers do with tickets (B84)
	Bot              BotID         // with a bot, new conversations are pending (B54)
	FirstResponse    time.Duration // target of the first response; 0 for none
	Origins          []string      // sites that may embed the widget; empty: any
	Color            string        // #rrggbb
	Side             Side          // of the page, for the widget's button
	ReplyTime        ReplyTime     // that the widget promises
	Campaign         Campaign      // (B15)
	Identity         bool          // a secret was made with which the site vouches for its visitors
	PhoneNumberID    string        // WhatsApp: the sender id of the Graph API
	Templates        []Template    // WhatsApp: approved message templates
	Deleted          bool
}

// Template is a message approved by the provider, the way past WhatsApp's 24 hours.
type Template struct {
	Name     string
	Language string
	Body     string // with {{1}}, {{2}}, ...
}

// Patterns are read when they are first needed: every function is made of this room, and few of them check settings.
var (
	templateName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9_]+$`) }) // at most 512, counted apart
	hexColor     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^#[0-9a-fA-F]{6}$`) })
	placeholder  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{\{(\d{1,2})\}\}`) })
)

// Validate checks the settings of an inbox.
func (i Inbox) Validate() error {
	if err := within("name", i.Name, 1, 100); err != nil {
		return err
	}
	if i.Channel != WebChat && i.Channel != WhatsApp {
		return InvalidField("channel", "want webchat or whatsapp")
	}
	if i.TicketPolicy != TicketRequired && i.TicketPolicy != TicketAutomatic && i.TicketPolicy != TicketOptional {
		return InvalidField("ticket_policy", "want required, automatic or optional")
	}
	if i.Department == "" {
		return InvalidField("department", "is required")
	}
	if err := within("greeting", i.Greeting, 0, 2000); err != nil {
		return err
	}
	if i.FirstResponse < 0 || i.FirstResponse > 30*24*time.Hour {
		return InvalidField("first_response_seconds", "want 0 to 30 days")
	}
	if i.Color != "" && !hexColor().MatchString(i.Color) {
		return InvalidField("color", "want #rrggbb")
	}
	if err := i.validateAppearance(); err != nil {
		return err
	}
	if err := i.Portal.validate(); err != nil {
		return err
	}
	for _, o := range i.Origins {
		if u, err := url.Parse(o); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.Path != "" {
			return InvalidField("origins", "%q is no origin such as https://shop.example", o)
		}
	}
	for _, t := range i.Templates {
		if err := t.validate(); err != nil {
			return err
		}
	}
	return validLanguage(i.Language)
}

func (t Template) validate() error {
	if !templateName().MatchString(t.Name) || len(t.Name) > 512 {
		return InvalidField("templates.name", "want lower-case letters, digits and underscores")
	}
	if err := within("templates.language", t.Language, 2, 15); err != nil {
		return err
	}
	return within("templates.body", t.Body, 1, 1024)
}

// Label is a word to sort conversations by (B34).
type Label struct {
	ID      LabelID
	Name    string
	Color   string // #rrggbb
	Deleted bool
}

// Validate checks the settings of a label.
func (l Label) Validate() error {
	if l.Color != "" && !hexColor().MatchString(l.Color) {
		return InvalidField("color", "want #rrggbb")
	}
	return within("name", l.Name, 1, 50)
}

// Canned is a reply prepared under a short name (B28).
type Canned struct {
	ID      CannedID
	Short   string
	Text    string
	Deleted bool
}

var shortName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\p{L}\p{N}_-]+$`) })

// Validate checks a canned reply.
func (c Canned) Validate() error {
	if !shortName().MatchString(c.Short) || utf8.RuneCountInString(c.Short) > 40 {
		return InvalidField("short", "want 1 to 40 letters, digits, - or _")
	}
	return within("text", c.Text, 1, 5000)
}

// Bot is a program with an API token of its own, bound to one inbox (B54).
type Bot struct {
	ID        BotID
	Name      string
	Inbox     InboxID
	TokenHash string // SHA-256 of the token, hex; the token itself is shown once
	Deleted   bool
}

// Validate checks a bot.
func (b Bot) Validate() error { return within("name", b.Name, 1, 100) }
