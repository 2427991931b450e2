package desk_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/relevo/relevo/internal/desk"
)

// zonesOfAllKinds have clocks that change by an hour, half an hour or never, at midnight, a minute after it, and by a
// whole day.
var zonesOfAllKinds = []string{
	"America/New_York", "Europe/London", "Europe/Madrid", "America/Bogota", "America/Santiago", "America/Sao_Paulo", "Asia/Beirut", "Africa/Casablanca",
	"Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "UTC",
}

// office is Monday to Friday, 9:00 to 17:00 with an hour's break at noon.
func office(zone string) *desk.Hours {
	h := &desk.Hours{ID: "office", Name: "Office", TimeZone: zone}
	for day := time.Monday; day <= time.Friday; day++ {
		h.Week[day] = []desk.Span{{From: 9 * 60, To: 12 * 60}, {From: 13 * 60, To: 17 * 60}}
	}
	return h
}

// drawSpans draws up to three spans of a day that rise.
func drawSpans(t *rapid.T) []desk.Span {
	cuts := rapid.SliceOfNDistinct(rapid.IntRange(0, 24*4), 0, 6, rapid.ID[int]).Draw(t, "cuts")
	slices.Sort(cuts)
	var spans []desk.Span
	for i := 0; i+1 < len(cuts); i += 2 {
		spans = append(spans, desk.Span{From: cuts[i] * 15, To: cuts[i+1] * 15})
	}
	return spans
}

// drawHours draws hours with holidays near an instant.
func drawHours(t *rapid.T, near time.Time) *desk.Hours {
	h := &desk.Hours{Name: "Any", TimeZone: rapid.SampledFrom(zonesOfAllKinds).Draw(t, "zone")}
	for day := range h.Week {
		h.Week[day] = drawSpans(t)
	}
	h.Week[near.Weekday()] = []desk.Span{{From: 8 * 60, To: 18 * 60}}
	for _, ahead := range rapid.SliceOfDistinct(rapid.IntRange(-10, 20), rapid.ID[int]).Draw(t, "holidays") {
		day := desk.DayOf(near.AddDate(0, 0, ahead))
		if rapid.Bool().Draw(t, "public") {
			h.Public = append(h.Public, day)
		} else {
			h.Own = append(h.Own, desk.OwnDay{Day: day, Spans: drawSpans(t)})
		}
	}
	slices.Sort(h.Public)
	slices.SortFunc(h.Own, func(a, b desk.OwnDay) int { return int(a.Day - b.Day) })
	if err := h.Validate(); err != nil {
		t.Fatalf("drew hours that are not valid: %v", err)
	}
	return h
}

// open tells from the clock on the wall, and nothing else, whether an instant is working time.
func open(h *desk.Hours, loc *time.Location, at time.Time) bool {
	local := at.In(loc)
	spans, day := h.Week[local.Weekday()], desk.DayOf(local)
	if slices.Contains(h.Public, day) {
		spans = nil
	}
	for _, own := range h.Own {
		if own.Day == day {
			spans = own.Spans
		}
	}
	minute := local.Hour()*60 + local.Minute()
	return slices.ContainsFunc(spans, func(s desk.Span) bool { return s.From <= minute && minute < s.To })
}

// Working time is what a clock on the wall would count, minute by minute, over zones, changes of the clock and holidays.
func TestHours_Property(t *testing.T) {
	changes := []time.Time{ // near changes of clocks in those zones, and at ordinary times
		time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 10, 24, 0, 0, 0, 0, time.UTC), time.Date(2018, 11, 3, 0, 0, 0, 0, time.UTC), time.Date(2011, 12, 29, 0, 0, 0, 0, time.UTC),
		time.Date(2010, 11, 6, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 4, 0, 0, 0, 0, time.UTC), time.Date(2027, 2, 27, 0, 0, 0, 0, time.UTC),
	}
	rapid.Check(t, func(t *rapid.T) {
		start := rapid.SampledFrom(changes).Draw(t, "start").Add(time.Duration(rapid.IntRange(-2*24*60, 2*24*60).Draw(t, "minutes")) * time.Minute)
		h := drawHours(t, start)
		loc, err := time.LoadLocation(h.TimeZone)
		if err != nil {
			t.Fatal(err)
		}
		end := start.Add(time.Duration(rapid.IntRange(0, 5*24*60).Draw(t, "length")) * time.Minute)
		var counted time.Duration
		var closing time.Time // the first instant at which all of it was over
		for at := start; at.Before(end); at = at.Add(time.Minute) {
			if open(h, loc, at) != h.OpenAt(at) {
				t.Fatalf("at %s open is %v", at.In(loc), h.OpenAt(at))
			}
			if open(h, loc, at) {
				counted += time.Minute
				closing = at.Add(time.Minute)
			}
		}
		if got := h.Between(start, end); got != counted {
			t.Fatalf("between %s and %s are %s, the wall's clock counts %s", start.In(loc), end.In(loc), got, counted)
		}
		if counted == 0 {
			return
		}
		if got := h.After(start, counted); !got.Equal(closing) {
			t.Fatalf("%s after %s is %s, want %s", counted, start, got, closing)
		}
		odd := counted - 1234*time.Millisecond
		if got := h.Between(start, h.After(start, odd)); got != odd {
			t.Fatalf("%s after %s and back is %s", odd, start, got)
		}
		if back := h.After(end, -odd); h.Between(back, end) != odd {
			t.Fatalf("%s before %s is %s", odd, end, back)
		}
	})
}

// One working hour from Friday 16:30 is over on Monday; not on a holiday, nor in a break.
func TestHours(t *testing.T) {
	bogota, err := time.LoadLocation("America/Bogota")
	check(t, err)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, bogota) }
	h := office("America/Bogota")
	own := func(spans ...desk.Span) *desk.Hours {
		h := *h
		h.Own = []desk.OwnDay{{Day: 20260309, Name: "Inventory", Spans: spans}}
		return &h
	}
	public := *h
	public.Public = []desk.Day{20260309}
	half := own(desk.Span{From: 10 * 60, To: 11 * 60})
	half.Public = public.Public
	for name, c := range map[string]struct {
		hours       *desk.Hours
		from        time.Time
		after, want time.Duration
		due         time.Time
	}{
		"OverTheWeekend": {h, at(6, 16, 30), time.Hour, 0, at(9, 9, 30)},
		"Break":          {h, at(2, 11, 30), time.Hour, 0, at(2, 13, 30)},
		"Closing":        {h, at(6, 16, 0), time.Hour, 0, at(6, 17, 0)},
		"OwnHoliday":     {own(), at(6, 16, 30), time.Hour, 0, at(10, 9, 30)},
		"HalfDay":        {own(desk.Span{From: 10 * 60, To: 11 * 60}), at(6, 16, 30), time.Hour, 0, at(9, 10, 30)},
		"PublicHoliday":  {&public, at(6, 16, 30), time.Hour, 0, at(10, 9, 30)},
		"OwnOverPublic":  {half, at(6, 16, 30), time.Hour, 0, at(9, 10, 30)},
		"Nothing":        {h, at(7, 3, 0), 0, 0, at(7, 3, 0)},
		"Back":           {h, at(9, 9, 30), -time.Hour, 0, at(6, 16, 30)},
		"RoundTheClock":  {nil, at(6, 16, 30), time.Hour, 0, at(6, 17, 30)},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.hours.After(c.from, c.after); !got.Equal(c.due) {
				t.Errorf("got %s, want %s", got.In(bogota), c.due)
			}
		})
	}
}

func TestHours_Validate(t *testing.T) {
	for field, spoil := range map[string]func(h *desk.Hours){
		"name":          func(h *desk.Hours) { h.Name = " " },
		"time_zone":     func(h *desk.Hours) { h.TimeZone = "Mars/Olympus" },
		"week":          func(h *desk.Hours) { h.Week = desk.OpeningHours{} },
		"week.1.1":      func(h *desk.Hours) { h.Week[1] = []desk.Span{{From: 540, To: 720}, {From: 700, To: 800}} },
		"own.1.day":     func(h *desk.Hours) { h.Own = []desk.OwnDay{{Day: 20260102}, {Day: 20260101}} },
		"own.0.spans.0": func(h *desk.Hours) { h.Own = []desk.OwnDay{{Day: 20260102, Spans: []desk.Span{{From: 9, To: 9}}}} },
		"own":           func(h *desk.Hours) { h.Own = make([]desk.OwnDay, desk.MaxOwnDays+1) },
	} {
		t.Run(field, func(t *testing.T) {
			h := *office("UTC")
			spoil(&h)
			var refused *desk.Error
			if err := h.Validate(); !errors.As(err, &refused) || refused.Code != desk.Invalid || refused.Field != field {
				t.Errorf("got %v", err)
			}
		})
	}
}

func BenchmarkHours_After(b *testing.B) {
	h := office("Europe/Madrid")
	h.Public = []desk.Day{20260101, 20260106, 20260403, 20260501, 20260815, 20261012, 20261102, 20261207, 20261208, 20261225}
	from := time.Date(2026, 3, 27, 15, 0, 0, 0, time.UTC)
	for b.Loop() {
		h.After(from, 16*time.Hour)
	}
}
