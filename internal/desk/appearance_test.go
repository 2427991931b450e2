package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/relevo/relevo/internal/desk"
)

func TestOpenAt(t *testing.T) {
	week := desk.OpeningHours{1: {{From: 9 * 60, To: 12 * 60}, {From: 14 * 60, To: 18 * 60}}, 5: {{From: 9 * 60, To: 24 * 60}}}
	bogota, err := time.LoadLocation("America/Bogota")
	check(t, err)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, bogota) } // the 2nd is a Monday
	for name, c := range map[string]struct {
		hours desk.OpeningHours
		now   time.Time
		open  bool
		opens time.Time
	}{
		"open":             {week, at(2, 9, 0), true, time.Time{}},
		"before":           {week, at(2, 8, 59), false, at(2, 9, 0)},
		"between":          {week, at(2, 12, 0), false, at(2, 14, 0)},
		"over for the day": {week, at(2, 18, 0), false, at(6, 9, 0)},
		"until midnight":   {week, at(6, 23, 59), true, time.Time{}},
		"over the weekend": {week, at(7, 0, 0), false, at(9, 9, 0)},
		"next week":        {desk.OpeningHours{1: week[1][:1]}, at(2, 13, 0), false, at(9, 9, 0)},
		"no hours":         {desk.OpeningHours{}, at(7, 3, 0), true, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			open, opens, err := desk.Account{TimeZone: "America/Bogota", Hours: c.hours}.OpenAt(c.now)
			check(t, err)
			if open != c.open || !opens.Equal(c.opens) {
				t.Errorf("open %v, opens %v; want %v, %v", open, opens, c.open, c.opens)
			}
		})
	}
}

// TestAppearance is B15, and how the widget presents itself.
func TestAppearance(t *testing.T) {
	for field, change := range map[string]func(*desk.Inbox){
		"": func(i *desk.Inbox) {
			i.Campaign = desk.Campaign{Enabled: true, Message: "¿Te ayudo?", After: time.Hour, Page: "/shoes"}
		},
		"side":                   func(i *desk.Inbox) { i.Side = "left" },
		"reply_time":             func(i *desk.Inbox) { i.ReplyTime = "week" },
		"campaign.message":       func(i *desk.Inbox) { i.Campaign = desk.Campaign{Enabled: true, Message: " "} },
		"campaign.after_seconds": func(i *desk.Inbox) { i.Campaign.After = time.Hour + time.Second },
		"campaign.page":          func(i *desk.Inbox) { i.Campaign.Page = "shoes" },
	} {
		t.Run(field, func(t *testing.T) {
			i := desk.Inbox{Name: "Web", Channel: desk.WebChat, TicketPolicy: desk.TicketOptional, Department: "sales", Language: "es"}
			change(&i)
			err := i.Validate()
			if got := fieldOf(err); got != field || (err != nil) != (field != "") {
				t.Errorf("got %v, want %q to blame", err, field)
			}
		})
	}
	i := desk.Inbox{Name: "Web", Channel: desk.WebChat, TicketPolicy: desk.TicketOptional, Department: "sales", Language: "es"}
	i.Campaign.Message = strings.Repeat("x", 501)
	wantCode(t, i.Validate(), desk.Invalid)
}

// fieldOf gives the field that an error blames.
func fieldOf(err error) string {
	if e, ok := errors.AsType[*desk.Error](err); ok {
		return e.Field
	}
	return ""
}
