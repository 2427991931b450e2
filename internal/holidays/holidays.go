// Package holidays knows the public holidays of countries, so that business hours need not list them. It is a room of its
// own because the tables of a country weigh on the start of every function that links them: only the one that saves
// settings does.
package holidays

import (
	"maps"
	"slices"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ar"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/ua"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"

	"github.com/relevo/relevo/internal/desk"
)

// tables hold what is closed in a whole country, by its two letters; what only a region keeps is an own date of the
// hours.
var tables = map[string][]*cal.Holiday{
	"AR": ar.Holidays, "AT": at.Holidays, "BE": be.Holidays, "BG": bg.Holidays, "BR": br.Holidays, "CA": ca.Holidays, "CH": ch.Holidays,
	"CZ": cz.Holidays, "DE": de.Holidays, "DK": dk.Holidays, "ES": es.Holidays, "FR": fr.Holidays, "GB": gb.Holidays, "GR": gr.Holidays,
	"HR": hr.Holidays, "IE": ie.Holidays, "IT": it.Holidays, "JP": jp.Holidays, "LT": lt.Holidays, "LV": lv.Holidays, "NL": nl.Holidays,
	"NO": no.Holidays, "NZ": nz.Holidays, "PL": pl.Holidays, "RO": ro.Holidays, "SE": se.Holidays, "SI": si.Holidays, "SK": sk.Holidays,
	"UA": ua.Holidays, "US": us.Holidays, "ZA": za.Holidays,
}

// Countries are those whose holidays are known, by their two letters, sorted.
func Countries() []string { return slices.Sorted(maps.Keys(tables)) }

// In lists a country's public holidays of a year, rising, with their names in its language; none of a country that is
// not known. A holiday that is kept on another day, because it falls on a Sunday, stands there with both days.
func In(country string, year int) []desk.Holiday {
	names := map[desk.Day]string{}
	for _, h := range tables[country] {
		if h.Type == cal.ObservanceReligious || h.Type == cal.ObservanceOther {
			continue
		}
		actual, observed := h.Calc(year)
		for _, day := range []time.Time{actual, observed} {
			if !day.IsZero() {
				names[desk.DayOf(day)] = h.Name
			}
		}
	}
	days := make([]desk.Holiday, 0, len(names))
	for _, day := range slices.Sorted(maps.Keys(names)) {
		days = append(days, desk.Holiday{Day: day, Name: names[day]})
	}
	return days
}
