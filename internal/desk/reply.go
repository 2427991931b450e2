package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
)

// windowFor is how long WhatsApp allows free text after the customer's last message.
const windowFor = 24 * time.Hour

// Reply stores what an agent or a bot writes to the customer (B23); fresh is false for a repeat of the same ClientID.
// On WhatsApp free text is refused after 24 hours; then a template goes.
func (d *Desk) Reply(ctx context.Context, who Who, id ConversationID, body Body) (m Message, fresh bool, err error) {
	return d.post(ctx, who, id, body, func(c *Conversation, s *Settings, m *Message) error {
		if err := c.alive("reply"); err != nil {
			return err
		}
		if len(body.Mentions) > 0 {
			return InvalidField("mentions", "only notes mention")
		}
		m.Kind = MessageText
		if c.Channel == WhatsApp {
			if err := d.checkWhatsApp(c, s, body, m); err != nil || body.Template != nil {
				return err
			}
			return d.checkWindow(ctx, d.Store.Account(who.Account), c)
		}
		if body.Template != nil {
			return InvalidField("template", "this channel has no templates")
		}
		return nil
	})
}

// Note stores a private note (B29, B30); those whom it mentions are notified (B31).
func (d *Desk) Note(ctx context.Context, who Who, id ConversationID, body Body) (m Message, fresh bool, err error) {
	return d.post(ctx, who, id, body, func(_ *Conversation, s *Settings, m *Message) error {
		if body.Template != nil {
			return InvalidField("template", "a note is written")
		}
		for _, a := range body.Mentions {
			if _, err := s.agent("mentions", a); err != nil {
				return err
			}
		}
		m.Kind, m.Mentions = NoteKind, body.Mentions
		return nil
	})
}

// post stores what staff write, after the check of its kind.
func (d *Desk) post(ctx context.Context, who Who, id ConversationID, body Body,
	check func(c *Conversation, s *Settings, m *Message) error) (Message, bool, error) {
	if err := who.mayWork(); err != nil {
		return Message{}, false, err
	}
	if body.HTML != "" {
		if d.Rich == nil {
			return Message{}, false, Errorf(Internal, "this function cleans no rich text")
		}
		body.HTML, body.Text = d.Rich(body.HTML)
	}
	if err := body.validate(); err != nil {
		return Message{}, false, err
	}
	books := d.Store.Account(who.Account)
	c, err := books.Conversation(ctx, id)
	if err != nil {
		return Message{}, false, err
	}
	if !who.sees(c) {
		return Message{}, false, notSeen()
	}
	settings, err := books.Settings(ctx)
	if err != nil {
		return Message{}, false, err
	}
	m := Message{
		ID: MessageID(d.newID()), Conversation: id, Inbox: c.Inbox, Author: who.Actor, Content: TextContent, Text: body.Text,
		HTML: body.HTML, ReplyTo: body.ReplyTo, ExternalID: "staff/" + who.Actor.ID + "/" + body.ClientID,
	}
	if err := check(c, settings, &m); err != nil {
		return d.postedBefore(ctx, books, m, err)
	}
	if m.Attachments, err = d.uploaded(ctx, who.Account, who.Actor.ID, body.Attachments); err != nil {
		if Is(err, Invalid) {
			return d.postedBefore(ctx, books, m, err) // whose file may have gone with it
		}
		return Message{}, false, err
	}
	if err := answers(ctx, books, m); err != nil {
		return Message{}, false, err
	}
	stored, fresh, err := d.keep(ctx, books, m)
	if err == nil && !m.sameRequest(stored) {
		return Message{}, false, usedBefore()
	}
	return stored, fresh, err
}

// answers checks that the message that m answers, if it answers one, stands in its conversation.
func answers(ctx context.Context, books Books, m Message) error {
	if m.ReplyTo == "" {
		return nil
	}
	meant, err := books.Message(ctx, m.Conversation, m.ReplyTo)
	if Is(err, NotFound) || err == nil && m.ForCustomer() && !meant.ForCustomer() {
		return InvalidField("reply_to", "no such message in this conversation")
	}
	return err
}

// sameRequest reports whether what is stored under a client id is what the same request stored before.
func (m Message) sameRequest(stored Message) bool {
	return stored.Conversation == m.Conversation && stored.Kind == m.Kind
}

func usedBefore() error {
	return &Error{Code: Conflict, Field: "client_id", Message: "you used this client_id for something else"}
}

// postedBefore answers a repeat as the first time, though the state would refuse the message now.
func (d *Desk) postedBefore(ctx context.Context, books Books, m Message, refusal error) (Message, bool, error) {
	conversation, id, err := books.MessageByIdentity(ctx, m.Inbox, m.ExternalID)
	if err != nil || conversation != m.Conversation {
		return Message{}, false, refusal
	}
	m, err = books.Message(ctx, conversation, id)
	return m, false, err
}

// checkWhatsApp refuses what WhatsApp would: more than one attachment, a text too long, a template that it does not know.
func (d *Desk) checkWhatsApp(c *Conversation, s *Settings, body Body, m *Message) error {
	if len(body.Attachments) > 1 {
		return InvalidField("attachments", "WhatsApp takes one attachment a message")
	}
	if body.Template != nil {
		return useTemplate(s.Inboxes[c.Inbox], *body.Template, m)
	}
	if len([]rune(body.Text)) > 4096 {
		return InvalidField("text", "WhatsApp takes 4,096 characters a message")
	}
	return nil
}

// checkWindow refuses free text that WhatsApp would not take now. It counts from the provider's instants. A conversation
// hears of a message a moment after it is stored, so the newest are looked at before it says no.
func (d *Desk) checkWindow(ctx context.Context, books MessageBook, c *Conversation) error {
	opens := func(at time.Time) bool { return d.now().Before(at.Add(windowFor)) }
	if opens(c.Thread.CustomerAt) {
		return nil
	}
	_, newest, _, err := books.Thread(ctx, c.ID, ThreadQuery{Limit: 10, Fresh: true})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(newest, func(m Message) bool {
		return m.Kind == MessageText && m.Author.Kind == ByCustomer && opens(m.SentAt())
	}) {
		return nil
	}
	return &Error{Code: Conflict, Field: "template", Message: "the customer last wrote more than 24 hours ago: WhatsApp takes only templates now"}
}

// useTemplate fills a template of the inbox into the message.
func useTemplate(inbox Inbox, use TemplateUse, m *Message) error {
	for _, t := range inbox.Templates {
		if t.Name != use.Name || t.Language != use.Language {
			continue
		}
		text, err := t.fill(use.Parameters)
		if err != nil {
			return err
		}
		m.Content, m.Text, m.HTML = TemplateContent, text, ""
		m.Data = map[string]string{"template": use.Name, "language": use.Language, "parameters": strconv.Itoa(len(use.Parameters))}
		for i, p := range use.Parameters {
			m.Data["p"+strconv.Itoa(i+1)] = p
		}
		return nil
	}
	return InvalidField("template.name", "the inbox has no such template in that language")
}

// fill puts the parameters in the places of the body; their number must be right.
func (t Template) fill(parameters []string) (string, error) {
	want := 0
	for _, found := range placeholder().FindAllStringSubmatch(t.Body, -1) {
		n, _ := strconv.Atoi(found[1])
		want = max(want, n)
	}
	if len(parameters) != want {
		return "", InvalidField("template.parameters", "want %d", want)
	}
	for _, p := range parameters {
		if err := within("template.parameters", p, 1, 1000); err != nil {
			return "", err
		}
	}
	return placeholder().ReplaceAllStringFunc(t.Body, func(found string) string {
		n, _ := strconv.Atoi(strings.Trim(found, "{}"))
		if n < 1 || n > len(parameters) {
			return found
		}
		return parameters[n-1]
	}), nil
}

// templateUse reads back what useTemplate stored.
func (m Message) templateUse() *TemplateUse {
	if m.Content != TemplateContent {
		return nil
	}
	use := &TemplateUse{Name: m.Data["template"], Language: m.Data["language"]}
	n, _ := strconv.Atoi(m.Data["parameters"])
	for i := range n {
		use.Parameters = append(use.Parameters, m.Data["p"+strconv.Itoa(i+1)])
	}
	return use
}

// DeleteMessage empties a message (B32): its author may, and operators. What WhatsApp has delivered stays on the phone.
func (d *Desk) DeleteMessage(ctx context.Context, who Who, id ConversationID, message MessageID) error {
	c, m, err := d.messageFor(ctx, who, id, message)
	if err != nil {
		return err
	}
	if m.Kind == ActivityKind {
		return conflictf("an activity line stays")
	}
	if m.Author.ID != who.Actor.ID && !who.Role.WorksAll() {
		return &Error{Code: Forbidden, Message: "only its author or an operator deletes a message"}
	}
	if !m.DeletedAt.IsZero() {
		return nil
	}
	books := d.Store.Account(who.Account)
	if err := books.ChangeMessage(ctx, id, message, MessageChange{Delete: d.now()}); err != nil {
		return settled(err)
	}
	return d.tell(ctx, books, c, who.Actor, "deleted/"+string(message), event(MessageDeleted, "message", string(message)))
}

// RetryMessage sends a failed message again (WhatsApp).
func (d *Desk) RetryMessage(ctx context.Context, who Who, id ConversationID, message MessageID) (Message, error) {
	c, m, err := d.messageFor(ctx, who, id, message)
	if err != nil {
		return Message{}, err
	}
	if m.Delivery.State != Failed {
		return Message{}, conflictf("only a failed message is sent again")
	}
	books := d.Store.Account(who.Account)
	if m.Content != TemplateContent && c.Channel == WhatsApp {
		if err := d.checkWindow(ctx, books, c); err != nil {
			return Message{}, err
		}
	}
	if err := books.ChangeMessage(ctx, id, message, MessageChange{Retry: d.now()}); err != nil {
		return Message{}, err
	}
	m.Delivery, m.ClaimedAt = Delivery{}, time.Time{}
	return m, nil
}

// messageFor reads a message that the caller may work on.
func (d *Desk) messageFor(ctx context.Context, who Who, id ConversationID, message MessageID) (*Conversation, Message, error) {
	if err := who.mayWork(); err != nil {
		return nil, Message{}, err
	}
	books := d.Store.Account(who.Account)
	c, err := books.Conversation(ctx, id)
	if err != nil {
		return nil, Message{}, err
	}
	if !who.sees(c) {
		return nil, Message{}, notSeen()
	}
	m, err := books.Message(ctx, id, message)
	return c, m, err
}

// tell stores an activity line that belongs to no act, once under its name.
func (d *Desk) tell(ctx context.Context, books Books, c *Conversation, by Actor, name string, e Event) error {
	line := e.line(c, by, d.newID())
	line.ExternalID = lineIdentity(c, name)
	_, _, err := books.StoreMessage(ctx, line)
	return err
}

// lineIdentity is under which a line of [Desk.tell] is stored.
func lineIdentity(c *Conversation, name string) string { return "line/" + string(c.ID) + "/" + name }

// say stores an automatic message to the customer, once under its name.
func (d *Desk) say(ctx context.Context, books Books, c *Conversation, name, text string) error {
	_, _, err := books.StoreMessage(ctx, Message{
		ID: MessageID(d.newID()), Conversation: c.ID, Inbox: c.Inbox, Kind: MessageText, Author: System, Content: TextContent,
		Text: text, Automatic: true, ExternalID: "auto/" + string(c.ID) + "/" + name,
	})
	return err
}

// MarkRead moves the desk's mark in the conversation; what the customer wrote up to there is read.
func (d *Desk) MarkRead(ctx context.Context, who Who, id ConversationID, upTo MessageID) error {
	if err := who.mayWork(); err != nil {
		return err
	}
	if err := upTo.validate("up_to"); err != nil {
		return err
	}
	return d.mark(ctx, who.Account, id, func(c *Conversation) (Thread, error) {
		if !who.sees(c) {
			return c.Thread, notSeen()
		}
		return c.Thread.read(min(upTo, PlaceAt(d.now().Add(time.Millisecond)))), nil
	})
}

// MarkUnread puts the customer's newest message back among the unread: for the desk, as what is read is read for all. He
// is not told.
func (d *Desk) MarkUnread(ctx context.Context, who Who, id ConversationID) error {
	if err := who.mayWork(); err != nil {
		return err
	}
	return d.mark(ctx, who.Account, id, func(c *Conversation) (Thread, error) {
		if !who.sees(c) {
			return c.Thread, notSeen()
		}
		if c.Thread.LastCustomer == "" {
			return c.Thread, conflictf("the customer wrote nothing yet")
		}
		return c.Thread.unread(), nil
	})
}

// mark moves a mark of the thread and tells those who look at it.
func (d *Desk) mark(ctx context.Context, account AccountID, id ConversationID, move func(*Conversation) (Thread, error)) error {
	c, moved, err := d.moveThread(ctx, account, id, move)
	if err != nil || !moved {
		return err
	}
	d.announce(ctx, Announcement{
		Account: account, ID: "read/" + string(id) + "/" + strconv.Itoa(c.Thread.Version+1), Kind: AnnounceRead, Conversation: c, By: lineOf(ctx),
	})
	return nil
}

// validate checks the form of a place.
func (id MessageID) validate(field string) error {
	if len(id) != 24 || id.Time().IsZero() {
		return InvalidField(field, "is no message id")
	}
	return nil
}

// Typing tells those who look at the conversation, and the customer, that the caller writes or stopped. Nothing is
// stored.
func (d *Desk) Typing(ctx context.Context, who Who, id ConversationID, on bool) error {
	if err := who.mayWork(); err != nil {
		return err
	}
	c, err := d.Store.Account(who.Account).Conversation(ctx, id)
	if err != nil {
		return err
	}
	if !who.sees(c) {
		return notSeen()
	}
	d.announceTyping(ctx, who.Account, c, Typing{By: who.Actor, On: on})
	return nil
}

func (d *Desk) announceTyping(ctx context.Context, account AccountID, c *Conversation, typing Typing) {
	d.announce(ctx, Announcement{Account: account, ID: d.newID(), Kind: AnnounceTyping, Conversation: c, Typing: &typing})
}

// announce tells live listeners; what fails is logged, for clients re-read what they missed.
func (d *Desk) announce(ctx context.Context, a Announcement) {
	if d.Announce == nil {
		return
	}
	if err := d.Announce(ctx, a); err != nil {
		d.Log.WarnContext(ctx, "announcement failed", "kind", a.Kind, "error", err)
	}
}
