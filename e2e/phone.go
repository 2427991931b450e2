package e2e

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Phone is a customer's WhatsApp phone before the desk: the page /phone.
type Phone struct {
	Client
}

// Act is what the customer does with the phone.
type Act struct {
	From string    `json:"from"` // his number
	Name string    `json:"name,omitempty"`
	Type string    `json:"type,omitempty"` // "": text
	Text string    `json:"text,omitempty"`
	ID   string    `json:"id,omitempty"` // "": a new one
	At   time.Time `json:"at,omitzero"`  // zero: now
	File *File     `json:"media,omitempty"`
}

// File is what an act sends along.
type File struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Data []byte `json:"data"`
}

// PhoneMessage is a message that the phone shows.
type PhoneMessage struct {
	ID     string `json:"id"`
	Out    bool   `json:"out"` // the desk wrote it
	Type   string `json:"type"`
	Text   string `json:"text"`
	Link   string `json:"link"`
	Status string `json:"status"`
}

// Send does an act and gives its id and the status that the desk answered the webhook with.
func (p Phone) Send(ctx context.Context, a Act) (id string, status int, err error) {
	var sent struct {
		ID     string
		Status int
	}
	err = p.Do(ctx, http.MethodPost, "/phone/send", a, &sent)
	return sent.ID, sent.Status, err
}

// Shows gives what the phone shows of the customer with this number, oldest first.
func (p Phone) Shows(ctx context.Context, number string) ([]PhoneMessage, error) {
	var page Page[PhoneMessage]
	err := p.Do(ctx, http.MethodGet, "/phone/messages?peer="+url.QueryEscape(number), nil, &page)
	return page.Items, err
}

// Report reports a delivery state of a message of the desk's.
func (p Phone) Report(ctx context.Context, id, status string) error {
	return p.Do(ctx, http.MethodPost, "/phone/status", map[string]string{"id": id, "status": status}, nil)
}
