package whatsapp

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/relevo/relevo/internal/desk"
)

// maxGroup is the longest name of a group that a queue takes (Amazon SQS: 128 characters, no spaces).
const maxGroup = 128

// Jobs makes a job of every event, in their order: what one customer does, and what becomes of messages to him, is one
// group. The same event again has the same Dedup. Code: internal, if an event cannot be written as JSON.
func Jobs(events []desk.ChannelEvent) ([]desk.Job, error) {
	jobs := make([]desk.Job, len(events))
	for i := range events {
		e := &events[i]
		var body bytes.Buffer
		writer := json.NewEncoder(&body)
		writer.SetEscapeHTML(false) // it is read by the desk, and < would take six bytes
		if err := writer.Encode(e); err != nil {
			return nil, desk.Wrap(desk.Internal, err, "write a channel event")
		}
		jobs[i] = desk.Job{Queue: desk.InboundQueue, Group: group(e), Dedup: dedup(e), Body: bytes.TrimSuffix(body.Bytes(), []byte("\n"))}
	}
	return jobs, nil
}

// group names the inbox and the customer.
func group(e *desk.ChannelEvent) string {
	name := string(e.Account) + "/" + string(e.Inbox) + "/" + first(e.From.Address, e.ExternalID)
	if len(name) > maxGroup || !plain([]byte(name)) || bytes.IndexByte([]byte(name), ' ') >= 0 {
		return digest(name)
	}
	return name
}

// dedup names what happened: the same message, edit or state reported again is the same.
func dedup(e *desk.ChannelEvent) string {
	return digest(string(e.Account) + "\x00" + string(e.Inbox) + "\x00" + string(e.Kind) + "\x00" + e.ExternalID + "\x00" +
		string(e.Delivery.State) + "\x00" + e.Delivery.Error)
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
