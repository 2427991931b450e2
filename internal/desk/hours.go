package desk

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// Hours are when people work, as far as promises to customers are concerned: spans by weekday in a time zone, less
// holidays. A nil *Hours is around the clock.
type Hours struct {
	ID       HoursID
	Name     string
	TimeZone string       // IANA name
	Week     OpeningHours // a break is the gap between two spans
	Country  string       // whose public holidays are closed, two letters; "" for none
	Public   []Day        // those holidays, rising, as they were known when the hours were saved
	Own      []OwnDay     // rising; each goes before the weekday and before a public holiday
	Deleted  bool
}

// OwnDay is a date on which the hours differ: closed, or open in other spans.
type OwnDay struct {
	Day   Day
	Name  string
	Spans []Span // empty: closed
}

// The limits of hours, and with them of the settings' size.
const (
	MaxOwnDays  = 100
	MaxDaySpans = 10
	// HolidayYears is for how many years ahead hours know the public holidays when they are saved.
	HolidayYears = 5
)

// Day is a date of the calendar written yyyymmdd, 20261225, so that days sort as numbers.
type Day int

// DayOf gives the date that the instant's own clock shows.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day(y*10000 + int(m)*100 + d)
}

// String writes the date as 2026-12-25.
func (d Day) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", int(d)/10000, int(d)/100%100, int(d)%100)
}

// ParseDay reads a date such as 2026-12-25.
func ParseDay(field, text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1970 {
		return 0, InvalidField(field, "want a date such as 2026-12-25")
	}
	return DayOf(t), nil
}

// Holiday is a public holiday, named in the language of its country.
type Holiday struct {
	Day  Day
	Name string
}

// PublicHolidays lists a country's public holidays of a year, rising.
func (d *Desk) PublicHolidays(country string, year int) ([]Holiday, error) {
	if d.Holidays == nil {
		return nil, Errorf(Internal, "this function knows no public holidays")
	}
	days := d.Holidays(country, year)
	if len(days) == 0 {
		return nil, InvalidField("country", "its public holidays are not known: give own dates")
	}
	return days, nil
}

// knowHolidays gives hours the public holidays of their country, from the last year on, for [HolidayYears] ahead.
func (d *Desk) knowHolidays(h Hours) (Hours, error) {
	h.Public = nil
	if h.Country == "" {
		return h, nil
	}
	this := d.now().Year()
	for year := this - 1; year <= this+HolidayYears; year++ {
		days, err := d.PublicHolidays(h.Country, year)
		if err != nil {
			return h, err
		}
		for _, holiday := range days {
			h.Public = append(h.Public, holiday.Day)
		}
	}
	slices.Sort(h.Public) // a holiday may be kept in the year before
	h.Public = slices.Compact(h.Public)
	return h, nil
}

// Validate checks hours; somewhere in the week they must be open, or no promise would ever come due.
func (h Hours) Validate() error {
	if err := within("name", h.Name, 1, 100); err != nil {
		return err
	}
	if _, err := zone(h.TimeZone); err != nil || h.TimeZone == "" || h.TimeZone == "Local" {
		return InvalidField("time_zone", "%q is no time zone", h.TimeZone)
	}
	open := false
	for day, spans := range h.Week {
		if err := validSpans(fmt.Sprintf("week.%d", day), spans); err != nil {
			return err
		}
		open = open || len(spans) > 0
	}
	if !open {
		return InvalidField("week", "must be open on some day")
	}
	if len(h.Own) > MaxOwnDays {
		return InvalidField("own", "are more than %d", MaxOwnDays)
	}
	for i, own := range h.Own {
		field := fmt.Sprintf("own.%d", i)
		if i > 0 && own.Day <= h.Own[i-1].Day {
			return InvalidField(field+".day", "dates must rise")
		}
		if err := within(field+".name", own.Name, 0, 100); err != nil {
			return err
		}
		if err := validSpans(field+".spans", own.Spans); err != nil {
			return err
		}
	}
	return nil
}

// validSpans checks the spans of one day.
func validSpans(field string, spans []Span) error {
	if len(spans) > MaxDaySpans {
		return InvalidField(field, "want at most %d spans a day", MaxDaySpans)
	}
	end := 0
	for i, s := range spans {
		if s.From < end || s.To <= s.From || s.To > 24*60 {
			return InvalidField(fmt.Sprintf("%s.%d", field, i), "spans must rise and lie within the day")
		}
		end = s.To
	}
	return nil
}

// zones remembers time zones by name: each loading reads a file, and lists show due instants of many rows.
var zones sync.Map

func zone(name string) (*time.Location, error) {
	known, _ := zones.Load(name)
	if loc, ok := known.(*time.Location); ok {
		return loc, nil
	}
	loc, err := time.LoadLocation(name)
	if err == nil {
		zones.Store(name, loc)
	}
	return loc, err
}

// spansOn gives the spans of a date. days is the date as days since 1970.
func (h *Hours) spansOn(days int64) []Span {
	if len(h.Own)+len(h.Public) > 0 {
		day := DayOf(time.Unix(days*secondsADay, 0).UTC())
		if i, ok := slices.BinarySearchFunc(h.Own, day, func(o OwnDay, d Day) int { return int(o.Day - d) }); ok {
			return h.Own[i].Spans
		}
		if _, ok := slices.BinarySearch(h.Public, day); ok {
			return nil
		}
	}
	return h.Week[((days+4)%7+7)%7] // 1970 began on a Thursday
}

const secondsADay = 24 * 60 * 60

// farthest is how far working time is followed into the future: hours that hardly open make a promise without an end.
const farthest = 20 * 366 * 24 * time.Hour

// opening is a stretch of working time in milliseconds since 1970, half-open.
type opening struct{ from, to int64 }

// openings yields the stretches of working time from an instant on until another, in order. An instant belongs to one
// if the clock of the zone then shows a minute of a span: what a change of the clock leaves out is no working time, and
// what it repeats is working time twice.
func (h *Hours) openings(from, to int64) func(yield func(opening) bool) {
	return func(yield func(opening) bool) {
		loc, err := zone(h.TimeZone)
		if err != nil { // hours are validated with their zone; one that the system forgot counts as UTC
			loc = time.UTC
		}
		for from < to {
			at := time.UnixMilli(from).In(loc)
			_, offset := at.Zone()
			end := to
			if _, change := at.ZoneBounds(); !change.IsZero() {
				end = min(to, change.UnixMilli())
			}
			if !h.withOffset(from, end, int64(offset)*1000, yield) {
				return
			}
			from = end
		}
	}
}

// withOffset yields the stretches between two instants that have the same offset from UTC, in milliseconds.
func (h *Hours) withOffset(from, to, offset int64, yield func(opening) bool) bool {
	const day = secondsADay * 1000
	first, last := floorDiv(from+offset, day), floorDiv(to-1+offset, day)
	for date := first; date <= last; date++ {
		midnight := date*day - offset
		for _, s := range h.spansOn(date) {
			o := opening{max(from, midnight+int64(s.From)*60_000), min(to, midnight+int64(s.To)*60_000)}
			if o.from < o.to && !yield(o) {
				return false
			}
		}
	}
	return true
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Between gives the working time between two instants; 0 if they are not in order.
func (h *Hours) Between(from, to time.Time) time.Duration {
	if !from.Before(to) {
		return 0
	}
	if h == nil {
		return to.Sub(from)
	}
	var sum int64
	for o := range h.openings(from.UnixMilli(), to.UnixMilli()) {
		sum += o.to - o.from
	}
	return time.Duration(sum) * time.Millisecond
}

// After gives the first instant at which that much working time is over since t: the closing rather than the next
// opening. A negative time counts back. Zero: never, within twenty years.
func (h *Hours) After(t time.Time, working time.Duration) time.Time {
	switch {
	case h == nil:
		return t.Add(working)
	case working < 0:
		return h.before(t, -working)
	case working == 0:
		return t
	}
	left := working.Milliseconds()
	for o := range h.openings(t.UnixMilli(), t.Add(farthest).UnixMilli()) {
		if length := o.to - o.from; length < left {
			left -= length
			continue
		}
		return time.UnixMilli(o.from + left).UTC()
	}
	return time.Time{}
}

// before gives the first instant from which on that much working time was over at t.
func (h *Hours) before(t time.Time, working time.Duration) time.Time {
	for back := max(2*working, 7*24*time.Hour); back < farthest; back *= 2 {
		start := t.Add(-back)
		if worked := h.Between(start, t); worked > working {
			return h.After(start, worked-working)
		}
	}
	return time.Time{}
}

// OpenAt reports whether the instant is working time.
func (h *Hours) OpenAt(t time.Time) bool {
	return h == nil || h.Between(t, t.Add(time.Millisecond)) > 0
}
