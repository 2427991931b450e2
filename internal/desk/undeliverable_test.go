package desk_test

import (
	"testing"

	"github.com/relevo/relevo/internal/desk"
)

// TestUndeliverable: what the mailer takes for no address (a rule of SES knows more of them than the desk's) is settled: an
// action says so (B111), and nothing is tried again.
func TestUndeliverable(t *testing.T) {
	const odd = "odd address@example.com"
	w := newWorld(t)
	w.portal("shop", bothWays)
	v := w.visitor("shop")
	c := w.writes(v, "Hola").Conversation
	ticket := w.ticket("otto", desk.TicketPatch{})
	a := w.act("otto", ticket.Number, "Listo", true)
	for name, job := range map[string]desk.TranscriptJob{
		"Action":     {Ticket: ticket.Number, Action: a.ID},
		"Code":       {Identify: v.Contact, ID: "1", Language: "es"},
		"Transcript": {Conversation: c, ID: "1", Customer: true},
	} {
		t.Run("OK/"+name, func(t *testing.T) {
			job.Account, job.To = account, odd
			for range 2 {
				check(t, w.SendTranscript(t.Context(), job))
			}
			if got := w.mails(odd); len(got) != 0 {
				t.Errorf("mailed: %+v", got)
			}
		})
	}
	w.settle()
	if got, want := w.effects(ticket.Number, a.ID), "no_mail "+odd; got != want && got != "mail rosa@example.com; "+want {
		t.Errorf("the action set off %q", got)
	}
}
