package desk

import (
	"strings"
	"time"
)

// Campaign is the message that the widget shows a visitor who has not written yet (B15).
type Campaign struct {
	Enabled bool
	Message string        // at most 500 characters
	After   time.Duration // on the page; whole seconds, at most an hour
	Page    string        // what the path of the page begins with; "" for every page
}

// Side is where on the page the widget's button stands, in the direction in which the page is read.
type Side string

// The sides; the empty one is the end.
const (
	StartSide Side = "start"
	EndSide   Side = "end"
)

// ReplyTime is what the widget promises: within which time an answer usually comes.
type ReplyTime string

// The promises; the empty one is none.
const (
	WithinMinutes ReplyTime = "minutes"
	WithinHours   ReplyTime = "hours"
	WithinDay     ReplyTime = "day"
)

// validateAppearance checks how the widget of the inbox presents itself.
func (i Inbox) validateAppearance() error {
	if i.Side != "" && i.Side != StartSide && i.Side != EndSide {
		return InvalidField("side", "want start or end")
	}
	switch i.ReplyTime {
	case "", WithinMinutes, WithinHours, WithinDay:
	default:
		return InvalidField("reply_time", "want minutes, hours, day or nothing")
	}
	return i.Campaign.validate()
}

func (c Campaign) validate() error {
	least := 0
	if c.Enabled {
		least = 1
	}
	if err := within("campaign.message", strings.TrimSpace(c.Message), least, 500); err != nil {
		return err
	}
	if c.After < 0 || c.After > time.Hour {
		return InvalidField("campaign.after_seconds", "want 0 to 3600")
	}
	if c.Page != "" && c.Page[0] != '/' {
		return InvalidField("campaign.page", "want the beginning of a path, such as /products")
	}
	return within("campaign.page", c.Page, 0, 200)
}

// OpenAt tells whether the account is open at an instant and, if it is not, when it opens next: zero if never. An account
// without any hours is always open.
func (a Account) OpenAt(now time.Time) (open bool, opens time.Time, err error) {
	loc, err := a.Location()
	if err != nil {
		return false, time.Time{}, err
	}
	local := now.In(loc)
	y, m, day := local.Date()
	set := false
	for ahead := range len(a.Hours) + 1 { // the same weekday again: today's opening may be over
		date := time.Date(y, m, day+ahead, 12, 0, 0, 0, loc)
		for _, span := range a.Hours[date.Weekday()] {
			set = true
			at := func(minutes int) time.Time {
				return time.Date(y, m, day+ahead, minutes/60, minutes%60, 0, 0, loc)
			}
			switch from, to := at(span.From), at(span.To); {
			case !now.Before(to):
			case now.Before(from):
				return false, from.UTC(), nil
			default:
				return true, time.Time{}, nil
			}
		}
	}
	return !set, time.Time{}, nil
}
