package cloud

import (
	"encoding/json"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

// AccountTag is the SES message tag that carries the account, and comes back with what became of the mail.
const AccountTag = "account"

// sesEvent is what SES publishes of a mail ("Examples of event data that Amazon SES publishes to Amazon SNS"), delivered
// raw to the queue.
type sesEvent struct {
	EventType string `json:"eventType"`
	Mail      struct {
		Tags map[string][]string `json:"tags"`
	} `json:"mail"`
	Bounce struct {
		BounceType        string         `json:"bounceType"`
		BouncedRecipients []sesRecipient `json:"bouncedRecipients"`
		Timestamp         time.Time      `json:"timestamp"`
	} `json:"bounce"`
	Complaint struct {
		ComplainedRecipients  []sesRecipient `json:"complainedRecipients"`
		ComplaintFeedbackType string         `json:"complaintFeedbackType"`
		Timestamp             time.Time      `json:"timestamp"`
	} `json:"complaint"`
}

type sesRecipient struct {
	EmailAddress   string `json:"emailAddress"`
	DiagnosticCode string `json:"diagnosticCode"`
}

// feedbackBody turns SES's words into the body of a [desk.FeedbackJob]. A bounce that may pass (bounceType is not
// Permanent) and every other event name no address. Code: invalid.
func feedbackBody(body []byte) ([]byte, error) {
	var event sesEvent
	if err := json.Unmarshal(body, &event); err != nil {
		return nil, desk.Wrap(desk.Invalid, err, "decode an event of SES")
	}
	job := desk.FeedbackJob{}
	if tags := event.Mail.Tags[AccountTag]; len(tags) == 1 {
		job.Account = desk.AccountID(tags[0])
	}
	var of []sesRecipient
	switch {
	case event.EventType == "Bounce" && event.Bounce.BounceType == "Permanent":
		of, job.At = event.Bounce.BouncedRecipients, event.Bounce.Timestamp
	case event.EventType == "Complaint":
		of, job.At, job.Complaint, job.Reason = event.Complaint.ComplainedRecipients, event.Complaint.Timestamp, true, event.Complaint.ComplaintFeedbackType
	}
	for _, r := range of {
		job.Addresses = append(job.Addresses, r.EmailAddress)
		if job.Reason == "" {
			job.Reason = r.DiagnosticCode
		}
	}
	encoded, err := json.Marshal(job)
	return encoded, desk.Wrap(desk.Internal, err, "encode the job of an event of SES")
}
