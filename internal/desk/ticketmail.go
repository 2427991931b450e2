package desk

import (
	"context"
	"html"
	"strings"
)

// ticketWords are those of a mail about a ticket, by the account's language.
type ticketWords struct{ Ticket, Files string }

var ticketIn = map[string]ticketWords{
	"en":    {"Ticket", "Attachments"},
	"es":    {"Ticket", "Adjuntos"},
	"pt-BR": {"Ticket", "Anexos"},
}

// mailAction e-mails a public action to one address. The mail is claimed before it is sent, see [Desk.mailOnce], and marked
// on the action after. An address that no mail may go to is marked as such.
func (d *Desk) mailAction(ctx context.Context, job TranscriptJob) error {
	books := d.Store.Account(job.Account)
	t, err := books.Ticket(ctx, job.Ticket)
	if err != nil {
		return settled(err)
	}
	a, err := d.actionNow(ctx, books, t, job.Action)
	if err != nil {
		return settled(err)
	}
	if a.MovedFrom == 0 && (t.Type != PublicTicket || !a.leaves()) { // it became internal meanwhile
		return nil
	}
	if err := d.mayMail(ctx, job.Account, job.To); err != nil {
		if !Is(err, Invalid) {
			return err
		}
		return settled(books.MarkAction(ctx, a.Ticket, a.ID, Effect{EffectNoMail, job.To}))
	}
	name := job.Action + "/" + job.To
	err = d.mailOnce(ctx, books, name, func() (Mail, error) { return d.actionMail(ctx, books, t, a, job) })
	if undeliverable(err) {
		return settled(books.MarkAction(ctx, a.Ticket, a.ID, Effect{EffectNoMail, job.To}))
	}
	if err != nil {
		return err
	}
	return settled(books.MarkAction(ctx, a.Ticket, a.ID, Effect{EffectMail, job.To}))
}

// actionNow reads an action where it is by now: a merge takes it along to the heir. Codes: not_found (its ticket, or the
// heir, is gone), unavailable: the ticket stands and the action is on its way, for relay moves actions after a merge and
// after one that was taken back.
func (d *Desk) actionNow(ctx context.Context, books Books, t Ticket, id string) (TicketAction, error) {
	for {
		a, err := books.Action(ctx, t.Number, id)
		if !Is(err, NotFound) {
			return a, err
		}
		if t.MergedInto == 0 {
			return a, Errorf(Unavailable, "action %s is on its way to the ticket that it belongs to", id)
		}
		if t, err = books.Ticket(ctx, t.MergedInto); err != nil {
			return a, err
		}
	}
}

// actionMail writes the mail of an action: subject, author's name, text and the names of the attachments.
func (d *Desk) actionMail(ctx context.Context, books Books, t Ticket, a TicketAction, job TranscriptJob) (Mail, error) {
	settings, err := books.Settings(ctx)
	if err != nil {
		return Mail{}, err
	}
	shown, words := settings.Tickets.Shown(t), ticketIn[settings.Account.Language]
	if words.Ticket == "" {
		words = ticketIn["en"]
	}
	subject := strings.TrimSpace(words.Ticket + " #" + number(t.Number) + " " + firstLine(shown.Subject, 200))
	text := strings.TrimSpace(a.Author.Name+":\n\n"+a.Text) + "\n"
	if len(a.Attachments) > 0 {
		text += "\n" + words.Files + ":\n"
		for _, file := range a.Attachments {
			text += "- " + file.Name + "\n"
		}
	}
	return Mail{
		Account: job.Account, ID: derivedID(string(job.Account), "action", a.ID, job.To), FromName: settings.Account.Name, To: job.To,
		Subject: subject, Text: text, HTML: actionPage(a, words),
	}, nil
}

// actionPage is the mail of an action that was written as rich text, which came through the allow-list; "" of any other.
func actionPage(a TicketAction, words ticketWords) string {
	if a.HTML == "" {
		return ""
	}
	page := "<p>" + html.EscapeString(a.Author.Name) + ":</p>\n" + a.HTML + "\n"
	if len(a.Attachments) > 0 {
		page += "<p>" + words.Files + ":</p>\n<ul>\n"
		for _, file := range a.Attachments {
			page += "<li>" + html.EscapeString(file.Name) + "</li>\n"
		}
		page += "</ul>\n"
	}
	return page
}
