package whatsapp

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/relevo/relevo/internal/desk"
)

// Limits of the Cloud API, in characters.
const (
	MaxText    = 4096 // the body of a text message
	MaxCaption = 1024 // the words beside an image, a video or a document
)

// The body of POST /{phone_number_id}/messages.
type (
	outgoing struct {
		Product       string    `json:"messaging_product"`
		RecipientType string    `json:"recipient_type"`
		To            string    `json:"to,omitempty"`        // a phone number
		Recipient     string    `json:"recipient,omitempty"` // a user id, of someone who shows no number
		Context       *replyTo  `json:"context,omitempty"`
		Type          string    `json:"type"`
		Text          *outText  `json:"text,omitempty"`
		Image         *outMedia `json:"image,omitempty"`
		Video         *outMedia `json:"video,omitempty"`
		Audio         *outMedia `json:"audio,omitempty"`
		Document      *outMedia `json:"document,omitempty"`
		Template      *template `json:"template,omitempty"`
		Key           string    `json:"biz_opaque_callback_data,omitempty"`
	}
	replyTo struct {
		MessageID string `json:"message_id"`
	}
	outText struct {
		PreviewURL bool   `json:"preview_url"`
		Body       string `json:"body"`
	}
	outMedia struct {
		Link     string `json:"link"`
		Caption  string `json:"caption,omitempty"`
		Filename string `json:"filename,omitempty"`
	}
	template struct {
		Name     string `json:"name"`
		Language struct {
			Code string `json:"code"`
		} `json:"language"`
		Components []component `json:"components,omitempty"`
	}
	component struct {
		Type       string      `json:"type"`
		Parameters []parameter `json:"parameters"`
	}
	parameter struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
)

// Send implements [desk.Provider] with POST /{phone_number_id}/messages. One message is one send: a text, a template,
// or one file with the text as its caption.
func (c *Client) Send(ctx context.Context, out desk.Outbound) (string, error) {
	if !plainID(out.Inbox.PhoneNumberID) {
		return "", &desk.Error{Code: desk.Invalid, Message: "the WhatsApp inbox has no phone number id"}
	}
	message, err := compose(out)
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(message)
	if err != nil {
		return "", desk.Wrap(desk.Internal, err, "write a message for WhatsApp")
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	answer, err := c.call(ctx, out.Account, out.Inbox.ID, http.MethodPost, c.base.String()+graphVersion+out.Inbox.PhoneNumberID+"/messages", body)
	if err != nil {
		return "", err
	}
	return sentID(answer)
}

// sentID reads the provider's id of a message that was taken. Without it the send has happened, and nobody knows under
// which name.
func sentID(answer *http.Response) (string, error) {
	var taken struct {
		Messages []struct {
			ID scalar `json:"id"`
		} `json:"messages"`
	}
	raw, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return "", uncertain(err)
	}
	if err := json.Unmarshal(raw, &taken); err != nil {
		return "", uncertain(err)
	}
	if len(taken.Messages) == 0 || !usable(string(taken.Messages[0].ID)) {
		return "", uncertain(errors.New("the answer names no message"))
	}
	return string(taken.Messages[0].ID), nil
}

// compose writes the message as Meta wants it; invalid if WhatsApp has no such message.
func compose(out desk.Outbound) (outgoing, error) {
	message := outgoing{Product: "whatsapp", RecipientType: "individual", Key: out.Key}
	switch {
	case out.To == "":
		return message, desk.InvalidField("to", "the customer has no WhatsApp address")
	case digits(out.To):
		message.To = out.To
	default:
		message.Recipient = out.To
	}
	if out.ReplyTo != "" {
		message.Context = &replyTo{MessageID: out.ReplyTo}
	}
	text := out.Message.Text
	if out.Message.HTML != "" {
		text = Format(out.Message.HTML)
	}
	var err error
	switch {
	case out.Template != nil:
		message.Type = "template"
		message.Template, err = fill(out.Template)
	case len(out.Message.Attachments) > 0 || len(out.AttachmentURLs) > 0:
		err = message.attach(out, text)
	case strings.TrimSpace(text) == "":
		err = desk.InvalidField("text", "there is no text to send")
	case utf8.RuneCountInString(text) > MaxText:
		err = desk.InvalidField("text", "the text is longer than the %d characters that WhatsApp allows", MaxText)
	default:
		message.Type = "text"
		message.Text = &outText{PreviewURL: strings.Contains(text, "https://") || strings.Contains(text, "http://"), Body: text}
	}
	return message, err
}

// fill writes a template with the parameters of its body.
func fill(use *desk.TemplateUse) (*template, error) {
	filled := &template{Name: use.Name}
	filled.Language.Code = use.Language
	if len(use.Parameters) == 0 {
		return filled, nil
	}
	body := component{Type: "body"}
	for _, text := range use.Parameters {
		if strings.TrimSpace(text) == "" || strings.ContainsAny(text, "\n\r\t") || strings.Contains(text, "     ") {
			return nil, desk.InvalidField("template.parameters", "WhatsApp wants text without line ends, tabs or more than four spaces in a row")
		}
		body.Parameters = append(body.Parameters, parameter{Type: "text", Text: text})
	}
	filled.Components = []component{body}
	return filled, nil
}

// inline are the media types that WhatsApp shows as what they are; all others go as documents.
var inline = map[string]string{
	"image/jpeg": "image", "image/png": "image", "video/mp4": "video", "video/3gpp": "video",
	"audio/aac": "audio", "audio/amr": "audio", "audio/mpeg": "audio", "audio/mp4": "audio", "audio/ogg": "audio",
}

// attach adds the one file of the message, with the text as its caption.
func (o *outgoing) attach(out desk.Outbound, text string) error {
	if len(out.Message.Attachments) != 1 || len(out.AttachmentURLs) != 1 {
		return desk.InvalidField("attachments", "WhatsApp takes one file a message")
	}
	file := out.Message.Attachments[0]
	if utf8.RuneCountInString(text) > MaxCaption {
		return desk.InvalidField("text", "the text is longer than the %d characters that WhatsApp allows beside a file", MaxCaption)
	}
	essence, _, _ := strings.Cut(file.Type, ";")
	sent := &outMedia{Link: out.AttachmentURLs[0], Caption: text}
	switch o.Type = inline[strings.ToLower(strings.TrimSpace(essence))]; o.Type {
	case "image":
		o.Image = sent
	case "video":
		o.Video = sent
	case "audio":
		if text != "" {
			return desk.InvalidField("text", "WhatsApp takes no text beside a sound; send it as a message of its own")
		}
		o.Audio = sent
	default:
		o.Type, o.Document = "document", sent
		sent.Filename = file.Name
	}
	return nil
}

// plainID reports whether an id can stand in a path as it is.
func plainID(id string) bool {
	return usable(id) && url.PathEscape(id) == id && strings.Trim(id, ".") != ""
}
