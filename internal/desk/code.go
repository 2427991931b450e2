package desk

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
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
	CodesPerHour = 5      // mailed to one address for one sender, so that nobody uses up all that the address may get
	codesOfAll   = 20     // an hour mailed to one address, whoever asks
	GuessesADay  = 50     // of the codes of one address by one sender, so that nobody uses up all that are looked at
	guessesOfAll = 500    // a day of the codes of one address, whoever guesses
	codeRounds   = 20_000 // of the hash: some milliseconds, so that who reads the table must work for a code of these ten minutes
)

// AskCode has a code mailed to an address by which the visitor then identifies himself. Whether anybody is known there, or
// mail may go there, the answer does not tell. language is that of the mail if it is one of the desk's, as a tag; else it
// is the contact's or the inbox's; from is whence the request comes, such as his network's address. Codes: forbidden (the
// inbox has no portal), invalid, limited.
func (d *Desk) AskCode(ctx context.Context, v Visitor, email, language, from string) error {
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
	if err := d.countCode(ctx, books, strings.ToLower(address), from); err != nil {
		return err
	}
	job := TranscriptJob{Account: v.Account, To: address, ID: d.newID(), Identify: v.Contact, Language: spoken(language, contact.Language, inbox.Language)}
	return d.enqueue(ctx, TranscriptQueue, "", "", job)
}

// countCode counts a code that is to go to an address.
func (d *Desk) countCode(ctx context.Context, books Books, email, from string) error {
	err := d.countFor(ctx, books, email, from, CodesPerHour, codesOfAll, time.Hour)
	if refused, ok := errors.AsType[*Error](err); ok && refused.Code == Limited {
		refused.Message = "too many codes were asked for this address; try again later"
	}
	return err
}

// countFor counts what is limited for a sender and in all: first for the sender, so that what is refused him is nobody
// else's loss.
func (d *Desk) countFor(ctx context.Context, books Books, of, from string, his, all int, within time.Duration) error {
	if err := books.Count(ctx, Quota{Of: of + " for " + from, Most: his, Within: within}, d.now()); err != nil {
		return err
	}
	return books.Count(ctx, Quota{Of: of, Most: all, Within: within}, d.now())
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
	err := d.mailOnce(ctx, books, "code/"+job.ID, func() (Mail, error) {
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
	if undeliverable(err) { // whether it goes out, nobody is told
		return nil
	}
	return err
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
// A code that is wrong, used, too old or was tried five times is forbidden; which of these, the answer does not tell. Of
// the codes of one address fifty guesses a day are looked at for one sender (from, as of AskCode), and 500 in all: limited.
func (d *Desk) Identify(ctx context.Context, v Visitor, email, digits, from string) (Session, error) {
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
	if err := d.spend(ctx, books, v.Contact, strings.ToLower(address), digits, from); err != nil {
		return Session{}, err
	}
	contact, err := d.knownBy(ctx, v, books, settings, address)
	if err != nil {
		return Session{}, err
	}
	session := Session{
		Account: settings.Account, Inbox: inbox, Secret: rand.Text(),
		Visitor: Visitor{Account: v.Account, Inbox: v.Inbox, Contact: contact.ID, Identified: true, Page: v.Page},
	}
	session.Visitor.Session = sessionOf(session.Secret)
	return session, books.PutVisitor(ctx, hash(session.Secret), session.Visitor)
}

// spend takes the code away if it is the visitor's. Every guess is counted before it is looked at.
func (d *Desk) spend(ctx context.Context, books Books, visitor ContactID, email, digits, from string) error {
	refused := &Error{Code: Forbidden, Field: "code", Message: "the code is wrong, used or too old: ask for a new one"}
	code, err := books.TryCode(ctx, visitor, email, codeTries)
	if Is(err, NotFound) {
		return refused
	}
	if err != nil {
		return err
	}
	if err := d.countFor(ctx, books, "guesses of "+email, from, GuessesADay, guessesOfAll, 24*time.Hour); err != nil {
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

// knownBy gives the contact who showed that the address is his: the one who showed it in this inbox before, else the one
// that the desk's records have of the address, else a new one with what the visitor told of himself.
func (d *Desk) knownBy(ctx context.Context, v Visitor, books Books, s *Settings, address string) (Contact, error) {
	from := Sender{Address: provenAddress(address)}
	c, err := d.contactBehind(ctx, books, v.Inbox, from)
	if !Is(err, NotFound) {
		return c, err
	}
	c, err = d.recorded(ctx, books, s, address)
	if err == nil {
		return d.provenIn(ctx, books, c, v.Inbox, from)
	}
	if !Is(err, NotFound) {
		return Contact{}, err
	}
	told, err := d.VisitorContact(ctx, v)
	if err != nil {
		return Contact{}, err
	}
	c = Contact{ID: ContactID(d.newID()), Name: told.Name, Email: address, Language: told.Language, Page: v.Page, CreatedAt: d.now()}
	c.Identities = []Identity{{Inbox: v.Inbox, Address: from.Address, Contact: c.ID}}
	if err = books.SaveContact(ctx, nil, c); Is(err, Conflict) {
		return d.contactBehind(ctx, books, v.Inbox, from)
	}
	return c, err
}

// provenAddress is the identity of who showed that an address is his.
func provenAddress(email string) string { return "mail:" + strings.ToLower(email) }

// provenIn makes the proven address an identity of a contact in an inbox, and gives whose it is then.
func (d *Desk) provenIn(ctx context.Context, books Books, c Contact, inbox InboxID, from Sender) (Contact, error) {
	if err := d.knowBy(ctx, books, c, inbox, from.Address); err != nil {
		return Contact{}, err
	}
	known, err := d.contactBehind(ctx, books, inbox, from)
	if Is(err, NotFound) { // he has as many identities as one may have
		return c, nil
	}
	return known, err
}

// recorded finds the contact whose address it is by the desk's records: of several the one who showed it in another inbox,
// else the oldest.
func (d *Desk) recorded(ctx context.Context, books Books, s *Settings, email string) (Contact, error) {
	found, err := books.ContactsByEmail(ctx, email)
	if err != nil {
		return Contact{}, err
	}
	proven := func(i Identity) bool { return i.Address == provenAddress(email) }
	found = slices.DeleteFunc(found, func(c Contact) bool { return !s.vouchesFor(c, proven) })
	if len(found) == 0 {
		return Contact{}, &Error{Code: NotFound, Message: "no such contact"}
	}
	return slices.MinFunc(found, func(a, b Contact) int {
		first, second := slices.ContainsFunc(a.Identities, proven), slices.ContainsFunc(b.Identities, proven)
		if first != second {
			return map[bool]int{true: -1, false: 1}[first]
		}
		return a.CreatedAt.Compare(b.CreatedAt)
	}), nil
}

// vouchesFor reports whether the contact's address was written by the desk's people, or proven. Who has a session in a web
// chat, or is asked for his address, may tell any: to become his contact would show him all that the owner of the address
// does.
func (s *Settings) vouchesFor(c Contact, proven func(Identity) bool) bool {
	return !slices.ContainsFunc(c.Identities, func(i Identity) bool {
		inbox := s.Inboxes[i.Inbox]
		return !proven(i) && (inbox.Channel != WhatsApp || inbox.CollectEmail)
	})
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
