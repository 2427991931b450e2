package holidays_test

import (
	"slices"
	"testing"

	"github.com/relevo/relevo/internal/desk"
	"github.com/relevo/relevo/internal/holidays"
)

func TestIn(t *testing.T) {
	for name, c := range map[string]struct {
		country string
		year    int
		day     desk.Day
		want    bool
	}{
		"Christmas":        {"ES", 2026, 20261225, true},
		"GoodFriday":       {"BR", 2026, 20260403, true},
		"KeptOnAnotherDay": {"US", 2026, 20260703, true}, // the fourth is a Saturday
		"Itself":           {"US", 2026, 20260704, true},
		"Ordinary":         {"ES", 2026, 20261224, false},
		"UnknownCountry":   {"CO", 2026, 20261225, false},
	} {
		t.Run(name, func(t *testing.T) {
			days := holidays.In(c.country, c.year)
			if got := slices.ContainsFunc(days, func(h desk.Holiday) bool { return h.Day == c.day && h.Name != "" }); got != c.want {
				t.Errorf("%s is a holiday in %s: %v", c.day, c.country, got)
			}
		})
	}
	for _, country := range holidays.Countries() {
		days := holidays.In(country, 2026)
		if len(days) < 5 || len(days) > 30 || !slices.IsSortedFunc(days, func(a, b desk.Holiday) int { return int(a.Day - b.Day) }) {
			t.Errorf("%s has %v", country, days)
		}
	}
}
