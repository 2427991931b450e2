package desk

import (
	"context"
	"net/mail"
	"strings"
)

// answer lets the desk answer by itself: the greeting to the first message (B13), and the questions that collect the
// e-mail address (B14). Every automatic message has a name and is stored once.
func (d *Desk) answer(ctx context.Context, account AccountID, c *Conversation, m Message) error {
	books := d.Store.Account(account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	inbox, err := settings.inbox(c.Inbox)
	if err != nil {
		return err
	}
	if m.ID == c.Thread.FirstCustomer && inbox.Greeting != "" {
		if err := d.say(ctx, books, c, "greeting", inbox.Greeting); err != nil {
			return err
		}
	}
	if !inbox.CollectEmail || inbox.PreChatForm || m.ID <= c.EmailAt || c.EmailStep == EmailDone {
		return nil
	}
	return d.collectEmail(ctx, account, c, inbox, m)
}

// collectEmail goes one step: ask, take the answer, or ask once more and then let be.
func (d *Desk) collectEmail(ctx context.Context, account AccountID, c *Conversation, inbox Inbox, m Message) error {
	books := d.Store.Account(account)
	words := collectWords[inbox.Language]
	address, found := addressIn(m.Text)
	switch {
	case c.EmailStep == EmailNotAsked && c.ContactEmail != "":
		return d.emailStep(ctx, account, c.ID, m, EmailDone)
	case found:
		if err := d.captureEmail(ctx, account, c.Contact, address); err != nil {
			return err
		}
		if err := d.say(ctx, books, c, "email-thanks", strings.ReplaceAll(words.thanks, "{email}", address)); err != nil {
			return err
		}
		if err := d.tell(ctx, books, c, Actor{Kind: ByCustomer, ID: string(c.Contact), Name: c.ContactName}, "email", event(ContactCaptured, "email", address)); err != nil {
			return err
		}
		return d.emailStep(ctx, account, c.ID, m, EmailDone)
	case c.EmailStep == EmailNotAsked:
		if err := d.say(ctx, books, c, "email-ask", words.ask); err != nil {
			return err
		}
		return d.emailStep(ctx, account, c.ID, m, EmailAsked)
	case c.EmailStep == EmailAsked:
		if err := d.say(ctx, books, c, "email-again", words.again); err != nil {
			return err
		}
		return d.emailStep(ctx, account, c.ID, m, EmailAgain)
	default:
		return d.emailStep(ctx, account, c.ID, m, EmailDone)
	}
}

// emailStep saves how far the questions came; the message makes a repeat harmless.
func (d *Desk) emailStep(ctx context.Context, account AccountID, id ConversationID, m Message, step EmailStep) error {
	return d.update(ctx, account, id, func(c *Conversation) bool {
		if m.ID <= c.EmailAt {
			return false
		}
		c.EmailStep, c.EmailAt = step, m.ID
		return true
	})
}

// update changes fields of a conversation that make no activity line; change reports whether there is anything to
// save.
func (d *Desk) update(ctx context.Context, account AccountID, id ConversationID, change func(*Conversation) bool) error {
	books := d.Store.Account(account)
	return retry(func() error {
		was, err := books.Conversation(ctx, id)
		if err != nil {
			return err
		}
		now := was.clone()
		if !change(now) {
			return nil
		}
		return books.Save(ctx, Change{Was: was, Now: now})
	})
}

// captureEmail stores the address on the contact and shows it beside the name in his receiving conversations (B20).
func (d *Desk) captureEmail(ctx context.Context, account AccountID, id ContactID, address string) error {
	return d.changeContact(ctx, account, id, func(c *Contact) error {
		c.Email = address
		return nil
	})
}

// addressIn finds an e-mail address in a customer's answer.
func addressIn(text string) (string, bool) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;()<>\"'", r) }) {
		word = strings.TrimRight(word, ".!?:")
		if !strings.Contains(word, "@") {
			continue
		}
		if _, err := mail.ParseAddress(word); err != nil {
			continue
		}
		if address, err := EmailAddress("email", word); err == nil {
			return address, true
		}
	}
	return "", false
}

// collectWords are the questions that collect the e-mail address, by language.
var collectWords = map[string]struct{ ask, thanks, again string }{
	"en": {
		ask:    "In case we get cut off: what is your e-mail address?",
		thanks: "Thank you. We will write to {email} if you leave this page.",
		again:  "That does not look like an e-mail address. Could you write it once more? For example name@example.com",
	},
	"es": {
		ask:    "Por si se corta la conversación: ¿cuál es tu correo electrónico?",
		thanks: "Gracias. Te escribiremos a {email} si sales de esta página.",
		again:  "Eso no parece un correo electrónico. ¿Puedes escribirlo otra vez? Por ejemplo nombre@ejemplo.com",
	},
	"pt-BR": {
		ask:    "Caso a conversa caia: qual é o seu e-mail?",
		thanks: "Obrigado. Escreveremos para {email} se você sair desta página.",
		again:  "Isso não parece um e-mail. Pode escrever de novo? Por exemplo nome@exemplo.com",
	},
}

// automaticSubject is the subject of a ticket that the desk opens by itself.
func automaticSubject(language string, n int64) string {
	words := map[string]string{"en": "Conversation ", "es": "Conversación ", "pt-BR": "Conversa "}
	return words[language] + number(n)
}
