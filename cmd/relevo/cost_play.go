package main

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/relevo/relevo/e2e"
	"github.com/relevo/relevo/internal/desk"
)

// played is what was counted in a real run, a piece each.
type played struct {
	web, phone       count // one message in, in a conversation that is open and attended, both sides looking on
	webTalk, phTalk  count // a whole conversation of twenty messages, from the first visit to the close with a ticket
	transcript       count // a transcript by mail
	ping, widgetPing count // of a console, and of a widget
}

const (
	playedMessages = 20
	playedVisitors = 5
	letters        = 300 // of a message
	talkIn         = 10  // messages of the customer in a whole conversation, and as many replies
	pausesEvery    = 5   // messages, in one of which its writer pauses for so long that it is told
	agentsPong     = 10  // pings of agents, of which one is answered
	widgetsPong    = 2   // pings of widgets, of which one is answered
)

// player plays on a desk that runs and counts.
type player struct {
	*gateway
	host  e2e.Local
	agent *e2e.Client
	line  *e2e.Socket
	sent  int
}

// play plays the scenarios, each piece from one quiet moment to the next.
func play(ctx context.Context, g *gateway) (done played, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	p := &player{gateway: g, host: e2e.NewLocal(g.public)}
	token, err := p.host.Token(ctx, "ines@demo.test")
	if err != nil {
		return done, err
	}
	p.agent = &e2e.Client{Base: g.public, Token: token, HTTP: http.DefaultClient}
	if p.line, err = e2e.Connect(ctx, p.agent, "/v1/live/ticket", nil); err != nil {
		return done, err
	}
	defer p.line.Drop()
	for _, piece := range []struct {
		into *count
		by   float64
		play func(context.Context) error
		warm func(context.Context) (func(context.Context) error, error) // makes play, uncounted
	}{
		{into: &done.web, by: playedMessages, warm: p.webMessages},
		{into: &done.phone, by: playedMessages, warm: p.phoneMessages},
		{into: &done.webTalk, by: 1, play: func(ctx context.Context) error { return p.webTalk(ctx) }},
		{into: &done.phTalk, by: 1, play: func(ctx context.Context) error { return p.phoneTalk(ctx) }},
		{into: &done.transcript, by: 1, warm: p.transcripts},
		{into: &done.ping, by: playedMessages, play: p.pings},
		{into: &done.widgetPing, by: playedMessages, warm: p.widgetPings},
	} {
		if piece.warm != nil {
			if piece.play, err = piece.warm(ctx); err != nil {
				return done, err
			}
		}
		if *piece.into, err = p.counted(ctx, piece.play); err != nil {
			return done, err
		}
		*piece.into = piece.into.times(1 / piece.by)
	}
	return done, nil
}

// counted counts what a piece of the play asks for, its echoes included.
func (p *player) counted(ctx context.Context, play func(context.Context) error) (count, error) {
	if err := p.settle(ctx); err != nil {
		return count{}, err
	}
	before := p.ledger.read()
	if err := play(ctx); err != nil {
		return count{}, err
	}
	if err := p.settle(ctx); err != nil {
		return count{}, err
	}
	return p.ledger.read().less(before, 1), nil
}

// settle waits until changes and jobs are done, and what they caused is, too.
func (p *player) settle(ctx context.Context) error {
	for {
		before := p.ledger.read()
		if err := p.file.Stream().Idle(ctx); err != nil {
			return err
		}
		if err := p.queue.Idle(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the desk does not come to rest: %w", ctx.Err())
		case <-time.After(60 * time.Millisecond): // the phone reports, and clients answer what they hear
		}
		if reflect.DeepEqual(before, p.ledger.read()) {
			return nil
		}
	}
}

// text is a message of an ordinary length.
func (p *player) text() string {
	p.sent++
	return strings.Repeat("palabra ", letters/8) + strconv.Itoa(p.sent)
}

// visitor is a customer of the web chat whose widget is open.
func (p *player) visitor(ctx context.Context) (*e2e.Customer, *e2e.Socket, error) {
	customer, err := e2e.NewCustomer(ctx, p.public, "web", "", nil)
	if err != nil {
		return nil, nil, err
	}
	line, err := e2e.Connect(ctx, &customer.Client, "/widget/v1/live/ticket", nil)
	if err == nil {
		customer.Line = line.Ticket // as the widget names it
	}
	return customer, line, err
}

// write sends a customer's message and gives its conversation.
func (p *player) write(ctx context.Context, customer *e2e.Customer) (string, error) {
	text := p.text()
	m, err := customer.Write(ctx, "w"+strconv.Itoa(p.sent), text)
	if err == nil {
		err = p.settle(ctx) // so that no two share an invocation, a push or a save
	}
	return m.Conversation, err
}

// webMessages begins conversations of the web chat, past their greetings and questions, with an agent who attends them.
// They are a few, since the desk slows a visitor down who floods it.
func (p *player) webMessages(ctx context.Context) (func(context.Context) error, error) {
	var customers []*e2e.Customer
	for range playedVisitors {
		customer, _, err := p.visitor(ctx)
		if err != nil {
			return nil, err
		}
		for range 3 {
			if _, err := p.write(ctx, customer); err != nil {
				return nil, err
			}
		}
		customers = append(customers, customer)
	}
	return func(ctx context.Context) error {
		for i := range playedMessages {
			if _, err := p.write(ctx, customers[i%playedVisitors]); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// phoneSays sends a message from a phone, through Meta's webhook.
func (p *player) phoneSays(ctx context.Context, number string) error {
	_, status, err := p.host.Phone().Send(ctx, e2e.Act{From: number, Name: "Carla", Text: p.text()})
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("the webhook answers %d", status)
	}
	if err != nil {
		return err
	}
	return p.settle(ctx)
}

func (p *player) phoneMessages(ctx context.Context) (func(context.Context) error, error) {
	const number = "573001112233"
	err := p.phoneSays(ctx, number)
	return func(ctx context.Context) error {
		for range playedMessages {
			if err := p.phoneSays(ctx, number); err != nil {
				return err
			}
		}
		return nil
	}, err
}

// webTalk is a whole conversation of the web chat.
func (p *player) webTalk(ctx context.Context) error {
	customer, line, err := p.visitor(ctx)
	if err != nil {
		return err
	}
	defer line.Drop()
	id := ""
	if err := p.reads(ctx, customer); err != nil {
		return err
	}
	for turn := range talkIn {
		if turn > 0 { // before there is no conversation to type in
			if err := p.types(ctx, line, turn, e2e.Object{"type": "typing"}); err != nil {
				return err
			}
		}
		if id, err = p.write(ctx, customer); err != nil {
			return err
		}
		if err := p.answer(ctx, id, turn); err != nil {
			return err
		}
		// The widget shows the reply, and says that it was read.
		if err := p.says(ctx, line, e2e.Object{"type": "read", "conversation": id, "up_to": p.newest()}); err != nil {
			return err
		}
		if err := p.settle(ctx); err != nil {
			return err
		}
	}
	return p.close(ctx, id)
}

// types tells over a line that its owner types, and now and then that he pauses.
func (p *player) types(ctx context.Context, line *e2e.Socket, turn int, frame e2e.Object) error {
	told := []bool{true}
	if turn%pausesEvery == 0 {
		told = []bool{true, false, true}
	}
	for _, on := range told {
		frame["on"] = on
		if err := p.says(ctx, line, frame); err != nil {
			return err
		}
	}
	return p.settle(ctx)
}

// reads is what a widget reads: all when it begins and when its line is up, and the thread a second time.
func (p *player) reads(ctx context.Context, customer *e2e.Customer) error {
	all := []string{"contact", "conversations?limit=50", "messages?fresh=true"}
	for _, path := range slices.Concat(all, all, all[2:]) {
		var seen e2e.Object
		if err := customer.Do(ctx, http.MethodGet, "/widget/v1/"+path, nil, &seen); err != nil {
			return err
		}
	}
	return nil
}

// phoneTalk is a whole conversation of WhatsApp; the phone reports each reply as delivered and read.
func (p *player) phoneTalk(ctx context.Context) error {
	const number = "573009998877"
	id := ""
	for turn := range talkIn {
		err := p.phoneSays(ctx, number)
		if err == nil && turn == 0 {
			id, err = p.latest(ctx)
		}
		if err == nil {
			err = p.answer(ctx, id, turn)
		}
		if err != nil {
			return err
		}
	}
	return p.close(ctx, id)
}

// latest gives the agent's conversation with the newest message, as his console lists them.
func (p *player) latest(ctx context.Context) (string, error) {
	var page struct{ Items []struct{ ID string } }
	if err := p.agent.Do(ctx, http.MethodGet, "/v1/conversations?view=mine&limit=25", nil, &page); err != nil {
		return "", err
	}
	if len(page.Items) == 0 {
		return "", fmt.Errorf("the agent has no conversation")
	}
	return page.Items[0].ID, nil
}

// newest names all that was written until now.
func (p *player) newest() string { return desk.NewID(p.desk.Now()) }

// answer is an agent's turn: she opens the conversation if it is not open yet, reads, types and replies. Her console has
// heard the messages on its live connection.
func (p *player) answer(ctx context.Context, id string, turn int) error {
	if turn == 0 {
		var thread e2e.Object
		if err := p.agent.Do(ctx, http.MethodGet, "/v1/conversations/"+id, nil, &thread); err != nil {
			return err
		}
		if err := p.says(ctx, p.line, e2e.Object{"type": "watch", "conversation": id}); err != nil {
			return err
		}
	}
	if err := p.says(ctx, p.line, e2e.Object{"type": "read", "conversation": id, "up_to": p.newest()}); err != nil {
		return err
	}
	if err := p.types(ctx, p.line, turn, e2e.Object{"type": "typing", "conversation": id}); err != nil {
		return err // that she stopped, the reply tells
	}
	text := p.text()
	reply := e2e.Object{"client_id": "r" + strconv.Itoa(p.sent), "text": text}
	if err := p.agent.Do(ctx, http.MethodPost, "/v1/conversations/"+id+"/messages", reply, nil); err != nil {
		return err
	}
	return p.settle(ctx)
}

// says sends a frame on a line, which API Gateway bills and gives to a function.
func (p *player) says(ctx context.Context, line *e2e.Socket, frame e2e.Object) error {
	p.ledger.invoked("live", func(c *count) { c.Frames++ })
	return line.Send(ctx, frame)
}

func (p *player) close(ctx context.Context, id string) error {
	ticket := e2e.Object{"client_id": "t" + id, "subject": "Shoes do not fit"}
	closing := e2e.Object{"note": e2e.Object{"category": "sale"}}
	var thread struct{ Conversation struct{ Ticket any } }
	if err := p.agent.Do(ctx, http.MethodGet, "/v1/conversations/"+id, nil, &thread); err != nil {
		return err
	}
	if thread.Conversation.Ticket == nil {
		closing["new_ticket"] = ticket
	}
	if err := p.agent.Do(ctx, http.MethodPost, "/v1/conversations/"+id+"/close", closing, nil); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	return p.settle(ctx)
}

// transcripts asks for one transcript of an open conversation.
func (p *player) transcripts(ctx context.Context) (func(context.Context) error, error) {
	id, err := p.latest(ctx)
	return func(ctx context.Context) error {
		return p.agent.Do(ctx, http.MethodPost, "/v1/conversations/"+id+"/transcript", e2e.Object{"client_id": "x", "email": "carla@example.com"}, nil)
	}, err
}

// pings keep an agent's lease.
func (p *player) pings(ctx context.Context) error { return p.ping(ctx, p.line, agentsPong) }

// widgetPings keep a visitor's line.
func (p *player) widgetPings(ctx context.Context) (func(context.Context) error, error) {
	_, line, err := p.visitor(ctx)
	return func(ctx context.Context) error { return p.ping(ctx, line, widgetsPong) }, err
}

// ping says a few pings, of which every one of so many asks for an answer.
func (p *player) ping(ctx context.Context, line *e2e.Socket, answered int) error {
	for i := range playedMessages {
		quiet := i%answered != 0
		if err := p.says(ctx, line, e2e.Object{"type": "ping", "quiet": quiet}); err != nil {
			return err
		}
		if !quiet {
			p.ledger.add(func(c *count) { c.Frames++ }) // the pong
		}
	}
	_, err := line.Await(ctx, func(f e2e.Frame) bool { return f.Type == "pong" })
	return err
}
