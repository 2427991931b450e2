package whatsapp

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/relevo/relevo/internal/desk"
)

// Limits of what is kept beside the text, in bytes, so that an event always fits a queue.
const (
	maxName = 100     // a name, in characters
	maxFact = 4 << 10 // one entry of Data
)

// facts is the Data of a content; it is made when the first fact is put.
type facts map[string]string

// put keeps a fact that is not empty.
func (f *facts) put(name, text string) {
	if text == "" {
		return
	}
	if *f == nil {
		*f = facts{}
	}
	(*f)[name] = clean(text, maxFact)
}

// yes keeps a fact that is true.
func (f *facts) yes(name string, is flag) {
	if is {
		f.put(name, "true")
	}
}

// content reads what a message holds. A type without what belongs to it is unsupported.
func (m *message) content() desk.ChannelContent {
	c := desk.ChannelContent{Content: desk.UnsupportedContent}
	var data facts
	if m.Context != nil {
		m.Context.read(&c, &data)
	}
	if m.Referral != nil {
		m.Referral.read(&data)
	}
	data.put("group_id", string(m.GroupID))
	if !m.special(&c, &data) && !m.attached(&c, &data) {
		c.Content = desk.UnsupportedContent
		data.put("type", string(m.Type))
		if m.Unsupported != nil {
			data.put("unsupported_type", string(m.Unsupported.Type))
		}
		if len(m.Errors) > 0 {
			data.put("error_code", string(m.Errors[0].Code))
			data.put("error", m.Errors[0].words())
		}
	}
	c.Text, c.Data = clean(c.Text, desk.MaxText), data
	if !usable(c.ReplyTo) {
		c.ReplyTo = ""
	}
	return c
}

// special reads the types that are told in words; false if the message is of another, or has nothing of it.
func (m *message) special(c *desk.ChannelContent, data *facts) bool {
	switch {
	case m.Type == "text" && m.Text != nil && m.Text.Body != "":
		c.Content, c.Text = desk.TextContent, m.Text.Body
	case m.Type == "location" && m.Location != nil && m.Location.Latitude != "" && m.Location.Longitude != "":
		m.Location.read(c, data)
	case m.Type == "contacts" && len(m.Contacts) > 0:
		readCards(m.Contacts, c, data)
	case m.Type == "reaction" && m.Reaction != nil && m.Reaction.MessageID != "":
		c.Content, c.Text, c.ReplyTo = desk.ReactionContent, m.Reaction.Emoji, string(m.Reaction.MessageID)
		data.put("emoji", m.Reaction.Emoji)
		data.yes("removed", m.Reaction.Emoji == "")
	case m.Type == "button" && m.Button != nil:
		c.Content, c.Text = desk.ButtonContent, first(m.Button.Text, m.Button.Payload)
		data.put("payload", m.Button.Payload)
	case m.Type == "interactive" && m.Interactive != nil:
		return m.Interactive.read(c, data)
	case m.Type == "order" && m.Order != nil:
		m.Order.read(c, data)
	case m.Type == "system" && m.System != nil:
		c.Content, c.Text = desk.SystemContent, m.System.Body
		data.put("type", string(m.System.Type))
	case m.Type == "request_welcome":
		c.Content = desk.SystemContent
		data.put("type", string(m.Type))
	default:
		return false
	}
	return true
}

// attached reads the types that are a file; false if the message is of another, or the file has no id to fetch it by.
// Its caption is kept even then.
func (m *message) attached(c *desk.ChannelContent, data *facts) bool {
	var file *media
	switch m.Type {
	case "image":
		c.Content, file = desk.ImageContent, m.Image
	case "video":
		c.Content, file = desk.VideoContent, m.Video
	case "audio":
		c.Content, file = desk.AudioContent, m.Audio
	case "voice":
		c.Content, file = desk.AudioContent, m.Voice
	case "document":
		c.Content, file = desk.DocumentContent, m.Document
	case "sticker":
		c.Content, file = desk.StickerContent, m.Sticker
	}
	if file == nil {
		return false
	}
	c.Text = file.Caption
	if !usable(string(file.ID)) {
		return false
	}
	data.yes("voice", file.Voice || m.Type == "voice")
	data.yes("animated", file.Animated)
	mediaType := line(file.MimeType, maxName)
	c.Attachments = []desk.Attachment{{ProviderID: string(file.ID), Type: mediaType, Name: file.name(string(c.Content), mediaType)}}
	return true
}

// extensions are those of the media types that WhatsApp sends.
var extensions = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "video/mp4": ".mp4", "video/3gpp": ".3gp", "audio/ogg": ".ogg",
	"audio/aac": ".aac", "audio/amr": ".amr", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "application/pdf": ".pdf", "text/plain": ".txt",
}

// name is what the file is called: without folders, and made up for those that have none.
func (f *media) name(content, mediaType string) string {
	name := line(path.Base("/"+strings.ReplaceAll(f.Filename, `\`, "/")), maxName)
	if strings.Trim(name, "./ ") != "" {
		return name
	}
	essence, _, _ := strings.Cut(mediaType, ";")
	return content + extensions[strings.TrimSpace(essence)]
}

func (r *reference) read(c *desk.ChannelContent, data *facts) {
	c.ReplyTo = string(r.ID)
	data.yes("forwarded", r.Forwarded || r.FrequentlyForwarded)
	data.yes("frequently_forwarded", r.FrequentlyForwarded)
	if r.ReferredProduct != nil {
		data.put("catalog_id", string(r.ReferredProduct.CatalogID))
		data.put("product_id", string(r.ReferredProduct.ProductID))
	}
}

func (r *referral) read(data *facts) {
	data.put("referral_url", r.SourceURL)
	data.put("referral_id", string(r.SourceID))
	data.put("referral_type", r.SourceType)
	data.put("referral_headline", r.Headline)
	data.put("referral_body", r.Body)
	data.put("referral_click_id", string(r.ClickID))
}

func (l *location) read(c *desk.ChannelContent, data *facts) {
	c.Content = desk.LocationContent
	c.Text = lines(l.Name, l.Address, string(l.Latitude)+", "+string(l.Longitude))
	data.put("latitude", string(l.Latitude))
	data.put("longitude", string(l.Longitude))
	data.put("name", l.Name)
	data.put("address", l.Address)
	data.put("url", l.URL)
}

// readCards writes one line a contact: name, company, numbers, addresses.
func readCards(cards []card, c *desk.ChannelContent, data *facts) {
	c.Content = desk.ContactsContent
	var text strings.Builder
	for _, one := range cards {
		if text.Len() > desk.MaxText {
			break
		}
		parts := []string{first(one.Name.Formatted, strings.TrimSpace(one.Name.First+" "+one.Name.Last), one.Org.Company)}
		for _, p := range one.Phones {
			parts = append(parts, first(string(p.Phone), string(p.WaID)))
		}
		for _, e := range one.Emails {
			parts = append(parts, e.Email)
		}
		parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
		if text.Len() > 0 {
			text.WriteByte('\n')
		}
		text.WriteString(strings.Join(parts, ", "))
	}
	c.Text = text.String()
	data.put("contacts", fmt.Sprint(len(cards)))
}

// read takes the choice that a customer made, or the form that he filled in; false if there is neither.
func (i *interactive) read(c *desk.ChannelContent, data *facts) bool {
	made := i.ButtonReply
	if made == nil {
		made = i.ListReply
	}
	switch {
	case made != nil:
		c.Text = lines(first(made.Title, string(made.ID)), made.Description)
		data.put("id", string(made.ID))
	case i.FormReply != nil:
		c.Text = lines(i.FormReply.Body, answers(i.FormReply.ResponseJSON))
		data.put("name", i.FormReply.Name)
		data.put("response", i.FormReply.ResponseJSON)
	case i.CallPermission != nil:
		c.Text = string(i.CallPermission.Response)
	default:
		return false
	}
	c.Content = desk.InteractiveContent
	data.put("type", string(i.Type))
	return true
}

// answers writes one line a field of a filled-in form, in the order of their names.
func answers(response string) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(response), &fields) != nil {
		return "" // it stays in Data as it came
	}
	delete(fields, "flow_token") // ours, not the customer's
	written := make([]string, 0, len(fields))
	for name, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		written = append(written, name+": "+text)
	}
	slices.Sort(written)
	return strings.Join(written, "\n")
}

// read writes the customer's words, then one line an item.
func (o *order) read(c *desk.ChannelContent, data *facts) {
	c.Content = desk.OrderContent
	var text strings.Builder
	text.WriteString(o.Text)
	for _, item := range o.Items {
		if text.Len() > desk.MaxText {
			break
		}
		if text.Len() > 0 {
			text.WriteByte('\n')
		}
		fmt.Fprintf(&text, "%s × %s", item.Quantity, item.ProductID)
		if item.Price != "" {
			fmt.Fprintf(&text, " (%s %s)", item.Price, item.Currency)
		}
	}
	c.Text = text.String()
	data.put("catalog_id", string(o.CatalogID))
	data.put("items", fmt.Sprint(len(o.Items)))
}

// words makes one sentence for the agent of Meta's title, details and code.
func (f metaFail) words() string {
	said := first(f.Title, f.Message)
	if details := f.ErrorData.Details; details != "" && details != said {
		if said != "" {
			said += ": "
		}
		said += details
	}
	if f.Code != "" {
		said = strings.TrimSpace(said + " (" + string(f.Code) + ")")
	}
	return line(said, 500)
}

// lines joins the texts that are not empty, each on a line of its own.
func lines(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), "\n")
}

// line is a text on one line, of at most so many characters.
func line(text string, most int) string {
	text = strings.Join(strings.Fields(clean(text, most*utf8.UTFMax)), " ")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}

// clean drops control characters but line ends and tabs, and cuts after at most so many bytes, between characters.
func clean(text string, most int) string {
	if len(text) > most {
		text = text[:most]
		for len(text) > 0 {
			if r, size := utf8.DecodeLastRuneInString(text); r != utf8.RuneError || size != 1 {
				break
			}
			text = text[:len(text)-1]
		}
	}
	if strings.IndexFunc(text, dirty) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		if dirty(r) {
			return -1
		}
		return r
	}, text)
}

// dirty reports characters that no customer typed.
func dirty(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
