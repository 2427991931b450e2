package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

const (
	connectionLasts  = 3 * time.Hour
	connectionBegins = 30 * time.Second // in which a push may overtake the handshake
	connectionTopics = "t"
	connectionOwner  = "a"
	connectionLine   = "l"
)

// connectionForm: a account, g agent, or v its visitor; l its name.
func connectionForm(f *form, v *desk.Connection) {
	text(f, connectionOwner, &v.Account)
	text(f, "g", &v.Agent)
	inner(f, "v", func(f *form) { visitorForm(f, &v.Visitor) })
	text(f, connectionLine, &v.Line)
}

// visitorForm: a account, i inbox, c contact, id identified, s session.
func visitorForm(f *form, v *desk.Visitor) {
	text(f, "a", &v.Account)
	text(f, "i", &v.Inbox)
	text(f, "c", &v.Contact)
	flag(f, "id", &v.Identified)
	text(f, "s", &v.Session)
}

func socketKey(id desk.ConnectionID) Key { return global("SOCKET", string(id)) }

// topicRow lists a connection, of a name or without one, under a topic.
func (b *Books) topicRow(topic desk.Topic, id desk.ConnectionID, line desk.LineName) Op {
	item := Item{}
	text(&form{item: item}, connectionLine, &line)
	return Op{Kind: Put, Key: Key{PK: b.topicPK(topic), SK: string(id)}, Item: b.store.lasting(item, connectionLasts)}
}

// Connection tells whose a live connection is.
func (s *Store) Connection(ctx context.Context, id desk.ConnectionID) (desk.Connection, error) {
	item, err := get(ctx, s.table, socketKey(id), "connection")
	if err == nil && s.expired(item) {
		err = desk.Errorf(desk.NotFound, "no such connection")
	}
	if err != nil {
		return desk.Connection{}, err
	}
	c, err := decode(item, connectionForm)
	c.ID = id
	for _, topic := range setOf(item, connectionTopics) {
		c.Topics = append(c.Topics, desk.Topic(topic))
	}
	return c, err
}

// ticketExpires is when a ticket for a live connection ends, in milliseconds: the table's expiry is too coarse.
const ticketExpires = "x"

// PutTicket stores a one-time ticket for a connection.
func (b *Books) PutTicket(ctx context.Context, hash string, who desk.Connection, expires time.Time) error {
	who.Account = b.account
	item := b.store.lasting(encode(who, connectionForm), expires.Sub(b.store.now()))
	item[ticketExpires] = num(expires.UnixMilli())
	topics := who.Topics
	texts(&form{item: item}, connectionTopics, &topics)
	err := b.table.Write(ctx, Op{Kind: Put, Key: global("LIVE", hash), Item: item})
	return desk.Wrap(desk.Internal, err, "storing a live ticket")
}

// TakeTicket redeems a ticket: of all who try, the one whose delete finds it.
func (s *Store) TakeTicket(ctx context.Context, hash string) (desk.Connection, error) {
	key := global("LIVE", hash)
	item, err := get(ctx, s.table, key, "live ticket")
	if err != nil {
		return desk.Connection{}, err
	}
	var expires time.Time
	instant(&form{item: item, read: true}, ticketExpires, &expires)
	if !expires.After(s.now()) {
		return desk.Connection{}, desk.Errorf(desk.NotFound, "no such live ticket")
	}
	err = s.table.Write(ctx, Op{Kind: Delete, Key: key, If: []Condition{{Attr: ticketExpires, Test: Exists}}})
	if _, taken := refused(err); taken {
		return desk.Connection{}, desk.Errorf(desk.NotFound, "no such live ticket")
	}
	if err != nil {
		return desk.Connection{}, desk.Wrap(desk.Internal, err, "taking a live ticket")
	}
	return decode(item, func(f *form, v *desk.Connection) {
		connectionForm(f, v)
		texts(f, connectionTopics, &v.Topics)
	})
}

// Connect stores a connection under its topics, in one transaction.
func (b *Books) Connect(ctx context.Context, c desk.Connection) error {
	c.Account = b.account
	item := b.store.lasting(encode(c, connectionForm), connectionLasts)
	topics := slices.Compact(slices.Sorted(slices.Values(c.Topics)))
	if len(topics) > 0 {
		item[connectionTopics] = set(topics)
	}
	ops := []Op{{Kind: Put, Key: socketKey(c.ID), Item: item}}
	for _, topic := range topics {
		ops = append(ops, b.topicRow(topic, c.ID, c.Line))
	}
	return desk.Wrap(desk.Internal, b.table.Write(ctx, ops...), "storing a connection")
}

// Disconnect forgets a connection: its rows first, so that a repeat ends what was begun.
func (b *Books) Disconnect(ctx context.Context, id desk.ConnectionID) error {
	return b.forget(ctx, id, func(Item) bool { return true })
}

// Lost forgets a connection that a push did not find, unless it began just now, as its expiry tells.
func (b *Books) Lost(ctx context.Context, id desk.ConnectionID) error {
	return b.forget(ctx, id, func(item Item) bool {
		var expires int64
		number(&form{item: item, read: true}, TTL, &expires)
		return !time.Unix(expires, 0).Add(connectionBegins - connectionLasts).After(b.store.now())
	})
}

func (b *Books) forget(ctx context.Context, id desk.ConnectionID, really func(Item) bool) error {
	item, ok, err := b.table.Get(ctx, socketKey(id), true)
	if err != nil || !ok {
		return desk.Wrap(desk.Internal, err, "reading a connection")
	}
	if !really(item) {
		return nil
	}
	if c, err := decode(item, connectionForm); err != nil || c.Account != b.account {
		return err
	}
	var ops []Op
	for _, topic := range setOf(item, connectionTopics) {
		ops = append(ops, Op{Kind: Delete, Key: Key{PK: b.topicPK(desk.Topic(topic)), SK: string(id)}})
	}
	ops = append(ops, Op{Kind: Delete, Key: socketKey(id)})
	for some := range slices.Chunk(ops, MaxWriteOps) {
		if err := b.table.Write(ctx, some...); err != nil {
			return desk.Wrap(desk.Internal, err, "forgetting a connection")
		}
	}
	return nil
}

// Listen adds or removes a topic, in the connection and in the topic's list.
func (b *Books) Listen(ctx context.Context, id desk.ConnectionID, topic desk.Topic, on bool) error {
	mine := Condition{Attr: connectionOwner, Test: Equals, To: str(string(b.account))}
	connection := Op{Kind: Update, Key: socketKey(id), If: []Condition{mine}}
	row := b.topicRow(topic, id, "")
	topics := map[string][]string{connectionTopics: {string(topic)}}
	if on {
		connection.AddTo = topics
	} else {
		connection.TakeFrom = topics
		row = Op{Kind: Delete, Key: row.Key}
	}
	err := b.table.Write(ctx, connection, row)
	if _, gone := refused(err); gone {
		return desk.Errorf(desk.NotFound, "no such connection")
	}
	return desk.Wrap(desk.Internal, err, "changing what a connection hears")
}

// Listeners finds the connections of several topics, each once. Those of topics that are watched are always read
// consistently: who began to watch and then read the state misses nothing that came after. So are all if it is to be
// fresh; else those that a connection has from its opening are read at half the price, and one of the last second may be
// missing.
func (b *Books) Listeners(ctx context.Context, fresh bool, topics ...desk.Topic) ([]desk.Listener, error) {
	found := make([][]Item, len(topics))
	err := parallel(len(topics), func(i int) (err error) {
		found[i], err = all(ctx, b.table, Query{PK: b.topicPK(topics[i]), Limit: 1000, Consistent: fresh || topics[i].Watched()})
		return err
	})
	if err != nil {
		return nil, desk.Wrap(desk.Internal, err, "reading who listens")
	}
	var listeners []desk.Listener
	for _, item := range slices.Concat(found...) {
		if !b.store.expired(item) {
			l := desk.Listener{ID: desk.ConnectionID(keyOf(item).SK)}
			text(&form{item: item, read: true}, connectionLine, &l.Line)
			listeners = append(listeners, l)
		}
	}
	slices.SortFunc(listeners, func(a, b desk.Listener) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(listeners, func(a, b desk.Listener) bool { return a.ID == b.ID }), nil
}
