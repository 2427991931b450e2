package desk

import (
	"fmt"
	"time"
)

// Account is one company on the desk.
type Account struct {
	ID         AccountID
	Name       string
	TimeZone   string // IANA name
	Language   string // BCP 47: en, es, pt-BR
	Hours      OpeningHours
	AfterClose AfterClose
	GuideDone  bool // the first steps were taken, or an administrator wants to see them no more
	Shards     int  // of the status index of a hot account; 0 means 1
}

// AfterClose says what becomes of the assignee when a conversation closes (B70).
type AfterClose string

// The choices after a close.
const (
	KeepAssignee AfterClose = "keep"
	Unassign     AfterClose = "unassign"
)

// OpeningHours are the account's spans by weekday (Sunday is 0); a day without a span is closed.
type OpeningHours [7][]Span

// Span is an opening within one day, in minutes after midnight: 9:00 to 18:00 is {540, 1080}.
type Span struct{ From, To int }

// defaultOpening is the opening time where the hours say none: 09:00, in minutes after midnight.
const defaultOpening = 9 * 60

// Location gives the account's time zone.
func (a Account) Location() (*time.Location, error) {
	loc, err := zone(a.TimeZone)
	if err != nil {
		return nil, InvalidField("time_zone", "%q is no time zone", a.TimeZone)
	}
	return loc, nil
}

// Validate checks the settings of an account.
func (a Account) Validate() error {
	if err := within("name", a.Name, 1, 100); err != nil {
		return err
	}
	if _, err := a.Location(); err != nil || a.TimeZone == "" || a.TimeZone == "Local" {
		return InvalidField("time_zone", "%q is no time zone", a.TimeZone)
	}
	if err := validLanguage(a.Language); err != nil {
		return err
	}
	if a.AfterClose != KeepAssignee && a.AfterClose != Unassign {
		return InvalidField("after_close", "want keep or unassign")
	}
	for day, spans := range a.Hours {
		end := 0
		for i, s := range spans {
			if s.From < end || s.To <= s.From || s.To > 24*60 {
				return InvalidField(fmt.Sprintf("hours.%d.%d", day, i), "spans must rise and lie within the day")
			}
			end = s.To
		}
	}
	return nil
}

// opens gives the opening time of a weekday in minutes after midnight.
func (h OpeningHours) opens(day time.Weekday) int {
	if spans := h[day]; len(spans) > 0 {
		return spans[0].From
	}
	return defaultOpening
}
