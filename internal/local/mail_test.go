package local_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/desktest"
	"github.com/relevo/relevo/internal/local"
)

func openMailer(t *testing.T, options local.MailOptions) *local.Mailer {
	t.Helper()
	m, err := openFile(t, t.TempDir()).Mailer(options)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMailerContract(t *testing.T) {
	t.Run("Mailbox", func(t *testing.T) {
		desktest.Mailer(t, func(t *testing.T) desktest.MailerSubject {
			t.Helper()
			m := openMailer(t, local.MailOptions{})
			return desktest.MailerSubject{Mailer: m, From: "desk@demo.test", Patience: 5 * time.Second,
				Mails: func(ctx context.Context, to string) ([]desktest.SentMail, error) {
					mails, err := m.Mails(ctx)
					var sent []desktest.SentMail
					for _, mail := range mails {
						if mail.To == to {
							sent = append(sent, desktest.SentMail{MessageID: mail.MessageID, FromName: mail.FromName,
								From: mail.From, Subject: mail.Subject, Text: mail.Text, HTML: mail.HTML})
						}
					}
					return sent, err
				}}
		})
	})
	t.Run("SMTP", func(t *testing.T) {
		desktest.Mailer(t, func(t *testing.T) desktest.MailerSubject {
			t.Helper()
			server := startSMTP(t, "250 ok")
			m := openMailer(t, local.MailOptions{SMTPURL: server.url})
			return desktest.MailerSubject{Mailer: m, From: "desk@demo.test", Patience: 5 * time.Second, Mails: server.mails}
		})
	})
}

func TestMailerMailbox(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.FixedZone("", -5*3600))
	m := openMailer(t, local.MailOptions{From: "hola@demo.test", Now: func() time.Time { return now }})
	for _, id := range []string{"1", "2"} {
		if err := m.Send(t.Context(), desk.Mail{ID: id, To: "ana@demo.test", Subject: "S" + id, Text: "T"}); err != nil {
			t.Fatal(err)
		}
	}
	mails, err := m.Mails(t.Context())
	if err != nil || len(mails) != 2 {
		t.Fatalf("%d mails, %v", len(mails), err)
	}
	got := mails[0]
	if got.Subject != "S2" || got.From != "hola@demo.test" || !strings.HasSuffix(got.MessageID, "@hola@demo.test>"[5:]) ||
		got.Date.Format(time.RFC3339Nano) != "2026-03-01T17:00:00.123Z" || mails[1].MessageID == got.MessageID {
		t.Errorf("got %+v", got)
	}
}

func TestMailerSMTP(t *testing.T) {
	mail := desk.Mail{ID: "1", To: "ana@demo.test", Subject: "S", Text: "T"}
	t.Run("ErrInvalidRecipient", func(t *testing.T) {
		m := openMailer(t, local.MailOptions{SMTPURL: startSMTP(t, "550 5.1.1 no such mailbox").url})
		err := m.Send(t.Context(), mail)
		if !desk.Is(err, desk.Invalid) || !strings.Contains(err.Error(), "to:") {
			t.Errorf("got %v, want invalid to", err)
		}
		if mails, err := m.Mails(t.Context()); err != nil || len(mails) != 0 {
			t.Errorf("the mailbox shows %d mails (%v)", len(mails), err)
		}
	})
	t.Run("ErrUnavailableForNow", func(t *testing.T) {
		m := openMailer(t, local.MailOptions{SMTPURL: startSMTP(t, "451 4.7.1 come back later").url})
		if err := m.Send(t.Context(), mail); !desk.Is(err, desk.Unavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
	})
	t.Run("ErrUnavailableNobodyThere", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if err := listener.Close(); err != nil {
			t.Fatal(err)
		}
		m := openMailer(t, local.MailOptions{SMTPURL: "smtp://" + listener.Addr().String()})
		if err := m.Send(t.Context(), mail); !desk.Is(err, desk.Unavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
	})
	t.Run("ErrInvalidURL", func(t *testing.T) {
		for _, url := range []string{"http://host", "smtp://", "host:25", "smtp://u:secret@host:x"} {
			_, err := openFile(t, t.TempDir()).Mailer(local.MailOptions{SMTPURL: url})
			if !desk.Is(err, desk.Invalid) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: got %v, want invalid", url, err)
			}
		}
	})
}

// smtpServer is an SMTP server on the loopback that keeps what it is given.
type smtpServer struct {
	t    *testing.T
	url  string
	rcpt string // its answer to RCPT
	mu   sync.Mutex
	got  map[string][]string // recipient -> raw mails
}

func startSMTP(t *testing.T, rcpt string) *smtpServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &smtpServer{t: t, url: "smtp://" + listener.Addr().String(), rcpt: rcpt, got: map[string][]string{}}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() { listener.Close(); serving.Wait() })
	return s
}

func (s *smtpServer) serve(conn net.Conn) {
	defer conn.Close()
	lines := bufio.NewReader(conn)
	reply := func(line string) { fmt.Fprint(conn, line+"\r\n") }
	reply("220 test")
	to := ""
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch strings.ToUpper(verb) {
		case "RCPT":
			to = strings.Trim(strings.TrimPrefix(strings.Fields(rest)[0], "TO:"), "<>")
			reply(s.rcpt)
		case "DATA":
			reply("354 go on")
			var data strings.Builder
			for line != ".\r\n" {
				if line, err = lines.ReadString('\n'); err != nil {
					return
				}
				data.WriteString(strings.TrimPrefix(line, ".."))
			}
			s.mu.Lock()
			s.got[to] = append(s.got[to], strings.TrimSuffix(data.String(), ".\r\n"))
			s.mu.Unlock()
			reply("250 kept")
		case "QUIT":
			reply("221 bye")
			return
		default:
			reply("250 ok")
		}
	}
}

func (s *smtpServer) mails(_ context.Context, to string) ([]desktest.SentMail, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sent []desktest.SentMail
	for _, raw := range s.got[to] {
		mail, err := desktest.ReadMail([]byte(raw))
		if err != nil {
			return nil, err
		}
		sent = append([]desktest.SentMail{mail}, sent...)
	}
	return sent, nil
}
