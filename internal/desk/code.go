package desk

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode"
)

// A customer whom no site vouches for shows that an address is his: he enters the code that is mailed there. The code is
// drawn where it is mailed, so that it lies in no queue, and only its slow hash is kept. It is good for the visitor who
// asked for it, so that nobody else's guesses spend it.

// OneTimeCode is the code that was mailed to an address for a visitor, as it is kept.
type OneTimeCode struct {
	Visitor ContactID
	Email   string // in lower case
	Salt    string
	Hash    string // of the six digits: PBKDF2 under the salt, hex
	Expires time.Time
}

// Limits of one-time codes.
const (
	codeLasts    = 10 * time.Minute
	codeTries    = 5      // for one code
	CodesPerHour = 5      // mailed to one address, whoever asks
	codeRounds   = 20_000 // of the hash: some milliseconds, so that who reads the table must work for a code of these ten minutes
)

// AskCode has a code mailed to an address by which the visitor then identifies himself. Whether anybody is known there, or
// mail may go there, the answer does not tell. language is that of the mail if it is one of the desk's, as a tag; else it
// is the contact's or the inbox's. Codes: forbidden (the inbox has no portal), invalid, limited.
func (d *Desk) AskCode(ctx context.Context, v Visitor, email, language string) error {
	address, err := plainAddress(email)
	if err != nil {
		return err
	}
	books := d.Store.Account(v.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return err
	}
	inbox, err := settings.portal(v.Inbox)
	if err != nil {
		return err
	}
	contact, err := d.VisitorContact(ctx, v)
	if err != nil {
		return err
	}
	if err := books.CountCode(ctx, strings.ToLower(address), d.now()); err != nil {
		return err
	}
	job := TranscriptJob{Account: v.Account, To: address, ID: d.newID(), Identify: v.Contact, Language: spoken(language, contact.Language, inbox.Language)}
	return d.enqueue(ctx, TranscriptQueue, "", "", job)
}

// plainAddress is an address by which one identifies himself: of ASCII, so that no two that look alike become one in lower
// case, and every mail server takes it.
func plainAddress(text string) (string, error) {
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) >= 0 {
		return "", InvalidField("email", "has letters that no code can be mailed to")
	}
	return EmailAddress("email", text)
}

// spoken gives the first language that the desk speaks, by its tag's first letters.
func spoken(tags ...string) string {
	for _, tag := range tags {
		for _, language := range Languages {
			if len(tag) >= 2 && strings.EqualFold(tag[:2], language[:2]) {
				return language
			}
		}
	}
	return Languages[0]
}

// mailCode draws a code and mails it. A repeat of the job mails nothing more, unless the first mail failed.
func (d *Desk) mailCode(ctx context.Context, job TranscriptJob) error {
	if err := d.mayMail(ctx, job.Account, job.To); err != nil {
		if Is(err, Invalid) {
			return nil
		}
		return err
	}
	books := d.Store.Account(job.Account)
	return d.mailOnce(ctx, books, "code/"+job.ID, func() (Mail, error) {
		settings, err := books.Settings(ctx)
		if err != nil {
			return Mail{}, err
		}
		digits, err := d.drawCode(ctx, books, job.Identify, strings.ToLower(job.To))
		if err != nil {
			return Mail{}, err
		}
		words, name := codeIn[job.Language], settings.Account.Name
		return Mail{
			Account: job.Account, ID: derivedID(string(job.Account), "code", job.ID), FromName: name, To: job.To,
			Subject: fmt.Sprintf(words.Subject, name), Text: fmt.Sprintf(words.Text, name, digits),
		}, nil
	})
}

// drawCode makes the visitor's new code for an address; it takes the place of an earlier one.
func (d *Desk) drawCode(ctx context.Context, books Books, visitor ContactID, email string) (string, error) {
	drawn, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", Wrap(Internal, err, "draw a code")
	}
	digits, salt := fmt.Sprintf("%06d", drawn), rand.Text()
	hashed, err := slowHash(digits, salt)
	if err != nil {
		return "", err
	}
	return digits, books.PutCode(ctx, OneTimeCode{Visitor: visitor, Email: email, Salt: salt, Hash: hashed, Expires: d.now().Add(codeLasts)})
}

func slowHash(digits, salt string) (string, error) {
	hashed, err := pbkdf2.Key(sha256.New, digits, []byte(salt), codeRounds, sha256.Size)
	return hex.EncodeToString(hashed), Wrap(Internal, err, "hash a code")
}

// Identify makes the visitor the contact who is known by the address to which his code was mailed, made if he is new, and
// begins a session of that contact. What he wrote as an anonymous visitor stays apart until people merge the two.
// A code that is wrong, used, too old or was tried five times is forbidden; which of these, the answer does not tell.
func (d *Desk) Identify(ctx context.Context, v Visitor, email, digits string) (Session, error) {
	address, err := plainAddress(email)
	if err != nil {
		return Session{}, err
	}
	if len(digits) != 6 || strings.Trim(digits, "0123456789") != "" {
		return Session{}, InvalidField("code", "want six digits")
	}
	books := d.Store.Account(v.Account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return Session{}, err
	}
	inbox, err := settings.portal(v.Inbox)
	if err != nil {
		return Session{}, err
	}
	if err := d.spend(ctx, books, v.Contact, strings.ToLower(address), digits); err != nil {
		return Session{}, err
	}
	contact, err := d.knownBy(ctx, v, books, address)
	if err != nil {
		return Session{}, err
	}
	session := Session{
		Account: settings.Account, Inbox: inbox, Secret: rand.Text(),
		Visitor: Visitor{Account: v.Account, Inbox: v.Inbox, Contact: contact.ID, Identified: true, Page: v.Page},
	}
	return session, books.PutVisitor(ctx, hash(session.Secret), session.Visitor)
}

// spend takes the code away if it is the visitor's. Every guess is counted before it is looked at.
func (d *Desk) spend(ctx context.Context, books Books, visitor ContactID, email, digits string) error {
	refused := &Error{Code: Forbidden, Field: "code", Message: "the code is wrong, used or too old: ask for a new one"}
	code, err := books.TryCode(ctx, visitor, email, codeTries)
	if Is(err, NotFound) {
		return refused
	}
	if err != nil {
		return err
	}
	hashed, err := slowHash(digits, code.Salt)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(hashed), []byte(code.Hash)) != 1 || !d.now().Before(code.Expires) {
		return refused
	}
	if err := books.SpendCode(ctx, code); Is(err, NotFound) {
		return refused
	} else if err != nil {
		return err
	}
	return nil
}

// knownBy gives the contact who showed that the address is his. What the visitor told of himself goes to a new one.
func (d *Desk) knownBy(ctx context.Context, v Visitor, books Books, address string) (Contact, error) {
	from := Sender{Address: "mail:" + strings.ToLower(address)}
	c, err := d.contactBehind(ctx, books, v.Inbox, from)
	if !Is(err, NotFound) {
		return c, err
	}
	told, err := d.VisitorContact(ctx, v)
	if err != nil {
		return Contact{}, err
	}
	from.Name, from.Page = told.Name, v.Page
	if c, err = d.contactFor(ctx, books, v.Inbox, from, ""); err != nil {
		return Contact{}, err
	}
	_, err = d.saveContact(ctx, v.Account, c.ID, func(c *Contact) error {
		c.Email, c.Language = address, told.Language
		return nil
	})
	return c, err
}

// codeWords are those of the mail with a code: the account's name is put into both, the code into the text.
type codeWords struct{ Subject, Text string }

var codeIn = map[string]codeWords{
	"en": {
		"Your code for %s",
		"To see your tickets at %s, enter this code:\n\n%s\n\nIt is good for ten minutes. If you did not ask for it, there is nothing to do; give it to nobody.\n",
	},
	"es": {
		"Tu código para %s",
		"Para ver tus tickets en %s, escribe este código:\n\n%s\n\nSirve durante diez minutos. Si no lo pediste, no hagas nada; no se lo des a nadie.\n",
	},
	"pt-BR": {
		"Seu código para %s",
		"Para ver seus tickets em %s, digite este código:\n\n%s\n\nEle vale por dez minutos. Se você não o pediu, não faça nada; não o passe a ninguém.\n",
	},
}
