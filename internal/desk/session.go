package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Staff tells who the bearer of an access token is, by its issuer and subject.
func (d *Desk) Staff(ctx context.Context, issuer, subject string) (Who, error) {
	account, id, err := d.Store.AgentBySubject(ctx, issuer, subject)
	if Is(err, NotFound) {
		return Who{}, unknownBearer()
	}
	if err != nil {
		return Who{}, err
	}
	return d.staff(ctx, account, id)
}

func (d *Desk) staff(ctx context.Context, account AccountID, id AgentID) (Who, error) {
	settings, err := d.Store.Account(account).Settings(ctx)
	if err != nil {
		return Who{}, err
	}
	agent, ok := settings.Agents[id]
	if !ok || agent.Deleted {
		return Who{}, unknownBearer()
	}
	return Who{
		Account: account, Actor: agent.Actor(), Role: agent.Role, Agent: id, Departments: agent.Departments, settings: settings, at: d.now(),
	}, nil
}

func unknownBearer() error {
	return &Error{Code: Unauthenticated, Message: "nobody here signs in with this token"}
}

// BotByToken tells which bot bears an API token. A bot works the conversations of its inbox.
func (d *Desk) BotByToken(ctx context.Context, token string) (Who, error) {
	account, id, err := d.Store.BotByToken(ctx, hash(token))
	if Is(err, NotFound) {
		return Who{}, unknownBearer()
	}
	if err != nil {
		return Who{}, err
	}
	settings, err := d.Store.Account(account).Settings(ctx)
	if err != nil {
		return Who{}, err
	}
	bot, ok := settings.Bots[id]
	if !ok || bot.Deleted {
		return Who{}, unknownBearer()
	}
	return Who{
		Account: account, Actor: Actor{Kind: ByBot, ID: string(id), Name: bot.Name}, Role: AgentRole, Inbox: bot.Inbox, settings: settings, at: d.now(),
	}, nil
}

// Settings reads the account's settings.
func (d *Desk) Settings(ctx context.Context, account AccountID) (*Settings, error) {
	return d.Store.Account(account).Settings(ctx)
}

// Session is what a visitor's widget gets.
type Session struct {
	Visitor Visitor
	Account Account // of which customers know the name and the hours
	Inbox   Inbox
	Secret  string // lasting; only when it is new
}

// Arrival is how a visitor comes to an inbox.
type Arrival struct {
	Inbox    string      // its public key
	Secret   string      // of an earlier session; "" for none
	Identity *VouchedFor // whom the site says he is; nil: he stays anonymous
	Page     string      // that he is on; at most 500 characters
}

// StartSession recognizes a visitor by his site's word or his secret, or makes a new one: for an unknown or revoked
// secret, or none. Whom a site vouches for gets no lasting secret: the site vouches for him again.
func (d *Desk) StartSession(ctx context.Context, a Arrival) (Session, error) {
	if err := within("page", a.Page, 0, 500); err != nil {
		return Session{}, err
	}
	account, id, err := d.Store.InboxByKey(ctx, a.Inbox)
	if err != nil {
		return Session{}, err
	}
	books := d.Store.Account(account)
	settings, err := books.Settings(ctx)
	if err != nil {
		return Session{}, err
	}
	inbox, err := settings.inbox(id)
	if err != nil || inbox.Deleted || inbox.Channel != WebChat {
		return Session{}, &Error{Code: NotFound, Message: "no such inbox"}
	}
	session := Session{Account: settings.Account, Inbox: inbox, Visitor: Visitor{Account: account, Inbox: id, Page: a.Page}}
	if a.Identity != nil {
		if err := d.verify(ctx, account, inbox, *a.Identity); err != nil {
			return Session{}, err
		}
		contact, err := d.vouched(ctx, account, id, *a.Identity, a.Page)
		session.Visitor.Contact, session.Visitor.Identified = contact.ID, true
		return session, err
	}
	if a.Secret != "" {
		v, err := books.VisitorBySecret(ctx, hash(a.Secret))
		if err == nil && v.Inbox == id {
			session.Visitor.Contact, session.Visitor.Identified, session.Visitor.Session = v.Contact, v.Identified, sessionOf(a.Secret)
			return session, d.seenOn(ctx, session.Visitor)
		}
		if err != nil && !Is(err, NotFound) {
			return Session{}, err
		}
	}
	session.Visitor.Contact, session.Secret = ContactID(d.newID()), rand.Text()
	session.Visitor.Session = sessionOf(session.Secret)
	return session, books.PutVisitor(ctx, hash(session.Secret), session.Visitor)
}

// RevokeSession forgets a visitor's secret; tokens made with it end within their half hour.
func (d *Desk) RevokeSession(ctx context.Context, v Visitor, secret string) error {
	books := d.Store.Account(v.Account)
	owner, err := books.VisitorBySecret(ctx, hash(secret))
	if err != nil {
		return err
	}
	if owner.Inbox != v.Inbox || owner.Contact != v.Contact {
		return &Error{Code: NotFound, Message: "no such session"}
	}
	if err := books.RevokeVisitor(ctx, hash(secret)); err != nil {
		return err
	}
	return d.hangUp(ctx, v, sessionOf(secret))
}

// sessionOf names the session of a secret among those of one visitor.
func sessionOf(secret string) string { return hash(secret)[:lineName] }

// hangUp makes the open connections of the visitor's session hear nothing more; those of his other browsers, which have
// secrets of their own, hear on.
func (d *Desk) hangUp(ctx context.Context, v Visitor, session string) error {
	contact, err := d.visitorContact(ctx, v)
	if err != nil {
		return err
	}
	books := d.Store.Account(v.Account)
	listening, err := books.Listeners(ctx, true, CustomerTopic(contact, v.Inbox))
	if err != nil {
		return err
	}
	for _, l := range listening {
		c, err := d.Store.Connection(ctx, l.ID)
		if err == nil && (c.Visitor.Session == session || c.Visitor.Session == "") { // a token of old names none
			err = books.Disconnect(ctx, l.ID)
		}
		if err != nil && !Is(err, NotFound) {
			return err
		}
	}
	return nil
}

// hash is how secrets are kept: SHA-256, hex. They are random, so no salt is needed.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// ticketFor is how long a ticket for a live connection is good.
const ticketFor = time.Minute

// LiveTicket gives a one-time ticket with which the caller, an agent or a visitor, opens a live connection within a
// minute.
func (d *Desk) LiveTicket(ctx context.Context, c Connection) (string, error) {
	ticket := rand.Text()
	return ticket, d.Store.Account(c.Account).PutTicket(ctx, hash(ticket), c, d.now().Add(ticketFor))
}

// Redeem tells whose ticket it is: good once, and for a minute. The host checks what it must before it connects him.
func (d *Desk) Redeem(ctx context.Context, ticket string) (Connection, error) {
	c, err := d.Store.TakeTicket(ctx, hash(ticket))
	if Is(err, NotFound) {
		return Connection{}, &Error{Code: Unauthenticated, Message: "the ticket is unknown, used or too old"}
	}
	c.Line = LineOf(ticket)
	return c, err
}

// Connect opens the live connection of a redeemed ticket, which has an id by now. An agent hears what concerns him and
// his departments, a visitor what concerns him in his inbox, and where it has a portal and knows him, of his tickets.
func (d *Desk) Connect(ctx context.Context, c Connection) (Connection, error) {
	if c.Agent == "" {
		var err error
		if c.Topics, err = d.visitorTopics(ctx, c.Visitor); err != nil {
			return Connection{}, err
		}
		return c, d.Store.Account(c.Account).Connect(ctx, c)
	}
	who, err := d.staff(ctx, c.Account, c.Agent)
	if err != nil {
		return Connection{}, err
	}
	c.Topics = []Topic{AgentTopic(c.Agent)}
	for _, dep := range who.Departments {
		c.Topics = append(c.Topics, DepartmentTopic(dep))
	}
	if err := d.Store.Account(c.Account).Connect(ctx, c); err != nil {
		return Connection{}, err
	}
	return c, d.Ping(ctx, c)
}

func (d *Desk) visitorTopics(ctx context.Context, v Visitor) ([]Topic, error) {
	contact, err := d.visitorContact(ctx, v)
	if err != nil {
		return nil, err
	}
	topics := []Topic{CustomerTopic(contact, v.Inbox)}
	if !v.Identified {
		return topics, nil
	}
	settings, err := d.Store.Account(v.Account).Settings(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := settings.portal(v.Inbox); err == nil {
		topics = append(topics, RequesterTopic(contact))
	}
	return topics, nil
}

// Ping keeps an agent present; clients send one every 50 s.
func (d *Desk) Ping(ctx context.Context, c Connection) error {
	if c.Agent == "" {
		return nil
	}
	who, err := d.staff(ctx, c.Account, c.Agent)
	if err != nil {
		return err
	}
	if !slices.Equal(c.departments(), who.Departments) {
		return &Error{Code: Unauthenticated, Message: "your departments changed: connect again"}
	}
	if !who.Role.Works() {
		return nil
	}
	return d.renew(ctx, c.Account, c.Agent)
}

// departments are those that the connection heard of from its beginning.
func (c Connection) departments() []DepartmentID {
	var heard []DepartmentID
	for _, t := range c.Topics {
		if id, ok := strings.CutPrefix(string(t), string(DepartmentTopic(""))); ok {
			heard = append(heard, DepartmentID(id))
		}
	}
	return heard
}

// Disconnect forgets a connection; the seat's lease says how long its agent stays present.
func (d *Desk) Disconnect(ctx context.Context, c Connection) error {
	return d.Store.Account(c.Account).Disconnect(ctx, c.ID)
}

// Connection tells whose a connection is, for hosts that keep no memory of it.
func (d *Desk) Connection(ctx context.Context, id ConnectionID) (Connection, error) {
	return d.Store.Connection(ctx, id)
}

// WhoIs gives the agent behind a connection.
func (d *Desk) WhoIs(ctx context.Context, c Connection) (Who, error) {
	if c.Agent == "" {
		return Who{}, &Error{Code: Forbidden, Message: "only agents do this"}
	}
	return d.staff(ctx, c.Account, c.Agent)
}
