package desk

import (
	"context"
	"strconv"
	"time"
)

// Survey is what the customer is asked in his widget when the conversation is closed (B71), and what he answers.
type Survey struct {
	AskedAt time.Time // the instant of the close; zero: he is not asked
	Rating  int       // 1 to 5; 0: not answered
	Comment string
}

const (
	bestRating = 5
	maxComment = 1000
)

// ask asks the customer, unless the inbox or whoever closes does not want it: only the web chat has a place for it.
func (c *Conversation) ask(inbox Inbox, closing Closing) {
	if inbox.Survey && !closing.NoSurvey && c.Channel == WebChat {
		c.Survey = Survey{AskedAt: c.ClosedAt}
	}
}

// stamp names the survey in the line of the close, under whose instant the closing record lies.
func (s Survey) stamp() string {
	if s.AskedAt.IsZero() {
		return ""
	}
	return s.AskedAt.Format(time.RFC3339Nano)
}

// Rate answers the survey of a visitor's own conversation, once: the same answer again changes nothing.
func (d *Desk) Rate(ctx context.Context, v Visitor, id ConversationID, rating int, comment string) (*Conversation, error) {
	if rating < 1 || rating > bestRating {
		return nil, InvalidField("rating", "want 1 to %d", bestRating)
	}
	if err := within("comment", comment, 0, maxComment); err != nil {
		return nil, err
	}
	if id == "" {
		return nil, InvalidField("conversation", "is required")
	}
	var c *Conversation
	err := retry(func() error {
		was, err := d.ownConversation(ctx, v, id)
		if err != nil {
			return err
		}
		c = was.clone()
		events, err := c.rate(rating, comment)
		if err != nil || len(events) == 0 {
			return err
		}
		by := Actor{Kind: ByCustomer, ID: string(c.Contact), Name: c.ContactName}
		return d.save(ctx, d.Store.Account(v.Account), Change{Was: was, Now: c}, by, events)
	})
	return c, err
}

func (c *Conversation) rate(rating int, comment string) ([]Event, error) {
	switch s := c.Survey; {
	case s.AskedAt.IsZero():
		return nil, conflictf("nobody asks for a rating of this conversation")
	case s.Rating == rating && s.Comment == comment:
		return nil, nil
	case s.Rating != 0:
		return nil, &Error{Code: Conflict, Field: "rating", Message: "the conversation is rated"}
	}
	c.Survey.Rating, c.Survey.Comment = rating, comment
	return []Event{event(ConversationRated, "rating", strconv.Itoa(rating), "comment", comment, "asked", c.Survey.stamp())}, nil
}

// recordRating adds the answer to the record of the close, from its line: by now the conversation may be open again.
func recordRating(ctx context.Context, books Books, line Message) error {
	asked, err := time.Parse(time.RFC3339Nano, line.Data["asked"])
	if err != nil {
		return Wrap(Internal, err, "read the line of a rating")
	}
	rating, err := strconv.Atoi(line.Data["rating"])
	if err != nil {
		return Wrap(Internal, err, "read the line of a rating")
	}
	return books.RateClose(ctx, line.Conversation, Survey{AskedAt: asked, Rating: rating, Comment: line.Data["comment"]})
}
