package start

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// takers are the functions that store what customers and agents write.
var takers = map[string]bool{"inbound": true, "ingest": true, "console": true}

// measure writes the metrics of one invocation.
func (f *Function) measure(took time.Duration, answer []byte, failure error) {
	defer f.metrics.Latency(took)
	var said struct {
		Status   int               `json:"statusCode"`
		Body     string            `json:"body"`
		Failures []json.RawMessage `json:"batchItemFailures"`
	}
	if failure == nil {
		failure = json.Unmarshal(answer, &said)
	}
	switch {
	case failure != nil:
		f.metrics.Refusal(failure)
	case said.Status >= http.StatusBadRequest:
		f.metrics.Refusal(refusalIn(said.Body))
	}
	for range said.Failures {
		f.metrics.Refusal(desk.Errorf(desk.Unavailable, "a piece of a batch"))
	}
}

// refusalIn reads the code of a refusal from its body.
func refusalIn(body string) error {
	var said struct {
		Error struct {
			Code desk.Code `json:"code"`
		} `json:"error"`
	}
	if json.Unmarshal([]byte(body), &said) != nil || said.Error.Code == "" {
		said.Error.Code = desk.Invalid // an answer that is not of the API: of a webhook
	}
	return &desk.Error{Code: said.Error.Code}
}
