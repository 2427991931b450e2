package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/relevo/relevo/e2e"
)

// stage is who takes part: an inbox of its own, one agent who attends everything, and visitors.
type stage struct {
	plan     plan
	host     e2e.Host
	agent    *e2e.Client
	socket   *e2e.Socket
	visitors []*visitor
	thick    string // a conversation with more than 50 messages
	ledger   *ledger
}

// visitor is a customer with his open widget.
type visitor struct {
	*e2e.Customer
	socket       *e2e.Socket
	conversation string
}

// newStage sets the stage: everybody is there, every conversation is open and the agent's.
func newStage(ctx context.Context, p plan, desk string) (*stage, error) {
	s := &stage{plan: p, host: e2e.NewLocal(desk), ledger: newLedger()}
	inbox, err := s.furnish(ctx)
	if err != nil {
		return nil, fmt.Errorf("set up the inbox: %w", err)
	}
	s.socket, err = e2e.Connect(ctx, s.agent, "/v1/live/ticket", s.ledger.agentHears)
	if err != nil {
		return nil, err
	}
	for range p.visitors + 1 {
		v, err := s.arrive(ctx, inbox)
		if err != nil {
			return nil, fmt.Errorf("a visitor: %w", err)
		}
		s.visitors = append(s.visitors, v)
	}
	last := len(s.visitors) - 1
	s.thick, s.visitors = s.visitors[last].conversation, s.visitors[:last]
	for range 55 {
		body := e2e.Object{"client_id": rand.Text(), "text": sentence()}
		if err := s.agent.Do(ctx, http.MethodPost, "/v1/conversations/"+s.thick+"/messages", body, nil); err != nil {
			return nil, err
		}
	}
	return s, s.allAssigned(ctx)
}

// furnish makes the inbox, its department and the agent; it gives the inbox's public key.
func (s *stage) furnish(ctx context.Context) (string, error) {
	token, err := s.host.Token(ctx, "ana@demo.test")
	if err != nil {
		return "", err
	}
	admin := &e2e.Client{Base: s.host.URL(), Token: token, HTTP: &http.Client{Timeout: time.Minute}}
	var settings struct{ Issuer string }
	var department struct{ ID string }
	var inbox struct{ Key string }
	const email = "bench@bench.test"
	err = errors.Join(
		admin.Do(ctx, http.MethodGet, "/config.json", nil, &settings),
		admin.Do(ctx, http.MethodPost, "/v1/settings/departments", e2e.Object{"client_id": "bench", "name": "Bench"}, &department))
	if err != nil {
		return "", err
	}
	err = errors.Join(
		admin.Do(ctx, http.MethodPost, "/v1/settings/agents", e2e.Object{"client_id": "bench", "name": "Bench", "email": email, "role": "agent",
			"departments": []string{department.ID}, "capacity": 1000, "language": "en",
			"sign_in": e2e.Object{"issuer": settings.Issuer, "subject": email}}, nil),
		admin.Do(ctx, http.MethodPost, "/v1/settings/inboxes", e2e.Object{"client_id": "bench", "name": "Bench", "channel": "webchat",
			"department": department.ID, "language": "en", "ticket_policy": "optional", "auto_distribution": true}, &inbox))
	if err != nil {
		return "", err
	}
	token, err = s.host.Token(ctx, email)
	s.agent = &e2e.Client{Base: s.host.URL(), Token: token, HTTP: &http.Client{Timeout: time.Minute, Transport: e2e.OwnTransport(s.host.URL())}}
	return inbox.Key, err
}

// arrive brings a visitor with an open widget, who says hello.
func (s *stage) arrive(ctx context.Context, inbox string) (*visitor, error) {
	customer, err := e2e.NewCustomer(ctx, s.host.URL(), inbox, "", e2e.OwnTransport(s.host.URL()))
	if err != nil {
		return nil, err
	}
	v := &visitor{Customer: customer}
	if v.socket, err = e2e.Connect(ctx, &customer.Client, "/widget/v1/live/ticket", s.ledger.customerHears); err != nil {
		return nil, err
	}
	m, err := customer.Write(ctx, rand.Text(), "Hello")
	v.conversation = m.Conversation
	return v, err
}

// allAssigned waits until the agent attends every conversation.
func (s *stage) allAssigned(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		var me struct{ Seat e2e.Seat }
		if err := s.agent.Do(ctx, http.MethodGet, "/v1/me", nil, &me); err != nil {
			return fmt.Errorf("wait for the distribution: %w", err)
		}
		if me.Seat.Load == len(s.visitors)+1 {
			return nil
		}
		if err := rest(ctx, 20*time.Millisecond); err != nil {
			return fmt.Errorf("the agent attends %d of %d conversations: %w", me.Seat.Load, len(s.visitors)+1, err)
		}
	}
}

// leave closes every connection.
func (s *stage) leave() {
	s.socket.Drop()
	for _, v := range s.visitors {
		v.socket.Drop()
	}
}

var words = strings.Fields(`the order parcel arrived late box was open could you tell me where is my refund thanks for
	quick answer invoice number address street tomorrow morning please check again size colour blue red shirt shoes carrier said
	nobody home second time warranty exchange store card payment twice charged`)

// sentence is what people write in a chat: 4 to 19 words.
func sentence() string {
	var b [28]byte
	rand.Read(b[:])
	picked := make([]string, 0, len(b))
	for _, n := range b[:4+binary.BigEndian.Uint16(b[26:])%16] {
		picked = append(picked, words[int(n)%len(words)])
	}
	return strings.Join(picked, " ")
}
